"""A pay run goes to JSON and comes back equal, and equal runs give equal bytes."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from salesxl.closing.record import canonical, read, written
from salesxl.errors import Problem, SalesxlError
from salesxl.ledger.match import match
from salesxl.ledger.pay.results import Explanation, PayRun
from salesxl.ledger.pay.run import pay_run
from salesxl.ledger.read import read_ledgers
from salesxl.sample.company import sample_plan
from salesxl.sample.ledger import write_ledger
from tests.closing.make import Firm


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> PayRun:
    """September of the sample: splits, overlays, draws, holdbacks, clawbacks, SPIFFs, pools."""
    path = tmp_path_factory.mktemp("ledger") / "ledger.csv"
    write_ledger(path, "zh")
    plan = sample_plan("zh")
    ledger, _ = match(read_ledgers([path], decimals=2), plan)
    return pay_run(plan, ledger, "2026-09")


def test_a_run_with_everything_comes_back_equal(sample: PayRun) -> None:
    parts = ("plans", "overrides", "spiffs", "bonuses", "adjustments", "held", "draws")
    for part in parts:
        assert any(getattr(statement, part) for statement in sample.statements), part
    data = written(sample)
    again = read(data)
    assert again == sample
    assert written(again) == data
    assert hash(again.statements[0].lines) == hash(sample.statements[0].lines)


def test_numbers_keep_their_kind(tmp_path: Path) -> None:
    run = Firm(tmp_path).run("2026-06")
    values = {
        "part": Fraction(7, 3), "rate": Decimal("0.010"), "day": date(2026, 6, 1), "count": 3,
        "sure": True, "none": None, "sum": (((Fraction(1, 3), Decimal("0.1")),), False),
        "word": "{curly} \"quoted\" 中文 \ud7ff",
    }  # fmt: skip
    first = dataclasses.replace(run.statements[0], how=(Explanation("odd", values),))
    problem = Problem("pay.no_tiers", "plan P", {"plan": "P", "days": Fraction(1, 2)}, "warning")
    made = dataclasses.replace(
        run, statements=(first, *run.statements[1:]), problems=(problem,), ledger_amount=2**62
    )
    again = read(written(made))
    assert again == made
    kinds = {name: type(value) for name, value in again.statements[0].how[0].values.items()}
    assert kinds == {name: type(value) for name, value in values.items()}
    assert str(again.statements[0].how[0].values["rate"]) == "0.010"  # the figures as written


def test_the_json_is_canonical() -> None:
    assert canonical({"b": 1, "a": ["é", None]}) == '{"a":["é",null],"b":1}'.encode()
    with pytest.raises(ValueError, match="Out of range"):
        canonical(float("nan"))


def test_a_field_that_an_older_record_lacks_has_its_default(tmp_path: Path) -> None:
    run = Firm(tmp_path).run("2026-06")
    found = json.loads(written(run))
    plans = found["run"]["statements"]["rows"][0]
    names = found["run"]["statements"]["fields"]
    pay = plans[names.index("plans")]
    at = pay["fields"].index("before_earned")
    del pay["fields"][at]
    for row in pay["rows"]:
        del row[at]
    pay["fields"].append("a_field_of_tomorrow")
    for row in pay["rows"]:
        row.append({"x": 1})
    assert read(json.dumps(found).encode()) == run


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "closing.record_unreadable"),
        (b"[]", "closing.record_unreadable"),
        (b'{"format":1,"run":{}}', "closing.record_unreadable"),
        (b'{"format":2,"run":{}}', "closing.record_newer"),
    ],
)
def test_what_is_no_record_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(SalesxlError) as caught:
        read(data)
    assert [problem.code for problem in caught.value.problems] == [code]
