"""Which header of a file holds which field of a ledger line.

>>> recognise(["订单日期", "金额(元)", "备注"]).columns
{'date': 0, 'amount': 1}
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache

from salesxl.ledger.frame import TEXT_COLUMNS
from salesxl.ledger.words import data, squash

REQUIRED = ("date", "amount")
NUMBER_FIELDS = ("amount", "cost", "margin", "collected", "quantity")
FIELDS = (
    "date", "amount", "cost", "margin", "collected", "quantity", "product", "category",
    "customer", "customer_id", "customer_source", "channel", "region", "person", "person_id",
    "person_role", "order_id", "return", "currency",
)  # fmt: skip
TEXT_FIELDS = TEXT_COLUMNS


@dataclass(frozen=True)
class Recognition:
    """What the headers of one table mean. Numbers are header positions, from 0."""

    columns: dict[str, int]
    unclear: dict[str, tuple[int, ...]] = field(default_factory=dict)  # several fit, none decides
    decided: dict[str, tuple[int, ...]] = field(default_factory=dict)  # others that fitted as well
    missing: dict[str, str] = field(default_factory=dict)  # header the mapping names, not here

    @property
    def is_ledger(self) -> bool:
        """Whether date and amount are among the headers, clear or not."""
        found = self.columns.keys() | self.unclear.keys()
        return all(name in found for name in REQUIRED)


@cache
def _synonyms() -> dict[str, tuple[str, bool]]:
    """squashed header → (field, is it a first choice)."""
    found: dict[str, tuple[str, bool]] = {}
    for name, entry in data("columns.toml").items():
        for header in entry["also"]:
            found[squash(header)] = (name, False)
        for header in entry["first"]:
            found[squash(header)] = (name, True)
    return found


def label_headers(cells: Sequence[str]) -> tuple[str, ...]:
    """Header texts made unique: the second ``金额`` is called ``金额 (2)``."""
    seen: dict[str, int] = {}
    labels = []
    for cell in cells:
        name = " ".join(cell.split())
        seen[name] = seen.get(name, 0) + 1
        labels.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return tuple(labels)


def find_header(headers: Sequence[str], wanted: str) -> int | None:
    """The position of the header `wanted`: exactly, else but for case, width and spaces."""
    labels = label_headers(headers)
    name = " ".join(wanted.split())
    if name in labels:
        return labels.index(name)
    alike = [i for i, header in enumerate(labels) if squash(header) == squash(name)]
    return alike[0] if len(alike) == 1 else None


def recognise(
    headers: Sequence[str],
    named: MappingOf[str, str] | None = None,
    *,
    elsewhere: AbstractSet[str] = frozenset(),
) -> Recognition:
    """The fields of `headers`: first as `named` (field → header, "" = not used), then by synonym.

    A field in `elsewhere` (a lookup or a constant gives it) is taken only if named.
    """
    named = named or {}
    columns: dict[str, int] = {}
    missing: dict[str, str] = {}
    for name, header in named.items():
        if header:
            position = find_header(headers, header)
            if position is None:
                missing[name] = header
            else:
                columns[name] = position
    taken = set(columns.values())
    fits: dict[str, list[tuple[int, bool]]] = {}
    for position, header in enumerate(headers):
        known = _synonyms().get(squash(header))
        if known and position not in taken and known[0] not in named and known[0] not in elsewhere:
            fits.setdefault(known[0], []).append((position, known[1]))
    unclear: dict[str, tuple[int, ...]] = {}
    decided: dict[str, tuple[int, ...]] = {}
    for name, candidates in fits.items():
        firsts = [position for position, first in candidates if first]
        if len(candidates) == 1:
            columns[name] = candidates[0][0]
        elif len(firsts) == 1:
            columns[name] = firsts[0]
            decided[name] = tuple(p for p, _ in candidates if p != firsts[0])
        else:
            unclear[name] = tuple(p for p, _ in candidates)
    ordered = {name: columns[name] for name in FIELDS if name in columns}
    return Recognition(ordered, unclear, decided, missing)
