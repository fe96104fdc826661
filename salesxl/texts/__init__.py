"""Every sentence the product says, in Chinese and English, as data.

One TOML file a room or sheet; one table an entry with the keys ``zh`` and
``en``; ``{name}`` marks a value. Code refers to an entry as ``"file.entry"``.
"""

from __future__ import annotations

import locale
import os
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, cast

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")


@cache
def _entries(name: str) -> dict[str, dict[str, str]]:
    source = files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return cast(dict[str, dict[str, str]], tomllib.loads(source))


def text(key: str, lang: Lang, /, **values: object) -> str:
    """The text of ``"file.entry"`` in `lang`, with `values` put in."""
    name, _, entry = key.partition(".")
    pattern = _entries(name)[entry][lang]
    return pattern.format(**values) if values else pattern


def entries(name: str) -> tuple[str, ...]:
    """The entry names of one text file, in the order written."""
    return tuple(_entries(name))


def locale_lang() -> Lang:
    """The user's language: Chinese for a zh locale, English where unknown."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    name = locale.getlocale()[0] or ""
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"
