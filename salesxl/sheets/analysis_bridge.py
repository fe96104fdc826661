"""From last year's sales to this year's by product line: price, volume, mix, new and lost.

Parts are found product by product (core.bridge, whose convention is named there) and added up by
line; with no product column the lines themselves are the products.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from salesxl.core.bridge import PARTS, Item, bridge
from salesxl.sheets.analysis_blocks import ratio
from salesxl.sheets.analysis_sums import Sums
from salesxl.sheets.content import Formula, Value, a1, span
from salesxl.sheets.ledger_lines import has_dimension
from salesxl.sheets.page import body_row, colour_negative, header_row, section, spacer
from salesxl.texts import text

LAST = 12
LISTED = 12


@dataclass(frozen=True)
class Bridge:
    """The total's parts in minor units, in the order of `PARTS`, and the row they stand in."""

    parts: dict[str, int]
    row: int
    first_col: int = 3


def _whole(parts: dict[str, Fraction]) -> dict[str, int]:
    """Whole minor units that still make the difference: mix takes what rounding leaves."""
    difference = sum(parts.values(), Fraction(0))
    made = {name: round(parts[name]) for name in PARTS}
    made["mix"] += int(difference) - sum(made.values())
    return made


def parts_by_line(sums: Sums) -> dict[str, dict[str, int]]:
    """Product line → parts of its change in minor units; needs quantities."""
    now, before = sums.part(sums.this), sums.part(sums.last)
    keys = ["product_line", "product"] if has_dimension(sums.scope, "product") else ["product_line"]
    items: dict[tuple[str, ...], list[Fraction]] = {}
    for offset, frame in ((0, before), (2, now)):
        grouped = frame.groupby(keys, sort=False, observed=True)[["quantity", "amount"]].sum()
        for name, quantity, amount in zip(
            grouped.index, grouped["quantity"], grouped["amount"], strict=True
        ):
            place = name if isinstance(name, tuple) else (name,)
            item = items.setdefault(place, [Fraction(0)] * 4)
            item[offset], item[offset + 1] = Fraction(float(quantity)), Fraction(int(amount))
    whole: list[Item] = [(a, b, c, d) for a, b, c, d in items.values()]
    lines: dict[str, dict[str, Fraction]] = {}
    for place, parts in zip(items, bridge(whole), strict=True):
        line = lines.setdefault(str(place[0]), dict.fromkeys(PARTS, Fraction(0)))
        for name, part in parts.items():
            line[name] += part
    return {name: _whole(parts) for name, parts in lines.items()}


def can_bridge(sums: Sums) -> bool:
    """Whether there is a last year to come from, and quantities to tell price from volume."""
    frame = sums.frame
    return (
        has_dimension(sums.scope, "product_line")
        and bool(frame["quantity"].notna().any())
        and bool(sums.amount(sums.last))
    )


def bridge_block(sums: Sums, row: int) -> tuple[Bridge | None, int]:
    """Line, last year, six parts, this year, and the difference that must be none; next row."""
    sheet, lang, scope = sums.sheet, sums.lang, sums.scope
    if not can_bridge(sums):
        return None, row
    title = text("analysis_detail.bridge", lang)
    row = section(sheet, row, 1, LAST, title, text("analysis_detail.bridge_side", lang))
    titles = [
        text("analysis.col_product_line", lang),
        text("analysis.col_last", lang, year=scope.focus_year - 1),
        *(text(f"analysis_detail.part_{part}", lang) for part in PARTS),
        text("analysis.col_actual", lang, year=scope.focus_year),
        text("analysis.col_change", lang),
        text("analysis.col_growth", lang),
        text("analysis_detail.col_check", lang),
    ]
    row = header_row(sheet, row, 1, titles, "l" + "r" * 11)
    this, last = (sums.by("product_line", period) for period in (sums.this, sums.last))
    lines = parts_by_line(sums)
    names = sorted(lines, key=lambda n: (-this.get(n, 0), n))
    groups = [[n] for n in names]
    if len(names) > LISTED + 1:
        groups = [*groups[:LISTED], names[LISTED:]]
    first = row
    for group in groups:
        said = group[0] if len(group) == 1 else text("analysis.other", lang, count=len(group))
        row = _row(sums, row, said, lines, group, this, last)
    total = {part: sum(line[part] for line in lines.values()) for part in PARTS}
    values: list[Value] = [text("analysis.total", lang)]
    amounts = [sum(last.values()), *total.values(), sum(this.values())]
    for col, minor in enumerate(amounts, 2):
        area = span(first, col, row - 1, col)
        values.append(Formula(f"=SUM({area})", sums.major(minor)))
    values += _change(sums, row, amounts[0], amounts[-1], sum(total.values()))
    body_row(sheet, row, 1, values, _FORMATS, "total", height=20)
    colour_negative(sheet, (first, 3, row, 8))
    colour_negative(sheet, (first, 10, row, 11))
    difference = sums.major(amounts[0] + sum(total.values()) - amounts[-1])
    sums.book.check(sheet, row, LAST, text("analysis_detail.check_bridge", lang), difference)
    sums.checks.append((a1(row, LAST), difference))
    return Bridge(total, row), spacer(sheet, row + 1, 10)


_FORMATS = ("", "money", *["difference"] * 6, "money", "difference", "percent", "check")


def _row(
    sums: Sums, row: int, said: str, lines: dict[str, dict[str, int]], group: list[str],
    this: dict[str, int], last: dict[str, int],
) -> int:  # fmt: skip
    before, now = (sum(part.get(n, 0) for n in group) for part in (last, this))
    parts = [sum(lines[n][part] for n in group) for part in PARTS]
    name = a1(row, 1, False, True)
    single = len(group) == 1
    values: list[Value] = [
        said,
        sums.cell(sums.last, before, "product_line", name) if single else sums.major(before),
        *map(sums.major, parts),
        sums.cell(sums.this, now, "product_line", name) if single else sums.major(now),
        *_change(sums, row, before, now, sum(parts)),
    ]
    return body_row(sums.sheet, row, 1, values, _FORMATS)


def _change(sums: Sums, row: int, before: int, now: int, parts: int) -> list[Value]:

    last, this = a1(row, 2), a1(row, 9)
    decimals = sums.scope.plan.settings.decimals
    added = span(row, 3, row, 8)
    return [
        Formula(f"={this}-{last}", sums.major(now - before)),
        ratio(this, last, sums.major(now), sums.major(before), 1),
        Formula(f"=ROUND({last}+SUM({added})-{this},{decimals})",
                sums.major(before + parts - now)),
    ]  # fmt: skip
