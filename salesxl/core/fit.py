"""Fit a table to given row and column totals: iterative proportional fitting.

Last year two regions sold 30 and 10 of two products and 20 and 40; this year's
row totals are 60 and 60, the column totals 70 and 50. Rows and columns are scaled
in turn until both agree; 0 stays 0, odds between cells are kept. The fitted cells
47.18…, 12.81… and 22.81…, 37.18… are then rounded so that every margin is exact:

>>> fit_margins([[30, 10], [20, 40]], [60, 60], [70, 50])
[[47, 13], [23, 37]]

The scaling runs in Decimals of fixed precision and stops when no row is off by more
than 10⁻¹² of a unit, or after 400 rounds: where zeros leave no proportional answer it
only creeps. What is then missing is carried along open cells (a maximal flow in whole
numbers), so margins are exact, or the very lines that cannot be met are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from math import gcd
from typing import Any

from salesxl.core.cells import Cells, OpenCells, read_block, read_cells, same_count
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, common, exact, plain, simplest
from salesxl.core.rounding import Table, odd_parts, round_table, without
from salesxl.core.split import read_unit, read_weights

_FINE = 10**12  # parts of a unit in which the fitted table is held
_ROUNDS = 400
_GUARD_DIGITS = 20


def fit_units(seed: Table, rows: Sequence[int], columns: Sequence[int]) -> list[list[int]]:
    """Whole cells ≥ 0 in the proportions of `seed` with exactly these margins.

    `rows` and `columns` are whole, none negative, with the same sum; a cell whose
    seed is 0 stays 0. RuleError "rows_unreachable" or "columns_unreachable" names
    the lines whose open cells cannot hold their margins.
    """
    targets = [total * _FINE for total in rows], [total * _FINE for total in columns]
    if not all(map(all, seed)):
        _carry([[0] * len(columns) for _ in rows], seed, *targets)  # refuses before any scaling
    fitted = _scaled(seed, rows, columns)
    _trim(fitted, *targets)
    _carry(fitted, seed, *targets)
    return round_table(fitted, _FINE)


def _scaled(seed: Table, rows: Sequence[int], columns: Sequence[int]) -> list[list[int]]:
    """`seed` scaled to `rows` and `columns` in turn, columns last, in parts of `_FINE`."""
    digits = len(str(sum(rows))) + len(str(_FINE)) + _GUARD_DIGITS
    with localcontext(Context(prec=digits)):
        near = Decimal(1) / _FINE
        table = [[+Decimal(cell) for cell in row] for row in seed]
        for _ in range(_ROUNDS):
            sums = [sum(row, Decimal(0)) for row in table]
            if all(abs(s - total) <= near for s, total in zip(sums, rows, strict=True)):
                break
            table = [
                [cell * factor for cell in row]
                for row, factor in zip(table, map(_factor, rows, sums), strict=True)
            ]
            sums = [sum(column, Decimal(0)) for column in zip(*table, strict=True)]
            factors = list(map(_factor, columns, sums))
            table = [[cell * f for cell, f in zip(row, factors, strict=True)] for row in table]
        return [[int(cell * _FINE) for cell in row] for row in table]


def _factor(total: int, found: Decimal) -> Decimal:
    return total / found if found else found


def _trim(table: list[list[int]], rows: Sequence[int], columns: Sequence[int]) -> None:
    """Scale down the lines that pass their total, so that only too little is left."""
    for row, total in zip(table, rows, strict=True):
        if (found := sum(row)) > total:
            row[:] = [cell * total // found for cell in row]
    for j, total in enumerate(columns):
        if (found := sum(row[j] for row in table)) > total:
            for row in table:
                row[j] = row[j] * total // found


def _carry(
    table: list[list[int]], seed: Table, rows: Sequence[int], columns: Sequence[int]
) -> None:
    """Raise `table` to its margins over cells with a seed: shortest augmenting paths."""
    lack = [total - sum(row) for total, row in zip(rows, table, strict=True)]
    room = [total - sum(col) for total, col in zip(columns, zip(*table, strict=True), strict=True)]
    opened = [[j for j, cell in enumerate(row) if cell] for row in seed]
    for i, cells in enumerate(opened):
        for j in cells:
            step = min(lack[i], room[j])
            table[i][j] += step
            lack[i] -= step
            room[j] -= step
    while any(lack):
        came_from, end = _path(table, opened, lack, room)
        if end is None:
            raise _unreachable(came_from, rows, columns)
        path = [end]  # column, row, column, …, row: up in the cells (row, column before it)
        while (before := came_from[path[-1]]) is not None:
            path.append(before)
        ups = [(path[n + 1][1], path[n][1]) for n in range(0, len(path), 2)]
        downs = [(path[n][1], path[n + 1][1]) for n in range(1, len(path) - 1, 2)]
        step = min(lack[path[-1][1]], room[end[1]], *(table[i][j] for i, j in downs))
        for i, j in ups:
            table[i][j] += step
        for i, j in downs:
            table[i][j] -= step
        lack[path[-1][1]] -= step
        room[end[1]] -= step


_Node = tuple[str, int]


def _path(
    table: Table, opened: Sequence[Sequence[int]], lack: Sequence[int], room: Sequence[int]
) -> tuple[dict[_Node, _Node | None], _Node | None]:
    """Breadth first from the rows that lack to the first column with room, if any."""
    queue: list[_Node] = [("row", i) for i, missing in enumerate(lack) if missing]
    came_from: dict[_Node, _Node | None] = dict.fromkeys(queue)
    for node in queue:
        side, index = node
        if side == "row":
            reached: list[_Node] = [("column", j) for j in opened[index]]
        else:
            reached = [("row", i) for i, row in enumerate(table) if row[index]]
        for other in reached:
            if other in came_from:
                continue
            came_from[other] = node
            if other[0] == "column" and room[other[1]]:
                return came_from, other
            queue.append(other)
    return came_from, None


def _unreachable(
    reached: dict[_Node, _Node | None], rows: Sequence[int], columns: Sequence[int]
) -> RuleError:
    """The fewest lines that show why: rows whose columns are too small, or the reverse."""
    inner_rows = [i for i in range(len(rows)) if ("row", i) in reached]
    inner_columns = [j for j in range(len(columns)) if ("column", j) in reached]
    outer_rows = [i for i in range(len(rows)) if ("row", i) not in reached]
    outer_columns = [j for j in range(len(columns)) if ("column", j) not in reached]
    side, lines, totals, others, room = "row", inner_rows, rows, inner_columns, columns
    if 0 < len(outer_columns) < len(inner_rows):
        side, lines, totals, others, room = "column", outer_columns, columns, outer_rows, rows
    return RuleError(
        f"{side}s_unreachable",
        argument=f"{side}_totals",
        position=lines[0] + 1,
        lines=_listed(lines),
        others=_listed(others),
        need=sum(totals[line] for line in lines) // _FINE,
        room=sum(room[other] for other in others) // _FINE,
    )


def _listed(lines: Sequence[int]) -> str:
    return ", ".join(str(line + 1) for line in lines) or "–"


def fit_amounts(
    seed: Table, rows: Sequence[int], columns: Sequence[int], unit: int
) -> list[list[int]]:
    """As `fit_units`, in multiples of `unit` as far as the margins are.

    What is less than a unit lies in the row and the column with the largest
    totals; where it cannot, cells are multiples of the greatest unit that
    divides every margin.
    """
    odd = odd_parts(rows, columns, unit)
    row_rest, column_rest = without(rows, columns, odd)
    fits = min(*row_rest, *column_rest) >= 0 and not any(
        part and not cell
        for odd_row, seed_row in zip(odd, seed, strict=True)
        for part, cell in zip(odd_row, seed_row, strict=True)
    )
    shared = gcd(unit, *rows, *columns)
    try:
        if not fits:
            return fit_amounts(seed, rows, columns, shared)
        cells = fit_units(seed, [n // unit for n in row_rest], [n // unit for n in column_rest])
    except RuleError as error:
        if fits and shared != unit:
            return fit_amounts(seed, rows, columns, shared)
        if fits:
            error.values |= {name: error.values[name] * unit for name in ("need", "room")}  # type: ignore[operator]
        raise
    return [
        [cell * unit + part for cell, part in zip(cell_row, odd_row, strict=True)]
        for cell_row, odd_row in zip(cells, odd, strict=True)
    ]


def fit_around(
    seed: Table,
    rows: Sequence[int],
    columns: Sequence[int],
    locked: Sequence[Sequence[int | None]],
    unit: int,
) -> list[list[int]]:
    """Cells that are not None in `locked` kept, the others fitted to what the margins leave.

    All are numerators over one denominator. RuleError "row_over" or "column_over"
    names the line whose locked cells pass its total.
    """
    held = [[cell or 0 for cell in row] for row in locked]
    row_rest, column_rest = without(rows, columns, held)
    for side, rest, totals in (("row", row_rest, rows), ("column", column_rest, columns)):
        for line, left in enumerate(rest):
            if left < 0:
                raise RuleError(
                    f"{side}_over",
                    argument=f"{side}_totals",
                    position=line + 1,
                    held=totals[line] - left,
                    total=totals[line],
                )
    opened = [
        [cell if lock is None else 0 for cell, lock in zip(seed_row, lock_row, strict=True)]
        for seed_row, lock_row in zip(seed, locked, strict=True)
    ]
    cells = fit_amounts(opened, row_rest, column_rest, unit)
    return [
        [cell + kept for cell, kept in zip(cell_row, held_row, strict=True)]
        for cell_row, held_row in zip(cells, held, strict=True)
    ]


def read_locked(locked: object, height: int, width: int, other: str) -> list[list[Fraction | None]]:
    """Locked cells in a table of that size, None where the cell is open."""
    if locked is None:
        return [[None] * width for _ in range(height)]
    rows = read_block(locked, "locked")
    cells = [cell for row in rows for cell in row]
    if len(rows) != height or len(rows[0]) != width:
        same_count(cells, "locked", height * width, other)
        raise RuleError("ragged", argument="locked", row=1, count=len(rows[0]), expected=width)
    read = [
        None if cell is None or cell == "" else exact(cell, "locked", position)
        for position, cell in enumerate(cells, 1)
    ]
    return [read[start : start + width] for start in range(0, len(read), width)]


def fitted(
    seed: Table,
    rows: Sequence[object],
    columns: Sequence[object],
    locked: Sequence[Sequence[Fraction | None]],
    unit: Fraction,
) -> list[list[Any]]:
    """`fit_around` for exact numbers of one sign."""
    fixed = [cell or 0 for row in locked for cell in row]
    numbers, denominator = common([unit, *rows, *columns, *fixed], "total")
    sign = -1 if sum(numbers[1 : 1 + len(rows)]) < 0 else 1
    step, signed = numbers[0], [sign * number for number in numbers[1:]]
    width = len(columns)
    cells = iter(signed[len(rows) + width :])
    locks = [
        [None if cell is None else held for cell, held in zip(row, cells, strict=False)]
        for row in locked
    ]
    try:
        table = fit_around(
            seed, signed[: len(rows)], signed[len(rows) : len(rows) + width], locks, step
        )
    except RuleError as error:
        for name in ("need", "room", "held", "total"):
            if name in error.values:
                error.values[name] = simplest(
                    Fraction(sign * error.values[name], denominator)  # type: ignore[operator]
                )
        raise
    return [plain([sign * cell for cell in row], denominator) for row in table]


LOCKED = Param(
    "locked",
    "block",
    "money",
    "锁定的格：填写的格保持不变，空格分其余部分；形状与结果相同",
    "Locked cells: a filled cell is kept, the empty ones share the rest; shaped as the result",
    None,
)


@rule(
    name="FIT_MARGINS",
    category="targets",
    order=60,
    returns="block",
    zh="按给定的行合计与列合计调整一张表（迭代比例拟合后受控舍入）：0 仍为 0，合计分毫不差。",
    en="Fits a table to given row and column totals (proportional fitting, then controlled "
    "rounding): odds are kept, 0 stays 0, every total is exact.",
    params=(
        Param(
            "seed",
            "block",
            "weight",
            "出发的表，如去年的数，不得为负；为 0 的格保持 0",
            "Table to start from, such as last year's figures, none negative; a 0 stays 0",
        ),
        Param(
            "row_totals", "list", "money", "各行合计，同号", "Total of each row, all of one sign"
        ),
        Param(
            "column_totals",
            "list",
            "money",
            "各列合计，总和须等于各行合计之和",
            "Total of each column; together as much as the row totals",
        ),
        Param(
            "unit",
            "number",
            "money",
            "取整单位，如 1 或 0.01",
            "Cells are multiples of this, e.g. 1 or 0.01",
            1,
        ),
        LOCKED,
    ),
    errors=(
        "negative_weight",
        "unit_not_positive",
        "counts_differ",
        "ragged",
        "margin_sign",
        "totals_differ",
        "row_over",
        "column_over",
        "rows_unreachable",
        "columns_unreachable",
    ),
    example={"seed": [[30, 10], [20, 40]], "row_totals": [60, 60], "column_totals": [70, 50]},
)
def fit_margins(
    seed: Cells,
    row_totals: Cells,
    column_totals: Cells,
    unit: Number = 1,
    locked: OpenCells | None = None,
) -> list[list[Any]]:
    """The fitted table as rows of cells, in the shape of `seed`."""
    block = read_block(seed, "seed")
    height, width = len(block), len(block[0])
    parts = read_weights([cell for row in block for cell in row], "seed")
    margins: list[list[Fraction]] = []
    for argument, given, count in (
        ("row_totals", row_totals, height),
        ("column_totals", column_totals, width),
    ):
        cells, _ = read_cells(given, argument)
        same_count(cells, argument, count, "seed")
        margins.append([exact(cell, argument, n) for n, cell in enumerate(cells, 1)])
    rows, columns = margins
    total = sum(rows, Fraction(0))
    if total != sum(columns):
        raise RuleError(
            "totals_differ",
            argument="column_totals",
            value=simplest(sum(columns, Fraction(0))),
            expected=simplest(total),
        )
    for argument, line in (("row_totals", rows), ("column_totals", columns)):
        for position, value in enumerate(line, 1):
            if value * total < 0 or (value and not total):
                raise RuleError(
                    "margin_sign", argument=argument, position=position, value=simplest(value)
                )
    return fitted(
        [parts[start : start + width] for start in range(0, len(parts), width)],
        rows,
        columns,
        read_locked(locked, height, width, "seed"),
        read_unit(unit),
    )
