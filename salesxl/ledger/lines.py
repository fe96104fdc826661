"""One recognised table → ledger lines: each distinct value read once, then spread over rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pandas as pd

from salesxl.errors import Problem, SalesxlError
from salesxl.ledger.columns import NUMBER_FIELDS, Recognition
from salesxl.ledger.dates import Dates, read_dates
from salesxl.ledger.frame import COLUMNS, TEXT_COLUMNS, Skipped, categorical
from salesxl.ledger.lookup import LookupTable, as_text, text_column
from salesxl.ledger.mapping_model import Mapping
from salesxl.ledger.money import Amounts, Mark, decide_mark, evidence, minor_units
from salesxl.ledger.table import Codes, RawColumn, RawTable
from salesxl.ledger.words import squash, total_kind, word_set

Flags = npt.NDArray[np.bool_]
Texts = dict[str, "pd.Categorical[str]"]
_QUANTITY_PLACES = 6


@dataclass
class Lines:
    """The lines of one file, and what was done to them."""

    frame: pd.DataFrame
    place: str
    present: frozenset[str]
    residue: Decimal = Decimal(0)  # raw − rounded, over the lines kept
    rounded: int = 0
    skipped: tuple[Skipped, ...] = ()
    totals: tuple[Skipped, ...] = ()
    notices: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class _Number:
    """A column of numbers, spread over the rows."""

    raw: RawColumn
    parsed: Amounts
    minor: Codes
    blank: Flags
    bad: Flags


class _Reader:
    def __init__(
        self, table: RawTable, recognition: Recognition, mapping: Mapping,
        lookups: Sequence[LookupTable], decimals: int,
    ) -> None:  # fmt: skip
        self.table, self.recognition, self.mapping = table, recognition, mapping
        self.lookups, self.decimals = lookups, decimals
        self.place = table.place or table.name
        self.count = len(table.rows)
        self.problems: list[Problem] = []
        self.notices: list[Problem] = list(table.notices)
        self.reasons: list[tuple[Flags, str, RawColumn | None]] = []

    def column(self, name: str) -> RawColumn | None:
        position = self.recognition.columns.get(name)
        return None if position is None else self.table.columns[position]

    def add(self, code: str, **values: object) -> None:
        self.problems.append(Problem(code, self.place, values))

    def say(self, code: str, **values: object) -> None:
        self.notices.append(Problem(code, self.place, values))

    def header(self, name: str) -> str:
        return self.table.headers[self.recognition.columns[name]]

    # -- columns ------------------------------------------------------------------------

    def dates(self, column: RawColumn) -> Dates:
        order = self.mapping.format.date_order
        read = read_dates(column.values, order, mac_epoch=self.table.mac_epoch)
        if read.unclear:
            orders = " / ".join(f'"{name}"' for name in read.unclear)
            values = {"header": self.header("date"), "orders": orders, "value": read.example}
            self.add("ledger.date_order", **values)
        elif read.order and not order:
            self.say("ledger.date_order_used", order=read.order, header=self.header("date"))
        return read

    def number(self, name: str, places: int) -> _Number | None:
        column = self.column(name)
        if column is None:
            return None
        counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.values))
        mark: Mark | None = self.mapping.format.decimal
        if mark is None:
            mark = decide_mark(column.values, counts.tolist())
            if mark is None:
                example = next(
                    v for v in column.values if isinstance(v, str) and evidence(v) == "?"
                )
                self.add("ledger.decimal_unclear", header=self.header(name), value=example)
                mark = "."
            elif mark == ",":
                self.say("ledger.decimal_comma", header=self.header(name))
        parsed = minor_units(column.values, places, mark)
        bad = [i in parsed.reason for i in range(len(column.values))] if parsed.reason else None
        none = np.zeros(self.count, np.bool_)
        return _Number(
            column, parsed, np.append(parsed.minor, 0)[column.codes],
            column.spread(parsed.blank, True), none if bad is None else column.spread(bad, False),
        )  # fmt: skip

    def returns(self) -> Flags | None:
        """Rows that the marker column says are returns."""
        column = self.column("return")
        if column is None:
            return None
        codes, texts = text_column(column)
        given = frozenset(squash(value) for value in self.mapping.return_values)
        yes = given or word_set("return", "yes")
        flags = np.array([squash(value) in yes for value in texts], np.bool_)
        if not given:
            known = word_set("return", "no")
            unknown = [v for v, flag in zip(texts, flags, strict=True)
                       if not flag and squash(v) not in known]  # fmt: skip
            if unknown:
                values = " · ".join(unknown[:10])
                self.add("ledger.unknown_marker", header=self.header("return"), values=values)
        return np.asarray(flags[codes], np.bool_)

    def texts(self, keep: Flags) -> Texts:
        """Every text field of the kept rows: own column, lookup or constant."""
        made: Texts = {}
        for name in TEXT_COLUMNS:
            column = self.column(name)
            if column is not None:
                codes, values = text_column(column)
                made[name] = _categorical(codes[keep], values)
        for lookup in self.lookups:
            self._look_up(lookup, keep, made)
        size = int(keep.sum())
        for name in TEXT_COLUMNS:
            if name not in made:
                value = self.mapping.constants.get(name, "")
                made[name] = _categorical(np.zeros(size, np.int64), [value])
        return made

    def _look_up(self, lookup: LookupTable, keep: Flags, made: Texts) -> None:
        position = next(
            (
                i
                for i, h in enumerate(self.table.headers)
                if squash(h) == squash(lookup.lookup.source)
            ),
            None,
        )
        if position is None:
            listed = " · ".join(h for h in self.table.headers if h)
            values = {"header": lookup.lookup.source, "headers": listed}
            self.add("ledger.lookup_no_source", name=lookup.lookup.name, **values)
            return
        codes, keys = text_column(self.table.columns[position])
        codes = codes[keep]
        for name in lookup.fields:
            made[name] = _categorical(codes, lookup.apply(keys, name))
        unknown = set(lookup.unknown(keys))
        if unknown:
            lines = int(np.array([key in unknown for key in keys])[codes].sum())
            if lines:
                listed = " · ".join(sorted(unknown)[:10])
                file, header = lookup.lookup.file.name, lookup.lookup.source
                self.say(
                    "ledger.lookup_unknown", file=file, header=header, lines=lines, keys=listed
                )

    # -- rows ---------------------------------------------------------------------------

    def total_rows(self, dates: Dates, date: RawColumn, amount: _Number) -> Flags:
        """Rows that sum up others: by a word in a cell, or the last row by its amount."""
        numbers = {self.recognition.columns.get(name) for name in NUMBER_FIELDS}
        no_date = np.isnat(np.append(dates.day, np.datetime64("NaT", "s"))[date.codes])
        total = np.zeros(self.count, np.bool_)
        for position, column in enumerate(self.table.columns):
            if position in numbers:
                continue
            kinds = [total_kind(v) if isinstance(v, str) else "" for v in column.values]
            if any(kinds):
                total |= column.spread([kind == "always" for kind in kinds], False)
                total |= column.spread([bool(kind) for kind in kinds], False) & no_date
        last = self.count - 1
        if last > 0 and not total[last] and bool(no_date[last]) and not amount.bad[last]:
            blank = date.blank[last]
            lines = ~total
            lines[last] = False
            whole = int(amount.minor[lines].sum())
            total[last] = blank and not amount.blank[last] and amount.minor[last] == whole
        return total

    def notes_below(self, no_date: Flags, amount: _Number, total: Flags) -> Flags:
        """Rows under the last line or total that hold neither date nor amount."""
        empty = no_date & (amount.blank | amount.bad) & ~total
        solid = np.flatnonzero(~empty)
        notes = np.zeros(self.count, np.bool_)
        notes[(int(solid[-1]) + 1 if len(solid) else self.count) :] = True
        return notes

    def mark_bad(self, flags: Flags, reason: str, column: RawColumn | None) -> None:
        if flags.any():
            self.reasons.append((flags, reason, column))

    def mark_number(self, number: _Number | None, name: str) -> None:
        if number is None:
            return
        for reason in sorted(set(number.parsed.reason.values())):
            hit = [number.parsed.reason.get(i) == reason for i in range(len(number.raw.values))]
            key = reason if name == "amount" else reason.replace("_amount", "_number")
            self.mark_bad(number.raw.spread(hit, False), key, number.raw)

    def bad_rows(self, apart: Flags, amount: _Number) -> tuple[Flags, tuple[Skipped, ...]]:
        """All rows that can't be read, each with its first cause."""
        bad = np.zeros(self.count, np.bool_)
        found: dict[int, Skipped] = {}
        for flags, reason, column in self.reasons:
            for index in np.flatnonzero(flags & ~apart & ~bad):
                found[int(index)] = self.skip(int(index), reason, column, amount)
            bad |= flags & ~apart
        return bad, tuple(found[index] for index in sorted(found))

    def skip(self, index: int, reason: str, column: RawColumn | None, amount: _Number) -> Skipped:
        value = ""
        if column is not None and column.codes[index] >= 0:
            value = as_text(column.values[column.codes[index]])
        readable = not (amount.bad[index] or amount.blank[index])
        money = Decimal(int(amount.minor[index])).scaleb(-self.decimals) if readable else None
        return Skipped(self.place, int(self.table.rows[index]), reason, value[:60], money)

    # -- together -----------------------------------------------------------------------

    def read(self) -> Lines:
        date, amount = self.column("date"), self.number("amount", self.decimals)
        assert date is not None and amount is not None
        dates = self.dates(date)
        others = {
            name: self.number(name, self.decimals) for name in ("cost", "margin", "collected")
        }
        quantity = self.number("quantity", _QUANTITY_PLACES)
        returned = self.returns()
        day = np.append(dates.day, np.datetime64("NaT", "s"))[date.codes]
        no_date = np.isnat(day)
        total = self.total_rows(dates, date, amount)
        notes = self.notes_below(no_date, amount, total)
        if notes.any():
            self.say("ledger.notes_left_out", count=int(notes.sum()))
        self.mark_bad(self.table.overlong, "ledger.too_many_cells", None)
        blank_date = date.blank
        self.mark_bad(no_date & blank_date, "ledger.no_date", date)
        self.mark_bad(no_date & ~blank_date, "ledger.bad_date", date)
        self.mark_bad(amount.blank, "ledger.no_amount", amount.raw)
        self.mark_number(amount, "amount")
        for name, number in (*others.items(), ("quantity", quantity)):
            self.mark_number(number, name)
        bad, skipped = self.bad_rows(total | notes, amount)
        keep = ~(bad | total | notes)
        texts = self.texts(keep)
        if self.problems:
            raise SalesxlError(self.problems)
        sums = np.flatnonzero(total)
        totals = tuple(self._total(int(i), amount) for i in sums)
        lines = Lines(pd.DataFrame(), self.place, self._present(), skipped=skipped, totals=totals)
        turned = self._turned(returned, amount, keep)
        lines.frame = self._frame(keep, day, amount, others, quantity, returned, turned, texts)
        lines.residue, lines.rounded = self._residue(amount, keep, turned)
        self._tell_columns()
        lines.notices = self.notices
        return lines

    def _total(self, index: int, amount: _Number) -> Skipped:
        label = next(
            (c for c in self.table.columns if c.codes[index] >= 0
             and isinstance(v := c.values[c.codes[index]], str) and total_kind(v)), None,
        )  # fmt: skip
        return self.skip(index, "ledger.total_row", label, amount)

    def _present(self) -> frozenset[str]:
        found = set(self.recognition.columns) | self.mapping.given_elsewhere
        if "margin" in found:
            found = found - {"margin"} | {"cost"}
        return frozenset(found)

    def _turned(self, returned: Flags | None, amount: _Number, keep: Flags) -> Flags:
        """Rows marked as returns whose amount is positive: their sign is turned."""
        if returned is None:
            return np.zeros(self.count, np.bool_)
        turned = np.asarray(returned & (amount.minor > 0), np.bool_)
        if (turned & keep).any():
            self.say("ledger.returns_turned", count=int((turned & keep).sum()))
        return turned

    def _frame(
        self, keep: Flags, day: npt.NDArray[np.datetime64], amount: _Number,
        others: dict[str, _Number | None], quantity: _Number | None, returned: Flags | None,
        turned: Flags, texts: Texts,
    ) -> pd.DataFrame:  # fmt: skip
        sign = np.where(turned, -1, 1)[keep]
        net = amount.minor[keep] * sign
        money = {name: _money(number, keep, sign) for name, number in others.items()}
        cost, margin = money["cost"], money["margin"]
        if others["cost"] is None and others["margin"] is not None:
            cost = _less(net, margin)
            self.say("ledger.cost_from_margin", header=self.header("margin"))
        elif others["cost"] is not None and others["margin"] is not None:
            self.say("ledger.margin_unused", header=self.header("margin"))
        number = np.full(int(keep.sum()), np.nan)
        if quantity is not None:
            pieces = quantity.minor[keep] / 10**_QUANTITY_PLACES
            pieces = np.where(sign < 0, -np.abs(pieces), pieces)
            number = np.where(quantity.blank[keep], np.nan, pieces)
        made = {
            "row": self.table.rows[keep],
            "source": _categorical(np.zeros(len(net), np.int64), [self.table.name]),
            "date": day[keep],
            "amount": net,
            "cost": cost,
            "collected": money["collected"],
            "quantity": number,
            "is_return": net < 0 if returned is None else returned[keep],
            **texts,
        }
        return pd.DataFrame({name: made[name] for name in COLUMNS})

    def _residue(self, amount: _Number, keep: Flags, turned: Flags) -> tuple[Decimal, int]:
        """Σ (raw − rounded) over the kept lines, and how many lines were rounded."""
        if not amount.parsed.residue:
            return Decimal(0), 0
        codes = amount.raw.codes
        plus = Counter(codes[keep & ~turned].tolist())
        minus = Counter(codes[keep & turned].tolist())
        total, count = Decimal(0), 0
        for index, rest in amount.parsed.residue.items():
            total += rest * (plus[index] - minus[index])
            count += plus[index] + minus[index]
        return total, count

    def _tell_columns(self) -> None:
        """Headers chosen among several, and headers not used."""
        for name, others in self.recognition.decided.items():
            fits = " · ".join(self.table.headers[p] for p in others)
            self.say("ledger.header_decided", field=name, header=self.header(name), others=fits)
        used = set(self.recognition.columns.values())
        sources = {squash(lookup.lookup.source) for lookup in self.lookups}
        unused = [
            h for i, h in enumerate(self.table.headers)
            if h and i not in used and squash(h) not in sources
        ]  # fmt: skip
        if unused:
            self.say("ledger.headers_unused", headers=" · ".join(unused[:20]))


def read_lines(
    table: RawTable, recognition: Recognition, mapping: Mapping,
    lookups: Sequence[LookupTable], decimals: int,
) -> Lines:  # fmt: skip
    """The lines of one table. Raises `SalesxlError` where a whole column is unclear."""
    return _Reader(table, recognition, mapping, lookups, decimals).read()


def _money(number: _Number | None, keep: Flags, sign: Codes) -> pd.arrays.IntegerArray:
    """A nullable money column of the kept rows; where the sign is turned, so is a positive one."""
    if number is None:
        return pd.arrays.IntegerArray(np.zeros(len(sign), np.int64), np.ones(len(sign), np.bool_))
    values = number.minor[keep]
    values = np.where(sign < 0, -np.abs(values), values)
    return pd.arrays.IntegerArray(values, number.blank[keep].copy())


def _less(whole: Codes, part: pd.arrays.IntegerArray) -> pd.arrays.IntegerArray:
    blank = np.asarray(part.isna(), np.bool_)
    return pd.arrays.IntegerArray(whole - part.to_numpy(np.int64, na_value=0), blank)


def _categorical(codes: Codes, values: Sequence[str]) -> pd.Categorical[str]:
    """Texts as categories, distinct and only those that occur, in order of code."""
    known: dict[str, int] = {}
    used = np.unique(codes)
    again = np.zeros(len(values), np.int64)
    for code in used.tolist():
        again[code] = known.setdefault(values[code], len(known))
    return categorical(again[codes], list(known) or [""])
