"""A mapping file in memory: which header holds which field, and how the file is written."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from pathlib import Path

from salesxl.ledger.dates import Order
from salesxl.ledger.money import Mark


@dataclass(frozen=True)
class Format:
    """How the file is written, as far as it is not to be found out."""

    delimiter: str | None = None
    encoding: str | None = None
    date_order: Order | None = None
    sheet: str | None = None
    header_row: int | None = None  # as the user counts: the first row is 1
    decimal: Mark | None = None


@dataclass(frozen=True)
class Lookup:
    """A table beside the ledger: ledger column `source` finds `key`, giving `columns`."""

    name: str
    file: Path
    key: str
    source: str
    columns: MappingOf[str, str]


@dataclass(frozen=True)
class Mapping:
    """A mapping file's contents. `headers` and `candidates` are what `propose` saw."""

    columns: MappingOf[str, str] = field(default_factory=dict)
    format: Format = field(default_factory=Format)
    lookups: tuple[Lookup, ...] = ()
    return_values: tuple[str, ...] = ()
    constants: MappingOf[str, str] = field(default_factory=dict)
    headers: tuple[str, ...] = ()
    candidates: MappingOf[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def given_elsewhere(self) -> frozenset[str]:
        """Fields that lookups or constants give."""
        return frozenset(self.constants) | {
            name for lookup in self.lookups for name in lookup.columns
        }
