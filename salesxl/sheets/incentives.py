"""Incentives: each version of each commission plan with its tiers, bonuses, honours.

A tier is said by its lower bound only. For plans measured by amount the sheet adds
what the base earns at the start of a tier, and how far pay jumps there: marginal tiers
never jump, whole-amount tiers do.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from salesxl.plan.model import Bonus, CommissionPlan, CommissionTier
from salesxl.sheets.content import Book, Formula, Sheet, Value, a1
from salesxl.sheets.fields import Field, Row, editable, label, planned
from salesxl.sheets.lists import (
    SPARE_EMPTY,
    Tile,
    major,
    put_block,
    put_note,
    put_strip,
    set_grid,
    subtitle,
)
from salesxl.sheets.page import colour_status, page, section, spacer
from salesxl.sheets.row_heights import fit_page
from salesxl.sheets.scope import Scope
from salesxl.texts import text

PER_YEAR = {"month": 12, "quarter": 4, "year": 1}
_WIDTHS = (11.0, 22.0, 14.0, 14.0, 16.0, 14.0, 16.0, 16.0, 34.0)


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "incentives"; `book` is not changed."""
    lang, plan = scope.lang, scope.plan
    sheet = Sheet(
        "incentives", text("incentives.title", lang), purpose=text("incentives.purpose", lang),
        kind="read" if plan.commission_plans else "edit",
    )  # fmt: skip
    grid = [Field(key=str(i), title="", width=w) for i, w in enumerate(_WIDTHS)]
    set_grid(sheet, grid, [], lang)
    versions = sorted(plan.commission_plans, key=lambda p: (p.id, p.effective_from))
    running = [v for v in versions if _state(v, scope) == "running"]
    words = text("incentives.verdict_ok" if running else "incentives.verdict_none", lang,
                 count=len(running))  # fmt: skip
    row = page(
        sheet, sheet.title, subtitle(scope, "incentives.subtitle"), lang,
        ("ok" if running else "warn", words),
    )  # fmt: skip
    strip = row
    row = section(sheet, row + 4, 1, sheet.last_col, text("incentives.commission", lang))
    if versions:
        row = put_note(sheet, row, text("incentives.commission_how", lang), lang)
        for index, version in enumerate(versions):
            row = _version(sheet, row, scope, version, index)
    else:
        row = put_note(sheet, row, text("incentives.commission_empty", lang), lang)
        fields = [
            planned("commission_tiers", key, lang, 12, edit=True)
            for key in ("plan", "effective_from", "threshold", "rate")
        ]
        kinds = [planned("commission_plans", key, lang, 12, edit=True)
                 for key in ("base", "kind", "measure", "period")]  # fmt: skip
        row = put_block(sheet, row, "tiers", [*fields, *kinds], [], scope, spare=SPARE_EMPTY).after
    row = section(sheet, spacer(sheet, row), 1, sheet.last_col, text("incentives.bonuses", lang))
    row, budget = _bonuses(sheet, row, scope)
    row = section(sheet, spacer(sheet, row), 1, sheet.last_col, text("incentives.honours", lang))
    sheet.print_last_row = _honours(sheet, row, scope)
    fit_page(sheet)
    put_strip(sheet, strip, [
        Tile(text("incentives.running_label", lang), len(running), "int",
             text("incentives.running_sub", lang, count=len(versions)), "plans_running"),
        Tile(text("incentives.payees", lang), sum(1 for p in plan.people if p.commission_plan),
             "int", text("incentives.payees_sub", lang, count=len(plan.people)), "payees"),
        Tile(text("incentives.budget", lang), budget, "money",
             text("incentives.budget_sub", lang), "bonus_budget"),
        Tile(text("incentives.honour_count", lang), len(plan.honours), "int",
             text("incentives.honour_sub", lang), "honour_count"),
    ], scope)  # fmt: skip
    return sheet


def _state(version: CommissionPlan, scope: Scope) -> str:
    """ "coming", "running" or "ended" on the as-of date."""
    if version.effective_from > scope.as_of:
        return "coming"
    if version.effective_to is not None and version.effective_to < scope.as_of:
        return "ended"
    return "running"


def _version(sheet: Sheet, row: int, scope: Scope, version: CommissionPlan, index: int) -> int:
    """One version: what it is in a line, who is on it, its tiers; the next free row."""
    lang, plan = scope.lang, scope.plan
    until = version.effective_to.isoformat() if version.effective_to else text(
        "incentives.open_end", lang)  # fmt: skip
    for col in range(1, sheet.last_col + 1):
        sheet.put(row, col, None, "group")
    sheet.merge(row, 1, row, 3, f"{version.id} · {version.name}", "group")
    state = f"incentives.{_state(version, scope)}"
    sheet.put(row, 4, text(state, lang), "group", "", "center")
    colour_status(sheet, (row, 4, row, 4))
    terms = " · ".join(
        label("commission_plans", key, getattr(version, key), lang)
        for key in ("base", "kind", "measure", "period")
    )
    line = text("incentives.terms", lang, start=version.effective_from.isoformat(), until=until,
                terms=terms)  # fmt: skip
    sheet.merge(row, 5, row, sheet.last_col, line, "group", "", "plain")
    sheet.height(row, 22)
    on_it = [p.name for p in plan.people if p.commission_plan == version.id]
    payees = text("lists.join", lang).join(on_it) or "–"
    row = put_note(sheet, row + 1, text("incentives.on_it", lang, names=payees), lang)
    tiers = sorted(
        (t for t in plan.commission_tiers
         if t.plan == version.id and t.effective_from == version.effective_from),
        key=lambda t: t.threshold,
    )  # fmt: skip
    by_amount = version.measure == "amount"
    fmt = "quantity" if by_amount else "percent"
    fields = [
        Field(key="tier", title=text("incentives.tier", lang), kind="code"),
        Field(key="from", title=text("incentives.from", lang), kind="number", fmt=fmt),
        Field(key="to", title=text("incentives.to", lang), kind="number", fmt=fmt, span=2),
        planned("commission_tiers", "rate", lang, 12, fmt="rate"),
        Field(key="earned", title=text("incentives.earned", lang), kind="number", fmt="pay",
              span=2),
        Field(key="jump", title=text("incentives.jump", lang), kind="number", fmt="pay"),
        Field(key="reads", title=text("incentives.reads", lang)),
    ]  # fmt: skip
    lines = _tiers(tiers, version, row + 1, scope)
    placed = put_block(sheet, row, f"tiers_{index}", fields, lines, scope)
    return spacer(sheet, placed.after)


def _tiers(
    tiers: list[CommissionTier], version: CommissionPlan, first: int, scope: Scope
) -> list[Row]:
    """Tier rows; a tier's start pays what the tiers before it earn (marginal) or all at
    its own rate (whole amount)."""
    lang, places = scope.lang, scope.plan.settings.decimals
    by_amount, marginal = version.measure == "amount", version.kind == "marginal"
    above = text("incentives.above", lang)
    lines: list[Row] = []
    sum_before = Decimal(0)
    for k, tier in enumerate(tiers):
        at = first + k
        top: Value = above
        if k + 1 < len(tiers):
            top = Formula(f"={a1(at + 1, 2)}", tiers[k + 1].threshold)
        before = tiers[k - 1] if k else None
        earned: Value = "–"
        jump: Value = "–"
        if by_amount:
            start, rate = a1(at, 2), a1(at, 5)
            if marginal:
                if before:
                    sum_before += (tier.threshold - before.threshold) * before.rate
                    formula = f"={a1(at - 1, 6)}+({start}-{a1(at - 1, 2)})*{a1(at - 1, 5)}"
                    earned = Formula(formula, sum_before)
                else:
                    earned = Decimal(0)
                jump = Decimal(0)
            else:
                earned = Formula(f"={start}*{rate}", tier.threshold * tier.rate)
                old = before.rate if before else Decimal(0)
                rates = f"({rate}-{a1(at - 1, 5)})" if before else rate
                jump = Formula(f"={start}*{rates}", tier.threshold * (tier.rate - old))
        shown = _shown(tier.threshold, by_amount)
        reads = text(f"incentives.reads_{version.kind}", lang, start=shown, rate=f"{tier.rate:.2%}")
        lines.append({
            "tier": str(k + 1), "from": tier.threshold, "to": top, "rate": tier.rate,
            "earned": _money(earned, places), "jump": _money(jump, places), "reads": reads,
        })  # fmt: skip
    return lines


def _money(value: Value, places: int) -> Value:
    """A plain amount to the minor unit; a formula keeps its exact value."""
    if isinstance(value, Decimal):
        return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return value


def _shown(threshold: Decimal, by_amount: bool) -> str:
    return f"{threshold:,f}".rstrip("0").rstrip(".") if by_amount and threshold % 1 else (
        f"{threshold:,.0f}" if by_amount else f"{threshold:.1%}"
    )  # fmt: skip


def _bonuses(sheet: Sheet, row: int, scope: Scope) -> tuple[int, Value]:
    """The bonuses with what one winner a period costs in a year; next row, yearly sum."""
    lang, plan = scope.lang, scope.plan
    keys = ("id", "name", "kind", "period", "bonus_amount", "bonus_rate")
    fields = [planned("bonuses", key, lang, 12) for key in keys]
    fields.append(Field(key="yearly", title=text("incentives.yearly", lang), kind="money"))
    fields.append(planned("bonuses", "effective_from", lang, 12))
    fields.append(planned("bonuses", "condition", lang, 34))
    if not plan.bonuses:
        row = put_note(sheet, row, text("incentives.bonuses_empty", lang), lang)
    lines: list[Row] = []
    first = row + 1
    for k, bonus in enumerate(plan.bonuses):
        yearly: Value = "–"
        if bonus.bonus_amount is not None:
            times = PER_YEAR[bonus.period]
            yearly = Formula(f"={a1(first + k, 5)}*{times}", _yearly(bonus, scope))
        lines.append({
            "id": bonus.id, "name": bonus.name,
            "kind": label("bonuses", "kind", bonus.kind, lang),
            "period": label("bonuses", "period", bonus.period, lang),
            "bonus_amount": "–" if bonus.bonus_amount is None else major(bonus.bonus_amount, scope),
            "bonus_rate": "–" if bonus.bonus_rate is None else bonus.bonus_rate,
            "yearly": yearly, "effective_from": bonus.effective_from,
            "condition": bonus.condition or None,
        })  # fmt: skip
    if not lines:
        fields = [f if f.key == "yearly" else g for f, g in zip(fields, editable(fields),
                                                                strict=True)]  # fmt: skip
    placed = put_block(
        sheet, row, "bonuses", fields, lines, scope, spare=0 if lines else SPARE_EMPTY
    )
    if not lines:
        return placed.after, 0
    col = placed.at("yearly")
    area = f"{a1(placed.first, col)}:{a1(placed.last, col)}"
    total = sum((_yearly(b, scope) for b in plan.bonuses), Decimal(0))
    return placed.after, Formula(f"=SUM({area})", total)


def _yearly(bonus: Bonus, scope: Scope) -> Decimal:
    return major(bonus.bonus_amount or 0, scope) * PER_YEAR[bonus.period]


def _honours(sheet: Sheet, row: int, scope: Scope) -> int:
    lang, plan = scope.lang, scope.plan
    spans = {"id": 1, "title": 1, "scope": 1, "period": 1, "criterion": 3, "recognition": 2}
    fields = [planned("honours", key, lang, 12, span=n) for key, n in spans.items()]
    if not plan.honours:
        row = put_note(sheet, row, text("incentives.honours_empty", lang), lang)
        return put_block(sheet, row, "honours", editable(fields), [], scope, spare=5).last
    lines: list[Row] = [
        {"id": h.id, "title": h.title, "scope": label("honours", "scope", h.scope, lang),
         "period": label("honours", "period", h.period, lang),
         "criterion": h.criterion or None, "recognition": h.recognition or None}
        for h in plan.honours
    ]  # fmt: skip
    return put_block(sheet, row, "honours", fields, lines, scope).last
