"""Words a user must choose from: named, never guessed.

>>> read_choice("全额累进", "kind", BAND_KINDS)
'whole'
>>> read_choice(None, "kind", BAND_KINDS) is None
True

A missing word comes back as None: the rule that needs it refuses and says what
each reading would pay. "8 % above 500,000" is 40,000 more on a million under one
reading and 80,000 under the other; no default can know which was meant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from salesxl.core.error import RuleError

# The rule's own word → other words people write for it.
Words = Mapping[str, Sequence[str]]

BAND_KINDS: Words = {
    "marginal": ("超额累进", "progressive", "incremental"),
    "whole": ("全额累进", "whole_amount", "whole amount", "retroactive"),
}
_HYBRID = ("hybrid", "mixed", "marginal+whole", "混合", "混合累进")
_YES = ("true", "yes", "y", "是", "1")
_NO = ("false", "no", "n", "否", "0")


def read_choice(value: object, argument: str, words: Words) -> str | None:
    """The rule's own word for `value`; None where nothing was named."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    said = str(value).strip().casefold()
    for word, others in words.items():
        if said == word or said in others:
            return word
    raise RuleError("choice_unknown", argument=argument, value=value, choices=", ".join(words))


def is_hybrid(value: object) -> bool:
    """Whether `value` asks for full bands below and the reached rate on the whole amount."""
    return isinstance(value, str) and value.strip().casefold() in _HYBRID


def read_flag(value: object, argument: str) -> bool | None:
    """True or False, as a word, a number or a truth value; None where nothing was named."""
    if isinstance(value, bool):
        return value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, Decimal) and value == value.to_integral_value():
        value = int(value)
    said = str(value).strip().casefold()
    if said in _YES or said in _NO:
        return said in _YES
    raise RuleError("choice_unknown", argument=argument, value=value, choices="true, false")
