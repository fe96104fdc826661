"""Commission as portable formulas, twice: the rule, and band by band.

The two never share a term, so a wrong tier shows as a difference. A figure that is a
tie in cents may lie a hair below it in doubles; half of the finest step the exact
figure can have is added before ROUND, which changes no other result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from salesxl.ledger.credit import Version


@dataclass(frozen=True)
class Tiers:
    """Where a version's tier table stands: cells of each tier, and their ranges."""

    version: Version
    thresholds: Sequence[str]
    rates: Sequence[str]
    threshold_range: str
    rate_range: str
    step_range: str  # rate − rate of the tier before
    decimals: int

    @property
    def nudge(self) -> str:
        """Half of the finest step of the exact pay, as a plain decimal."""
        places = self.decimals + max(map(_places, self.version.rates))
        if self.version.by_attainment:
            places += max(map(_places, self.version.thresholds))
        return "0." + "0" * min(places, 9) + "5"

    def _round(self, amount: str, pay: str) -> str:
        hair = f"IF({amount}<0,-{self.nudge},{self.nudge})"
        return f"ROUND({pay}+{hair},{self.decimals})"

    def _guard(self, quota: str, text: str) -> str:
        """Tiers by attainment pay nothing without a quota; guarantee and cap hold for all."""
        body = f"IF({quota}<=0,0,{text})" if self.version.by_attainment else text
        floor, cap = self.version.plan.floor_amount, self.version.plan.cap_amount
        if floor is not None:
            body = f"MAX({Decimal(floor).scaleb(-self.decimals)},{body})"
        if cap is not None:
            body = f"MIN({Decimal(cap).scaleb(-self.decimals)},{body})"
        return f"={body}"

    def _returns(self, amount: str) -> str:
        return f"IF({self.thresholds[0]}=0,{amount}*{self.rates[0]},0)"

    def pay(self, amount: str, quota: str) -> str:
        """The rule: SUMPRODUCT over rate steps, or the rate of the tier reached."""
        if self.version.marginal:
            goal = f"*{quota}" if self.version.by_attainment else ""
            over = f"{amount}-{self.threshold_range}{goal}"
            earned = f"SUMPRODUCT(({over}>0)*({over})*{self.step_range})"
        else:
            place = f"ROUND({amount}/{quota},12)" if self.version.by_attainment else amount
            reached = f"INDEX({self.rate_range},MATCH({place},{self.threshold_range},1))"
            earned = f"IF({place}<{self.thresholds[0]},0,{amount}*{reached})"
        body = f"IF({amount}<0,{self._returns(amount)},{earned})"
        return self._guard(quota, self._round(amount, body))

    def part(self, tier: int, amount: str, quota: str) -> str:
        """What of `amount` lies in a tier (marginal), without ``=``."""
        goal = f"*{quota}" if self.version.by_attainment else ""
        low = self.thresholds[tier] + goal
        if tier + 1 < len(self.thresholds):
            return f"MAX(0,MIN({amount},{self.thresholds[tier + 1]}{goal})-{low})"
        return f"MAX(0,{amount}-{low})"

    def second(self, amount: str, quota: str) -> str:
        """Band by band: every part times its rate, or every step reached times all."""
        returns = f"MIN({amount},0)*IF({self.thresholds[0]}=0,{self.rates[0]},0)"
        if self.version.marginal:
            bands = [
                f"{self.part(tier, amount, quota)}*{rate}" for tier, rate in enumerate(self.rates)
            ]
            body = "+".join([returns, *bands])
        else:
            place = f"ROUND({amount}/{quota},12)" if self.version.by_attainment else amount
            rates = [
                f"({place}>={low})*({rate}-{self.rates[tier - 1] if tier else 0})"
                for tier, (low, rate) in enumerate(zip(self.thresholds, self.rates, strict=True))
            ]
            body = f"{returns}+MAX({amount},0)*({'+'.join(rates)})"
        return self._guard(quota, self._round(amount, body))

    def reached(self, amount: str, quota: str) -> str:
        """The number of the tier reached; 0 below the first."""
        if not self.version.by_attainment:
            return f"=SUMPRODUCT(({self.threshold_range}<={amount})*1)"
        place = f"ROUND({amount}/{quota},12)"
        return f"=IF({quota}<=0,0,SUMPRODUCT(({self.threshold_range}<={place})*1))"


def _places(number: Decimal) -> int:
    """Decimal places a number is written with."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -int(exponent))
