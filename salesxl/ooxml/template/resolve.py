"""What a `Fill` says, found in the template: every name its place, every column its column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from salesxl.errors import Problem, SalesxlError
from salesxl.ooxml.template.columns import Value, plain_list
from salesxl.ooxml.template.fill import Columns, Fill, Item
from salesxl.ooxml.template.places import MARKER, Place, markers, text_of
from salesxl.ooxml.template.rows import Kept

if TYPE_CHECKING:
    from salesxl.ooxml.template.compile import Template

Cells = dict[tuple[int, int], Value | Kept]
_BAD_TITLE = frozenset("[]:*?/\\")
_SHOWN = 12  # names told in a problem


@dataclass(frozen=True)
class ListJob:
    """A list to be written: `columns` by column number, `count` entries."""

    place: Place
    columns: Mapping[int, Sequence[Value] | Kept]
    count: int


@dataclass(frozen=True)
class Content:
    """What goes into a stretch of rows, at their places in the template."""

    cells: Cells = field(default_factory=dict)
    lists: list[ListJob] = field(default_factory=list)


@dataclass(frozen=True)
class BlockJob:
    """A block to be written once an item; without items it vanishes."""

    place: Place
    items: tuple[Content, ...]


@dataclass
class SheetJob:
    """All that is filled on one sheet."""

    title: str = ""  # the new title, "" if it stays
    dropped: bool = False
    content: Content = field(default_factory=Content)
    blocks: list[BlockJob] = field(default_factory=list)

    @property
    def is_filled(self) -> bool:
        return bool(self.content.cells or self.content.lists or self.blocks)

    @property
    def contents(self) -> list[Content]:
        """Everything filled here, a block's items one by one."""
        return [self.content, *(item for one in self.blocks for item in one.items)]


Jobs = dict[str, SheetJob]  # by sheet title as the template has it


def resolve(template: Template, fill: Fill) -> Jobs:
    """The jobs of every sheet. Raises `SalesxlError` with every name that is not there."""
    return _Resolver(template, fill).run()


class _Resolver:
    def __init__(self, template: Template, fill: Fill) -> None:
        self.template = template
        self.fill = fill
        self.file = template.package.file
        self.problems: list[Problem] = []
        self.jobs: Jobs = {title: SheetJob() for title in template.titles}
        made = template.made
        if "by_name" not in made:
            made["by_name"] = by_name(template.places.values())
        self.places: dict[str, Place] = made["by_name"]
        self.repeated: set[str] = set()  # blocks that are filled
        self.gone: set[str] = set()  # blocks that are dropped

    def run(self) -> Jobs:
        self._drops()
        self._titles()
        for name, items in self.fill.blocks.items():
            self._block(name, items)
        for name, value in self.fill.cells.items():
            place = self._place(name, "unknown_cell", "cell")
            if place and self._is_open(place):
                self.jobs[place.sheet].content.cells[place.area[:2]] = value
        for name, columns in self.fill.lists.items():
            place = self._place(name, "unknown_list", "list", "table", "cell")
            if place and self._is_open(place):
                self._list(self.jobs[place.sheet].content, place, columns)
        if self.problems:
            raise SalesxlError(self.problems)
        return self.jobs

    def _fail(self, code: str, **values: object) -> None:
        self.problems.append(Problem(f"fill.{code}", self.file, values))

    def _place(self, name: str, code: str, *kinds: str) -> Place | None:
        place = self.places.get(name.casefold())
        if place is None or place.kind not in kinds:
            usual = kinds[:2]  # a cell can be filled as a list, but is not called one
            known = [one.name for one in self.template.places.values() if one.kind in usual]
            self._fail(code, name=name, known=listing(known))
            return None
        return place

    def _drops(self) -> None:
        titles = {title.casefold(): title for title in self.jobs}
        for name in sorted(self.fill.drop):
            place = self.places.get(name.casefold())
            if place is not None and place.kind == "block":
                self.gone.add(place.name)
                self.jobs[place.sheet].blocks.append(BlockJob(place, ()))
            elif name.casefold() in titles:
                self.jobs[titles[name.casefold()]].dropped = True
            else:
                blocks = [p.name for p in self.template.places.values() if p.kind == "block"]
                self._fail("unknown_drop", name=name, known=listing([*blocks, *self.jobs]))
        shown = [
            title for title, job in self.jobs.items()
            if not job.dropped and title not in self.template.hidden
        ]  # fmt: skip
        if not shown:
            self._fail("all_dropped")

    def _titles(self) -> None:
        titles = {title.casefold(): title for title in self.jobs}
        for old, new in self.fill.titles.items():
            title = titles.get(old.casefold())
            if title is None:
                self._fail("unknown_drop", name=old, known=listing(list(self.jobs)))
            elif not _is_title(new):
                self._fail("bad_title", name=new)
            else:
                self.jobs[title].title = new
        seen: set[str] = set()
        for title, job in self.jobs.items():
            name = (job.title or title).casefold()
            if not job.dropped and name in seen:
                self._fail("title_taken", name=job.title or title)
            seen.add(name)

    def _is_open(self, place: Place) -> bool:
        """Whether a place is filled here: not dropped, not part of a repeated block."""
        around = place.block
        while around:
            if around in self.gone:
                return False
            if around in self.repeated:
                self._fail("inside_block", name=place.name, block=around)
                return False
            around = self.template.places[around].block
        return not self.jobs[place.sheet].dropped

    def _block(self, name: str, items: Sequence[Item]) -> None:
        place = self._place(name, "unknown_block", "block")
        if place is None or place.name in self.gone or not self._is_open(place):
            return
        self.repeated.add(place.name)
        contents = tuple(self._item(place, item) for item in items)
        self.jobs[place.sheet].blocks.append(BlockJob(place, contents))

    def _item(self, block: Place, item: Item) -> Content:
        inside, texts = self._inside(block)
        content = Content()
        given = {key.casefold(): value for key, value in item.cells.items()}
        known = {key.casefold() for _, _, _, keys in texts for key in keys}
        for key in item.cells:
            place = inside.get(key.casefold())
            if place is not None and place.kind == "cell":
                content.cells[place.area[:2]] = item.cells[key]
            elif key.casefold() not in known:
                self._fail("unknown_key", name=block.name, key=key, known=listing(
                    [*block.columns, *(p.name for p in inside.values() if p.kind == "cell")]
                ))  # fmt: skip
        for row, col, text, keys in texts:
            if (row, col) not in content.cells:
                content.cells[row, col] = _marked(text, keys, given)
        for name, columns in item.lists.items():
            place = inside.get(name.casefold())
            if place is None or place.kind == "block":
                lists = [p.name for p in inside.values() if p.kind in ("list", "table")]
                self._fail("unknown_list", name=name, known=listing(lists))
            else:
                self._list(content, place, columns)
        return content

    def _inside(
        self, block: Place
    ) -> tuple[dict[str, Place], list[tuple[int, int, str, tuple[str, ...]]]]:
        """The places in a block, and its texts with ``{key}``: (row, column, text, keys)."""
        key = ("inside", block.name)
        found = self.template.made.get(key)
        if found is None:
            inside = [p for p in self.template.places.values() if p.block == block.name]
            sheet, shared = self.template.sheets[block.sheet], self.template.shared
            lists = [place.area for place in inside if place.kind in ("list", "table")]
            texts = {}
            for row, col, _ in markers(sheet, block.area, shared):
                if not any(a <= row <= c and b <= col <= d for a, b, c, d in lists):
                    text = text_of(sheet, row, col, shared)
                    texts[row, col] = (row, col, text, tuple(MARKER.findall(text)))
            found = self.template.made[key] = (by_name(inside), list(texts.values()))
        return found

    def _list(self, content: Content, place: Place, columns: Columns) -> None:
        numbers = self._columns(place, tuple(columns))
        if numbers is None:
            return
        kept: dict[int, Sequence[Value] | Kept] = {}
        counts: dict[str, int] = {}
        for (name, given), number in zip(columns.items(), numbers, strict=True):
            if isinstance(given, Kept):
                values: Any = plain_list(given.values)
                kept[number] = Kept(values)
            else:
                values = kept[number] = plain_list(given)
            counts[name] = len(values)
        if len(set(counts.values())) > 1:
            told = ", ".join(f"{name} {count}" for name, count in counts.items())
            self._fail("uneven_columns", name=place.name, counts=told)
            return
        count = next(iter(counts.values()), 0)
        content.lists.append(ListJob(place, kept, count))

    def _columns(self, place: Place, keys: tuple[str, ...]) -> tuple[int, ...] | None:
        """The column number of each key; by position where no key is a column's."""
        memo = ("columns", place.name, keys)
        found: tuple[int, ...] | None = self.template.made.get(memo)
        if found is not None:
            return found
        known = {name.casefold(): place.area.first_col + i for i, name in enumerate(place.columns)}
        if place.kind != "table" and not any(key.casefold() in known for key in keys):
            last = place.area.first_col + len(keys) - 1
            if last <= place.area.last_col:
                found = tuple(range(place.area.first_col, last + 1))
        if found is None:
            wrong = [key for key in keys if key.casefold() not in known]
            for key in wrong:
                self._fail("unknown_column", name=place.name, column=key,
                           known=listing(list(place.columns)))  # fmt: skip
            if wrong:
                return None
            found = tuple(known[key.casefold()] for key in keys)
        self.template.made[memo] = found
        return found


def by_name(places: Iterable[Place]) -> dict[str, Place]:
    """Places by name in lower case; a sheet's own name also without the sheet's title, if
    no other place has it."""
    found: dict[str, Place] = {}
    short: dict[str, list[Place]] = {}
    for place in places:
        found[place.name.casefold()] = place
        if "!" in place.name:
            short.setdefault(place.name.rpartition("!")[2].casefold(), []).append(place)
    for name, candidates in short.items():
        if len(candidates) == 1:
            found.setdefault(name, candidates[0])
    return found


def listing(names: Sequence[str]) -> str:
    """Names as told in a problem: the first dozen."""
    if not names:
        return "–"
    more = ", …" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _marked(text: str, keys: Sequence[str], given: Mapping[str, Value | Kept]) -> Value | Kept:
    """A text with its ``{key}`` filled; a lone key keeps its value's type. Unknown: blank."""
    if len(keys) == 1 and text.strip() == f"{{{keys[0]}}}":
        return given.get(keys[0].casefold())
    for key in keys:
        value = given.get(key.casefold())
        text = text.replace(f"{{{key}}}", "" if value is None else str(value))
    return text


def _is_title(title: str) -> bool:
    return (
        0 < len(title) <= 31
        and not _BAD_TITLE & set(title)
        and not title.startswith("'")
        and not title.endswith("'")
        and title.casefold() != "history"
        and title.isprintable()
    )
