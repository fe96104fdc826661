"""One workbook under way: the template's parts, and what is different in this file.

>>> draft = template.draft()
>>> draft.put("xl/worksheets/sheet1.xml", xml)
>>> data = draft.done("fast")
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from salesxl.ooxml.template.deflate import Packing, pack
from salesxl.ooxml.template.locate import attribute, edited, elements
from salesxl.ooxml.template.package import (
    CONTENT_TYPES,
    Member,
    RawPackage,
    Relation,
    content_types,
    read_relations,
    relations_part,
    write_package,
)

if TYPE_CHECKING:
    from salesxl.ooxml.template.strings import Strings

_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NO_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<Relationships xmlns="{_PACKAGE}"></Relationships>'
).encode()  # fmt: skip
# Elements of the workbook that stand before ``calcPr``, last first.
_BEFORE_CALC = ("definedNames", "externalReferences", "functionGroups", "sheets")


class Draft:
    """Parts that are not put, added or dropped are copied as they lie in the template."""

    def __init__(
        self, package: RawPackage, workbook: str, strings: Strings | None = None,
        strings_part: str = "", date1904: bool = False,
    ) -> None:  # fmt: skip
        self.package = package
        self.workbook = workbook  # the workbook's part
        self.date1904 = date1904
        self._strings = strings
        self._strings_part = strings_part
        self._put: dict[str, bytes] = {}
        self._packed: dict[str, Member] = {}
        self._dropped: set[str] = set()
        self._recalculate = False

    @property
    def strings(self) -> Strings:
        """The shared strings of this file."""
        assert self._strings is not None
        return self._strings

    def __contains__(self, part: str) -> bool:
        return part in self._put or (part in self.package and part not in self._dropped)

    def read(self, part: str) -> bytes:
        """A part as it is now."""
        found = self._put.get(part)
        if found is None and part in self._packed:
            return self._packed[part].unpacked()
        return self.package.data(part) if found is None else found

    def text(self, part: str) -> str:
        """An XML part as it is now."""
        if part in self._put or part in self._packed:
            return self.read(part).decode()
        return self.package.text(part)

    def put(self, part: str, data: bytes) -> None:
        """Replace a part of the template."""
        self._put[part] = data
        self._packed.pop(part, None)

    def put_packed(self, member: Member) -> None:
        """Replace a part of the template by one that is packed already."""
        self._packed[member.name] = member
        self._put.pop(member.name, None)

    def add(self, part: str, data: bytes, content_type: str) -> None:
        """A part the template does not have, with its content type."""
        self._put[part] = data
        self._dropped.discard(part)
        types = self.read(CONTENT_TYPES)
        root = elements(types, {"Types"})[0]
        made = f"<{root.prefix}Override PartName={quoteattr('/' + part)} "
        made += f"ContentType={quoteattr(content_type)}/>"
        self.put(CONTENT_TYPES, edited(types, [(root.inner_end, root.inner_end, made.encode())]))

    def content_types(self) -> Mapping[str, str]:
        """Part → content type, of the parts that have one of their own."""
        return content_types(self.read(CONTENT_TYPES), self.package.file)

    def relations(self, part: str) -> list[Relation]:
        """The relationships of a part as they are now."""
        source = relations_part(part)
        if source not in self:
            return []
        return list(read_relations(self.read(source), part, self.package.file, source))

    def relate(self, part: str, kind: str, target: str) -> str:
        """Let `part` refer to part `target`; `kind`: the type's last word, or the whole
        address of a type. The new relationship's id."""
        source = relations_part(part)
        data = self.read(source) if source in self else _NO_RELATIONS
        root = elements(data, {"Relationships"})[0]
        taken = {one.id for one in self.relations(part)}
        number = len(taken) + 1
        while f"rId{number}" in taken:
            number += 1
        folder = posixpath.dirname(part) or "/"
        values = {
            "Id": f"rId{number}",
            "Type": kind if ":" in kind else f"{_OFFICE}/{kind}",
            "Target": posixpath.relpath("/" + target, "/" + folder.strip("/")),
        }
        made = "".join(f" {name}={quoteattr(value)}" for name, value in values.items())
        made = f"<{root.prefix}Relationship{made}/>"
        if root.empty:
            head = data[: root.inner_start].rstrip()[:-2]
            data = head + f">{made}</{root.prefix}Relationships>".encode()
        else:
            data = edited(data, [(root.inner_end, root.inner_end, made.encode())])
        self.put(source, data)
        return values["Id"]

    def relate_as(self, part: str, id: str, like: str, target: str) -> None:
        """Give `part` a relationship `id` of the kind that `like` is, to part `target`."""
        source = relations_part(part)
        data = self.read(source)
        found = elements(data, {"Relationship"})
        model = next(one for one in found if attribute(one, "Id") == like)
        folder = "/" + posixpath.dirname(part)
        values = {**model.attributes, "Id": id,
                  "Target": posixpath.relpath("/" + target, folder)}  # fmt: skip
        made = "".join(f" {name}={quoteattr(value)}" for name, value in values.items())
        made = f"<{model.prefix}Relationship{made}/>"
        self.put(source, edited(data, [(model.end, model.end, made.encode())]))

    def unrelate(self, part: str, id: str) -> None:
        """Take a relationship away, and the part it led to when no other leads there."""
        targets = [one for one in self.relations(part) if one.id == id]
        self._cut(relations_part(part), "Relationship", "Id", id)
        for one in targets:
            if not one.external and one.target in self and not self._is_referred_to(one.target):
                self.drop(one.target)

    def drop(self, part: str) -> None:
        """Leave a part out, with its content type, its relationships and those to it, and
        the parts that only it referred to."""
        if part not in self:
            return
        targets = [one.target for one in self.relations(part) if not one.external]
        self._leave_out(part)
        self._leave_out(relations_part(part))
        self._cut(CONTENT_TYPES, "Override", "PartName", "/" + part)
        for source in self._sources():
            folder, name = posixpath.split(source)
            owner = posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))
            for one in read_relations(self.read(source), owner, self.package.file, source):
                if one.target == part and not one.external:
                    self._cut(source, "Relationship", "Id", one.id)
        for target in targets:
            if target in self and not self._is_referred_to(target):
                self.drop(target)

    def _leave_out(self, part: str) -> None:
        self._put.pop(part, None)
        self._packed.pop(part, None)
        self._dropped.add(part)

    def _sources(self) -> list[str]:
        names = {*self.package.members, *self._put} - self._dropped
        return sorted(name for name in names if name.endswith(".rels"))

    def _is_referred_to(self, part: str) -> bool:
        name = posixpath.basename(part).encode()
        for source in self._sources():
            data = self.read(source)
            if name in data:
                folder, base = posixpath.split(source)
                owner = posixpath.join(posixpath.dirname(folder), base.removesuffix(".rels"))
                for one in read_relations(data, owner, self.package.file, source):
                    if one.target == part and not one.external:
                        return True
        return False

    def _cut(self, part: str, tag: str, name: str, value: str) -> None:
        data = self.read(part)
        spans = [
            (one.start, one.end, b"")
            for one in elements(data, {tag})
            if attribute(one, name) == value
        ]
        if spans:
            self.put(part, edited(data, spans))

    def recalculate(self) -> None:
        """Have the workbook calculated when it is opened."""
        self._recalculate = True

    def done(self, packing: Packing = "fast") -> bytes:
        """The file. Shared strings are written here; same inputs, same bytes."""
        return write_package(self.members(packing))

    def members(self, packing: Packing) -> list[Member]:
        """The members of the file, in the template's order, new parts last."""
        if self._strings is not None:
            self.put(self._strings_part, self._strings.xml())
        if self._recalculate:
            self.put(self.workbook, calculated_on_load(self.read(self.workbook)))
        put = self._put
        made: list[Member] = []
        for name, member in self.package.members.items():
            if name in put:
                made.append(pack(name, put[name], packing))
            elif name not in self._dropped:
                made.append(self._packed.get(name, member))
        made += [
            pack(name, data, packing)
            for name, data in put.items()
            if name not in self.package.members
        ]
        return made


def calculated_on_load(workbook: bytes) -> bytes:
    """``workbook.xml`` that asks for a full calculation on opening."""
    found = elements(workbook, {"workbook", "calcPr", *_BEFORE_CALC})
    calc = next((one for one in found if one.tag == "calcPr"), None)
    if calc is not None:
        values = {**calc.attributes, "fullCalcOnLoad": "1"}
        made = "".join(f" {name}={quoteattr(value)}" for name, value in values.items())
        return edited(workbook, [(calc.start, calc.end, f"<{calc.prefix}calcPr{made}/>".encode())])
    for tag in _BEFORE_CALC:
        before = next((one for one in found if one.tag == tag), None)
        if before is not None:
            made = f'<{before.prefix}calcPr calcId="0" fullCalcOnLoad="1"/>'
            return edited(workbook, [(before.end, before.end, made.encode())])
    return workbook
