"""``salesxl start LEDGER… --year Y --growth 12% -o PLAN.xlsx``: a plan from sales history."""

from __future__ import annotations

import argparse
import re
import sys
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesxl.cli.ledger_options import ledger_place
from salesxl.errors import Problem, SalesxlError, fail
from salesxl.texts import LANGS, Lang, locale_lang, text

if TYPE_CHECKING:
    from salesxl.ledger.frame import Ledger
    from salesxl.plan.model import Plan


def add_parser(subparsers: Any, lang: Lang | None = None) -> None:
    """Add the command; `run` is set to `run`."""
    said = lang or locale_lang()
    parser = subparsers.add_parser("start", help=text("cli.start", said))

    def option(*names: str, entry: str, **kinds: Any) -> None:
        parser.add_argument(
            *names, help=text(f"ledger.cli_{entry}", said).replace("%", "%%"), **kinds
        )

    option("ledgers", metavar="LEDGER", type=ledger_place, nargs="+", entry="ledgers")
    option("--year", type=int, required=True, entry="year")
    option("--growth", metavar="12%", required=True, entry="growth")
    option("--unit", metavar="100", default="100", entry="unit")
    option("--map", metavar="MAP.toml", type=Path, entry="map")
    option("--currency", metavar="CNY", entry="currency")
    option("--company", metavar="NAME", default="", entry="company")
    option("--skip-bad-rows", action="store_true", entry="skip")
    option("--force", action="store_true", entry="force")
    option("-o", "--out", metavar="PLAN.xlsx", type=Path, required=True, entry="out_plan")
    option("--lang", choices=LANGS, default=said, entry="lang")
    parser.set_defaults(run=run)


class WrongUseError(ValueError):
    """An option whose value is not clear; ends the command with exit code 2."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass(frozen=True)
class _Wish:
    growth: Decimal
    currency: str
    decimals: int
    unit_amount: int


def parse_growth(value: str) -> Decimal:
    """``12%``, ``0.12``, ``-5%`` → a fraction. Raises `WrongUseError` for ``12`` and the like.

    >>> parse_growth("12%"), parse_growth("-5 %"), parse_growth("0.12")
    (Decimal('0.12'), Decimal('-0.05'), Decimal('0.12'))
    """
    written = unicodedata.normalize("NFKC", value).strip().replace("−", "-")
    if not re.fullmatch(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*%?", written, re.ASCII):
        raise WrongUseError(Problem("ledger.wrong_growth", "--growth", {"value": value}))
    number = Decimal(written.rstrip("%").strip())
    if "%" in written:
        growth = number / 100
    elif abs(number) >= 1:
        values = {"value": value, "times": 1 + number, "percent": number * 100}
        raise WrongUseError(Problem("ledger.growth_no_percent", "--growth", values))
    else:
        growth = number
    if growth <= -1:
        raise WrongUseError(Problem("ledger.wrong_growth_low", "--growth", {"value": value}))
    return growth


def _wish(args: argparse.Namespace, lang: Lang) -> _Wish:
    """The options, checked. Raises `WrongUseError`."""
    from salesxl.plan.currency import find_currency

    growth = parse_growth(args.growth)
    if not 1951 <= args.year <= 2198:
        raise WrongUseError(Problem("ledger.wrong_year", "--year", {"value": args.year}))
    code = args.currency or ("CNY" if lang == "zh" else "USD")
    currency = find_currency(code)
    if currency is None:
        raise WrongUseError(Problem("ledger.wrong_currency", "--currency", {"value": code}))
    try:
        minor = Decimal(args.unit).scaleb(currency.decimals)
        wrong = not minor.is_finite() or minor < 1 or minor > 10**15 or minor != int(minor)
    except InvalidOperation:
        wrong = True
    if wrong:
        raise WrongUseError(Problem("ledger.wrong_unit", "--unit", {"value": args.unit}))
    if args.out.suffix.lower() != ".xlsx":
        raise WrongUseError(Problem("ledger.wrong_output", "-o", {"value": args.out}))
    return _Wish(growth, currency.code, currency.decimals, int(minor))


def run(args: argparse.Namespace) -> int:
    """0 when the plan is written, 1 with problems (as `SalesxlError`), 2 wrong use."""
    from salesxl.ledger.history import start_plan
    from salesxl.ledger.mapping import load
    from salesxl.ledger.read import read_ledgers, summary

    lang: Lang = args.lang
    try:
        wish = _wish(args, lang)
    except WrongUseError as error:
        sys.stderr.write(error.problem.say(lang) + "\n")
        return 2
    problems: list[Problem] = []
    if args.out.exists() and not args.force:
        problems.append(Problem("ledger.exists", str(args.out)))
    if not args.out.parent.is_dir():
        problems.append(Problem("ledger.file_missing", str(args.out.parent)))
    if problems:
        raise SalesxlError(problems)
    ledger = read_ledgers(
        args.ledgers,
        mapping=load(args.map) if args.map else None,
        decimals=wish.decimals,
        skip_bad_rows=args.skip_bad_rows,
        lang=lang,
    )
    plan, notices = start_plan(
        ledger, year=args.year, growth=wish.growth, unit_amount=wish.unit_amount, lang=lang,
        company=args.company, currency=wish.currency,
    )  # fmt: skip
    from salesxl.sheets.plan_book import write_plan

    try:
        write_plan(plan, args.out, lang)
    except OSError as error:
        raise fail("ledger.cannot_write", str(args.out), cause=error.strerror or "") from None
    for line in report(ledger, plan, wish.growth, lang):
        sys.stdout.write(line + "\n")
    for line in (*summary(ledger, lang), *notices):
        sys.stdout.write(f"- {line}\n")
    sys.stdout.write(text("ledger.say_written", lang, path=args.out) + "\n")
    return 0


def report(ledger: Ledger, plan: Plan, growth: Decimal, lang: Lang) -> list[str]:
    """What was found and what the plan says, a line each."""
    from salesxl.ledger.years import all_years, complete_years

    def money(amount: int) -> str:
        shown = Decimal(amount).scaleb(-ledger.decimals)
        return f"{shown:,.{ledger.decimals}f} {plan.settings.currency}"

    def listed(years: tuple[int, ...]) -> str:
        return ", ".join(str(year) for year in years) or text("ledger.say_none", lang)

    def say(entry: str, **values: object) -> str:
        return text(f"ledger.{entry}", lang, **values)

    first_month = plan.settings.fiscal_year_first_month
    percent = f"{(growth * 100).normalize():f}%"
    return [
        say(
            "say_lines", lines=f"{len(ledger.frame):,}", amount=money(ledger.total),
            first=ledger.first_date, last=ledger.last_date,
        ),
        say(
            "say_years", years=listed(all_years(ledger.frame, first_month)),
            complete=listed(complete_years(ledger.frame, first_month)),
        ),
        say(
            "say_target", year=plan.settings.year, growth=percent,
            amount=money(plan.settings.annual_target_amount),
            unit=money(plan.settings.rounding_unit_amount),
        ),
        say(
            "say_found", regions=len(plan.leaf_regions), products=len(plan.product_lines),
            people=len(plan.people), customers=len(plan.customers), channels=len(plan.channels),
        ),
    ]  # fmt: skip
