"""Styles of a template and of our content side by side.

A cell of ours keeps what its style says where the template's row says the same, and
takes the template's font, fill, border … wherever a person has changed them: the look
is mixed by component, never replaced as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from salesxl.ooxml.pour.cells import quote
from salesxl.ooxml.template.locate import Element, elements, plain
from salesxl.sheets.content import Look
from salesxl.sheets.styles import resolve
from salesxl.texts import Lang

PARTS = ("number", "font", "fill", "border", "alignment", "protection")
_OF = {
    "num_format": "number", "bg_color": "fill", "locked": "protection", "align": "alignment",
    "valign": "alignment", "indent": "alignment", "text_wrap": "alignment", "bold": "font",
    "underline": "font", "italic": "font",
}  # fmt: skip
_SIDES = ("left", "right", "top", "bottom")
_FIRST_OWN = 164


def component(key: str) -> str:
    """Which component of a style a property of ours belongs to."""
    if key.startswith("font"):
        return "font"
    if key.split("_")[0] in _SIDES:
        return "border"
    return _OF[key]


@dataclass(frozen=True)
class Xf:
    """One cell format, its components as XML or code rather than as numbers."""

    number: str
    font: str
    fill: str
    border: str
    alignment: str
    protection: str


@dataclass(frozen=True)
class StyleSheet:
    """``xl/styles.xml`` taken apart."""

    data: bytes
    spots: Mapping[str, Element]  # container → where it stands
    items: Mapping[str, tuple[str, ...]]  # fonts, fills, borders, dxfs → XML of each
    codes: Mapping[int, str]  # number format → code
    xfs: tuple[tuple[int, int, int, int, str, str, str], ...]  # ids, alignment, protection, xfId

    def xf(self, number: int) -> Xf:
        fmt, font, fill, border, alignment, protection, _ = self.xfs[min(number, len(self.xfs) - 1)]
        code = self.codes.get(fmt, f"#{fmt}")
        return Xf(
            code, self.items["fonts"][font], self.items["fills"][fill],
            self.items["borders"][border], alignment, protection,
        )  # fmt: skip


_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs",
          "tableStyles", "colors", "extLst")  # fmt: skip
_CONTAINERS = {"fonts": "font", "fills": "fill", "borders": "border", "dxfs": "dxf"}


def read_styles(data: bytes, file: str = "", part: str = "xl/styles.xml") -> StyleSheet:
    """The style part in UTF-8. Raises `SalesxlError` when it is broken."""
    names = {*_CONTAINERS.values(), *_ORDER, "numFmt", "xf", "alignment", "protection"}
    spots: dict[str, Element] = {}
    items: dict[str, list[str]] = {name: [] for name in _CONTAINERS}
    codes: dict[int, str] = {}
    xfs: list[list[object]] = []
    for one in elements(data, names, file, part):
        depth, parent = len(one.path), one.path[-1] if one.path else ""
        if depth == 1:
            spots[one.tag] = one
        elif depth == 2 and parent in _CONTAINERS and one.tag == _CONTAINERS[parent]:
            items[parent].append(data[one.start : one.end].decode())
        elif depth == 2 and parent == "numFmts":
            code = plain(one.attributes.get("formatCode", "").encode())
            codes[int(one.attributes.get("numFmtId", 0))] = code
        elif depth == 2 and parent == "cellXfs" and one.tag == "xf":
            ids = [
                int(one.attributes.get(key, 0))
                for key in ("numFmtId", "fontId", "fillId", "borderId")
            ]
            xfs.append([*ids, "", "", one.attributes.get("xfId", "0")])
        elif depth == 3 and one.path[1] == "cellXfs" and xfs:
            xfs[-1][4 if one.tag == "alignment" else 5] = data[one.start : one.end].decode()
    kept = tuple(tuple(xf) for xf in xfs) or ((0, 0, 0, 0, "", "", "0"),)
    return StyleSheet(
        data,
        spots,
        {name: tuple(found) for name, found in items.items()},
        codes,
        kept,  # type: ignore[arg-type]
    )


@dataclass
class Inks:
    """The styles of one poured workbook: the template's, and those added to them."""

    sheet: StyleSheet
    lang: Lang
    currency: str
    decimals: int
    ours: Callable[[Look], Xf]  # the look as we would write it
    then: tuple[str, int]  # currency and decimals the template was made with
    added: dict[str, list[str]] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    _found: dict[tuple[object, ...], int] = field(default_factory=dict)
    _plain: dict[tuple[Look, str, int], dict[str, dict[str, object]]] = field(default_factory=dict)

    def mixed(self, style: int, was: Look, look: Look) -> int:
        """The template's style `style`, made for `was`, as the style of `look`."""
        if was == look and self.then == (self.currency, self.decimals):
            return style
        key = ("mixed", style, was, look)
        found = self._found.get(key)
        if found is None:
            before = self._components(was, *self.then)
            after = self._components(look, self.currency, self.decimals)
            theirs, ours = self.sheet.xf(style), self.ours(look)
            xf = Xf(
                *(
                    getattr(theirs if before.get(part) == after.get(part) else ours, part)
                    for part in PARTS
                )
            )
            found = self._found[key] = self.number(xf, style)
        return found

    def own(self, look: Look) -> int:
        """The style of `look` as we would write it."""
        key = ("own", look)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self.number(self.ours(look), 0)
        return found

    def _components(self, look: Look, currency: str, decimals: int) -> dict[str, dict[str, object]]:
        key = (look, currency, decimals)
        found = self._plain.get(key)
        if found is None:
            found = self._plain[key] = {}
            properties = resolve(look, self.lang, currency, decimals)
            for name, value in properties.items():
                found.setdefault(component(name), {})[name] = value
        return found

    def number(self, xf: Xf, like: int) -> int:
        """The number of a cell format, added where the template has none such."""
        key = ("xf", xf)
        found = self._found.get(key)
        if found is None:
            parent = self.sheet.xfs[min(like, len(self.sheet.xfs) - 1)][6]
            attributes = {
                "numFmtId": self._code(xf.number),
                "fontId": self._item("fonts", xf.font),
                "fillId": self._item("fills", xf.fill),
                "borderId": self._item("borders", xf.border),
                "xfId": parent,
            }
            said = "".join(f' {name}="{value}"' for name, value in attributes.items())
            said += ' applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1"'
            inner = xf.alignment + xf.protection
            if xf.alignment:
                said += ' applyAlignment="1"'
            if xf.protection:
                said += ' applyProtection="1"'
            xml = f"<xf{said}>{inner}</xf>" if inner else f"<xf{said}/>"
            found = self._found[key] = self._append("cellXfs", xml, len(self.sheet.xfs))
        return found

    def rule(self, xml: str) -> int:
        """The number of a differential format."""
        return self._item("dxfs", xml)

    def _item(self, kind: str, xml: str) -> int:
        known = self.sheet.items[kind]
        key = (kind, xml)
        if key not in self._found:
            if kind != "dxfs" and xml in known:
                self._found[key] = known.index(xml)
            else:
                self._found[key] = self._append(kind, xml, len(known))
        return self._found[key]

    def _append(self, kind: str, xml: str, before: int) -> int:
        more = self.added.setdefault(kind, [])
        more.append(xml)
        return before + len(more) - 1

    def _code(self, code: str) -> int:
        if code.startswith("#") and code[1:].isdigit():
            return int(code[1:])
        for number, known in self.sheet.codes.items():
            if known == code:
                return number
        if code not in self.codes:
            taken = [*self.sheet.codes, *self.codes.values(), _FIRST_OWN - 1]
            self.codes[code] = max(taken) + 1
        return self.codes[code]

    def xml(self) -> bytes:
        """The style part with everything that was added."""
        edits = []
        spots = self.sheet.spots
        text = self.sheet.data
        if self.codes:
            made = "".join(
                f'<numFmt numFmtId="{number}" formatCode="{quote(code)}"/>'
                for code, number in self.codes.items()
            )
            count = len(self.sheet.codes) + len(self.codes)
            edits.append(_extended(text, spots.get("numFmts"), "numFmts", made, count, spots))
        for kind, more in self.added.items():
            before = len(self.sheet.xfs) if kind == "cellXfs" else len(self.sheet.items[kind])
            made = "".join(more)
            edits.append(_extended(text, spots.get(kind), kind, made, before + len(more), spots))
        pieces, done = [], 0
        for start, end, new in sorted(edits):
            pieces += [text[done:start], new.encode()]
            done = end
        pieces.append(text[done:])
        return b"".join(pieces)


_COUNT = re.compile(r'\bcount="\d+"')


def _extended(
    data: bytes, spot: Element | None, kind: str, more: str, count: int,
    spots: Mapping[str, Element],
) -> tuple[int, int, str]:  # fmt: skip
    """The edit that puts `more` at the end of a container, or makes the container."""
    if spot is not None:
        head = data[spot.start : spot.inner_start].decode()
        inner = "" if spot.empty else data[spot.inner_start : spot.inner_end].decode()
        if spot.empty:
            head = head.rstrip()[:-2].rstrip() + ">"
        head = _COUNT.sub(f'count="{count}"', head)
        return spot.start, spot.end, f"{head}{inner}{more}</{spot.prefix}{kind}>"
    made = f'<{kind} count="{count}">{more}</{kind}>'
    for later in _ORDER[_ORDER.index(kind) + 1 :]:
        if later in spots:
            return spots[later].start, spots[later].start, made
    raise ValueError("a style part without cell formats")
