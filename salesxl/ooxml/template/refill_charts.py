"""Chart caches filled anew, so that no number of the template survives in them.

A cache is what a chart shows before anything is calculated: in previews, in protected
view, on a phone. It sits beside the reference it was read from (ECMA-376 part 1, 21.2;
the ``c15`` and ``cx`` forms of Office 2013 and 2016 alike).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from html import escape
from math import isfinite
from typing import Any

from salesxl.ooxml.template.moves import MAX_ROW
from salesxl.ooxml.template.references import Area, areas
from salesxl.ooxml.template.scan import Document, Edits, Node, scan, scan_once

CellScalar = str | int | float | Decimal | bool | date | None
ValueOf = Callable[[str, int, int], CellScalar]

MAX_POINTS = 200_000  # of one cache; a larger range keeps an empty one
_CACHES = ("numCache", "strCache", "multiLvlStrCache", "dlblRangeCache", "dlblFieldTableCache")
_DIMENSIONS = ("strDim", "numDim")
_ERROR = re.compile(r"#(?:REF!|DIV/0!|N/A|VALUE!|NAME\?|NUM!|NULL!)")
_EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}


def refill_chart(
    xml: str,
    value_of: ValueOf,
    names: Mapping[str, str] | None = None,
    last_row: Callable[[str], int] | None = None,
    date1904: bool = False,
    memo: dict[tuple[str, ...], Any] | None = None,
) -> str:
    """A chart part, its ranges already followed, with every cache made anew.

    `value_of(sheet, row, col)`: what stands in a cell of the *filled* workbook (new title,
    new row, from 1); error values as text (``#N/A``). `names` (see `names_of`) resolves
    series that are defined names; `last_row(sheet)` bounds whole columns. What cannot be
    resolved, and series whose range vanished, keep an empty cache. Literals stay. `memo`:
    one for all charts of a file, which mostly share their categories.
    """
    doc = scan(xml)
    filler = _Filler(doc, value_of, names or {}, last_row, date1904, {} if memo is None else memo)
    for node in doc.named(*_CACHES):
        filler.cache(node)
    for node in doc.named(*_DIMENSIONS):
        filler.dimension(node)
    for node in doc.named("txData"):
        filler.text(node)
    return filler.edits.result()


def refill_links(xml: str, sheet: str, value_of: ValueOf) -> str:
    """`xl/drawings/drawingN.xml`, already followed: the text that shapes copy from a cell
    (``textlink``), without the cell's number format; Excel renews it when it calculates.

    `sheet`: the new title; `value_of` as in `refill_chart`.
    """
    doc = scan_once(xml)
    edits = Edits(doc)
    for shape in doc.named("sp"):
        link = doc.attr(shape, "textlink")
        if not link:
            continue
        found = areas(link, sheet)
        text = shown(value_of(*found[0][:3])) if found else None
        for number, node in enumerate(node for node in shape.walk() if node.name == "t"):
            edits.content(node, "" if number else text or "")
    return edits.result()


class _Filler:
    def __init__(
        self,
        doc: Document,
        value_of: ValueOf,
        names: Mapping[str, str],
        last_row: Callable[[str], int] | None,
        date1904: bool,
        memo: dict[tuple[str, ...], Any],
    ) -> None:
        self.doc = doc
        self._memo = memo
        self.edits = Edits(doc)
        self._value_of = value_of
        self._names = names
        self._last_row = last_row
        self._epoch = _EPOCHS[date1904]
        self._root = next(iter(doc.roots), None)

    def cache(self, node: Node) -> None:
        """One cache of ``c:`` or ``c15:``, from the reference beside it."""
        holder = node.parent
        if holder is None:
            return
        text = self._source(holder)
        if node.name == "multiLvlStrCache":
            self._fill(node, self._levels(node, self._areas_of(text)))
        elif node.name == "numCache":
            numbers = holder.name == "numRef" and _is_category(holder)
            if numbers and any(isinstance(v, str) and not _ERROR.fullmatch(v)
                               for v in self._values_of(text)):  # fmt: skip
                self._as_text(holder, node, self._values_of(text))
                return
            self._fill(node, self._format(node) + self._points_of(text, "n", node))
        else:
            self._fill(node, self._points_of(text, "s", node))

    def _values_of(self, source: str) -> list[CellScalar]:
        """What a reference means, looked up once a file."""
        key = ("values", source)
        if key not in self._memo:
            self._memo[key] = self._values(self._areas_of(source))
        return self._memo[key]  # type: ignore[no-any-return]

    def _points_of(self, source: str, kind: str, node: Node) -> str:
        """The points of a reference as numbers ("n") or texts ("s"), written once a file."""
        prefix = self._prefix(node)
        key = (kind, source, prefix)
        if key not in self._memo:
            show = self._number if kind == "n" else self._text
            self._memo[key] = self._points(self._values_of(source), show, prefix)
        return self._memo[key]  # type: ignore[no-any-return]

    def dimension(self, node: Node) -> None:
        """A ``cx:strDim`` or ``cx:numDim``: its levels hold the points themselves."""
        levels = [child for child in node.children if child.name == "lvl"]
        if not levels:
            return
        found = self._areas(node)
        show = self._number if node.name == "numDim" else self._text
        source = node.child("f")
        by_row = source is not None and self.doc.attr(source, "dir") == "row"
        lists = self._sides(found, by_row) if len(levels) > 1 else [self._values(found)]
        prefix = self._prefix(node)
        for number, level in enumerate(levels):
            values = lists[number] if number < len(lists) else []
            points = "".join(
                f'<{prefix}pt idx="{index}">{escape(text, quote=False)}</{prefix}pt>'
                for index, value in enumerate(values)
                if (text := show(value)) is not None
            )
            self.edits.attr(level, "ptCount", str(len(values)))
            self._fill(level, points)

    def text(self, node: Node) -> None:
        """The name of a ``cx`` series, or a ``cx`` title, read from a cell."""
        value = node.child("v")
        if value is not None and node.child("f") is not None:
            texts = [self._text(one) for one in self._values(self._areas(node))]
            self.edits.content(value, " ".join(text for text in texts if text))

    def _fill(self, node: Node, inner: str) -> None:
        doc = self.doc
        if node.inner == node.end:  # written as an empty element
            if inner:
                name = re.split(r"[\s/]", doc.text[node.start + 1 : node.inner], maxsplit=1)[0]
                self.edits.put(node.inner - 2, node.end, f">{inner}</{name}>")
        else:
            self.edits.put(node.inner, node.close, inner)

    def _prefix(self, node: Node) -> str:
        """``c:`` as this part writes it (a c15 cache holds points of ``c:``)."""
        return self.doc.prefix(self._root if self._root is not None else node)

    def _format(self, node: Node) -> str:
        code = node.child("formatCode")
        return "" if code is None else self.doc.text[code.start : code.end]

    def _points(
        self, values: Sequence[CellScalar], show: Callable[[CellScalar], str | None], prefix: str
    ) -> str:
        pieces = [f'<{prefix}ptCount val="{len(values)}"/>']
        pieces += [
            f'<{prefix}pt idx="{index}"><{prefix}v>{escape(text, quote=False)}</{prefix}v>'
            f"</{prefix}pt>"
            for index, value in enumerate(values)
            if (text := show(value)) is not None
        ]
        return "".join(pieces)

    def _levels(self, node: Node, found: list[Area]) -> str:
        """Categories of several levels: the innermost first."""
        prefix = self._prefix(node)
        old = sum(child.name == "lvl" for child in node.children)
        width = sum(area.last_col - area.first_col + 1 for area in found)
        height = sum(area.last_row - area.first_row + 1 for area in found)
        lists = self._sides(found, by_row=old == height and old != width)
        count = len(lists[0]) if lists else 0
        levels = []
        for values in lists:
            points = self._points(values, self._text, prefix)
            inner = points.split("/>", 1)[1]  # the levels share one ptCount
            levels.append(f"<{prefix}lvl>{inner}</{prefix}lvl>")
        return f'<{prefix}ptCount val="{count}"/>' + "".join(levels)

    def _sides(self, found: list[Area], by_row: bool) -> list[list[CellScalar]]:
        """The columns of the areas from right to left, or their rows from bottom to top."""
        lists = []
        for area in found:
            sheet, top, left, bottom, right = area
            if by_row:
                lists += [
                    self._values([Area(sheet, r, left, r, right)]) for r in range(top, bottom + 1)
                ]
            else:
                lists += [
                    self._values([Area(sheet, top, c, bottom, c)]) for c in range(left, right + 1)
                ]
        return lists[::-1]

    def _as_text(self, holder: Node, cache: Node, values: Sequence[CellScalar]) -> None:
        """Categories that were numbers in the template and are words now."""
        doc, prefix = self.doc, self._prefix(holder)
        source = holder.child("f")
        formula = "" if source is None else doc.text[source.start : source.end]
        points = self._points(values, self._text, prefix)
        cache_text = f"<{prefix}strCache>{points}</{prefix}strCache>"
        raw = f"<{prefix}strRef>{formula}{cache_text}</{prefix}strRef>"
        if source is None:
            self._fill(cache, self._format(cache) + self._points([], self._text, prefix))
        else:
            self.edits.put(holder.start, holder.end, raw)

    def _areas(self, holder: Node) -> list[Area]:
        return self._areas_of(self._source(holder))

    def _source(self, holder: Node) -> str:
        """The reference beside a cache."""
        source = holder.child("f")
        if source is None:  # c15: a filtered series keeps it in an extension
            source = next((n for n in holder.walk() if n.name == "sqref"), None)
        return "" if source is None else self.doc.content(source).strip()

    def _areas_of(self, text: str) -> list[Area]:
        """What a reference means; nothing if it cannot be known."""
        found = areas(text) if text else []
        if found is None:
            found = areas(self._named(text))
        bounded = [one for one in map(self._bounded, found or []) if one is not None]
        points = sum(
            (a.last_row - a.first_row + 1) * (a.last_col - a.first_col + 1) for a in bounded
        )
        return bounded if points <= MAX_POINTS else []

    def _named(self, text: str) -> str:
        sheet, _, name = text.removeprefix("=").rpartition("!")
        title = sheet.strip("'").replace("''", "'")
        for key in (f"{title}!{name}", name):
            formula = self._names.get(key.casefold())
            if formula is not None:
                return formula
        return ""

    def _bounded(self, area: Area) -> Area | None:
        if not area.sheet:
            return None
        if area.last_row < MAX_ROW or area.first_row > 1:
            return area
        last = self._last_row(area.sheet) if self._last_row else 0
        return area._replace(last_row=last) if last >= 1 else None

    def _values(self, found: list[Area]) -> list[CellScalar]:
        value_of = self._value_of
        return [
            value_of(area.sheet, row, col)
            for area in found
            for row in range(area.first_row, area.last_row + 1)
            for col in range(area.first_col, area.last_col + 1)
        ]

    def _number(self, value: CellScalar) -> str | None:
        if isinstance(value, str):
            return value if _ERROR.fullmatch(value) else None
        if value is None or isinstance(value, bool):
            return None
        return _plain(value, self._epoch)

    def _text(self, value: CellScalar) -> str | None:
        return shown(value, self._epoch)


def shown(value: CellScalar, epoch: date = _EPOCHS[False]) -> str | None:
    """A value as a label shows it, in no particular number format; None: nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, date) else _plain(value, epoch)


def _plain(value: int | float | Decimal | date, epoch: date) -> str | None:
    """A number, or a date's serial number."""
    if isinstance(value, datetime):
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        return _short((value.date() - epoch).days + seconds / 86400)
    if isinstance(value, date):
        return str((value - epoch).days)
    if isinstance(value, float):
        return _short(value) if isfinite(value) else None
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else None
    return str(value)


def _short(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _clean(text: str) -> str:
    """Text as XML can hold it; charts know no ``_xHHHH_`` escapes."""
    return _CONTROL.sub("", text)


def _is_category(holder: Node) -> bool:
    return holder.parent is not None and holder.parent.name in ("cat", "xVal")
