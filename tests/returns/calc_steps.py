"""What people do to a workbook, done in LibreOffice. Run by a Python that has `uno`.

    calc_steps.py PIPE < jobs.json      [[source, target, [step, …]], …]

Steps are those of `with_openpyxl`.
"""

import contextlib
import datetime
import json
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.table import TableSortField

XLSX = "Calc MS Excel 2007 XML"


def prop(name, value):
    return PropertyValue(Name=name, Value=value)


def desktop(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    until = time.monotonic() + 120
    while True:
        try:
            there = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return there.ServiceManager.createInstanceWithContext(
                "com.sun.star.frame.Desktop", there
            )
        except Exception:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def opened(top, url):
    """The document; a program that has just started may refuse the first time."""
    for _ in range(50):
        doc = top.loadComponentFromURL(url, "_blank", 0, (prop("Hidden", True),))
        if doc is not None:
            return doc
        time.sleep(0.2)
    raise SystemExit(f"cannot load {url}")


class Table:
    def __init__(self, doc, name):
        self.doc, self.name = doc, name
        area = doc.DatabaseRanges.getByName(name).DataArea
        self.sheet = doc.Sheets.getByIndex(area.Sheet)
        self.left, self.top, self.right, self.bottom = (
            area.StartColumn, area.StartRow, area.EndColumn, area.EndRow)  # fmt: skip
        columns = range(self.left, self.right + 1)
        self.heads = {self.cell(self.top, col).Formula: col for col in columns}

    def cell(self, row, col):
        return self.sheet.getCellByPosition(col, row)

    @property
    def body(self):
        return range(self.top + 1, self.bottom + 1)

    def row(self, key):
        if key.startswith("#"):
            return self.top + int(key[1:])
        return next(row for row in self.body if self.cell(row, self.left).String == key)

    def put(self, row, title, value):
        cell = self.cell(row, self.heads[title])
        if isinstance(value, str) and value.startswith("day:"):
            day = datetime.date.fromisoformat(value[4:])
            cell.Value = (day - datetime.date(1899, 12, 30)).days
        elif isinstance(value, str):
            cell.String = value
        else:
            cell.Value = value

    def set(self, key, title, value):
        self.put(self.row(key), title, value)

    def add(self, values, below):
        empty = (r for r in self.body if not any(
            self.cell(r, self.heads[title]).String for title in values))  # fmt: skip
        row = self.bottom + 1 if below else next(empty, self.bottom + 1)
        for title, value in values.items():
            self.put(row, title, value)

    def remove(self, key):
        self.sheet.Rows.removeByIndex(self.row(key), 1)

    def insert(self, count):
        self.sheet.Rows.insertByIndex(self.top, count)

    def sort(self, title):
        at = self.heads[title]
        last = max(row for row in self.body if self.cell(row, at).String)
        area = self.sheet.getCellRangeByPosition(self.left, self.top + 1, self.right, last)
        field = TableSortField()
        field.Field, field.IsAscending = at - self.left, False
        fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
        words = (prop("SortFields", fields), prop("ContainsHeader", False))
        uno.invoke(area, "sort", (words,))

    def rename(self, title):
        self.sheet.Name = title

    def hide(self, key):
        self.sheet.Rows.getByIndex(self.row(key)).IsVisible = False

    def lose(self):
        self.doc.DatabaseRanges.removeByName(self.name)


def main():
    top = desktop(sys.argv[1])
    try:
        for source, target, steps in json.load(sys.stdin):
            url = Path(source).as_uri()
            doc = opened(top, url)
            for number in range(doc.Sheets.Count):
                doc.Sheets.getByIndex(number).unprotect("")
            for step in steps:
                getattr(Table(doc, step[1]), step[0])(*step[2:])
            doc.storeToURL(Path(target).as_uri(), (prop("FilterName", XLSX),))
            doc.close(True)
    finally:
        with contextlib.suppress(Exception):  # it closes the connection while it answers
            top.terminate()


main()
