"""A folder of two regional workbooks as they are sent, and ways to spoil a returned one."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl

from salesxl.batch.output import packed
from salesxl.ooxml.identity import with_identity
from salesxl.plan.read import read_plan
from salesxl.plan.targets import breakdown
from salesxl.sheets.plan_book import write_plan
from salesxl.sheets.scope import head_office, narrow
from salesxl.sheets.workbook import build_book
from salesxl.texts import Lang
from tests.generate_sample import plan as sample_plan

RUN = "A1B2C3D4"


def send(folder: Path, plan: Path, lang: Lang = "en", run: str = RUN) -> None:
    """The plan's regions as workbooks in `folder`, with the manifest."""
    folder.mkdir()
    if not plan.exists():
        write_plan(sample_plan(), plan, lang)
    read = read_plan(plan)
    head = head_office(read, breakdown(read), None, lang)
    entries = []
    for region in read.leaf_regions:
        marks = {"salesxl_scope": "region", "salesxl_key": region.id, "salesxl_run": run}
        data = with_identity(packed(build_book(narrow(head, region))), marks)
        path = folder / f"{region.name}.xlsx"
        path.write_bytes(data)
        entries.append({
            "file": path.name, "kind": "region", "key": region.id, "scope": region.name,
            "sha256": hashlib.sha256(data).hexdigest(),
        })  # fmt: skip
    said = {"kind": "generate", "files": entries}
    (folder / "manifest.json").write_text(json.dumps(said), encoding="utf-8")


@contextmanager
def edited(source: Path, target: Path) -> Iterator[Any]:
    """`source` opened with openpyxl, to be saved as `target`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl drops what it does not know
        book = openpyxl.load_workbook(source)
        yield book
        book.save(target)


def table_rows(book: Any, name: str) -> tuple[Any, dict[str, int], list[int]]:
    """The sheet of a table, header → column, and the rows of its body (all from 1)."""
    for sheet in book.worksheets:
        if name in sheet.tables:
            first, last = sheet.tables[name].ref.split(":")
            top, left = sheet[first].row, sheet[first].column
            bottom, right = sheet[last].row, sheet[last].column
            heads = {sheet.cell(top, col).value: col for col in range(left, right + 1)}
            return sheet, heads, list(range(top + 1, bottom + 1))
    raise KeyError(name)
