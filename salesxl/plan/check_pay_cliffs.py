"""Where a plan's pay jumps, falls, or stops although a higher tier begins.

A whole-amount tier from 1,000,000 at 6 % after one at 4 % pays 20,000 more for the one cent that
reaches it. By attainment the jump is a part of the quota: from 0 to 0.4 % at 80 % it is 0.32 %
of the quota. These are notes: the plan may mean them, but should know.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from salesxl.plan.check_pay_days import money, percent
from salesxl.plan.draft import Draft, Row

MONTHS = {"month": 1, "quarter": 3, "year": 12}
_PER = 100_000  # a round quota, in major units


@dataclass(frozen=True)
class Jump:
    """At `tier` the pay changes by `by`: minor units, or parts of the quota."""

    tier: Row
    at: Fraction
    by: Fraction


def check_cliffs(draft: Draft, version: Row, tiers: list[Row]) -> None:
    """Notes on one sound version; a value that could not be read leaves the note out."""
    if not all(tier.has("threshold", "rate") for tier in tiers):
        return
    if not version.has("cap_amount", "floor_amount", "period", "target_pay_amount"):
        return
    jumps = [jump for jump in _jumps(draft, version, tiers) if jump.by]
    for code, chosen in (
        ("plan.cliffs", [jump for jump in jumps if jump.by > 0]),
        ("plan.pay_falls", [jump for jump in jumps if jump.by < 0]),
    ):
        if chosen:
            said = [_said(draft, version, jump) for jump in chosen]
            draft.warn(
                code, chosen[0].tier.at("threshold"), plan=version.get("id"),
                list_zh="；".join(zh for zh, _ in said), list_en="; ".join(en for _, en in said),
            )  # fmt: skip
    if version.values["cap_amount"]:
        _cap(draft, version, tiers)


def _unit(draft: Draft) -> int:
    return int(10 ** draft.settings.get("decimals", 2))


def _by_quota(version: Row) -> bool:
    return bool(version.values["measure"] == "attainment")


def _jumps(draft: Draft, version: Row, tiers: list[Row]) -> list[Jump]:
    kind = version.values["kind"]
    if kind == "interpolated":
        first, target = tiers[0], version.values["target_pay_amount"] or 0
        # Below its first point a curve pays nothing; along it pay may go down again.
        jumps = [Jump(first, _place(first), _limit(version, target * Fraction(first.get("rate"))))]
        if not _place(first):
            jumps = []  # everybody stands at 0 or above
        for before, tier in pairwise(tiers):
            lower = target * (Fraction(tier.get("rate")) - Fraction(before.get("rate")))
            if lower < 0:
                jumps.append(Jump(tier, _place(tier), lower))
        return jumps
    if kind == "whole_amount":
        return _steps(draft, version, [(tier, _rate(tier)) for tier in tiers])
    if kind == "matrix":
        columns: dict[Fraction, list[Row]] = {}
        for tier in tiers:
            columns.setdefault(Fraction(tier.values["second_threshold"]), []).append(tier)
        worst: dict[Fraction, Jump] = {}
        for rows in columns.values():
            rows.sort(key=_place)
            for jump in _steps(draft, version, [(tier, _rate(tier)) for tier in rows]):
                if jump.at not in worst or abs(jump.by) > abs(worst[jump.at].by):
                    worst[jump.at] = jump
        return [worst[at] for at in sorted(worst)]
    return []


def _steps(draft: Draft, version: Row, tiers: list[tuple[Row, Fraction]]) -> list[Jump]:
    """What reaching each tier pays more than the tier before pays just below it."""
    by_quota, rate = _by_quota(version), Fraction(0)
    out = []
    for tier, following in tiers:
        place = _place(tier)
        if by_quota:
            out.append(Jump(tier, place, place * (following - rate)))
        else:
            start = place * _unit(draft)
            above, below = _limit(version, start * following), _limit(version, start * rate)
            out.append(Jump(tier, place, above - below))
        rate = following
    return out


def _limit(version: Row, pay: Fraction) -> Fraction:
    floor, cap = version.values["floor_amount"], version.values["cap_amount"]
    if floor is not None:
        pay = max(pay, Fraction(floor))
    return pay if cap is None else min(pay, Fraction(cap))


def _said(draft: Draft, version: Row, jump: Jump) -> tuple[str, str]:
    """One jump in Chinese and English."""
    by_quota = _by_quota(version)
    unit = _unit(draft)
    at = money(draft, jump.at * unit)
    at_zh, at_en = (f"{percent(jump.at)}%", f"{percent(jump.at)} %") if by_quota else (at, at)
    more = jump.by > 0
    if version.values["kind"] == "interpolated" or not by_quota:
        by = money(draft, abs(jump.by))
        return (
            f"达到 {at_zh} 比未达到时{'多' if more else '少'}付 {by}",
            f"reaching {at_en} pays {by} {'more' if more else 'less'}",
        )
    share = percent(abs(jump.by))
    each = money(draft, abs(jump.by) * _PER * unit)
    return (
        f"达到 {at_zh} 比未达到时{'多' if more else '少'}付定额的 {share}%"
        f"（定额每 10 万即 {each}）",
        f"reaching {at_en} pays {share} % of the quota {'more' if more else 'less'}"
        f" ({each} per 100,000 of quota)",
    )


def _place(tier: Row) -> Fraction:
    return Fraction(tier.values["threshold"])


def _rate(tier: Row) -> Fraction:
    return Fraction(tier.values["rate"])


def _cap(draft: Draft, version: Row, tiers: list[Row]) -> None:
    """A cap that is reached before a tier begins makes that tier pointless."""
    kind, cap = version.values["kind"], Fraction(version.values["cap_amount"])
    if kind == "interpolated":
        target = version.values["target_pay_amount"] or 0
        for before, tier in pairwise(tiers):
            if target * _rate(before) >= cap and target * _rate(tier) >= cap:
                draft.warn(
                    "plan.cap_before_tier", tier.at("rate"), cap=money(draft, cap),
                    tier=_bound(draft, version, _place(tier)),
                )  # fmt: skip
                return
        return
    if kind not in ("marginal", "whole_amount"):
        return
    unit = Fraction(1 if _by_quota(version) else _unit(draft))
    for number in range(1, len(tiers)):
        pay = _pay_at(kind, tiers, number, unit)
        if not _by_quota(version):
            if pay >= cap:
                draft.warn(
                    "plan.cap_before_tier", tiers[number].at("rate"), cap=money(draft, cap),
                    tier=_bound(draft, version, _place(tiers[number])),
                )  # fmt: skip
                return
        elif pay > 0 and _rate(tiers[number]) > _rate(tiers[number - 1]):
            typical = _typical_quota(draft, version)
            if typical is not None and cap / pay <= typical:
                draft.warn(
                    "plan.cap_before_attainment", tiers[number].at("rate"),
                    cap=money(draft, cap), quota=money(draft, cap / pay),
                    typical=money(draft, typical),
                    tier=_bound(draft, version, _place(tiers[number])),
                )  # fmt: skip
                return


def _bound(draft: Draft, version: Row, place: Fraction) -> str:
    return f"{percent(place)}%" if _by_quota(version) else money(draft, place * _unit(draft))


def _pay_at(kind: str, tiers: list[Row], number: int, unit: Fraction) -> Fraction:
    """The least that is paid from just below tier `number` on."""
    start = _place(tiers[number]) * unit
    if kind == "whole_amount":
        return min(start * _rate(tiers[number - 1]), *(
            _place(tier) * unit * _rate(tier) for tier in tiers[number:]
        ))  # fmt: skip
    return sum(
        ((_place(tiers[k + 1]) - _place(tiers[k])) * unit * _rate(tiers[k]) for k in range(number)),
        Fraction(0),
    )


def _typical_quota(draft: Draft, version: Row) -> Fraction | None:
    """The firm's target shared by those who carry quota, for one pay period; minor units."""
    target, months = draft.settings.get("annual_target_amount"), MONTHS.get(version.get("period"))
    if not target or not months or not draft.whole("people", "role", "quota_weight"):
        return None
    roles = {
        row.values["id"]
        for row in draft.complete("roles", "id", "carries_quota")
        if row.values["carries_quota"] == "yes"
    }
    count = sum(
        1
        for row in draft.of("people")
        if row.values["role"] in roles and row.values["quota_weight"]
    )
    return Fraction(target * months, 12 * count) if count else None
