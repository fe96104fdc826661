"""The sample company: same bytes on every machine, same numbers in both languages."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from salesxl.cli.main import main as salesxl
from salesxl.plan.check import check_plan
from salesxl.plan.model import TABLES, Plan
from salesxl.plan.read import read_plan
from salesxl.sample.company import sample_plan
from salesxl.sample.ledger import sample_rows, write_ledger
from salesxl.sample.world import Draw, buyers, lines, seller
from salesxl.texts import LANGS, Lang

# Of ledger.csv; a change means that every machine's sample changes with it.
DIGESTS = {
    "zh": "dc05fa14f4688fe4759acec61cffe5e44e6a3b624a1cf89673d0ddc3195324a9",
    "en": "49de427ca8b958def6747fdfcba9b3380ad3be57fb64ac30508b5554ce74ad97",
}
NUMBERS = (0, 4, 9, 11, 12, 13, 14, 15)  # columns that do not depend on the language


@pytest.fixture(scope="module", params=LANGS)
def plan(request: pytest.FixtureRequest) -> Plan:
    return sample_plan(request.param)


@pytest.mark.parametrize("lang", LANGS)
def test_ledger_has_the_same_bytes_on_every_machine(lang: Lang, tmp_path: Path) -> None:
    write_ledger(tmp_path / "ledger.csv", lang)
    data = (tmp_path / "ledger.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert hashlib.sha256(data).hexdigest() == DIGESTS[lang]


def test_both_languages_have_the_same_numbers() -> None:
    zh, en = sample_rows("zh"), sample_rows("en")
    assert [[row[n] for n in NUMBERS] for row in zh] == [[row[n] for n in NUMBERS] for row in en]
    assert zh[0][8] == "华东" and en[0][8] == "East China"


def test_english_files_hold_no_chinese() -> None:
    said = [word for row in sample_rows("en") for word in row]
    plan = sample_plan("en")
    for table in TABLES[1:]:
        for row in getattr(plan, table.name):
            said += [str(value) for value in dataclasses.astuple(row)]
    assert not [word for word in set(said) if any("一" <= letter <= "鿿" for letter in word)]


def test_ledger_shows_what_a_sales_manager_meets() -> None:
    found = lines()
    assert 19_000 <= len(found) <= 23_000
    assert found[0].date >= date(2024, 11, 1) and found[-1].date <= date(2026, 10, 31)
    returns = [line for line in found if line.is_return]
    assert len(returns) > 200 and all(line.amount < 0 for line in returns)
    assert any(line.discount >= 15 for line in found)
    owing = [line for line in found if 0 <= line.collected < line.amount]
    assert len(owing) > 1_000
    months = Counter((line.date.year, line.date.month) for line in found)
    assert months[2025, 2] < months[2025, 1] < months[2025, 6] < months[2025, 12]
    assert {line.channel for line in found} == set(range(7))
    # the new product sells from March 2026 on
    new = [line.date for line in found if (line.product_line, line.product) == (1, 3)]
    assert new and min(new) >= date(2026, 3, 1)


def test_a_large_customer_is_lost_and_a_desk_stays_empty() -> None:
    lost = [n for n, b in enumerate(buyers()) if b.last < date(2026, 10, 31)]
    assert len(lost) == 1
    sold = [line.date for line in lines() if line.buyer == lost[0] and not line.is_return]
    assert date(2025, 12, 1) <= max(sold) <= date(2026, 1, 20)
    northwest = 5
    assert seller(northwest, 1, date(2026, 4, 30)) == "E602"
    assert seller(northwest, 1, date(2026, 5, 1)) == seller(northwest, 1, date(2026, 6, 30)) == ""
    assert seller(northwest, 1, date(2026, 7, 1)) == "E603"
    away = [
        line
        for line in lines()
        if line.person in ("E602", "E603") and date(2026, 5, 1) <= line.date <= date(2026, 6, 30)
    ]
    assert all(line.is_return for line in away)


def test_every_table_is_filled_and_nothing_is_wrong(plan: Plan) -> None:
    assert [t.name for t in TABLES if t.name != "settings" and not getattr(plan, t.name)] == []
    # The managers' whole-amount tiers have cliffs: the one note, and a true one.
    assert [(found.code, found.severity) for found in check_plan(plan)] == [
        ("plan.cliffs", "warning")
    ]


def test_targets_follow_last_year(plan: Plan) -> None:
    last_year = sum(line.amount for line in lines() if line.date.year == 2025)
    assert sum(region.history_amount for region in plan.regions) == last_year
    assert sum(product.history_amount for product in plan.product_lines) == last_year
    target = plan.settings.annual_target_amount
    assert target % 10_000 == 0 and abs(target * 100 - last_year * 112) <= 500_000
    assert sum(channel.target_amount for channel in plan.channels) == target
    assert sum(month.weight for month in plan.month_weights) == 1


def test_command_writes_both_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "new" / "sample"
    assert salesxl(["sample", "--lang", "en", "-o", str(folder)]) == 0
    assert "21,720 lines" in capsys.readouterr().out
    assert sorted(path.name for path in folder.iterdir()) == ["ledger.csv", "plan.xlsx"]
    assert read_plan(folder / "plan.xlsx") == sample_plan("en")


def test_draw_never_picks_what_has_no_weight() -> None:
    draw = Draw(7)
    picks = Counter(draw.pick([0, 1, 0, 3, 0]) for _ in range(4_000))
    assert set(picks) == {1, 3}
    assert 0.7 < picks[3] / 4_000 < 0.8
    assert {draw.below(3) for _ in range(100)} == {0, 1, 2}
