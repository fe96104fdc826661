"""Reading a mapping file; every mistake in it at once."""

from __future__ import annotations

import codecs
import difflib
import tomllib
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from salesxl.errors import Problem, SalesxlError, fail
from salesxl.ledger.columns import FIELDS, TEXT_FIELDS
from salesxl.ledger.dates import ORDERS
from salesxl.ledger.mapping_model import Format, Lookup, Mapping

_SECTIONS = ("columns", "format", "lookup", "return", "constant")
_LOOKUP_KEYS = ("file", "key", "from", "columns")


def load(path: str | Path) -> Mapping:
    """Read a mapping file. Raises `SalesxlError` with every problem in it."""
    path = Path(path)
    try:
        document = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise fail("ledger.file_missing", str(path)) from None
    except OSError as error:
        raise fail("ledger.file_unreadable", str(path), cause=error.strerror or "") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise fail("ledger.map_not_toml", str(path), cause=str(error)) from None
    return _Reader(path).read(document)


class _Reader:
    """Collects every problem of one file on the way."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def read(self, document: dict[str, Any]) -> Mapping:
        self._known(document, _SECTIONS, "")
        mapping = Mapping(
            columns=self._texts(document, "columns", FIELDS),
            format=self._format(self._table(document, "format", "")),
            lookups=self._lookups(self._table(document, "lookup", "")),
            return_values=self._returns(self._table(document, "return", "")),
            constants=self._texts(document, "constant", TEXT_FIELDS),
        )
        if self.problems:
            raise SalesxlError(self.problems)
        return mapping

    def _add(self, code: str, **values: object) -> None:
        self.problems.append(Problem(code, str(self.path), values))

    def _known(self, table: MappingOf[str, Any], keys: Sequence[str], section: str) -> None:
        for key in table:
            if key not in keys:
                near = difflib.get_close_matches(key, keys, 1, 0.0)[0]
                self._add("ledger.map_unknown_key", key=f"{section}{key}", near=f"{section}{near}")

    def _table(self, document: MappingOf[str, Any], key: str, section: str) -> dict[str, Any]:
        table = document.get(key, {})
        if isinstance(table, dict):
            return table
        self._add("ledger.map_not_table", key=f"{section}{key}")
        return {}

    def _text(self, table: MappingOf[str, Any], key: str, section: str) -> str:
        value = table.get(key, "")
        if isinstance(value, str):
            return value.strip() if key != "delimiter" else value
        self._add("ledger.map_not_text", key=f"{section}{key}", value=value)
        return ""

    def _texts(
        self, document: MappingOf[str, Any], name: str, keys: Sequence[str], prefix: str = ""
    ) -> dict[str, str]:
        table = self._table(document, name, prefix)
        section = f"{prefix}{name}."
        self._known(table, keys, section)
        return {key: self._text(table, key, section) for key in keys if key in table}

    def _choice(self, table: MappingOf[str, Any], key: str, choices: Sequence[str]) -> str | None:
        value = self._text(table, key, "format.")
        if value and value not in choices:
            self._add(
                "ledger.map_bad_choice", key=f"format.{key}", value=value, choices=" ".join(choices)
            )
            return None
        return value or None

    def _format(self, table: MappingOf[str, Any]) -> Format:
        self._known(table, tuple(Format.__dataclass_fields__), "format.")
        encoding = self._text(table, "encoding", "format.") or None
        if encoding:
            try:
                codecs.lookup(encoding)
            except LookupError:
                self._add("ledger.map_encoding", value=encoding)
        delimiter = self._text(table, "delimiter", "format.") or None
        delimiter = "\t" if delimiter in ("\\t", "tab") else delimiter
        if delimiter and (len(delimiter) > 1 or delimiter in '"\r\n'):
            self._add("ledger.map_delimiter", value=delimiter)
        row = table.get("header_row")
        if row is not None and (not isinstance(row, int) or isinstance(row, bool) or row < 0):
            self._add("ledger.map_header_row", value=row)
            row = None
        return Format(
            delimiter=delimiter,
            encoding=encoding,
            date_order=self._choice(table, "date_order", ORDERS),  # type: ignore[arg-type]
            sheet=self._text(table, "sheet", "format.") or None,
            header_row=row or None,
            decimal=self._choice(table, "decimal", (".", ",")),  # type: ignore[arg-type]
        )

    def _lookups(self, table: MappingOf[str, Any]) -> tuple[Lookup, ...]:
        found = []
        for name in table:
            section = f"lookup.{name}."
            entry = self._table(table, name, "lookup.")
            self._known(entry, _LOOKUP_KEYS, section)
            columns = self._texts(entry, "columns", TEXT_FIELDS, section)
            texts = {key: self._text(entry, key, section) for key in ("file", "key", "from")}
            for key, value in texts.items():
                if not value:
                    self._add("ledger.map_missing_key", key=f"{section}{key}")
            file = self.path.parent / texts["file"]
            found.append(Lookup(name, file, texts["key"], texts["from"], columns))
        return tuple(found)

    def _returns(self, table: MappingOf[str, Any]) -> tuple[str, ...]:
        self._known(table, ("values",), "return.")
        values = table.get("values", [])
        if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            self._add("ledger.map_not_list", key="return.values")
            return ()
        return tuple(values)
