"""The people in a ledger: who they are, their roles, where they carry quota."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import numpy.typing as npt

from salesxl.errors import Problem
from salesxl.ledger.frame import Ledger
from salesxl.ledger.match import combine
from salesxl.ledger.words import role_kind
from salesxl.plan.model import ROLE_KINDS, Assignment, Person, Role

_PERCENT_PLACES = Decimal("0.0001")


def identities(
    ledger: Ledger, id_column: str, name_column: str, prefix: str
) -> tuple[list[tuple[str, str]], list[Problem]]:
    """(id, name) of everyone in two columns, in order of id.

    An id decides; its most frequent name is kept. A name without an id belongs
    to the one id that has it, else it is given an id: prefix and number, by name.
    """
    codes, values = combine(ledger.frame, (id_column, name_column))
    counts = np.bincount(codes, minlength=len(values)).tolist()
    by_id: dict[str, dict[str, int]] = {}
    shown: dict[str, str] = {}
    loose: dict[str, str] = {}
    for (key, name), count in zip(values, counts, strict=True):
        if key:
            shown.setdefault(key.casefold(), key)
            names = by_id.setdefault(key.casefold(), {})
            names[name] = names.get(name, 0) + count
        elif name:
            loose.setdefault(name.casefold(), name)
    notices = []
    found: list[tuple[str, str]] = []
    for folded, names in sorted(by_id.items()):
        ordered = sorted((n for n in names if n), key=lambda n: (-names[n], n))
        kept = ordered[0] if ordered else shown[folded]
        if len({n.casefold() for n in ordered}) > 1:
            values_said = {"id": shown[folded], "names": " · ".join(ordered), "kept": kept}
            notices.append(Problem("ledger.start_names_differ", "", values_said))
        found.append((shown[folded], kept))
    known = {name.casefold() for _, name in found}
    taken = {key.casefold() for key, _ in found}
    fresh = sorted(name for folded, name in loose.items() if folded not in known)
    width = max(4 if prefix == "C" else 3, len(str(len(fresh))))
    number = 0
    for name in fresh:
        number += 1
        while f"{prefix}{number:0{width}d}".casefold() in taken:
            number += 1
        found.append((f"{prefix}{number:0{width}d}", name))
    return found, notices


def find_people(
    ledger: Ledger, roles: Sequence[Role]
) -> tuple[tuple[Person, ...], tuple[Role, ...], list[Problem]]:
    """People (home region still empty), the roles they have, notices.

    Each job title belongs to the starter's role of its kind; the title is kept
    as a note. A kind of role that sold something carries quota.
    """
    found, notices = identities(ledger, "person_id", "person", "E")
    if not found:
        return (), tuple(roles), [*notices, Problem("ledger.start_no_people")]
    titles = _titles(ledger)
    by_kind = {role.kind: role for role in reversed(roles)}
    people = []
    kinds_used = set()
    for key, name in found:
        title = titles.get(key.casefold()) or titles.get(name.casefold()) or ""
        kind = role_kind(title) if title else "rep"
        role = by_kind.get(kind) or by_kind.get("rep")
        if role is None:  # the starter has no such role
            zh, en = ROLE_KINDS[kind]
            role = by_kind[kind] = Role(id=kind, name=zh if zh == title else en, kind=kind)
        kinds_used.add(role.kind)
        note = title if title.casefold() != role.name.casefold() else ""
        people.append(Person(id=key, name=name, role=role.id, region="", note=note))
    made = [role for role in by_kind.values() if role not in roles]
    kept = []
    for role in (*roles, *made):
        if role.kind in kinds_used and role.carries_quota == "no":
            notices.append(Problem("ledger.start_manager_quota", "", {"role": role.name}))
            role = replace(role, carries_quota="yes")
        kept.append(role)
    return tuple(people), tuple(kept), notices


def _titles(ledger: Ledger) -> dict[str, str]:
    """person id (or name, where there is no id) → job title of their last line."""
    codes, values = combine(ledger.frame, ("person_id", "person", "person_role"))
    dates = ledger.frame["date"].to_numpy().astype(np.int64)
    last = np.full(len(values), np.iinfo(np.int64).min)
    np.maximum.at(last, codes, dates)
    found: dict[str, tuple[int, str]] = {}
    for (key, name, title), when in zip(values, last.tolist(), strict=True):
        who = (key or name).casefold()
        if title and (who not in found or when > found[who][0]):
            found[who] = (when, title)
    return {who: title for who, (_, title) in found.items()}


def assign(
    ledger: Ledger, base: npt.NDArray[np.bool_], people: Sequence[Person], leaves: Sequence[str]
) -> tuple[tuple[Person, ...], tuple[Assignment, ...]]:
    """Home regions and quota weights, from a matched ledger.

    Home is where most of the base period's money was (else most of all). A weight
    is the person's percentage of the region's base-period amount, 4 decimals; where
    nobody of a region sold anything, those at home there weigh 1 each.
    """
    in_base, at_all = _table(ledger, base), _table(ledger, np.ones(len(base), np.bool_))
    totals: dict[str, int] = {}
    frame = ledger.frame.loc[base, ["region_key", "amount"]]
    for region, amount in frame.groupby("region_key", observed=True)["amount"].sum().items():
        totals[str(region)] = int(amount)

    def weight(person: str, region: str) -> Decimal:
        amount, total = in_base.get((person, region), 0), totals.get(region, 0)
        if amount <= 0 or total <= 0:
            return Decimal(0)
        share = Decimal(amount) * 100 / Decimal(total)
        return share.quantize(_PERCENT_PLACES, ROUND_HALF_UP)

    def home(person: str) -> str:
        for table in (in_base, at_all):
            mine = [(table.get((person, region), 0), region) for region in leaves]
            best = max(mine, key=lambda item: item[0])
            if best[0] > 0:
                return best[1]
        return leaves[0]

    placed = [replace(p, region=home(p.id)) for p in people]
    placed = [replace(p, quota_weight=weight(p.id, p.region)) for p in placed]
    assignments = tuple(
        Assignment(person=p.id, region=region, quota_weight=share)
        for p in placed
        for region in leaves
        if region != p.region and (share := weight(p.id, region)) > 0
    )
    live = {p.region for p in placed if p.quota_weight} | {a.region for a in assignments}
    placed = [p if p.region in live else replace(p, quota_weight=Decimal(1)) for p in placed]
    return tuple(placed), assignments


def _table(ledger: Ledger, lines: npt.NDArray[np.bool_]) -> dict[tuple[str, str], int]:
    """(person, region) → amount over `lines`."""
    frame = ledger.frame.loc[lines, ["person_key", "region_key", "amount"]]
    sums = frame.groupby(["person_key", "region_key"], observed=True)["amount"].sum()
    return {(str(key[0]), str(key[1])): int(amount) for key, amount in sums.items()}  # type: ignore[index]
