"""HiGHS (extra ``solve``): which cells to round up, as a mixed-integer model.

One variable of 0 or 1 a cell, one row a margin, low ≤ Σ ≤ high. All coefficients are
1 and all bounds whole, so the solver's tolerances cannot blur a fraction; the
answer is rounded here and counted again by whoever asked. One thread, a fixed seed
and a fixed order: the same question has the same answer as long as it is in time.
"""

from __future__ import annotations

import time
from typing import Any

import highspy
import numpy as np

from salesxl.core.margins import Margin, Request

_GAP = 0.01  # of the distance to the ideal


def solve(request: Request) -> list[int] | None:
    """An answer that meets every margin; if there is none, one that misses the least.

    The latter still meets those that run over all layers. None where the time of
    `request` is over or no such answer exists.
    """
    started = time.monotonic()
    status, answer = _run(request, elastic=False, seconds=request.seconds)
    if status == highspy.HighsModelStatus.kInfeasible:
        left = request.seconds - (time.monotonic() - started)
        _, answer = _run(request, elastic=True, seconds=max(left, 0.1))
    return answer


class _Quiet(highspy.Highs):
    """HiGHS writes its name to standard output at the first call made when it is built."""

    def enableCallbacks(self) -> None:  # noqa: N802 (its name there)
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _run(request: Request, *, elastic: bool, seconds: float) -> tuple[Any, list[int] | None]:
    cells = sorted({cell for margin in request.margins for cell in margin.cells})
    if not cells:
        return None, [0] * request.count
    solver: Any = _Quiet()  # type: ignore[no-untyped-call]
    for option, value in (
        ("threads", 1),
        ("random_seed", 1),
        ("time_limit", float(seconds)),
        ("mip_rel_gap", _GAP),
    ):
        solver.setOptionValue(option, value)
    solver.passModel(_model(request, cells, elastic))
    solver.run()
    status = solver.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        return status, None
    answer = [0] * request.count
    values = solver.getSolution().col_value
    for cell, value in zip(cells, values[: len(cells)], strict=True):
        answer[cell] = round(value)
    return status, answer


def _model(request: Request, cells: list[int], elastic: bool) -> Any:
    """The model; `elastic` adds two columns a soft margin, for what it is short or over."""
    soft = [margin for margin in request.margins if elastic and not margin.wide]
    column = {cell: n for n, cell in enumerate(cells)}
    slack = {id(margin): len(cells) + 2 * n for n, margin in enumerate(soft)}
    starts, indices, values = [0], [], []
    for margin in request.margins:
        indices += [column[cell] for cell in margin.cells]
        values += [1.0] * len(margin.cells)
        if id(margin) in slack:
            indices += [slack[id(margin)], slack[id(margin)] + 1]
            values += [1.0, -1.0]
        starts.append(len(indices))
    count = len(cells) + 2 * len(soft)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, len(request.margins)
    costs = np.zeros(count)
    if elastic:
        costs[len(cells) :] = 1.0
    elif request.costs is not None:
        costs[: len(cells)] = [request.costs[cell] for cell in cells]
        # With the distance of rounding all down, the objective is the distance itself.
        model.offset_ = sum((1 - request.costs[cell]) / 2 for cell in cells)
    model.col_cost_ = costs
    model.col_lower_ = np.zeros(count)
    model.col_upper_ = np.concatenate([np.ones(len(cells)), np.full(2 * len(soft), np.inf)])
    model.row_lower_ = _bounds(request.margins, "low")
    model.row_upper_ = _bounds(request.margins, "high")
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(cells) + [
        highspy.HighsVarType.kContinuous
    ] * (2 * len(soft))
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.array(starts)
    model.a_matrix_.index_ = np.array(indices)
    model.a_matrix_.value_ = np.array(values)
    return model


def _bounds(margins: tuple[Margin, ...], side: str) -> Any:
    return np.array([getattr(margin, side) for margin in margins], dtype=float)
