"""What can go wrong, said once: what, where, what to do.

A `Problem` names a text in `salesxl/texts/*.toml` and the values that go into
it, so the same problem reads naturally in Chinese and English. Everything a
user can cause is a `Problem`; a traceback is always our bug.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from salesxl.texts import Lang, text


@dataclass(frozen=True)
class Problem:
    """One thing wrong with what the user gave.

    `code` is a key such as ``"plan.unknown_region"`` (file ``plan.toml``, entry
    ``unknown_region``); the text holds cause and remedy. `where` is the place as
    the user knows it: ``people!D7``, ``sales.csv row 12``; empty for a whole run.
    """

    code: str
    where: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    severity: Literal["error", "warning"] = "error"  # a warning never stops a run

    def say(self, lang: Lang) -> str:
        """The problem as one line: ``where: cause. Remedy.``"""
        message = text(self.code, lang, **self.values)
        return f"{self.where}: {message}" if self.where else message


class SalesxlError(Exception):
    """A run cannot go on; carries every problem found, never only the first."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("; ".join(problem.say("en") for problem in self.problems))


def fail(code: str, where: str = "", /, **values: object) -> SalesxlError:
    """The error for a single problem, to be raised by the caller."""
    return SalesxlError(Problem(code, where, values))
