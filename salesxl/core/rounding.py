"""Round a table so that every row and every column still adds up: controlled rounding.

Six halves in two rows; each rounded alone, a row of 1.5 becomes 0 or 3. Controlled
rounding takes every cell, row, column and the total to one of its two neighbours:

>>> half = Fraction(1, 2)
>>> controlled_rounding([[half, half, half], [half, half, half]])
[[1, 0, 1], [0, 1, 0]]

How: keep the fractional parts; while a cell is fractional, walk along fractional
cells, by row and by column in turn, until the walk closes a cycle; push the
largest step around it (+ − + −) that makes a cell whole. Margins do not move,
each cycle settles a cell, and the push goes the way that stays nearer to the
ideal. There are many right answers; this one is always the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from salesxl.core.error import RuleError

Matrix = Sequence[Sequence[Fraction]]
Table = Sequence[Sequence[int]]
Line = list[int]


def controlled_rounding(
    ideal: Matrix,
    row_totals: Sequence[int] | None = None,
    column_totals: Sequence[int] | None = None,
) -> list[list[int]]:
    """Each cell the floor or the ceiling of its ideal, the margins whole.

    Margins of `ideal` that are whole are kept exactly; others become their floor
    or ceiling, and so does the sum of all. Margins that are given must be those
    of `ideal`, else RuleError "margins_differ".
    """
    denominator = lcm(*{cell.denominator for row in ideal for cell in row})
    table = [[cell.numerator * (denominator // cell.denominator) for cell in row] for row in ideal]
    for argument, given, found in (
        ("row_totals", row_totals, [sum(row) for row in table]),
        ("column_totals", column_totals, [sum(column) for column in zip(*table, strict=True)]),
    ):
        for position, (margin, total) in enumerate(zip(given or (), found, strict=False), 1):
            if margin * denominator != total:
                raise RuleError(
                    "margins_differ",
                    argument=argument,
                    position=position,
                    value=margin,
                    expected=Fraction(total, denominator),
                )
    return round_table(table, denominator)


def round_table(table: Table, denominator: int) -> list[list[int]]:
    """Controlled rounding of n / denominator for every n of `table`, in whole numbers."""
    floors = [[cell // denominator for cell in row] for row in table]
    parts = [[cell % denominator for cell in row] for row in table]
    # A slack column and row make every margin of the fractional parts whole.
    for row in parts:
        row.append(-sum(row) % denominator)
    parts.append([-sum(column) % denominator for column in zip(*parts, strict=True)])
    _settle(parts, denominator)
    return [
        [floor + part // denominator for floor, part in zip(floor_row, part_row, strict=False)]
        for floor_row, part_row in zip(floors, parts, strict=False)
    ]


def _settle(parts: list[list[int]], one: int) -> None:
    """Move every fractional cell of `parts` to 0 or `one`; all margins are multiples of it."""
    height = len(parts)
    # Rows and columns are the nodes, fractional cells the edges between them.
    edges: list[dict[int, None]] = [{} for _ in range(height + len(parts[0]))]
    for i, row in enumerate(parts):
        for j, part in enumerate(row):
            if part:
                edges[i][height + j] = edges[height + j][i] = None
    lean = [[one - 2 * part for part in row] for row in parts]
    for start in range(height):
        path, place = [start], {start: 0}
        while path:
            node = path[-1]
            before = path[-2] if len(path) > 1 else -1
            # A whole margin never has a single fractional cell, so a walk cannot get stuck;
            # only its start can be left without any.
            after = next((other for other in edges[node] if other != before), None)
            if after is None:
                del place[path.pop()]
            elif after in place:
                cycle = path[place[after] :]
                _push(cycle, parts, lean, edges, one)
                for passed in cycle[1:]:
                    del place[passed]
                del path[place[after] + 1 :]
            else:
                place[after] = len(path)
                path.append(after)


def _push(
    cycle: list[int],
    parts: list[list[int]],
    lean: list[list[int]],
    edges: list[dict[int, None]],
    one: int,
) -> None:
    """Push the largest step around `cycle`, the way that lowers Σ(1 − 2·fraction)·part."""
    height = len(parts)
    pairs = [
        (min(a, b), max(a, b) - height) for a, b in zip(cycle, [*cycle[1:], cycle[0]], strict=True)
    ]
    plus, minus = pairs[::2], pairs[1::2]
    gain = sum(lean[i][j] for i, j in plus) - sum(lean[i][j] for i, j in minus)
    if gain > 0:
        plus, minus = minus, plus
    step = min(
        min(one - parts[i][j] for i, j in plus),
        min(parts[i][j] for i, j in minus),
    )
    for cells, move in ((plus, step), (minus, -step)):
        for i, j in cells:
            parts[i][j] += move
            if parts[i][j] in (0, one):
                del edges[i][height + j]
                del edges[height + j][i]


def odd_parts(rows: Sequence[int], columns: Sequence[int], unit: int) -> list[list[int]]:
    """Cells below `unit` that leave every margin a multiple of it.

    They lie in the row and the column with the largest totals, the first of equals.
    """
    top, left = rows.index(max(rows)), columns.index(max(columns))
    odd = [[0] * len(columns) for _ in rows]
    for i, total in enumerate(rows):
        odd[i][left] = total % unit
    for j, total in enumerate(columns):
        odd[top][j] = total % unit
    odd[top][left] = (rows[top] - sum(odd[top]) + odd[top][left]) % unit
    return odd


def without(rows: Sequence[int], columns: Sequence[int], cells: Table) -> tuple[Line, Line]:
    """The margins less what `cells` already hold."""
    return (
        [total - sum(row) for total, row in zip(rows, cells, strict=True)],
        [
            total - sum(column)
            for total, column in zip(columns, zip(*cells, strict=True), strict=True)
        ],
    )
