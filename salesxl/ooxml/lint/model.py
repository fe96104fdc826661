"""What the checks share: the package, its findings, and what the workbook declares."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError

from salesxl.ooxml.lint.areas import Area
from salesxl.ooxml.lint.finding import Findings, TooManyFindingsError
from salesxl.ooxml.lint.stream import (
    CellSink,
    Start,
    TooLargeError,
    Tree,
    UnsafeXmlError,
    parse,
    walk,
)
from salesxl.opc.package import BAD_PART, Package


@dataclass(frozen=True)
class Relation:
    """One relationship; `target` is the part's name, or "" when it is external."""

    id: str
    kind: str  # last word of its type
    target: str


@dataclass(frozen=True)
class Sheet:
    """A tab: its name, its id, its part and the relationship's kind."""

    name: str
    id: str
    part: str
    kind: str


@dataclass
class Table:
    """A table as its part declares it."""

    part: str
    sheet: str
    name: str
    ref: str
    area: Area | None
    header: bool
    totals: bool
    columns: tuple[str, ...]


@dataclass
class Styles:
    """How many of each there are; None: the part is missing or unreadable."""

    cells: int | None = None
    differential: int | None = None


@dataclass
class Strings:
    """The shared strings: how many, and which are too long for a cell."""

    count: int = 0
    long: dict[int, int] = field(default_factory=dict)  # index → length


@dataclass
class Context:
    """One file under examination."""

    package: Package
    findings: Findings
    parts: dict[str, str] = field(default_factory=dict)  # casefolded name → name
    relations: dict[str, tuple[Relation, ...]] = field(default_factory=dict)
    sheets: list[Sheet] = field(default_factory=list)
    tabs: frozenset[str] = frozenset()  # casefolded
    names: frozenset[str] = frozenset()  # defined names, casefolded
    filters: dict[int, str] = field(default_factory=dict)  # sheet index → _FilterDatabase
    tables: list[Table] = field(default_factory=list)
    table_names: frozenset[str] = frozenset()  # casefolded
    styles: Styles = field(default_factory=Styles)
    strings: Strings = field(default_factory=Strings)
    seen: set[str] = field(default_factory=set)  # parts read so far

    def find(self, part: str) -> str | None:
        """The part as the package spells it; part names do not differ by case."""
        return self.parts.get(part.casefold())

    def read(self, part: str, cells: CellSink | None = None) -> Tree | None:
        """A part as a tree; None, and a finding, where it cannot be read (to its end)."""
        with self.guard(part), self.package.open(part) as stream:
            return parse(stream, cells)
        return None

    def walk(self, part: str, on_start: Start | None = None) -> None:
        """A part read to its end with nothing kept; a finding where that fails."""
        with self.guard(part), self.package.open(part) as stream:
            walk(stream, on_start)

    @contextmanager
    def guard(self, part: str) -> Iterator[None]:
        """What can go wrong while reading `part` becomes a finding."""
        self.seen.add(part)
        try:
            yield
        except UnsafeXmlError:
            self.findings.add("unsafe_xml", part)
        except TooLargeError:
            self.findings.add("too_large", part)
        except TooManyFindingsError:
            pass
        except ExpatError as error:
            self.findings.add("broken_xml", part, line=error.lineno)
        except (*BAD_PART, zlib.error, OSError):
            self.findings.add("broken_part", part)

    def related(self, part: str, kind: str) -> list[str]:
        """The parts that `part` relates to by `kind` and that exist."""
        found = (self.find(r.target) for r in self.relations.get(part, ()) if r.kind == kind)
        return [name for name in found if name is not None]

    def say(self, part: str, cell: str = "", tab: str = "") -> Callable[..., None]:
        """`say(code, **values)` for one place."""

        def add(code: str, **values: object) -> None:
            self.findings.add(code, part, cell, tab=tab, **values)

        return add
