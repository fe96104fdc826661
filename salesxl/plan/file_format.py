"""The page docs/file-format.md, made from the declarations of tables and settings."""

from __future__ import annotations

from salesxl.plan.model import TABLES
from salesxl.plan.schema import Column, Table
from salesxl.plan.settings import ITEMS
from salesxl.texts import entries, text

_HEAD = """\
# The plan workbook

<!-- Made by scripts/generate.py from salesxl/plan/model.py; do not edit. -->

A plan is one `.xlsx` file of named Excel tables. A table is found by its name, a column by
its Chinese title, its English title or its key; case, spaces and full-width forms do not
matter. Columns may stand in any order and other columns may be added; they are not read.
Blank rows are skipped, rows typed directly beneath a table are read, a totals row is not.
In a file that lost its tables (Google Sheets) the header row is looked for instead.

| kind | what a cell may hold |
|---|---|
| text | anything |
| id | what identifies the row; a number 1001 is the text "1001" |
| ref | an ID of the table named, or a name that stands there for one ID only |
| money | amount in the plan's currency: `1234.5`, `￥1,234.50`, `1.2万`, `(350.00)` |
| number | any number |
| share | a percentage: `8%` or 0.08 |
| int | a whole number |
| date | a date cell, `2026-03-05`, `2026/3/5`, `2026.3.5`, `2026年3月5日` |
| choice | one of the choices: key, Chinese or English label |

Tables every plan needs: `settings`, `regions`, `product_lines`, `month_weights`.
"""


def file_format() -> str:
    """The whole page."""
    parts = [_HEAD, *(_table(table) for table in TABLES)]
    parts.insert(2, _items())
    return "\n".join(parts)


def _table(table: Table) -> str:
    lines = [
        f"## `{table.name}`: {table.en} · {table.zh}",
        "",
        text(f"plan_tables.{table.name}", "en") + ".",
        "",
        "| column | key | kind | needed | limits | meaning |",
        "|---|---|---|---|---|---|",
    ]
    for column in table.columns:
        lines.append(
            f"| {column.en} · {column.zh} | `{column.key}` | {_kind(column)} "
            f"| {'yes' if column.required else ''} | {_limits(column)} "
            f"| {_meaning(f'{table.name}.{column.key}')} |"
        )
    return "\n".join([*lines, ""])


def _items() -> str:
    lines = [
        "The items of `settings`, one a row:",
        "",
        "| item | key | kind | needed | limits | meaning |",
        "|---|---|---|---|---|---|",
    ]
    for item in ITEMS:
        lines.append(
            f"| {item.en} · {item.zh} | `{item.key}` | {_kind(item)} "
            f"| {'yes' if item.required else ''} | {_limits(item)} | {item.help_en} |"
        )
    return "\n".join([*lines, ""])


def _kind(column: Column) -> str:
    return f"ref → `{column.ref}`" if column.kind == "ref" else column.kind


def _limits(column: Column) -> str:
    parts: list[str] = []
    if column.unique:
        parts.append("once only")
    if column.minimum is not None:
        parts.append(f"≥ {column.minimum:g}")
    if column.maximum is not None:
        parts.append(f"≤ {column.maximum:g}")
    parts.extend(f"`{key}` {en} · {zh}" for key, (zh, en) in column.choices.items())
    return ", ".join(parts)


def _meaning(key: str) -> str:
    return text(f"plan_columns.{key}", "en") if key in entries("plan_columns") else ""
