"""From a plan to every target in it; sums agree exactly in every direction.

    company ─ regions (largest remainder on blended weights)
       └────── region × product (controlled rounding: both margins exact)
                 └── months (largest remainder on month weights)
                       └── persons (largest remainder on quota weights, by days there and ramp)

What the plan locks, at any of these levels, is kept; the others share the rest.
All amounts are minor units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from salesxl.core.error import RuleError
from salesxl.core.grid import split_target_grid, spread
from salesxl.core.split import read_method, split_amount, split_target
from salesxl.core.weights import blend_weights, scale_for, whole_parts
from salesxl.errors import Problem, SalesxlError
from salesxl.plan.locks import Locks, locks_of
from salesxl.plan.members import MEMBER_SCALE, VACANT, WHOLE_MONTH, members_of
from salesxl.plan.model import TABLE, Plan, ProductLine, Region

_MONEY = frozenset({"held", "total", "low", "high", "rest", "need", "room"})
# What a split calls its arguments → the column they stand in.
_COLUMNS = {
    "regions": {"minimum": "minimum_amount", "maximum": "maximum_amount"},
    "product_lines": {"minimum": "minimum_share", "maximum": "maximum_share"},
}

__all__ = [
    "MEMBER_SCALE",
    "VACANT",
    "WHOLE_MONTH",
    "RegionTargets",
    "Targets",
    "breakdown",
    "fiscal_months",
]


@dataclass(frozen=True)
class RegionTargets:
    """One leaf region's targets. Index order: product, (member), month."""

    region: str
    amount: int
    products: tuple[int, ...]  # by product line
    months: tuple[tuple[int, ...], ...]  # [product][month]
    members: tuple[str, ...]  # person ids carrying quota here, then VACANT if needed
    member_parts: tuple[tuple[int, ...], ...]  # [member][month] weight parts; 0 = not there
    quotas: tuple[tuple[tuple[int, ...], ...], ...]  # [product][member][month]
    member_full: tuple[int, ...] = ()  # [member] weight parts of a whole month
    member_presence: tuple[tuple[int, ...], ...] = ()  # [member][month] parts of WHOLE_MONTH
    month_locks: tuple[tuple[int | None, ...], ...] = ()  # [product][month]; None = free
    people_locked: tuple[frozenset[int], ...] = ()  # [product] months with a person's lock


@dataclass(frozen=True)
class Targets:
    """The company's breakdown. `*_parts` are the whole-number weights actually used."""

    total: int
    unit: int
    scale: int  # parts that make up a whole weight (1,000,000 or more)
    months: tuple[date, ...]  # first day of each fiscal month
    month_parts: tuple[int, ...]
    region_ids: tuple[str, ...]  # leaf regions
    region_parts: tuple[int, ...]
    region_amounts: tuple[int, ...]
    product_ids: tuple[str, ...]
    product_parts: tuple[int, ...]
    product_amounts: tuple[int, ...]
    regions: tuple[RegionTargets, ...]  # same order as region_ids

    def of(self, region: str) -> RegionTargets:
        return self.regions[self.region_ids.index(region)]


def breakdown(plan: Plan) -> Targets:
    """Every target of `plan`; SalesxlError lists all weights and locks that leave no answer."""
    settings = plan.settings
    total, unit = settings.annual_target_amount, settings.rounding_unit_amount
    scale = scale_for(total // unit)
    months = fiscal_months(settings.year, settings.fiscal_year_first_month)
    problems: list[Problem] = []
    month_parts = _month_parts(plan, months, scale, problems)
    region_parts, region_amounts = _split_table(plan, "regions", plan.leaf_regions, scale, problems)
    product_parts, product_amounts = _split_table(
        plan, "product_lines", plan.product_lines, scale, problems
    )
    if problems:
        raise SalesxlError(problems)
    locks = locks_of(plan, months)
    cells = _grid(plan, region_amounts, product_amounts, locks, problems)
    regions = tuple(
        _region_targets(plan, region, row, months, month_parts, locks, problems)
        for region, row in zip(plan.leaf_regions, cells, strict=True)
    )
    if problems:
        raise SalesxlError(problems)
    return Targets(
        total=total,
        unit=unit,
        scale=scale,
        months=months,
        month_parts=month_parts,
        region_ids=tuple(region.id for region in plan.leaf_regions),
        region_parts=region_parts,
        region_amounts=region_amounts,
        product_ids=tuple(product.id for product in plan.product_lines),
        product_parts=product_parts,
        product_amounts=product_amounts,
        regions=regions,
    )


def fiscal_months(year: int, first_month: int) -> tuple[date, ...]:
    """The first days of the fiscal year's months; the year starts in calendar year `year`."""
    return tuple(
        date(year + (first_month - 1 + index) // 12, (first_month - 1 + index) % 12 + 1, 1)
        for index in range(12)
    )


def _month_parts(
    plan: Plan, months: Sequence[date], scale: int, problems: list[Problem]
) -> tuple[int, ...]:
    weight_of = {row.month: row.weight for row in plan.month_weights}
    weights = [weight_of.get(month.month, Decimal(0)) for month in months]
    if not any(weights):
        problems.append(_all_zero("month_weights", "weight"))
        return (0,) * len(months)
    return tuple(whole_parts(weights, scale))


def _split_table(
    plan: Plan,
    table: str,
    rows: Sequence[Region] | Sequence[ProductLine],
    scale: int,
    problems: list[Problem],
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Parts and amounts of the leaf regions or of the product lines."""
    weights = _blended(rows, plan.settings.potential_share)
    if not weights:
        problems.append(_all_zero(table, "history_amount"))
        return (), ()
    parts = tuple(whole_parts(weights, scale))
    settings = plan.settings
    low, high = bounds_of(rows, settings.annual_target_amount)
    try:
        amounts = split_target(
            settings.annual_target_amount,
            parts,
            settings.rounding_unit_amount,
            [row.locked_amount for row in rows],
            low,
            high,
            settings.split_method,
        )
    except RuleError as error:
        problems.append(_lock_problem(error, table, rows, settings.decimals))
        return parts, ()
    return parts, tuple(amounts)


def bounds_of(
    rows: Sequence[Region] | Sequence[ProductLine], total: int
) -> tuple[list[int | None], list[int | None]]:
    """Least and most of each row in minor units; a share of `total` is rounded inwards."""
    low: list[int | None] = []
    high: list[int | None] = []
    for row in rows:
        if isinstance(row, Region):
            low.append(row.minimum_amount)
            high.append(row.maximum_amount)
        else:
            least, most = row.minimum_share, row.maximum_share
            low.append(None if least is None else ceil(Fraction(least) * total))
            high.append(None if most is None else floor(Fraction(most) * total))
    return low, high


def _grid(
    plan: Plan,
    regions: Sequence[int],
    products: Sequence[int],
    locks: Locks,
    problems: list[Problem],
) -> list[list[int]]:
    """Region × product: both margins exact, locked cells kept."""
    unit = plan.settings.rounding_unit_amount
    if not locks.cells:
        return spread(regions, products, unit)
    locked = [
        [locks.cells.get((region.id, line.id)) for line in plan.product_lines]
        for region in plan.leaf_regions
    ]
    try:
        cells: list[list[int]] = split_target_grid(
            sum(regions), regions, products, unit, regions, products, locked=locked
        )
    except RuleError as error:
        problems.append(_detail_problem(error, "", plan.settings.decimals))
        return spread(regions, products, unit)
    return cells


def _blended(
    rows: Sequence[Region] | Sequence[ProductLine], potential_share: Decimal
) -> list[Fraction]:
    """Weights that add up to 1; a column that is all zero leaves the other alone."""
    history = [row.history_amount for row in rows]
    potential = [row.potential_amount for row in rows]
    if not any(history) and not any(potential):
        return []
    share = potential_share
    if not any(history):
        share = Decimal(1)
    elif not any(potential):
        share = Decimal(0)
    blended: list[Fraction] = blend_weights(history, potential, share)
    return blended


def _all_zero(table: str, key: str) -> Problem:
    column = next(column for column in TABLE[table].columns if column.key == key)
    titles = {"table_zh": TABLE[table].zh, "table_en": TABLE[table].en}
    titles |= {"column_zh": column.zh, "column_en": column.en}
    return Problem("plan.weights_all_zero", f"{table}!{key}", titles)


def _lock_problem(
    error: RuleError,
    table: str,
    rows: Sequence[Region] | Sequence[ProductLine],
    decimals: int,
) -> Problem:
    """What the locks of `table` leave unanswered, with amounts in major units."""
    if error.code == "weights_all_zero":
        return _all_zero(table, "history_amount")
    row = rows[error.position - 1].name if error.position else ""
    values = _major(error, decimals)
    place = f"{table}!{_COLUMNS[table].get(error.argument, 'locked_amount')}"
    where = f"{place} ({row})" if row else place
    return Problem(f"core.{error.code}", where, {"place": place, **values})


def _region_targets(
    plan: Plan,
    region: Region,
    products: Sequence[int],
    months: Sequence[date],
    month_parts: Sequence[int],
    locks: Locks,
    problems: list[Problem],
) -> RegionTargets:
    members = members_of(plan, region.id, months)
    parts = members.parts
    columns = list(zip(*parts, strict=True))
    by_month, quotas, month_locks, people_locked = [], [], [], []
    for line, amount in zip(plan.product_lines, products, strict=True):
        held = locks.year(region.id, line.id, len(months))
        place = f"{region.name} · {line.name}"
        year = _split(plan, amount, month_parts, held, place, problems)
        shares = []
        for index, (target, column) in enumerate(zip(year, columns, strict=True)):
            fixed = locks.people.get((region.id, line.id, index), {})
            kept = [fixed.get(member) for member in members.ids]
            where = f"{place} · {months[index]:%Y-%m}"
            shares.append(_split(plan, target, column, kept, where, problems))
        by_month.append(tuple(year))
        quotas.append(tuple(zip(*shares, strict=True)))
        month_locks.append(held)
        people_locked.append(
            frozenset(m for m in range(len(months)) if (region.id, line.id, m) in locks.people)
        )
    return RegionTargets(
        region=region.id,
        amount=sum(products),
        products=tuple(products),
        months=tuple(by_month),
        members=members.ids,
        member_full=members.full,
        member_presence=members.presence,
        member_parts=parts,
        quotas=tuple(quotas),
        month_locks=tuple(month_locks),
        people_locked=tuple(people_locked),
    )


def _split(
    plan: Plan,
    amount: int,
    parts: Sequence[int],
    locked: Sequence[int | None],
    place: str,
    problems: list[Problem],
) -> list[int]:
    """`amount` by `parts`; a lock that leaves no answer becomes a problem of `target_locks`."""
    unit, method = plan.settings.rounding_unit_amount, read_method(plan.settings.split_method)
    if not any(lock is not None for lock in locked):
        return split_amount(amount, parts, unit, method)
    try:
        shares: list[int] = split_target(amount, parts, unit, locked, method=method)
    except RuleError as error:
        problems.append(_detail_problem(error, place, plan.settings.decimals))
        return split_amount(amount, parts, unit, method)
    return shares


def _detail_problem(error: RuleError, place: str, decimals: int) -> Problem:
    """A fault of `target_locks`, with amounts in major units."""
    where = "target_locks!locked_amount" + (f" ({place})" if place else "")
    return Problem(f"core.{error.code}", where, {"place": where, **_major(error, decimals)})


def _major(error: RuleError, decimals: int) -> dict[str, object]:
    """The error's values as a text needs them: money in major units."""
    return {
        name: Decimal(str(value)).scaleb(-decimals) if name in _MONEY else value
        for name, value in error.values.items()
    }
