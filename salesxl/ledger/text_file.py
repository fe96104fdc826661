"""Delimited text files: encoding, delimiter, header, then all columns at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np
import pandas as pd

from salesxl.errors import Problem, fail
from salesxl.ledger.mapping_model import Format
from salesxl.ledger.money import Cell
from salesxl.ledger.table import (
    HEADER_ROWS,
    Codes,
    HeaderNotFoundError,
    IsHeader,
    RawColumn,
    RawTable,
    find_header,
    trim_headers,
)

_DELIMITERS = (",", "\t", ";", "|")
_CHUNK = 200_000  # rows
_SAMPLE = 1 << 18  # bytes from the top in which header and delimiter are looked for


def to_utf8(raw: bytes, name: str, encoding: str | None) -> tuple[bytes, str]:
    """Text in any accepted encoding → UTF-8 without BOM and ``\\n`` line ends, and its encoding.

    Decided by strict decoding: BOM, UTF-16 by its zero bytes, UTF-8, GB18030.
    """
    if encoding:
        tries = [encoding]
    elif raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        tries = ["utf-16"]
    elif (zeros := raw[:4096].count(0)) and zeros > len(raw[:4096]) // 5:
        tries = ["utf-16-le" if raw[1:4096:2].count(0) > zeros // 2 else "utf-16-be"]
    else:
        tries = ["utf-8-sig", "gb18030"]
    furthest = -1
    data, used = b"", ""
    for used in tries:
        try:
            decoded = raw.decode(used)
        except UnicodeDecodeError as error:
            furthest = max(furthest, error.start)
            continue
        except LookupError:
            raise fail("ledger.map_encoding", name, value=used) from None
        data = decoded.removeprefix("\ufeff").encode("utf-8", "surrogatepass")
        break
    else:
        line = raw.count(b"\n", 0, furthest) + 1
        tried = ", ".join(t.replace("-sig", "").upper() for t in tries)
        place = {"byte": furthest + 1, "line": line, "value": f"0x{raw[furthest]:02X}"}
        raise fail("ledger.undecodable", name, tried=tried, **place)
    if b"\0" in data:
        raise fail("ledger.not_text", name)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data, "utf-8" if used == "utf-8-sig" else used


def _sample_rows(sample: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """The first rows of a text and the number of the last line of each."""
    rows: list[list[str]] = []
    ends: list[int] = []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
            if len(rows) > HEADER_ROWS + 20:
                break
    except csv.Error:  # an endless quoted cell; the whole file's reader names the line
        pass
    return rows, ends


def _layout(
    data: bytes, is_header: IsHeader, fmt: Format
) -> tuple[str, Sequence[str], int, list[list[str]]]:
    """delimiter, header cells, number of the header's last line, sample rows."""
    cut = data[:_SAMPLE]
    if len(data) > _SAMPLE:
        cut = cut[: cut.rfind(b"\n") + 1]
    sample = cut.decode("utf-8", "replace")
    found: list[tuple[int, str, int, list[list[str]], list[int]]] = []
    guess: tuple[int, Sequence[str]] = (0, ())
    for delimiter in (fmt.delimiter,) if fmt.delimiter else _DELIMITERS:
        rows, ends = _sample_rows(sample, delimiter)
        fixed = fmt.header_row
        if fixed is not None:  # the user counts lines, the sample has rows
            fixed = next((i + 1 for i, end in enumerate(ends) if end >= fixed), fixed)
        try:
            position = find_header(rows, is_header, fixed)
        except HeaderNotFoundError as error:
            guess = max(guess, (len(error.headers), error.headers), key=lambda g: g[0])
            continue
        score = 2 * len(rows[position]) + (1000 if is_header(rows[position]) else 0)
        found.append((score, delimiter, position, rows, ends))
    if not found:
        raise HeaderNotFoundError(guess[1])
    _, delimiter, position, rows, ends = max(found, key=lambda f: f[0])
    return delimiter, rows[position], ends[position], rows


def _after_line(data: bytes, line: int) -> bytes:
    """What follows the first `line` lines."""
    at = 0
    for _ in range(line):
        at = data.find(b"\n", at) + 1
        if at == 0:
            return b""
    return data[at:]


def _width(body: bytes, delimiter: str, name: str, first: int) -> int:
    """The most cells any row has."""
    if b'"' not in body:
        mark = delimiter.encode()
        return max(line.count(mark) for line in io.BytesIO(body)) + 1
    reader = csv.reader(
        io.TextIOWrapper(io.BytesIO(body), "utf-8", newline=""), delimiter=delimiter
    )
    try:
        return max((len(row) for row in reader), default=0)
    except csv.Error:
        raise fail("ledger.open_quote", name, line=first + reader.line_num) from None


def read_text(raw: bytes, name: str, sha256: str, is_header: IsHeader, fmt: Format) -> RawTable:
    """A whole delimited file. Raises `HeaderNotFoundError`, `SalesxlError`."""
    data, encoding = to_utf8(raw, name, fmt.encoding)
    if not data.strip():
        raise fail("ledger.file_empty", name)
    delimiter, cells, header_line, _ = _layout(data, is_header, fmt)
    headers = trim_headers(cells)
    body = _after_line(data, header_line)
    if not body.strip():
        raise fail("ledger.header_only", name)
    width = max(_width(body, delimiter, name, header_line), len(headers))
    try:
        columns = _columns(body, delimiter, width)
    except pd.errors.ParserError:
        quote = body.rfind(b'"')
        line = header_line + body.count(b"\n", 0, quote) + 1
        raise fail("ledger.open_quote", name, line=line) from None
    count = len(columns[0].codes)
    rows = _line_numbers(body, columns, count, header_line)
    overlong = np.zeros(count, np.bool_)
    for column in columns[len(headers) :]:
        overlong |= ~column.blank
    notices: tuple[Problem, ...] = ()
    if encoding != "utf-8" and not fmt.encoding:
        notices = (Problem("ledger.encoding_used", name, {"encoding": encoding.upper()}),)
    table = RawTable(
        name, headers, tuple(columns[: len(headers)]), rows, overlong, sha256, notices,
        extra={"encoding": encoding, "delimiter": delimiter},
    )  # fmt: skip
    return table.drop_blank_rows()


def _columns(body: bytes, delimiter: str, width: int) -> list[RawColumn]:
    """Every column as codes and distinct texts; in chunks, so that the texts of a long file
    are never all in memory."""
    known: list[dict[Cell, int]] = [{} for _ in range(width)]
    codes: list[list[Codes]] = [[] for _ in range(width)]
    reader = pd.read_csv(
        io.BytesIO(body), sep=delimiter, header=None, names=list(range(width)), dtype=object,
        keep_default_na=False, na_filter=False, index_col=False, skip_blank_lines=False,
        encoding="utf-8", engine="c", chunksize=_CHUNK,
    )  # fmt: skip
    for chunk in reader:
        for c in range(width):
            local, texts = pd.factorize(chunk[c])
            seen = known[c]
            again = [seen.setdefault(text, len(seen)) for text in texts]
            codes[c].append(np.array([*again, -1], np.int64)[local])
    return [RawColumn(np.concatenate(codes[c]), list(known[c])) for c in range(width)]


def _line_numbers(body: bytes, columns: Sequence[RawColumn], count: int, header_line: int) -> Codes:
    """The line each row starts on; rows may hold line breaks in quotes."""
    rows: Codes = np.arange(count, dtype=np.int64) + header_line + 1
    if body.count(b"\n") + (not body.endswith(b"\n")) != count:
        breaks = np.zeros(count, np.int64)
        for column in columns:
            inside = np.array([str(v).count("\n") for v in column.values] + [0], np.int64)
            breaks += inside[column.codes]
        rows[1:] += np.cumsum(breaks)[:-1]
    return rows
