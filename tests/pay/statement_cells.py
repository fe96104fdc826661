"""What a payee sees on a statement: figures as printed, found by the words beside them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from salesxl.ledger.pay.results import PayRun
from salesxl.sheets.content import Book, Formula, Sheet
from salesxl.sheets.pay_book import build_statement
from salesxl.sheets.statement_pen import (
    CREDITED,
    DAY,
    NAME,
    ORDER,
    PART,
    PAY,
    START,
    TIER_PAY,
    TIER_RATE,
)
from salesxl.texts import Lang, text
from tests.pay.make import of

CENT = Decimal("0.01")


def build(run: PayRun, lang: Lang = "zh", person: str = "A") -> Book:
    return build_statement(of(run, person), run, lang, "华岳仪器")


def plain(value: object) -> Any:
    return value.value if isinstance(value, Formula) else value


class Seen:
    """The first sheet by (row, column), formulas as their values."""

    def __init__(self, book: Book) -> None:
        self.lang = book.lang
        self.sheet: Sheet = book.sheets[0]
        self.cells = {(c.row, c.col): plain(c.value) for c in self.sheet.cells}
        self.formulas = {(c.row, c.col) for c in self.sheet.cells if isinstance(c.value, Formula)}

    def row(self, col: int, entry: str, start: int = 0) -> int:
        """The first row from `start` with that word in `col`."""
        words = text(f"statement.{entry}", self.lang)
        return min(r for (r, c), v in self.cells.items() if c == col and v == words and r >= start)

    def lines(self) -> list[dict[int, Any]]:
        """The printed rows of section one that are orders."""
        first = self.row(ORDER, "head_order") + 1
        last = self.row(ORDER, "total", first)
        rows = range(first, last)
        return [
            {c: self.cells.get((r, c)) for c in range(ORDER, PAY + 1)}
            for r in rows
            if self.cells.get((r, DAY)) is not None
        ]

    def tiers(self) -> list[tuple[Decimal, Decimal, Decimal, Decimal]]:
        """Start, rate, part and pay of each band of the first table."""
        first = self.row(TIER_PAY, "head_tier_pay") + 1
        out = []
        row = first
        while isinstance(self.cells.get((row, TIER_RATE)), Decimal):
            out.append(tuple(self.cells[row, c] for c in (START, TIER_RATE, PART, TIER_PAY)))
            row += 1
        return out  # type: ignore[return-value]

    def settlement(self) -> list[Decimal]:
        """The amounts of section four over the amount due, without the draw's balance."""
        first = self.row(NAME, "settlement") + 1
        balance = text("statement.balance", self.lang)
        out = []
        row = first
        while self.cells.get((row, TIER_RATE)) is None:
            if self.cells[row, NAME] != balance:
                out.append(self.cells[row, TIER_PAY])
            row += 1
        return out

    @property
    def due(self) -> Decimal:
        return next(plain(c.value) for c in self.sheet.cells if c.name == "statement_due")

    def total(self, col: int = PAY) -> Decimal:
        return self.cells[self.row(ORDER, "total"), col]

    def extras(self) -> list[Decimal]:
        first = self.row(ORDER, "head_item") + 1
        last = self.row(ORDER, "total", first)
        return [self.cells[r, PAY] for r in range(first, last) if (r, PAY) in self.cells]

    def credited(self) -> Decimal:
        return sum((line[CREDITED] for line in self.lines()), Decimal(0))


def every_text(book: Book) -> str:
    """All that stands anywhere in a book."""
    out = [book.title, book.footer_left, book.footer_right, *book.names, *book.names.values()]
    for sheet in book.sheets:
        out += [sheet.title, sheet.purpose]
        for cell in sheet.cells:
            value = cell.value
            out += [str(plain(value)), getattr(value, "text", ""), cell.name]
        for table in sheet.tables:
            out += [str(value) for row in table.rows for value in row]
        for rule in sheet.validations:
            out += [*rule.items, rule.source, rule.prompt, rule.error]
    return "\n".join(out)
