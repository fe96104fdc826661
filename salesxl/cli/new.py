"""``salesxl new PLAN.xlsm [--from PLAN.xlsx | --sample]``: plan and results in one workbook."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesxl.cli.ledger_options import ledger_place
from salesxl.errors import Problem, fail
from salesxl.texts import LANGS, Lang, text

if TYPE_CHECKING:
    from salesxl.ledger.frame import Ledger
    from salesxl.plan.model import Plan

MACROS, NATIVE = ".xlsm", ".xlsx"


def add_parser(subparsers: Any, lang: Lang) -> None:
    """Add the command; `run` is set to `run`."""
    said = text("cli.new", lang)
    parser = subparsers.add_parser(
        "new", help=said, description=said, epilog=text("new.epilog", lang)
    )

    def option(*names: str, entry: str, to: Any = parser, **kinds: Any) -> None:
        to.add_argument(*names, help=text(f"new.help_{entry}", lang), **kinds)

    option("out", type=Path, metavar="PLAN.xlsm", entry="out")
    source = parser.add_mutually_exclusive_group()
    option("--from", dest="plan", type=Path, metavar="PLAN.xlsx", entry="from", to=source)
    option("--sample", action="store_true", entry="sample", to=source)
    option("--ledger", type=ledger_place, action="append", nargs="+", default=[], metavar="FILE",
           entry="ledger")  # fmt: skip
    option("--map", type=Path, metavar="MAP.toml", entry="map")
    option("--skip-bad-rows", action="store_true", entry="skip")
    option("--force", action="store_true", entry="force")
    parser.add_argument(
        "--lang", choices=LANGS, default=argparse.SUPPRESS, help=text("cli.lang", lang)
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when the workbook is written, 2 wrong use; problems come as `SalesxlError`."""
    wrong = _wrong_use(args)
    if wrong is not None:
        sys.stderr.write(wrong.say(args.lang) + "\n")
        return 2
    if args.out.exists() and not args.force:
        raise fail("new.exists", str(args.out))
    if args.plan is not None and args.out.exists() and args.out.samefile(args.plan):
        raise fail("new.own_source", str(args.out))
    # Imported here: pandas is slow to load and ``--help`` must not wait for it.
    from salesxl.hosts.excel.new_book import macro_workbook_bytes, plan_workbook, workbook_bytes
    from salesxl.ooxml.atomic import write_atomic

    macros = args.out.suffix.lower() == MACROS
    plan, ledger = _given(args) if args.plan is not None else _sample(args.lang)
    book = plan_workbook(plan, ledger, args.lang, macros)
    write_atomic(args.out, macro_workbook_bytes(book) if macros else workbook_bytes(book))
    said = {"path": args.out, "sheets": len(book.sheets)}
    if macros:
        from salesxl.hosts.excel.addin import read_mark

        made = read_mark(args.out)
        said["version"] = made.xlwings if made else ""
        said["cells"] = f"{sum(len(sheet.functions) for sheet in book.sheets):,}"
    entry = "new.done_macros" if macros else "new.done_native"
    sys.stdout.write(text(entry, args.lang, **said) + "\n")
    return 0


def _wrong_use(args: argparse.Namespace) -> Problem | None:
    if args.out.suffix.lower() not in (MACROS, NATIVE):
        return Problem("new.wrong_ending", "", {"name": args.out.name})
    if args.ledger and args.plan is None:
        return Problem("new.ledger_needs_plan")
    return None


def _given(args: argparse.Namespace) -> tuple[Plan, Ledger | None]:
    """The plan and its ledgers; what is not clear in the lines is told on standard error."""
    from salesxl.ledger.mapping_read import load
    from salesxl.ledger.match import match
    from salesxl.ledger.read import read_ledgers
    from salesxl.plan.read import read_plan

    plan = read_plan(args.plan)
    paths = [path for group in args.ledger for path in group]
    if not paths:
        return plan, None
    ledger = read_ledgers(
        paths,
        mapping=load(args.map) if args.map else None,
        decimals=plan.settings.decimals,
        skip_bad_rows=args.skip_bad_rows,
        lang=args.lang,
    )
    matched, problems = match(ledger, plan)
    for problem in problems:
        sys.stderr.write(f"● {problem.say(args.lang)}\n")
    return plan, matched


def _sample(lang: Lang) -> tuple[Plan, Ledger]:
    """The sample company's plan and ledger, as `salesxl sample` writes and others read them."""
    import tempfile

    from salesxl.cli.sample import write_sample
    from salesxl.ledger.match import match
    from salesxl.ledger.read import read_ledgers
    from salesxl.plan.read import read_plan

    with tempfile.TemporaryDirectory() as folder:
        write_sample(Path(folder), lang)
        plan = read_plan(Path(folder) / "plan.xlsx")
        ledger = read_ledgers(
            [Path(folder) / "ledger.csv"], decimals=plan.settings.decimals, lang=lang
        )
    return plan, match(ledger, plan)[0]
