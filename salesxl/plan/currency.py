"""Currencies by ISO 4217 code: decimals of the minor unit, symbol, names (currencies.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from salesxl.texts import Lang


@dataclass(frozen=True)
class Currency:
    code: str
    decimals: int
    symbol: str
    zh: str
    en: str

    def name(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


@cache
def currencies() -> dict[str, Currency]:
    """All known currencies, by code."""
    source = files(__package__).joinpath("currencies.toml").read_text(encoding="utf-8")
    return {code: Currency(code, **entry) for code, entry in tomllib.loads(source).items()}


def find_currency(written: str) -> Currency | None:
    """The currency a user means: by code, or by its zh or en name."""
    wanted = written.strip()
    by_code = currencies().get(wanted.upper())
    if by_code:
        return by_code
    names = (c for c in currencies().values() if wanted.casefold() in (c.zh, c.en.casefold()))
    return next(names, None)
