"""Where the sample's people stand in their careers and how good they are at what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from salesxl.plan.model import Person, Skill, SkillLevel
from salesxl.sample.data import load

# Years in the firm from which a representative has reached a level of the usual ladder.
_STEPS = ((0, "R1"), (1, "R2"), (3, "R3"), (7, "R4"))
_LEVELS = {"": 1, "R1": 1, "R2": 2, "R3": 3, "R4": 4, "M1": 4, "M2": 4, "M3": 5}


def career_level(role: str, joined: date) -> str:
    """The level of the usual ladder; assistants have none."""
    if role == "manager":
        return "M2"
    if role != "rep":
        return ""
    last: date = load("company")["company"]["last_day"]
    years = (last - joined).days // 365
    return [level for least, level in _STEPS if years >= least][-1]


def skill_levels(people: Sequence[Person], skills: Sequence[Skill]) -> tuple[SkillLevel, ...]:
    """Each seller's skills, about what the level asks, some above and some below."""
    return tuple(
        SkillLevel(
            person=person.id,
            skill=skill.id,
            level=max(1, min(5, _LEVELS[person.career_level] + (3 * p + 5 * s) % 4 % 3 - 1)),
        )
        for p, person in enumerate(people)
        if person.career_level and person.left_date is None
        for s, skill in enumerate(skills)
    )
