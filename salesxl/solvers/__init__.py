"""Solvers from outside, behind the rules: used where installed, never needed.

`solve` answers a `core.margins.Request`, or None. It is handed to
`core.cube.use_solver`; the library itself is imported at the first question.
"""

from __future__ import annotations

from collections.abc import Sequence

from salesxl.core.margins import Request


def solve(request: Request) -> Sequence[int] | None:
    """0 or 1 for each cell of `request`; None without an answer or without HiGHS."""
    try:
        from salesxl.solvers import highs
    except ImportError:
        return None
    return highs.solve(request)
