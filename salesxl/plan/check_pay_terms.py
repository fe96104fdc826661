"""Who has which commission plan when: nobody without one, nobody with two.

A person's own terms go before their role's, and these before the plan named with the person;
two plans at one of these levels are two at a time, unless their limits keep them apart.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from salesxl.plan.check_pay_days import FIRST, LAST, Window, cut, meet, said, union, window
from salesxl.plan.draft import Draft, Row

Versions = dict[tuple[str, date], Row]
LIMITS = ("product_line", "region", "channel", "customer_source")


def check_terms(draft: Draft, versions: Versions) -> None:
    """Add the problems of `plan_terms`, and of people with and without a plan."""
    for row in draft.complete("plan_terms", "person", "role"):
        if row.values["person"] and row.values["role"]:
            draft.add("plan.term_for_both", row.at("role"))
        elif not row.values["person"] and not row.values["role"]:
            draft.add("plan.term_for_nobody", row.at("person"))
    force = _windows(versions)
    _two_plans(draft, force)
    _without_plan(draft, {plan: [w for _, w in found] for plan, found in force.items()})
    _without_quota(draft, versions)


def _windows(versions: Versions) -> dict[str, list[tuple[Row, Window]]]:
    """Plan → its versions with the days each is in force; a later one takes over."""
    out: dict[str, list[tuple[Row, Window]]] = defaultdict(list)
    for (plan, start), row in sorted(versions.items(), reverse=True):
        end = row.get("effective_to") or LAST
        later = out[plan][-1][1][0] if out[plan] else None
        if later is not None:
            end = min(end, later - timedelta(days=1))
        if start <= end:
            out[plan].append((row, (start, end)))
    return dict(out)


def _two_plans(draft: Draft, force: dict[str, list[tuple[Row, Window]]]) -> None:
    seen: dict[tuple[str, str], list[tuple[Row, Window]]] = defaultdict(list)
    for row in draft.complete("plan_terms", "person", "role", "plan"):
        days = window(row)
        key = (row.values["person"], row.values["role"])
        if days is None or all(key) or not any(key):
            continue
        for other, theirs in seen[key]:
            both = meet([days], [theirs])
            if both and _pair(draft, row, other, both, force):
                break  # one line a row
        seen[key].append((row, days))


def _pair(
    draft: Draft, row: Row, other: Row, both: list[Window],
    force: dict[str, list[tuple[Row, Window]]],
) -> bool:  # fmt: skip
    """Whether two terms of one payee were found to get in each other's way, and said so."""
    mine, theirs = row.values["plan"], other.values["plan"]
    if mine == theirs:
        draft.warn("plan.term_again", row.at("plan"), first=other.at("plan"), **said(both))
        return True
    worst: tuple[bool, list[Window]] | None = None
    for one, here in force.get(mine, ()):
        for two, there in force.get(theirs, ()):
            days = meet(meet(both, [here]), [there])
            certain = _clash(draft, one, two)
            if days and certain is not None and (worst is None or certain > worst[0]):
                worst = (certain, days)
    if worst is None:
        return False
    report = draft.add if worst[0] else draft.warn
    report(
        "plan.two_plans" if worst[0] else "plan.plans_may_meet", row.at("plan"),
        plan=mine, other=theirs, first=other.at("plan"), **said(worst[1]),
    )  # fmt: skip
    return True


def _clash(draft: Draft, one: Row, two: Row) -> bool | None:
    """True: every line one takes the other takes too; False: some; None: never, or one goes first.

    The plan with more limits goes first, so only equally limited ones get in each other's way.
    """
    if not (one.has(*LIMITS) and two.has(*LIMITS)):
        return None
    mine = {key: one.values[key] for key in LIMITS if one.values[key]}
    theirs = {key: two.values[key] for key in LIMITS if two.values[key]}
    if len(mine) != len(theirs):
        return None
    if mine == theirs:
        return True
    for key in mine.keys() & theirs.keys():
        a, b = mine[key], theirs[key]
        if key == "region":
            if a != b and a not in _above(draft, b) and b not in _above(draft, a):
                return None
        elif " ".join(a.split()).casefold() != " ".join(b.split()).casefold():
            return None
    return False


def _above(draft: Draft, region: str) -> set[str]:
    parents = {
        r.values["id"]: r.values["parent"] for r in draft.complete("regions", "id", "parent")
    }
    found: set[str] = set()
    at = parents.get(region, "")
    while at and at not in found:
        found.add(at)
        at = parents.get(at, "")
    return found


def year_of(draft: Draft) -> Window | None:
    """The plan's fiscal year."""
    year, month = draft.settings.get("year"), draft.settings.get("fiscal_year_first_month")
    if not year or not month:
        return None
    return date(year, month, 1), date(year + 1, month, 1) - timedelta(days=1)


def _carriers(draft: Draft) -> list[Row]:
    """People who carry quota."""
    roles = {
        row.values["id"]
        for row in draft.complete("roles", "id", "carries_quota")
        if row.values["carries_quota"] == "yes"
    }
    keys = ("id", "role", "quota_weight", "joined_date", "left_date", "commission_plan")
    return [
        row for row in draft.complete("people", *keys)
        if row.values["role"] in roles and row.values["quota_weight"]
    ]  # fmt: skip


class _Grants:
    """Who has which plan when; the terms are looked at once, whatever the number of people."""

    def __init__(self, draft: Draft) -> None:
        self.of: dict[tuple[str, str], list[tuple[str, Window]]] = defaultdict(list)
        for term in draft.complete("plan_terms", "person", "role", "plan"):
            kind = "person" if term.values["person"] else "role"
            if days := window(term):
                self.of[kind, term.values[kind]].append((term.values["plan"], days))

    def __call__(self, person: Row) -> dict[str, list[Window]]:
        """Plan → the days on which the person has it at any of the three levels."""
        out: dict[str, list[Window]] = defaultdict(list)
        for key in (("person", person.values["id"]), ("role", person.values["role"])):
            for plan, days in self.of.get(key, ()):
                out[plan].append(days)
        if person.values["commission_plan"]:
            out[person.values["commission_plan"]].append((FIRST, LAST))
        return out


def _without_plan(draft: Draft, force: dict[str, list[Window]]) -> None:
    """Days of the plan's year on which somebody with a quota has no plan in force."""
    year = year_of(draft)
    for table, *keys in (
        ("plan_terms", "person", "role", "plan"), ("commission_plans", "id", "effective_from"),
    ):  # fmt: skip
        if table in draft.places and not draft.whole(table, *keys):
            return  # the cell that could not be read may be what is missing
    idle: dict[str, tuple[list[Window], set[str]]] = {}
    grants_of = _Grants(draft)
    for row in _carriers(draft):
        grants = grants_of(row)
        name = row.get("name") or row.values["id"]
        if not grants:
            draft.warn("plan.person_without_plan", row.at("commission_plan"), name=name)
            continue
        if year is None:
            continue
        job = (row.values["joined_date"] or FIRST, row.values["left_date"] or LAST)
        open_days = meet([year], [job]) if job[0] <= job[1] else []
        for plan, days in grants.items():
            open_days = cut(open_days, meet(days, force.get(plan, [])))
        for plan, days in grants.items():  # days on which only the version is missing
            if plan in force and (missing := meet(open_days, union(days))):
                known, people = idle.setdefault(plan, ([], set()))
                known.extend(missing)
                people.add(row.values["id"])
                open_days = cut(open_days, missing)
        if open_days:
            draft.warn(
                "plan.person_plan_gap", row.at("commission_plan"), name=name, **said(open_days)
            )
    for plan, (missing, people) in idle.items():
        _idle_plan(draft, plan, union(missing), len(people), force[plan])


def _idle_plan(
    draft: Draft, plan: str, missing: list[Window], count: int, force: list[Window]
) -> None:
    """People have the plan on days before its first or after its last version."""
    hull = (min(begin for begin, _ in force), max(end for _, end in force))
    outside = cut(missing, [hull])  # gaps between versions are told of already
    if not outside:
        return
    rows = [row for row in draft.of("commission_plans") if row.get("id") == plan]
    early = outside[0][0] < hull[0]
    key = "effective_from" if early else "effective_to"
    edge = hull[0] if early else hull[1]
    where = next((row for row in rows if row.get(key) == edge), rows[0])
    draft.warn("plan.plan_not_in_force", where.at(key), plan=plan, count=count, **said(outside))


def _without_quota(draft: Draft, versions: Versions) -> None:
    """Attainment needs a quota: without one such a plan pays nothing."""
    if not draft.whole("people", "id", "role", "quota_weight", "commission_plan"):
        return
    if not draft.whole("roles", "id", "carries_quota"):
        return
    kinds: dict[str, set[bool]] = defaultdict(set)
    for (plan, _), row in versions.items():
        by_quota = row.get("measure") == "attainment" or (
            row.get("kind") == "matrix" and row.get("second_measure") == "attainment"
        )
        kinds[plan].add(by_quota)
    carriers = {row.values["id"] for row in _carriers(draft)}
    carriers |= {
        row.values["person"]
        for row in draft.complete("assignments", "person", "quota_weight")
        if row.values["quota_weight"]
    }
    grants_of = _Grants(draft)
    for row in draft.complete("people", "id", "role", "commission_plan"):
        if row.values["id"] in carriers:
            continue
        for plan in grants_of(row):
            if kinds.get(plan) == {True}:
                draft.warn(
                    "plan.attainment_without_quota", row.at("commission_plan"),
                    name=row.get("name") or row.values["id"], plan=plan,
                )  # fmt: skip
                break
