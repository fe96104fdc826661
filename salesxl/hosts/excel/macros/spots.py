"""What a selected cell of the target sheets stands for: a region, a product line, or both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import xlwings as xw

from salesxl.errors import fail
from salesxl.hosts.excel.macros.layout import Laid, lay_out
from salesxl.hosts.excel.macros.record import read_record
from salesxl.hosts.excel.macros.workbook import TARGETS, Content
from salesxl.plan.model import Plan
from salesxl.sheets.target_matrix import ANNUAL
from salesxl.sheets.target_split import AMOUNT, LOCKED, NAME

_MOST: Final = 500  # selected cells looked at


@dataclass(frozen=True)
class Spot:
    """One target. `product` "" is the region's year, `region` "" the product line's.

    `value`: what the cell with the amount shows, in major units; None where it is no number.
    """

    region: str
    product: str
    value: Any
    place: str


def selected_spots(book: xw.Book, content: Content) -> list[Spot]:
    """The targets that are selected, each once. SalesxlError where there is none."""
    chosen = book.app.selection
    laid = lay_out(book, content.book, read_record(book)).laid
    found: dict[tuple[str, str], Spot] = {}
    if chosen is not None:
        for key in TARGETS:
            if key in laid and laid[key].sheet.name == chosen.sheet.name:
                for row, col in _cells(chosen, laid[key]):
                    spot = _spot(key, laid[key], content.plan, row, col)
                    if spot is not None:
                        found.setdefault((spot.region, spot.product), spot)
    if not found:
        raise fail("macros.nothing_selected", book.name)
    return list(found.values())


def _cells(chosen: xw.Range, laid: Laid) -> Iterator[tuple[int, int]]:
    """Selected rows and columns from 0, within what the sheet holds."""
    top, left = chosen.row - 1, chosen.column - 1
    rows = range(top, min(top + chosen.shape[0], len(laid.values)))
    width = max((len(line) for line in laid.values), default=0)
    cols = range(left, min(left + chosen.shape[1], width))
    pairs = ((row, col) for row in rows for col in cols)
    for number, pair in enumerate(pairs):
        if number >= _MOST:
            return
        yield pair


def _spot(key: str, laid: Laid, plan: Plan, row: int, col: int) -> Spot | None:
    rows = {slot.old: slot.row for slot in laid.slots if slot.old is not None}
    line = rows.get(row)
    if line is None:
        return None
    regions, products, grid = _lines(laid, plan)
    if key == "targets":
        # Months have no lock of their own at the head office: a year's figure has.
        amount, wanted = ANNUAL, frozenset({NAME, ANNUAL})
    else:
        amount, wanted = AMOUNT, frozenset(range(NAME, AMOUNT + 1))
    place = f"{laid.sheet.name}!{_reference(row, col)}"
    if line in grid:
        index = col - NAME - 1
        if not 0 <= index < len(plan.product_lines):
            return None
        product = plan.product_lines[index].id
        return Spot(grid[line], product, _number(laid.value(row, col)), place)
    if col not in wanted:
        return None
    value = _number(laid.value(row, LOCKED)) if key != "targets" and col == LOCKED else None
    value = _number(laid.value(row, amount)) if value is None else value
    if line in regions:
        return Spot(regions[line], "", value, place)
    return Spot("", products[line], value, place) if line in products else None


def _lines(laid: Laid, plan: Plan) -> tuple[dict[int, str], dict[int, str], dict[int, str]]:
    """Rows of the content: the leaf regions', the product lines', the grid's regions'."""
    names = [
        (cell.row, cell.value)
        for cell in sorted(laid.content.cells, key=lambda cell: cell.row)
        if cell.col == NAME and isinstance(cell.value, str) and cell.look.style == "cell"
    ]
    by_region = {region.name: region.id for region in plan.leaf_regions}
    by_product = {line.name: line.id for line in plan.product_lines}
    regions: dict[int, str] = {}
    products: dict[int, str] = {}
    grid: dict[int, str] = {}
    for row, name in names:
        if name in by_region and len(regions) < len(by_region):
            regions[row] = by_region[name]
        elif name in by_product and len(products) < len(by_product):
            products[row] = by_product[name]
        elif name in by_region:
            grid[row] = by_region[name]
    return regions, products, grid


def _number(value: Any) -> Any:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _reference(row: int, col: int) -> str:
    from salesxl.opc.cells import reference

    return reference(row, col)
