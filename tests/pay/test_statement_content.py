"""The statement: what it shows, recomputed by hand from what is printed on it."""

from __future__ import annotations

import dataclasses
from decimal import ROUND_HALF_UP, Decimal

import pytest

from salesxl.ledger.pay.results import PayRun
from salesxl.sheets.pay_book import build_statement
from salesxl.sheets.statement_pen import (
    BAND,
    CREDITED,
    NAME,
    PAY,
    RUNNING,
    SHARE,
    TIER_PAY,
    item_keys,
)
from salesxl.sheets.statement_table import tells_all
from salesxl.texts import Lang
from tests.pay import statement_sample as sample
from tests.pay.make import line, of
from tests.pay.statement_cells import CENT, Seen, build, every_text, plain

BANDS = ("flat", "marginal", "from_1000", "attained", "whole", "whole_attained")


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def by_hand(kind: str, credited: Decimal, tiers: list[tuple[Decimal, ...]]) -> Decimal:
    """What a payee with a pocket calculator makes of starts and rates as printed."""
    starts = [tier[0] for tier in tiers]
    pay = Decimal(0)
    for n, (start, rate, *_) in enumerate(tiers):
        end = starts[n + 1] if n + 1 < len(starts) else credited
        if kind == "flat":
            return cents(credited * rate)
        if kind.startswith("whole"):
            if start <= credited and (n + 1 == len(starts) or credited < end):
                return cents(credited * rate)
        elif credited > start:
            pay += (min(credited, end) - start) * rate
    return cents(pay)


def test_the_quarter_in_the_look() -> None:
    """12 orders, 5,991,100 of 5,520,000: 35,328 + 13,248 + 9,422 = 57,998; paid 42,758.20.

    57,998 + 2,240 (500 + 500 + 2,500 − 1,260) − 5,799.80 held + 320 released (10 % of May's
    0.8 % on 400,000) + draws: 12,000 owed at first is all taken back.
    """
    seen = Seen(build(sample.quarter()))
    assert [row[PAY] for row in seen.lines()] == [
        Decimal(x) for x in ("6736", "7056", "4124.8", "4646.4", "3492", "2896", "5504", "4272.4",
                             "6792", "-722.4", "7840.8", "5360")
    ]  # fmt: skip
    assert [row[RUNNING] for row in seen.lines()][-3:] == [5205100, 5723100, 5991100]
    assert seen.lines()[7][BAND] == "1 → 2 档"
    assert seen.lines()[9][SHARE] == Decimal("0.7")
    assert [tier[2] for tier in seen.tiers()] == [4416000, 1104000, 471100, 0]
    assert [tier[3] for tier in seen.tiers()] == [35328, 13248, 9422, 0]
    assert (seen.total(CREDITED), seen.total()) == (5991100, 57998)
    assert sum(seen.extras()) == 2240
    assert seen.settlement()[:4] == [57998, 2240, Decimal("-5799.8"), 320]
    assert seen.settlement()[4] + seen.settlement()[5] == -12000
    assert seen.due == Decimal("42758.20") == sum(seen.settlement())


@pytest.mark.parametrize("kind", BANDS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_payee_can_recompute_the_amount_due(kind: str, lang: Lang) -> None:
    seen = Seen(build(sample.kind_run(kind), lang))
    pay = by_hand(kind, seen.credited(), seen.tiers())
    assert pay == sum(row[PAY] for row in seen.lines()) == seen.total() == seen.due
    assert pay > 0
    if kind.startswith("whole") or kind == "flat":
        return
    assert cents(sum((part * rate for _, rate, part, _ in seen.tiers()), Decimal(0))) == pay


def test_a_curve_is_recomputed_between_two_points() -> None:
    """35,460.28 lies between 30,000 (10,000) and 45,000 (25,000): one yuan more pays one yuan."""
    seen = Seen(build(sample.kind_run("curve")))
    (_, point, low, paid) = next(t for t in seen.tiers() if t[3])
    assert (point, low, paid) == (1, 10000, Decimal("15460.28"))
    assert paid == 10000 + (seen.credited() - 30000) * 15000 / 15000 == seen.due


def test_a_matrix_pays_the_rate_of_its_cell() -> None:
    """118 % of quota at a margin of 35.7 %: 4.55 % of 35,460.28 is 1,613.44."""
    seen = Seen(build(sample.kind_run("matrix")))
    rate = seen.cells[seen.row(NAME, "grid_rate"), TIER_PAY]
    assert rate == Decimal("0.0455")
    assert seen.due == cents(seen.credited() * rate) == Decimal("1613.44")


def test_a_year_to_date_takes_off_what_was_earned_before() -> None:
    """14,321.08 before: 100 + 97.22 = 197.22. To date 49,781.36: 100 + 450 + 593.4408."""
    seen = Seen(build(sample.kind_run("ytd")))
    assert [tier[3] for tier in seen.tiers()] == [100, 450, Decimal("593.4408")]
    before = seen.cells[seen.row(NAME, "before_earned"), TIER_PAY]
    assert before == Decimal("-197.22")
    assert seen.due == Decimal("946.22") == cents(Decimal("1143.4408")) + before
    assert seen.lines()[0][RUNNING] == Decimal("14321.25")


@pytest.mark.parametrize(
    ("kind", "label", "amount", "due"),
    [
        # 100 + 25,460.28 × 2.25 % = 672.86 → 500
        ("capped", "cap", "-172.86", "500"),
        # 354.60 → 5,000
        ("guarantee", "floor", "4645.4", "5000"),
    ],
)
def test_limits_stand_between_table_and_pay(kind: str, label: str, amount: str, due: str) -> None:
    seen = Seen(build(sample.kind_run(kind)))
    shown = {
        value: seen.cells.get((r, TIER_PAY)) for (r, c), value in seen.cells.items() if c == NAME
    }
    (limit,) = [v for k, v in shown.items() if isinstance(k, str) and k.startswith(
        {"cap": "周期封顶", "floor": "周期保底"}[label])]  # fmt: skip
    assert limit == Decimal(amount)
    assert seen.due == Decimal(due) == seen.total()


@pytest.mark.parametrize("kind", sorted(sample.KINDS))
def test_lines_and_table_meet(kind: str) -> None:
    run = sample.kind_run(kind)
    book = build(run)
    (check,) = book.checks
    assert check.difference == 0
    pay = of(run).plans[0]
    seen = Seen(book)
    assert seen.total() == Decimal(pay.earned).scaleb(-2)
    if tells_all(pay) and kind not in ("line_cap", "no_tiers"):
        first = seen.lines()[0]
        row = next(r for (r, c), v in seen.cells.items() if c == 1 and v == first[1])
        assert (row, PAY) in seen.formulas
        assert (row, RUNNING) in seen.formulas
    single = [t for t in pay.tiers if t.amount]
    if kind in BANDS:  # what the run says came into each band is what the sheet finds
        assert [t[2] for t in seen.tiers() if t[2]] == [Decimal(int(t.amount)).scaleb(-2)
                                                        for t in single]  # fmt: skip


def test_a_wrong_line_shows_as_a_difference() -> None:
    run = sample.kind_run("marginal")
    statement = of(run)
    pay = statement.plans[0]
    line = dataclasses.replace(pay.lines[1], pay=pay.lines[1].pay + 100)
    wrong = dataclasses.replace(pay, lines=(pay.lines[0], line, *pay.lines[2:]))
    book = build_statement(dataclasses.replace(statement, plans=(wrong,)), run, "zh")
    assert [check.difference for check in book.checks] == [1]
    assert str(plain(next(c.value for c in book.sheets[0].cells if c.name == "verdict")))[0] == "✕"


@pytest.mark.parametrize("situation", ["quarter", "clawed", "many", "none"])
def test_nothing_of_another_payee(situation: str) -> None:
    """B's orders, customers, name and figures are not in the statements of A and M."""
    run: PayRun = sample.SITUATIONS[situation]()
    other = of(run, "B")
    foreign = {other.name, other.number, "CANARY"}
    foreign |= {line.order for line in other.lines} - {line.order for line in of(run).lines}
    foreign |= {line.customer for line in other.lines} - {x.customer for x in of(run).lines}
    foreign.discard("")
    for statement in run.statements:
        if statement.person == "B":
            continue
        for lang in ("zh", "en"):
            said = every_text(build_statement(statement, run, lang))
            assert not [word for word in foreign if word in said]


def test_names_bring_an_objection_home() -> None:
    book = build(sample.quarter())
    sheet = book.sheets[0]
    named = {cell.name: plain(cell.value) for cell in sheet.cells if cell.name}
    assert named["statement_number"] == "2026-Q3-A"
    assert named["statement_person"] == "A"
    assert named["statement_period"] == "2026-Q3"
    assert {"statement_decision", *(n for n in named if n.startswith("statement_p"))} <= set(
        book.names
    )
    (table,) = sheet.tables
    assert (table.name, [column.key for column in table.columns]) == (
        "objections", ["id", "item", "reason", "wished"],
    )  # fmt: skip
    assert [row[0] for row in table.rows] == ["1", "2", "3"]
    keys = [plain(c.value) for c in sheet.cells if c.col == 22 and c.value]
    assert "HY26-0709 #3" in keys and "HY26-0703" in keys and "S1" in keys
    assert len(keys) == len(set(keys))


def test_many_lines_go_to_a_table() -> None:
    run = sample.many()
    book = build(run)
    first, lines = book.sheets
    (table,) = lines.tables
    assert len(table.rows) == len(of(run).lines) == 301
    pay = [column.key for column in table.columns].index("pay")
    assert sum(row[pay] for row in table.rows) == Seen(book).due == Decimal("6211.41")  # type: ignore[misc]
    assert len({row[0] for row in table.rows}) == 301
    assert len(first.cells) < 500


def test_a_negative_amount_is_owed() -> None:
    """−5,000 at 1 % and 99.99 paid twice."""
    seen = Seen(build(sample.negative()))
    assert seen.due == Decimal("-149.99")
    assert "本期应扣回（税前）" in seen.cells.values()


def test_nothing_credited_pays_the_draw() -> None:
    seen = Seen(build(sample.none()))
    assert (seen.lines(), seen.due) == ([], 5000)


def test_whole_units_where_nothing_has_cents() -> None:
    sheet = build(sample.quarter()).sheets[0]
    rows = [cell for cell in sheet.cells if cell.look.style == "cell"]
    formats = {cell.look.fmt for cell in rows if cell.col in (CREDITED, RUNNING)}
    assert "money" in formats and "pay" not in formats


def test_a_currency_without_decimals() -> None:
    """10,000 × 3.33 % + 2,362 × 5 % = 451.1"""
    seen = Seen(build(sample.yen()))
    assert seen.due == 451
    assert [row[PAY] for row in seen.lines()] == [450, 1]


def test_a_matrix_takes_nothing_back_below_its_bounds() -> None:
    """Net returns lie below the first bound of 0: no cell is reached, nothing is taken back."""
    lines = [line("2026-06-05", "A", "-1488.50", order="O1", cost="-1000")]
    book = build(sample.kind_run("wide_matrix", lines=lines))
    seen = Seen(book)
    assert seen.due == 0
    assert [check.difference for check in book.checks] == [0]
    assert not any(part for _, _, part, _ in seen.tiers())


def test_amounts_beyond_doubles_are_figures() -> None:
    """At 10^13 fen a sheet cannot tell a tie: pay stands as a figure, and still adds up."""
    lines = [line("2026-06-05", "A", "99999999999.99", order="O1"),
             line("2026-06-06", "A", "0.17", order="O2")]  # fmt: skip
    seen = Seen(build(sample.kind_run("marginal", lines=lines)))
    rows = [r for (r, c), v in seen.cells.items() if c == 1 and v in ("O1", "O2")]
    assert not any((row, PAY) in seen.formulas for row in rows)
    # 100 + 450 + 99,999,970,000.16 × 3 %
    assert seen.total() == Decimal("2999999650.00") == seen.due


def test_each_line_has_a_key_of_its_own() -> None:
    lines = of(sample.kind_run("marginal")).lines
    twice = [*lines, dataclasses.replace(lines[0], source="other.csv")]
    keys = item_keys(twice)
    assert len(set(keys)) == len(twice)
    assert keys[1:4] == ["A4 #5", "A4 #6", "A5"]
    assert keys[-1] == "A3 #4 other.csv"
