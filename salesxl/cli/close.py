"""``salesxl close``, ``reopen`` and ``audit``: periods that stay as they were paid."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesxl.cli.ledger_options import ledger_place
from salesxl.errors import SalesxlError, fail
from salesxl.texts import Lang, text

if TYPE_CHECKING:
    from salesxl.closing.chain import Entry
    from salesxl.closing.seal import Seal
    from salesxl.ledger.pay.results import Period
    from salesxl.plan.model import Plan

Subparsers = argparse._SubParsersAction
RECEIPT = 16  # letters of a hash shown and accepted as a receipt


def add_parsers(subparsers: Subparsers[argparse.ArgumentParser], lang: Lang) -> None:
    """Add the three commands."""

    def say(key: str) -> str:
        return text(f"closing.{key}", lang)

    def command(name: str, run: Any) -> argparse.ArgumentParser:
        about = text(f"cli.{name}", lang)
        parser = subparsers.add_parser(name, help=about, description=about)
        parser.add_argument("plan", type=Path, metavar="PLAN", help=text("cli.plan_arg", lang))
        parser.set_defaults(run=run)
        return parser

    close = command("close", run_close)
    close.add_argument(
        "--ledger", type=ledger_place, action="append", nargs="+", required=True, metavar="FILE",
        help=say("cli_ledger"),
    )  # fmt: skip
    close.add_argument("--period", required=True, metavar="PERIOD", help=say("cli_period"))
    close.add_argument("--by", metavar="NAME", default="", help=say("cli_by"))
    close.add_argument("-o", "--out", type=Path, metavar="DIR", help=say("cli_out"))
    close.add_argument("--map", type=Path, metavar="MAP.toml", help=text("cli.map_arg", lang))
    close.add_argument("--skip-bad-rows", action="store_true", help=text("cli.skip_arg", lang))
    close.add_argument("--strict", action="store_true", help=text("commissions.strict_arg", lang))
    close.add_argument("--early", action="store_true", help=say("cli_early"))

    reopen = command("reopen", run_reopen)
    reopen.add_argument("--period", required=True, metavar="PERIOD", help=say("cli_period"))
    reopen.add_argument("--reason", required=True, metavar="TEXT", help=say("cli_reason"))
    reopen.add_argument("--by", metavar="NAME", default="", help=say("cli_by"))

    audit = command("audit", run_audit)
    audit.add_argument("--receipt", metavar="RECEIPT", default="", help=say("cli_receipt"))
    audit.add_argument("--statements", type=Path, metavar="DIR", help=say("cli_statements"))
    audit.add_argument("--json", action="store_true", help=text("cli.json_arg", lang))


def run_close(args: argparse.Namespace) -> int:
    """Work the period out, write its statements, seal both."""
    from salesxl.batch.commissions import commissions
    from salesxl.cli.progress import progress
    from salesxl.closing import check_open, close_period

    plan, period = _asked(args)
    seen = check_open(args.plan, plan, period)
    if period.last_day >= date.today() and not args.early:
        raise fail("closing.not_over", period.label, last=period.last_day)
    with tempfile.TemporaryDirectory(prefix="salesxl-") as scratch, progress() as report:
        summary = commissions(
            args.plan,
            [path for group in args.ledger for path in group],
            period.label,
            args.out if args.out is not None else Path(scratch),
            lang=args.lang,
            mapping=args.map,
            skip_bad_rows=args.skip_bad_rows,
            strict=args.strict,
            report=report,
        )
    assert summary.inputs is not None
    files = {made.file: made.sha256 for made in summary.made} | dict(summary.files)
    entry = close_period(
        args.plan, plan, summary.run, summary.inputs, files, who=_who(args.by), seen=seen
    )
    _note(_gap(args.plan, plan, period, args.lang))
    details = entry.details
    values = {
        "period": period.label,
        "count": len(details["payees"]),
        "payable": _money(details["payable"], details),
        "currency": details["currency"],
        "corrected": _money(sum(row[2] for row in details["settled"]), details),
    }
    _say(text("closing.closed", args.lang, **values))
    _say(text("closing.receipt", args.lang, receipt=entry.hash[:RECEIPT]))
    return 0


def run_reopen(args: argparse.Namespace) -> int:
    """Open a sealed period again; the reason is kept."""
    from salesxl.closing import history, reopen_period, seals

    plan, period = _asked(args)
    entry = reopen_period(args.plan, plan, period, args.reason, who=_who(args.by))
    content = history(args.plan, plan)
    found = () if content is None else seals(content.entries)
    later = [s.period.label for s in found if s.period.first_day > period.last_day]
    if later:
        values = {"periods": ", ".join(later), "period": period.label}
        _note(text("closing.later_closed", args.lang, **values))
    values = {"period": period.label, "reason": entry.details["reason"]}
    _say(text("closing.reopened", args.lang, **values))
    _say(text("closing.receipt", args.lang, receipt=entry.hash[:RECEIPT]))
    return 0


def run_audit(args: argparse.Namespace) -> int:
    """Print who did what when, and verify; 1 with the first thing that does not hold."""
    from salesxl.closing.audit import audit

    if not args.plan.exists():
        raise fail("plan.file_missing", str(args.plan))
    found = audit(args.plan, _plan_if_readable(args.plan), args.receipt, args.statements)
    if found is None:
        if args.receipt:
            raise fail("closing.receipt_missing", args.plan.name, receipt=args.receipt)
        _say("[]" if args.json else text("closing.nothing", args.lang))
        return 0
    if args.json:
        rows = [_as_json(entry) for entry in found.entries]
        said = [problem.say(args.lang) for problem in found.problems]
        _say(json.dumps({"entries": rows, "problems": said}, ensure_ascii=False, indent=2))
    else:
        from salesxl.cli.summary import _aligned

        heads = ("number", "at", "who", "action", "period", "detail", "hash")
        rows_shown = [[text(f"closing.col_{name}", args.lang) for name in heads]]
        rows_shown += [_row(entry, args.lang) for entry in found.entries]
        _say("\n".join(_aligned(rows_shown, "rllllll")))
    if found.problems:
        raise SalesxlError(found.problems)
    if not args.json:
        receipt = found.entries[-1].hash[:RECEIPT] if found.entries else ""
        counts = {"count": len(found.entries), "results": found.results, "receipt": receipt}
        _say("\n" + text("closing.sound", args.lang, **counts))
        if args.statements is not None:
            _say(text("closing.statements_same", args.lang, count=found.files))
    return 0


# ---- the parts


def _asked(args: argparse.Namespace) -> tuple[Plan, Period]:
    from salesxl.ledger.pay.periods import parse_period
    from salesxl.plan.read import read_plan

    plan = read_plan(args.plan)
    return plan, parse_period(args.period, plan.settings.fiscal_year_first_month)


def _plan_if_readable(path: Path) -> Plan | None:
    """A plan with faults has a history all the same."""
    from salesxl.plan.read import read_plan

    try:
        return read_plan(path)
    except SalesxlError:
        return None


def _who(named: str) -> str:
    name = " ".join(named.split())
    if name:
        return name
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user: a container, a service
        return "?"


def _gap(plan_path: Path, plan: Plan, period: Period, lang: Lang) -> str:
    """Open days between the sealed period before and this one."""
    from salesxl.closing import history, seals

    content = history(plan_path, plan)
    before: list[Seal] = [
        seal
        for seal in (() if content is None else seals(content.entries))
        if seal.period.last_day < period.first_day
    ]
    if not before:
        return ""
    first = before[-1].period.last_day + timedelta(days=1)
    if first == period.first_day:
        return ""
    return text("closing.gap", lang, period=period.label, first=first)


def _row(entry: Entry, lang: Lang) -> list[str]:
    action = entry.action if entry.action in ("open", "close", "reopen") else ""
    try:
        detail = _detail(entry, lang)
    except (ValueError, KeyError, TypeError, ArithmeticError):  # changed with another tool
        detail = "…"
    return [
        str(entry.number), entry.at, entry.who,
        text(f"closing.action_{action}", lang) if action else entry.action,
        entry.period, detail, entry.hash[:RECEIPT],
    ]  # fmt: skip


def _detail(entry: Entry, lang: Lang) -> str:
    found = entry.details
    values: dict[str, Any] = found
    if entry.action == "close":
        values = {
            "count": len(found["payees"]),
            "payable": _money(found["payable"], found),
            "currency": found["currency"],
            "version": found["inputs"]["plan_version"],
            "ledgers": ", ".join(name for name, _ in found["inputs"]["ledgers"]),
        }
    return text(f"closing.detail_{entry.action}", lang, **values)


def _as_json(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number, "at": entry.at, "who": entry.who, "action": entry.action,
        "period": entry.period, "hash": entry.hash, "detail": _loads(entry.detail),
    }  # fmt: skip


def _loads(detail: str) -> Any:
    try:
        return json.loads(detail)
    except ValueError:
        return detail


def _money(minor: int, details: dict[str, Any]) -> str:
    return f"{Decimal(minor).scaleb(-int(details['decimals'])):,f}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _note(line: str) -> None:
    if line:
        sys.stderr.write(f"● {line}\n")
