"""Targets: split, lock and unlock, explain a figure, check sums.

Locks are rows and cells of the plan's own tables, so a workbook made from the file later
keeps them too. Locking splits again at once, in the same go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

import xlwings as xw

from salesxl.errors import SalesxlError, fail
from salesxl.hosts.excel.macros.session import Session
from salesxl.hosts.excel.macros.spots import Spot, selected_spots
from salesxl.hosts.excel.macros.steps import Changes, Insert, Put, Step, entered
from salesxl.hosts.excel.macros.tables import source_of
from salesxl.hosts.excel.macros.words import split_words
from salesxl.hosts.excel.macros.workbook import (
    TARGETS,
    Content,
    content_of,
    put,
)
from salesxl.hosts.excel.macros.writer import apply, plan_changes
from salesxl.hosts.excel.new_book.content import INPUT, plan_workbook
from salesxl.plan.draft import Draft, Row
from salesxl.plan.model import TABLE, Plan, TargetLock
from salesxl.plan.read import draft_of_source

_DIFFERENCES: Final = 12  # cells a message lists


def split(session: Session) -> None:
    """Break the annual target down as the plan's tables say."""
    content = content_of(session, ledger=False)
    written = put(session, content.book, TARGETS)
    if written is None:
        session.inform(session.say("split_same"))
    else:
        session.inform(session.say("split_done", count=written.cells))


def check_sums(session: Session) -> None:
    """Compare every cell of the target sheets with the plan."""
    content = content_of(session, ledger=False)
    changes = plan_changes(session.book, content.book, TARGETS)
    puts = [step for step in changes.steps if isinstance(step, Put) and _is_result(step.sheet)]
    cells = [cell for step in puts for cell in _cells(step)]
    moved = any(isinstance(step, Insert) for step in changes.steps)
    if not cells and not moved:
        session.inform(session.say("sums_agree", total=_total(content)))
        return
    lines = [session.say("sums_differ", count=len(cells))]
    lines += [session.say("sums_cell", place=place, now=_shown(old), plan=_shown(new))
              for place, old, new in cells[:_DIFFERENCES]]  # fmt: skip
    if len(cells) > _DIFFERENCES:
        lines.append(session.say("more", count=len(cells) - _DIFFERENCES))
    session.inform(lines, wrong=True)


def lock(session: Session) -> None:
    """Lock the selected targets; unlock them where all of them are locked."""
    content = content_of(session, ledger=False)
    spots = selected_spots(session.book, content)
    unlock = all(_locked(content.plan, spot) is not None for spot in spots)
    plan = content.plan
    for spot in spots:
        plan = _with_lock(plan, spot, unlock)
    made = plan_workbook(plan, None, session.lang, session.book.name.lower().endswith(".xlsm"))
    sheets = [sheet for sheet in made.sheets if not sheet.key.startswith(INPUT)]
    changes = plan_changes(session.book, replace(made, sheets=sheets), TARGETS)
    steps = _table_steps(session.book, content.plan, spots, unlock)
    apply(session.book, Changes([*steps, *changes.steps]), TARGETS, session.tell)
    session.inform(session.say("unlocked" if unlock else "locked", count=len(spots)))


def explain(session: Session) -> None:
    """Say how the selected figure comes about."""
    content = content_of(session, ledger=False)
    spots = selected_spots(session.book, content)
    session.inform(split_words(content.plan, spots[0].region, spots[0].product, session.lang))


# ---- locks


def _locked(plan: Plan, spot: Spot) -> int | None:
    if spot.region and spot.product:
        for row in plan.target_locks:
            if (row.region, row.product_line, row.month) == (spot.region, spot.product, None):
                return row.locked_amount
        return None
    rows: Sequence[Any] = plan.regions if spot.region else plan.product_lines
    wanted = spot.region or spot.product
    amount: int | None = next(row.locked_amount for row in rows if row.id == wanted)
    return amount


def _amount(plan: Plan, spot: Spot) -> int:
    if spot.value is None or spot.value < 0:
        raise fail("macros.lock_no_number", spot.place)
    return round(Decimal(str(spot.value)).scaleb(plan.settings.decimals))


def _with_lock(plan: Plan, spot: Spot, unlock: bool) -> Plan:
    if not unlock and _locked(plan, spot) is not None and spot.value is None:
        return plan
    amount = None if unlock else _amount(plan, spot)
    if spot.region and spot.product:
        others = tuple(
            row
            for row in plan.target_locks
            if (row.region, row.product_line, row.month) != (spot.region, spot.product, None)
        )
        if amount is not None:
            own = TargetLock(region=spot.region, product_line=spot.product, locked_amount=amount)
            others = (*others, own)
        return replace(plan, target_locks=others)
    if spot.region:
        regions = tuple(
            replace(r, locked_amount=amount) if r.id == spot.region else r for r in plan.regions
        )
        return replace(plan, regions=regions)
    lines = tuple(
        replace(p, locked_amount=amount) if p.id == spot.product else p for p in plan.product_lines
    )
    return replace(plan, product_lines=lines)


def _table_steps(book: xw.Book, plan: Plan, spots: Sequence[Spot], unlock: bool) -> list[Step]:
    """The plan's own tables with the locks in them, or without."""
    draft = draft_of_source(source_of(book))
    steps: list[Step] = []
    grid = [spot for spot in spots if spot.region and spot.product]
    for spot in spots:
        if spot in grid:
            continue
        table = "regions" if spot.region else "product_lines"
        row = next(r for r in draft.of(table) if r.get("id") == (spot.region or spot.product))
        steps.append(_cell_step(book, draft, table, row, plan, spot, unlock))
    return steps + _grid_steps(book, draft, plan, grid, unlock)


def _cell_step(
    book: xw.Book, draft: Draft, table: str, row: Row, plan: Plan, spot: Spot, unlock: bool
) -> Put:
    col = row.columns.get("locked_amount")
    if col is None:
        raise _no_column(draft, table)
    sheet = book.sheets[row.sheet]
    new = None if unlock else float(Decimal(_amount(plan, spot)).scaleb(-plan.settings.decimals))
    return _put(sheet, row.number, col, [new])


def _grid_steps(
    book: xw.Book, draft: Draft, plan: Plan, spots: Sequence[Spot], unlock: bool
) -> list[Step]:
    if not spots:
        return []
    table = _open_table(book, "target_locks")
    sheet, whole = table.range.sheet, table.range
    titles = whole[0, :].options(ndim=1).value
    columns = _columns(titles, whole.column - 1)
    if not {"region", "product_line", "locked_amount"} <= columns.keys():
        raise _no_column(draft, "target_locks")
    rows = {(r.get("region"), r.get("product_line"), r.get("month")): r.number
            for r in draft.of("target_locks")}  # fmt: skip
    filled = {row.number for row in draft.of("target_locks")}
    first, last = whole.row, whole.row + whole.shape[0] - 2  # body rows, from 0
    free = [row for row in range(first, last + 1) if row not in filled]
    steps: list[Step] = []
    inserted = 0
    for spot in spots:
        known = rows.get((spot.region, spot.product, None))
        if known is not None and known >= last and inserted:
            known += inserted
        if unlock:
            if known is not None:
                steps += [_put(sheet, known, col, [None], known - inserted * (known >= last))
                          for col in columns.values()]  # fmt: skip
            continue
        row, old = known, known
        if row is None and free:
            row = old = free.pop(0)
        if row is None:
            # Before the last row: inside the table, which grows with it.
            row, old = last, None
            steps.append(Insert(sheet, last, 1))
            inserted += 1
        amount = float(Decimal(_amount(plan, spot)).scaleb(-plan.settings.decimals))
        said = {"region": spot.region, "product_line": spot.product, "locked_amount": amount}
        steps += [_put(sheet, row, columns[key], [entered(value)], old)
                  for key, value in said.items()]  # fmt: skip
    return steps


def _put(sheet: xw.Sheet, row: int, col: int, values: list[Any], old: int | str | None = "") -> Put:
    """One row of cells; `old`: the row it stands in now, None for one still to be inserted."""
    at = row if old == "" else old
    before: list[Any] = [None] * len(values)
    if isinstance(at, int):
        area = sheet.range((at + 1, col + 1), (at + 1, col + len(values)))
        formulas, found = area.formula, area.options(ndim=1).value
        words = [formulas] if isinstance(formulas, str) else list(formulas[0])
        before = [
            word if str(word).startswith("=") else entered(value)
            for word, value in zip(words, found, strict=True)
        ]
    return Put(sheet, row, col, [values], [before])


def _open_table(book: xw.Book, name: str) -> Any:
    for sheet in book.sheets:
        for table in sheet.tables:
            if table.name.casefold() == name:
                return table
    raise fail("macros.no_table", book.name, table=name)


def _columns(titles: Sequence[Any], left: int) -> dict[str, int]:
    from salesxl.plan.locate import column_of

    found: dict[str, int] = {}
    for offset, title in enumerate(titles):
        column = column_of(TABLE["target_locks"], str(title or ""))
        if column is not None:
            found.setdefault(column.key, left + offset)
    return found


def _no_column(draft: Draft, table: str) -> SalesxlError:
    column = next(c for c in TABLE[table].columns if c.key == "locked_amount")
    names = {"table_zh": TABLE[table].zh, "table_en": TABLE[table].en}
    return fail("plan.column_missing", draft.places.get(table, table), column_zh=column.zh,
                column_en=column.en, **names)  # fmt: skip


# ---- words


def _is_result(sheet: xw.Sheet) -> bool:
    from salesxl.hosts.excel.macros.record import SHEET

    return sheet.name != SHEET


def _cells(step: Put) -> list[tuple[str, Any, Any]]:
    from salesxl.opc.cells import reference

    return [
        (f"{step.sheet.name}!{reference(step.row + i, step.col + j)}", old, new)
        for i, (line, before) in enumerate(zip(step.rows, step.old, strict=True))
        for j, (new, old) in enumerate(zip(line, before, strict=True))
        if new != old
    ]


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.2f}".removesuffix(".00")
    return str(value).removeprefix("'")


def _total(content: Content) -> str:
    settings = content.plan.settings
    amount = Decimal(settings.annual_target_amount).scaleb(-settings.decimals)
    return f"{amount:,f}"
