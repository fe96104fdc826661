"""Fields that a ledger only points at: tables beside it, found by key."""

from __future__ import annotations

import numpy as np

from salesxl.errors import Problem, SalesxlError
from salesxl.ledger.columns import find_header
from salesxl.ledger.mapping_model import Format, Lookup
from salesxl.ledger.money import Cell
from salesxl.ledger.source import open_table
from salesxl.ledger.table import Codes, HeaderNotFoundError, RawColumn, RawTable


def as_text(cell: Cell) -> str:
    """A cell as text of a field: no needless spaces, whole numbers without a point."""
    if isinstance(cell, str):
        return " ".join(cell.split())
    return str(cell)


def text_column(column: RawColumn) -> tuple[Codes, list[str]]:
    """Codes and distinct texts of a column; missing and blank are ``""``."""
    known: dict[str, int] = {"": 0}
    again = np.zeros(len(column.values) + 1, np.int64)  # the last one serves code −1
    for i, value in enumerate(column.values):
        again[i] = known.setdefault(as_text(value), len(known))
    return again[column.codes], list(known)


class LookupTable:
    """One lookup, opened: key text → text, for each field it gives."""

    def __init__(self, lookup: Lookup) -> None:
        """Raises `SalesxlError`: file, key or headers missing, or a key with two meanings."""
        self.lookup = lookup
        try:
            table = open_table(
                lookup.file, lambda row: find_header(row, lookup.key) is not None, Format()
            )
        except HeaderNotFoundError as error:
            raise self._fail("ledger.lookup_no_header", lookup.key, error.headers) from None
        self.fields: dict[str, dict[str, str]] = {}
        problems: list[Problem] = []
        key = self._column(table, lookup.key)
        for name, header in lookup.columns.items():
            if find_header(table.headers, header) is None:
                wrong = self._fail("ledger.lookup_no_header", header, table.headers)
                problems.extend(wrong.problems)
                continue
            found: dict[str, str] = {}
            self.fields[name] = found
            value = self._column(table, header)
            for at, (k, v) in enumerate(zip(key, value, strict=True)):
                if k and found.setdefault(k, v) != v:
                    values = {"key": k, "one": found[k], "other": v, "header": lookup.key}
                    problems.append(Problem("ledger.lookup_twice", table.where(at), values))
                    break
        if problems:
            raise SalesxlError(problems)

    def _fail(self, code: str, header: str, headers: tuple[str, ...]) -> SalesxlError:
        values = {"header": header, "headers": " · ".join(headers), "name": self.lookup.name}
        return SalesxlError(Problem(code, self.lookup.file.name, values))

    @staticmethod
    def _column(table: RawTable, header: str) -> list[str]:
        position = find_header(table.headers, header)
        assert position is not None
        codes, texts = text_column(table.columns[position])
        return [texts[code] for code in codes]

    def apply(self, keys: list[str], name: str) -> list[str]:
        """The field `name` for each key text; ``""`` where the key is not in the table."""
        found = self.fields[name]
        return [found.get(key, "") for key in keys]

    def unknown(self, keys: list[str]) -> list[str]:
        """The keys that are not in the table."""
        if not self.fields:
            return []
        found = next(iter(self.fields.values()))
        return [key for key in keys if key and key not in found]
