"""Whose credit each ledger line is: the seller's, split, or added as an overlay.

A return goes to those its sale went to: the sale is found by order number (and product and
seller where the order has several), with a mark such as ``-R`` at the end taken off if needed.
Shares of an order go before shares of a customer, and those in force on the sale's day count.
A split line makes a row a share; the rows add up to the line in amount, margin and collected.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesxl.ledger.frame import Ledger
from salesxl.ledger.pay.results import REASONS, CreditKind
from salesxl.ledger.pay.shares import make_one, part_of_lines, split_lines
from salesxl.ledger.pay.terms import day_number, folded
from salesxl.plan.currency import find_currency
from salesxl.plan.model import CreditShare, Plan

Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
OWN, SPLIT, OVERLAY = 0, 1, 2
KINDS: tuple[CreditKind, ...] = ("own", "split", "overlay")
FINE = -1  # no reason against the row
MONEY = ("amount", "margin", "collected")
# What firms put behind an order's number when it comes back.
_RETURN_MARK = re.compile(r"[-_/ ]*(?:R|RET|RMA|退|退货)\d*$", re.IGNORECASE)


@dataclass
class Credits:
    """Rows of credit, one array a column. `line` and `sale` are positions in the frame."""

    line: Codes
    payee: Codes  # position in plan.people; -1: nobody
    kind: Codes
    share: Codes  # position in `shares`
    shares: list[Fraction]
    money: dict[str, Codes]  # minor units by base; a margin that is not known is 0
    day: Codes
    sale: Codes  # the sale a return belongs to; -1
    reason: Codes  # position in REASONS; FINE

    def __len__(self) -> int:
        return len(self.line)

    def refuse(self, rows: Flags, reason: str) -> None:
        """Give the rows a reason, unless they have one."""
        self.reason[rows & (self.reason == FINE)] = REASONS.index(reason)


@dataclass(frozen=True)
class LineData:
    """What of the frame crediting needs, as arrays."""

    day: Codes
    money: dict[str, Codes]
    no_cost: Flags
    seller: Codes  # position in plan.people; -1
    order: Codes  # code of the order number; -1 = blank
    orders: list[str]
    product: Codes
    customer: Codes  # code of customer_key; -1
    customers: list[str]

    @classmethod
    def of(cls, ledger: Ledger, plan: Plan) -> LineData:
        frame = ledger.frame
        amount = frame["amount"].to_numpy(np.int64)
        no_cost = frame["cost"].isna().to_numpy(np.bool_)
        cost = frame["cost"].fillna(0).to_numpy(np.int64)
        people = {person.id: n for n, person in enumerate(plan.people)}
        seller, _ = _codes(ledger, "person_key", people)
        order, orders = _codes(ledger, "order_id")
        product, _ = _codes(ledger, "product")
        customer, customers = _codes(ledger, "customer_key")
        return cls(
            day=frame["date"].to_numpy("datetime64[D]").astype(np.int64),
            money={
                "amount": amount,
                "margin": np.where(no_cost, 0, amount - cost),
                "collected": frame["collected"].fillna(0).to_numpy(np.int64),
            },
            no_cost=no_cost,
            seller=seller,
            order=order,
            orders=orders,
            product=product,
            customer=customer,
            customers=customers,
        )

    @property
    def back(self) -> Flags:
        return np.asarray(self.money["amount"] < 0, np.bool_)


def texts_of(series: pd.Series) -> list[str]:
    """The categories of a text column; as one array, an index of strings is slow to walk."""
    values: list[str] = series.cat.categories.to_numpy(dtype=object).tolist()
    return values


def _codes(
    ledger: Ledger, column: str, known: dict[str, int] | None = None
) -> tuple[Codes, list[str]]:
    """Codes of a text column, -1 for blank (or, with `known`, for what is not known)."""
    series = ledger.frame[column]
    values = texts_of(series)
    if known is None:
        table = [n if value.strip() else -1 for n, value in enumerate(values)]
    else:
        table = [known.get(value, -1) for value in values]
    codes = np.array([*table, -1], np.int64)[series.cat.codes.to_numpy(np.int64)]
    return codes, values


def sales_of_returns(data: LineData) -> Codes:
    """For each line that is a return the position of its sale; -1 where none is known."""
    found = np.full(len(data.day), -1, np.int64)
    returns = np.flatnonzero(data.back & (data.order >= 0))
    if not len(returns):
        return found
    wanted = _orders_wanted(data, returns)
    keep = np.isin(data.order, np.unique(wanted)) & ~data.back & (data.order >= 0)
    sales = np.flatnonzero(keep)
    exact: dict[tuple[int, int, int], int] = {}
    for line in sales.tolist()[::-1]:  # the first line of an order stays
        order, product, seller = (
            int(data.order[line]), int(data.product[line]), int(data.seller[line])
        )  # fmt: skip
        for key in (
            (order, product, seller), (order, product, -2), (order, -2, seller), (order, -2, -2)
        ):  # fmt: skip
            exact[key] = line
    for line, order in zip(returns.tolist(), wanted.tolist(), strict=True):
        product, seller = int(data.product[line]), int(data.seller[line])
        for key in (
            (order, product, seller), (order, product, -2), (order, -2, seller), (order, -2, -2)
        ):  # fmt: skip
            if key in exact:
                found[line] = exact[key]
                break
    return found


def _orders_wanted(data: LineData, returns: Codes) -> Codes:
    """The order each return belongs to: its own number, or that without the mark."""
    sold = np.zeros(len(data.orders) + 1, np.bool_)
    sold[data.order[~data.back & (data.order >= 0)]] = True
    by_text = {folded(text): n for n, text in enumerate(data.orders) if sold[n]}
    out = data.order[returns].copy()
    for code in np.unique(out).tolist():
        if sold[code]:
            continue
        bare = _RETURN_MARK.sub("", data.orders[code])
        other = by_text.get(folded(bare), -1) if bare else -1
        out[out == code] = other
    return out


def credit_lines(ledger: Ledger, plan: Plan) -> tuple[Credits, LineData]:
    """All credit of a matched ledger, with what speaks against a row before plans are looked at."""
    data = LineData.of(ledger, plan)
    sale = sales_of_returns(data)
    origin = np.where(sale >= 0, sale, np.arange(len(sale)))
    seller = data.seller[origin]
    shares = _Shares(plan, data, origin)
    own = np.flatnonzero(shares.set_of < 0)
    blocks = [
        _Block(own, seller[own], OWN, Fraction(1), {k: v[own] for k, v in data.money.items()})
    ]
    for parts, lines, payees in shares.splits():
        cut = {key: split_lines(data.money[key][lines], parts) for key in MONEY}
        for n, part in enumerate(parts):
            blocks.append(
                _Block(lines, payees[:, n], SPLIT, part, {key: cut[key][:, n] for key in MONEY})
            )
    for part, lines, payees in shares.overlays():
        more = {key: part_of_lines(data.money[key][lines], part) for key in MONEY}
        blocks.append(_Block(lines, payees, OVERLAY, part, more))
    found = _joined(blocks, data, sale)
    _refuse(found, ledger, plan, data, shares)
    return found, data


@dataclass(frozen=True)
class _Block:
    lines: Codes
    payee: Codes
    kind: int
    share: Fraction
    money: dict[str, Codes]


def _joined(blocks: list[_Block], data: LineData, sale: Codes) -> Credits:
    shares = list(dict.fromkeys(block.share for block in blocks))
    position = {share: n for n, share in enumerate(shares)}
    line = np.concatenate([block.lines for block in blocks])
    return Credits(
        line=line,
        payee=np.concatenate([block.payee for block in blocks]),
        kind=np.concatenate([np.full(len(b.lines), b.kind, np.int64) for b in blocks]),
        share=np.concatenate([np.full(len(b.lines), position[b.share], np.int64) for b in blocks]),
        shares=shares,
        money={key: np.concatenate([block.money[key] for block in blocks]) for key in MONEY},
        day=data.day[line],
        sale=sale[line],
        reason=np.full(len(line), FINE, np.int64),
    )


def _refuse(credits: Credits, ledger: Ledger, plan: Plan, data: LineData, shares: _Shares) -> None:
    """What speaks against a line whoever is paid for it, the plainest first."""
    credits.refuse(credits.payee < 0, "no_payee")
    if "currency" in ledger.frame.columns:
        credits.refuse(_foreign(ledger, plan)[credits.line], "other_currency")
    if {"product", "category"} & ledger.present and plan.product_lines:
        known, _ = _codes(ledger, "product_key")
        credits.refuse((known < 0)[credits.line], "unknown_product")
    if "order_id" in ledger.present and (data.order[~data.back] >= 0).any():
        lost = data.back[credits.line] & (credits.sale < 0)
        credits.refuse(lost, "return_without_sale")
    credits.refuse(shares.bad[credits.line], "split_sum")


def _foreign(ledger: Ledger, plan: Plan) -> Flags:
    """Lines in another currency than the plan's; a blank is the plan's."""
    series = ledger.frame["currency"]
    ours = plan.settings.currency
    mine = find_currency(ours)
    names = {"", folded(ours)}
    if mine is not None:
        names |= {folded(mine.symbol), folded(mine.zh), folded(mine.en)}
    other = []
    for value in texts_of(series):
        found = find_currency(value)
        known = folded(value) in names or (found is not None and found.code == ours)
        other.append(not known)
    flags: Flags = np.array([*other, False], np.bool_)[series.cat.codes.to_numpy(np.int64)]
    return flags


class _Shares:
    """The plan's credit shares, each laid on the lines it holds for."""

    def __init__(self, plan: Plan, data: LineData, origin: Codes) -> None:
        self.people = {person.id: n for n, person in enumerate(plan.people)}
        self.set_of = np.full(len(origin), -1, np.int64)
        self.bad = np.zeros(len(origin), np.bool_)
        self.sets: list[tuple[CreditShare, ...]] = []
        self.over: list[tuple[CreditShare, Codes]] = []
        by_order: dict[str, list[CreditShare]] = {}
        by_customer: dict[str, list[CreditShare]] = {}
        for row in plan.credit_shares:
            if row.order:
                by_order.setdefault(folded(row.order), []).append(row)
            elif row.customer:
                by_customer.setdefault(row.customer, []).append(row)
        day = data.day[origin]
        if by_order:
            texts = [folded(text) for text in data.orders]
            self._lay(by_order, data.order[origin], texts, day)
        if by_customer:
            self._lay(by_customer, data.customer[origin], data.customers, day)

    def _lay(
        self, rows: dict[str, list[CreditShare]], codes: Codes, texts: list[str], day: Codes
    ) -> None:
        wanted = np.array([text in rows for text in texts] + [False], np.bool_)
        lines = np.flatnonzero(wanted[codes])
        lines = lines[np.argsort(codes[lines], kind="stable")]
        for group in np.split(lines, np.flatnonzero(np.diff(codes[lines])) + 1):
            if len(group):
                self._lay_group(rows[texts[int(codes[group[0]])]], group, day[group])

    def _lay_group(self, rows: list[CreditShare], lines: Codes, days: Codes) -> None:
        """Rows of one order or customer on its lines; which are in force depends on the day."""
        force = np.zeros((len(rows), len(lines)), np.bool_)
        for n, row in enumerate(rows):
            force[n] = (row.from_date is None or days >= day_number(row.from_date)) & (
                row.to_date is None or days <= day_number(row.to_date)
            )
        for row, here in zip(rows, force, strict=True):
            if row.kind == "overlay" and here.any():
                self.over.append((row, lines[here]))
        split = [n for n, row in enumerate(rows) if row.kind == "split"]
        free = self.set_of[lines] < 0
        patterns, of = np.unique(force[split].T, axis=0, return_inverse=True)
        for k, pattern in enumerate(patterns.tolist()):
            chosen = tuple(rows[n] for n, on in zip(split, pattern, strict=True) if on)
            here = lines[free & (of.ravel() == k)]
            if not chosen or not len(here):
                continue
            if not make_one([Fraction(row.credit_share) for row in chosen]):
                self.bad[here] = True
                continue
            self.set_of[here] = len(self.sets)
            self.sets.append(chosen)

    def splits(self) -> list[tuple[tuple[Fraction, ...], Codes, Codes]]:
        """Lines with the same shares together: shares, lines, and a row of payees a line."""
        found: dict[tuple[Fraction, ...], list[tuple[Codes, tuple[int, ...]]]] = {}
        lines = np.flatnonzero(self.set_of >= 0)
        lines = lines[np.argsort(self.set_of[lines], kind="stable")]
        for group in np.split(lines, np.flatnonzero(np.diff(self.set_of[lines])) + 1):
            if not len(group):
                continue
            rows = self.sets[int(self.set_of[group[0]])]
            parts = tuple(Fraction(row.credit_share) for row in rows)
            payees = tuple(self.people[row.person] for row in rows)
            found.setdefault(parts, []).append((group, payees))
        return [
            (
                parts,
                np.concatenate([lines for lines, _ in groups]),
                np.concatenate(
                    [
                        np.tile(np.array(payees, np.int64), (len(lines), 1))
                        for lines, payees in groups
                    ]
                ),
            )
            for parts, groups in found.items()
        ]

    def overlays(self) -> list[tuple[Fraction, Codes, Codes]]:
        return [
            (
                Fraction(row.credit_share),
                lines,
                np.full(len(lines), self.people[row.person], np.int64),
            )
            for row, lines in self.over
        ]
