"""Online and offline channels: what each is to reach, by what means, and what it sold.

Actuals are live sums over the ledger by the channel's name; what the ledger calls by a
name the plan does not have is shown too, so that the mix adds up to all sales. What a
channel cost stands against its sales and the customers it won; without a cost there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from salesxl.core.diversion import channel_return, cost_per_win
from salesxl.core.number import Exact
from salesxl.plan.model import Channel
from salesxl.sheets.actuals import Actuals
from salesxl.sheets.content import Book, Condition, Formula, Sheet, Value, a1, span
from salesxl.sheets.fields import Field, Row, calculated, editable, planned, this
from salesxl.sheets.lists import (
    Placed,
    Tile,
    live,
    major,
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
from salesxl.sheets.row_heights import fit_page, keep_together
from salesxl.sheets.scope import Scope
from salesxl.texts import Lang, text

KINDS = ("online", "offline")
MOST_UNPLANNED = 12  # further names of the ledger are summed in one row


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "channels". With a ledger it registers one check: the mix is all sales."""
    lang, plan = scope.lang, scope.plan
    sheet = Sheet(
        "channels", text("channels.title", lang), purpose=text("channels.purpose", lang),
        kind="edit",
    )  # fmt: skip
    actuals = Actuals(scope, "channel")
    rows = {kind: [_row(c, scope, actuals) for c in plan.channels if c.kind == kind]
            for kind in KINDS}  # fmt: skip
    set_grid(sheet, _fields(scope, actuals, "x"), [*rows["online"], *rows["offline"]], lang)
    behind = sum(
        1 for c in plan.channels
        if c.target_amount and actuals.amount(c.name, scope.focus_year) < c.target_amount
    )  # fmt: skip
    row = page(
        sheet, sheet.title, subtitle(scope, "channels.subtitle"), lang,
        said(live(scope, _verdict(scope, behind))),
    )  # fmt: skip
    strip = row
    row = legend(sheet, row + 4, 1, lang)
    empty = not plan.channels
    row = put_note(sheet, row, text("channels.empty" if empty else "channels.how", lang), lang)
    placed: dict[str, Placed] = {}
    for kind in KINDS:
        row = section(sheet, row, 1, sheet.last_col, text(f"channels.{kind}", lang))
        row = put_note(sheet, row, text(f"channels.{kind}_how", lang), lang)
        name = f"channels_{kind}"
        fields = _fields(scope, actuals, name)
        placed[kind] = put_list(
            sheet, row, name, fields if rows[kind] else editable(fields), rows[kind], scope,
            spare=1 if rows[kind] else 5, autofilter=False,
        )  # fmt: skip
        row = spacer(sheet, placed[kind].after)
        target = placed[kind].area("attainment")
        sheet.conditions.append(Condition("bar", target, maximum=2))
    row = section(sheet, row, 1, sheet.last_col, text("channels.mix", lang))
    sheet.print_last_row = _mix(sheet, row, scope, book, actuals, placed, rows)
    keep_together(sheet, row - 1, sheet.print_last_row)
    fit_page(sheet)
    _strip(sheet, strip, scope, actuals, placed, rows)
    return sheet


def _verdict(scope: Scope, behind: int) -> Formula:
    lang = scope.lang
    names = {key: next(f.title for f in _fields(scope, None, "x") if f.key == key)
             for key in ("target_amount", "actual")}  # fmt: skip
    counted = "+".join(
        f"SUMPRODUCT(({t}[{names['target_amount']}]>0)"
        f"*({t}[{names['actual']}]<{t}[{names['target_amount']}]))"
        for t in ("channels_online", "channels_offline")
    )
    before, after = text("channels.verdict_behind", lang).split("#")
    good = text("channels.verdict_ok" if any(c.target_amount for c in scope.plan.channels)
                else "channels.verdict_none", lang)  # fmt: skip
    value = f"{before}{behind}{after}" if behind else good
    return Formula(f'=IF({counted}=0,"{good}","{before}"&({counted})&"{after}")', value)


def _fields(scope: Scope, actuals: Actuals | None, table: str) -> list[Field]:
    lang = scope.lang

    def of(key: str, width: float) -> Field:
        return planned("channels", key, lang, width, edit=key not in ("name",))

    year = scope.focus_year
    actual = text("channels.col_actual", lang, year=year)
    name, target = this(table, of("name", 9).title), this(table, of("target_amount", 9).title)
    here = this(table, actual)
    is_live = actuals is not None and actuals.is_live
    return [
        of("name", 16),
        of("goal", 25),
        of("measures", 33),
        of("responsible", 13),
        of("budget_amount", 13.5),
        of("target_amount", 13.5),
        calculated(
            "actual", actual, "money", 13.5,
            actuals.formula(name, year) if is_live and actuals else "", Decimal(0),
        ),
        calculated(
            "attainment", text("channels.col_attainment", lang), "share", 12,
            f'=IF({target}=0,"–",{here}/{target})', "–",
        ),
        *(_costs(of, table, actual, lang) if scope.is_head_office else ()),
    ]  # fmt: skip


def _costs(of: Callable[[str, float], Field], table: str, actual: str, lang: Lang) -> list[Field]:
    """Cost, return, customers won. The plan has them for the whole company, so only the head
    office's workbook can hold them against its sales."""
    here, cost = this(table, actual), this(table, of("cost_amount", 9).title)
    won = this(table, text("channels.col_won", lang))
    return [
        of("cost_amount", 12.5),
        calculated(
            "return", text("channels.col_return", lang), "code", 9,
            f'=IF(N({cost})=0,"–",{here}/{cost})', "–", "0.0",
        ),
        replace(of("customers_won", 9), title=text("channels.col_won", lang)),
        calculated(
            "per_win", text("channels.col_per_win", lang), "money", 11.5,
            f'=IF(N({won})=0,"–",N({cost})/{won})', "–",
        ),
    ]  # fmt: skip


def _row(channel: Channel, scope: Scope, actuals: Actuals) -> Row:
    actual, cost = actuals.amount(channel.name, scope.focus_year), channel.cost_amount
    per_win = cost_per_win(major(cost or 0, scope), channel.customers_won or 0)
    return {
        "name": channel.name,
        "goal": channel.goal or None,
        "measures": channel.measures or None,
        "responsible": channel.responsible or None,
        "budget_amount": major(channel.budget_amount, scope),
        "target_amount": major(channel.target_amount, scope),
        "actual": major(actual, scope),
        "attainment": Decimal(actual) / channel.target_amount if channel.target_amount else "–",
        "cost_amount": None if cost is None else major(cost, scope),
        "return": _shown(channel_return(actual, cost or 0)),
        "customers_won": channel.customers_won,
        "per_win": _shown(per_win),
    }


def _shown(value: Exact | None) -> Decimal | str:
    """A result of the rules as a cell holds it."""
    if value is None:
        return "–"
    exact = Fraction(value)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _costed(rows: list[Row]) -> Decimal:
    """The sales of channels with a cost: those of the others have no return."""
    return _sum([line for line in rows if line["cost_amount"]], "actual")


def _back(sold: Decimal, cost: Decimal, placed: Iterable[Placed], cost_cell: str) -> Formula:
    """Sales for each 1 of cost, over channels with a cost."""
    sums = "+".join(
        f"SUMPRODUCT(({one.column('cost_amount')}>0)*{one.column('actual')})" for one in placed
    )
    value = _shown(channel_return(sold, cost))
    return Formula(f'=IF({cost_cell}=0,"–",({sums})/{cost_cell})', value)


def _per_win(cost: Decimal, won: int, cost_cell: str, won_cell: str) -> Formula:
    value = _shown(cost_per_win(cost, won))
    return Formula(f'=IF({won_cell}=0,"–",{cost_cell}/{won_cell})', value)


def _sum(rows: list[Row], key: str) -> Decimal:
    values = (line[key] for line in rows)
    return sum((v for v in values if isinstance(v, Decimal)), Decimal(0))


def _mix(
    sheet: Sheet, row: int, scope: Scope, book: Book, actuals: Actuals,
    placed: dict[str, Placed], rows: dict[str, list[Row]],
) -> int:  # fmt: skip
    """Online, offline, each name the plan lacks, and the total; the last row used."""
    lang, year = scope.lang, scope.focus_year
    total = major(actuals.total(year), scope)
    fields = [
        Field(key="kind", title=text("channels.group", lang)),
        Field(key="channels", title=text("channels.names", lang), span=3),
        Field(key="budget_amount", title=planned("channels", "budget_amount", lang, 9).title,
              kind="money"),
        Field(key="target_amount", title=planned("channels", "target_amount", lang, 9).title,
              kind="money"),
        Field(key="actual", title=text("channels.col_actual", lang, year=year), kind="money"),
        Field(key="share", title=text("channels.col_share", lang), kind="share"),
        *(_cost_fields(lang) if scope.is_head_office else ()),
    ]  # fmt: skip
    planned_names = {actuals.sight(channel.name) for channel in scope.plan.channels}
    beside = [
        (n, a) for n, a in actuals.listed(year).items() if actuals.sight(n) not in planned_names
    ]
    beside_rest = actuals.total(year) - sum(actuals.listed(year).values())
    shown, rest = beside[:MOST_UNPLANNED], beside[MOST_UNPLANNED:]
    lines: list[dict[str, Value]] = []
    for kind in KINDS:
        mine = placed[kind]
        lines.append({
            "kind": text(f"channels.{kind}", lang),
            "channels": text("lists.join", lang).join(str(r["name"]) for r in rows[kind]) or "–",
            **{key: Formula(f"=SUM({mine.column(key)})", _sum(rows[kind], key))
               for key in ("budget_amount", "target_amount", "actual")},
            **(_won(row + 1 + len(lines), mine, rows[kind]) if scope.is_head_office else {}),
        })  # fmt: skip
    for name, minor in shown:
        at = row + 1 + len(lines)
        amount = major(minor, scope)
        lines.append({
            "kind": text("channels.unplanned", lang),
            "channels": name,
            "actual": Formula(actuals.formula(a1(at, 2, True, True), year), amount)
                      if actuals.is_live else amount,
        })  # fmt: skip
    leftover = sum(amount for _, amount in rest) + beside_rest
    if leftover or rest:
        lines.append({
            "kind": text("channels.unplanned", lang),
            "channels": text("channels.rest", lang),
            "actual": major(leftover, scope),
        })  # fmt: skip
    last = row + 1 + len(lines)
    for offset, line in enumerate(lines):
        cell, all_cell = a1(row + 1 + offset, 7), a1(last, 7, True, True)
        value = line["actual"].value if isinstance(line["actual"], Formula) else line["actual"]
        part = ratio(value, total) if isinstance(value, Decimal) else Decimal(0)
        line["share"] = Formula(f"=IF({all_cell}=0,0,{cell}/{all_cell})", part)
    block = put_block(sheet, row, "mix", fields, lines, scope)
    for col in range(1, sheet.last_col + 1):
        sheet.put(last, col, None, "total")
    sheet.put(last, 1, text("channels.total", lang), "total")
    for key in ("budget_amount", "target_amount"):
        col = block.at(key)
        formula = Formula(f"=SUM({span(block.first, col, block.last, col)})",
                          sum((_sum(rows[kind], key) for kind in KINDS), Decimal(0)))  # fmt: skip
        sheet.put(last, col, live(scope, formula), "total", "money")
    col = block.at("actual")
    summed = Formula(f"=SUM({span(block.first, col, block.last, col)})", total)
    sheet.put(last, col, live(scope, summed), "total", "money", name="channel_total")
    share = Formula(f"=SUM({span(block.first, col + 1, block.last, col + 1)})",
                    Decimal(1) if total else Decimal(0))  # fmt: skip
    sheet.put(last, col + 1, live(scope, share), "total", "percent")
    if scope.is_head_office:
        _total_return(sheet, scope, block, last, rows, placed)
    sheet.height(last, 22)
    if scope.ledger is not None:
        title, decimals = text("channels.check", lang), scope.plan.settings.decimals
        side = sheet.last_col + 2
        sheet.width(side, 34, side + 1)
        sheet.put(last, side, title, "label")
        source = actuals.total_formula(year).removeprefix("=")
        formula = Formula(f"=ROUND({a1(last, col)}-{source},{decimals})", Decimal(0))
        sheet.put(last, side + 1, live(scope, formula), "value", "check")
        book.check(sheet, last, side + 1, title, Decimal(0))
    return last


def _cost_fields(lang: Lang) -> list[Field]:
    return [
        Field(key="cost_amount", title=planned("channels", "cost_amount", lang, 9).title,
              kind="money"),
        Field(key="return", title=text("channels.col_return", lang), kind="code", fmt="0.0"),
        Field(key="customers_won", title=text("channels.col_won", lang), kind="int"),
        Field(key="per_win", title=text("channels.col_per_win", lang), kind="money"),
    ]  # fmt: skip


def _counted(rows: list[Row]) -> int:
    return sum(v for v in (line["customers_won"] for line in rows) if isinstance(v, int))


def _won(row: int, placed: Placed, rows: list[Row]) -> dict[str, Value]:
    """Return and customers won of one kind; cost and actual stand in the same row."""
    cost, won = _sum(rows, "cost_amount"), _counted(rows)
    cost_cell, won_cell = a1(row, 9), a1(row, 11)
    return {
        "cost_amount": Formula(f"=SUM({placed.column('cost_amount')})", cost),
        "return": _back(_costed(rows), cost, [placed], cost_cell),
        "customers_won": Formula(f"=SUM({placed.column('customers_won')})", won),
        "per_win": _per_win(cost, won, cost_cell, won_cell),
    }


def _total_return(
    sheet: Sheet, scope: Scope, block: Placed, last: int, rows: dict[str, list[Row]],
    placed: dict[str, Placed],
) -> None:  # fmt: skip
    """Cost, return and customers won of all channels, below the mix."""
    cost = sum((_sum(rows[kind], "cost_amount") for kind in KINDS), Decimal(0))
    won = sum(_counted(rows[kind]) for kind in KINDS)
    sold = sum((_costed(rows[kind]) for kind in KINDS), Decimal(0))
    cost_cell, won_cell = a1(last, 9), a1(last, 11)
    sums = {key: span(block.first, block.at(key), block.last, block.at(key))
            for key in ("cost_amount", "customers_won")}  # fmt: skip
    cells: dict[str, tuple[Value, str]] = {
        "cost_amount": (Formula(f"=SUM({sums['cost_amount']})", cost), "money"),
        "return": (_back(sold, cost, placed.values(), cost_cell), "0.0"),
        "customers_won": (Formula(f"=SUM({sums['customers_won']})", won), "int"),
        "per_win": (_per_win(cost, won, cost_cell, won_cell), "money"),
    }
    for key, (value, fmt) in cells.items():
        extras = ("center",) if key == "return" else ()
        sheet.put(last, block.at(key), live(scope, value), "total", fmt, *extras)


def _strip(
    sheet: Sheet, row: int, scope: Scope, actuals: Actuals, placed: dict[str, Placed],
    rows: dict[str, list[Row]],
) -> None:  # fmt: skip
    lang, year = scope.lang, scope.focus_year
    total = major(actuals.total(year), scope)

    def both(key: str) -> Formula:
        columns = ",".join(placed[kind].column(key) for kind in KINDS)
        return Formula(f"=SUM({columns})", sum((_sum(rows[k], key) for k in KINDS), Decimal(0)))

    tiles = [
        Tile(text("channels.budget", lang), both("budget_amount"), "money",
             text("channels.count", lang, count=len(scope.plan.channels)), "channel_budget"),
        Tile(text("channels.target", lang), both("target_amount"), "money",
             text("channels.target_sub", lang), "channel_target"),
    ]  # fmt: skip
    for kind in KINDS:
        amount = _sum(rows[kind], "actual")
        tiles.append(
            Tile(
                text(f"channels.{kind}_sales", lang, year=year),
                Formula(f"=SUM({placed[kind].column('actual')})", amount), "money",
                text("channels.share", lang, share=f"{ratio(amount, total):.1%}"),
                f"channel_{kind}",
            )
        )  # fmt: skip
    put_strip(sheet, row, tiles, scope)
