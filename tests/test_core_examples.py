"""Every example in tests/examples, through the rule itself and through the shell's JSON."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from salesxl.catalog import RULES, find
from salesxl.catalog.wire import answer, read_json, say, write_json
from salesxl.core.error import RuleError

FOLDER = Path(__file__).parent / "examples"
EXAMPLES = [
    pytest.param(path.stem, example, id=f"{path.stem}: {example['en']}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for example in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def as_written(value: Any) -> Any:
    """An expected value with its numbers as decimals, as JSON numbers are read."""
    if isinstance(value, list):
        return [as_written(item) for item in value]
    return Decimal(str(value)) if isinstance(value, int | float) else value


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_example(name: str, example: dict[str, Any]) -> None:
    rule = find(name)
    assert rule is not None
    line = json.dumps({"function": name, "input": example["input"]})
    reply = read_json(answer(line, "en"))
    if "error" in example:
        with pytest.raises(RuleError) as caught:
            rule(example["input"])
        assert caught.value.code == example["error"] == reply["code"]
        assert say(caught.value, "zh") != say(caught.value, "en")
        assert reply["error"].endswith(say(caught.value, "en"))
    else:
        expected = as_written(example["output"])
        assert as_written(read_json(write_json(rule(example["input"])))) == expected
        assert as_written(reply["output"]) == expected


def test_every_rule_has_examples_in_both_languages() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == {rule.name for rule in RULES}
    for parameter in EXAMPLES:
        _, example = parameter.values
        assert example["zh"] and example["en"]
        assert ("output" in example) != ("error" in example)


def test_every_declared_error_has_an_example() -> None:
    shown: dict[str, set[str]] = {}
    for parameter in EXAMPLES:
        name, example = parameter.values
        shown.setdefault(str(name), set()).add(example.get("error", ""))
    everywhere = set().union(*shown.values())
    for rule in RULES:
        assert set(rule.errors) <= everywhere, rule.name
