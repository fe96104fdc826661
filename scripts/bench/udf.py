"""``python scripts/bench/udf.py``: what a function costs once Excel has asked, and at the start.

Calls go through xlwings' own `XLPython.CallUDF`, `call_udf` and converters; pywin32 and the
range are fakes, so COM's own cost is not in the figures. A figure is the median of several
rounds, in processor time; it is split by what xlwings, our border (cells in, cells out) and
the rule itself take. The import is measured with ``-X importtime``, each round in a fresh
Python; the smallest of them, as other work only adds. Everything is compiled beforehand, as
pip does when it installs.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import _env

MODULE = "salesxl.hosts.excel.functions"
LINES = 10_000
SEED = 20_260_101


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, help="rounds a figure (default 7)")
    rounds = parser.parse_args().rounds
    _env.enter("test")
    sys.path.insert(0, str(_env.ROOT))
    _calls(rounds)
    _imports(rounds)
    return 0


def _calls(rounds: int) -> None:
    from tests.hosts.fake_com import MISSING, FakeBook, FakeRange, com

    chance = random.Random(SEED)  # noqa: S311
    weights = FakeRange([[round(chance.uniform(1, 9), 2)] for _ in range(12)])
    amounts = FakeRange([[round(chance.uniform(10, 5_000), 2)] for _ in range(LINES)])
    thresholds, rates = FakeRange([[0.0], [1e6], [5e6]]), FakeRange([[0.02], [0.03], [0.05]])
    cases = {
        "SPLIT_TARGET, 12 parts": (
            "SPLIT_TARGET", 300, [FakeRange([[1_234_567.0]]), weights, *[MISSING] * 5],
        ),
        f"COMMISSION_YTD, {LINES:,} lines": (
            "COMMISSION_YTD", 1, [amounts, thresholds, rates, "marginal", *[MISSING] * 4],
        ),
        f"OVERRIDE, {LINES:,} lines": (
            "OVERRIDE", 1, [amounts, 0.01, *[MISSING] * 3],
        ),
    }  # fmt: skip
    print(f"{'function':<30}{'a call':>11}{'calls/s':>9}{'xlwings':>9}{'border':>8}{'rule':>7}")
    with com() as excel:
        for title, (name, count, cells) in cases.items():

            def call(name: str = name, cells: list[Any] = cells) -> Any:
                return excel.server.CallUDF(MODULE, name, tuple(cells), FakeBook(), weights)

            whole, border, rule = _split(call, name, count, rounds)
            shares = (1 - border / whole, (border - rule) / whole, rule / whole)
            said = "".join(f"{share:>{w}.0%}" for share, w in zip(shares, (9, 8, 7), strict=True))
            print(f"{title:<30}{whole * 1000:>8.3f} ms{1 / whole:>9,.0f}{said}")


def _split(call: Callable[[], Any], name: str, count: int, rounds: int) -> tuple[float, ...]:
    """Seconds a call: the whole, our border with the rule, the rule alone; medians."""
    from salesxl.catalog import find
    from salesxl.hosts.excel import border

    rule = find(name)
    assert rule is not None
    plain, plain_write = border.run, rule.function
    spent = {"border": 0.0, "rule": 0.0}

    def timed(key: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            started = time.process_time()
            try:
                return function(*arguments, **named)
            finally:
                spent[key] += time.process_time() - started

        return run

    functions = sys.modules[MODULE]
    figures: list[tuple[float, float, float]] = []
    try:
        for _ in range(rounds):
            functions.run = timed("border", plain)  # type: ignore[attr-defined]
            object.__setattr__(rule, "function", timed("rule", plain_write))
            spent.update(border=0.0, rule=0.0)
            whole = _time(call, count)
            functions.run = plain  # type: ignore[attr-defined]
            object.__setattr__(rule, "function", plain_write)
            figures.append((whole, spent["border"] / count, spent["rule"] / count))
    finally:
        functions.run = plain  # type: ignore[attr-defined]
        object.__setattr__(rule, "function", plain_write)
    return tuple(statistics.median(column) for column in zip(*figures, strict=True))


def _time(call: Callable[[], Any], count: int) -> float:
    started = time.process_time()
    for _ in range(count):
        call()
    return (time.process_time() - started) / count


def _imports(rounds: int) -> None:
    xlwings, ours = [], []
    for number in range(rounds + 1):
        costs = _import_costs(f"import xlwings; import {MODULE}")
        if not number:
            continue  # it compiled
        xlwings.append(costs["xlwings"])
        ours.append(costs[MODULE])
    least = min(xlwings), min(ours)
    print(
        f"\nimport xlwings {least[0] * 1000:.0f} ms, then our module {least[1] * 1000:.0f} ms",
        end="",
    )
    print(f" ({least[1] / least[0]:.1%} on top)")
    core = _import_costs("import salesxl.core, salesxl.catalog")
    heavy = sorted({"pandas", "numpy"} & set(core))
    print(f"core and catalogue alone import {', '.join(heavy) or 'neither pandas nor NumPy'}")


def _import_costs(code: str) -> dict[str, float]:
    """Module → seconds, what it imports itself included."""
    command = [sys.executable, "-X", "importtime", "-c", code]
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(_env.VENV / "bench-pycache")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    costs = {}
    for line in done.stderr.splitlines():
        parts = line.removeprefix("import time:").split("|")
        if len(parts) == 3 and parts[1].strip().isdigit():
            costs[parts[2].strip()] = int(parts[1]) / 1e6
    return costs


if __name__ == "__main__":
    sys.exit(main())
