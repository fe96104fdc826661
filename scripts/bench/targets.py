"""``python scripts/bench/targets.py``: how long splits take, and how that grows with size.

Everything runs in one go on this machine; a figure is the median processor time of
several runs on the same input, so that other work does not show. Beside each split
stands rounding every part by itself (which does not add up: the remark says by how
much), for one direction PyPI's `apportionment`, for cubes HiGHS on the same margins.
"Growth" is the time against the size before it, where that is at most four times
smaller.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import _env

Row = tuple[str, float | None, str]  # method, median seconds, remark

TOTAL = 123_456_789
NAIVE = "each part rounded alone"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="runs a figure (default 5)")
    parser.add_argument(
        "--limit", type=int, default=20, help="seconds HiGHS may take for a cube (default 20)"
    )
    options = parser.parse_args()
    _env.enter("test,bench")
    runs, limit = options.runs, options.limit
    draw = random.Random(1)  # noqa: S311
    show(
        "One direction: SPLIT_TARGET",
        ((n,) for n in (12, 24, 48, 10_000, 20_000, 40_000)),
        lambda size: one_direction(runs, weights(size[0], draw)),
    )
    show(
        "Two directions: SPLIT_TARGET_GRID",
        ((50, 12), (100, 12), (200, 12), (400, 12)),
        lambda size: two_directions(runs, *(weights(n, draw) for n in size)),
    )
    show(
        "Three directions: SPLIT_TARGET_CUBE",
        ((10, 8, 12), (20, 8, 12), (31, 12, 12), (62, 12, 12), (60, 20, 12)),
        lambda size: three_directions(runs, limit, [weights(n, draw) for n in size]),
    )
    return 0


def show(title: str, sizes: Any, measure: Callable[[tuple[int, ...]], Iterator[Row]]) -> None:
    """One table; each method against its own size before, and against naive rounding."""
    print(f"\n{title}\n")
    print(f"| {'size':>8} | {'method':<28} | {'ms':>9} | growth | × naive | remark")
    print(f"|{'-' * 10}|{'-' * 30}|{'-' * 11}|--------|---------|-------")
    before: dict[str, float] = {}
    last = 0
    for size in sizes:
        count, naive = 1, 0.0
        for side in size:
            count *= side
        if count > 4 * last:
            before.clear()
        last = count
        for method, seconds, remark in measure(size):
            name = f"{'×'.join(map(str, size)):>8} | {method:<28}"
            if seconds is None:
                print(f"| {name} | {'–':>9} | {'':>6} | {'':>7} | {remark}", flush=True)
                continue
            naive = naive or seconds
            growth = f"{seconds / before[method]:.1f}" if method in before else ""
            before[method] = seconds
            figures = f"{seconds * 1000:>9.3f} | {growth:>6} | {seconds / naive:>7.1f}"
            print(f"| {name} | {figures} | {remark}", flush=True)


def median(runs: int, work: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds of the middle run, and what the last one gave; None ends it at once."""
    times, result = [], None
    for _ in range(runs):
        started = time.process_time()
        result = work()
        times.append(time.process_time() - started)
        if result is None:
            break
    return statistics.median(times), result


def weights(count: int, draw: random.Random) -> list[int]:
    return [draw.randint(50, 1000) for _ in range(count)]


def one_direction(runs: int, parts: list[int]) -> Iterator[Row]:
    from apportionment.methods import compute

    from salesxl.core.split import split_target

    whole, names = sum(parts), [str(n) for n in range(len(parts))]
    methods: dict[str, Callable[[], list[int]]] = {
        NAIVE: lambda: [round(TOTAL * part / whole) for part in parts],
        "SPLIT_TARGET": lambda: split_target(TOTAL, parts),
        "apportionment, floats": lambda: compute("lrm", parts, TOTAL, parties=names),
        "apportionment, fractions": lambda: compute(
            "lrm", parts, TOTAL, fractions=True, parties=names
        ),
    }
    for method, work in methods.items():
        seconds, split = median(runs * (20 if len(parts) < 100 else 1), work)
        yield method, seconds, f"total off by {sum(split) - TOTAL}"


def two_directions(runs: int, rows: list[int], columns: list[int]) -> Iterator[Row]:
    from salesxl.core.grid import split_target_grid

    whole = sum(rows) * sum(columns)
    seconds, alone = median(
        runs, lambda: [[round(TOTAL * r * c / whole) for c in columns] for r in rows]
    )
    yield NAIVE, seconds, lines_off(alone, rows, columns)
    seconds, cells = median(runs, lambda: split_target_grid(TOTAL, rows, columns))
    yield "SPLIT_TARGET_GRID", seconds, lines_off(cells, rows, columns)
    locked: list[list[int | None]] = [[None] * len(columns) for _ in rows]
    for n, row in enumerate(locked):
        row[n % len(columns)] = cells[n][n % len(columns)] // 2
    seconds, cells = median(runs, lambda: split_target_grid(TOTAL, rows, columns, locked=locked))
    yield "… with a lock in every row", seconds, lines_off(cells, rows, columns)


def lines_off(cells: list[list[int]], rows: list[int], columns: list[int]) -> str:
    """How many rows and columns, and the total, are a unit or more off their share."""
    off = sum(map(sum, cells)) != TOTAL
    for lines, weight in ((cells, rows), (list(zip(*cells, strict=True)), columns)):
        for line, part in zip(lines, weight, strict=True):
            off += abs(sum(line) * sum(weight) - TOTAL * part) >= sum(weight)
    return f"sums off: {off} of {len(rows) + len(columns) + 1}"


def three_directions(runs: int, limit: int, sides: Sequence[list[int]]) -> Iterator[Row]:
    from salesxl.core.cube import use_solver
    from salesxl.core.cube_round import round_cube
    from salesxl.core.margins import Request, margins_of
    from salesxl.solvers import solve

    rows, columns, layers = sides
    shape, one = (len(rows), len(columns), len(layers)), sum(rows) * sum(columns) * sum(layers)
    parts = [TOTAL * r * c * k for r in rows for c in columns for k in layers]
    margins = margins_of([part % one for part in parts], shape, 3, one)

    def missed(cells: Sequence[int]) -> str:
        ups = [cell - part // one for cell, part in zip(cells, parts, strict=True)]
        off = sum(bool(m.miss(sum(ups[cell] for cell in m.cells))) for m in margins)
        return f"sums off: {off} of {len(margins)}"

    def ours() -> list[int]:
        use_solver(None)  # also forgets the answer of the run before
        return list(round_cube(parts, shape, one).cells)

    seconds, cells = median(runs, lambda: [round(part / one) for part in parts])
    yield NAIVE, seconds, missed(cells)
    seconds, cells = median(runs, ours)
    yield "SPLIT_TARGET_CUBE", seconds, missed(cells)
    request = Request(len(parts), margins, None, limit)
    seconds, ups = median(min(runs, 3), lambda: solve(request))
    if ups is None:
        yield "HiGHS, first feasible", None, f"no answer within {limit} s"
    else:
        found = [part // one + up for part, up in zip(parts, ups, strict=True)]
        yield "HiGHS, first feasible", seconds, missed(found)
    use_solver(solve)


if __name__ == "__main__":
    sys.exit(main())
