"""A pay run as canonical JSON and back, exactly: the same run gives the same bytes.

    data = written(run)
    read(data) == run

Dates are ISO, decimals and fractions are text ("0.006", "7/3"). A tuple of rows is a table:
its field names once, then a list a row. Fields that a later version adds are read with their
defaults from an older record; fields it drops are left out.
"""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from salesxl.errors import fail
from salesxl.ledger.pay.results import PayRun

FORMAT = 1
Codec = Callable[[Any], Any]


def written(run: PayRun) -> bytes:
    """The run as canonical JSON in UTF-8: sorted keys, no spaces, exact numbers."""
    return canonical({"format": FORMAT, "run": _writer(PayRun)(run)})


def read(data: bytes) -> PayRun:
    """The run a record holds. SalesxlError for one that is none, or of a later salesxl."""
    try:
        found = json.loads(data)
        if found["format"] > FORMAT:
            raise fail("closing.record_newer")
        run = _reader(PayRun)(found["run"])
    except (ValueError, KeyError, TypeError, IndexError, ArithmeticError) as error:
        raise fail("closing.record_unreadable") from error
    assert isinstance(run, PayRun)
    return run


def canonical(value: object) -> bytes:
    """JSON in one way only, so that equal values have equal hashes."""
    said = json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return said.encode("utf-8")


# ---- by the types the dataclasses declare


@cache
def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in dataclasses.fields(kind))


def _plain(hint: Any) -> tuple[Any, bool]:
    """The type without ``| None``, and whether None is allowed."""
    if get_origin(hint) in (Union, types.UnionType):
        rest = [kind for kind in get_args(hint) if kind is not type(None)]
        assert len(rest) == 1
        return rest[0], True
    return hint, False


def _same(value: Any) -> Any:
    return value


@cache
def _writer(hint: Any) -> Codec:
    kind, optional = _plain(hint)
    write = _writer_of(kind)
    if not optional or write is _same:
        return write
    return lambda value: None if value is None else write(value)


def _writer_of(kind: Any) -> Codec:
    if kind is date:
        return date.isoformat
    if kind is Decimal or kind is Fraction:
        return str
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        writers = [(name, _writer(hint)) for name, hint in _fields(kind)]
        return lambda value: {name: write(getattr(value, name)) for name, write in writers}
    if get_origin(kind) is tuple:
        parts = get_args(kind)
        if parts[-1] is not Ellipsis:
            each = [_writer(part) for part in parts]
            return lambda value: [write(v) for write, v in zip(each, value, strict=True)]
        item = parts[0]
        if dataclasses.is_dataclass(item) and isinstance(item, type):
            writers = [(name, _writer(hint)) for name, hint in _fields(item)]
            names = [name for name, _ in writers]
            return lambda value: {
                "fields": names,
                "rows": [[write(getattr(row, name)) for name, write in writers] for row in value],
            }
        one = _writer(item)
        return lambda value: [one(v) for v in value]
    if get_origin(kind) in (dict, Mapping):
        return _tagged
    assert kind in (int, str, bool) or get_origin(kind) is Literal, kind
    return _same


@cache
def _reader(hint: Any) -> Codec:
    kind, optional = _plain(hint)
    load = _reader_of(kind)
    if not optional or load is _same:
        return load
    return lambda value: None if value is None else load(value)


def _reader_of(kind: Any) -> Codec:
    if kind is date:
        return date.fromisoformat
    if kind is Decimal or kind is Fraction:
        made: Codec = kind
        return made
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        readers = dict(_named_readers(kind))
        return lambda value: kind(
            **{name: readers[name](v) for name, v in value.items() if name in readers}
        )
    if get_origin(kind) is tuple:
        parts = get_args(kind)
        if parts[-1] is not Ellipsis:
            each = [_reader(part) for part in parts]
            return lambda value: tuple(load(v) for load, v in zip(each, value, strict=True))
        item = parts[0]
        if dataclasses.is_dataclass(item) and isinstance(item, type):
            return _table_reader(item)
        one = _reader(item)
        return lambda value: tuple(one(v) for v in value)
    if _writer_of(kind) is _tagged:
        return _untagged
    return _same


def _named_readers(kind: type) -> list[tuple[str, Codec]]:
    return [(name, _reader(hint)) for name, hint in _fields(kind)]


def _table_reader(item: type) -> Codec:
    readers = dict(_named_readers(item))

    def load(value: Any) -> Any:
        known = [(n, name, readers[name]) for n, name in enumerate(value["fields"])
                 if name in readers]  # fmt: skip
        return tuple(item(**{name: one(row[n]) for n, name, one in known}) for row in value["rows"])

    return load


# ---- values whose type only they know: those of sentences and problems


def _tagged(value: Any) -> Any:
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, Fraction):
        return {"fraction": str(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, tuple | list):
        return {"tuple": [_tagged(v) for v in value]}
    if isinstance(value, Mapping):
        return {"map": {str(key): _tagged(v) for key, v in value.items()}}
    return str(value)  # only ever put into a sentence


def _untagged(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((tag, inner),) = value.items()
    match tag:
        case "decimal":
            return Decimal(inner)
        case "fraction":
            return Fraction(inner)
        case "date":
            return date.fromisoformat(inner)
        case "tuple":
            return tuple(_untagged(v) for v in inner)
        case "map":
            return {key: _untagged(v) for key, v in inner.items()}
    raise ValueError(tag)
