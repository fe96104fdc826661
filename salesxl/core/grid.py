"""Round a table so that every row and every column adds up exactly.

10 is to be spread over two regions (5 and 5) and three products (3, 3, 4). Each
cell's ideal is row × column / total: 1.5, 1.5, 2 in both rows. Rounding each
cell alone gives rows of 6 and columns of 4. Controlled rounding keeps each cell
at the floor or the ceiling of its ideal and every margin as given:

>>> split_target_grid(10, [1, 1], [3, 3, 4])
[[2, 1, 2], [1, 2, 2]]

How: keep the fractional parts; while a cell is fractional, walk along fractional
cells, by row and by column in turn, until the walk closes a cycle; push the
largest step around it (+ − + −) that makes a cell whole. Margins do not move,
each cycle settles a cell, and the push goes the way that stays nearer to the
ideal. There are many right answers; this one is always the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from salesxl.core.cells import Cells, OpenCells, read_cells
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.number import Number, common, exact, plain
from salesxl.core.split import read_unit, split_target

Matrix = Sequence[Sequence[Fraction]]


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


def round_table(table: Sequence[Sequence[int]], denominator: int) -> list[list[int]]:
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


def spread(rows: Sequence[int], columns: Sequence[int], unit: int = 1) -> list[list[int]]:
    """Whole cells ≥ 0 with exactly these margins, near row × column / total.

    `rows` and `columns` are whole, none negative, with the same sum. Cells are
    multiples of `unit`. Margins that are not multiples of it leave their odd
    parts in the column and the row with the largest totals (the first of
    equals); where those are too small to hold them, cells are multiples of the
    greatest unit that divides every margin.
    """
    odd = _odd_parts(rows, columns, unit)
    row_rest = [total - sum(part) for total, part in zip(rows, odd, strict=True)]
    column_rest = [
        total - sum(part) for total, part in zip(columns, zip(*odd, strict=True), strict=True)
    ]
    if min(*row_rest, *column_rest, 0) < 0:
        return spread(rows, columns, gcd(unit, *rows, *columns))
    row_units = [total // unit for total in row_rest]
    column_units = [total // unit for total in column_rest]
    total_units = sum(row_units)
    if not total_units:
        return odd
    cells = round_table([[r * c for c in column_units] for r in row_units], total_units)
    return [
        [cell * unit + part for cell, part in zip(cell_row, odd_row, strict=True)]
        for cell_row, odd_row in zip(cells, odd, strict=True)
    ]


def _odd_parts(rows: Sequence[int], columns: Sequence[int], unit: int) -> list[list[int]]:
    """Cells below `unit` that leave every margin a multiple of it."""
    top, left = rows.index(max(rows)), columns.index(max(columns))
    odd = [[0] * len(columns) for _ in rows]
    for i, total in enumerate(rows):
        odd[i][left] = total % unit
    for j, total in enumerate(columns):
        odd[top][j] = total % unit
    odd[top][left] = (rows[top] - sum(odd[top]) + odd[top][left]) % unit
    return odd


@rule(
    name="SPLIT_TARGET_GRID",
    category="targets",
    returns="block",
    zh="按行权重和列权重把目标分解成表（受控舍入），每行、每列和总计都分毫不差。",
    en="Breaks a target down into a table by row and column weights (controlled rounding): "
    "every row, every column and the total add up exactly.",
    params=(
        Param("total", "number", "money", "要分解的总额，可为负", "Amount to break down"),
        Param(
            "row_weights",
            "list",
            "weight",
            "各行的权重，不得为负",
            "A weight for each row, none negative",
        ),
        Param(
            "column_weights",
            "list",
            "weight",
            "各列的权重，不得为负",
            "A weight for each column, none negative",
        ),
        Param(
            "unit",
            "number",
            "money",
            "取整单位，如 100；不足一个单位的尾差归权重最大的行与列",
            "Cells are multiples of this, e.g. 100; what is less goes to the largest row "
            "and column",
            1,
        ),
        Param(
            "row_totals",
            "list",
            "money",
            "各行合计；空格按行权重分其余部分",
            "Given row totals; empty ones share the rest by row weight",
            None,
        ),
        Param(
            "column_totals",
            "list",
            "money",
            "各列合计；空格按列权重分其余部分",
            "Given column totals; empty ones share the rest by column weight",
            None,
        ),
    ),
    errors=(
        "negative_weight",
        "weights_all_zero",
        "unit_not_positive",
        "counts_differ",
        "locked_over",
        "locked_sum",
        "margin_sign",
    ),
    example={"total": 1000, "row_weights": [5, 3], "column_weights": [2, 1, 1], "unit": 10},
)
def split_target_grid(
    total: Number,
    row_weights: Cells,
    column_weights: Cells,
    unit: Number = 1,
    row_totals: OpenCells | None = None,
    column_totals: OpenCells | None = None,
) -> list[list[Any]]:
    """The table as rows of cells, in the order of the weights."""
    step = read_unit(unit)
    rows = _margin(total, row_weights, unit, row_totals, "row")
    columns = _margin(total, column_weights, unit, column_totals, "column")
    numbers, denominator = common([step, *rows, *columns], "total")
    sign = -1 if exact(total, "total") < 0 else 1
    margins = [sign * number for number in numbers[1:]]
    cells = spread(margins[: len(rows)], margins[len(rows) :], numbers[0])
    return [plain([sign * cell for cell in row], denominator) for row in cells]


def _margin(
    total: Number, weights: Cells, unit: Number, totals: OpenCells | None, side: str
) -> list[Any]:
    """The totals of one side: those given, the rest by largest remainder."""
    cells, _ = read_cells(weights, f"{side}_weights")
    given = None if totals is None else read_cells(totals, f"{side}_totals")[0]
    try:
        margin: list[Any] = split_target(total, cells, unit, given)  # type: ignore[arg-type]
    except RuleError as error:
        names = {"weights": f"{side}_weights", "locked": f"{side}_totals"}
        error.argument = names.get(error.argument, error.argument)
        if "other" in error.values:
            error.values["other"] = f"{side}_weights"
        raise
    amount = exact(total, "total")
    for position, value in enumerate(margin, 1):
        if exact(value) * amount < 0 or (value and not amount):
            raise RuleError(
                "margin_sign", argument=f"{side}_totals", position=position, value=value
            )
    return margin
