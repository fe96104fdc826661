"""The anatomy every sheet shares: band, title, verdict, sections, tiles, legends.

A sheet sets `last_col` (block from column 1 to `last_col`; column 0 is the
gutter), calls `page`, and goes on at the row it returns. Every function here places
cells and row heights and returns the next free row (0-based), so a sheet reads:

>>> sheet = Sheet("targets", "目标分解", last_col=8)
>>> row = page(sheet, "目标分解", "华东 · 2027 年 · 单位：元", "zh")
>>> row = section(sheet, row, 1, 8, "按月")
>>> row = header_row(sheet, row, 1, ["产品", "1 月", "2 月"], "lrr")

    page(sheet, title, subtitle, lang, verdict=None, back=True) -> row
    section(sheet, row, col, last_col, text, side="") -> row
    header_row(sheet, row, col, titles, aligns="", height=20) -> row
    body_row(sheet, row, col, values, fmts, style="cell", *extras) -> row
    kpi_tile(sheet, row, col, last_col, label, value, fmt, sub, bad=False, name="") -> row
    meta_strip(sheet, row, pairs, spans, surface=False) -> row
    legend(sheet, row, col, lang, note="") -> row
    note(sheet, row, col, last_col, text, lines=1) -> row
    panel(sheet, row, col, last_col, lines) -> row
    signature(sheet, row, [(col, last_col, label), …]) -> row
    spacer(sheet, row, height=8) -> row
    put_verdict(sheet, verdict)   when it is known only after `page`
    verdict_formula([ref, …], lang, worst, decimals=2) -> Formula
    result_formula(ref, difference, lang, decimals=2) -> Formula
    colour_status(sheet, area), colour_negative(sheet, area)
    sheet_title(text, taken) -> str   a legal, unique tab name
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Literal

from salesxl.sheets.content import Condition, Formula, Rich, Sheet, Value, a1, quoted
from salesxl.texts import Lang, text

State = Literal["ok", "warn", "bad"]
FIRST_ROW = 4  # first row below the title block
GUTTER = 1.7
MARKS: dict[State, str] = {"ok": "✓", "warn": "●", "bad": "✕"}
_ALIGNS = {"l": (), "r": ("right",), "c": ("center",)}
_ILLEGAL_IN_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def front_title(lang: Lang) -> str:
    """The front page's tab name: where every back link goes."""
    return text("front.tab", lang)


def page(
    sheet: Sheet,
    title: str,
    subtitle: str,
    lang: Lang,
    verdict: tuple[State, str | Formula] | Formula | None = None,
    back: bool = True,
) -> int:
    """Band, title, subtitle, verdict at the right edge, back link; returns row 4.

    A verdict that is a `Formula` must give a text that starts with ✓, ● or ✕ and
    takes its colour from it; a fixed text gets the mark of its state in front.
    """
    sheet.widths.setdefault(0, GUTTER)
    fill(sheet, 0, 1, sheet.last_col, "band")
    sheet.put(1, 1, title, "title")
    sheet.put(2, 1, subtitle, "subtitle")
    if verdict is not None:
        put_verdict(sheet, verdict)
    if back:
        target = f"{quoted(front_title(lang))}!B2"
        sheet.put(2, sheet.last_col, Rich(text("page.back", lang), target), "back")
    for row, height in enumerate((6, 30, 20, 8)):
        sheet.height(row, height)
    return FIRST_ROW


def put_verdict(sheet: Sheet, verdict: tuple[State, str | Formula] | Formula) -> None:
    """The sheet's one-line verdict at the right edge of the title row."""
    value: Value = verdict if isinstance(verdict, Formula) else verdict[1]
    extra = ""
    if isinstance(value, str) and not isinstance(verdict, Formula):
        state = verdict[0]
        extra = {"ok": "positive", "warn": "warning", "bad": "negative"}[state]
        value = value if value[:1] in MARKS.values() else f"{MARKS[state]} {value}"
    sheet.put(1, sheet.last_col, value, "verdict", "", *((extra,) if extra else ()), name="verdict")
    if isinstance(value, Formula):
        cell = a1(1, sheet.last_col, True, True)
        area = (1, sheet.last_col, 1, sheet.last_col)
        for mark, colour in (("✕", "negative"), ("●", "warning"), ("✓", "positive")):
            test = f'=LEFT({cell},1)="{mark}"'
            sheet.conditions.append(Condition("formula", area, colour, test))


def spacer(sheet: Sheet, row: int, height: float = 8) -> int:
    sheet.height(row, height)
    return row + 1


def fill(sheet: Sheet, row: int, col: int, last_col: int, style: str, *extras: str) -> None:
    """The style in cells without a value, e.g. a rule or a tile's surface."""
    for index in range(col, last_col + 1):
        sheet.put(row, index, None, style, "", *extras)


def section(sheet: Sheet, row: int, col: int, last_col: int, title: str, side: Value = "") -> int:
    """A section head with its rule over the whole block; `side` is said at the right."""
    sheet.put(row, col, title, "section")
    end = last_col - 1 if side and last_col > col else last_col
    fill(sheet, row, col + 1, end, "section_rule")
    if side and last_col > col:
        sheet.put(row, last_col, side, "section_rule", "", "right")
    sheet.height(row, 22)
    return row + 1


def header_row(
    sheet: Sheet, row: int, col: int, titles: Sequence[str], aligns: str = "", height: float = 20
) -> int:
    """Column heads; `aligns` has a letter l, r or c a column (left where it ends)."""
    for offset, title in enumerate(titles):
        align = aligns[offset] if offset < len(aligns) else "l"
        sheet.put(row, col + offset, title, "header", "", *_ALIGNS[align])
    sheet.height(row, height)
    return row + 1


def body_row(
    sheet: Sheet, row: int, col: int, values: Iterable[Value], fmts: Sequence[str] = (),
    style: str = "cell", *extras: str, height: float = 19,
) -> int:  # fmt: skip
    """A row of values; `fmts` has a format key a column ("" = text)."""
    for offset, value in enumerate(values):
        fmt = fmts[offset] if offset < len(fmts) else ""
        sheet.put(row, col + offset, value, style, fmt, *extras)
    sheet.height(row, height)
    return row + 1


def kpi_tile(
    sheet: Sheet, row: int, col: int, last_col: int, label: str, value: Value, fmt: str,
    sub: Value, bad: bool = False, name: str = "",
) -> int:  # fmt: skip
    """A tile of three rows: what it is, how much, compared with what."""
    tone = ("negative",) if bad else ()
    for offset, (content, style, key, height, said) in enumerate(
        (
            (label, "kpi_label", "", 22, ""),
            (value, "kpi_value", fmt, 38, name),
            (sub, "kpi_sub", "", 20, ""),
        )
    ):
        line = row + offset
        sheet.merge(line, col, line, last_col, content, style, key, *tone, name=said)
        sheet.height(line, height)
    return row + 3


def meta_strip(
    sheet: Sheet, row: int, pairs: Sequence[tuple[str, Value]],
    spans: Sequence[tuple[int, int]], surface: bool = False, fmts: Sequence[str] = (),
) -> int:  # fmt: skip
    """Pairs of label over value on the columns of `spans`; `surface` puts a strip behind."""
    for index, ((label, value), (col, last_col)) in enumerate(zip(pairs, spans, strict=True)):
        fmt = fmts[index] if index < len(fmts) else ""
        extras = ("banded", "left") if surface else ()
        small = (*extras, "small") if surface else extras
        sheet.merge(row, col, row, last_col, label, "label", "", *extras)
        sheet.merge(row + 1, col, row + 1, last_col, value, "value", fmt, *small, *_flush(fmt))
    sheet.height(row, 18)
    sheet.height(row + 1, 22)
    return row + 2


def _flush(fmt: str) -> tuple[str, ...]:
    return ("flush",) if fmt else ()


def legend(sheet: Sheet, row: int, col: int, lang: Lang, line: str = "") -> int:
    """What may be typed and what is calculated; once on a sheet with inputs."""
    sheet.put(row, col, text("page.legend", lang), "label")
    sheet.put(row, col + 1, text("page.legend_input", lang), "input", "", "center", "small")
    sheet.put(row, col + 2, text("page.legend_calc", lang), "cell", "", "center", "small")
    sheet.put(row, col + 3, line or text("page.legend_note", lang), "label", "", "left")
    sheet.height(row, 19)
    return row + 1


def note(sheet: Sheet, row: int, col: int, last_col: int, line: str, lines: int = 1) -> int:
    """Small print over the whole block; `lines` of 15 points."""
    sheet.merge(row, col, row, last_col, line, "note")
    sheet.height(row, 15 * lines + 2)
    return row + 1


def panel(sheet: Sheet, row: int, col: int, last_col: int, lines: Sequence[Value]) -> int:
    """Lines of explanation on a surface, one a row."""
    for offset, line in enumerate(lines):
        sheet.merge(row + offset, col, row + offset, last_col, line, "panel")
        sheet.heights.setdefault(row + offset, 19)
    return row + len(lines)


def signature(sheet: Sheet, row: int, blocks: Sequence[tuple[int, int, str]]) -> int:
    """Lines to sign on, each over its own columns."""
    for col, last_col, label in blocks:
        sheet.put(row, col, label, "sign")
        fill(sheet, row, col + 1, last_col, "sign")
    sheet.height(row, 34)
    return row + 1


def _tolerance(decimals: int) -> str:
    """Half a minor unit, as formulas write it: what float sums may leave."""
    return "0." + "0" * decimals + "5"


def verdict_formula(
    refs: Sequence[str], lang: Lang, worst: Decimal = Decimal(0), decimals: int = 2
) -> Formula:
    """The sheet's verdict: ✓ when every difference in `refs` is 0, else ✕ and the largest.

    `refs` are cells or ranges of differences on the sheet or elsewhere; `worst` is
    the largest absolute difference as our rule finds it, in major units.
    """
    joined = ",".join(refs)
    largest = f"MAX(MAX({joined}),-MIN({joined}))"
    good = text("page.verdict_ok", lang)
    bad = text("page.verdict_bad", lang)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    formula = f'=IF({largest}<{_tolerance(decimals)},"{good}","{bad}"&TEXT({largest},"{pattern}"))'
    value = good if not worst else f"{bad}{abs(worst):,.{decimals}f}"
    return Formula(formula, value)


def result_formula(ref: str, difference: Decimal, lang: Lang, decimals: int = 2) -> Formula:
    """ "✓ …" or "✕ …" for the check whose difference is in the cell `ref`."""
    good, bad = text("page.check_ok", lang), text("page.check_bad", lang)
    formula = f'=IF(ABS({ref})<{_tolerance(decimals)},"{good}","{bad}")'
    return Formula(formula, bad if difference else good)


def colour_status(sheet: Sheet, area: tuple[int, int, int, int]) -> None:
    """Fill cells by their leading mark: ✕, ●, ✓."""
    cell = a1(area[0], area[1])
    for mark, style in (("✕", "check_bad"), ("●", "check_warn"), ("✓", "check_ok")):
        sheet.conditions.append(Condition("formula", area, style, f'=LEFT({cell},1)="{mark}"'))


def colour_negative(sheet: Sheet, area: tuple[int, int, int, int]) -> None:
    """Negative figures in the negative colour, beside their minus sign."""
    cell = a1(area[0], area[1])
    test = f"=AND(ISNUMBER({cell}),{cell}<0)"
    sheet.conditions.append(Condition("formula", area, "negative", test))


def sheet_title(wanted: str, taken: Collection[str] = ()) -> str:
    """`wanted` as a legal tab name of at most 31 characters that is not yet `taken`."""
    clean = _ILLEGAL_IN_TITLE.sub(" ", wanted).strip().strip("'").strip() or "Sheet"
    if clean.lower() == "history":
        clean = f"{clean} 1"
    used = {title.casefold() for title in taken}
    candidate, number = clean[:31].rstrip(), 2
    while candidate.casefold() in used:
        ending = f" ({number})"
        candidate = clean[: 31 - len(ending)].rstrip() + ending
        number += 1
    return candidate.rstrip("'")
