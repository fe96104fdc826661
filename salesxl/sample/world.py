"""What happened at the sample company: customers and every line they bought.

A seeded draw, the same on every machine: only `Random.random`, whose sequence is
fixed, and exact or IEEE-basic arithmetic. Everything is language-free (ids and
indexes); names come later. Amounts are fen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from random import Random

from salesxl.sample.data import Row, load


@dataclass(frozen=True)
class Buyer:
    """A customer of the sample company. `size` is its share within the region."""

    id: str
    region: int
    name: tuple[str, str]
    industry: int
    size: float
    channel: int
    source: int
    desk: int
    days: int  # until it pays; 0 = at once
    discipline: int  # 0 good, 1 slow, 2 bad
    first: date
    last: date


@dataclass(frozen=True)
class Line:
    """One ledger line; `person` is an employee id, money is fen."""

    date: date
    order: str
    product_line: int
    product: int
    buyer: int
    channel: int
    person: str
    quantity: int
    discount: int  # per cent
    amount: int
    cost: int
    collected: int
    is_return: bool


class Draw:
    """Sampling on `Random.random` alone."""

    def __init__(self, seed: int) -> None:
        self._next = Random(seed).random

    def below(self, count: int) -> int:
        return min(int(self._next() * count), count - 1)

    def happens(self, parts: float, whole: float = 100) -> bool:
        return self._next() * whole < parts

    def pick(self, weights: Sequence[float]) -> int:
        """An index, as likely as its weight."""
        point = self._next() * sum(weights)
        for index, weight in enumerate(weights):
            point -= weight
            if point < 0:
                return index
        return max(index for index, weight in enumerate(weights) if weight > 0)


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


@cache
def buyers() -> tuple[Buyer, ...]:
    """All customers, by region, largest first."""
    data = load("company")
    draw = Draw(data["company"]["seed"])
    rates, industries, stems = data["rates"], data["industry"], data["name_parts"]["stems"]
    found: list[Buyer] = []
    taken: set[tuple[str, str]] = set()
    for region, place in enumerate(data["region"]):
        desks = sorted({p["desk"] for p in _staff(region) if p.get("desk", 0) > 0})
        for rank in range(place["customers"]):
            industry = draw.pick([row["weight"] for row in industries])
            while True:
                city = place["cities"][draw.below(len(place["cities"]))]
                stem = stems[draw.below(len(stems))]
                form = industries[industry]["names"][draw.below(2)]
                name = (f"{city[0]}{stem[0]}{form[0]}", f"{city[1]} {stem[1]} {form[1]}")
                if (city[0], stem[0]) not in taken:
                    taken.add((city[0], stem[0]))
                    break
            channel = draw.pick([row["weight"] for row in data["channel"]])
            if rank < 3:
                channel = 0  # the largest buy directly
            discipline = draw.pick(
                [100 - rates["slow_payer"] - rates["bad_payer"], rates["slow_payer"],
                 rates["bad_payer"]]
            )  # fmt: skip
            first, last = data["company"]["first_day"], data["company"]["last_day"]
            if rank > 4 and draw.happens(rates["new_in_2026"]):
                first = date(2026, 1, 5) + timedelta(days=draw.below(250))
            if place["id"] == rates["lost_customer"] and rank == 2:
                last = rates["lost_after"]
            found.append(
                Buyer(
                    id=f"K{len(found) + 1001}",
                    region=region,
                    name=name,
                    industry=industry,
                    size=industries[industry]["size"] * 12 / (rank + 3) * 12 / (rank + 8),
                    channel=channel,
                    source=draw.pick([row["weight"] for row in data["source"]]),
                    desk=0 if rank < 2 else desks[draw.below(len(desks))],
                    days=industries[industry]["days"],
                    discipline=discipline,
                    first=first,
                    last=last,
                )
            )
    return tuple(found)


def _staff(region: int) -> list[Row]:
    data = load("company")
    key = data["region"][region]["id"]
    return [p for group in data["people"] if group["region"] == key for p in group["staff"]]


def seller(region: int, desk: int, day: date) -> str:
    """Who holds a desk on a day: employee id, empty while the desk is vacant."""
    for person in _staff(region):
        if person.get("desk") == desk and person["joined"] <= day:
            left = person.get("left")
            if left is None or day <= left:
                return str(person["id"])
    return ""


def _working_days(year: int, month: int) -> list[date]:
    holidays = load("company")["company"]["holidays"]
    day, days = date(year, month, 1), []
    while day.month == month:
        if day.weekday() < 5 and not any(a <= day <= b for a, b in holidays):
            days.append(day)
        day += timedelta(days=1)
    return days


@cache
def lines() -> tuple[Line, ...]:
    """Every line of the ledger, by date and order number."""
    data = load("company")
    company, rates = data["company"], data["rates"]
    draw = Draw(company["seed"] + 1)
    groups: list[list[Line]] = []
    month = company["first_day"]
    while month <= company["last_day"]:
        days = _working_days(month.year, month.month)
        years = (month.year - 2025) + (month.month - 6.5) / 12
        for region, place in enumerate(data["region"]):
            wanted = (
                company["lines_per_month"] * place["weight"]
                * company["season"][month.month - 1] * (1 + place["growth"] * years)
            )  # fmt: skip
            wanted *= 0.92 + 0.16 * draw.below(1000) / 1000
            while wanted > 0:
                group = _order(draw, region, days[draw.below(len(days))])
                wanted -= max(1, len(group))
                groups.append(group)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    groups = [group for group in groups if group]
    groups.sort(key=lambda group: group[0].date)
    numbered: list[Line] = []
    for number, group in enumerate(groups, 1):
        order = f"SO{group[0].date:%y%m}-{number:05d}"
        for line in group:
            numbered.append(replace(line, order=order))
            if not draw.happens(rates["return_line"], 1000):
                continue
            back = _returned(draw, line, order)
            if back.date <= company["last_day"]:
                numbered.append(back)
    numbered.sort(key=lambda line: (line.date, line.order))
    return tuple(numbered)


def _returned(draw: Draw, line: Line, order: str) -> Line:
    """Some or all of a line comes back within two months; what was paid is paid back."""
    back = 1 + draw.below(line.quantity)
    amount = _half_up(line.amount * back, line.quantity)
    return Line(
        date=line.date + timedelta(days=6 + draw.below(50)),
        order=f"{order}-R",
        product_line=line.product_line,
        product=line.product,
        buyer=line.buyer,
        channel=line.channel,
        person=line.person,
        quantity=-back,
        discount=line.discount,
        amount=-amount,
        cost=-_half_up(line.cost * back, line.quantity),
        collected=-min(amount, line.collected),
        is_return=True,
    )


def _order(draw: Draw, region: int, day: date) -> list[Line]:
    """One order of one customer, 1 to 4 lines; empty when nobody was there to take it."""
    data = load("company")
    rates = data["rates"]
    clients = [(i, b) for i, b in enumerate(buyers()) if b.region == region]
    index, buyer = clients[
        draw.pick([b.size if b.first <= day <= b.last else 0.0 for _, b in clients])
    ]
    person = seller(region, buyer.desk, day)
    if not person:
        if not draw.happens(rates["vacant_desk"]):
            return []
        person = seller(region, 0, day)
    channel = buyer.channel
    if not draw.happens(rates["own_channel"]):
        channel = draw.pick([row["weight"] for row in data["channel"]])
    steps = data["channel"][channel]["discounts"]
    discount = steps[draw.below(len(steps))]
    paid = _paid_share(draw, buyer, bool(data["channel"][channel].get("prepaid")), day)
    found: list[Line] = []
    for _ in range(1 + draw.pick([52, 27, 14, 7])):
        found.append(_line(draw, region, day, index, channel, person, discount, paid))
    return found


def _line(
    draw: Draw, region: int, day: date, buyer: int, channel: int, person: str,
    discount: int, paid: int,
) -> Line:  # fmt: skip
    data = load("company")
    rates, kinds = data["rates"], data["product_line"]
    lean = data["industry"][buyers()[buyer].industry]["mix"]
    place = data["region"][region]["mix"]
    kind = draw.pick([row["weight"] * lean[k] * place[k] for k, row in enumerate(kinds)])
    goods = kinds[kind]["products"]
    item = draw.pick([g["weight"] if g.get("from", day) <= day else 0.0 for g in goods])
    most = kinds[kind]["quantity"]
    quantity = 1 + min(draw.below(most), draw.below(most))
    price = goods[item]["price"] * 100  # fen
    if day.year >= 2026:
        price = _half_up(price * (1000 + rates["price_rise_2026"]), 1000)
    amount = _half_up(price * quantity * (100 - discount), 100)
    swing = draw.below(2 * rates["cost_swing"] + 1) - rates["cost_swing"]
    per_mille = int(goods[item]["cost"] * 1000 + 0.5)
    cost = _half_up(goods[item]["price"] * 100 * quantity * per_mille * (1000 + swing), 1_000_000)
    return Line(
        date=day, order="", product_line=kind, product=item, buyer=buyer, channel=channel,
        person=person, quantity=quantity, discount=discount, amount=amount, cost=cost,
        collected=_half_up(amount * paid, 100), is_return=False,
    )  # fmt: skip


def _paid_share(draw: Draw, buyer: Buyer, prepaid: bool, day: date) -> int:
    """Per cent of an order paid by the ledger's last day."""
    company, rates = load("company")["company"], load("company")["rates"]
    if prepaid:
        return 100
    deposit = rates["deposit"] if draw.happens(60) else 0
    late = (0, 75, 240)[buyer.discipline] + draw.below(30) - 10
    due = day + timedelta(days=buyer.days + late)
    if due <= company["last_day"]:
        # a bad payer leaves part of some orders unpaid for good
        return 60 if buyer.discipline == 2 and draw.happens(35) else 100
    return int(deposit)
