"""How sound the ledger's lines are: what is missing, odd or twice, how much money it concerns."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from salesxl.sheets.analysis_sums import Sums
from salesxl.sheets.content import Formula, Value, a1
from salesxl.sheets.ledger_lines import has_dimension, ledger_column
from salesxl.sheets.page import colour_status, header_row, section, spacer
from salesxl.texts import text

LAST = 12
_WORDS = ("customer", "product", "channel", "source", "person")


def tests_of(sums: Sums) -> list[tuple[str, pd.Series[bool] | None, str]]:
    """Name of each test, its lines (None: the files lack the column), a live count or ""."""
    frame, lang = sums.frame, sums.lang
    blank = text("ledger_lines.blank", lang)
    found: list[tuple[str, pd.Series[bool] | None, str]] = []
    for key in _WORDS:
        lines = (frame[key] == blank) if has_dimension(sums.scope, key) else None
        found.append((f"no_{key}", lines, f'COUNTIF({ledger_column(key, lang)},"={blank}")'))
    if sums.scope.is_head_office and sums.scope.ledger is not None:
        names = {region.name for region in sums.scope.plan.leaf_regions}
        found.append(("no_region", ~frame["region"].isin(names), ""))
    amount = ledger_column("amount", lang)
    found.append(("returns", frame["amount"] < 0, f'COUNTIF({amount},"<0")'))
    found.append(("zero", frame["amount"] == 0, f"COUNTIF({amount},0)"))
    cost = frame["margin"].notna()
    below = (frame["margin"] < 0) & (frame["amount"] > 0)
    margin = ledger_column("margin", lang)
    live = f'COUNTIFS({margin},"<0",{amount},">0")'
    found.append(("below_cost", below.fillna(False).astype(bool) if cost.any() else None, live))
    parts = ["date", "order_id", "customer_key", "product", "quantity", "amount"]
    twice = frame.duplicated(parts, keep="first") & (frame["amount"] != 0)
    found.append(("twice", twice if has_dimension(sums.scope, "order_id") else None, ""))
    late = frame["date"] > pd.Timestamp(sums.scope.as_of)
    found.append(("after", late, ""))
    return found


def quality(sums: Sums, row: int) -> int:
    """The table of tests, each with count, amount, share of all lines, verdict and remedy."""
    sheet, lang, frame = sums.sheet, sums.lang, sums.frame
    count = len(frame)
    dates = frame["date"]
    side = text(
        "analysis_detail.quality_side", lang, count=f"{count:,}",
        first=dates.min().date().isoformat(), last=dates.max().date().isoformat(),
    )  # fmt: skip
    row = section(sheet, row, 1, LAST, text("analysis_detail.quality", lang), side)
    titles = [
        text(f"analysis_detail.col_{key}", lang) for key in ("test", "lines", "lines_share", "sum")
    ]
    header_row(sheet, row, 1, titles, "lrrr")
    for col, last, key in ((5, 6, "state"), (7, LAST, "remedy")):
        sheet.merge(row, col, row, last, text(f"analysis_detail.col_{key}", lang), "header")
        for more in range(col + 1, last + 1):
            sheet.put(row, more, None, "header")
    row += 1
    first = row
    for name, lines, live in tests_of(sums):
        _line(sums, row, name, lines, live, count)
        row += 1
    colour_status(sheet, (first, 5, row - 1, 5))
    return spacer(sheet, row, 10)


def _line(
    sums: Sums, row: int, name: str, lines: pd.Series[bool] | None, live: str, count: int
) -> None:
    sheet, lang = sums.sheet, sums.lang
    found = 0 if lines is None else int(lines.sum())
    amount = Decimal(0) if lines is None else sums.major(int(sums.frame.loc[lines, "amount"].sum()))
    number: Value = Formula(f"={live}", found) if live and lines is not None else found
    said = text(f"analysis_detail.test_{name}", lang)
    if lines is None:
        state = text("analysis_detail.state_absent", lang)
        values: list[Value] = [said, "–", "–", "–"]
    else:
        neutral = name == "returns"
        key = "fine" if not found else "told" if neutral else "look"
        state = text(f"analysis_detail.state_{key}", lang)
        share = Formula(f"={a1(row, 2)}/{count}", Decimal(found) / count) if count else "–"
        values = [said, number, share, amount]
    for offset, value in enumerate(values):
        extras = ("right",) if value == "–" and offset else ()
        sheet.put(row, 1 + offset, value, "cell", ("", "quantity", "percent", "money")[offset],
                  *extras)  # fmt: skip
    remedy = text(f"analysis_detail.remedy_{name}", lang) if found or lines is None else "–"
    for col, last, words in ((5, 6, state), (7, LAST, remedy)):
        sheet.merge(row, col, row, last, words, "cell", "")
        for more in range(col + 1, last + 1):
            sheet.put(row, more, None, "cell")
    sheet.height(row, 19)
