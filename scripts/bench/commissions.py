"""``python scripts/bench/commissions.py``: how long commission takes, and where the time goes.

The sum: 2,000,000 ledger lines of 2,000 payees, paid by marginal tiers on the year to date.
Every line gets its pay (by the running credit before and after it), every payee a total. Ours
runs in one go beside the same sum in Polars and DuckDB, one thread each, and a plain pandas
groupby; once on a ledger in order of date, once on a shuffled one, where the sort decides. A
figure is the median processor time of several runs, so that other work does not show; all
totals are compared. Memory is the peak of a process of its own that holds the ledger.

``--long`` goes on to 20,000,000 lines. ``--end-to-end`` pays a CSV to statement workbooks and
says what share of the time each step took. Nothing is asserted about speed.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import _env

os.environ["POLARS_MAX_THREADS"] = "1"  # read when Polars is imported

DAYS = 365
# Start of each tier in minor units, and its rate in parts per million.
TIERS = ((0, 8_000), (500_000_00, 12_000), (1_500_000_00, 20_000), (4_000_000_00, 25_000))
METHODS = ("salesxl", "Polars", "DuckDB", "pandas")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="runs a figure (default 5)")
    parser.add_argument("--lines", type=int, default=2_000_000)
    parser.add_argument("--payees", type=int, default=2_000)
    parser.add_argument("--long", action="store_true", help="go on to ten times the lines")
    parser.add_argument("--end-to-end", action="store_true", help="CSV to statements instead")
    parser.add_argument("--only", choices=METHODS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    _env.enter("test,bench")
    if options.only:
        return peak_of(options.only, options.lines, options.payees)
    if options.end_to_end:
        given = {"--lines", "--payees"} & {word.partition("=")[0] for word in sys.argv}
        lines, payees = (options.lines, options.payees) if given else (100_000, 50)
        return end_to_end(lines, payees)
    sizes = [options.lines // 10, options.lines] + [options.lines * 10] * options.long
    before: dict[tuple[str, bool], float] = {}
    for lines in sizes:
        for shuffled in (False, True):
            compare(lines, options.payees, shuffled, options.runs, before)
    memory(options.lines, options.payees)
    return 0


# ---- the sum


def ledger(lines: int, payees: int, shuffled: bool) -> tuple[Any, Any, Any]:
    """Payee, day and amount of each line, the same every time."""
    import numpy as np

    draw = np.random.default_rng(1)
    payee = draw.integers(0, payees, lines)
    day = np.sort(draw.integers(0, DAYS, lines))
    amount = draw.integers(-50_000, 1_000_000, lines) * payees // 2_000
    if shuffled:
        order = draw.permutation(lines)
        return payee[order], day[order], amount[order]
    return payee, day, amount


def ours(payee: Any, day: Any, amount: Any, payees: int) -> Any:
    """Numerators of parts per million, by payee; the lines' own are made on the way."""
    from fractions import Fraction

    import numpy as np

    from salesxl.ledger.pay.arrays import (
        marginal_curve,
        order_of,
        running_credit,
        running_pay,
        segment_sums,
    )

    bands = [(Fraction(start), Fraction(rate, 10**6)) for start, rate in TIERS]
    curve = marginal_curve(bands).over(10**6)
    credit = amount[order_of(day, payee)]
    size = np.bincount(payee, minlength=payees)
    present = np.flatnonzero(size)
    length = size[present]
    running = running_credit(credit, length)
    pay, _ = running_pay(running, np.zeros(len(length), np.int64), length, [curve])
    totals = np.zeros(payees, np.int64)
    totals[present] = segment_sums(pay, length)
    return totals


def of_polars(payee: Any, day: Any, amount: Any, payees: int) -> Any:
    import numpy as np
    import polars as pl

    assert pl.thread_pool_size() == 1
    frame = pl.DataFrame({"payee": payee, "day": day, "amount": amount}).lazy()
    if not (day[1:] >= day[:-1]).all():
        frame = frame.sort("day", maintain_order=True)

    def at(credit: pl.Expr) -> pl.Expr:
        total, before = pl.lit(0), 0
        for start, rate in TIERS:
            over = credit - start
            total = total + (over if start == 0 else over.clip(lower_bound=0)) * (rate - before)
            before = rate
        return total

    running = pl.col("amount").cum_sum().over("payee")
    found = (
        frame.with_columns(running=running)
        .with_columns(pay=at(pl.col("running")) - at(pl.col("running") - pl.col("amount")))
        .group_by("payee")
        .agg(pl.col("pay").sum())
        .collect()
    )
    totals = np.zeros(payees, np.int64)
    totals[found["payee"].to_numpy()] = found["pay"].to_numpy()
    return totals


def of_duckdb(payee: Any, day: Any, amount: Any, payees: int) -> Any:
    import duckdb
    import numpy as np
    import pandas as pd

    lines = pd.DataFrame({"payee": payee, "day": day, "amount": amount})
    lines["line"] = np.arange(len(lines))
    steps = [rate - (TIERS[n - 1][1] if n else 0) for n, (_, rate) in enumerate(TIERS)]

    def at(credit: str) -> str:
        parts = [
            f"({credit})*{step}" if start == 0 else f"greatest({credit}-{start},0)*{step}"
            for (start, _), step in zip(TIERS, steps, strict=True)
        ]
        return "+".join(parts)

    with duckdb.connect(config={"threads": 1}) as base:
        base.register("lines", lines)
        found = base.execute(
            f"""
            with run as (
              select payee, amount, sum(amount) over (
                partition by payee order by day, line rows unbounded preceding)::bigint as running
              from lines)
            select payee, sum({at("running")}-({at("running-amount")}))::bigint as pay
            from run group by payee
            """  # noqa: S608 – numbers of our own
        ).fetchnumpy()
    totals = np.zeros(payees, np.int64)
    totals[found["payee"]] = found["pay"]
    return totals


def of_pandas(payee: Any, day: Any, amount: Any, payees: int) -> Any:
    import numpy as np
    import pandas as pd

    lines = pd.DataFrame({"payee": payee, "day": day, "amount": amount})
    if not (day[1:] >= day[:-1]).all():
        lines = lines.sort_values("day", kind="stable")

    def at(credit: Any) -> Any:
        total, before = 0, 0
        for start, rate in TIERS:
            over = credit - start
            total = total + (over if start == 0 else over.clip(lower=0)) * (rate - before)
            before = rate
        return total

    lines["running"] = lines.groupby("payee")["amount"].cumsum()
    lines["pay"] = at(lines["running"]) - at(lines["running"] - lines["amount"])
    found = lines.groupby("payee")["pay"].sum()
    totals = np.zeros(payees, np.int64)
    totals[found.index.to_numpy()] = found.to_numpy()
    return totals


WORK: dict[str, Callable[[Any, Any, Any, int], Any]] = {
    "salesxl": ours, "Polars": of_polars, "DuckDB": of_duckdb, "pandas": of_pandas,
}  # fmt: skip


def compare(
    lines: int, payees: int, shuffled: bool, runs: int, before: dict[tuple[str, bool], float]
) -> None:
    """One table: processor time of each method, and against ours."""
    columns = ledger(lines, payees, shuffled)
    kind = "shuffled" if shuffled else "in order of date"
    print(f"\n{lines:,} lines, {payees:,} payees, year to date, {len(TIERS)} tiers, {kind}\n")
    print(f"| {'method':<8} | {'ms':>9} | {'M lines/s':>9} | ours is | growth | totals")
    print(f"|{'-' * 10}|{'-' * 11}|{'-' * 11}|---------|--------|-------")
    first, wanted = 0.0, None
    for name, work in WORK.items():
        seconds, totals = median(runs, lambda work=work: work(*columns, payees))
        first = first or seconds
        if wanted is None:
            wanted = totals
        same = "equal" if (totals == wanted).all() else "DIFFER"
        growth = ""
        if (name, shuffled) in before:
            growth = f"{seconds / before[name, shuffled]:.1f}"
        before[name, shuffled] = seconds
        ratio = "" if name == "salesxl" else f"{seconds / first:.1f} ×"
        print(
            f"| {name:<8} | {seconds * 1000:>9.1f} | {lines / seconds / 1e6:>9.1f} | {ratio:>7} | "
            f"{growth:>6} | {same}",
            flush=True,
        )


def median(runs: int, work: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds of the middle run after one to warm up, and what the last one gave."""
    times, result = [], work()
    for _ in range(runs):
        started = time.process_time()
        result = work()
        times.append(time.process_time() - started)
    return statistics.median(times), result


def memory(lines: int, payees: int) -> None:
    """Peak memory of each method, each in a process of its own."""
    print(f"\nPeak memory of a process that holds the ledger and pays it, {lines:,} lines\n")
    for name in METHODS:
        words = [sys.executable, __file__, "--only", name]
        words += ["--lines", str(lines), "--payees", str(payees)]
        done = subprocess.run(words, check=True, capture_output=True, text=True)
        print(f"| {name:<8} | {done.stdout.strip():>7} MB", flush=True)


def peak_of(name: str, lines: int, payees: int) -> int:
    columns = ledger(lines, payees, True)
    WORK[name](*columns, payees)
    print(peak())
    return 0


def peak() -> str:
    """Peak memory of this process in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # the other figure counts what the parent held as well
        size = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return f"{int(size.split()[1]) / 1024:.0f}"
    try:
        import resource
    except ImportError:  # Windows tells it otherwise
        return "–"
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f"{size / (1024 * 1024 if sys.platform == 'darwin' else 1024):.0f}"


# ---- end to end


def end_to_end(lines: int, payees: int) -> int:
    """A CSV of `lines` to a statement for each of `payees`: seconds and share of each step."""
    from salesxl.batch.output import packed
    from salesxl.ledger.match import match
    from salesxl.ledger.pay.run import pay_run
    from salesxl.ledger.read import read_ledgers
    from salesxl.ooxml.atomic import write_atomic
    from salesxl.sheets.pay_book import build_payroll, build_statement

    plan = firm(payees)
    spent: dict[str, float] = {}

    def timed(step: str, work: Callable[[], Any]) -> Any:
        started = time.process_time()
        result = work()
        spent[step] = spent.get(step, 0.0) + time.process_time() - started
        return result

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sales.csv"
        write_csv(path, lines, payees)
        size = path.stat().st_size / 1e6
        read = timed("read the CSV", lambda: read_ledgers([path], decimals=2))
        matched, _ = timed("match to the plan", lambda: match(read, plan))
        run = timed("credit and pay", lambda: pay_run(plan, matched, "2026"))
        written = 0
        for number, statement in enumerate(run.statements, 1):
            book = timed("lay out statements", lambda s=statement: build_statement(s, run, "en"))
            data = timed("make workbooks", lambda book=book: packed(book))
            name = Path(folder) / f"{number:04d}.xlsx"
            timed("write files", lambda name=name, data=data: write_atomic(name, data))
            written += len(data)
        book = timed("payroll", lambda: build_payroll(run, "en"))
        timed("payroll", lambda: packed(book))
    total = sum(spent.values())
    print(
        f"\n{lines:,} lines ({size:.0f} MB of CSV) to {len(run.statements):,} statements "
        f"({written / 1e6:.0f} MB), ties: {run.ties}\n"
    )
    print(f"| {'step':<20} | {'s':>8} | {'share':>6} | lines/s")
    for step, seconds in spent.items():
        speed = f"{lines / seconds:>12,.0f}" if seconds else ""
        print(f"| {step:<20} | {seconds:>8.2f} | {seconds / total:>6.1%} | {speed}")
    print(f"| {'together':<20} | {total:>8.2f} | {1:>6.0%} | {lines / total:>12,.0f}")
    print(f"\npeak memory {peak()} MB")
    return 0


def firm(payees: int) -> Any:
    """A plan with `payees` people on one year-to-date plan."""
    from datetime import date
    from decimal import Decimal

    from salesxl.plan.model import (
        CommissionPlan,
        CommissionTier,
        MonthWeight,
        Person,
        Plan,
        ProductLine,
        Region,
        Role,
        Settings,
    )

    start = date(2026, 1, 1)
    return Plan(
        settings=Settings(
            company="Bench", currency="USD", year=2026, annual_target_amount=10**12,
            rounding_unit_amount=100,
        ),
        regions=(Region(id="R", name="Region", history_amount=1),),
        product_lines=(ProductLine(id="P", name="Pumps", history_amount=1),),
        month_weights=tuple(MonthWeight(month=n, weight=Decimal(1)) for n in range(1, 13)),
        roles=(Role(id="rep", name="Rep", kind="rep"),),
        people=tuple(
            Person(id=f"E{n:05d}", name=f"Payee {n}", role="rep", region="R", commission_plan="C")
            for n in range(payees)
        ),
        commission_plans=(
            CommissionPlan(id="C", name="Year to date", effective_from=start, base="amount",
                           kind="marginal", measure="amount", period="ytd"),
        ),
        commission_tiers=tuple(
            CommissionTier(plan="C", effective_from=start, threshold=Decimal(t) / 100,
                           rate=Decimal(r) / 10**6)
            for t, r in TIERS
        ),
    )  # fmt: skip


def write_csv(path: Path, lines: int, payees: int) -> None:
    draw = random.Random(1)  # noqa: S311
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["Date", "Order", "Customer", "Product", "Region", "Employee ID", "Amount", "Cost"]
        )
        rows: Sequence[int] = sorted(draw.randrange(DAYS) for _ in range(lines))
        for number, day in enumerate(rows):
            month, rest = day // 31 + 1, day % 28 + 1
            cents = draw.randrange(1_000, 1_000_000)
            amount = f"{cents // 100}.{cents % 100:02d}"
            writer.writerow(
                [f"2026-{month:02d}-{rest:02d}", f"S{number:08d}", f"Customer {number % 5000}",
                 "Pumps", "Region", f"E{draw.randrange(payees):05d}", amount, amount]
            )  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
