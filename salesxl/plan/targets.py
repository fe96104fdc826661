"""From a plan to every target in it; sums agree exactly in every direction.

    company ─ regions (largest remainder on blended weights)
       └────── region × product (controlled rounding: both margins exact)
                 └── months (largest remainder on month weights)
                       └── persons (largest remainder on quota weights, zero when not employed)

All amounts are minor units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from salesxl.core.error import RuleError
from salesxl.core.grid import spread
from salesxl.core.split import split_amount, split_target
from salesxl.core.weights import blend_weights, scale_for, whole_parts
from salesxl.errors import Problem, SalesxlError
from salesxl.plan.model import TABLE, Person, Plan, ProductLine, Region

MEMBER_SCALE = 1_000_000

VACANT = ""  # the member id that carries what no employed person can


@dataclass(frozen=True)
class RegionTargets:
    """One leaf region's targets. Index order: product, (member), month."""

    region: str
    amount: int
    products: tuple[int, ...]  # by product line
    months: tuple[tuple[int, ...], ...]  # [product][month]
    members: tuple[str, ...]  # person ids carrying quota here, then VACANT if needed
    member_parts: tuple[tuple[int, ...], ...]  # [member][month] weight parts; 0 = not active
    quotas: tuple[tuple[tuple[int, ...], ...], ...]  # [product][member][month]


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
    cells = spread(region_amounts, product_amounts, unit)
    regions = tuple(
        _region_targets(plan, region, row, months, month_parts)
        for region, row in zip(plan.leaf_regions, cells, strict=True)
    )
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
    try:
        amounts = split_target(
            settings.annual_target_amount,
            parts,
            settings.rounding_unit_amount,
            [row.locked_amount for row in rows],
        )
    except RuleError as error:
        problems.append(_lock_problem(error, table, rows, settings.decimals))
        return parts, ()
    return parts, tuple(amounts)


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
    values = {
        name: Decimal(str(value)).scaleb(-decimals) if name in ("held", "total") else value
        for name, value in error.values.items()
    }
    place = f"{table}!locked_amount"
    where = f"{place} ({row})" if row else place
    return Problem(f"core.{error.code}", where, {"place": place, **values})


def _region_targets(
    plan: Plan,
    region: Region,
    products: Sequence[int],
    months: Sequence[date],
    month_parts: Sequence[int],
) -> RegionTargets:
    unit = plan.settings.rounding_unit_amount
    by_month = tuple(tuple(split_amount(amount, month_parts, unit)) for amount in products)
    members, parts = _members(plan, region.id, months)
    columns = list(zip(*parts, strict=True))
    quotas = []
    for product in by_month:
        shares = [
            split_amount(amount, column, unit)
            for amount, column in zip(product, columns, strict=True)
        ]
        quotas.append(tuple(zip(*shares, strict=True)))
    return RegionTargets(
        region=region.id,
        amount=sum(products),
        products=tuple(products),
        months=by_month,
        members=members,
        member_parts=parts,
        quotas=tuple(quotas),
    )


def _members(
    plan: Plan, region: str, months: Sequence[date]
) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...]]:
    """Who carries the region's quota, and with how many parts in each month.

    Home people first, then those assigned, both in the plan's order; somebody
    not employed in any month of the year carries none. VACANT comes last and
    only where a month has nobody: it then carries that month whole.
    """
    active: dict[str, tuple[bool, ...]] = {}
    weights: dict[str, Decimal] = {}
    for person, weight in _carriers(plan, region):
        present = tuple(_employed(person, month) for month in months)
        if weight > 0 and any(present):
            active[person.id] = present
            weights[person.id] = weights.get(person.id, Decimal(0)) + weight
    full = whole_parts(list(weights.values()), MEMBER_SCALE) if weights else []
    parts = [
        tuple(part if present else 0 for present in active[person])
        for person, part in zip(weights, full, strict=True)
    ]
    covered = [any(row[month] for row in parts) for month in range(len(months))]
    members = list(weights)
    if not all(covered):
        members.append(VACANT)
        parts.append(tuple(0 if done else MEMBER_SCALE for done in covered))
    return tuple(members), tuple(parts)


def _carriers(plan: Plan, region: str) -> list[tuple[Person, Decimal]]:
    """People whose role carries quota, with their weight in `region`, home people first."""
    carries = {role.id for role in plan.roles if role.carries_quota == "yes"}
    people = [person for person in plan.people if person.role in carries]
    home = [(person, person.quota_weight) for person in people if person.region == region]
    assigned = [
        (person, row.quota_weight)
        for person in people
        for row in plan.assignments
        if row.person == person.id and row.region == region
    ]
    return home + assigned


def _employed(person: Person, month: date) -> bool:
    """Whether `person` is employed on any day of the month that starts at `month`."""
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    joined, left = person.joined_date, person.left_date
    return (joined is None or joined <= last) and (left is None or left >= month)
