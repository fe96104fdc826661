"""The workbooks of a pay run: one for each payee, and one for those who pay.

>>> book = build_statement(run.statements[0], run, "zh", "华岳仪器")
>>> [sheet.key for sheet in book.sheets]
['statement']
"""

from __future__ import annotations

from salesxl.ledger.pay.results import PayRun, Statement
from salesxl.sheets import payroll, statement
from salesxl.sheets.content import Book
from salesxl.texts import Lang, text


def build_statement(person: Statement, run: PayRun, lang: Lang, company: str = "") -> Book:
    """The workbook of one payee: nothing in it is of anybody else."""
    said = {"company": company, "name": person.name, "period": run.period.label}
    book = _book("statement", run, lang, company, said)
    book.sheets = statement.build(person, run, book)
    return book


def build_payroll(run: PayRun, lang: Lang, company: str = "") -> Book:
    """The workbook of the whole run: everybody's pay, what is in nobody's, what was noticed."""
    book = _book("payroll", run, lang, company, {"company": company, "period": run.period.label})
    book.sheets = payroll.build(run, book)
    return book


def _book(file: str, run: PayRun, lang: Lang, company: str, said: dict[str, str]) -> Book:
    mark = run.fingerprint[:8].upper()
    stamp = f"{mark[:4]}-{mark[4:]}" if len(mark) == 8 else mark
    version = run.plan_version or "–"
    return Book(
        lang=lang,
        title=text(f"{file}.book_title", lang, **said),
        company=company,
        footer_left=text(f"{file}.footer_left", lang, **said).removeprefix(" · "),
        footer_right=text("statement.footer_right", lang, version=version, fingerprint=stamp),
        currency=run.currency,
        decimals=run.decimals,
        stamp=stamp,
    )
