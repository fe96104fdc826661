"""The catalogue's worked examples, as they ship: what goes in, and what must come out.

>>> examples()[0].rule
'ATTAINMENT'

They are written and worked out by hand in ``tests/examples/*.yaml``;
``scripts/generate.py`` copies them into ``examples.jsonl``, one a line, so that an
installed salesxl can test itself wherever it runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from salesxl.catalog import find
from salesxl.catalog.wire import read_json, write_json
from salesxl.core.error import RuleError
from salesxl.texts import Lang

FILE: Final = "examples.jsonl"


@dataclass(frozen=True)
class Example:
    """One example. It has an `output`, or the code of the `error` the rule must refuse with."""

    rule: str
    zh: str
    en: str
    input: Mapping[str, Any]
    output: Any = None
    error: str = ""

    def title(self, lang: Lang) -> str:
        """What it shows, in the reader's language."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True)
class Outcome:
    """An example and what came of it, both sides as one line of JSON."""

    example: Example
    expected: str
    got: str

    @property
    def passed(self) -> bool:
        return self.expected == self.got


@cache
def examples() -> tuple[Example, ...]:
    """All examples, by rule name; numbers are exact."""
    lines = files(__package__).joinpath(FILE).read_text(encoding="utf-8").splitlines()
    return tuple(Example(**read_json(line)) for line in lines)


def try_in_core(example: Example) -> Outcome:
    """The rule's own answer beside the one worked out by hand."""
    rule = find(example.rule)
    if rule is None:
        return Outcome(example, example.rule, "")
    expected = f"! {example.error}" if example.error else write_json(example.output)
    try:
        got = write_json(rule(example.input))
    except RuleError as error:
        got = f"! {error.code}"
    except Exception as error:  # our bug; the others are still tried
        got = f"! {type(error).__name__}: {error}"
    return Outcome(example, expected, got)
