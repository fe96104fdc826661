"""Commission and attainment as calls of our functions, where they give the sheet's figure.

A workbook that brings the functions along has ``=COMMISSION_MARGINAL(E9, N7:N9, O7:O9, 2)`` in
place of the portable formula. A call is stated only where the rule, given the same cells,
answers what the sheet says: so it is never another figure.
"""

from __future__ import annotations

from decimal import Decimal

from salesxl.core.commission import commission_flat, commission_marginal, commission_whole
from salesxl.core.error import RuleError
from salesxl.core.year_to_date import commission_ytd
from salesxl.ledger.credit import Version
from salesxl.sheets.content import Sheet
from salesxl.sheets.pay_formulas import Tiers

_KIND = {"marginal": "marginal", "whole_amount": "whole"}
_NAMES = {
    "flat": "COMMISSION_FLAT",
    "marginal": "COMMISSION_MARGINAL",
    "whole_amount": "COMMISSION_WHOLE",
}
_PAY = 5  # column of COMMISSION_YTD that holds the period's pay


def call_pay(
    sheet: Sheet, place: tuple[int, int], tiers: Tiers, cells: tuple[str, str],
    given: tuple[Decimal, Decimal], pay: Decimal,
) -> None:  # fmt: skip
    """State the call at `place`. `cells`, `given`: credited amount and quota, `pay` the figure."""
    amount, quota = cells
    if _by_rule(tiers.version, *given, tiers.decimals) != pay:
        return
    limits = _limits(tiers)
    kind = tiers.version.plan.kind
    if kind == "flat":
        sheet.call(f"=COMMISSION_FLAT({amount},{tiers.rates[0]},{tiers.decimals}{limits})", *place)
        return
    scale = f"{tiers.threshold_range},{tiers.rate_range}"
    if not tiers.version.by_attainment:
        sheet.call(f"={_NAMES[kind]}({amount},{scale},{tiers.decimals}{limits})", *place)
        return
    options = f'"{_KIND[kind]}",{tiers.decimals},{_plain(tiers, "cap")},{_plain(tiers, "floor")}'
    call = f"INDEX(COMMISSION_YTD({amount},{scale},{options},{quota}),1,{_PAY})"
    none = _within(tiers.version, Decimal(0), tiers.decimals)
    sheet.call(f"=IF({quota}<=0,{none:f},{call})", *place)


def call_attainment(sheet: Sheet, place: tuple[int, int], credited: str, quota: str) -> None:
    """State the attainment at `place`; both are cells, and no quota is below 0."""
    sheet.call(f"=IF({quota}<=0,0,ATTAINMENT({credited},{quota}))", *place)


def _by_rule(version: Version, credited: Decimal, quota: Decimal, decimals: int) -> Decimal | None:
    cap, floor = _limit(version, "cap", decimals), _limit(version, "floor", decimals)
    kind, bands = version.plan.kind, (version.thresholds, version.rates)
    try:
        if kind == "flat":
            return commission_flat(credited, version.rates[0], decimals, cap, floor)
        if not version.by_attainment:
            rule = commission_marginal if kind == "marginal" else commission_whole
            return rule(credited, *bands, decimals, cap, floor)
        if quota <= 0:
            return _within(version, Decimal(0), decimals)
        rows = commission_ytd([credited], *bands, _KIND[kind], decimals, cap, floor, [quota])
        return Decimal(rows[0][_PAY - 1])
    except RuleError:
        return None


def _limit(version: Version, name: str, decimals: int) -> Decimal | None:
    minor = getattr(version.plan, f"{name}_amount")
    return None if minor is None else Decimal(minor).scaleb(-decimals)


def _within(version: Version, pay: Decimal, decimals: int) -> Decimal:
    floor, cap = _limit(version, "floor", decimals), _limit(version, "cap", decimals)
    pay = pay if floor is None else max(pay, floor)
    return pay if cap is None else min(pay, cap)


def _plain(tiers: Tiers, name: str) -> str:
    limit = _limit(tiers.version, name, tiers.decimals)
    return "" if limit is None else f"{limit:f}"


def _limits(tiers: Tiers) -> str:
    """The last arguments, as far as they are needed."""
    cap, floor = _plain(tiers, "cap"), _plain(tiers, "floor")
    return f",{cap},{floor}" if floor else f",{cap}" if cap else ""
