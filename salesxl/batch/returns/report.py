"""What came home, as a workbook: files, proposals, changes, objections.

>>> write_book(returns_book(returns, merged, "en"), Path("returns.xlsx"))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from salesxl.batch.returns.collect import Returned, Returns
from salesxl.batch.returns.compare import Change
from salesxl.batch.returns.lists import plan_table, shown
from salesxl.batch.returns.merge import Merged
from salesxl.batch.returns.proposals import Proposal, proposals
from salesxl.plan.model import TABLE
from salesxl.sheets.content import (
    Book,
    Formula,
    ListTable,
    Look,
    Scalar,
    Sheet,
    TableColumn,
    span,
)
from salesxl.sheets.page import header_row, note, page, section, spacer
from salesxl.sheets.row_heights import room, text_height
from salesxl.texts import Lang, text

_TEXT = Look("cell", "text", ("left", "wrap"))
_MARKS = {"changed": "✓", "unchanged": "✓", "duplicate": "●", "other_run": "●"}


def returns_book(returns: Returns, merged: Sequence[Merged], lang: Lang) -> Book:
    """The report's content. `merged` is empty where nothing was asked into the plan."""
    names = scope_names(returns)
    book = Book(
        lang, text("returns.title", lang), "",
        footer_left=text("returns.title", lang),
        footer_right=str(returns.manifest.get("fingerprint", ""))[:16],
    )  # fmt: skip
    book.sheets = [
        _overview(returns, names, lang),
        _changes(returns, merged, names, lang),
        _objections(returns, names, lang),
    ]
    return book


def scope_names(returns: Returns) -> dict[tuple[str, str], str]:
    """(scope, key) → the scope as people call it; from the manifest, else the key."""
    found: dict[tuple[str, str], str] = {}
    files = returns.manifest.get("files")
    for entry in files if isinstance(files, list) else []:
        said = entry.get("scope") or entry.get("name") or entry.get("file", "")
        found[str(entry.get("kind", "")), str(entry.get("key", ""))] = str(said)
    return found


def list_name(name: str, lang: Lang) -> str:
    """A list as its sheet is titled."""
    table = TABLE.get(plan_table(name))
    if table is not None:
        return table.title(lang)
    entry = f"list_{name}"
    return text(f"returns.{entry}", lang) if name in _OWN_LISTS else name


_OWN_LISTS = ("proposals", "objections", "careers", "visits")


def _overview(returns: Returns, names: Mapping[tuple[str, str], str], lang: Lang) -> Sheet:
    sheet = Sheet("front", text("returns.overview", lang), last_col=6, fit_height=0)
    for col, width in enumerate((1.7, 30, 22, 18, 14, 14, 52)):
        sheet.width(col, width)
    odd = len(returns.odd)
    state = "warn" if odd or returns.missing else "ok"
    verdict = text(
        "returns.verdict", lang, files=len(returns.files), changes=returns.changes, odd=odd,
        missing=len(returns.missing),
    )  # fmt: skip
    subtitle = text("returns.subtitle", lang)
    row = page(sheet, sheet.title, subtitle, lang, (state, verdict), back=False)  # type: ignore[arg-type]
    row = section(sheet, row, 1, 6, text("returns.files", lang))
    heads = ("file", "workbook", "status", "cells", "by", "remark")
    row = header_row(sheet, row, 1, [text(f"returns.col_{h}", lang) for h in heads], "lllrll")
    for one in returns.files:
        sheet.put(row, 1, one.file, "cell", "text", "left", "wrap")
        sheet.put(row, 2, _workbook(one, names), "cell", "text", "left", "wrap")
        mark = _MARKS.get(one.status, "✕")
        tone = {"✓": "positive", "●": "warning"}.get(mark, "negative")
        sheet.put(row, 3, f"{mark} {text(f'returns.is_{one.status}', lang)}", "cell", "", tone)
        sheet.put(row, 4, len(one.changes), "cell", "int")
        by = one.mark.answers.get("proposal_by") if one.mark else None
        sheet.put(row, 5, shown(by) or None, "cell", "text", "left")
        remark = text(one.problem.code, lang, **one.problem.values) if one.problem else None
        sheet.put(row, 6, remark, "cell", "text", "left", "wrap")
        sheet.height(row, text_height(remark or "", room(sheet, 6), lang))
        row += 1
    row = _missing(sheet, spacer(sheet, row, 12), returns, names, lang)
    found = proposals(returns)
    if found:
        row = _proposals(sheet, spacer(sheet, row, 12), found, names, lang)
    sheet.print_last_row = row - 1
    return sheet


def _missing(
    sheet: Sheet, row: int, returns: Returns, names: Mapping[tuple[str, str], str], lang: Lang
) -> int:
    if not returns.missing:
        return row
    row = section(sheet, row, 1, 6, text("returns.missing", lang))
    for mark, file in returns.missing:
        sheet.put(row, 1, file, "cell", "text", "left")
        sheet.put(row, 2, names.get(mark, mark[1]), "cell", "text", "left")
        for col in range(3, 7):
            sheet.put(row, col, None, "cell")
        sheet.height(row, 19)
        row += 1
    return row


def _proposals(
    sheet: Sheet, row: int, found: Sequence[Proposal], names: Mapping[tuple[str, str], str],
    lang: Lang,
) -> int:  # fmt: skip
    """Top-down against bottom-up, a region a row, with the sums as formulas."""
    row = section(sheet, row, 1, 6, text("returns.proposals", lang))
    heads = ("workbook", "given", "own", "difference", "filled", "note")
    row = header_row(sheet, row, 1, [text(f"returns.col_{h}", lang) for h in heads], "lrrrcl")
    first = row
    for one in found:
        sheet.put(row, 1, names.get(("region", one.key), one.key), "cell", "text", "left")
        sheet.put(row, 2, one.given, "cell", "money")
        sheet.put(row, 3, one.own, "cell", "money")
        formula = f"=ROUND(D{row + 1}-C{row + 1},2)"
        sheet.put(row, 4, Formula(formula, one.difference), "cell", "difference")
        sheet.put(row, 5, f"{one.filled} / {one.lines}", "cell", "", "center",
                  *(() if one.complete else ("warning",)))  # fmt: skip
        sheet.put(row, 6, one.note or None, "cell", "text", "left", "wrap")
        sheet.height(row, text_height(one.note, room(sheet, 6), lang))
        row += 1
    sheet.put(row, 1, text("returns.total", lang), "total")
    sums = {
        2: sum((one.given for one in found), Decimal(0)),
        3: sum((one.own for one in found), Decimal(0)),
        4: sum((one.difference for one in found), Decimal(0)),
    }
    for col, value in sums.items():
        total = Formula(f"=SUM({span(first, col, row - 1, col)})", value)
        sheet.put(row, col, total, "total", "difference" if col == 4 else "money")
    for col in (5, 6):
        sheet.put(row, col, None, "total")
    sheet.height(row, 22)
    return note(sheet, row + 1, 1, 6, text("returns.proposals_note", lang))


def _changes(
    returns: Returns, merged: Sequence[Merged], names: Mapping[tuple[str, str], str], lang: Lang
) -> Sheet:
    outcome = {(one.file, id(one.change)): one for one in merged}
    # A proposal goes in as one sum of its lines.
    sums = {one.file: one for one in merged if one.change.list == "proposals"}
    keys = ["workbook", "list", "key", "kind", "column", "sent", "returned", "place", "file"]
    if merged:
        keys += ["plan", "result"]
    rows: list[list[Scalar]] = []
    for one in returns.files:
        for change in one.changes if one.taken else ():
            if change.list == "objections":
                continue
            line: list[Scalar] = [
                _workbook(one, names),
                list_name(change.list, lang) or text("returns.answer", lang),
                change.key or None,
                text(f"returns.{change.kind}", lang),
                _column(change, lang),
                shown(change.sent) or None,
                shown(change.returned) or None,
                change.where or None,
                one.file,
            ]
            if merged:
                became = outcome.get((one.file, id(change)))
                if change.list == "proposals":
                    became = sums.get(one.file)
                line += [
                    (shown(became.plan) or None) if became else None,
                    text(f"returns.result_{became.result if became else 'not_asked'}", lang),
                ]
            rows.append(line)
    return _list_sheet("changes", keys, rows, lang)


def _objections(returns: Returns, names: Mapping[tuple[str, str], str], lang: Lang) -> Sheet:
    """What payees object to, a row an objection, and who agreed."""
    rows: list[list[Scalar]] = []
    for one in returns.files:
        if not one.taken or one.mark is None or one.mark.scope != "statement":
            continue
        decision = shown(one.mark.answers.get("statement_decision"))
        listing = one.lists.get("objections")
        lines = list(listing.rows.values()) if listing is not None else []
        wanted = [line for line in lines if len(line.cells) > 1]
        head: list[Scalar] = [_workbook(one, names), decision or None]
        for line in wanted:
            said = [line.cells.get(title) for title in listing.titles] if listing else []
            item, reason, wished = (*said[1:4], None, None, None)[:3]
            amount = wished if isinstance(wished, Decimal) else None
            rows.append([*head, shown(item) or None, shown(reason) or None, amount, one.file])
        if not wanted and decision:
            rows.append([*head, None, None, None, one.file])
    keys = ["statement", "decision", "item", "reason", "wished", "file"]
    return _list_sheet("objections", keys, rows, lang)


def _list_sheet(
    name: str, keys: Sequence[str], rows: Sequence[Sequence[Scalar]], lang: Lang
) -> Sheet:
    widths = {"sent": 26, "returned": 26, "plan": 22, "reason": 44, "file": 24, "column": 20,
              "workbook": 20, "statement": 22, "result": 24, "item": 26, "list": 18}  # fmt: skip
    sheet = Sheet(name, text(f"returns.{name}", lang), last_col=len(keys), kind="list")
    for col, key in enumerate(keys, 1):
        sheet.width(col, widths.get(key, 16))
    count = text("returns.count", lang, count=len(rows))
    row = page(sheet, sheet.title, count, lang, back=False)
    columns = [
        TableColumn(
            key,
            text(f"returns.col_{key}", lang),
            Look("cell", "pay") if key == "wished" else _TEXT,
        )
        for key in keys
    ]
    sheet.tables.append(ListTable(f"returned_{name}", row, 1, columns, rows))
    sheet.height(row, 24)
    for offset, line in enumerate(rows, 1):
        heights = [
            text_height(cell, room(sheet, col), lang)
            for col, cell in enumerate(line, 1)
            if isinstance(cell, str)
        ]
        sheet.height(row + offset, max(heights, default=19))
    sheet.freeze = (row + 1, 0)
    sheet.repeat_rows = (row, row)
    return sheet


def _workbook(one: Returned, names: Mapping[tuple[str, str], str]) -> str:
    return "" if one.mark is None else names.get(one.mark.id, one.mark.key)


def _column(change: Change, lang: Lang) -> str:
    if change.list or not change.column:
        return change.column
    return text(f"returns.answer_{change.column}", lang)
