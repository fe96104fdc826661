"""A UNO type library (``.rdb``) for one interface, as LibreOffice's SDK would compile it.

Calc learns from it which functions an add-in has. The layout is the "new-style" one that
every LibreOffice since 4.1 reads, little-endian:

    file       magic "UNOIDL", FF, 00; offset and size of the root map; then entities
    map        for each entry, sorted by name: offset of its name (ends with 00), of its entity
    module     00; number of entries; its map
    interface  05; bases, optional bases, attributes, methods: each a number, then the items
    method     name, type, parameters, exceptions
    parameter  direction (00 in), name, type
    name       length, then as many bytes

A number has four bytes. Types are named as UNO does: ``[][]any`` is a sequence of sequences.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_MAGIC: Final = b"UNOIDL\xff\0"
_BASE: Final = "com.sun.star.uno.XInterface"


@dataclass(frozen=True)
class Method:
    """A method of an interface; `parameters` are pairs of name and type, all given in."""

    name: str
    returns: str
    parameters: Sequence[tuple[str, str]]


def type_library(interface: str, methods: Iterable[Method]) -> bytes:
    """The library's bytes; `interface` is its full name, as ``org.salesxl.XFunctions``."""
    *modules, name = interface.split(".")
    made = bytearray(_MAGIC + bytes(8))
    entity = _append(made, _interface(list(methods)))
    for module in reversed(modules):
        entry = _map(made, name, entity)
        entity = _append(made, b"\0" + _number(1) + entry)
        name = module
    root = _append(made, _map(made, name, entity))
    made[8:16] = _number(root) + _number(1)
    return bytes(made)


def _append(made: bytearray, data: bytes) -> int:
    place = len(made)
    made += data
    return place


def _map(made: bytearray, name: str, entity: int) -> bytes:
    return _number(_append(made, name.encode("ascii") + b"\0")) + _number(entity)


def _interface(methods: Sequence[Method]) -> bytes:
    parts = [b"\5", _number(1), _name(_BASE), _number(0), _number(0), _number(len(methods))]
    for method in methods:
        parts += [_name(method.name), _name(method.returns), _number(len(method.parameters))]
        for name, kind in method.parameters:
            parts += [b"\0", _name(name), _name(kind)]
        parts.append(_number(0))
    return b"".join(parts)


def _name(name: str) -> bytes:
    return _number(len(name)) + name.encode("ascii")


def _number(value: int) -> bytes:
    return struct.pack("<I", value)
