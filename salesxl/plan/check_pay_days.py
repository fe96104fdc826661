"""Days as windows with both ends included, and amounts, as the checks of pay use them.

>>> cut([(date(2026, 1, 1), date(2026, 12, 31))], [(date(2026, 3, 1), date(2026, 12, 31))])
[(datetime.date(2026, 1, 1), datetime.date(2026, 2, 28))]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from salesxl.core.number import half_up
from salesxl.plan.draft import Draft, Row

FIRST, LAST = date.min, date.max
Window = tuple[date, date]
_DAY = timedelta(days=1)


def window(row: Row, first: str = "from_date", last: str = "to_date") -> Window | None:
    """The days of a row, blank ends open; None if an end could not be read or they are crossed."""
    if not row.has(first, last):
        return None
    begin, end = row.values[first] or FIRST, row.values[last] or LAST
    return (begin, end) if begin <= end else None


def union(windows: Iterable[Window]) -> list[Window]:
    """The same days in windows that neither overlap nor touch, in order."""
    out: list[Window] = []
    for begin, end in sorted(windows):
        if out and (out[-1][1] == LAST or begin <= out[-1][1] + _DAY):
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((begin, end))
    return out


def meet(one: Iterable[Window], other: Sequence[Window]) -> list[Window]:
    """The days both have."""
    both = [(max(a, c), min(b, d)) for a, b in one for c, d in other]
    return union((begin, end) for begin, end in both if begin <= end)


def cut(one: Iterable[Window], out: Iterable[Window]) -> list[Window]:
    """The days of `one` that are not in `out`."""
    left = union(one)
    for begin, end in out:
        rest: list[Window] = []
        for a, b in left:
            if b < begin or a > end:
                rest.append((a, b))
                continue
            if a < begin:
                rest.append((a, begin - _DAY))
            if b > end:
                rest.append((end + _DAY, b))
        left = rest
    return left


def pieces(windows: Iterable[Window]) -> list[Window]:
    """The windows' span cut at every end: within a piece the same windows hold."""
    known = list(windows)
    starts = {begin for begin, _ in known} | {end + _DAY for _, end in known if end < LAST}
    ends = [*sorted(starts)[1:], None] if starts else []
    found = [
        (begin, LAST if end is None else end - _DAY)
        for begin, end in zip(sorted(starts), ends, strict=True)
    ]
    return [piece for piece in found if meet([piece], known)]


def said(windows: Iterable[Window]) -> dict[str, object]:
    """The days as message values: ``from 2026-07-01 on``; at most three windows are named."""
    known = list(windows)
    more = "…" if len(known) > 3 else ""
    pairs = [_said(begin, end) for begin, end in known[:3]]
    return {
        "days_zh": "、".join(zh for zh, _ in pairs) + more,
        "days_en": ", ".join(en for _, en in pairs) + more,
    }


def _said(begin: date, end: date) -> tuple[str, str]:
    if begin == FIRST and end == LAST:
        return "始终", "at all times"
    if begin == FIRST:
        return f"{end} 及以前", f"up to {end}"
    if end == LAST:
        return f"{begin} 起", f"from {begin} on"
    return f"{begin} 至 {end}", f"from {begin} to {end}"


def money(draft: Draft, minor: int | Fraction) -> str:
    """Minor units as people read them: 20,000 or 12.50; rounded half-up to the minor unit."""
    amount = Fraction(minor)
    sign = -1 if amount < 0 else 1
    whole = sign * half_up(abs(amount).numerator, amount.denominator)
    major = Decimal(whole).scaleb(-int(draft.settings.get("decimals", 2)))
    return f"{major:,.0f}" if major == major.to_integral_value() else f"{major:,f}"


def percent(share: Decimal | Fraction) -> str:
    """0.0032 as ``0.32``; at most four places."""
    part = Fraction(share) * 100
    figure = Decimal(part.numerator) / Decimal(part.denominator)
    return plain(round(figure, 4))


def plain(number: Decimal) -> str:
    return format(number.normalize(), "f") if number else "0"
