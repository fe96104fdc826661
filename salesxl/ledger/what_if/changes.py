"""The language of ``--change``: one line says what would be different.

    tiers REP 2026-07-01: 0=0.6%, 300000=1.2%     the tiers of a version (without a date: of
                                                  the one in force)
    rate REP 300000 = 1.2%                        the rate from one threshold on
    rates REP * 1.1                               all rates
    cap REP = 20000      floor REP = none         a period's cap and guarantee
    kind REP = whole_amount                       how tiers are applied
    target_pay REP = 8000                         pay at target of an interpolated plan
    quota * 1.05         quota E102 * 0.9         everybody's, or one person's
    holdback REP = 5%    bonus B1 = 10000    spiff S1 = 80    override E101 = 0.2%
    sales * 1.1          sales E102 * 0.5         a scenario

Ids or names, Chinese or English words, full-width signs; ``+5%`` is ``* 1.05``, 30万 is 300000.
Whatever is not clear is refused with what would be right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from salesxl.errors import SalesxlError, fail
from salesxl.ledger.what_if.lookup import Lookup, none_words, verb_of, verbs
from salesxl.ledger.what_if.scene import Scene
from salesxl.plan.model import TIER_KINDS, CommissionPlan, CommissionTier, Holdback, Plan

_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_FACTOR = re.compile(r"^(?P<left>.*?)(?P<op>\*|(?<=\s)x(?=\s)|(?<![\w])[+-])\s*(?P<value>[^*]+)$")
_MOST = Decimal(10) ** 15
_BANDS = ("flat", "marginal", "whole_amount")
# From here on a threshold by attainment is a per cent figure without its sign (as in the plan).
PERCENT_FROM = 5


def apply(scene: Scene, change: str, day: date) -> Scene:
    """`scene` after `change`; `day` decides which version is in force where none is named.

    Raises `SalesxlError` that says what is wrong in the change and what would be right.
    """
    return _Change(scene, change, day).apply()


@dataclass(frozen=True)
class _Change:
    scene: Scene
    said: str
    day: date

    @property
    def plan(self) -> Plan:
        return self.scene.plan

    @property
    def find(self) -> Lookup:
        return Lookup(self.plan, self.where)

    @property
    def where(self) -> str:
        return f'--change "{self.said.strip()}"'

    def wrong(self, entry: str, **values: object) -> SalesxlError:
        return fail(f"what_if.{entry}", self.where, **values)

    def apply(self) -> Scene:
        text = unicodedata.normalize("NFKC", self.said).replace("−", "-").replace("×", "*").strip()
        verb, rest = verb_of(text)
        if not verb:
            raise self.wrong("bad_verb", verbs=", ".join(verbs()))
        action: Callable[[str], Scene] = getattr(self, f"_{verb}")
        return action(rest)

    # ---- reading a part

    def split(self, rest: str, sign: str, example: str) -> tuple[str, str]:
        left, found, value = rest.rpartition(sign) if sign == "=" else rest.partition(sign)
        if not found or not value.strip():
            raise self.wrong("no_sign", sign=sign, example=example)
        return left.strip(), value.strip()

    def factor(self, rest: str, example: str) -> tuple[str, Fraction]:
        """``REP * 1.05`` or ``REP +5%`` → what is left of the sign, and the factor."""
        found = _FACTOR.match(rest)
        if found is None:
            raise self.wrong("no_sign", sign="*", example=example)
        value = found["value"].strip()
        if found["op"] in "+-":
            if not value.endswith("%"):
                raise self.wrong("bad_factor", value=found["op"] + value, example=example)
            step = self.share(value, example)
            factor = 1 + (Fraction(step) if found["op"] == "+" else -Fraction(step))
        elif value.endswith("%"):
            factor = Fraction(self.share(value, example))
        else:
            factor = Fraction(self.number(value, example))
        if not 0 <= factor <= 1000:
            raise self.wrong("bad_factor", value=value, example=example)
        return found["left"].strip(), factor

    def number(self, value: str, example: str) -> Decimal:
        """A plain number; 万 (ten thousand) may follow it."""
        bare = value.strip()
        times = 1
        if bare.endswith("万"):
            bare, times = bare[:-1].strip(), 10_000
        if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", bare):
            bare = bare.replace(",", "")
        try:
            if not _NUMBER.fullmatch(bare):
                raise InvalidOperation
            found = Decimal(bare) * times
        except InvalidOperation:
            raise self.wrong("bad_number", value=value, example=example) from None
        if not -_MOST <= found <= _MOST:
            raise self.wrong("bad_number", value=value[:40], example=example)
        return found

    def share(self, value: str, example: str, most: int = 1000) -> Decimal:
        """``1.2%`` or 0.012 → Decimal("0.012"); 1.2 alone would be 120 % and is refused."""
        if value.strip().endswith("%"):
            share = self.number(value.strip()[:-1], example) / 100
        else:
            share = self.number(value, example)
            if share > 1 and most == 1:
                raise self.wrong(
                    "no_percent", value=value.strip(), percent=f"{(share * 100).normalize():f}"
                )
        if not 0 <= share <= most:
            raise self.wrong("bad_share", value=value.strip(), example=example)
        return share

    def money(self, value: str, example: str) -> int | None:
        """An amount in major units → minor units; None for "none"."""
        if value.strip().casefold() in none_words():
            return None
        minor = self.number(value, example).scaleb(self.plan.settings.decimals)
        if minor < 0 or minor != int(minor):
            raise self.wrong("bad_money", value=value, decimals=self.plan.settings.decimals)
        return int(minor)

    # ---- versions of a plan

    def versions(self, left: str, one: bool) -> tuple[CommissionPlan, ...]:
        """``REP`` or ``REP 2026-07-01`` → its versions; `one`: that in force if none is named."""
        dates = _DATE.findall(left)
        name = left.replace(dates[-1], "").strip() if dates else left
        key = self.find.commission_plan(name)
        rows = sorted(
            (row for row in self.plan.commission_plans if row.id == key),
            key=lambda row: row.effective_from,
        )
        starts = ", ".join(row.effective_from.isoformat() for row in rows)
        if dates:
            try:
                wanted = date(*map(int, dates[-1].split("-")))
            except ValueError:
                raise self.wrong("bad_date", value=dates[-1]) from None
            found = [row for row in rows if row.effective_from == wanted]
            if not found:
                raise self.wrong("no_version", plan=key, date=dates[-1], known=starts)
            return tuple(found)
        if not one:
            return tuple(rows)
        begun = [row for row in rows if row.effective_from <= self.day]
        return (begun[-1] if begun else rows[0],)

    def with_versions(
        self, rows: tuple[CommissionPlan, ...], make: Callable[[CommissionPlan], CommissionPlan]
    ) -> Scene:
        found = {id(row) for row in rows}
        plans = tuple(make(row) if id(row) in found else row for row in self.plan.commission_plans)
        return replace(self.scene, plan=replace(self.plan, commission_plans=plans))

    def with_tiers(
        self, rows: tuple[CommissionPlan, ...], tiers: tuple[CommissionTier, ...]
    ) -> Scene:
        keys = {(row.id, row.effective_from) for row in rows}
        kept = [t for t in self.plan.commission_tiers if (t.plan, t.effective_from) not in keys]
        return replace(self.scene, plan=replace(self.plan, commission_tiers=(*kept, *tiers)))

    def tiers_of(self, rows: tuple[CommissionPlan, ...]) -> list[CommissionTier]:
        keys = {(row.id, row.effective_from) for row in rows}
        return [t for t in self.plan.commission_tiers if (t.plan, t.effective_from) in keys]

    # ---- the verbs

    def _tiers(self, rest: str) -> Scene:
        example = "tiers REP: 0=0.6%, 300000=1.2%"
        left, listed = self.split(rest, ":", example)
        rows = self.versions(left, one=True)
        row = rows[0]
        found: dict[tuple[Decimal, Decimal | None], CommissionTier] = {}
        listed = re.sub(r"\s*([=/])\s*", r"\1", listed)
        for item in filter(None, re.split(r"[,;、\s]+", listed)):
            tier = self.tier(row, item, example)
            key = (tier.threshold, tier.second_threshold)
            if key in found:
                raise self.wrong("threshold_twice", value=f"{tier.threshold:f}")
            found[key] = tier
        if not found:
            raise self.wrong("no_sign", sign=":", example=example)
        if row.kind == "flat" and len(found) > 1:
            raise self.wrong("flat_one_tier", plan=row.id)
        return self.with_tiers(rows, tuple(found[key] for key in sorted(found, key=_order)))

    def tier(self, row: CommissionPlan, item: str, example: str) -> CommissionTier:
        low, sign, rate = item.partition("=")
        if not sign or not low.strip() or not rate.strip():
            raise self.wrong("bad_tier", value=item, example=example)
        first, _, second = low.partition("/")
        if bool(second.strip()) != (row.kind == "matrix"):
            entry = "matrix_tier" if row.kind == "matrix" else "bad_tier"
            raise self.wrong(entry, value=item, example=example)
        return CommissionTier(
            plan=row.id,
            effective_from=row.effective_from,
            threshold=self.threshold(row, first, example),
            rate=self.share(rate, example, 100 if row.kind == "interpolated" else 1),
            second_threshold=self.share(second, example, 100) if second.strip() else None,
        )

    def threshold(self, row: CommissionPlan, value: str, example: str) -> Decimal:
        if row.measure != "attainment":
            if value.strip().endswith("%"):
                raise self.wrong("threshold_is_money", value=value.strip(), plan=row.id)
            found = self.number(value, example)
            if found < 0:
                raise self.wrong("bad_number", value=value.strip(), example=example)
            return found
        found = self.share(value, example)
        if found >= PERCENT_FROM and "%" not in value:
            raise self.wrong("threshold_percent", value=value.strip(), plan=row.id)
        return found

    def _rate(self, rest: str) -> Scene:
        example = "rate REP 300000 = 1.2%"
        left, value = self.split(rest, "=", example)
        words = left.rsplit(None, 1)
        if len(words) < 2:
            raise self.wrong("rate_needs_threshold", example=example)
        rows = self.versions(words[0], one=False)
        low = self.threshold(rows[-1], words[1], example)
        most = 100 if rows[-1].kind == "interpolated" else 1
        rate = self.share(value, example, most)
        tiers = self.tiers_of(rows)
        if not any(tier.threshold == low for tier in tiers):
            known = ", ".join(
                _threshold(rows[-1], t)
                for t in dict.fromkeys(
                    tier.threshold for tier in sorted(tiers, key=lambda t: t.threshold)
                )
            )
            raise self.wrong("no_threshold", value=words[1], plan=rows[-1].id, known=known)
        changed = (replace(t, rate=rate) if t.threshold == low else t for t in tiers)
        return self.with_tiers(rows, tuple(changed))

    def _rates(self, rest: str) -> Scene:
        example = "rates REP * 1.1"
        left, factor = self.factor(rest, example)
        rows = self.versions(left, one=False)
        times = Decimal(factor.numerator) / Decimal(factor.denominator)
        tiers = tuple(replace(tier, rate=tier.rate * times) for tier in self.tiers_of(rows))
        if rows[-1].kind != "interpolated" and any(tier.rate > 1 for tier in tiers):
            raise self.wrong("bad_factor", value=f"{times:f}", example=example)
        return self.with_tiers(rows, tiers)

    def _cap(self, rest: str) -> Scene:
        left, value = self.split(rest, "=", "cap REP = 20000")
        cap = self.money(value, "cap REP = 20000")
        rows = self.versions(left, one=False)
        low = max((row.floor_amount or 0 for row in rows), default=0)
        if cap is not None and cap < low:
            raise self.wrong("cap_below_floor", value=value)
        return self.with_versions(rows, lambda row: replace(row, cap_amount=cap))

    def _floor(self, rest: str) -> Scene:
        left, value = self.split(rest, "=", "floor REP = 3000")
        floor = self.money(value, "floor REP = 3000")
        rows = self.versions(left, one=False)
        caps = [row.cap_amount for row in rows if row.cap_amount is not None]
        if floor is not None and caps and floor > min(caps):
            raise self.wrong("cap_below_floor", value=value)
        return self.with_versions(rows, lambda row: replace(row, floor_amount=floor))

    def _kind(self, rest: str) -> Scene:
        left, value = self.split(rest, "=", "kind REP = whole_amount")
        wanted = value.casefold().replace(" ", "_").replace("-", "_")
        labels = {"_".join(label.casefold().replace("-", "_").split()): key
                  for key, both in TIER_KINDS.items() for label in (key, *both)}  # fmt: skip
        kind = labels.get(wanted, "")
        known = ", ".join(f"{key} ({TIER_KINDS[key][0]})" for key in _BANDS)
        if not kind:
            raise self.wrong("bad_kind", value=value, known=known)
        rows = self.versions(left, one=False)
        if kind not in _BANDS or any(row.kind not in _BANDS for row in rows):
            raise self.wrong("kind_other_table", plan=rows[-1].id, known=known)
        if kind == "flat" and len(self.tiers_of(rows)) > len(rows):
            raise self.wrong("flat_one_tier", plan=rows[-1].id)
        return self.with_versions(rows, lambda row: replace(row, kind=kind))

    def _target_pay(self, rest: str) -> Scene:
        left, value = self.split(rest, "=", "target_pay REP = 8000")
        pay = self.money(value, "target_pay REP = 8000")
        rows = self.versions(left, one=False)
        if any(row.kind != "interpolated" for row in rows):
            raise self.wrong("no_target_pay", plan=rows[-1].id)
        return self.with_versions(rows, lambda row: replace(row, target_pay_amount=pay))

    def _quota(self, rest: str) -> Scene:
        left, factor = self.factor(rest, "quota * 1.05")
        person = self.find.person(left) if left else ""
        return replace(self.scene, quota=self.scene.quota.times(factor, person))

    def _sales(self, rest: str) -> Scene:
        left, factor = self.factor(rest, "sales * 1.1")
        person = self.find.person(left) if left else ""
        return replace(self.scene, sales=self.scene.sales.times(factor, person))

    def _holdback(self, rest: str) -> Scene:
        example = "holdback REP = 5%"
        left, value = self.split(rest, "=", example)
        key = self.find.commission_plan(left)
        held = value.casefold() in none_words()
        share = Decimal(0) if held else self.share(value, example, 1)
        rows = [row for row in self.plan.holdbacks if row.plan == key]
        if not rows and share:
            raise self.wrong("no_holdback", plan=key)
        holdbacks: list[Holdback] = []
        for row in self.plan.holdbacks:
            if row.plan != key:
                holdbacks.append(row)
            elif share:
                holdbacks.append(replace(row, holdback_share=share))
        return replace(self.scene, plan=replace(self.plan, holdbacks=tuple(holdbacks)))

    def _bonus(self, rest: str) -> Scene:
        left, value = self.split(rest, "=", "bonus B1 = 10000")
        key = self.find.bonus(left)
        if value.endswith("%"):
            rate = self.share(value, "bonus B1 = 5%", 1)
            rows = tuple(
                replace(row, bonus_rate=rate) if row.id == key else row for row in self.plan.bonuses
            )
        else:
            amount = self.money(value, "bonus B1 = 10000")
            rows = tuple(
                replace(row, bonus_amount=amount, bonus_rate=row.bonus_rate if amount else None)
                if row.id == key else row
                for row in self.plan.bonuses
            )  # fmt: skip
        return replace(self.scene, plan=replace(self.plan, bonuses=rows))

    def _spiff(self, rest: str) -> Scene:
        left, value = self.split(rest, "=", "spiff S1 = 80")
        key = self.find.spiff(left)
        if value.endswith("%"):
            change: dict[str, object] = {"spiff_rate": self.share(value, "spiff S1 = 2%", 1)}
        else:
            change = {"spiff_amount": self.money(value, "spiff S1 = 80")}
        rows = tuple(
            replace(row, **change) if row.id == key else row  # type: ignore[arg-type]
            for row in self.plan.spiffs
        )
        return replace(self.scene, plan=replace(self.plan, spiffs=rows))

    def _override(self, rest: str) -> Scene:
        left, value = self.split(rest, "=", "override E101 = 0.2%")
        key = self.find.person(left)
        rate = self.share(value, "override E101 = 0.2%", 1)
        if not any(row.manager == key for row in self.plan.overrides):
            known = ", ".join(dict.fromkeys(row.manager for row in self.plan.overrides))
            raise self.wrong("no_override", person=key, known=known or "–")
        rows = tuple(
            replace(row, override_rate=rate) if row.manager == key else row
            for row in self.plan.overrides
        )
        return replace(self.scene, plan=replace(self.plan, overrides=rows))


def _order(key: tuple[Decimal, Decimal | None]) -> tuple[Decimal, Decimal]:
    return key[0], key[1] or Decimal(0)


def _threshold(row: CommissionPlan, value: Decimal) -> str:
    if row.measure == "attainment":
        return f"{(value * 100).normalize():f}%"
    return f"{value.normalize():f}"
