"""What the parts of a statement share: its columns, its money, and where its figures stand.

The page has two blocks side by side: credited lines and bonuses on the left, tiers,
settlement and explanation on the right. Working figures stand right of the print area.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from salesxl.core.number import half_up, round_half_up
from salesxl.ledger.pay.results import CreditedLine, PayRun, PlanPay, Statement
from salesxl.sheets.content import Book, Formula, Sheet, Value, a1
from salesxl.sheets.widths import lines_for, merged_px
from salesxl.texts import Lang, text

ORDER, DAY, CUSTOMER, BASE, SHARE, CREDITED, RUNNING, BAND, RATE, PAY = range(1, 11)
NAME, START, TIER_RATE, PART, TIER_PAY = range(12, 17)
LAST = TIER_PAY
# Right of the print area: unrounded pay of a line in minor units, its remainder; of a tier its
# threshold and the change of slope at it; the keys an objection may name.
EXACT, REST, THRESHOLD, STEP, KEY = range(18, 23)
ROW = 18.5
FINE = 6  # most decimals of a minor unit the unrounded pay is kept to
DIGITS = 14  # digits of a sum of doubles that can be relied on


@dataclass
class PlanCells:
    """Where the figures of one plan's pay stand on the sheet; "" where there are none."""

    credited: str = ""  # the period's credit
    lines_pay: str = ""  # Σ of the lines' pay and what changes it
    base: str = ""  # what the tiers are applied to: credited, or the year to date
    starts: str = ""  # range of the tiers' starts
    steps: str = ""  # range of the changes of slope
    first_pay: str = ""  # of a payout curve: what its first point pays
    rate: str = ""  # the one rate of a flat, whole-amount or matrix plan
    earned: str = ""  # the plan's pay by its tiers
    earned_minor: int = 0  # its value


@dataclass
class Pen:
    """A sheet under way, with the statement it tells."""

    sheet: Sheet
    book: Book
    statement: Statement
    run: PayRun
    lang: Lang
    quota_cell: str = ""
    cells: list[PlanCells] = field(default_factory=list)

    @property
    def decimals(self) -> int:
        return self.run.decimals

    def say(self, entry: str, /, **values: object) -> str:
        return text(f"statement.{entry}", self.lang, **values)

    def money(self, minor: int) -> Decimal:
        """Minor units as the sheet holds them."""
        return Decimal(minor).scaleb(-self.decimals)

    def exact(self, minor: Fraction) -> Decimal:
        """Unrounded minor units in major ones, to twelve places."""
        return decimal(minor / 10**self.decimals, 12)

    def shown(self, minor: int) -> str:
        return f"{self.money(minor):,.{self.decimals}f}"

    @property
    def sums(self) -> str:
        """The format of credited money: cents only where the statement has any."""
        unit = 10**self.decimals
        figures: Iterable[int] = (
            figure
            for pay in self.statement.plans
            for figure in (
                pay.quota, pay.before_credited,
                *(f for line in pay.lines for f in (line.base_amount, line.credited)),
            )
        )  # fmt: skip
        return "pay" if any(figure % unit for figure in figures) else "money"

    @property
    def starts(self) -> str:
        """The format of where a band begins: its 0 is told."""
        code = "#,##0" + ("." + "0" * self.decimals if self.decimals and self.sums == "pay" else "")
        return f"{code}_)_);-{code}_)_);0_)_)"

    def names(self, words: Iterable[str]) -> str:
        return ("、" if self.lang == "zh" else ", ").join(words)

    def room(self, row: int, col: int, last_col: int, words: str, size: float = 10) -> None:
        """Let `row` be high enough for `words` wrapped over the columns."""
        px = merged_px(self.sheet, col, last_col)
        lines = lines_for(words, px, size, False, self.lang, 1)
        self.height(row, lines * size * 1.45 + 4)

    def height(self, row: int, points: float = ROW) -> None:
        """At least `points` high; both blocks share the row."""
        self.sheet.heights[row] = max(self.sheet.heights.get(row, ROW), points)

    def put(self, row: int, col: int, value: Value, style: str = "cell", fmt: str = "",
            *extras: str) -> str:  # fmt: skip
        """Place a value; returns its address."""
        self.sheet.put(row, col, value, style, fmt, *extras)
        return a1(row, col)

    def total(self, row: int, col: int, formula: str, minor: int, fmt: str = "pay",
              style: str = "total", *extras: str) -> str:  # fmt: skip
        """A sum rounded to the minor unit."""
        live = Formula(f"=ROUND({formula},{self.decimals})", self.money(minor))
        return self.put(row, col, live, style, fmt, *extras)


def decimal(number: Fraction, most: int) -> Decimal:
    """Half-up to at most `most` decimals, without trailing zeros."""
    out = round_half_up(number, most)
    return out.quantize(Decimal(1)) if out == out.to_integral_value() else out.normalize()


def rounded(number: Fraction) -> int:
    """To a whole number, half-up."""
    return half_up(number.numerator, number.denominator)


def hair(fine: int, decimals: int) -> str:
    """Half of the finest step of a figure of `fine` decimals: what makes a tie in minor units one
    in doubles too, and changes no other rounding."""
    return "0." + "0" * min(max(fine, decimals + 1), 9) + "5"


def places(number: Decimal) -> int:
    """Decimal places a number is written with."""
    return max(0, -int(number.normalize().as_tuple().exponent))


def percent(number: Fraction | Decimal, least: int = 0) -> str:
    """12.5 % as it is said: as many digits as it has, at most four."""
    exact = decimal(Fraction(number) * 100, 4)
    digits = max(least, places(exact))
    return f"{exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):,f}%"


def plan_days(pay: PlanPay) -> str:
    return span_of(pay.first_day, pay.last_day)


def span_of(first: date, last: date) -> str:
    """2026-06 for a whole month, else first day – last day."""
    if first.day == 1 and (first.year, first.month) == (last.year, last.month):
        return f"{first:%Y-%m}"
    return f"{first.isoformat()} – {short_day(first, last)}"


def short_day(first: date, last: date) -> str:
    """`last` without its year where that is the year of `first`."""
    return f"{last:%m-%d}" if first.year == last.year else last.isoformat()


def is_single(pay: PlanPay) -> bool:
    """One version throughout: its table tells the whole period."""
    return len(pay.versions) == 1 and len({tier.effective_from for tier in pay.tiers}) <= 1


def item_keys(lines: Iterable[CreditedLine]) -> list[str]:
    """What names a line in an objection: its order; with its row, and then its file, where that
    is not enough."""
    lines = list(lines)
    orders = Counter(line.order for line in lines)
    rows = Counter((line.order, line.row) for line in lines)
    out = []
    for line in lines:
        key = line.order
        if not key or orders[key] > 1:
            key = f"{key} #{line.row}".strip()
        if rows[line.order, line.row] > 1:
            key = f"{key} {line.source}"
        out.append(key)
    return out
