"""A template read once and used for many workbooks.

>>> template = compile_template(Path("region.xlsx"))
>>> template.places["people"].columns
('Name', 'Quota')
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from salesxl.errors import fail
from salesxl.ooxml.template import fill as filling
from salesxl.ooxml.template.deflate import Packing
from salesxl.ooxml.template.draft import Draft
from salesxl.ooxml.template.locate import attribute, damaged, elements, well_formed
from salesxl.ooxml.template.package import (
    CONTENT_TYPES,
    RawPackage,
    Relation,
    is_xml,
    read_package,
)
from salesxl.ooxml.template.places import (
    DefinedName,
    Place,
    TableFound,
    defined_names,
    find_places,
    read_table,
)
from salesxl.ooxml.template.prune import prune_package
from salesxl.ooxml.template.sheet import TemplateSheet, read_sheet
from salesxl.ooxml.template.strings import EMPTY, SharedStrings, Strings, read_strings

_STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_MAIN_TYPES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml":
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.ms-excel.template.macroEnabled.main+xml":
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
}  # fmt: skip


@dataclass
class Template:
    """A compiled template: picklable, reusable, never changed by filling."""

    package: RawPackage  # pruned: what every file made from it has in common
    workbook: str  # part of the workbook
    titles: tuple[str, ...]  # all sheets in tab order, chart sheets too
    hidden: frozenset[str]  # titles of hidden sheets
    parts: Mapping[str, str]  # title → part
    sheets: Mapping[str, TemplateSheet]  # worksheets by title, in tab order
    relations: Mapping[str, tuple[Relation, ...]]  # part → its relationships
    names: tuple[DefinedName, ...]
    tables: tuple[TableFound, ...]
    places: Mapping[str, Place]  # by name as the template spells it
    shared: SharedStrings
    strings_part: str
    date1904: bool
    made: dict[Any, Any] = field(default_factory=dict, repr=False)  # of `fill`: worked out once

    def draft(self) -> Draft:
        """A workbook under way, still the (pruned) template; every string of it is kept."""
        strings = Strings(self.shared, range(len(self.shared.items)))
        return Draft(self.package, self.workbook, strings, self.strings_part, self.date1904)

    def fill(self, fill: filling.Fill, packing: Packing = "fast") -> bytes:
        """The filled workbook. Raises `SalesxlError` with every problem found."""
        with _no_collection():
            return filling.filled(self, fill, packing).done(packing)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "made": {}}


@contextmanager
def _no_collection() -> Iterator[None]:
    """Filling makes many objects and hardly a cycle: looking for those takes a tenth of it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def compile_template(source: Path | bytes, name: str = "") -> Template:
    """Read a .xlsx or .xlsm; `name` is the file's name in problems. Raises `SalesxlError`."""
    package = read_package(source, name)
    for part in package.members:
        if part.lower().endswith(".vml"):  # old VML need not be well-formed
            if b"<!DOCTYPE" in package.data(part):
                raise fail("plan.file_unsafe_xml", package.file, part=part)
        elif is_xml(part):
            well_formed(package.data(part), package.file, part)
    workbook = _workbook(package)
    draft = Draft(package, workbook)
    with damaged(package.file, workbook):
        _as_workbook(draft, workbook)
        strings_part = _with_strings(draft, workbook)
        pivots = prune_package(draft, workbook)
        package = RawPackage(package.file, {one.name: one for one in draft.members("standard")})
        book = _Book(package, workbook)
        shared = read_strings(package.data(strings_part), package.file, strings_part)
        numbers = [n for n, text in enumerate(shared.texts) if text in pivots.captions]
        captions: frozenset[int | str] = frozenset([*numbers, *pivots.captions])
        sheets = {
            title: read_sheet(
                title, part, package.data(part), package.file, pivots.areas.get(part), captions
            )
            for title, part in book.worksheets()
        }
    _keep_cleared(package, sheets)
    tables = tuple(book.tables(sheets))
    for table in tables:
        if b"filterColumn" in package.data(table.part):
            sheets[table.sheet].filtered = True
    with damaged(package.file, workbook):
        names = tuple(defined_names(book.data, book.titles))
        places = find_places(sheets, names, tables, shared)
    return Template(
        package=package,
        workbook=workbook,
        titles=book.titles,
        hidden=book.hidden,
        parts=book.parts,
        sheets=sheets,
        relations=book.relations,
        names=names,
        tables=tables,
        places=places,
        shared=shared,
        strings_part=strings_part,
        date1904=book.date1904,
    )


def _workbook(package: RawPackage) -> str:
    """The workbook's part."""
    for one in package.relations(""):
        if one.kind == "officeDocument" and one.target in package and is_xml(one.target):
            return one.target
    raise fail("plan.file_foreign", package.file)


def _as_workbook(draft: Draft, workbook: str) -> None:
    """A template file (.xltx, .xltm) becomes a workbook."""
    data = draft.read(CONTENT_TYPES)
    made = data
    for old, new in _MAIN_TYPES.items():
        made = made.replace(f'"{old}"'.encode(), f'"{new}"'.encode())
    if made != data:
        draft.put(CONTENT_TYPES, made)


def _with_strings(draft: Draft, workbook: str) -> str:
    """The part of the shared strings, made when there is none."""
    for one in draft.relations(workbook):
        if one.kind == "sharedStrings":
            if one.target not in draft:
                raise fail("plan.file_damaged", draft.package.file, part=one.target)
            return one.target
    part = workbook.rpartition("/")[0] + "/sharedStrings.xml"
    draft.add(part, EMPTY, _STRINGS)
    draft.relate(workbook, "sharedStrings", part)
    return part


def _keep_cleared(package: RawPackage, sheets: Mapping[str, TemplateSheet]) -> None:
    """Sheets that lost stored values are kept without them."""
    draft = Draft(package, "")
    for sheet in sheets.values():
        if sheet.changed:
            draft.put(sheet.part, sheet.xml().encode())
    package.members.update((one.name, one) for one in draft.members("standard"))


def _may_be_missing(one: Relation) -> bool:
    """Links to a place in the workbook, and pictures Excel itself lost."""
    name = one.target.rpartition("/")[2]
    return one.kind == "hyperlink" or name.startswith("#") or name == "NULL"


class _Book:
    """What ``workbook.xml`` and the relationships say."""

    def __init__(self, package: RawPackage, workbook: str) -> None:
        self.package = package
        self.data = package.data(workbook)
        found = elements(self.data, {"workbookPr", "sheet"})
        properties = next((one for one in found if one.tag == "workbookPr"), None)
        flag = attribute(properties, "date1904") if properties else ""
        self.date1904 = flag.lower() in ("1", "true")
        self.relations = {
            part: tuple(package.relations(part))
            for part in package.members
            if not part.endswith(".rels")
        }
        for relations in self.relations.values():
            for to in relations:
                if not (to.external or to.target in package or _may_be_missing(to)):
                    raise fail("plan.file_damaged", package.file, part=to.target)
        targets = {one.id: one for one in self.relations[workbook]}
        rows = [one for one in found if one.tag == "sheet" and one.path[-1:] == ("sheets",)]
        self.parts: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        for one in rows:
            relation = targets.get(attribute(one, "id"))
            if relation is None or relation.target not in package:
                raise fail("plan.file_damaged", package.file, part=workbook)
            title = attribute(one, "name")
            self.parts[title], self.kinds[title] = relation.target, relation.kind
        self.titles = tuple(self.parts)
        self.hidden = frozenset(
            attribute(one, "name") for one in rows if attribute(one, "state") not in ("", "visible")
        )
        if len({title.casefold() for title in self.titles}) != len(rows):
            raise fail("plan.file_damaged", package.file, part=workbook)

    def worksheets(self) -> list[tuple[str, str]]:
        return [(t, part) for t, part in self.parts.items() if self.kinds[t] == "worksheet"]

    def tables(self, sheets: Mapping[str, TemplateSheet]) -> list[TableFound]:
        found = []
        for title, sheet in sheets.items():
            for one in self.relations.get(sheet.part, ()):
                if one.kind == "table":
                    with damaged(self.package.file, one.target):
                        found.append(read_table(self.package.data(one.target), title, one.target))
        return found
