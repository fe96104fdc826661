"""Ledger lines ↔ plan: which region, person, product line and customer each line is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesxl.errors import Problem
from salesxl.ledger.frame import Ledger, categorical
from salesxl.plan.model import Plan

KEYS = ("region_key", "person_key", "product_key", "customer_key")
NOT_STATED = "NONE"  # id of the region or product line for lines that name none
OTHER = "OTHER"  # id of the product line for products without a line of their own
_LISTED = 20

AMBIGUOUS = "\0"  # a name that several rows have


class _Named(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


def _fold(value: str) -> str:
    return " ".join(value.split()).casefold()


@dataclass(frozen=True)
class _Index:
    """Ids by id and by name, without regard to case and spaces."""

    ids: Mapping[str, str]
    names: Mapping[str, str]

    @classmethod
    def of(cls, rows: Sequence[_Named]) -> _Index:
        names: dict[str, str] = {}
        for row in rows:
            name = _fold(row.name)
            names[name] = AMBIGUOUS if name in names else row.id
        return cls({_fold(row.id): row.id for row in rows}, names)

    def by_id(self, value: str) -> str:
        return self.ids.get(_fold(value), "") if value else ""

    def by_name(self, value: str) -> str:
        return self.names.get(_fold(value), "") if value else ""

    def either(self, value: str) -> str:
        return self.by_id(value) or self.by_name(value)


def match(ledger: Ledger, plan: Plan) -> tuple[Ledger, tuple[Problem, ...]]:
    """The ledger with columns `region_key`, `person_key`, `product_key`, `customer_key`
    (ids of the plan, ``""`` = none), and what did not match, a problem each value.

    Lines without a person or a customer are no problem; a blank region or
    product is, unless the plan has a row for it.
    """
    frame = ledger.frame.copy(deep=False)
    problems: list[Problem] = []
    regions = _Index.of(plan.leaf_regions)
    lines = _Index.of(plan.product_lines)
    people = _Index.of(plan.people)
    customers = _Index.of(plan.customers)
    only_region = _only(plan.leaf_regions) if "region" not in ledger.present else ""
    no_product = not {"product", "category"} & ledger.present
    only_line = _only(plan.product_lines) if no_product else ""

    def region(values: tuple[str, ...]) -> str:
        return only_region or regions.either(values[0] or NOT_STATED)

    def product(values: tuple[str, ...]) -> str:
        category, name = values
        stated = lines.by_id(OTHER) if category or name else lines.by_id(NOT_STATED)
        return only_line or lines.either(category) or lines.either(name) or stated

    def by_id_then_name(index: _Index) -> Callable[[tuple[str, ...]], str]:
        return lambda values: index.by_id(values[0]) or index.by_name(values[1])

    tasks = (
        ("region", ("region",), region, True),
        ("person", ("person_id", "person"), by_id_then_name(people), False),
        ("product", ("category", "product"), product, True),
        ("customer", ("customer_id", "customer"), by_id_then_name(customers), False),
    )
    for kind, columns, find, needed in tasks:
        codes, values = combine(frame, columns)
        keys = [find(value) for value in values]
        lost = [
            i for i, key in enumerate(keys)
            if key in ("", AMBIGUOUS) and (needed or any(values[i]))
        ]  # fmt: skip
        if lost:
            problems.extend(_problems(kind, lost, codes, values, keys, frame, ledger.decimals))
        clean = ["" if key == AMBIGUOUS else key for key in keys]
        categories = list(dict.fromkeys(clean)) or [""]
        position = {key: i for i, key in enumerate(categories)}
        again = np.array([position[key] for key in clean], np.int64)
        frame[f"{kind}_key"] = categorical(again[codes], categories)
    return replace(ledger, frame=frame), tuple(problems)


def _only(rows: Sequence[_Named]) -> str:
    return rows[0].id if len(rows) == 1 else ""


def combine(
    frame: pd.DataFrame, columns: Sequence[str]
) -> tuple[npt.NDArray[np.int64], list[tuple[str, ...]]]:
    """Codes and the distinct combinations of text columns, in order of appearance."""
    joint = np.zeros(len(frame), np.int64)
    for name in columns:
        joint = joint * len(frame[name].cat.categories) + frame[name].cat.codes.to_numpy(np.int64)
    codes, unique = pd.factorize(joint)
    values: list[list[str]] = [[] for _ in unique]
    rest = np.asarray(unique)
    for name in reversed(columns):
        categories = [str(c) for c in frame[name].cat.categories]
        rest, part = np.divmod(rest, len(categories))
        for row, code in zip(values, part.tolist(), strict=True):
            row.insert(0, categories[code])
    return codes.astype(np.int64), [tuple(row) for row in values]


def _problems(
    kind: str, lost: Sequence[int], codes: npt.NDArray[np.int64],
    values: Sequence[tuple[str, ...]], keys: Sequence[str], frame: pd.DataFrame, decimals: int,
) -> list[Problem]:  # fmt: skip
    counts = np.bincount(codes, minlength=len(values))
    sums = np.zeros(len(values), np.int64)
    np.add.at(sums, codes, frame["amount"].to_numpy(np.int64))
    source = str(frame["source"].iloc[0]) if len(frame["source"].cat.categories) == 1 else ""

    def money(amount: int) -> str:
        return f"{Decimal(amount).scaleb(-decimals):,.{decimals}f}"

    ordered = sorted(lost, key=lambda i: -abs(int(sums[i])))
    problems = []
    for i in ordered[:_LISTED]:
        ambiguous = keys[i] == AMBIGUOUS and kind in ("person", "customer")
        code = f"ledger.{'ambiguous' if ambiguous else 'unknown'}_{kind}"
        label = " / ".join(dict.fromkeys(v for v in values[i] if v)) or "–"
        found = {"value": label, "lines": int(counts[i]), "amount": money(int(sums[i]))}
        problems.append(Problem(code, source, found))
    more = ordered[_LISTED:]
    if more:
        found = {
            "count": len(more), "lines": int(sum(counts[i] for i in more)),
            "amount": money(int(sum(sums[i] for i in more))),
        }  # fmt: skip
        problems.append(Problem(f"ledger.more_unknown_{kind}", source, found))
    return problems
