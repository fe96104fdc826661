"""How a target comes about, in words, from the very rule that split it.

>>> print("\\n".join(split_words(plan, "R02", "", "en")))
South: 2,345,600.00
Exact share: …
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from salesxl.core.explain_split import explain_split
from salesxl.plan.model import Plan
from salesxl.plan.targets import Targets, bounds_of, breakdown
from salesxl.texts import Lang, text


def split_words(plan: Plan, region: str, product: str, lang: Lang) -> list[str]:
    """Lines of a message on one target: of a region, of a product line, or of both."""
    targets = breakdown(plan)
    if region and product:
        return _grid_words(plan, targets, region, product, lang)
    rows: Sequence[Any] = plan.leaf_regions if region else plan.product_lines
    parts = targets.region_parts if region else targets.product_parts
    settings = plan.settings
    index = [row.id for row in rows].index(region or product)
    low, high = bounds_of(rows, targets.total)
    locked = [row.locked_amount for row in rows]
    exact, floor, rest, rank, units, odd, cause, result = explain_split(
        targets.total, parts, targets.unit, locked, low, high, settings.split_method
    )[index]

    def say(key: str, **values: object) -> str:
        return text(f"macros.explain_{key}", lang, **values)

    def money(value: Any) -> str:
        amount = Fraction(value) / 10**settings.decimals
        return f"{Decimal(amount.numerator) / Decimal(amount.denominator):,.{settings.decimals}f}"

    lines = [say("head", name=rows[index].name, amount=money(result))]
    if cause is not None:
        return [*lines, say(f"held_{cause}", amount=money(result))]
    weight = Fraction(parts[index], sum(parts))
    held = sum(lock for lock in locked if lock is not None)
    lines.append(say("weight", weight=f"{float(weight):.4%}"))
    if held:
        lines.append(say("free", rest=money(targets.total - held), held=money(held)))
    lines.append(say("exact", exact=money(exact)))
    lines.append(say("floor", unit=money(targets.unit), floor=money(floor), rest=money(rest)))
    if rank is not None:
        lines.append(say("rank", rank=rank))
    lines.append(say("sum", floor=money(floor), units=units, unit=money(targets.unit),
                     odd=money(odd), result=money(result)))  # fmt: skip
    return lines


def _grid_words(plan: Plan, targets: Targets, region: str, product: str, lang: Lang) -> list[str]:
    settings = plan.settings
    row, col = targets.region_ids.index(region), targets.product_ids.index(product)
    names = {r.id: r.name for r in plan.regions} | {p.id: p.name for p in plan.product_lines}

    def money(value: Fraction | int) -> str:
        return f"{float(Fraction(value) / 10**settings.decimals):,.{settings.decimals}f}"

    region_amount, product_amount = targets.region_amounts[row], targets.product_amounts[col]
    ideal = Fraction(region_amount * product_amount, targets.total) if targets.total else 0
    amount = targets.regions[row].products[col]
    lines = [
        text("macros.explain_head", lang, name=f"{names[region]} · {names[product]}",
             amount=money(amount)),
        text("macros.explain_grid", lang, region=money(region_amount),
             product=money(product_amount), total=money(targets.total), ideal=money(ideal)),
    ]  # fmt: skip
    held = any((lock.region, lock.product_line, lock.month) == (region, product, None)
               for lock in plan.target_locks)  # fmt: skip
    if held:
        return [*lines, text("macros.explain_held_locked", lang, amount=money(amount))]
    return [*lines, text("macros.explain_margins", lang, unit=money(targets.unit))]
