"""What is payable, how it came about in words, and the place to agree or object."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from salesxl.core.number import half_up
from salesxl.ledger.pay.explain import sentence
from salesxl.ledger.pay.results import HoldbackPay, PlanPay
from salesxl.sheets.content import Formula, ListTable, Look, TableColumn, Validation, Value
from salesxl.sheets.content import span as area_of
from salesxl.sheets.page import fill, note, section
from salesxl.sheets.statement_pen import (
    BAND,
    BASE,
    CREDITED,
    CUSTOMER,
    DAY,
    KEY,
    LAST,
    NAME,
    ORDER,
    PART,
    PAY,
    ROW,
    RUNNING,
    START,
    TIER_PAY,
    TIER_RATE,
    Pen,
    hair,
    percent,
    places,
    plan_days,
    rounded,
)
from salesxl.sheets.statement_table import (
    band_reached,
    curve_pay,
    dead,
    point_pays,
    tells_all,
    to_date,
)
from salesxl.sheets.widths import lines_for, merged_px

OBJECTIONS = 3  # rows to fill in
_DECISION = "statement_decision"
# Sentences of the run that the settlement's rows and its one sum tell already.
_SUMMED = frozenset({
    "overrides", "spiffs", "bonuses", "earned", "clawbacks", "adjustments", "held", "released",
    "draw", "payable",
})  # fmt: skip


@dataclass(frozen=True)
class _Step:
    """One row of the settlement: what, from where, how much."""

    label: str
    side: str
    amount: Value
    adds: bool = True  # the balance of a draw is told, not paid


def settlement_rows(pen: Pen) -> int:
    """How many rows the settlement takes, head and amount due included."""
    return 2 + len(_steps(pen, "", ""))


def write_settlement(pen: Pen, row: int, commission: str, extras: str) -> int:
    """Section four; its last row is the amount due. Returns the next free row."""
    sheet = pen.sheet
    section(sheet, row, NAME, TIER_PAY, pen.say("settlement"))
    pen.height(row, 20)  # a line of the list stands beside it
    steps = _steps(pen, commission, extras)
    row += 1
    owed = pen.statement.payable < 0
    adding = []
    for step in steps:
        fill(sheet, row, NAME, TIER_PAY, "cell")
        look = () if step.adds else ("muted",)
        pen.put(row, NAME, step.label, "cell", "", *look)
        sheet.merge(row, START, row, PART, step.side, "cell", "", "small", "muted", "wrap")
        cell = pen.put(row, TIER_PAY, step.amount, "cell", "pay", *look)
        if step.adds:
            adding.append(cell)
        pen.room(row, START, PART, step.side, 9)
        pen.room(row, NAME, NAME, step.label)
        row += 1
    sheet.merge(row, NAME, row, START, pen.say("owed" if owed else "due"), "pay_label")
    due = Formula(f"=ROUND({'+'.join(adding)},{pen.decimals})", pen.money(pen.statement.payable))
    sheet.merge(row, TIER_RATE, row, TIER_PAY, due, "pay_value", "due", name="statement_due")
    pen.height(row, 28)
    return row + 1


def _steps(pen: Pen, commission: str, extras: str) -> list[_Step]:
    s, say = pen.statement, pen.say
    more = _extras(pen)
    out = [
        _Step(say("commission"), say("see_one"),
              Formula(f"={commission}", pen.money(s.commission))),
        _Step(say("extras_row"), say("see_three"), Formula(f"={extras}", pen.money(more))),
    ]  # fmt: skip
    held = sum(item.amount for item in s.held)
    if s.held:
        out.append(_Step(say("held"), _held_words(pen), _held(pen, commission, held)))
    if s.released:
        months = pen.names(dict.fromkeys(f"{item.month:%Y-%m}" for item in s.released))
        amount = pen.money(sum(item.amount for item in s.released))
        out.append(_Step(say("released"), say("from_months", months=months), amount))
    if s.draws:
        out += _draws(pen)
    return out


def _extras(pen: Pen) -> int:
    s = pen.statement
    more = sum(i.pay for i in s.overrides) + sum(i.pay for i in s.spiffs)
    more += sum(i.pay for i in s.bonuses) + sum(i.pay for i in s.clawbacks)
    return more + sum(item.amount for item in s.adjustments)


def _held_words(pen: Pen) -> str:
    items = pen.statement.held
    shares = pen.names(dict.fromkeys(percent(item.share) for item in items))
    months = pen.names(dict.fromkeys(f"{item.release_month:%Y-%m}" for item in items))
    return pen.say("held_words", share=shares, month=months)


def _held(pen: Pen, commission: str, held: int) -> Value:
    """Live where it is one part of one commission."""
    s, amount = pen.statement, pen.money(-held)
    if len(s.held) != 1 or len(s.plans) != 1:
        return amount
    item: HoldbackPay = s.held[0]
    part = Fraction(item.share) * s.commission
    if half_up(part.numerator, part.denominator) != held:
        return amount
    little = hair(pen.decimals + places(item.share), pen.decimals)
    product = f"{commission}*{item.share:f}"
    return Formula(f"=-ROUND({product}+IF({product}<0,-{little},{little}),{pen.decimals})", amount)


def _draws(pen: Pen) -> list[_Step]:
    draws, say = pen.statement.draws, pen.say
    out = []
    drawn = sum(month.drawn for month in draws)
    recovered = sum(month.recovered for month in draws)
    first = draws[0]
    opening = first.balance - first.drawn + first.recovered if first.recoverable else 0
    per_month = pen.names(dict.fromkeys(pen.shown(month.draw) for month in draws))
    if drawn:
        out.append(_Step(say("drawn"), say("per_month", amount=per_month), pen.money(drawn)))
    if recovered or not drawn:
        side = say("opening", amount=pen.shown(opening)) if opening > 0 else say("no_opening")
        out.append(_Step(say("recovered"), side, pen.money(-recovered)))
    balance = draws[-1].balance
    side = say("cleared") if not balance else say("recovered_later")
    out.append(_Step(say("balance"), side, pen.money(balance), False))
    return out


def how_lines(pen: Pen) -> list[str]:
    """The explanation, numbered: each plan, then one sum to what is payable, then what is open."""
    s = pen.statement
    said = _plans(pen)
    steps = [(key, amount) for key, amount in (
        ("commission", s.commission), ("extras_row", _extras(pen)),
        ("held", -sum(item.amount for item in s.held)),
        ("released", sum(item.amount for item in s.released)), ("draw_net", s.drawn),
    ) if amount]  # fmt: skip
    terms = "".join(
        f" {'−' if amount < 0 else '+'} {pen.say(key)} {pen.shown(abs(amount))}"
        for key, amount in steps
    )
    terms = terms or f" + {pen.say('commission')} {pen.shown(0)}"
    said.append(pen.say("how_due", terms=terms.removeprefix(" + ").strip(),
                        due=pen.shown(s.payable)))  # fmt: skip
    said += [
        pen.say("pending", day=day.isoformat(), credited=pen.shown(credited))
        for day, credited in s.pending
    ]
    return [f"{number}. {words}" for number, words in enumerate(said, 1)]


def _plans(pen: Pen) -> list[str]:
    """The run's sentences of each plan; where there are several plans, a line for each."""
    plans = pen.statement.plans
    parts: list[list[str]] = []
    for item in pen.statement.how:
        if item.key in _SUMMED:
            continue
        if item.key.startswith("credited_"):
            parts.append([])
        pay = plans[len(parts) - 1]
        words = _curve(pen, pay) if item.key == "curve" else ""
        parts[-1].append(words or sentence(item, pen.lang, pen.decimals))
    if len(plans) < 2:
        return [words for part in parts for words in part]
    joint = "；" if pen.lang == "zh" else "; "
    colon = "：" if pen.lang == "zh" else ": "
    # How much is credited stands in the list; here follows what it pays.
    return [
        plan_days(pay) + colon + joint.join(part[1:] or part)
        for pay, part in zip(plans, parts, strict=True)
    ]


def _curve(pen: Pen, pay: PlanPay) -> str:
    """How a point between two points of the curve is found, with its numbers."""
    if not tells_all(pay) or dead(pay):
        return ""
    reached, heights = band_reached(pay), point_pays(pay)
    if reached < 0 or to_date(pay) < pay.tiers[0].start:
        return pen.say("how_below_points")
    paid = pen.shown(rounded(curve_pay(pay)))
    if reached == len(heights) - 1:
        return pen.say("how_last_point", pay=paid)
    start, end = pay.tiers[reached].start, pay.tiers[reached + 1].start
    return pen.say(
        "how_curve", low=pen.shown(rounded(heights[reached])), high=pen.shown(
            rounded(heights[reached + 1])), credited=pen.shown(to_date(pay)),
        start=pen.shown(rounded(start)), end=pen.shown(rounded(end)), pay=paid,
    )  # fmt: skip


def write_how(pen: Pen, row: int, least: int = 0) -> int:
    """Section five: each sentence over as many rows as it needs; fills up to row `least`."""
    sheet = pen.sheet
    section(sheet, row, NAME, TIER_PAY, pen.say("how"))
    row += 1
    room = merged_px(sheet, NAME, TIER_PAY)
    for words in how_lines(pen):
        lines = lines_for(words, room, 9, False, pen.lang, 1)
        last, points = row, sheet.heights.setdefault(row, ROW)
        while lines * 9 * 1.45 > points:
            last += 1
            points += sheet.heights.setdefault(last, ROW)
        extras = ("wrap",) if lines > 1 else ()
        sheet.merge(row, NAME, last, TIER_PAY, words, "panel", "", *extras)
        row = last + 1
    while row < least:
        fill(sheet, row, NAME, TIER_PAY, "panel")
        row += 1
    return row


def write_sign_off(pen: Pen, row: int) -> int:
    """Section six: objections on the left, agreement and signatures beside them."""
    sheet, say, lang = pen.sheet, pen.say, pen.lang
    section(sheet, row, ORDER, LAST, say("sign_off"))
    sheet.merge(row + 1, ORDER, row + 1, LAST, say("deadline"), "label")
    sheet.height(row + 1, 17)
    row += 2
    sheet.put(row, CREDITED, say("decision"), "label", "", "bold")
    sheet.merge(row, RUNNING, row, BAND, None, "input", "", "center", name=_DECISION)
    sheet.put(row, BAND, None, "input", "", "center")
    choices = (say("agree"), say("object"))
    sheet.validations.append(
        Validation((row, RUNNING, row, RUNNING), "list", items=choices,
                   prompt_title=say("decision").rstrip("：: "), prompt=say("decision_prompt"),
                   error=say("decision_error"))
    )  # fmt: skip
    pen.book.names[_DECISION] = f"={sheet.ref(row, RUNNING)}"
    end = _objections(pen, row)
    for line, first, second in ((row + 2, "sign_payee", "sign_manager"),
                                (row + 3, "sign_finance", "sign_outcome")):  # fmt: skip
        for col, last, label in ((CREDITED, PAY, first), (NAME, LAST, second)):
            sheet.put(line, col, say(label), "sign")
            fill(sheet, line, col + 1, last, "sign")
    sheet.height(end, 5)
    words = say("small_print")
    lines = lines_for(words, merged_px(sheet, ORDER, LAST), 9, False, lang)
    return note(sheet, end + 1, ORDER, LAST, words, lines)


def _objections(pen: Pen, row: int) -> int:
    sheet, say = pen.sheet, pen.say
    words = Look("input", "text", ("left", "wrap", "small"))
    columns = [
        TableColumn("id", say("objection_id"), Look("cell", "", ("center", "muted"))),
        TableColumn("item", say("objection_item"), words),
        TableColumn("reason", say("objection_reason"), words),
        TableColumn("wished", say("objection_wished"), Look("input", "pay")),
    ]
    rows = [[f"{n}", None, None, None] for n in range(1, OBJECTIONS + 1)]
    sheet.tables.append(ListTable("objections", row, ORDER, columns, rows, autofilter=False))
    first, last = row + 1, row + OBJECTIONS
    sheet.height(row, 20)
    for line in range(first, last + 1):
        sheet.height(line, 25)
    keys = [cell for cell in sheet.cells if cell.col == KEY and cell.value]
    if len(keys) >= max(1, len(pen.statement.lines)):  # many lines are on a sheet of their own
        low, high = min(cell.row for cell in keys), max(cell.row for cell in keys)
        keys_area = f"={area_of(low, KEY, high, KEY, True)}"
        sheet.validations.append(
            Validation((first, DAY, last, DAY), "list", source=keys_area,
                       prompt_title=say("objection_item"), prompt=say("objection_item_prompt"),
                       error=say("objection_item_error"))
        )  # fmt: skip
    sheet.validations.append(
        Validation((first, CUSTOMER, last, CUSTOMER), "text_length", minimum=0, maximum=1000,
                   prompt_title=say("objection_reason"), prompt=say("objection_reason_prompt"),
                   error=say("objection_reason_error"))
    )  # fmt: skip
    sheet.validations.append(
        Validation((first, BASE, last, BASE), "decimal", minimum=-1e12, maximum=1e12,
                   prompt_title=say("objection_wished"), prompt=say("objection_wished_prompt"),
                   error=say("objection_wished_error"))
    )  # fmt: skip
    return last + 1


def status(pen: Pen) -> Formula:
    """What the payee has decided, or that it is waited for."""
    waiting = pen.say("waiting")
    return Formula(f'=IF({_DECISION}="","{waiting}",{_DECISION})', waiting)
