"""How fast workbooks are filled: our engine beside XlsxWriter and openpyxl, in one run.

    python scripts/bench/generate.py [--runs 5] [--many 200] [--quick]

Every engine makes the same 9-sheet workbook with the same cells, which is checked by
reading all outputs back. Times are CPU seconds a workbook on one core, medians and the
least of all fills; the bound is what packing, checksum and writing alone cost for the
same parts. Nothing is judged by time: the table is printed.
"""

from __future__ import annotations

import argparse
import copy
import io
import itertools
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from _env import enter

if __name__ == "__main__":
    enter("test")

import openpyxl
from _workload import (
    FIRST,
    HEAD_ROW,
    PAGES,
    SAMPLE,
    Data,
    make_data,
    make_template,
    place_of,
    sum_text,
    sums,
    write,
)
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from salesxl.ooxml.template.compile import Template, compile_template
from salesxl.ooxml.template.deflate import Packing, library, packer
from salesxl.ooxml.template.fill import Fill
from salesxl.ooxml.template.package import Member, write_package
from salesxl.ooxml.template.rows import Kept

Engine = Callable[[Data], bytes]


def as_fill(data: Data) -> Fill:
    """The same data as our engine takes it; formulas stay the template's, with their values."""
    lists: dict[str, dict[str, Any]] = {}
    for page in PAGES:
        values = data.lists[page.name]
        lists[page.name] = {
            column.key: Kept(values[column.key]) if column.formula else values[column.key]
            for column in page.columns
        }
    cells = {**data.cells, **{name: Kept([value]) for name, value in data.sums.items()}}
    return Fill(cells=cells, lists=lists)


def by_openpyxl(template: bytes) -> Engine:
    """Load the template, fill, save: rows below a list are moved by hand, as people must."""

    def fill(data: Data) -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(template))
        for number, value in enumerate(data.cells.values()):
            book["Overview"].cell(2, 2 * number + 2).value = value
        total = None
        for page in PAGES:
            sheet = book[page.title]
            styles = [sheet.cell(FIRST, i)._style for i in range(1, len(page.columns) + 1)]
            if page.totals:
                total = sheet.cell(FIRST + SAMPLE, 3)._style
                for col in range(1, len(page.columns) + 1):
                    sheet.cell(FIRST + SAMPLE, col).value = None
            for index, column in enumerate(page.columns, 1):
                style = styles[index - 1]
                values: Iterator[Any] = iter(data.lists[page.name][column.key])
                if column.formula:
                    rows = range(FIRST, FIRST + data.rows(page))
                    values = (f"={column.formula.replace('{r}', str(row))}" for row in rows)
                for row, value in enumerate(values, FIRST):
                    cell = sheet.cell(row, index)
                    cell.value = value
                    cell._style = copy.copy(style)
            last = FIRST - 1 + data.rows(page)
            for table in sheet.tables.values():
                table.ref = f"A{HEAD_ROW}:{get_column_letter(len(page.columns))}{last}"
                table.autoFilter.ref = table.ref
        for page, title, row, col, name in sums(data):
            at = place_of(title, row, col, name)
            cell = book[title].cell(*at)
            cell.value = "=" + sum_text(page, title, col, data.rows(page))
            if "_sum_" in name:
                cell._style = copy.copy(total)
        target = io.BytesIO()
        book.save(target)
        return target.getvalue()

    return fill


def by_template(template: Template, packing: Packing) -> Engine:
    return lambda data: template.fill(as_fill(data), packing)


def bound(made: bytes, template: Template, packing: Packing) -> Callable[[Data], bytes]:
    """Only packing, checksum and writing of the parts our engine writes anew."""
    parts: list[tuple[str, bytes | Member]] = []
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            member = template.package.members.get(name)
            same = member is not None and member.unpacked() == data
            parts.append((name, member if same and member else data))
    compress, crc = packer(packing)

    def run(_: Data) -> bytes:
        members = [
            part if isinstance(part, Member)
            else Member(name, 8, crc(part), len(part), compress(part))
            for name, part in parts
        ]  # fmt: skip
        return write_package(members)

    return run


def cells_of(data: bytes, formulas: bool) -> dict[str, dict[tuple[int, int], Any]]:
    """All values of a workbook; without `formulas` those of formula cells are left out."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    found: dict[str, dict[tuple[int, int], Any]] = {}
    for title in book.sheet_names:
        rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
        found[title] = {
            (row, col): value
            for row, line in enumerate(rows)
            for col, value in enumerate(line)
            if value != ""
        }
    if not formulas:
        marked = openpyxl.load_workbook(io.BytesIO(data))
        for sheet in marked:
            for line in sheet.iter_rows():
                for cell in line:
                    if cell.data_type == "f":
                        found[sheet.title].pop((cell.row - 1, cell.column - 1), None)
    return found


def check_same(outputs: dict[str, bytes]) -> int:
    """All engines wrote the same cells; how many. openpyxl writes no formula's value."""
    ours, other, bare = (outputs[name] for name in ("fast", "xlsxwriter", "openpyxl"))
    whole = cells_of(ours, formulas=True)
    _compare(whole, cells_of(other, formulas=True))
    _compare(whole, cells_of(outputs["small"], formulas=True))
    _compare(cells_of(ours, formulas=False), cells_of(bare, formulas=False))
    return sum(len(cells) for cells in whole.values())


def _compare(one: dict[str, Any], other: dict[str, Any]) -> None:
    for title in one.keys() | other.keys():
        left, right = one.get(title, {}), other.get(title, {})
        for place in left.keys() | right.keys():
            a, b = left.get(place), right.get(place)
            close = isinstance(a, float) and isinstance(b, float) and abs(a - b) <= 1e-9 * abs(a)
            if a != b and not close:
                sys.exit(f"The engines disagree at {title} {place}: {a!r} and {b!r}")


def timed(
    engines: dict[str, Engine], runs: int, each: dict[str, int]
) -> dict[str, tuple[float, float]]:
    """(median, least) CPU seconds a workbook; the engines take turns."""
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    numbers = itertools.count(1)
    for _ in range(runs):
        for name, engine in engines.items():
            for _ in range(each.get(name, 1)):
                data = make_data(next(numbers))
                began = time.process_time()
                engine(data)
                seconds[name].append(time.process_time() - began)
    return {name: (statistics.median(found), min(found)) for name, found in seconds.items()}


_shared: tuple[Template, list[Data]] | None = None


def _start(template: bytes, numbers: list[int]) -> None:
    global _shared
    _shared = (compile_template(template), [make_data(number) for number in numbers])


def _batch(count: int) -> float:
    """Fill `count` workbooks; CPU seconds."""
    assert _shared is not None
    template, datas = _shared
    began = time.process_time()
    for data in itertools.islice(itertools.cycle(datas), count):
        template.fill(as_fill(data))
    return time.process_time() - began


def throughput(template: bytes, processes: int, count: int) -> tuple[float, float]:
    """Workbooks a second of this many processes, each busy throughout: by the clock, and by
    the CPU time they took (what the clock would show were nothing else running)."""
    args = (template, list(range(1, 9)))
    with ProcessPoolExecutor(processes, get_context("spawn"), _start, args) as pool:
        list(pool.map(_batch, [5] * processes))  # started and warm
        began = time.perf_counter()
        cpu = list(pool.map(_batch, [count] * processes, chunksize=1))
        seconds = time.perf_counter() - began
    return processes * count / seconds, sum(count / one for one in cpu)


def memory(template: bytes, many: int) -> Iterator[tuple[int, float]]:
    """(workbooks made, most memory so far in MB) in one fresh process."""
    with ProcessPoolExecutor(1, get_context("spawn"), _start, (template, [1])) as pool:
        for done, count in ((10, 10), (many, many - 10)):
            yield done, pool.submit(_fresh, done - count, count).result()


def _fresh(start: int, count: int) -> float:
    import resource

    assert _shared is not None
    with tempfile.TemporaryDirectory() as folder:
        for number in range(start, start + count):
            data = _shared[0].fill(as_fill(make_data(number)))
            (Path(folder) / "made.xlsx").write_bytes(data)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 1024


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--many", type=int, default=200, help="workbooks of the memory run")
    options.add_argument("--quick", action="store_true", help="engines only, one run")
    chosen = options.parse_args()
    raw = make_template()
    began = time.process_time()
    template = compile_template(raw, "bench.xlsx")
    compiled = time.process_time() - began
    engines: dict[str, Engine] = {
        "fast": by_template(template, "fast"), "standard": by_template(template, "standard"),
        "small": by_template(template, "small"), "xlsxwriter": write,
        "openpyxl": by_openpyxl(raw),
    }  # fmt: skip
    data = make_data(1)
    outputs = {name: engine(data) for name, engine in engines.items()}
    count = check_same(outputs)
    packings: tuple[Packing, ...] = ("fast", "standard", "small")
    bounds = {f"bound {p}": bound(outputs[p], template, p) for p in packings}
    each = {"xlsxwriter": 1, "openpyxl": 1}
    each |= dict.fromkeys((*packings, *bounds), 10)
    runs = 1 if chosen.quick else chosen.runs
    seconds = timed({**engines, **bounds}, runs, each)
    say(f"{count:,} cells, {data.formulas} formulas, 9 sheets; compiled in {compiled:.2f} s")
    heads = (f"{head:>10}" for head in ("ms", "x XlsxW", "x openpyxl", "x bound", "KB"))
    labels = {p: f"compiled template, {p} ({library(p)})" for p in packings}
    labels |= {"xlsxwriter": "XlsxWriter", "openpyxl": "openpyxl load, fill, save"}
    say(f"{'median of the runs':<38}" + "".join(heads))
    for which, title in ((0, ""), (1, "least of the runs: other work on the machine shows least")):
        if title:
            say(title)
        for name in engines:
            mine = seconds[name][which]
            ratios = [seconds[other][which] / mine for other in ("xlsxwriter", "openpyxl")]
            least = seconds.get(f"bound {name}")
            over = f"{mine / least[which]:>10.1f}" if least else f"{'–':>10}"
            say(f"{labels[name]:<38}{mine * 1e3:>10.1f}{ratios[0]:>10.1f}{ratios[1]:>10.1f}{over}"
                f"{len(outputs[name]) / 1024:>10.0f}")  # fmt: skip
        for packing in packings:
            alone = seconds[f"bound {packing}"][which]
            say(f"{f'bound: pack, check, write ({library(packing)})':<38}{alone * 1e3:>10.1f}")
    if chosen.quick:
        return
    one, two = (throughput(raw, processes, 80) for processes in (1, 2))
    for label, a, b in zip(("by the clock", "by CPU time"), one, two, strict=True):
        say(f"one process {a:.0f}, two {b:.0f} workbooks/s {label}: {b / a:.2f}x")
    said = ", ".join(f"{peak:.0f} MB after {done}" for done, peak in memory(raw, chosen.many))
    say(f"peak memory of one process: {said} workbooks")


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
