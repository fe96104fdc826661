"""Break a total down in three directions: region × product × month, with quarters.

Every cell, every line in each direction, every plane, every quarter and the total
is its exact share rounded down or up to the unit, and all of them add up. 10 over
two regions, two products and four months in pairs: each cell's share is 5/8, a
region's 5, a month's 2.5, a pair of months' 5.

>>> split_target_cube(10, [1, 1], [1, 1], [1, 1, 1, 1], group=2)
[[1, 1, 1, 0], [0, 1, 0, 1], [0, 1, 0, 1], [1, 0, 1, 1]]

A cube is a block of lines: first region first product, first region second
product, …; the months run across.

`core.cube_search` finds the answer. There are cubes without any answer that meets
every margin, and some it does not find; then a solver is asked, if one is at hand
(`use_solver`), and whatever it says is counted again before it is used. What is
still missed is told by EXPLAIN_CUBE; the total, the lines over all months, and the
row and column sums hold in any case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from salesxl.core.cells import Cells, read_block, read_cells
from salesxl.core.cube_round import Cube, fill_cube, round_cube, spread_cube, use_solver
from salesxl.core.declare import Param, rule
from salesxl.core.error import RuleError
from salesxl.core.grid import in_units, read_ideal
from salesxl.core.margins import Margin, Shape
from salesxl.core.number import Number, common, plain, simplest, whole
from salesxl.core.split import read_unit, read_weights

__all__ = ["explain_cube", "fill_cube", "split_target_cube", "spread_cube", "use_solver"]


_PARAMS = (
    Param(
        "total",
        "number",
        "money",
        "要分解的总额，可为负；给出理想值时可省略",
        "Amount to break down; may be left out where ideal values are given",
        None,
    ),
    Param(
        "row_weights",
        "list",
        "weight",
        "第一方向（如区域）的权重，不得为负",
        "Weights of the first direction, such as regions, none negative",
        None,
    ),
    Param(
        "column_weights",
        "list",
        "weight",
        "第二方向（如产品线）的权重，不得为负",
        "Weights of the second direction, such as product lines, none negative",
        None,
    ),
    Param(
        "layer_weights",
        "list",
        "weight",
        "第三方向（如月份）的权重，不得为负",
        "Weights of the third direction, such as months, none negative",
        None,
    ),
    Param(
        "unit",
        "number",
        "money",
        "取整单位，如 100；不足一个单位的尾差归最大的格",
        "Cells are multiples of this, e.g. 100; what is less goes to the largest cell",
        1,
    ),
    Param(
        "group",
        "whole",
        "count",
        "几层合为一组，组合计同样精确：月份填 3 即季度，1 为不分组",
        "Layers in a group whose sums hold as well: 3 makes quarters of months, 1 makes none",
        3,
    ),
    Param(
        "ideal",
        "block",
        "weight",
        "理想值，代替权重：每行一个（区域，产品）组合，先区域后产品，每列一个月；给出总额时只取比例",
        "Ideal values instead of weights: a line per region and product, region by region; "
        "months across. With a total only their proportions count",
        None,
    ),
    Param(
        "rows",
        "whole",
        "count",
        "理想值表中第一方向的个数（如区域数），须整除其行数",
        "How many of the first direction (regions) the ideal values have; divides their lines",
        None,
    ),
    Param(
        "nearest_seconds",
        "whole",
        "count",
        "用几秒寻找离理想值最近的解（须装 solve 扩展）；0 为首个全部对得上的解",
        "Seconds to look for the answer nearest to the ideal (needs the extra solve); "
        "0: the first that adds up",
        0,
    ),
)
_ERRORS = (
    "negative_weight",
    "weights_all_zero",
    "unit_not_positive",
    "not_whole",
    "missing_argument",
    "not_with",
    "lines_of_rows",
    "ragged",
)
_EXAMPLE = {
    "total": 1000,
    "row_weights": [5, 3],
    "column_weights": [2, 1],
    "layer_weights": [1, 2, 3, 4, 5, 6],
    "unit": 10,
}


@rule(
    name="SPLIT_TARGET_CUBE",
    category="targets",
    order=40,
    returns="block",
    zh="按三个方向（区域 × 产品 × 月份）分解目标：每格、每行、每面、每季和总计都是其精确份额"
    "上下取整，且全部对得上。每行一个（区域，产品）组合，每列一个月。",
    en="Breaks a target down by region, product and month: every cell, line, plane, quarter and "
    "the total is its exact share rounded down or up, and all add up. A line per region and "
    "product, months across.",
    params=_PARAMS,
    errors=_ERRORS,
    example=_EXAMPLE,
)
def split_target_cube(
    total: Number | None = None,
    row_weights: Cells | None = None,
    column_weights: Cells | None = None,
    layer_weights: Cells | None = None,
    unit: Number = 1,
    group: Number = 3,
    ideal: Cells | None = None,
    rows: Number | None = None,
    nearest_seconds: Number = 0,
) -> list[list[Any]]:
    """The cube as a block of rows × columns lines and a column for each layer."""
    asked = _read(
        "SPLIT_TARGET_CUBE",
        total,
        (row_weights, column_weights, layer_weights),
        (unit, group, nearest_seconds),
        (ideal, rows),
    )
    cells = [asked.sign * cell * asked.step for cell in asked.cube().cells]
    cells[asked.largest] += asked.odd
    numbers, denominator = common(cells, "total")
    shown, depth = plain(numbers, denominator), asked.shape[2]
    return [shown[n : n + depth] for n in range(0, len(shown), depth)]


@rule(
    name="EXPLAIN_CUBE",
    category="targets",
    order=50,
    returns="block",
    zh="三方向分解的说明，首行：方法、需取整的合计数、未满足数、最大偏差。其后每行一个未满足的合计：行、列、首层、末层（空为全部）、精确份额、实际值、偏差。",
    en="On a split by three directions. First line: method, sums that needed rounding, how many "
    "missed, largest miss. Then a line each: row, column (empty: all), first and last layer, "
    "exact share, value, miss.",
    params=_PARAMS,
    errors=_ERRORS,
    example=_EXAMPLE,
)
def explain_cube(
    total: Number | None = None,
    row_weights: Cells | None = None,
    column_weights: Cells | None = None,
    layer_weights: Cells | None = None,
    unit: Number = 1,
    group: Number = 3,
    ideal: Cells | None = None,
    rows: Number | None = None,
    nearest_seconds: Number = 0,
) -> list[list[Any]]:
    """The method is "search", "solver" or "nearest".

    Shares and values leave aside what the total has below a unit; a miss is what
    lies beyond the share rounded down or up, below 0 where the sum is too small.
    """
    asked = _read(
        "EXPLAIN_CUBE",
        total,
        (row_weights, column_weights, layer_weights),
        (unit, group, nearest_seconds),
        (ideal, rows),
    )
    cube = asked.cube()
    worst = max((abs(miss) for _, miss in cube.missed), default=0)
    first = [cube.method, cube.margins, len(cube.missed), simplest(worst * asked.step)]
    return [first + [None] * 3, *(asked.line(cube, margin, miss) for margin, miss in cube.missed)]


@dataclass(frozen=True)
class _Asked:
    """What a call asks for: shares in units as `parts` / `one`, layers innermost."""

    parts: list[int]
    one: int
    shape: Shape
    group: int
    seconds: int
    step: Fraction
    sign: int
    odd: Fraction
    largest: int  # the cell that takes what is below a unit

    def cube(self) -> Cube:
        return round_cube(self.parts, self.shape, self.one, self.group, self.seconds)

    def line(self, cube: Cube, margin: Margin, miss: int) -> list[Any]:
        """Row, column, first and last layer from 1; share, value, miss as amounts."""
        cells = list(self._cells(margin))
        share = Fraction(sum([self.parts[cell] for cell in cells]), self.one)
        value = sum([cube.cells[cell] for cell in cells])
        row, column = (None if n is None else n + 1 for n in (margin.row, margin.column))
        amounts = (simplest(self.sign * n * self.step) for n in (share, value, miss))
        return [row, column, margin.first + 1, margin.last + 1, *amounts]

    def _cells(self, margin: Margin) -> Iterator[int]:
        height, width, depth = self.shape
        for i in range(height) if margin.row is None else (margin.row,):
            for j in range(width) if margin.column is None else (margin.column,):
                start = (i * width + j) * depth
                yield from range(start + margin.first, start + margin.last + 1)


def _read(
    name: str,
    total: Number | None,
    weights: tuple[Cells | None, Cells | None, Cells | None],
    settings: tuple[Number, Number, Number],
    given: tuple[Cells | None, Number | None],
) -> _Asked:
    unit, group, nearest_seconds = settings
    ideal, rows = given
    step = read_unit(unit)
    if ideal is None:
        if total is None:
            raise RuleError("missing_argument", argument="total", rule=name)
        parts, shape = _from_weights(name, weights)
        denominator = 1
    else:
        for argument, value in zip(_WEIGHTS, weights, strict=True):
            if value is not None:
                raise RuleError("not_with", argument=argument, other="ideal")
        parts, denominator, shape = _from_ideal(name, ideal, rows)
    units, one, odd, sign = in_units(parts, denominator, total, step)
    return _Asked(
        parts=units,
        one=one,
        shape=shape,
        group=whole(group, "group", 1, 1000),
        seconds=whole(nearest_seconds, "nearest_seconds", 0, 3600),
        step=step,
        sign=sign,
        odd=odd,
        largest=parts.index(max(parts)),
    )


_WEIGHTS = ("row_weights", "column_weights", "layer_weights")


def _from_weights(name: str, weights: tuple[Cells | None, ...]) -> tuple[list[int], Shape]:
    """The product of the three weights for each cell."""
    read = []
    for argument, value in zip(_WEIGHTS, weights, strict=True):
        if value is None:
            raise RuleError("missing_argument", argument=argument, rule=name)
        read.append(read_weights(read_cells(value, argument)[0], argument))
        if not any(read[-1]):
            raise RuleError("weights_all_zero", argument=argument)
    rows, columns, layers = read
    return [r * c * k for r in rows for c in columns for k in layers], (
        len(rows),
        len(columns),
        len(layers),
    )


def _from_ideal(name: str, ideal: Cells, rows: Number | None) -> tuple[list[int], int, Shape]:
    if rows is None:
        raise RuleError("missing_argument", argument="rows", rule=name)
    block = read_block(ideal, "ideal")
    height = whole(rows, "rows", 1, len(block))
    if len(block) % height:
        raise RuleError("lines_of_rows", argument="ideal", count=len(block), rows=height)
    parts, denominator = read_ideal([cell for line in block for cell in line], "ideal")
    return parts, denominator, (height, len(block) // height, len(block[0]))
