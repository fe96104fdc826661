"""Packing: what is packed unpacks to the same; the zip is what readers expect."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from typing import get_args

import pytest

from salesxl.errors import SalesxlError
from salesxl.ooxml.template import deflate
from salesxl.ooxml.template.deflate import Packing, pack, packer
from salesxl.ooxml.template.package import Member, read_package, write_package

DATA = b"<c r='A1'><v>1</v></c>" * 5_000 + random.Random(7).randbytes(3_000)


@pytest.mark.parametrize("packing", get_args(Packing))
@pytest.mark.parametrize("data", [b"", b"x", b"y" * 64, DATA])
def test_each_packing_comes_back(packing: Packing, data: bytes) -> None:
    member = pack("part.xml", data, packing)
    assert member.unpacked() == data
    assert (member.size, member.crc) == (len(data), zlib.crc32(data))


@pytest.mark.parametrize("packing", get_args(Packing))
def test_same_bytes_each_time(packing: Packing) -> None:
    assert pack("a", DATA, packing) == pack("a", DATA, packing)


def test_without_the_extras_zlib_packs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deflate, "isal_zlib", None)
    monkeypatch.setattr(deflate, "deflate", None)
    for packing in get_args(Packing):
        assert deflate.library(packing) == "zlib"
        assert packer(packing)[0](DATA) == zlib.compress(DATA, 6, -15)


def test_the_extras_are_used() -> None:
    assert deflate.library("fast") == "isal"
    assert deflate.library("small") == "libdeflate"
    sizes = {packing: len(pack("a", DATA, packing).packed) for packing in get_args(Packing)}
    assert sizes["small"] <= sizes["standard"] <= sizes["fast"]


def test_readers_take_the_zip() -> None:
    members = [
        pack("[Content_Types].xml", b"<Types/>" * 20, "fast"),
        pack("xl/表.xml", DATA, "fast"),
    ]
    data = write_package(members)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["[Content_Types].xml", "xl/表.xml"]
        assert archive.read("xl/表.xml") == DATA
        assert archive.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)
    assert [*read_package(data).members.values()] == members


def test_members_that_share_bytes_are_refused() -> None:
    """One packed flood, named by many members of the directory."""
    member = pack("[Content_Types].xml", b"<Types/>" * 20, "standard")
    data = write_package([member, member._replace(name="a")])
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    entry = bytearray(data[second:])
    entry[42:46] = (0).to_bytes(4, "little")  # both now point at the first member's bytes
    with pytest.raises(SalesxlError):
        read_package(data[:second] + bytes(entry), "overlap.xlsx")


@pytest.mark.parametrize("field", ["size", "crc"])
def test_a_header_that_lies_is_refused(field: str) -> None:
    honest = pack("xl/a.xml", DATA, "standard")
    types = pack("[Content_Types].xml", b"<Types/>", "standard")
    for step in (-1, 1):
        lie: Member = honest._replace(**{field: getattr(honest, field) + step})
        with pytest.raises(SalesxlError) as caught:
            read_package(write_package([types, lie]), "lie.xlsx")
        assert caught.value.problems[0].code == "plan.file_damaged"
