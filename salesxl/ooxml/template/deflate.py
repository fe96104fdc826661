"""Packing a part: fast with isal, small with libdeflate, else zlib.

The same input gives the same bytes with the same library. Both libraries are extras;
without them ``zlib`` level 6 does the work, slower.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, Literal

from salesxl.ooxml.template.package import Member

Packing = Literal["fast", "standard", "small"]


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None


isal_zlib = _library("isal.isal_zlib")
deflate = _library("deflate")

_SMALLEST = 64  # bytes below which packing gains nothing


def _standard(data: bytes) -> bytes:
    return zlib.compress(data, 6, -15)


def _fast(data: bytes) -> bytes:
    return bytes(isal_zlib.compress(data, 1, -15))


def _small(data: bytes) -> bytes:
    return bytes(deflate.deflate_compress(data, 6))


def packer(packing: Packing) -> tuple[Callable[[bytes], bytes], Callable[..., int]]:
    """(deflate, crc32) for this kind of packing, from the best library that is there."""
    crc = zlib.crc32 if isal_zlib is None else isal_zlib.crc32
    if packing == "fast" and isal_zlib is not None:
        return _fast, crc
    if packing == "small" and deflate is not None:
        return _small, crc
    return _standard, crc


def library(packing: Packing) -> str:
    """Which library packs: "isal", "libdeflate" or "zlib"."""
    used = packer(packing)[0]
    return "isal" if used is _fast else "libdeflate" if used is _small else "zlib"


def pack(name: str, data: bytes, packing: Packing) -> Member:
    """`data` as a member of the new file."""
    if len(data) < _SMALLEST:
        return Member(name, 0, zlib.crc32(data), len(data), data)
    compress, crc = packer(packing)
    return Member(name, 8, crc(data), len(data), compress(data))


def pack_texts(name: str, texts: Iterable[str], packing: Packing) -> Member:
    """A text that comes in stretches as one member, each stretch packed while it is fresh.

    Neither the whole text nor its bytes are ever in memory (libdeflate apart, which needs
    the whole).
    """
    compress, crc32 = packer(packing)
    if compress is _small:
        return pack(name, "".join(texts).encode(), packing)
    stream: Any
    if compress is _fast:
        stream = isal_zlib.compressobj(1, isal_zlib.DEFLATED, -15)
    else:
        stream = zlib.compressobj(6, zlib.DEFLATED, -15)
    crc = size = 0
    packed: list[bytes] = []
    for text in texts:
        data = text.encode()
        size += len(data)
        crc = crc32(data, crc)
        packed.append(stream.compress(data))
    packed.append(stream.flush())
    return Member(name, 8, crc, size, b"".join(packed))
