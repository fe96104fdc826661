"""The sample company's plan: every table filled, in zh or en, with the same numbers.

Targets come from the sample ledger as they would for any firm: weights from the
last complete year, the annual target from its sales and the growth asked for.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from salesxl.plan.model import (
    TABLE,
    Assignment,
    Bonus,
    CommissionPlan,
    CommissionTier,
    Course,
    Duty,
    Honour,
    MonthWeight,
    Person,
    Plan,
    ProductLine,
    Ramp,
    Region,
    SalesYear,
    Settings,
    TargetLock,
)
from salesxl.plan.schema import Table
from salesxl.plan.starter import starter
from salesxl.sample import clients, growth
from salesxl.sample.data import load, said
from salesxl.sample.world import buyers, lines
from salesxl.texts import Lang


def sample_plan(lang: Lang) -> Plan:
    """The whole plan; ids and amounts do not depend on `lang`."""
    company = load("company")["company"]
    texts = dict(starter(lang))
    unit = company["unit_yuan"] * 100
    roles = {role.kind: role.id for role in texts["roles"]}
    target = _annual_target(unit)
    people, assignments = _people(lang, roles)
    plans, tiers = _commission(lang)
    return Plan(
        settings=Settings(
            company=said(company["name"], lang),
            currency="CNY",
            year=company["year"],
            annual_target_amount=target,
            rounding_unit_amount=unit,
            potential_share=Decimal(company["potential_share"]),
            growth_rate=Decimal(company["growth"]),
            language=lang,
            as_of_date=company["last_day"],
            bottom_up_share=Decimal(company["bottom_up_share"]),
            market_amount=sum(row["potential"] for row in load("company")["region"]) * 100,
            productivity_amount=company["productivity_yuan"] * 100,
        ),
        regions=_regions(lang),
        product_lines=_product_lines(lang),
        month_weights=_month_weights(),
        target_locks=_locks(lang),
        sales_years=_sales_years(),
        ramps=_ramps(roles["rep"]),
        people=people,
        assignments=assignments,
        commission_plans=plans,
        commission_tiers=tiers,
        **_rows(lang),
        bonuses=_bonuses(lang),
        honours=_honours(lang),
        # Managers here look after the largest customers themselves, so they carry quota.
        roles=tuple(
            replace(role, carries_quota="no" if role.kind == "assistant" else "yes")
            for role in texts["roles"]
        ),
        duties=_duties(lang, texts["duties"], roles),
        kpis=texts["kpis"],
        responsibilities=texts["responsibilities"],
        skills=texts["skills"],
        level_skills=texts["level_skills"],
        skill_levels=growth.skill_levels(people, texts["skills"]),
        prospects=clients.prospects(lang),
        customers=clients.customers(lang),
        visit_rules=texts["visit_rules"],
        calendar_days=clients.calendar_days(lang),
        key_accounts=clients.key_accounts(lang),
        channels=clients.channels(lang, target, unit),
        partner_criteria=texts["partner_criteria"],
        partners=clients.partners(lang),
        courses=(*texts["courses"], *_courses(lang)),
        career_levels=texts["career_levels"],
        data_sources=texts["data_sources"],
    )


def _last_year() -> int:
    return int(load("company")["company"]["year"]) - 1


def _annual_target(unit: int) -> int:
    """Last year's sales with growth, to the unit, half up; fen."""
    history = sum(line.amount for line in lines() if line.date.year == _last_year())
    grown = history * (1 + Decimal(load("company")["company"]["growth"]))
    return int((grown / unit).quantize(Decimal(1), ROUND_HALF_UP)) * unit


def _regions(lang: Lang) -> tuple[Region, ...]:
    rows, sums = load("company")["region"], [0] * len(load("company")["region"])
    for line in lines():
        if line.date.year == _last_year():
            sums[buyers()[line.buyer].region] += line.amount
    return tuple(
        Region(
            id=row["id"],
            name=said(row["name"], lang),
            history_amount=amount,
            potential_amount=row["potential"] * 100,
            locked_amount=row["locked"] * 100 if "locked" in row else None,
            proposal_amount=row["proposal"] * 100,
            note=said(row["note"], lang),
        )
        for row, amount in zip(rows, sums, strict=True)
    )


def _product_lines(lang: Lang) -> tuple[ProductLine, ...]:
    rows, sums = load("company")["product_line"], [0] * len(load("company")["product_line"])
    for line in lines():
        if line.date.year == _last_year():
            sums[line.product_line] += line.amount
    return tuple(
        ProductLine(
            id=row["id"],
            name=said(row["name"], lang),
            history_amount=amount,
            potential_amount=row["potential"] * 100,
            note=said(row["note"], lang),
        )
        for row, amount in zip(rows, sums, strict=True)
    )


def _locks(lang: Lang) -> tuple[TargetLock, ...]:
    return tuple(
        TargetLock(
            region=row["region"],
            product_line=row["product_line"],
            month=row.get("month"),
            locked_amount=row["amount"] * 100,
            note=said(row["note"], lang),
        )
        for row in load("company")["target_lock"]
    )


def _sales_years() -> tuple[SalesYear, ...]:
    """The years before the ledger as told, the ledger's complete year as it is."""
    last = _last_year()
    told = {int(year): yuan * 100 for year, yuan in load("company")["earlier_sales"].items()}
    told[last] = sum(line.amount for line in lines() if line.date.year == last)
    return tuple(SalesYear(sales_year=y, sales_amount=told[y]) for y in sorted(told))


def _ramps(role: str) -> tuple[Ramp, ...]:
    shares = load("company")["company"]["ramp"]
    return tuple(
        Ramp(role=role, service_month=month, quota_share=Decimal(share))
        for month, share in enumerate(shares, 1)
    )


def _month_weights() -> tuple[MonthWeight, ...]:
    """Each month's share of last year, four decimals; the largest remainders make it whole."""
    sums = [0] * 12
    for line in lines():
        if line.date.year == _last_year():
            sums[line.date.month - 1] += line.amount
    total = sum(sums)
    parts = [amount * 10_000 // total for amount in sums]
    order = sorted(range(12), key=lambda m: (-(sums[m] * 10_000 % total), m))
    for month in order[: 10_000 - sum(parts)]:
        parts[month] += 1
    return tuple(
        MonthWeight(month=month, weight=Decimal(part).scaleb(-4))
        for month, part in enumerate(parts, 1)
    )


def _people(lang: Lang, roles: dict[str, str]) -> tuple[tuple[Person, ...], tuple[Assignment, ...]]:
    plans = {row["role"]: row["id"] for row in load("plan")["commission_plan"]}
    people, further = [], []
    for group in load("company")["people"]:
        chief = next(p["id"] for p in group["staff"] if p["role"] == "manager")
        for row in group["staff"]:
            weight = Decimal(row.get("weight", "0"))
            people.append(
                Person(
                    id=row["id"],
                    name=row[lang],
                    role=roles[row["role"]],
                    region=group["region"],
                    manager="" if row["id"] == chief else chief,
                    joined_date=row["joined"],
                    career_level=growth.career_level(row["role"], row["joined"]),
                    left_date=row.get("left"),
                    quota_weight=weight,
                    commission_plan=plans.get(row["role"], "") if weight else "",
                )
            )
            if "further" in row:
                region, share = row["further"]
                further.append(
                    Assignment(person=row["id"], region=region, quota_weight=Decimal(share))
                )
    return tuple(people), tuple(further)


def _commission(lang: Lang) -> tuple[tuple[CommissionPlan, ...], tuple[CommissionTier, ...]]:
    plans, tiers = [], []
    for row in load("plan")["commission_plan"]:
        plans.append(
            CommissionPlan(
                id=row["id"],
                name=said(row["name"], lang),
                effective_from=row["from"],
                effective_to=row.get("to"),
                base=row["base"],
                kind=row["kind"],
                measure=row["measure"],
                period=row["period"],
                note=said(row["note"], lang),
            )
        )
        tiers += [
            CommissionTier(
                plan=row["id"],
                effective_from=row["from"],
                threshold=Decimal(threshold),
                rate=Decimal(rate),
            )
            for threshold, rate in row["tiers"]
        ]
    return tuple(plans), tuple(tiers)


def _rows(lang: Lang) -> dict[str, Any]:
    """The pay tables whose rows stand in plan.toml under their columns' own keys."""
    return {
        name: tuple(_row(TABLE[name], row, lang) for row in rows)
        for name, rows in load("plan")["rows"].items()
    }


def _row(table: Table, row: dict[str, Any], lang: Lang) -> Any:
    kinds = {column.key: column.kind for column in table.columns}
    values: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, list):
            values[key] = said(value, lang)
        elif kinds[key] == "money":
            values[key] = value * 100
        else:
            values[key] = Decimal(value) if kinds[key] in ("share", "number") else value
    return table.row_type(**values)


def _bonuses(lang: Lang) -> tuple[Bonus, ...]:
    year_start = load("company")["company"]["last_day"].replace(month=1, day=1)
    return tuple(
        Bonus(
            id=row["id"],
            name=said(row["name"], lang),
            kind=row["kind"],
            period=row["period"],
            bonus_amount=row["amount"] * 100 if "amount" in row else None,
            bonus_rate=Decimal(row["rate"]) if "rate" in row else None,
            bonus_base=row.get("base", ""),
            ties=row.get("ties", ""),
            idle_months=row.get("idle_months"),
            condition=said(row["condition"], lang),
            effective_from=year_start,
        )
        for row in load("plan")["bonus"]
    )


def _honours(lang: Lang) -> tuple[Honour, ...]:
    return tuple(
        Honour(
            id=row["id"],
            title=said(row["title"], lang),
            scope=row["scope"],
            period=row["period"],
            criterion=said(row["criterion"], lang),
            recognition=said(row["recognition"], lang),
        )
        for row in load("plan")["honour"]
    )


def _duties(lang: Lang, usual: tuple[Duty, ...], roles: dict[str, str]) -> tuple[Duty, ...]:
    """The usual duties of each role, then the firm's own, numbered on."""
    found: list[Duty] = []
    for kind, role in roles.items():
        found += [duty for duty in usual if duty.role == role]
        number = max((duty.number for duty in found if duty.role == role), default=0)
        for step, (duty, measure, rhythm) in enumerate(load("plan")["duties"].get(kind, ()), 1):
            found.append(
                Duty(
                    role=role,
                    number=number + step,
                    duty=said(duty, lang),
                    measure=said(measure, lang),
                    rhythm=said(rhythm, lang),
                )
            )
    return tuple(found)


def _courses(lang: Lang) -> tuple[Course, ...]:
    return tuple(
        Course(
            id=row["id"],
            name=said(row["name"], lang),
            kind=row["kind"],
            month=row["month"],
            hours=Decimal(row["hours"]),
            audience=said(row["audience"], lang),
            goal=said(row["goal"], lang),
            trainer=said(row["trainer"], lang),
        )
        for row in load("plan")["course"]
    )
