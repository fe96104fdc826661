"""Sales outside a partner's own regions (窜货): a block of the head office's partner sheet.

Only there: a region's workbook holds no line of another region. A partner is found in the
ledger by the customer ID the plan gives it; its own regions are its region and those the
plan names as further ones.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from salesxl.core.diversion import diversion_check
from salesxl.plan.model import Partner
from salesxl.sheets.actuals import Actuals
from salesxl.sheets.content import Formula, Sheet, Validation, Value, a1
from salesxl.sheets.fields import Field, planned
from salesxl.sheets.ledger_lines import ledger_column, lines
from salesxl.sheets.lists import defaults, major, names, put_block, put_note
from salesxl.sheets.page import colour_status, section, spacer
from salesxl.sheets.scope import Scope
from salesxl.texts import text

_BETWEEN = re.compile(r"[,，、;；/]")


def territory(partner: Partner, scope: Scope) -> list[str]:
    """The names of the regions the partner may sell in, its own first."""
    by_id = names(scope.plan.regions)
    by_word = {key.casefold(): name for key, name in by_id.items()}
    by_word |= {name.casefold(): name for name in by_id.values()}
    said = [by_id.get(partner.region, partner.region)]
    for word in _BETWEEN.split(partner.territory):
        if word.strip():
            said.append(by_word.get(word.strip().casefold(), word.strip()))
    return list(dict.fromkeys(said))


def applies(scope: Scope) -> bool:
    """Whether there is anything to check: at the head office, with lines and known partners."""
    known = any(partner.customer for partner in scope.plan.partners)
    return scope.is_head_office and scope.ledger is not None and known


def put_diversion(sheet: Sheet, row: int, scope: Scope, scores: int) -> int:
    """The block from `row` on, on a sheet with `scores` score columns; its last row."""
    lang, year = scope.lang, scope.focus_year
    row = section(sheet, row, 1, sheet.last_col, text("partners.diversion", lang))
    row = put_note(sheet, row, text("partners.diversion_how", lang, year=year), lang)
    tolerance = Decimal(defaults()["diversion_tolerance"]) / 100
    sheet.merge(row, 1, row, 3, text("partners.tolerance", lang), "label", "", "right")
    sheet.put(row, 4, tolerance, "input", "percent", "center")
    said = text("lists.share", lang)
    sheet.validations.append(
        Validation((row, 4, row, 4), "decimal", minimum=0, maximum=1, prompt=said, error=said)
    )
    sheet.height(row, 20)
    limit = a1(row, 4, True, True)
    row = spacer(sheet, row + 1)
    fields = [
        planned("partners", "name", lang, 20, span=3),
        Field(key="customer", title=planned("partners", "customer", lang, 9).title, kind="code"),
        Field(key="sales", title=text("partners.col_sales", lang, year=year), kind="money", span=2),
        Field(key="outside", title=text("partners.col_outside", lang), kind="money",
              span=scores - 2),
        Field(key="share", title=text("partners.col_outside_share", lang), kind="code",
              fmt="0.0%"),
        Field(key="flag", title=text("partners.col_flag", lang), kind="status"),
        Field(key="own", title=text("partners.col_own", lang), span=2),
    ]  # fmt: skip
    rows = _rows(scope, row, scores, limit)
    block = put_block(sheet, row, "diversion", fields, rows, scope)
    colour_status(sheet, block.area("flag"))
    return block.last


def _rows(scope: Scope, row: int, scores: int, limit: str) -> list[dict[str, Value]]:
    lang, year = scope.lang, scope.focus_year
    actuals = Actuals(scope, "customer_key")
    months = scope.year_months(year)
    frame = lines(scope)
    first, end = pd.Timestamp(months[0]), pd.Timestamp(months[12])
    frame = frame[(frame["date"] >= first) & (frame["date"] < end)]
    known = [partner for partner in scope.plan.partners if partner.customer]
    own = {partner.id: territory(partner, scope) for partner in known}
    tolerance = Fraction(defaults()["diversion_tolerance"], 100)
    fine, over = text("partners.inside", lang), text("partners.over", lang)
    found: list[dict[str, Value]] = []
    for offset, partner in enumerate(known):
        mine = frame[frame["customer_key"].astype(str) == partner.customer]
        regions = own[partner.id]
        outside, total, share, flag = 0, 0, None, "ok"
        if len(mine):
            _, total, outside, share, flag = diversion_check(
                [partner.customer] * len(mine), [str(r) for r in mine["region"]],
                [int(a) for a in mine["amount"]], [[partner.customer, r] for r in regions],
                tolerance,
            )[0]  # fmt: skip
        at = row + 1 + offset
        code, sales, beyond = a1(at, 4), a1(at, 5), a1(at, 7)
        part = a1(at, 5 + scores)
        is_live = actuals.is_live and all(re.fullmatch(r"[\w \-&()（）]+", r) for r in regions)
        all_sales, beyond_value = major(int(total), scope), major(int(outside), scope)
        inside = "-".join(
            f"SUMIFS({ledger_column('amount', lang)},{ledger_column('customer_key', lang)},"
            f'{code},{ledger_column("region", lang)},"{region}",'
            f'{ledger_column("date", lang)},">="&DATE({months[0].year},{months[0].month},1),'
            f'{ledger_column("date", lang)},"<"&DATE({months[12].year},{months[12].month},1))'
            for region in regions
        )
        decimals = scope.plan.settings.decimals
        exact = None if share is None else Fraction(share)
        found.append({
            "name": partner.name,
            "customer": partner.customer,
            "sales": Formula(actuals.formula(code, year), all_sales) if is_live else all_sales,
            "outside": Formula(f"=ROUND({sales}-{inside},{decimals})", beyond_value)
                       if is_live else beyond_value,
            "share": Formula(
                f'=IF({sales}>0,{beyond}/{sales},"–")',
                "–" if exact is None else Decimal(exact.numerator) / exact.denominator,
            ),
            "flag": Formula(
                f'=IF(ISNUMBER({part}),IF({part}>{limit},"{over}","{fine}"),'
                f'IF({beyond}>0,"{over}","{fine}"))',
                over if flag == "over" else fine,
            ),
            "own": text("lists.join", lang).join(regions),
        })  # fmt: skip
    return found
