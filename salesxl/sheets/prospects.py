"""The prospects: a pipeline by source, and the list with next steps.

Only open prospects count (neither won nor lost). The weighted amount is expected
amount × win rate, and only where a win rate was given: none is ever assumed.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from salesxl.plan.model import Prospect
from salesxl.sheets.actuals import Actuals
from salesxl.sheets.content import Book, Condition, Formula, Sheet, a1, span
from salesxl.sheets.fields import (
    Field,
    Row,
    calculated,
    choose_from,
    editable,
    label,
    planned,
    region_field,
    this,
)
from salesxl.sheets.lists import (
    Placed,
    Tile,
    defaults,
    live,
    major,
    names,
    put_block,
    put_inputs,
    put_list,
    put_note,
    put_strip,
    said,
    set_grid,
    subtitle,
)
from salesxl.sheets.page import colour_status, legend, page, section, spacer
from salesxl.sheets.row_heights import fit_page
from salesxl.sheets.scope import Scope
from salesxl.texts import Lang, text

NAME = "prospects"
MOST_SOURCES = 8  # sources taken from the ledger where no prospect names one


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "prospects". Registers one check: the sources add up to the list."""
    lang, plan = scope.lang, scope.plan
    sheet = Sheet(
        NAME, text("prospects.title", lang), purpose=text("prospects.purpose", lang), kind="edit"
    )
    soon = defaults()["prospect_soon_days"]
    rows = _rows(scope, soon)
    set_grid(sheet, _fields(scope, "", ""), rows, lang)
    verdict = live(scope, _verdict(lang, rows))
    row = page(sheet, sheet.title, subtitle(scope, "prospects.subtitle"), lang, said(verdict))
    strip = row
    row, (as_of, days) = put_inputs(
        sheet, row + 4,
        [(text("prospects.as_of", lang), scope.as_of, "date", False),
         (text("prospects.soon_days", lang), soon, "int", True)],
        scope,
    )  # fmt: skip
    fields = _fields(scope, as_of, days)
    column = Placed(NAME, tuple(fields), 0, 0, 0, 1, True).column
    row = section(sheet, row, 1, sheet.last_col, text("prospects.by_source", lang))
    row = _by_source(sheet, row, scope, book, column, rows)
    row = section(sheet, spacer(sheet, row), 1, sheet.last_col, text("prospects.list", lang))
    row = legend(sheet, row, 1, lang)
    how = "prospects.how" if plan.prospects else "prospects.empty"
    row = put_note(sheet, row, text(how, lang), lang)
    placed = put_list(sheet, row, NAME, fields if plan.prospects else editable(fields), rows, scope)
    _strip(sheet, strip, scope, column, rows)
    colour_status(sheet, placed.area("reminder"))
    stage = placed.area("stage")
    for key, style in (("won", "positive"), ("lost", "muted")):
        test = f'={a1(stage[0], stage[1])}="{label(NAME, "stage", key, lang)}"'
        sheet.conditions.append(Condition("formula", stage, style, test))
    sheet.repeat_rows = (placed.header, placed.header)
    sheet.print_last_row = placed.last
    fit_page(sheet)
    return sheet


def _fields(scope: Scope, as_of: str, soon: str) -> list[Field]:
    lang = scope.lang
    people = names(scope.plan.people).values()

    def of(key: str, width: float, edit: bool = False, prompt: str = "") -> Field:
        return planned(NAME, key, lang, width, edit=edit, prompt=prompt)

    def at(key: str) -> str:
        return this(NAME, of(key, 9).title)

    won, lost = (label(NAME, "stage", key, lang) for key in ("won", "lost"))
    closed = f'{at("stage")}="{won}",{at("stage")}="{lost}"'
    overdue, near, fine = (text(f"prospects.{k}", lang) for k in ("overdue", "soon", "fine"))
    return [
        *region_field(scope, NAME, 10),
        of("id", 11),
        of("name", 22),
        of("source", 14, True),
        of("stage", 12, True),
        of("expected_amount", 13, True),
        of("win_rate", 10, True, text("prospects.win_prompt", lang)),
        calculated(
            "weighted", text("prospects.col_weighted", lang), "money", 13,
            f'=IF(OR({at("win_rate")}="",{closed}),0,{at("expected_amount")}*{at("win_rate")})',
            Decimal(0),
        ),
        choose_from(of("owner", 11, True), people),
        of("next_step", 28, True, text("prospects.step_prompt", lang)),
        of("due_date", 12.5, True),
        calculated(
            "reminder", text("prospects.col_reminder", lang), "status", 11.5,
            f'=IF(OR({at("due_date")}="",{closed}),"–",IF({at("due_date")}<{as_of},"{overdue}",'
            f'IF({at("due_date")}<={as_of}+{soon},"{near}","{fine}")))',
            "–",
        ),
    ]  # fmt: skip


def _is_open(prospect: Prospect) -> bool:
    return prospect.stage not in ("won", "lost")


def _rows(scope: Scope, soon: int) -> list[Row]:
    """One row a prospect: open ones first, the largest first."""
    lang, plan = scope.lang, scope.plan
    regions, people = names(plan.regions), names(plan.people)
    rows: list[Row] = []
    for item in sorted(plan.prospects, key=lambda p: (not _is_open(p), -p.expected_amount)):
        amount = major(item.expected_amount, scope)
        counts = _is_open(item) and item.win_rate is not None
        rows.append({
            "region": regions.get(item.region, item.region),
            "id": item.id,
            "name": item.name,
            "source": item.source or None,
            "stage": label(NAME, "stage", item.stage, lang),
            "expected_amount": amount,
            "win_rate": item.win_rate,
            "weighted": amount * item.win_rate if counts and item.win_rate else Decimal(0),
            "owner": people.get(item.owner, item.owner) or None,
            "next_step": item.next_step or None,
            "due_date": item.due_date,
            "reminder": _reminder(item, scope, soon),
        })  # fmt: skip
    return rows


def _reminder(item: Prospect, scope: Scope, soon: int) -> str:
    if item.due_date is None or not _is_open(item):
        return "–"
    left = (item.due_date - scope.as_of).days
    return text(
        "prospects.overdue" if left < 0 else "prospects.soon" if left <= soon else "prospects.fine",
        scope.lang,
    )


def _verdict(lang: Lang, rows: list[Row]) -> Formula:
    late = text("prospects.overdue", lang)
    count = sum(line["reminder"] == late for line in rows)
    counted = f'SUMPRODUCT(({NAME}[{text("prospects.col_reminder", lang)}]="{late}")*1)'
    good = text("prospects.verdict_ok", lang)
    before, after = text("prospects.verdict_late", lang).split("#")
    value = good if not count else f"{before}{count}{after}"
    return Formula(f'=IF({counted}=0,"{good}","{before}"&{counted}&"{after}")', value)


def _totals(rows: list[Row], won: str, lost: str) -> tuple[int, Decimal, Decimal, int, int]:
    """Open count, open amount, weighted amount, won, lost."""
    open_rows = [r for r in rows if r["stage"] not in (won, lost)]
    return (
        len(open_rows),
        sum((_exact(r["expected_amount"]) for r in open_rows), Decimal(0)),
        sum((_exact(r["weighted"]) for r in open_rows), Decimal(0)),
        sum(r["stage"] == won for r in rows),
        sum(r["stage"] == lost for r in rows),
    )


def _exact(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


def _by_source(
    sheet: Sheet, row: int, scope: Scope, book: Book, column: Callable[[str], str],
    rows: list[Row],
) -> int:  # fmt: skip
    """Open and closed prospects by source, with a total row."""
    lang = scope.lang
    won, lost = (label(NAME, "stage", key, lang) for key in ("won", "lost"))
    ids, source, stage = column("id"), column("source"), column("stage")
    is_open = f'({ids}<>"")*({stage}<>"{won}")*({stage}<>"{lost}")'
    head = 3 if scope.is_head_office else 2
    fields = [
        Field(key="source", title=text("prospects.source", lang), span=head),
        Field(key="open", title=text("prospects.open", lang), kind="int"),
        Field(key="won", title=won, kind="int"),
        Field(key="amount", title=text("prospects.open_amount", lang), kind="money"),
        Field(key="hit", title=text("prospects.hit_rate", lang), kind="share"),
        Field(key="weighted", title=text("prospects.col_weighted", lang), kind="money"),
        Field(key="lost", title=lost, kind="int"),
        Field(key="way", title=text("prospects.way", lang), span=3),
    ]
    sources = _sources(scope)
    lines: list[Row] = []
    for offset, (name, way) in enumerate(sources):
        at = row + 1 + offset
        mine = [r for r in rows if (r["source"] or "") == name]
        count, amount, weighted, won_count, lost_count = _totals(mine, won, lost)
        test = f"({source}={a1(at, 1, True, True)})" if name else f'({source}="")'
        w, k = a1(at, 1 + head + 1), a1(at, 1 + head + 5)
        lines.append({
            "source": name or text("lists.not_stated", lang),
            "open": Formula(f"=SUMPRODUCT({test}*{is_open})", count),
            "won": Formula(f'=SUMPRODUCT({test}*({ids}<>"")*({stage}="{won}"))', won_count),
            "amount": Formula(
                f"=SUMPRODUCT({test}*{is_open},{column('expected_amount')})", amount),
            "hit": Formula(f'=IF({w}+{k}=0,"–",{w}/({w}+{k}))', _hit(won_count, lost_count)),
            "weighted": Formula(f"=SUMPRODUCT({test}*1,{column('weighted')})", weighted),
            "lost": Formula(f'=SUMPRODUCT({test}*({ids}<>"")*({stage}="{lost}"))', lost_count),
            "way": way or None,
        })  # fmt: skip
    placed = put_block(sheet, row, "prospect_sources", fields, lines, scope)
    last = placed.after
    count, amount, weighted, won_count, lost_count = _totals(rows, won, lost)
    figures: dict[str, tuple[int | Decimal, str]] = {
        "open": (count, "int"), "won": (won_count, "int"), "amount": (amount, "money"),
        "weighted": (weighted, "money"), "lost": (lost_count, "int"),
    }  # fmt: skip
    for col in range(1, sheet.last_col + 1):
        sheet.put(last, col, None, "total")
    sheet.put(last, 1, text("prospects.total", lang), "total")
    for key, (value, fmt) in figures.items():
        col = placed.at(key)
        formula = Formula(f"=SUM({span(placed.first, col, placed.last, col)})", value)
        sheet.put(last, col, live(scope, formula), "total", fmt)
    w, k = a1(last, placed.at("won")), a1(last, placed.at("lost"))
    hit = Formula(f'=IF({w}+{k}=0,"–",{w}/({w}+{k}))', _hit(won_count, lost_count))
    sheet.put(last, placed.at("hit"), live(scope, hit), "total", "percent")
    sheet.height(last, 22)
    title = text("prospects.check", lang)
    sheet.width(sheet.last_col + 2, 34, sheet.last_col + 3)
    sheet.put(last, sheet.last_col + 2, title, "label")
    by_list = f"SUMPRODUCT({is_open},{column('expected_amount')})"
    decimals = scope.plan.settings.decimals
    formula = Formula(f"=ROUND({a1(last, placed.at('amount'))}-{by_list},{decimals})", Decimal(0))
    sheet.put(last, sheet.last_col + 3, live(scope, formula), "value", "check")
    book.check(sheet, last, sheet.last_col + 3, title, Decimal(0))
    return last + 1


def _hit(won: int, lost: int) -> Decimal | str:
    return Decimal(won) / (won + lost) if won + lost else "–"


def _sources(scope: Scope) -> list[tuple[str, str]]:
    """(source, how it is worked): those in use; without any, three to begin with."""
    lang = scope.lang
    ways = {text(f"prospects.{k}", lang): text(f"prospects.{k}_way", lang)
            for k in ("research", "online", "fair")}  # fmt: skip
    used = list(dict.fromkeys(p.source for p in scope.plan.prospects))
    if not used:
        known = Actuals(scope, "source").listed(scope.focus_year)
        used = [n for n in known if n != text("ledger_lines.blank", lang)][:MOST_SOURCES]
        used = used or list(ways)
    if "" not in used:
        used.append("")
    used.sort(key=lambda name: name == "")
    # Two spellings that formulas can't tell apart would be counted twice.
    seen: dict[str, str] = {}
    for name in used:
        seen.setdefault(name.casefold(), name)
    return [(name, ways.get(name, "")) for name in seen.values()]


def _strip(
    sheet: Sheet, row: int, scope: Scope, column: Callable[[str], str], rows: list[Row]
) -> None:
    lang = scope.lang
    won, lost = (label(NAME, "stage", key, lang) for key in ("won", "lost"))
    count, amount, weighted, _, _ = _totals(rows, won, lost)
    ids, stage, rate = column("id"), column("stage"), column("win_rate")
    is_open = f'({ids}<>"")*({stage}<>"{won}")*({stage}<>"{lost}")'
    rated = sum(r["win_rate"] is not None and r["stage"] not in (won, lost) for r in rows)
    late = [r for r in rows if r["reminder"] == text("prospects.overdue", lang)]
    reminder = f'({column("reminder")}="{text("prospects.overdue", lang)}")'
    late_amount = sum((_exact(r["expected_amount"]) for r in late), Decimal(0))
    money = "#,##0"
    put_strip(sheet, row, [
        Tile(text("prospects.count", lang), Formula(f"=SUMPRODUCT({is_open})", count), "count",
             text("prospects.count_sub", lang, count=len(rows)), "prospect_count"),
        Tile(text("prospects.open_amount", lang),
             Formula(f"=SUMPRODUCT({is_open},{column('expected_amount')})", amount), "money",
             text("prospects.amount_sub", lang), "prospect_amount"),
        Tile(text("prospects.col_weighted", lang), Formula(f"=SUM({column('weighted')})", weighted),
             "money", Formula(
                 f'=SUMPRODUCT({is_open}*({rate}<>""))&"{text("prospects.weighted_sub", lang)}"',
                 f"{rated}{text('prospects.weighted_sub', lang)}"), "prospect_weighted"),
        Tile(text("prospects.late", lang),
             Formula(f"=SUMPRODUCT({reminder}*1)", len(late)), "count",
             Formula(
                 f'="{text("prospects.late_sub", lang)}"'
                 f'&TEXT(SUMPRODUCT({reminder}*1,{column("expected_amount")}),"{money}")',
                 f"{text('prospects.late_sub', lang)}{late_amount:,.0f}"), "prospect_late",
             bad=bool(late)),
    ], scope)  # fmt: skip
