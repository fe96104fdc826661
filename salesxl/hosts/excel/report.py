"""The doctor's findings as lines to read, or as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from salesxl.hosts.excel.doctor import Finding, healthy
from salesxl.texts import Lang, text

_MARKS: Final = {"ok": "✓", "note": "–", "wrong": "✕"}


def report(findings: Sequence[Finding], lang: Lang) -> str:
    """A line a finding, its remedy below it, the outcome last."""
    lines = []
    for finding in findings:
        lines.append(f"{_MARKS[finding.state]} {finding.say(lang)}")
        if finding.state == "wrong":
            lines.append(f"    {finding.remedy(lang)}")
    if healthy(findings):
        lines.append(text("doctor.healthy", lang))
    else:
        count = sum(finding.state == "wrong" for finding in findings)
        lines.append(text("doctor.sick", lang, count=count))
    return "\n".join(lines)


def as_data(findings: Sequence[Finding], lang: Lang) -> list[dict[str, Any]]:
    """Each finding with `code`, `state`, `found` and `remedy`."""
    return [
        {
            "code": finding.code,
            "state": finding.state,
            "found": finding.say(lang),
            "remedy": finding.remedy(lang) if finding.state == "wrong" else "",
        }
        for finding in findings
    ]
