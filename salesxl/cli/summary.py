"""What a run of ``generate`` made, as a table for people."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from salesxl.batch.generate import Listed, Summary
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
    if summary.unassigned_lines and not summary.jobs.overlapping:
        lines, amount = f"{summary.unassigned_lines:,}", money(summary.unassigned_amount)
        rows.append(["", say("unassigned"), lines, amount, ""])
    parts, whole = summary.jobs.parts, summary.jobs.shares[0]
    sums = {
        "regions": money(sum(share.amount for share in parts)),
        "unassigned": money(summary.unassigned_amount),
        "head": money(whole.amount),
        "ledger": money(summary.ledger_amount),
    }
    made = len(summary.made) - summary.kept
    done = say("done", count=made, folder=summary.folder, seconds=f"{summary.seconds:.1f}")
    kept = [text("batch.kept", lang, count=summary.kept)] if summary.kept else []
    return [*_aligned(rows, "llrrr"), "", *_tie(summary, sums, money, lang), done, *kept]


def _tie(
    summary: Summary, sums: dict[str, str], money: Callable[[int], str], lang: Lang
) -> list[str]:
    jobs = summary.jobs
    if summary.failed:
        return []
    if not summary.ties:
        return [text("cli.tie_broken", lang, **sums)]
    if jobs.overlapping:
        return [text("batch.tie_overlap", lang, head=sums["head"], ledger=sums["ledger"])]
    if jobs.by != "region":
        said = sums | {"parts": sums["regions"]}
        said.pop("regions")
        lines = [text("batch.tie_parts", lang, **said)]
    else:
        lines = [text("cli.tie", lang, **sums)]
    if jobs.has_targets:
        targets = {
            "regions": money(sum(share.target for share in jobs.parts)),
            "head": money(summary.target),
        }
        lines.append(text("cli.target_tie", lang, **targets))
    return lines


def failed_lines(summary: Summary, lang: Lang) -> list[str]:
    """What was not made, a line each, ready to be put right."""
    if not summary.failed:
        return []
    lines = [text("batch.failed_head", lang, count=len(summary.failed))]
    for failed in summary.failed:
        for problem in failed.problems:
            said = problem.say(lang)
            lines.append(said if failed.file in said else f"{failed.file}: {said}")
    return lines


def listed_lines(listed: Sequence[Listed], decimals: int, folder: Path, lang: Lang) -> list[str]:
    """The job list of a run that is only asked for."""
    heads = [text(f"cli.col_{key}", lang) for key in ("file", "scope", "lines", "amount")]
    rows = [[*heads, text("batch.col_size", lang), text("batch.col_state", lang)]]
    for one in listed:
        share = one.share
        amount = f"{Decimal(share.amount).scaleb(-decimals):,f}"
        state = text(f"batch.state_{'kept' if one.kept else 'to_make'}", lang)
        rows.append([share.file, share.name, f"{share.lines:,}", amount, _size(share.about), state])
    size = _size(sum(one.share.about for one in listed))
    lines = [text("batch.list_head", lang, folder=folder, count=len(listed), size=size)]
    lines += _aligned(rows, "llrrrl")
    if kept := sum(one.kept for one in listed):
        lines.append(text("batch.list_kept", lang, count=kept))
    return lines


def listed_json(listed: Sequence[Listed]) -> list[dict[str, Any]]:
    names = ("file", "kind", "key", "name", "lines", "amount", "target", "about")
    return [
        {name: getattr(one.share, name) for name in names} | {"kept": one.kept} for one in listed
    ]


def _size(count: int) -> str:
    return f"{count / 10**6:,.1f} MB" if count >= 10**6 else f"{count / 10**3:,.0f} KB"


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
