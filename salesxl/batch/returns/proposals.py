"""Top-down against bottom-up: each region's own proposal beside the target it was given."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from salesxl.batch.returns.collect import Returns
from salesxl.batch.returns.lists import Line
from salesxl.opc.cells import CellValue
from salesxl.plan.values import parse_number
from salesxl.texts import LANGS, text

LIST = "proposals"


@dataclass(frozen=True)
class Proposal:
    """One region's proposal, in currency units; `complete`: every product line has one."""

    file: str
    key: str
    given: Decimal
    own: Decimal
    filled: int
    lines: int
    by: str = ""
    note: str = ""

    @property
    def complete(self) -> bool:
        return self.lines > 0 and self.filled == self.lines

    @property
    def difference(self) -> Decimal:
        return self.own - self.given


def proposals(returns: Returns) -> list[Proposal]:
    """Of every file taken that holds at least one figure, in the order of the files."""
    found: list[Proposal] = []
    for one in returns.files:
        listing = one.lists.get(LIST)
        if not one.taken or listing is None or one.mark is None:
            continue
        lines = tuple(listing.rows.values())
        own = [_amount(line, "own") for line in lines]
        if all(amount is None for amount in own):
            continue
        answers = one.mark.answers
        found.append(
            Proposal(
                one.file,
                one.mark.key,
                sum((_amount(line, "given") or Decimal(0) for line in lines), Decimal(0)),
                sum((amount for amount in own if amount is not None), Decimal(0)),
                sum(amount is not None for amount in own),
                len(lines),
                _said(answers.get("proposal_by")),
                _said(answers.get("proposal_note")),
            )
        )
    return found


def _amount(line: Line, entry: str) -> Decimal | None:
    for lang in LANGS:
        value = line.cells.get(text(f"proposal.{entry}", lang))
        if isinstance(value, Decimal) and not isinstance(value, bool):
            return value
        if isinstance(value, str):  # typed as text: 1.2 million with a separator, or 120万
            return parse_number(value)
    return None


def _said(value: CellValue | None) -> str:
    return "" if value is None else str(value)
