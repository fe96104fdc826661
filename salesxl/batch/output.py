"""How a book becomes a file: our own look, a restyled template of ours, or somebody's workbook.

`open_output` reads templates once; an `Output` is picklable and serves every workbook
of a run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from salesxl.errors import Problem, SalesxlError, fail
from salesxl.ooxml.pour.fields import Fields, fields_of, fill_of
from salesxl.ooxml.pour.frame import parts_of
from salesxl.ooxml.pour.into import pour
from salesxl.ooxml.pour.recalc import program, recalculated
from salesxl.ooxml.pour.target import Target, target_of
from salesxl.ooxml.template.compile import Template, compile_template
from salesxl.ooxml.template.deflate import Packing, pack
from salesxl.ooxml.template.package import write_package
from salesxl.sheets.content import Book, Scalar
from salesxl.texts import Lang

Source = Target | Template
_OF_A_PLAN = {"settings", "regions", "product_lines", "month_weights"}


@dataclass(frozen=True)
class Output:
    """`region` (a statement's as well) and `head` are the templates, None for our own look."""

    region: Source | None = None
    head: Source | None = None
    packing: Packing = "fast"
    recalc: bool = False

    def workbook(self, book: Book, is_head: bool, more: Mapping[str, Scalar] | Fields) -> bytes:
        """The file's bytes; `more` are the run's fields for a foreign template, or all fields."""
        source = self.head if is_head else self.region
        if source is None:
            return packed(book, self.packing)
        if isinstance(source, Target):
            data = pour(source, book, self.packing)
        else:
            fields = more if isinstance(more, Fields) else fields_of(book, more)
            fill = fill_of(source, fields)
            if not fill.cells and not fill.lists:
                raise fail("template.nothing_to_fill", source.package.file)
            data = source.fill(fill, self.packing)
        return recalculated(data, self.packing) if self.recalc else data


def packed(book: Book, packing: Packing = "fast") -> bytes:
    """The workbook in our own look; the same book gives the same bytes."""
    return write_package(pack(name, data, packing) for name, data in parts_of(book).items())


def open_output(
    template: Path | None, head_template: Path | None, lang: Lang, small: bool, recalc: bool
) -> Output:
    """The output of a run. `template`: a file, or a folder with templates of both kinds.

    Raises `SalesxlError` for a template of another kind or language, with every problem.
    """
    packing: Packing = "small" if small else "fast"
    if recalc and program() is None:
        raise fail("template.no_libreoffice")
    region: Source | None = None
    head: Source | None = None
    if template is not None and template.is_dir():
        region, head = _from_folder(template, lang, ("region", "head-office"))
        if region is None and head is None:
            raise fail("template.empty_folder", str(template), lang=lang)
    elif template is not None:
        region = _open(template, lang, "region")
    if head_template is not None:
        head = _open(head_template, lang, "head-office")
    return Output(region, head, packing, recalc)


def open_statement(template: Path | None, lang: Lang, small: bool, recalc: bool) -> Output:
    """The output of a pay run's statements. `template`: a file, or a folder that has one of them.

    Raises `SalesxlError` for a template of another kind or language.
    """
    if recalc and program() is None:
        raise fail("template.no_libreoffice")
    source: Source | None = None
    if template is not None and template.is_dir():
        (source,) = _from_folder(template, lang, ("statement",))
        if source is None:
            raise fail("template.no_statement", str(template), lang=lang)
    elif template is not None:
        source = _open(template, lang, "statement")
    return Output(source, None, "small" if small else "fast", recalc)


def read_template(path: Path) -> Source:
    """A template of ours, else the workbook as it is."""
    template = compile_template(path)
    return target_of(template) or template


def is_plan(source: Source) -> bool:
    """Whether it is a plan workbook: its tables have names of lists, but they are the input."""
    if isinstance(source, Target):
        return source.record.kind == "plan"
    tables = {name for name, place in source.places.items() if place.kind == "table"}
    return tables >= _OF_A_PLAN


def _open(path: Path, lang: Lang, wanted: str) -> Source:
    source = read_template(path)
    pays = wanted == "statement"
    if is_plan(source):
        raise fail("template.not_statement" if pays else "template.is_plan", path.name)
    if isinstance(source, Target):
        if source.record.kind != wanted:
            kind = source.record.kind.replace("-", "_")
            raise fail("template.not_statement" if pays else f"template.is_{kind}", path.name)
        if source.record.lang != lang:
            raise fail("template.other_language", path.name, lang=source.record.lang)
    return source


def _from_folder(folder: Path, lang: Lang, kinds: Sequence[str]) -> list[Source | None]:
    """The one template of each kind in the language of the run."""
    found: dict[str, list[tuple[Path, Source]]] = {kind: [] for kind in kinds}
    files: Sequence[Path] = sorted(
        path for path in folder.iterdir()
        if path.suffix.lower() in (".xlsx", ".xlsm") and not path.name.startswith("~$")
    )  # fmt: skip
    for path in files:
        source = read_template(path)
        if not isinstance(source, Target) or source.record.lang != lang:
            continue
        if source.record.kind in found:
            found[source.record.kind].append((path, source))
    problems = [
        Problem("template.several", str(folder), {"names": ", ".join(p.name for p, _ in many)})
        for many in found.values()
        if len(many) > 1
    ]
    if problems:
        raise SalesxlError(problems)
    return [many[0][1] if many else None for many in found.values()]
