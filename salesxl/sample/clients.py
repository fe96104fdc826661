"""The sample company's customers, key accounts, prospects, channels and partners."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from salesxl.plan.model import CalendarDay, Channel, Customer, KeyAccount, Partner, Prospect
from salesxl.sample.data import Row, load, said
from salesxl.sample.world import Buyer, Draw, buyers, lines, seller
from salesxl.texts import Lang


def grades() -> dict[str, str]:
    """Customer id → grade by its cumulative share of the sales of the year before."""
    year = load("company")["company"]["year"] - 1
    bounds = load("plan")["grades"]["bounds"]
    clients = buyers()
    sums = dict.fromkeys((b.id for b in clients), 0)
    for line in lines():
        if line.date.year == year:
            sums[clients[line.buyer].id] += line.amount
    total, before, found = sum(sums.values()), 0, {}
    for key in sorted(sums, key=lambda k: (-sums[k], k)):
        found[key] = next((g for g, bound in bounds if before * 100 < bound * total), "D")
        before += max(sums[key], 0)
    return found


def customers(lang: Lang) -> tuple[Customer, ...]:
    """All customers with their grade, owner and care."""
    data, texts = load("company"), load("plan")
    draw, graded = Draw(data["company"]["seed"] + 2), grades()
    last_day = data["company"]["last_day"]
    found = []
    for buyer in buyers():
        grade = graded[buyer.id]
        care, problems = texts["maintenance"][grade], texts["open_problems"]["list"]
        score = Decimal(34 + draw.below(16)) / 10
        problem = said(problems[draw.below(len(problems))], lang) if draw.happens(11) else ""
        if problem:
            score -= Decimal("0.6")
        found.append(
            Customer(
                id=buyer.id,
                name=said(buyer.name, lang),
                region=data["region"][buyer.region]["id"],
                owner=_owner(buyer, last_day),
                source=said(data["source"][buyer.source]["name"], lang),
                channel=said(data["channel"][buyer.channel]["name"], lang),
                grade=grade,
                visits_per_year=texts["grades"]["visits"][grade],
                satisfaction=score,
                open_problem=problem,
                maintenance=said(care[draw.below(len(care))], lang),
            )
        )  # fmt: skip
    return tuple(found)


def _owner(buyer: Buyer, day: date) -> str:
    return seller(buyer.region, buyer.desk, day) or seller(buyer.region, 0, day)


def key_accounts(lang: Lang) -> tuple[KeyAccount, ...]:
    """The two largest customers of every region, looked after by its manager."""
    data, texts = load("company"), load("plan")["key_account"]
    last_day = data["company"]["last_day"]
    tops = [b for b in buyers() if b.desk == 0]
    return tuple(
        KeyAccount(
            customer=buyer.id,
            reason=_turn(texts["reasons"], n, lang),
            owner=seller(buyer.region, 0, last_day),
            terms=_turn(texts["terms"], n, lang),
            service=_turn(texts["services"], n, lang),
            action=_turn(texts["actions"], n, lang),
        )
        for n, buyer in enumerate(tops)
    )


def _turn(choices: list[list[str]], number: int, lang: Lang) -> str:
    return said(choices[number % len(choices)], lang)


def prospects(lang: Lang) -> tuple[Prospect, ...]:
    """Firms that have not bought yet; their names differ from every customer's."""
    data, texts = load("company"), load("plan")
    draw, last_day = Draw(data["company"]["seed"] + 3), data["company"]["last_day"]
    taken = {buyer.name[0] for buyer in buyers()}
    stages, stems = texts["prospects"]["stages"], data["name_parts"]["stems"]
    found: list[Prospect] = []
    for region, place in enumerate(data["region"]):
        desks = sorted({b.desk for b in buyers() if b.region == region} - {0})
        for _ in range(texts["prospects"]["counts"][region]):
            name = None
            while name is None or name[0] in taken:
                city = place["cities"][draw.below(len(place["cities"]))]
                stem = stems[draw.below(len(stems))]
                kind = data["industry"][draw.below(len(data["industry"]))]["names"][draw.below(2)]
                name = (f"{city[0]}{stem[0]}{kind[0]}", f"{city[1]} {stem[1]} {kind[1]}")
            taken.add(name[0])
            stage = stages[draw.pick([weight for _, weight in stages])][0]
            steps = texts["next_steps"][stage]
            found.append(
                Prospect(
                    id=f"Q{len(found) + 1:03d}",
                    name=said(name, lang),
                    region=place["id"],
                    source=said(_source(draw)["name"], lang),
                    stage=stage,
                    expected_amount=(4 + draw.below(76)) * 10_000_00,
                    win_rate=Decimal(texts["prospects"]["win_rates"][stage]),
                    owner=seller(region, desks[draw.below(len(desks))], last_day),
                    next_step=said(steps[draw.below(len(steps))], lang),
                    due_date=_due(draw, last_day),
                    stage_since=last_day - timedelta(days=3 + len(found) * 17 % 74),
                )
            )
    return tuple(found)


def _source(draw: Draw) -> Row:
    rows: list[Row] = load("company")["source"]
    return rows[draw.pick([row["weight"] for row in rows])]


def _due(draw: Draw, last_day: date) -> date:
    """A weekday in the weeks around the ledger's end; some are overdue."""
    day = last_day + timedelta(days=draw.below(60) - 12)
    return day + timedelta(days=max(0, 8 - day.isoweekday()) if day.isoweekday() > 5 else 0)


def channels(lang: Lang, target: int, unit: int) -> tuple[Channel, ...]:
    """Channels with strategy; their targets add up to `target` (fen)."""
    data, texts = load("company"), load("plan")["channel"]
    rows = {row["id"]: row for row in data["channel"]}
    shares = {key: Decimal(texts[key]["share"]) for key in rows}
    amounts = {key: int(share * target / unit) * unit for key, share in shares.items()}
    first = next(iter(amounts))
    amounts[first] += target - sum(amounts.values())
    leads = load("plan")["channel_leads"]
    return tuple(
        Channel(
            id=key,
            name=said(row["name"], lang),
            kind=row["kind"],
            goal=said(texts[key]["goal"], lang),
            measures=said(texts[key]["measures"], lang),
            budget_amount=texts[key]["budget"] * 100,
            target_amount=amounts[key],
            cost_amount=texts[key]["cost"] * 100,
            prospects_won=texts[key]["prospects"],
            customers_won=texts[key]["won"],
            responsible=said(leads[row["kind"]], lang),
        )
        for key, row in rows.items()
    )


def calendar_days(lang: Lang) -> tuple[CalendarDay, ...]:
    """The plan year's weekdays off and weekends worked."""
    return tuple(
        CalendarDay(day=date.fromisoformat(day), kind=kind, name=said(name, lang))
        for day, kind, *name in load("plan")["calendar"]["days"]
    )


def partners(lang: Lang) -> tuple[Partner, ...]:
    data, texts = load("company"), load("plan")["partners"]
    places = {row["id"]: row for row in data["region"]}
    names = {row["id"]: row["name"] for row in data["channel"]}
    found = []
    for n, (key, region, city, zh, en, channel, *scores) in enumerate(texts["list"]):
        town = said(places[region]["cities"][city], lang)
        found.append(
            Partner(
                id=key,
                name=f"{town}{zh}" if lang == "zh" else f"{en}, {town}",
                region=region,
                channel=said(names[channel], lang),
                reputation=Decimal(scores[0]),
                strength=Decimal(scores[1]),
                market_share=Decimal(scores[2]),
                willingness=Decimal(scores[3]),
                note=_turn(texts["notes"], n, lang),
            )
        )
    return tuple(found)
