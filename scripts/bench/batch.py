"""How a batch scales: regional workbooks from one ledger, and the same count again doubled.

    python scripts/bench/batch.py [--regions 1000] [--lines 500] [--jobs 2] [--samples 5] [--quick]

`--regions N --lines L`: first N regions with N·L lines in the ledger, then 2 N with twice as many
(the defaults end at 2,000 workbooks from 1,000,000 lines). Printed: workbooks a second of
the regional workbooks, the workers' CPU seconds for each (which other work on the machine
does not change much), the head office apart (one workbook with the whole ledger), and the peak
memory of the run's own process and of each worker (VmHWM). Linux only.

Beside it what openpyxl and XlsxWriter take for a workbook of as many cells: `--samples` of them are
written, and the CPU time of all is extrapolated from that, and labelled so. They write values
only; ours has formulas, charts, checks and styles besides.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

_RUN = "import sys; from salesxl.cli.main import main; sys.exit(main(sys.argv[1:]))"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--regions", type=int, default=1000)
    parser.add_argument("--lines", type=int, default=500, help="ledger lines a region")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--samples", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="20 and 40 workbooks of 50 lines")
    options = parser.parse_args()
    if options.quick:
        options.regions, options.lines, options.samples = 20, 50, 2
    print(f"{os.cpu_count()} cores, {options.jobs} workers; load {os.getloadavg()[0]:.1f}")
    print(f"{'workbooks':>10} {'lines':>10} {'ready s':>8} {'regions s':>10} {'per s':>7} "
          f"{'CPU s each':>11} {'head s':>7} {'run MB':>7} {'workers MB':>14}")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        sample = None
        for factor in (1, 2):
            sample = measure(Path(folder) / str(factor), options.regions * factor, options)
        assert sample is not None
        compare(sample, options)
    return 0


def measure(folder: Path, regions: int, options: argparse.Namespace) -> Path:
    """One run of the command, timed by its own log; a regional workbook of it."""
    from tests import batch_company

    lines = regions * options.lines
    plan, ledger = batch_company.write(folder, regions, lines)
    log = folder / "log.jsonl"
    words = ["generate", str(plan), "--ledger", str(ledger), "-o", str(folder / "out"),
             "--jobs", str(options.jobs), "--log", str(log), "--lang", "en"]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = time.time()
    run = subprocess.Popen(
        [sys.executable, "-c", _RUN, *words], stdout=subprocess.DEVNULL, env=environment
    )
    peaks: dict[int, int] = {}
    used: dict[int, float] = {}
    watcher = threading.Thread(target=watch, args=(run, peaks, used), daemon=True)
    watcher.start()
    code = run.wait()
    watcher.join()
    events = read_log(log)
    begun, made = events["start"][0], events["made"]
    regional, head = made[:-1], made[-1]
    seconds = regional[-1] - begun
    own = peaks.pop(run.pid, 0)
    used.pop(run.pid, None)
    each = sum(used.values()) / len(regional)
    workers = sorted((peak for peak in peaks.values() if peak > 50_000), reverse=True)
    shown = " ".join(f"{peak / 1024:.0f}" for peak in workers[: options.jobs])
    shown = f"{shown:>14}" + ("" if code == 0 else f"   exit code {code}")
    print(f"{regions + 1:>10,} {lines:>10,} {begun - started:>8.1f} {seconds:>10.1f} "
          f"{len(regional) / seconds:>7.1f} {each:>11.3f} "
          f"{head - regional[-1]:>7.1f} {own / 1024:>7.0f} {shown}")  # fmt: skip
    return sorted((folder / "out").glob("*.xlsx"))[1]


def read_log(path: Path) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        at = datetime.fromisoformat(said["at"]).timestamp()
        found.setdefault(said["event"], []).append(at)
    return found


def watch(run: subprocess.Popen[bytes], peaks: dict[int, int], used: dict[int, float]) -> None:
    """Peak (KB) and CPU seconds of the run and its children, looked at ten times a second."""
    while run.poll() is None:
        for process in [run.pid, *children(run.pid)]:
            peaks[process] = max(peaks.get(process, 0), peak_of(process))
            used[process] = max(used.get(process, 0.0), cpu_of(process))
        time.sleep(0.1)


def children(process: int) -> list[int]:
    try:
        said = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in said.split()]


def peak_of(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def cpu_of(process: int) -> float:
    """User and system time so far, starting up included."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def compare(path: Path, options: argparse.Namespace) -> None:
    """The cells of one regional workbook written by others."""
    import openpyxl

    warnings.simplefilter("ignore")  # openpyxl tells what it would lose
    book = openpyxl.load_workbook(path, data_only=True)
    sheets = [(s.title, [list(row) for row in s.iter_rows(values_only=True)]) for s in book]
    cells = sum(value is not None for _, rows in sheets for row in rows for value in row)
    count = 2 * options.regions
    print(f"\nthe {cells:,} cells of {path.name} by others, values only; {options.samples} of each "
          f"written, {count:,} extrapolated:")  # fmt: skip
    for name, write in (("openpyxl", by_openpyxl), ("XlsxWriter", by_xlsxwriter)):
        times = []
        for _ in range(options.samples):
            started = time.process_time()
            write(sheets)
            times.append(time.process_time() - started)
        each = statistics.median(times)
        print(f"{name:>12}: {each:.3f} CPU s each; {count:,}: {each * count:,.0f} CPU s")


Sheets = list[tuple[str, list[list[object]]]]


def by_openpyxl(sheets: Sheets) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def by_xlsxwriter(sheets: Sheets) -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    for title, rows in sheets:
        sheet = book.add_worksheet(title)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


if __name__ == "__main__":
    sys.exit(main())
