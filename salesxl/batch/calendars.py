"""The visit plan as calendars: one `.ics` file a representative, to be opened by any calendar.

A visit is an all-day entry that does not block the day. Its UID is made of the company, the
year, the customer and the number of the visit alone: a plan that is made again moves the
entries a calendar already has instead of adding them a second time.

The files are written by `icalendar` (extra ``calendar``), built to RFC 5545; the same plan
gives the same bytes.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from salesxl.batch.folder import prepare
from salesxl.batch.names import safe_stem
from salesxl.batch.setup import Report, read_inputs
from salesxl.errors import Problem, fail
from salesxl.ooxml.atomic import write_atomic
from salesxl.plan.model import Person
from salesxl.plan.targets import breakdown
from salesxl.sheets.care import care
from salesxl.sheets.scope import Scope, head_office
from salesxl.sheets.visits import Visit, visits_of
from salesxl.texts import Lang, text


@dataclass(frozen=True)
class Written:
    """One file and the visits in it."""

    file: str
    person: str
    visits: int


@dataclass(frozen=True)
class Calendars:
    """What was written, and how many visits have no day."""

    folder: Path
    made: tuple[Written, ...]
    unplaced: int
    warnings: tuple[Problem, ...]


def write_calendars(
    plan_path: Path,
    ledger_paths: Sequence[Path | str],
    out_dir: Path,
    *,
    person: str = "",
    lang: Lang = "en",
    mapping: Path | None = None,
    skip_bad_rows: bool = False,
    report: Report | None = None,
) -> Calendars:
    """Write the calendar of every representative, or of `person` (id or name), into `out_dir`.

    The ledger matters where customers have neither visits nor a grade in the plan: they are
    graded by what they bought. SalesxlError for an unknown person and without `icalendar`.
    """
    library = _library()
    tell = report or (lambda step, done, total: None)
    plan, ledger, warnings = read_inputs(
        plan_path, ledger_paths, mapping, skip_bad_rows, lang, tell
    )
    scope = head_office(plan, breakdown(plan), ledger, lang)
    own = care(scope)
    rounds, days = own.rounds, own.days
    people = _chosen(plan.people, person)
    by_person: dict[str, list[Visit]] = {}
    for visit in visits_of(rounds, days):
        by_person.setdefault(visit.person, []).append(visit)
    files = {
        one.id: out_dir / f"{safe_stem(f'{one.id}_{one.name}')}.ics"
        for one in people if one.id in by_person
    }  # fmt: skip
    prepare(out_dir, files.values())
    made = []
    for one in people:
        if one.id in files:
            data = calendar(scope, by_person[one.id], library)
            write_atomic(files[one.id], data)
            made.append(Written(files[one.id].name, one.name, len(by_person[one.id])))
    shown = {one.id for one in people}
    missing = sum(sum(found.plan.unplaced) for found in rounds if found.person in shown)
    return Calendars(out_dir, tuple(made), missing, tuple(warnings))


def calendar(scope: Scope, visits: Sequence[Visit], library: Any) -> bytes:
    """The bytes of one calendar."""
    lang = scope.lang
    found = library.Calendar()
    found.add("prodid", "-//salesxl//visits//EN")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    stamp = datetime.combine(scope.as_of, time(), UTC)
    for visit in visits:
        customer = visit.customer
        event = library.Event()
        event.add("uid", uid(scope, visit))
        event.add("dtstamp", stamp)
        event.add("dtstart", visit.day)
        event.add("dtend", visit.day + timedelta(days=1))
        event.add("summary", text("visits.event", lang, name=customer.name))
        grade = customer.grade or care(scope).facts[customer.id].grade
        lines = [text("visits.event_turn", lang, turn=visit.turn, turns=visit.turns, grade=grade)]
        lines += [line for line in (customer.open_problem, customer.maintenance) if line]
        event.add("description", "\n".join(lines))
        event.add("transp", "TRANSPARENT")
        found.add_component(event)
    return bytes(found.to_ical())


def uid(scope: Scope, visit: Visit) -> str:
    """The same for the same visit of the same year, whenever and to whomever it is given."""
    settings = scope.plan.settings
    said = "\n".join((settings.company, str(settings.year), visit.customer.id, str(visit.turn)))
    return f"{hashlib.sha256(said.encode()).hexdigest()[:32]}@salesxl"


def _chosen(people: Sequence[Person], wanted: str) -> list[Person]:
    if not wanted:
        return list(people)
    said = wanted.strip().casefold()
    found = [one for one in people if one.id.casefold() == said]
    found = found or [one for one in people if one.name.casefold() == said]
    if len(found) != 1:
        key = "visits.person_ambiguous" if found else "visits.person_unknown"
        raise fail(key, "--person", value=wanted, ids=", ".join(one.id for one in found))
    return found


def _library() -> Any:
    try:
        return importlib.import_module("icalendar")
    except ImportError:
        raise fail("visits.no_library") from None
