"""The key accounts: why each is one, what it gets, what it buys; and who could be next.

How much hangs on few customers stands between: the shares of the largest and the Herfindahl
index, over the list of the customers sheet.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from salesxl.core.concentration import herfindahl, top_share
from salesxl.sheets.actuals import Actuals
from salesxl.sheets.care import care
from salesxl.sheets.content import Book, Condition, Formula, Sheet, a1
from salesxl.sheets.fields import (
    Field,
    Row,
    calculated,
    choose_from,
    editable,
    label,
    planned,
    this,
)
from salesxl.sheets.lists import (
    Tile,
    defaults,
    live,
    major,
    names,
    put_block,
    put_list,
    put_note,
    put_strip,
    ratio,
    said,
    set_grid,
    subtitle,
)
from salesxl.sheets.page import legend, page, section, spacer
from salesxl.sheets.row_heights import fit_page
from salesxl.sheets.scope import Scope
from salesxl.texts import text

NAME = "key_accounts"
TOPS = (1, 5)  # customers whose share is told; the customers list has spare rows for five


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "key_accounts"; `book` is not changed."""
    lang = scope.lang
    sheet = Sheet(
        NAME, text("key_accounts.title", lang), purpose=text("key_accounts.purpose", lang),
        kind="edit",
    )  # fmt: skip
    actuals = care(scope).actuals
    fields, rows = _fields(scope, actuals), _rows(scope, actuals)
    set_grid(sheet, fields, rows, lang)
    unplanned = sum(line["action"] is None for line in rows)
    title = next(f.title for f in fields if f.key == "action")
    key = next(f.title for f in fields if f.key == "customer")
    open_actions = f'SUMPRODUCT(({NAME}[{key}]<>"")*({NAME}[{title}]=""))'
    good = text("key_accounts.verdict_ok" if rows else "key_accounts.verdict_none", lang)
    before, after = text("key_accounts.verdict_open", lang).split("#")
    verdict = Formula(
        f'=IF({open_actions}=0,"{good}","{before}"&{open_actions}&"{after}")',
        f"{before}{unplanned}{after}" if unplanned else good,
    )
    row = page(
        sheet, sheet.title, subtitle(scope, "key_accounts.subtitle"), lang,
        said(live(scope, verdict)),
    )  # fmt: skip
    strip = row
    row = legend(sheet, row + 4, 1, lang)
    how = "key_accounts.how" if rows else "key_accounts.empty"
    row = put_note(sheet, row, text(how, lang), lang)
    placed = put_list(sheet, row, NAME, fields if rows else editable(fields), rows, scope)
    _strip(sheet, strip, scope, actuals, rows)
    row = section(
        sheet, spacer(sheet, placed.after, 12), 1, sheet.last_col,
        text("key_accounts.concentration", lang),
    )  # fmt: skip
    row = section(
        sheet, spacer(sheet, _concentration(sheet, row, scope, book), 12), 1, sheet.last_col,
        text("key_accounts.candidates", lang),
    )  # fmt: skip
    sheet.print_last_row = _candidates(sheet, row, scope, actuals)
    fit_page(sheet)
    largest = max((float(_exact(line["focus"])) for line in rows), default=0.0)
    if largest > 0:
        sheet.conditions.append(Condition("bar", placed.area("focus"), maximum=2 * largest))
    return sheet


def _exact(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


def _fields(scope: Scope, actuals: Actuals) -> list[Field]:
    lang, year = scope.lang, scope.focus_year
    people = names(scope.plan.people).values()

    def of(key: str, width: float, edit: bool = False) -> Field:
        return planned(NAME, key, lang, width, edit=edit)

    key = this(NAME, of("customer", 9).title)
    amounts = [
        calculated(
            name, text("key_accounts.col_year", lang, year=y), "money", 13,
            actuals.formula(key, y) if actuals.is_live else "", Decimal(0),
        )
        for name, y in (("focus", year), ("before", year - 1))
    ]  # fmt: skip
    region = planned("customers", "region", lang, 10)
    return [
        *([region] if scope.is_head_office else []),
        of("customer", 10.5),
        planned("customers", "name", lang, 20),
        planned("customers", "grade", lang, 7.5),
        choose_from(of("owner", 11, True), people),
        *amounts,
        Field(key="rule", title=text("key_accounts.col_rule", lang), width=15, derived=True),
        of("reason", 20, True),
        of("terms", 20, True),
        of("service", 20, True),
        of("action", 22, True),
    ]


def _rows(scope: Scope, actuals: Actuals) -> list[Row]:
    lang, plan, year = scope.lang, scope.plan, scope.focus_year
    regions, people = names(plan.regions), names(plan.people)
    customers = {customer.id: customer for customer in plan.customers}
    rows: list[Row] = []
    for item in plan.key_accounts:
        customer = customers.get(item.customer)
        owner = item.owner or (customer.owner if customer else "")
        rows.append({
            "region": regions.get(customer.region, customer.region) if customer else None,
            "customer": item.customer,
            "name": customer.name if customer else None,
            "grade": label("customers", "grade", customer.grade, lang) or None
                     if customer else None,
            "owner": people.get(owner, owner) or None,
            "focus": major(actuals.amount(item.customer, year), scope),
            "before": major(actuals.amount(item.customer, year - 1), scope),
            "rule": _rule(item.customer, scope),
            "reason": item.reason or None,
            "terms": item.terms or None,
            "service": item.service or None,
            "action": item.action or None,
        })  # fmt: skip
    return sorted(rows, key=lambda line: -_exact(line["focus"]))


def _rule(customer: str, scope: Scope) -> str:
    """What put the customer on the list: its grade by sales, or a decision alone."""
    fact = care(scope).facts.get(customer)
    if fact is None or fact.grade != "A":
        return text("key_accounts.rule_chosen", scope.lang)
    return text("key_accounts.rule_sales", scope.lang, share=f"{float(fact.share or 0):.0%}")


def _concentration(sheet: Sheet, row: int, scope: Scope, book: Book) -> int:
    """The largest customers' shares and the Herfindahl index; the next free row."""
    lang = scope.lang
    ids = [customer.id for customer in scope.plan.customers]
    amounts = [care(scope).facts[name].amount for name in ids]
    title = text("customers.col_year", lang, year=scope.focus_year)
    column = f"customers[{title}]"
    sold = f'SUMIF({column},">0")'
    listed = any(table.name == "customers" for other in book.sheets for table in other.tables)
    lead = 1 if scope.is_head_office else 0
    fields = [
        Field(key="what", title=text("key_accounts.col_what", lang), span=2 + lead),
        Field(key="value", title=text("key_accounts.col_value", lang), kind="code"),
        Field(key="means", title=text("key_accounts.col_means", lang),
              span=sheet.last_col - 3 - lead),
    ]  # fmt: skip
    lines: list[Row] = []
    for count in TOPS:
        share = top_share(amounts, count)
        largest = "+".join(f"MAX(0,LARGE({column},{n}))" for n in range(1, count + 1))
        formula = f'=IF({sold}=0,"–",({largest})/{sold})'
        key = "one" if count == 1 else "top"
        lines.append({
            "what": text(f"key_accounts.{key}", lang, count=count),
            "value": _measured(share, formula, listed),
            "means": text(f"key_accounts.{key}_means", lang, count=count),
        })  # fmt: skip
    index = herfindahl(amounts)
    formula = f'=IF({sold}=0,"–",SUMPRODUCT(({column}>0)*{column}*{column})/{sold}/{sold})'
    alike = f"{float(1 / index):.1f}" if index else "–"
    lines.append({
        "what": text("key_accounts.herfindahl", lang),
        "value": _measured(index, formula, listed),
        "means": text("key_accounts.herfindahl_means", lang, count=alike),
    })  # fmt: skip
    block = put_block(sheet, row, "concentration", fields, lines, scope)
    # The index is no share: three decimals, as it is usually told.
    for place, cell in enumerate(sheet.cells):
        if cell.col == block.at("value") and block.first <= cell.row <= block.last:
            fmt = "0.000" if cell.row == block.last else "0.0%"
            sheet.cells[place] = replace(cell, look=replace(cell.look, fmt=fmt))
    return block.after


def _measured(value: Fraction | None, formula: str, is_live: bool) -> Formula | Decimal | str:
    shown = "–" if value is None else Decimal(value.numerator) / Decimal(value.denominator)
    return Formula(formula, shown) if is_live else shown


def _strip(sheet: Sheet, row: int, scope: Scope, actuals: Actuals, rows: list[Row]) -> None:
    lang, year = scope.lang, scope.focus_year
    focus, before = (
        sum((_exact(line[key]) for line in rows), Decimal(0)) for key in ("focus", "before")
    )
    total = major(actuals.total(year), scope)
    title = planned(NAME, "customer", lang, 9).title
    column = {y: f"{NAME}[{text('key_accounts.col_year', lang, year=y)}]" for y in (year, year - 1)}
    part = ratio(focus, total)
    share: Formula | Decimal = part
    if actuals.is_live:
        all_lines = actuals.total_formula(year).removeprefix("=")
        share = Formula(f"=IF({all_lines}=0,0,SUM({column[year]})/{all_lines})", part)
    put_strip(sheet, row, [
        Tile(text("key_accounts.count", lang),
             Formula(f'=SUMPRODUCT(({NAME}[{title}]<>"")*1)', len(rows)), "count",
             text("key_accounts.count_sub", lang, count=len(scope.plan.customers)),
             "key_account_count"),
        Tile(text("key_accounts.amount", lang, year=year),
             Formula(f"=SUM({column[year]})", focus), "money",
             text("key_accounts.amount_sub", lang, amount=f"{total:,.0f}"), "key_account_amount"),
        Tile(text("key_accounts.share", lang), share, "percent",
             text("key_accounts.share_sub", lang), "key_account_share"),
        Tile(text("key_accounts.amount", lang, year=year - 1),
             Formula(f"=SUM({column[year - 1]})", before), "money",
             text("key_accounts.change", lang, change=f"{ratio(focus - before, before):+.1%}")
             if before else "–", "key_account_before"),
    ], scope)  # fmt: skip


def _candidates(sheet: Sheet, row: int, scope: Scope, actuals: Actuals) -> int:
    """The largest customers not yet on the list, with their share; the last row used."""
    lang, plan, year = scope.lang, scope.plan, scope.focus_year
    taken = {item.customer for item in plan.key_accounts}
    known = names(plan.customers)
    largest = [
        (name, amount) for name, amount in actuals.listed(year).items()
        if name not in taken and amount > 0 and name != text("ledger_lines.blank", lang)
    ][: defaults()["candidates"]]  # fmt: skip
    if not largest:
        return put_note(sheet, row, text("key_accounts.no_candidates", lang), lang) - 1
    row = put_note(sheet, row, text("key_accounts.candidates_how", lang), lang)
    lead = 1 if scope.is_head_office else 0
    fields = [
        planned(NAME, "customer", lang, 10, span=1 + lead),
        planned("customers", "name", lang, 20, span=3),
        Field(key="focus", title=text("key_accounts.col_year", lang, year=year), kind="money"),
        Field(key="share", title=text("key_accounts.col_share", lang), kind="share"),
        planned(NAME, "reason", lang, 20, edit=True, span=2),
        Field(key="decision", title=text("key_accounts.decision", lang), span=3, edit=True),
    ]
    total = actuals.total_formula(year).removeprefix("=")
    all_amount = major(actuals.total(year), scope)
    lines: list[Row] = []
    for offset, (name, minor) in enumerate(largest):
        at = row + 1 + offset
        amount = major(minor, scope)
        cell = a1(at, 5 + lead)
        is_live = actuals.is_live
        part = ratio(amount, all_amount)
        lines.append({
            "customer": name,
            "name": known.get(name, name),
            "focus": Formula(actuals.formula(a1(at, 1), year), amount) if is_live else amount,
            "share": Formula(f"=IF({total}=0,0,{cell}/{total})", part) if is_live else part,
        })  # fmt: skip
    return put_block(sheet, row, "candidates", fields, lines, scope).last
