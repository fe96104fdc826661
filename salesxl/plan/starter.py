"""What a new plan starts with where no history can tell: roles, duties, courses, an example
commission plan … The rows are data in starter.toml, in both languages."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from importlib.resources import files
from typing import Any

from salesxl.plan.model import TABLE, MonthWeight, Plan, ProductLine, Region, Settings
from salesxl.plan.schema import Column
from salesxl.texts import Lang, text

TEMPLATE_YEAR = 2027  # of the template workbook alone; a real plan states its own


def starter(lang: Lang) -> dict[str, tuple[Any, ...]]:
    """Table name → rows in `lang`, ready to be put into a `Plan`."""
    source = files(__package__).joinpath("starter.toml").read_text(encoding="utf-8")
    return {
        name: tuple(_row(name, entry, lang) for entry in rows)
        for name, rows in tomllib.loads(source).items()
    }


def template_plan(lang: Lang) -> Plan:
    """The plan of the empty template: two regions, one product line, the starter rows."""
    regions = tuple(
        Region(id=f"R{n}", name=text(f"plan.template_region_{n}", lang), history_amount=100)
        for n in (1, 2)
    )
    line = ProductLine(id="P1", name=text("plan.template_product", lang), history_amount=100)
    rows: dict[str, Any] = dict(starter(lang))
    return Plan(
        settings=Settings(
            company=text("plan.template_company", lang),
            currency="CNY" if lang == "zh" else "USD",
            year=TEMPLATE_YEAR,
            annual_target_amount=1_200_000_00,
            rounding_unit_amount=100_00,
            language=lang,
        ),
        regions=regions,
        product_lines=(line,),
        month_weights=tuple(MonthWeight(month=m, weight=Decimal(1)) for m in range(1, 13)),
        **rows,
    )


def _row(table: str, entry: dict[str, Any], lang: Lang) -> Any:
    columns = {column.key: column for column in TABLE[table].columns}
    values = {key: _value(columns[key], value, lang) for key, value in entry.items()}
    return TABLE[table].row_type(**values)


def _value(column: Column, value: Any, lang: Lang) -> Any:
    if isinstance(value, list):
        return value[0 if lang == "zh" else 1]
    if column.kind in ("share", "number"):
        return Decimal(value)
    return value
