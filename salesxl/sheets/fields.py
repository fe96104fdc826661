"""A column of a list: its title, what it shows, what may be typed into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from salesxl.plan.model import TABLE
from salesxl.sheets.content import Look, Scalar, Validation, Value
from salesxl.sheets.scope import Scope
from salesxl.sheets.styles import FORMATS
from salesxl.texts import Lang, text

Row = Mapping[str, Value]
_FORMATS = {"money": "money", "share": "percent", "date": "date", "int": "int", "number": "score"}
FIGURES = ("money", "share", "number", "int")

_FIRST_DAY, _LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True, kw_only=True)
class Field:
    """A column of a list. `width` in characters, for a block shared by `span` columns."""

    key: str
    title: str
    kind: str = "text"  # a kind of the plan's schema; "code" and "status" are centred texts
    width: float = 12
    span: int = 1
    edit: bool = False
    fmt: str = ""
    formula: str = ""  # structured, with its value in the rows
    blank: Scalar = None  # what a spare row holds here
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    prompt: str = ""
    extras: tuple[str, ...] = ()
    derived: bool = False  # a value this program finds: never typed, not even in a spare row

    @property
    def look(self) -> Look:
        fmt = self.fmt or _FORMATS.get(self.kind, "")
        centred = ("center",) if self.kind in ("choice", "code", "status", "date") else ()
        if fmt and fmt not in FORMATS and self.kind in FIGURES and "center" not in self.extras:
            centred = ("right",)  # a format of its own has no side yet
        wrap = ("wrap",) if self.kind in ("text", "ref", "id", "choice", "code", "status") else ()
        return Look("input" if self.edit else "cell", fmt, (*centred, *wrap, *self.extras))


def planned(
    table: str, key: str, lang: Lang, width: float, *, edit: bool = False, title: str = "",
    span: int = 1, fmt: str = "", prompt: str = "",
) -> Field:  # fmt: skip
    """The plan's column `table.key` as a field: its title, kind, choices and limits."""
    column = next(c for c in TABLE[table].columns if c.key == key)
    return Field(
        key=key,
        title=title or column.title(lang),
        kind=column.kind,
        width=width,
        span=span,
        edit=edit,
        fmt=fmt,
        choices=tuple(column.label(choice, lang) for choice in column.choices),
        minimum=column.minimum,
        maximum=column.maximum,
        prompt=prompt,
    )


def calculated(
    key: str, title: str, kind: str, width: float, formula: str, blank: Scalar, fmt: str = ""
) -> Field:
    """A column with a structured formula; `blank` is its value in a spare row."""
    return Field(
        key=key, title=title, kind=kind, width=width, formula=formula, blank=blank, fmt=fmt,
        derived=True,
    )  # fmt: skip


def editable(fields: Iterable[Field]) -> list[Field]:
    """The same fields, every one without a formula open for input: for an empty list."""
    return [
        field if field.formula or field.derived else replace(field, edit=True) for field in fields
    ]


def this(table: str, title: str) -> str:
    """``table[[#This Row],[title]]``."""
    return f"{table}[[#This Row],[{title}]]"


def label(table: str, key: str, choice: str, lang: Lang) -> str:
    """How the plan's choice is written; "" for none."""
    column = next(c for c in TABLE[table].columns if c.key == key)
    return column.label(choice, lang) if choice else ""


def choose_from(field: Field, items: Iterable[str]) -> Field:
    """The field with a drop-down of `items`, where such a list can be written in a cell rule."""
    unique = tuple(dict.fromkeys(item for item in items if item))
    if not unique or any("," in item or '"' in item for item in unique):
        return field
    return replace(field, choices=unique) if len(",".join(unique)) <= 250 else field


def region_field(scope: Scope, table: str, width: float, edit: bool = False) -> list[Field]:
    """The region column, in the head office's workbook alone."""
    if not scope.is_head_office:
        return []
    return [planned(table, "region", scope.lang, width, edit=edit)]


def rule_of(field: Field, area: tuple[int, int, int, int], lang: Lang) -> Validation | None:
    """What the field accepts, with a prompt; plain text gets one only when it has a prompt."""
    title = field.title[:32]
    if field.choices:
        said = text("lists.choose", lang)
        return Validation(
            area, "list", items=field.choices, prompt_title=title, prompt=field.prompt or said,
            error=said,
        )  # fmt: skip
    if field.kind == "date":
        said = text("lists.date", lang)
        return Validation(
            area, "date", minimum=_FIRST_DAY, maximum=_LAST_DAY, prompt_title=title,
            prompt=field.prompt or said, error=said,
        )  # fmt: skip
    if field.kind in FIGURES:
        low = 0.0 if field.minimum is None else field.minimum
        top = field.maximum
        high = 1e12 if top is None else top
        whole = field.kind == "int"
        if field.kind == "share":
            said = text("lists.share", lang)
            high = 1.0 if top is None else top
        elif top is None:
            said = text("lists.from_zero", lang)
        else:
            said = text("lists.between", lang, low=f"{low:g}", high=f"{high:g}")
        return Validation(
            area, "whole" if whole else "decimal", minimum=low, maximum=high, prompt_title=title,
            prompt=field.prompt or said, error=said,
        )  # fmt: skip
    if field.prompt:
        return Validation(
            area, "text_length", minimum=0, maximum=1000, prompt_title=title, prompt=field.prompt,
            error=text("lists.long", lang),
        )  # fmt: skip
    return None
