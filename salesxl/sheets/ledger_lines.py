"""The ledger sheet: every line of the scope in one table, the source of all actuals.

The table is named ``ledger``; its columns' titles are ``text("ledger_lines.col_<key>")``,
so another sheet writes ``ledger[{title}]`` with `ledger_column`. A text a line lacks is
written as a word ("Not stated"), never left blank, so that a sum by name finds it; a
column no file had stays empty throughout.
"""

from __future__ import annotations

from decimal import Decimal
from typing import cast

import pandas as pd

from salesxl.sheets.content import (
    Book,
    Formula,
    ListTable,
    Look,
    Scalar,
    Sheet,
    TableColumn,
    Value,
    a1,
)
from salesxl.sheets.page import FIRST_ROW, colour_negative, meta_strip, page, verdict_formula
from salesxl.sheets.scope import Scope
from salesxl.sheets.widths import column_px, text_px, width_for
from salesxl.texts import Lang, text

TABLE = "ledger"
HEADER_ROW = 7  # of the table, counted from 0

Shown = tuple[str, str, float, str]  # key, number format, width, alignment
_COLUMNS: tuple[Shown, ...] = (
    ("row", "quantity", 10, "right"),
    ("file", "", 10, "left"),
    ("date", "date", 12.5, "center"),
    ("period", "", 10, "center"),
    ("region", "", 12, "left"),
    ("order_id", "", 12, "left"),
    ("customer_key", "", 12, "left"),
    ("customer", "", 20, "left"),
    ("product_line", "", 12, "left"),
    ("product", "", 18, "left"),
    ("channel", "", 10, "left"),
    ("source", "", 10, "left"),
    ("person_key", "", 10, "left"),
    ("person", "", 10, "left"),
    ("quantity", "quantity", 11, "right"),
    ("amount", "pay", 14, "right"),
    ("margin", "pay", 14, "right"),
    ("collected", "pay", 14, "right"),
)
_STRIP_PX = 150  # what a pair of the strip above the table needs
_WIDEST = 60.0  # characters; a longer name is cut off on paper, never in the cell
_TEXTS = {  # table key → ledger column whose presence in the files decides "blank" or "Not stated"
    "order_id": ("order_id",),
    "customer_key": ("customer_id", "customer"),
    "customer": ("customer", "customer_id"),
    "product_line": ("product", "category"),
    "product": ("product",),
    "channel": ("channel",),
    "source": ("customer_source",),
    "person_key": ("person_id", "person"),
    "person": ("person", "person_id"),
    "region": ("region",),
}


def ledger_column(key: str, lang: Lang) -> str:
    """``ledger[Amount]``: the whole column as a structured reference."""
    return f"{TABLE}[{text(f'ledger_lines.col_{key}', lang)}]"


def has_dimension(scope: Scope, key: str) -> bool:
    """Whether the files held what the table's text column `key` is made from."""
    return scope.ledger is not None and any(c in scope.ledger.present for c in _TEXTS[key])


def lines(scope: Scope) -> pd.DataFrame:
    """The lines as the table holds them; `amount`, `margin`, `collected` in minor units.

    Row order as in the files. Text columns are plain objects with the word for "not
    stated" where a line lacks what other lines have.
    """
    global _last_lines
    if _last_lines is None or _last_lines[0] is not scope:
        _last_lines = (scope, _lines(scope))
    return _last_lines[1]


# Several sheets of one workbook ask for the same lines one after the other.
_last_lines: tuple[Scope, pd.DataFrame] | None = None


def _lines(scope: Scope) -> pd.DataFrame:
    assert scope.ledger is not None
    frame = scope.ledger.frame
    blank = text("ledger_lines.blank", scope.lang)
    plan = scope.plan
    out = pd.DataFrame(index=frame.index)
    out["row"] = frame["row"]
    out["file"] = frame["source"].astype(object)
    out["date"] = frame["date"]
    out["period"] = frame["date"].dt.strftime("%Y-%m").astype(object)
    named = {
        "region": _regions(scope),
        "order_id": frame["order_id"],
        "customer_key": _first(frame, "customer_key", "customer_id", "customer"),
        "customer": _first(frame, "customer", "customer_id"),
        "product_line": _named(
            frame, "product_key", {p.id: p.name for p in plan.product_lines}, ""
        ),
        "product": frame["product"],
        "channel": frame["channel"],
        "source": frame["customer_source"],
        "person_key": _first(frame, "person_key", "person_id"),
        "person": _named(frame, "person_key", {p.id: p.name for p in plan.people}, "person"),
    }
    for key, series in named.items():
        words = series.astype(object).fillna("")
        if has_dimension(scope, key):
            words = words.where(words != "", blank)
        out[key] = words
    out["quantity"] = frame["quantity"]
    out["amount"] = frame["amount"]
    out["margin"] = frame["amount"].astype("Int64") - frame["cost"]
    out["collected"] = frame["collected"]
    return out


def _regions(scope: Scope) -> pd.Series:
    """The leaf region's name; what belongs to none says so and what the file called it."""
    assert scope.ledger is not None
    frame, lang = scope.ledger.frame, scope.lang
    said = _first(frame, "region")
    words = said.map(
        {
            name: text("ledger_lines.unassigned_named", lang, name=name)
            if name
            else text("ledger_lines.unassigned", lang)
            for name in said.unique()
        }
    )
    names = {r.id: r.name for r in scope.plan.leaf_regions}
    known = _first(frame, "region_key").map(names)
    return known.where(known.notna(), words)


def _first(frame: pd.DataFrame, *columns: str) -> pd.Series:
    """The first of `columns` that is not empty, line by line; columns may be missing."""
    result = pd.Series("", index=frame.index, dtype=object)
    for column in reversed(columns):
        if column in frame.columns:
            words = frame[column].astype(object).fillna("")
            result = result.where(words == "", words)
    return result


def _named(frame: pd.DataFrame, key: str, names: dict[str, str], fallback: str) -> pd.Series:
    """The plan's name for the matched `key`; else what the file says in `fallback`."""
    said = _first(frame, fallback) if fallback else _first(frame)
    if key not in frame.columns:
        return said
    ids = _first(frame, key)
    known = ids.map(names)
    return known.where(known.notna(), said)


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "ledger". Registers two checks: amount and number of lines."""
    lang = scope.lang
    sheet = Sheet(
        "ledger",
        text("ledger_lines.title", lang),
        purpose=text("ledger_lines.purpose", lang),
        kind="list",
    )
    frame = lines(scope) if scope.ledger is not None else None
    shown = [
        (key, fmt, _width(key, fmt, least, align, frame, scope), align)
        for key, fmt, least, align in _COLUMNS
        if _is_shown(scope, key)
    ]
    sheet.last_col = len(shown)
    last = HEADER_ROW + max(1, 0 if frame is None else len(frame))
    difference = _strip(sheet, scope, book, frame, shown)
    page(
        sheet,
        sheet.title,
        _subtitle(scope),
        lang,
        verdict_formula([difference[0]], lang, difference[1], scope.plan.settings.decimals),
    )
    sheet.tables.append(
        ListTable(
            TABLE,
            HEADER_ROW,
            1,
            [_table_column(key, fmt, align, lang) for key, fmt, _, align in shown],
            [] if frame is None else _rows(frame, [c[0] for c in shown], scope),
        )
    )
    for offset, (_, _, width, _) in enumerate(shown):
        sheet.width(1 + offset, width)
    sheet.height(HEADER_ROW - 1, 8)
    sheet.height(HEADER_ROW, 22)
    amount = 1 + [c[0] for c in shown].index("amount")
    colour_negative(sheet, (HEADER_ROW + 1, amount, last, amount))
    sheet.freeze = (HEADER_ROW + 1, 3)
    sheet.repeat_rows = (HEADER_ROW, HEADER_ROW)
    sheet.print_last_row = last
    return sheet


def _width(
    key: str, fmt: str, least: float, align: str, frame: pd.DataFrame | None, scope: Scope
) -> float:
    """Characters that show the title beside its filter button and the longest entry."""
    lang = scope.lang
    title = text_px(text(f"ledger_lines.col_{key}", lang), 9, True, lang)
    if align == "right":
        need = width_for(title, pads=4)
    else:
        # A centred title needs the button's room on both sides.
        need = width_for(title + (17 if align == "center" else 0), indent=1, filtered=True)
    if frame is None or frame.empty or key in ("row", "date", "period"):
        return max(least, need)
    if align == "left":
        longest = max(text_px(str(word), 10, False, lang) for word in frame[key].unique())
        need = max(need, width_for(longest, indent=1))
    elif fmt == "pay":
        decimals = scope.plan.settings.decimals
        for minor in (frame[key].min(), frame[key].max()):
            if pd.notna(minor):
                figure = f"{Decimal(int(minor)).scaleb(-decimals):,f}"
                need = max(need, width_for(text_px(figure, 10, False, lang), pads=2))
    return min(max(least, need), max(_WIDEST, least))


def _is_shown(scope: Scope, key: str) -> bool:
    if key == "region":
        return scope.is_head_office
    if key == "file":
        return scope.ledger is not None and len(scope.ledger.files) > 1
    return True


def _table_column(key: str, fmt: str, align: str, lang: Lang) -> TableColumn:
    extras = () if align == "left" else (align,)
    return TableColumn(key, text(f"ledger_lines.col_{key}", lang), Look("cell", fmt, extras))


def _rows(frame: pd.DataFrame, keys: list[str], scope: Scope) -> list[tuple[Scalar, ...]]:
    """The table's rows. Amounts become floats here: minor / 10**decimals is the nearest
    double of the exact amount, which is all a workbook can hold."""
    scale = 10**scope.plan.settings.decimals
    columns: list[list[Scalar]] = []
    for key in keys:
        series = frame[key]
        if key == "date":
            values = cast("list[Scalar]", series.dt.date.tolist())
        elif key == "amount":
            values = (series / scale).tolist()
        elif key in ("margin", "collected"):
            numbers = (series.astype("Float64") / scale).astype(object)
            values = numbers.where(series.notna(), None).tolist()
        elif key == "quantity":
            values = series.astype(object).where(series.notna(), None).tolist()
        elif key == "row":
            values = series.tolist()
        else:
            values = [word if word != "" else None for word in series.tolist()]
        columns.append(values)
    return list(zip(*columns, strict=True))


def _subtitle(scope: Scope) -> str:
    ledger, lang = scope.ledger, scope.lang
    if ledger is None or ledger.first_date is None or ledger.last_date is None:
        return text("ledger_lines.subtitle_empty", lang, scope=scope.name)
    return text(
        "ledger_lines.subtitle",
        lang,
        scope=scope.name,
        first=ledger.first_date.isoformat(),
        last=ledger.last_date.isoformat(),
        currency=scope.plan.settings.currency,
    )


def _strip(
    sheet: Sheet, scope: Scope, book: Book, frame: pd.DataFrame | None, shown: list[Shown]
) -> tuple[str, Decimal]:
    """Lines and amount twice: from the table, and as read; their difference is a check."""
    lang = scope.lang
    decimals = scope.plan.settings.decimals
    read = scope.ledger.total if scope.ledger else 0
    count = 0 if frame is None else len(frame)
    total = 0 if frame is None else int(frame["amount"].sum())
    exact, as_read = Decimal(total).scaleb(-decimals), Decimal(read).scaleb(-decimals)
    difference = exact - as_read
    spans = _spans([width for _, _, width, _ in shown])
    places = [first for first, _ in spans]
    row = FIRST_ROW + 1
    checked = Formula(f"=ROUND({a1(row, places[1])}-{a1(row, places[2])},{decimals})", difference)
    pairs: list[tuple[str, Value]] = [
        ("lines", Formula(f"=COUNT({ledger_column('row', lang)})", count)),
        ("total", Formula(f"=SUM({ledger_column('amount', lang)})", exact)),
        ("source_total", as_read),
        ("difference", checked),
    ]
    meta_strip(
        sheet,
        FIRST_ROW,
        [(text(f"ledger_lines.{key}", lang), value) for key, value in pairs],
        spans,
        fmts=("quantity", "pay", "pay", "pay"),
    )
    book.check(sheet, row, places[3], text("ledger_lines.check", lang), difference)
    return a1(row, places[3]), difference


def _spans(widths: list[float]) -> list[tuple[int, int]]:
    """Four runs of columns, each with room for a label and an amount."""
    spans: list[tuple[int, int]] = []
    first = 1
    room = 0
    for col, width in enumerate(widths, 1):
        room += column_px(width)
        if room >= _STRIP_PX:
            spans.append((first, col))
            first, room = col + 1, 0
    return spans[:4]
