"""What a workbook of ours can tell a template that is not ours: its fields.

Cells have stable names (``annual_target``, ``month_target_3``), lists are our tables
with a key and a title for each column. A template takes what it has a name or a table
for and nothing else:

>>> fields = fields_of(book)
>>> fields.cells["annual_target"], fields.lists["customers"].columns["amount"]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from salesxl.ooxml.template.compile import Template
from salesxl.ooxml.template.deflate import Packing
from salesxl.ooxml.template.fill import Fill
from salesxl.sheets.content import Book, Formula, ListTable, Rich, Scalar, Value, quoted

_SHEET_NAME = "{sheet}.{name}"


@dataclass(frozen=True)
class ListField:
    """A list: column key → title, and its rows without the blank ones for typing."""

    titles: Mapping[str, str]
    rows: Sequence[Sequence[Scalar]]

    def column(self, wanted: str) -> list[Scalar] | None:
        """The values of a column by key or title, in any case."""
        said = wanted.strip().casefold()
        for number, (key, title) in enumerate(self.titles.items()):
            if said in (key.casefold(), title.casefold()):
                return [row[number] for row in self.rows]
        return None


@dataclass(frozen=True)
class Fields:
    """Everything a workbook can be asked for, by name. `titles`: where a cell stands."""

    cells: Mapping[str, Scalar]
    lists: Mapping[str, ListField]
    places: Mapping[str, str]  # name → title of the sheet it comes from


def fields_of(book: Book, more: Mapping[str, Scalar] | None = None) -> Fields:
    """The fields of `book`; `more` are values of the run, such as the region's name.

    A cell's name that stands on several sheets goes by ``sheet.name`` as well.
    """
    cells: dict[str, Scalar] = {"title": book.title, "company": book.company,
                                "fingerprint": book.stamp, **(more or {})}  # fmt: skip
    places = dict.fromkeys(cells, "")
    lists: dict[str, ListField] = {}
    at: dict[str, Scalar] = {}
    for sheet in book.sheets:
        for cell in sheet.cells:
            at[f"{quoted(sheet.title)}!{cell.row},{cell.col}"] = _plain(cell.value)
            if cell.name:
                for name in (cell.name, _SHEET_NAME.format(sheet=sheet.key, name=cell.name)):
                    cells.setdefault(name, _plain(cell.value))
                    places.setdefault(name, sheet.title)
        for table in sheet.tables:
            lists[table.name] = _list(table)
            places[table.name] = sheet.title
    for name, target in book.names.items():
        found = _at(target)
        if name not in cells and found in at:
            cells[name] = at[found]
            places[name] = target.removeprefix("=").rpartition("!")[0].strip("'")
    return Fields(cells, lists, places)


def _list(table: ListTable) -> ListField:
    """The rows that hold anything; columns our formulas fill alone do not count."""
    typed = [n for n, column in enumerate(table.columns) if not column.formula]
    rows = [row for row in table.rows if any(row[n] not in (None, "") for n in typed)]
    return ListField({column.key: column.title for column in table.columns}, rows)


def _plain(value: Value) -> Scalar:
    if isinstance(value, Formula):
        return value.value
    return value.text if isinstance(value, Rich) else value


def _at(target: str) -> str:
    """``='Sheet'!$D$40`` as the key of a cell."""
    from salesxl.opc.cells import split_reference

    title, _, reference = target.removeprefix("=").rpartition("!")
    spot = split_reference(reference)
    return "" if spot is None else f"{title}!{spot[0]},{spot[1]}"


def fill_of(template: Template, fields: Fields) -> Fill:
    """What of the fields this template has places for."""
    cells: dict[str, Scalar] = {}
    lists: dict[str, dict[str, Sequence[Scalar]]] = {}
    by_name = {name.casefold(): name for name in fields.cells}
    list_names = {name.casefold(): name for name in fields.lists}
    for name, place in template.places.items():
        said = name.rpartition("!")[2].casefold()
        if place.kind == "cell" and said in by_name:
            cells[name] = fields.cells[by_name[said]]
        elif place.kind in ("table", "list") and said in list_names:
            field = fields.lists[list_names[said]]
            columns = {title: field.column(title) for title in place.columns}
            known = {title: values for title, values in columns.items() if values is not None}
            if known:
                lists[name] = known  # type: ignore[assignment]
    return Fill(cells=cells, lists=lists)


def filled(template: Template, fields: Fields, packing: Packing) -> bytes:
    """The template with the fields it asks for."""
    return template.fill(fill_of(template, fields), packing)
