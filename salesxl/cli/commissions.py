"""``salesxl commissions PLAN --ledger FILE … --period 2026-06 [--out DIR]``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from salesxl.cli.ledger_options import add_input, add_look, add_run, ledger_paths
from salesxl.cli.progress import progress
from salesxl.texts import Lang, text

if TYPE_CHECKING:
    from salesxl.batch.commissions import PaySummary

Subparsers = argparse._SubParsersAction
LISTED = 20  # unassigned lines told one by one


def add_parser(subparsers: Subparsers[argparse.ArgumentParser], lang: Lang) -> None:
    def say(key: str) -> str:
        return text(f"commissions.{key}", lang)

    about = text("cli.commissions", lang)
    parser = subparsers.add_parser("commissions", help=about, description=about)
    add_input(parser, lang, ledger=True)
    parser.add_argument("--period", required=True, metavar="PERIOD", help=say("period_arg"))
    parser.add_argument("-o", "--out", type=Path, metavar="DIR", help=say("out_arg"))
    parser.add_argument("--by", choices=("rep", "none"), default="rep", help=say("by_arg"))
    parser.add_argument("--strict", action="store_true", help=say("strict_arg"))
    add_look(parser, lang, "arg_statement")
    add_run(parser, lang)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Pay the period and say what it comes to; 1 when the totals do not tie up."""
    # Imported here: pandas is slow to load and ``--help`` must not wait for it.
    from salesxl.batch.commissions import commissions

    with progress(quiet=arguments.json) as report:
        summary = commissions(
            arguments.plan,
            ledger_paths(arguments),
            arguments.period,
            arguments.out,
            by=arguments.by,
            lang=arguments.lang,
            mapping=arguments.map,
            skip_bad_rows=arguments.skip_bad_rows,
            strict=arguments.strict,
            jobs=arguments.jobs,
            template=arguments.template,
            small=arguments.small,
            recalc=arguments.recalc,
            report=report,
        )
    if arguments.json:
        sys.stdout.write(json.dumps(summary.as_json(), ensure_ascii=False, indent=2) + "\n")
    else:
        for line in (*summary.notices, *summary.warnings):
            sys.stderr.write(f"● {line}\n")
        sys.stdout.write("\n".join(lines_of(summary, arguments.lang)) + "\n")
    return 0 if summary.ties else 1


def lines_of(summary: PaySummary, lang: Lang) -> list[str]:
    """A row a payee; what is in nobody's commission; how the totals tie up."""
    from salesxl.batch.commissions import money_text, row_of
    from salesxl.cli.summary import _aligned

    made = summary.run

    def say(key: str, **values: object) -> str:
        return text(f"commissions.{key}", lang, **values)

    def money(minor: int) -> str:
        return money_text(minor, made.decimals)

    shown = ("own_amount", "commission", "earned", "payable")
    heads = [say("csv_person"), say("csv_name"), *(say(f"csv_{name}") for name in shown)]
    rows = [heads]
    for statement in made.statements:
        row = row_of(statement)
        rows.append([row["person"], row["name"], *(money(row[name]) for name in shown)])
    sums = [sum(row_of(s)[name] for s in made.statements) for name in shown]
    rows.append([say("csv_total"), "", *map(money, sums)])
    out = [*_aligned(rows, "llrrrr"), ""]
    if made.unassigned:
        count, amount = len(made.unassigned), money(made.unassigned_amount)
        out.append(say("unassigned", count=count, amount=amount))
        out += [
            "  " + say(
                "unassigned_line", row=f"{line.source}:{line.row}", day=line.day.isoformat(),
                amount=money(line.amount), person=line.person or "–",
                reason=text(f"pay.reason_{line.reason}", lang),
            )
            for line in made.unassigned[:LISTED]
        ]  # fmt: skip
        if count > LISTED:
            out.append("  " + say("more_unassigned", count=count - LISTED))
        out.append("")
    key = "tie" if made.ties else "tie_broken"
    own = sum(statement.own_amount for statement in made.statements)
    out.append(
        say(
            key,
            own=money(own),
            unassigned=money(made.unassigned_amount),
            ledger=money(made.ledger_amount),
        )
    )
    if summary.folder:
        out.append(
            say(
                "done",
                count=len(summary.made),
                folder=summary.folder,
                seconds=f"{summary.seconds:.1f}",
            )
        )
    return out
