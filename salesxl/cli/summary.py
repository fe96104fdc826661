"""What a run of ``generate`` made, as a table for people."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from salesxl.batch.generate import Summary
from salesxl.texts import Lang, text


def summary_lines(summary: Summary, lang: Lang) -> list[str]:
    """File, scope, lines, amount and target a row; then how the totals tie up."""

    def money(minor: int) -> str:
        return f"{Decimal(minor).scaleb(-summary.decimals):,f}"

    def say(key: str, **values: object) -> str:
        return text(f"cli.{key}", lang, **values)

    rows = [[say(f"col_{key}") for key in ("file", "scope", "lines", "amount", "target")]]
    rows += [
        [made.file, made.scope, f"{made.lines:,}", money(made.amount), money(made.target)]
        for made in summary.made
    ]
    if summary.unassigned_lines:
        lines, amount = f"{summary.unassigned_lines:,}", money(summary.unassigned_amount)
        rows.append(["", say("unassigned"), lines, amount, ""])
    regions = sum(made.amount for made in summary.regions)
    sums = {
        "regions": money(regions),
        "unassigned": money(summary.unassigned_amount),
        "head": money(summary.head.amount),
        "ledger": money(summary.ledger_amount),
    }
    targets = {
        "regions": money(sum(made.target for made in summary.regions)),
        "head": money(summary.target),
    }
    tie = [say("tie", **sums), say("target_tie", **targets)]
    return [
        *_aligned(rows, "llrrr"),
        "",
        *(tie if summary.ties else [say("tie_broken", **sums)]),
        say(
            "done",
            count=len(summary.made),
            folder=summary.folder,
            seconds=f"{summary.seconds:.1f}",
        ),
    ]


def _aligned(rows: Sequence[Sequence[str]], aligns: str) -> list[str]:
    widths = [max(_width(row[i]) for row in rows) for i in range(len(aligns))]
    lines = []
    for row in rows:
        cells = []
        for word, width, align in zip(row, widths, aligns, strict=True):
            gap = " " * (width - _width(word))
            cells.append(gap + word if align == "r" else word + gap)
        lines.append("  ".join(cells).rstrip())
    return lines


def _width(word: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in word)
