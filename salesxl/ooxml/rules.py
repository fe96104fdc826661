"""Conditional formats, validations and sparklines of a sheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from salesxl.sheets.content import Condition, Sheet, Validation, a1, quoted, span
from salesxl.sheets.styles import PALETTE

MAX_LIST = 255  # characters of a list typed into a validation
MAX_TITLE = 32
MAX_MESSAGE = 255

_KINDS = {
    "list": "list", "decimal": "decimal", "whole": "integer", "date": "date",
    "text_length": "length", "custom": "custom",
}  # fmt: skip


def add_conditions(sheet: Sheet, worksheet: Any, rule_format: Callable[[str], Any]) -> None:
    """In the sheet's order: fail, watch, pass, then decoration."""
    for condition in sheet.conditions:
        worksheet.conditional_format(*condition.area, _condition(condition, rule_format))


def _condition(condition: Condition, rule_format: Callable[[str], Any]) -> dict[str, Any]:
    if condition.kind == "formula":
        formula = condition.formula
        return {
            "type": "formula",
            "criteria": formula if formula.startswith("=") else f"={formula}",
            "format": rule_format(condition.style),
        }
    if condition.kind == "bar":
        options: dict[str, Any] = {
            "type": "data_bar", "data_bar_2010": True, "bar_solid": True,
            "bar_color": PALETTE["bar"], "min_type": "num", "min_value": 0,
            "bar_negative_color": PALETTE["negative_soft"],
        }  # fmt: skip
        if condition.maximum is not None:
            options |= {"max_type": "num", "max_value": condition.maximum}
        return options
    if condition.kind == "scale":
        return {
            "type": "3_color_scale",
            "min_type": "num", "min_value": 1, "min_color": PALETTE["negative_soft"],
            "mid_type": "num", "mid_value": 3, "mid_color": PALETTE["white"],
            "max_type": "num", "max_value": 5, "max_color": PALETTE["score_high"],
        }  # fmt: skip
    return {
        "type": "icon_set",
        "icon_style": "3_symbols_circled",
        "icons": [
            {"criteria": ">=", "type": "number", "value": condition.high},
            {"criteria": ">=", "type": "number", "value": condition.low},
        ],
    }


def add_validations(sheet: Sheet, worksheet: Any, renamed: Callable[[str], str]) -> None:
    for rule in sheet.validations:
        worksheet.data_validation(*rule.area, _validation(rule, renamed))


def _validation(rule: Validation, renamed: Callable[[str], str]) -> dict[str, Any]:
    options: dict[str, Any] = {
        "validate": _KINDS[rule.kind],
        "ignore_blank": rule.ignore_blank,
        "input_title": rule.prompt_title[:MAX_TITLE],
        "input_message": rule.prompt[:MAX_MESSAGE],
        "error_message": rule.error[:MAX_MESSAGE],
    }
    if rule.kind == "list":
        if rule.source:
            options["source"] = renamed(rule.source)
        elif len(",".join(rule.items)) > MAX_LIST:
            raise ValueError(f"a typed list holds {MAX_LIST} characters: {rule.items[:3]} …")
        else:
            options["source"] = list(rule.items)
        return options
    if rule.kind == "custom":
        return options | {"value": renamed(rule.formula)}
    low, high = _bound(rule.minimum), _bound(rule.maximum)
    if low is not None and high is not None:
        return options | {"criteria": "between", "minimum": low, "maximum": high}
    if high is not None:
        return options | {"criteria": "<=", "value": high}
    return options | {"criteria": ">=", "value": low if low is not None else _lowest(rule)}


def _bound(value: float | date | None) -> float | datetime | None:
    if isinstance(value, datetime) or not isinstance(value, date):
        return value
    return datetime(value.year, value.month, value.day)


def _lowest(rule: Validation) -> float | datetime:
    """The bound of a rule that only asks for the kind: a date, a number."""
    return datetime(1900, 1, 1) if rule.kind == "date" else -1e15


def add_sparklines(sheet: Sheet, worksheet: Any, title: str) -> None:
    """One group for each kind: a person restyles them together."""
    for kind in dict.fromkeys(line.kind for line in sheet.sparklines):
        lines = [line for line in sheet.sparklines if line.kind == kind]
        worksheet.add_sparkline(
            lines[0].row,
            lines[0].col,
            {
                "location": [a1(line.row, line.col) for line in lines],
                "range": [f"{quoted(title)}!{span(*line.values)}" for line in lines],
                "type": kind,
                "series_color": PALETTE["accent_mid"],
                "negative_points": True,
                "negative_color": PALETTE["negative"],
            },
        )
