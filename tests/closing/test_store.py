"""The store: append-only, chained, and plain about everything that can happen to a file."""

from __future__ import annotations

import sqlite3
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from salesxl.closing import (
    check_open,
    history,
    reopen_period,
    sealed_result,
    seals,
    store_path,
)
from salesxl.closing.audit import audit
from salesxl.closing.chain import START, Entry, broken, sealed
from salesxl.closing.seal import SLACK
from salesxl.closing.store import reading, writing
from salesxl.errors import SalesxlError
from tests.closing.make import MORNING, Firm, code_of, period


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    made = Firm(tmp_path)
    made.close("2026-06")
    made.close("2026-07")
    return made


def tamper(firm: Firm, *statements: str) -> None:
    """What somebody does with another tool: triggers off, then the change."""
    connection = sqlite3.connect(store_path(firm.path))
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in names:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


# ---- the chain


def test_who_what_when(firm: Firm) -> None:
    content = history(firm.path, firm.plan)
    assert content is not None
    assert [(e.number, e.at, e.who, e.action, e.period) for e in content.entries] == [
        (1, "2026-07-03T09:00:00Z", "Li", "open", ""),
        (2, "2026-07-03T09:00:00Z", "Li", "close", "2026-06"),
        (3, "2026-07-03T10:00:00Z", "Li", "close", "2026-07"),
    ]
    assert content.entries[0].previous == START
    details = content.entries[1].details
    # Ann 10,000 at 1 % and 2,000 at 2 %, Bea 5,000 at 1 %
    assert details["payees"] == [["A", "Ann", 14000], ["B", "Bea", 5000]]
    assert details["files"] == {"01.xlsx": "f" * 64}
    assert details["inputs"]["ledgers"] == [["sales.csv", "5"]]
    assert details["inputs"]["plan_fingerprint"] == firm.plan.fingerprint
    assert details["payable"] == 19000


@pytest.mark.parametrize(
    ("change", "code", "number"),
    [
        ("UPDATE entries SET who = 'Wu' WHERE number = 2", "closing.link_changed", 2),
        ("UPDATE entries SET at = '2026-07-03T09:30:00Z' WHERE number = 2",
         "closing.link_changed", 2),
        ("UPDATE entries SET detail = replace(detail, '14000', '24000') WHERE number = 2",
         "closing.link_changed", 2),
        ("UPDATE entries SET previous = hash WHERE number = 3", "closing.link_previous", 3),
        ("DELETE FROM entries WHERE number = 2", "closing.link_missing", 2),
        ("DELETE FROM entries WHERE number = 3", "closing.link_end", None),
        ("UPDATE head SET count = 2, hash = 'x'", "closing.link_end", None),
        ("DELETE FROM head", "closing.link_end", None),
    ],
)  # fmt: skip
def test_the_first_broken_link_is_named(
    firm: Firm, change: str, code: str, number: int | None
) -> None:
    tamper(firm, change)
    found = audit(firm.path, firm.plan)
    assert found is not None
    (problem,) = found.problems
    assert (problem.code, problem.where) == (code, "plan.salesxl.sqlite")
    assert number is None or problem.values["number"] == number
    for use in (
        lambda: sealed_result(firm.path, firm.plan, period("2026-06")),
        lambda: check_open(firm.path, firm.plan, period("2026-08")),
        lambda: reopen_period(firm.path, firm.plan, period("2026-07"), "x", who="Li"),
    ):
        with pytest.raises(SalesxlError) as caught:
            use()
        assert code_of(caught) == code


def test_a_whole_chain_made_anew_lacks_the_receipt(firm: Firm) -> None:
    content = history(firm.path, firm.plan)
    assert content is not None
    receipt = content.entries[-1].hash[:16]
    assert audit(firm.path, firm.plan, receipt).problems == ()  # type: ignore[union-attr]
    # Cut off, and the end made to fit: the chain alone cannot tell.
    last = content.entries[1].hash
    tamper(
        firm, "DELETE FROM entries WHERE number = 3", f"UPDATE head SET count = 2, hash = '{last}'"
    )
    assert audit(firm.path, firm.plan).problems == ()  # type: ignore[union-attr]
    found = audit(firm.path, firm.plan, receipt)
    assert found is not None
    assert [p.code for p in found.problems] == ["closing.receipt_missing"]


def test_entries_that_go_back_in_time_are_found() -> None:
    first = sealed(Entry(1, "2026-07-03T09:00:00Z", "Li", "open", "", "{}", START))
    second = sealed(Entry(2, "2026-07-03T08:00:00Z", "Li", "close", "x", "{}", first.hash))
    fault = broken([first, second], 2, second.hash)
    assert fault is not None and fault.code == "closing.link_clock"


def test_a_changed_result_is_found(firm: Firm) -> None:
    tamper(firm, "UPDATE results SET data = x'00' WHERE rowid = 1")
    found = audit(firm.path, firm.plan)
    assert found is not None
    assert [p.code for p in found.problems] == ["closing.result_lost"]
    tamper(firm, "DELETE FROM results")
    with pytest.raises(SalesxlError) as caught:
        sealed_result(firm.path, firm.plan, period("2026-06"))
    assert code_of(caught) == "closing.result_lost"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET who = 'Wu'",
        "DELETE FROM entries",
        "DELETE FROM entries WHERE number = 3",
        "REPLACE INTO entries SELECT * FROM entries WHERE number = 2",
        "INSERT INTO entries VALUES (9, '', '', 'close', '', '{}', '', 'h')",
        "INSERT INTO entries VALUES (4, '', '', 'close', '', '{}', 'no', 'h')",
        "UPDATE results SET data = x'00'",
        "DELETE FROM results",
        "REPLACE INTO results SELECT hash, x'00' FROM results",
        "UPDATE head SET count = 1",
        "UPDATE head SET count = 4, hash = 'x'",
        "DELETE FROM head",
        "INSERT INTO head VALUES (1, 0, '')",
    ],
)
def test_nothing_but_adding_is_allowed(firm: Firm, statement: str) -> None:
    connection = sqlite3.connect(store_path(firm.path))
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    connection.close()
    found = audit(firm.path, firm.plan)
    assert found is not None and not found.problems and found.results == 2


# ---- sealing and opening


def test_a_sealed_period_is_refused_and_can_be_opened(firm: Firm) -> None:
    for use in (
        lambda: check_open(firm.path, firm.plan, period("2026-06")),
        lambda: firm.close("2026-06"),
    ):
        with pytest.raises(SalesxlError) as caught:
            use()
        assert code_of(caught) == "closing.already_closed"
    with pytest.raises(SalesxlError) as caught:
        reopen_period(firm.path, firm.plan, period("2026-06"), " \n ", who="Wu", clock=firm.clock)
    assert code_of(caught) == "closing.no_reason"
    entry = reopen_period(
        firm.path, firm.plan, period("2026-06"), "order 2\nwas doubled", who="Wu", clock=firm.clock
    )
    assert entry.details["reason"] == "order 2 was doubled"
    assert sealed_result(firm.path, firm.plan, period("2026-06")) is None
    with pytest.raises(SalesxlError) as caught:
        reopen_period(firm.path, firm.plan, period("2026-06"), "again", who="Wu", clock=firm.clock)
    assert code_of(caught) == "closing.not_sealed"
    firm.close("2026-06")
    content = history(firm.path, firm.plan)
    assert content is not None
    assert [entry.action for entry in content.entries] == [
        "open", "close", "close", "reopen", "close",
    ]  # fmt: skip
    assert [seal.period.label for seal in seals(content.entries)] == ["2026-06", "2026-07"]


def test_reopening_where_nothing_was_closed_makes_no_store(tmp_path: Path) -> None:
    firm = Firm(tmp_path)
    with pytest.raises(SalesxlError) as caught:
        reopen_period(firm.path, firm.plan, period("2026-06"), "x", who="Li")
    assert code_of(caught) == "closing.not_sealed"
    assert [path.name for path in tmp_path.iterdir()] == ["plan.xlsx"]
    assert audit(firm.path, firm.plan) is None


@pytest.mark.parametrize("label", ["2026-Q3", "2026"])
def test_no_day_is_paid_twice(firm: Firm, label: str) -> None:
    with pytest.raises(SalesxlError) as caught:
        check_open(firm.path, firm.plan, period(label))
    assert code_of(caught) == "closing.overlaps_closed"
    with pytest.raises(SalesxlError) as caught:
        sealed_result(firm.path, firm.plan, period(label))
    assert code_of(caught) == "closing.shares_days"
    assert check_open(firm.path, firm.plan, period("2026-Q4"))


def test_the_clock_may_not_go_back(firm: Firm) -> None:
    last = MORNING + timedelta(hours=2)
    with pytest.raises(SalesxlError) as caught:
        firm.close("2026-08", clock=lambda: last - SLACK - timedelta(seconds=1))
    assert code_of(caught) == "closing.clock_back"
    # two computers may differ by a little: the entry keeps the order
    entry = firm.close("2026-08", clock=lambda: last - SLACK)
    assert entry.at == "2026-07-03T10:00:00Z"


# ---- two at once


def test_two_closes_at_once_seal_once(tmp_path: Path) -> None:
    firm = Firm(tmp_path)
    start, done, failed = threading.Barrier(4), [], []

    def close() -> None:
        start.wait()
        try:
            done.append(firm.close("2026-06"))
        except SalesxlError as error:
            failed.extend(problem.code for problem in error.problems)

    threads = [threading.Thread(target=close) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1 and failed == ["closing.already_closed"] * 3
    content = history(firm.path, firm.plan)
    assert content is not None and content.fault is None and content.count == 2
    assert {path.name for path in tmp_path.iterdir()} == {"plan.xlsx", "plan.salesxl.sqlite"}


def test_a_run_worked_out_before_another_close_is_refused(firm: Firm) -> None:
    seen = check_open(firm.path, firm.plan, period("2026-09"))
    firm.close("2026-08")
    with pytest.raises(SalesxlError) as caught:
        firm.close("2026-09", seen=seen)
    assert code_of(caught) == "closing.changed_meanwhile"
    assert firm.close("2026-09", seen=check_open(firm.path, firm.plan, period("2026-09")))


def test_another_program_that_writes_is_waited_for_and_told(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("salesxl.closing.store.WAIT", 0.05)
    other = sqlite3.connect(store_path(firm.path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(SalesxlError) as caught:
        firm.close("2026-08")
    other.close()
    assert code_of(caught) == "closing.store_busy"


def test_a_failure_half_way_writes_nothing(firm: Firm) -> None:
    with pytest.raises(RuntimeError), writing(store_path(firm.path)) as store:
        store.keep(b"half")
        store.append("2026-07-04T00:00:00Z", "Li", "close", "2026-08", b"{}")
        raise RuntimeError
    content = history(firm.path, firm.plan)
    assert content is not None and content.count == 3
    with reading(store_path(firm.path)) as store:
        assert store is not None and store.connection.execute(
            "SELECT count(*) FROM results"
        ).fetchone() == (2,)
