"""The sample company's data files, read once, and its texts in one language."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from salesxl.texts import Lang

Row = dict[str, Any]


@cache
def load(name: str) -> Row:
    """``company`` or ``plan``: one TOML file of this folder."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def said(value: Any, lang: Lang) -> str:
    """The text in `lang` of ``{zh, en}`` or ``[zh, en]``; a plain text is the same in both."""
    if isinstance(value, dict):
        return str(value[lang])
    if isinstance(value, (list, tuple)):
        return str(value[0 if lang == "zh" else 1])
    return str(value)
