"""The partner scorecard: four criteria and up to two own, scores 1–5, of 100, a live rank.

    total = Σ weight × score × 20        scores 5, 4, 5, 3 at 25 % each: 85.0

A partner below a criterion's minimum score is out of the ranking whatever its total. Beside
each criterion stands the nearest weight at which another partner would be first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from salesxl.core.partner import partner_sensitivity
from salesxl.plan.model import TABLE, Partner, PartnerCriterion
from salesxl.sheets.content import Book, Condition, Formula, Sheet, a1, span
from salesxl.sheets.diversion import applies, put_diversion
from salesxl.sheets.fields import Field, Row, calculated, editable, planned, region_field, this
from salesxl.sheets.lists import (
    Tile,
    live,
    names,
    put_block,
    put_list,
    put_note,
    put_strip,
    said,
    set_grid,
    subtitle,
)
from salesxl.sheets.page import FIRST_ROW, colour_status, legend, page, section, spacer
from salesxl.sheets.row_heights import fit_page
from salesxl.sheets.scope import Scope
from salesxl.texts import Lang, text

NAME = "partners"
SCORES = ("reputation", "strength", "market_share", "willingness")
OWN = ("own_1", "own_2")  # scores for criteria a plan adds
_EQUAL = Decimal("0.25")  # four criteria, none preferred, until the manager weighs them
_TOTAL = '0.0_)_);-0.0_)_);"–"_)_);@_)_)'
_PLACES = Decimal("0.0001")  # of the score that is ranked


@dataclass(frozen=True)
class _Criterion:
    """A scored criterion, or a further one no score exists for ("")."""

    score: str
    name: str
    weight: Decimal
    minimum: int | None
    description: str


def build(scope: Scope, book: Book) -> Sheet:
    """The sheet "partners". Registers one check: the weights are 100 %."""
    lang, plan = scope.lang, scope.plan
    sheet = Sheet(
        NAME, text("partners.title", lang), purpose=text("partners.purpose", lang), kind="edit"
    )
    criteria = _criteria(plan.partner_criteria, lang)
    scores = {c.score: c.name for c in criteria if c.score}
    rows = _rows(scope, criteria)
    set_grid(sheet, _fields(scope, scores, {}, {}), rows, lang)
    missing = Decimal(1) - sum((c.weight for c in criteria if c.score), Decimal(0))
    strip = FIRST_ROW
    row = legend(sheet, strip + 4, 1, lang)
    row = put_note(sheet, row, text("partners.how", lang), lang)
    row = section(sheet, row, 1, sheet.last_col, text("partners.criteria", lang))
    row, weight_cells, minimum_cells, check = _weights(sheet, row, scope, book, criteria, missing)
    good, bad = text("partners.verdict_ok", lang), text("partners.verdict_bad", lang)
    verdict = Formula(f'=IF(ABS({check})<0.00001,"{good}","{bad}")', bad if missing else good)
    page(sheet, sheet.title, subtitle(scope, "partners.subtitle"), lang, said(live(scope, verdict)))
    row = section(sheet, spacer(sheet, row), 1, sheet.last_col, text("partners.list", lang))
    if not plan.partners:
        row = put_note(sheet, row, text("partners.empty", lang), lang)
    fields = _fields(scope, scores, weight_cells, minimum_cells)
    placed = put_list(sheet, row, NAME, fields if rows else editable(fields), rows, scope)
    first, last = placed.at(SCORES[0]), placed.at(list(scores)[-1])
    sheet.conditions.append(Condition("scale", (placed.first, first, placed.last, last)))
    sheet.conditions.append(Condition("bar", placed.area("total"), maximum=200))
    colour_status(sheet, placed.area("knock_out"))
    _strip(sheet, strip, scope, rows, placed.column)
    sheet.repeat_rows = (placed.header, placed.header)
    sheet.print_last_row = placed.last
    if applies(scope):
        below = spacer(sheet, placed.after, 12)
        sheet.print_last_row = put_diversion(sheet, below, scope, len(scores))
    fit_page(sheet)
    return sheet


def _criteria(given: tuple[PartnerCriterion, ...], lang: Lang) -> list[_Criterion]:
    """The four scored criteria in order, then what the plan adds to them.

    A row of the plan belongs to a score by its id or by its name; rows left over take
    the free scores in order.
    """
    titles = {c.key: (c.zh.casefold(), c.en.casefold()) for c in TABLE[NAME].columns}
    taken: dict[str, PartnerCriterion] = {}
    others: list[PartnerCriterion] = []
    for item in given:
        said_as = {item.id.casefold(), item.name.casefold()}
        match = next((k for k in SCORES if k not in taken and said_as & {k, *titles[k]}), None)
        if match:
            taken[match] = item
        else:
            others.append(item)
    free = [k for k in SCORES if k not in taken]
    for key, item in zip(free, list(others), strict=False):
        taken[key] = item
        others.remove(item)
    result = []
    for key in SCORES:
        title = planned(NAME, key, lang, 9).title
        item_or_none = taken.get(key)
        if item_or_none is None:
            weight = Decimal(0) if given else _EQUAL
            result.append(_Criterion(key, title, weight, None, text(f"partners.{key}", lang)))
        else:
            item = item_or_none
            result.append(_Criterion(
                key, item.name, item.weight, item.minimum_score,
                item.description or text(f"partners.{key}", lang),
            ))  # fmt: skip
    for number, item in enumerate(others):
        key = OWN[number] if number < len(OWN) else ""
        described = item.description if key else text("partners.no_score", lang)
        result.append(_Criterion(key, item.name, item.weight, item.minimum_score, described))
    return result


def _weights(
    sheet: Sheet, row: int, scope: Scope, book: Book, criteria: list[_Criterion],
    missing: Decimal,
) -> tuple[int, dict[str, str], dict[str, str], str]:  # fmt: skip
    """The criteria with weight and minimum; next row, addresses by score, the check's cell."""
    lang = scope.lang
    lead = 1 if scope.is_head_office else 0
    fields = [
        planned("partner_criteria", "name", lang, 10, span=2 + lead),
        planned("partner_criteria", "weight", lang, 10, edit=True, fmt="weight"),
        planned("partner_criteria", "minimum_score", lang, 10, edit=True),
        planned("partner_criteria", "description", lang, 10, span=sheet.last_col - 8 - lead),
        Field(key="turn", title=text("partners.col_turn", lang), kind="code", fmt="0.0%"),
        Field(key="other", title=text("partners.col_other", lang), span=3),
    ]
    turns = _turns(scope, criteria)
    lines: list[Row] = [
        {"name": c.name, "weight": c.weight, "minimum_score": c.minimum,
         "description": c.description or None, **turns.get(c.score, {})}
        for c in criteria
    ]  # fmt: skip
    block = put_block(sheet, row, "criteria", fields, lines, scope)
    col, last = block.at("weight"), block.after
    scored = [i for i, c in enumerate(criteria) if c.score]
    for index in range(1, sheet.last_col + 1):
        sheet.put(last, index, None, "total")
    sheet.merge(last, 1, last, 2 + lead, text("partners.total_weight", lang), "total")
    total = Formula(
        f"=SUM({span(block.first, col, block.first + len(scored) - 1, col)})",
        Decimal(1) - missing,
    )
    sheet.put(last, col, live(scope, total), "total", "weight", name="partner_weights")
    good, bad = text("partners.verdict_ok", lang), text("partners.verdict_bad", lang)
    side = sheet.last_col + 2
    sheet.width(side, 30, side + 1)
    title = text("partners.check", lang)
    sheet.put(last, side, title, "label")
    difference = Formula(f"=ROUND({a1(last, col)}-1,6)", -missing)
    sheet.put(last, side + 1, live(scope, difference), "value", "0.00%")
    status = Formula(f'=IF(ABS({a1(last, side + 1)})<0.00001,"{good}","{bad}")',
                     bad if missing else good)  # fmt: skip
    place = block.at("description")
    sheet.merge(last, place, last, block.at("turn") - 1, live(scope, status), "total")
    sheet.height(last, 22)
    book.check(sheet, last, side + 1, title, -missing, money=False)
    at = {c.score: a1(block.first + i, col, True, True) for i, c in enumerate(criteria)}
    low = {c.score: a1(block.first + i, col + 1, True, True) for i, c in enumerate(criteria)}
    return last + 1, at, low, a1(last, side + 1, True, True)


def _turns(scope: Scope, criteria: list[_Criterion]) -> dict[str, Row]:
    """Score key → the nearest weight at which another partner leads, and which."""
    lang = scope.lang
    scored = [c for c in criteria if c.score]
    weights = [c.weight for c in scored]
    standing = [p for p in scope.plan.partners if _score(p, criteria, lang)[2]]
    if sum(weights) != 1 or len(standing) < 2:
        return {}
    table = [[_of(partner, c.score) for c in scored] for partner in standing]
    found: dict[str, Row] = {}
    for criterion, (change, weight, place) in zip(
        scored, partner_sensitivity(table, weights), strict=True
    ):
        if change is None:
            found[criterion.score] = {"turn": "–", "other": text("partners.firm", lang)}
            continue
        key = "partners.tied" if not change else "partners.turns_up" if change > 0 else ""
        said_as = text(key or "partners.turns_down", lang, name=standing[place - 1].name)
        exact = Fraction(weight)
        found[criterion.score] = {
            "turn": Decimal(exact.numerator) / Decimal(exact.denominator), "other": said_as,
        }  # fmt: skip
    return found


def _of(partner: Partner, key: str) -> Decimal:
    """A score; one that is missing counts as nothing."""
    score: Decimal | None = getattr(partner, key)
    return Decimal(0) if score is None else score


def _title(key: str, name: str, lang: Lang) -> str:
    """How a score's column is headed: an own criterion by its name, where a table takes it."""
    titles = {column.title(lang).casefold() for column in TABLE[NAME].columns}
    free = name.casefold() not in titles and name.replace(" ", "").isalnum() and len(name) <= 12
    return name if key in OWN and free else planned(NAME, key, lang, 9).title


def _fields(
    scope: Scope, scores: dict[str, str], weight: dict[str, str], minimum: dict[str, str]
) -> list[Field]:
    """`scores` are the score columns with the names of their criteria."""
    lang = scope.lang

    def of(key: str, width: float, edit: bool = False) -> Field:
        prompt = text("partners.score_prompt", lang) if key in scores else ""
        field = planned(NAME, key, lang, width, edit=edit, prompt=prompt)
        return replace(field, title=_title(key, scores[key], lang)) if key in scores else field

    def at(key: str) -> str:
        return this(NAME, of(key, 9).title)

    total, ranked = text("partners.col_total", lang), text("partners.col_ranked", lang)
    knock = text("partners.col_knock_out", lang)
    sums = "+".join(f"{at(k)}*{weight.get(k, '0')}" for k in scores)
    test = f'"{text("partners.passed", lang)}"'
    for key in reversed(scores):
        failing = text("partners.failed", lang, name=of(key, 9).title)
        test = f'IF({at(key)}<{minimum.get(key, "0")},"{failing}",{test})'
    here = this(NAME, ranked)
    passed = text("partners.passed", lang)
    name = at("name")
    return [
        calculated(
            "rank", text("partners.col_rank", lang), "code", 9,
            f'=IF({here}=0,"–",COUNTIF({NAME}[{ranked}],">"&{here})+1)', "–", "0",
        ),
        *region_field(scope, NAME, 11),
        of("name", 22),
        of("channel", 13),
        *(Field(
            key=key, title=of(key, 11).title, kind="number", width=11.5, edit=True, fmt="General",
            minimum=1, maximum=5, prompt=text("partners.score_prompt", lang), extras=("center",),
        ) for key in scores),
        calculated("total", total, "number", 13, f"=({sums})*20", Decimal(0), _TOTAL),
        calculated(
            "knock_out", knock, "status", 20, f'=IF({name}="","–",{test})', "–",
        ),
        calculated(
            "ranked", ranked, "number", 12,
            f'=IF({this(NAME, knock)}="{passed}",ROUND({this(NAME, total)},4),0)', Decimal(0),
            _TOTAL,
        ),
        of("note", 24, True),
    ]  # fmt: skip


def _rows(scope: Scope, criteria: list[_Criterion]) -> list[Row]:
    """Ranked partners first, the best first; then those knocked out."""
    lang = scope.lang
    regions = names(scope.plan.regions)
    found = [(p, *_score(p, criteria, lang)) for p in scope.plan.partners]
    ranks = [ranked for _, _, _, ranked in found]
    rows: list[Row] = []
    for partner, total, knock_out, ranked in sorted(found, key=lambda f: (-f[3], -f[1])):
        rows.append({
            "rank": 1 + sum(other > ranked for other in ranks) if ranked else "–",
            "region": regions.get(partner.region, partner.region),
            "name": partner.name,
            "channel": partner.channel or None,
            **{c.score: getattr(partner, c.score) for c in criteria if c.score},
            "total": total,
            "knock_out": knock_out,
            "ranked": ranked,
            "note": partner.note or None,
        })  # fmt: skip
    return rows


def _score(
    partner: Partner, criteria: list[_Criterion], lang: Lang
) -> tuple[Decimal, str, Decimal]:
    """Total of 100, the knock-out in words, the score that is ranked (0 = out)."""
    total, failing = Decimal(0), ""
    for criterion in criteria:
        if not criterion.score:
            continue
        score = _of(partner, criterion.score)
        total += criterion.weight * score * 20
        if criterion.minimum is not None and score < criterion.minimum and not failing:
            failing = _title(criterion.score, criterion.name, lang)
    if failing:
        return total, text("partners.failed", lang, name=failing), Decimal(0)
    ranked = total.quantize(_PLACES, rounding=ROUND_HALF_UP)
    return total, text("partners.passed", lang), ranked


def _strip(
    sheet: Sheet, row: int, scope: Scope, rows: list[Row], column: Callable[[str], str]
) -> None:
    lang = scope.lang
    totals = [v for v in (line["total"] for line in rows) if isinstance(v, Decimal)]
    out = sum(line["ranked"] == 0 for line in rows)
    name, total, ranked = column("name"), column("total"), column("ranked")
    count = f'SUMPRODUCT(({name}<>"")*1)'
    mean = sum(totals, Decimal(0)) / len(totals) if totals else "–"
    best = max(totals, default=Decimal(0))
    put_strip(sheet, row, [
        Tile(text("partners.count", lang), Formula(f"={count}", len(rows)), "count",
             text("partners.count_sub", lang), "partner_count"),
        Tile(text("partners.mean", lang),
             Formula(f'=IF({count}=0,"–",SUM({total})/{count})', mean), "score",
             text("partners.mean_sub", lang), "partner_mean"),
        Tile(text("partners.best", lang), Formula(f"=MAX({total})", best), "score",
             str(rows[0]["name"]) if rows else "–", "partner_best"),
        Tile(text("partners.out", lang),
             Formula(f'=SUMPRODUCT(({name}<>"")*({ranked}=0))', out), "count",
             text("partners.out_sub", lang), "partner_out", bad=bool(out)),
    ], scope)  # fmt: skip
