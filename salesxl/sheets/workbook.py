"""From a scope to a whole workbook: which sheets, in which order, and what it tells.

The front page is built last, when all checks are known, and placed first.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Sequence
from decimal import Decimal

from salesxl.sheets import (
    analysis,
    analysis_detail,
    careers,
    channels,
    commission,
    comparison,
    customer_scores,
    customers,
    front,
    incentives,
    key_accounts,
    ledger_lines,
    partners,
    pipeline,
    proposal,
    prospects,
    reach,
    remaining,
    responsibilities,
    targets,
    targets_company,
    team,
    training,
    visits,
)
from salesxl.sheets.content import Book, Formula, Sheet
from salesxl.sheets.scope import Scope, region_mask
from salesxl.texts import Lang, text

EXAMPLE_PLAN = "example"  # id of the commission plan a new plan workbook starts with
Build = Callable[[Scope, Book], Sheet | list[Sheet]]

REGION: tuple[Build, ...] = (
    targets.build,
    remaining.build,
    proposal.build,
    commission.build,
    team.build,
    responsibilities.build,
    prospects.build,
    pipeline.build,
    customers.build,
    customer_scores.build,
    visits.build,
    key_accounts.build,
    channels.build,
    partners.build,
    incentives.build,
    training.build,
    careers.build,
    analysis.build,
    analysis_detail.build,
    ledger_lines.build,
)
HEAD_OFFICE: tuple[Build, ...] = (
    targets_company.build,
    reach.build,
    comparison.build,
    *REGION[3:],
)
# A column's value has no targets, people or prospects of its own: its lines and what they say.
LINES: tuple[Build, ...] = (customers.build, analysis.build, ledger_lines.build)


def build_book(
    scope: Scope,
    notices: Sequence[str] = (),
    stamp: str = "",
    more: Callable[[Book], Sequence[Sheet]] = lambda book: (),
) -> Book:
    """The workbook of `scope`.

    `notices` are lines about the whole run (see `notices_of`), `stamp` the run's
    `fingerprint`; both come from the head office's scope. `more`: sheets to stand behind
    the results and in the front page's contents, given the results.
    """
    lang, settings = scope.lang, scope.plan.settings
    said = {"company": settings.company, "scope": _scope_name(scope), "year": settings.year}
    book = Book(
        lang=lang,
        title=text(
            "workbook.title_head" if _is_whole(scope) else "workbook.title_region", lang, **said
        ),
        company=settings.company,
        currency=settings.currency,
        decimals=settings.decimals,
        footer_left=text("workbook.footer_left", lang, **said),
        footer_right=text(
            "workbook.footer_right",
            lang,
            version=settings.plan_version,
            fingerprint=stamp or fingerprint(scope),
        ),
        stamp=stamp or fingerprint(scope),
        notices=list(notices),
    )
    for build in _builds(scope):
        built = build(scope, book)
        book.sheets.extend(built if isinstance(built, list) else [built])
    book.sheets.extend(more(book))
    book.sheets.insert(0, front.build(scope, book))
    if scope.formulas == "values":
        for sheet in book.sheets:
            _values_only(sheet)
    return book


def fingerprint(scope: Scope) -> str:
    """``7F3A-91C2``: changes with the plan's meaning or any byte of a ledger."""
    files = scope.ledger.files if scope.ledger is not None else ()
    parts = [scope.plan.fingerprint, *(digest for _, digest in files)]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8].upper()
    return f"{digest[:4]}-{digest[4:]}"


def unassigned(head: Scope) -> tuple[int, int]:
    """Lines of no leaf region: how many, and their amount in minor units."""
    if head.ledger is None:
        return 0, 0
    rows = head.ledger.frame[~region_mask(head.ledger, head.targets.region_ids)]
    return len(rows), int(rows["amount"].sum())


def notices_of(head: Scope) -> tuple[list[str], list[str]]:
    """What the front pages must tell: (in every workbook, in the head office's alone)."""
    lang, ledger, settings = head.lang, head.ledger, head.plan.settings
    everywhere: list[str] = []
    for plan in head.plan.commission_plans:
        if plan.id == EXAMPLE_PLAN:
            everywhere.append(text("workbook.notice_example_plan", lang, name=plan.name))
            break
    if ledger is None:
        return [*everywhere, text("workbook.notice_no_ledger", lang)], []
    if not head.is_running:
        everywhere.append(
            text("workbook.notice_plan_ahead", lang, year=settings.year, focus=head.focus_year)
        )
    if ledger.rounded_lines:
        everywhere.append(
            text(
                "workbook.notice_rounding",
                lang,
                count=f"{ledger.rounded_lines:,}",
                difference=f"{ledger.rounding_difference:+,f}",
                currency=settings.currency,
            )
        )
    own: list[str] = []
    if ledger.skipped:
        amount = sum((s.amount for s in ledger.skipped if s.amount is not None), Decimal(0))
        own.append(_counted("skipped", lang, len(ledger.skipped), amount, settings.currency))
    if ledger.totals_left_out:
        own.append(text("workbook.notice_totals", lang, count=len(ledger.totals_left_out)))
    count, minor = unassigned(head)
    if count:
        amount = Decimal(minor).scaleb(-settings.decimals)
        own.append(_counted("unassigned", lang, count, amount, settings.currency))
    return everywhere, [*own, *ledger.notices]


def _counted(key: str, lang: Lang, count: int, amount: Decimal, currency: str) -> str:
    return text(
        f"workbook.notice_{key}",
        lang,
        count=f"{count:,}",
        amount=f"{amount:,f}",
        currency=currency,
    )


def _scope_name(scope: Scope) -> str:
    return text("workbook.head_office", scope.lang) if _is_whole(scope) else scope.name


def _is_whole(scope: Scope) -> bool:
    return scope.is_head_office and not scope.label


def _builds(scope: Scope) -> tuple[Build, ...]:
    if scope.kind not in ("region", "group", "person"):
        return LINES
    return HEAD_OFFICE if scope.is_head_office else REGION


def _values_only(sheet: Sheet) -> None:
    """``--formulas values``: each formula gives way to its value."""
    sheet.cells = [
        dataclasses.replace(cell, value=cell.value.value)
        if isinstance(cell.value, Formula)
        else cell
        for cell in sheet.cells
    ]
    sheet.tables = [
        dataclasses.replace(
            table, columns=[dataclasses.replace(column, formula="") for column in table.columns]
        )
        for table in sheet.tables
    ]
