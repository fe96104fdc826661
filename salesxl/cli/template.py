"""``salesxl template copy|check|fields``: templates to restyle, and what fills them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesxl.cli.ledger_options import ledger_place
from salesxl.errors import Problem, fail
from salesxl.texts import LANGS, Lang, locale_lang, text

if TYPE_CHECKING:
    from salesxl.ooxml.pour.fields import Fields, ListField
    from salesxl.sheets.content import Book, Scalar
    from salesxl.sheets.scope import Scope

KINDS = ("region", "head-office", "plan", "statement")
_REGIONS = 12  # regions whose kinds of rows make a template


def add_parser(subparsers: argparse._SubParsersAction[Any], lang: Lang) -> None:
    def say(key: str) -> str:
        return text(f"template.{key}", lang)

    parser = subparsers.add_parser("template", help=say("help"), description=say("help"))
    actions = parser.add_subparsers(dest="action", metavar="", required=True)
    copy = actions.add_parser("copy", help=say("help_copy"), description=say("help_copy"))
    copy.add_argument("kind", choices=KINDS, help=say("arg_kind"))
    copy.add_argument("-o", "--out", type=Path, required=True, metavar="FILE", help=say("arg_out"))
    check = actions.add_parser("check", help=say("help_check"), description=say("help_check"))
    check.add_argument("file", type=Path, metavar="FILE", help=say("arg_file"))
    fields = actions.add_parser("fields", help=say("help_fields"), description=say("help_fields"))
    for action, run in ((copy, run_copy), (check, run_check), (fields, run_fields)):
        action.add_argument("--plan", type=Path, metavar="PLAN", help=say("arg_plan"))
        action.add_argument(
            "--ledger", type=ledger_place, action="append", nargs="+", default=[], metavar="FILE",
            help=say("arg_ledger"),
        )  # fmt: skip
        action.add_argument(
            "--lang", choices=LANGS, default=argparse.SUPPRESS, help=text("cli.lang", lang)
        )
        action.set_defaults(run=run)


def run_copy(arguments: argparse.Namespace) -> int:
    """Write a template; 0. Nothing is overwritten."""
    from salesxl.ooxml.atomic import write_atomic

    lang, path = _lang(arguments), arguments.out
    if path.exists() or path.is_symlink():
        raise fail("template.file_exists", str(path))
    write_atomic(path, template_bytes(arguments.kind, lang, _head(arguments, lang)))
    command = "commissions" if arguments.kind == "statement" else "generate"
    sys.stdout.write(text("template.copied", lang, file=path, command=command) + "\n")
    return 0


def run_check(arguments: argparse.Namespace) -> int:
    """Tell what a template does; 1 when it can fill nothing."""
    from salesxl.batch.output import is_plan, read_template
    from salesxl.ooxml.pour.inspect import about_book, about_own, about_target
    from salesxl.ooxml.pour.target import Target

    lang = _lang(arguments)
    source = read_template(arguments.file)
    if is_plan(source):
        sys.stdout.write(text("template.kind_plan", lang) + "\n")
        return 0
    if isinstance(source, Target):
        _print(about_target(source), lang)
        if arguments.plan is not None:
            books = _books(arguments, source.record.lang, source.record.kind)
            for book in books:
                _print(about_book(source, book), lang)
            sys.stdout.write(
                text("template.with_plan", lang, plan=arguments.plan, count=len(books)) + "\n"
            )
        return 0
    fields = _own_fields(_head(arguments, lang), lang)
    found = about_own(source, fields)
    _print(found, lang)
    return 1 if any(problem.severity == "error" for problem in found) else 0


_RUN_FIELDS = dict.fromkeys(("scope", "region", "year", "as_of", "currency", "plan_version"))


def run_fields(arguments: argparse.Namespace) -> int:
    """List the names of cells and tables a workbook of one's own can use; 0."""
    lang = _lang(arguments)
    fields = _own_fields(_head(arguments, lang), lang)
    cells = [
        f"  {name:<28} {fields.places.get(name, '')}".rstrip()
        for name in fields.cells
        if "." not in name
    ]
    lists = []
    for name, field in fields.lists.items():
        lists.append(f"  {name}  ({fields.places.get(name, '')})")
        lists += [f"      {key:<24} {title}" for key, title in field.titles.items()]
    lines = [text("template.fields_cells", lang), *cells, ""]
    lines += [text("template.fields_lists", lang), *lists]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _own_fields(head: Scope, lang: Lang) -> Fields:
    """All a workbook of one's own can be filled with: a region's, the head office's and, where
    the plan pays commission, a payee's."""
    from salesxl.ooxml.pour.fields import Fields, fields_of

    told = [fields_of(_book(scope), _RUN_FIELDS) for scope in (_regions(head)[0], head)]
    paid = _payee_fields(head, lang)
    told += [] if paid is None else [paid]
    cells: dict[str, Scalar] = {}
    lists: dict[str, ListField] = {}
    places: dict[str, str] = {}
    for one in told:  # the first that has a name tells where it stands
        for name, value in one.cells.items():
            cells.setdefault(name, value)
        for name, field in one.lists.items():
            lists.setdefault(name, field)
        for name, place in one.places.items():
            places.setdefault(name, place)
    return Fields(cells, lists, places)


def _payee_fields(head: Scope, lang: Lang) -> Fields | None:
    from salesxl.batch.statement_fields import statement_fields
    from salesxl.batch.statement_samples import sample_run
    from salesxl.sheets.pay_book import build_statement

    run = None if head.ledger is None else sample_run(head.plan, head.ledger)
    if run is None or not run.statements:
        return None
    person = run.statements[0]
    book = build_statement(person, run, lang, head.plan.settings.company)
    return statement_fields(person, run, book)


def _statements(head: Scope, lang: Lang) -> list[Book]:
    """The statements that show most of what a statement can have."""
    from salesxl.batch.statement_samples import sample_books

    if head.ledger is None:
        raise fail("template.statement_needs_ledger", "--ledger")
    return sample_books(head.plan, head.ledger, lang)


def template_bytes(kind: str, lang: Lang, head: Scope | None = None) -> bytes:
    """A template with the samples of `head`'s plan (the sample company's if None)."""
    from salesxl.ooxml.pour.prototype import template_of

    if kind == "plan":
        from salesxl.ooxml.write import book_bytes
        from salesxl.plan.starter import template_plan
        from salesxl.sheets.plan_book import plan_book

        return book_bytes(plan_book(template_plan(lang), lang))
    head = head or _sample(lang)
    if kind == "statement":
        return template_of(_statements(head, lang), "statement")
    if kind == "region":
        return template_of([_book(scope) for scope in _regions(head)], "region")
    return template_of([_book(head)], "head-office")


def _books(arguments: argparse.Namespace, lang: Lang, kind: str) -> list[Book]:
    """Contents to try a template with: the head office's, some regions' or some payees'."""
    head = _head(arguments, lang)
    if kind == "statement":
        return _statements(head, lang)
    return [_book(scope) for scope in ((head,) if kind == "head-office" else _regions(head))]


def _book(scope: Scope) -> Book:
    from salesxl.sheets.workbook import build_book, notices_of

    return build_book(scope, notices_of(scope)[0] if scope.is_head_office else ())


def _regions(head: Scope) -> list[Scope]:
    """The first regions, that with most people before the others: it shows most."""
    from salesxl.sheets.scope import narrow

    regions = {region.id: region for region in head.plan.regions}
    keys = head.targets.region_ids[:_REGIONS]
    ranked = sorted(keys, key=lambda key: -len(head.targets.of(key).members))
    return [narrow(head, regions[key]) for key in ranked]


def _head(arguments: argparse.Namespace, lang: Lang) -> Scope:
    """The head office's scope of the plan given, or of the sample company."""
    if arguments.plan is None:
        return _sample(lang)
    from salesxl.ledger.match import match
    from salesxl.ledger.read import read_ledgers
    from salesxl.plan.read import read_plan
    from salesxl.plan.targets import breakdown
    from salesxl.sheets.scope import head_office

    plan = read_plan(arguments.plan)
    paths = [path for group in arguments.ledger for path in group]
    ledger = None
    if paths:
        decimals = plan.settings.decimals
        ledger, _ = match(read_ledgers(paths, decimals=decimals, lang=lang), plan)
    return head_office(plan, breakdown(plan), ledger, lang, "native")


def _sample(lang: Lang) -> Scope:
    import tempfile

    from salesxl.ledger.match import match
    from salesxl.ledger.read import read_ledgers
    from salesxl.plan.targets import breakdown
    from salesxl.sample.company import sample_plan
    from salesxl.sample.ledger import write_ledger
    from salesxl.sheets.scope import head_office

    plan = sample_plan(lang)
    with tempfile.TemporaryDirectory(prefix="salesxl-") as folder:
        path = Path(folder) / "ledger.csv"
        write_ledger(path, lang)
        lines = read_ledgers([path], decimals=plan.settings.decimals, lang=lang)
    ledger, _ = match(lines, plan)
    return head_office(plan, breakdown(plan), ledger, lang, "native")


def _print(problems: list[Problem], lang: Lang) -> None:
    for problem in problems:
        sys.stdout.write(problem.say(lang) + "\n")


def _lang(arguments: argparse.Namespace) -> Lang:
    return getattr(arguments, "lang", None) or locale_lang()
