"""The sample company's ledger as a sales manager's export: a CSV in zh or en.

The numbers are the same in both languages, and the bytes on every machine.
"""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pandas as pd

from salesxl.sample.data import load, said
from salesxl.sample.world import buyers, lines
from salesxl.texts import Lang, text

COLUMNS = (
    "date", "order_id", "category", "product", "customer_id", "customer", "customer_source",
    "channel", "region", "person_id", "person", "quantity", "discount", "amount", "cost",
    "collected", "is_return",
)  # fmt: skip


def _money(fen: int) -> str:
    return str(Decimal(fen).scaleb(-2))


def header(lang: Lang) -> list[str]:
    """The column titles, in the order of `COLUMNS`."""
    return [text(f"sample.{name}", lang) for name in COLUMNS]


def sample_rows(lang: Lang) -> list[list[str]]:
    """One list of texts a line, in the order of `COLUMNS`; money in yuan with two places."""
    data = load("company")
    names = {p["id"]: p[lang] for group in data["people"] for p in group["staff"]}
    yes = text("sample.returned", lang)
    clients = buyers()
    rows: list[list[str]] = []
    for line in lines():
        buyer = clients[line.buyer]
        kind = data["product_line"][line.product_line]
        rows.append(
            [
                line.date.isoformat(),
                line.order,
                said(kind["name"], lang),
                said(kind["products"][line.product], lang),
                buyer.id,
                said(buyer.name, lang),
                said(data["source"][buyer.source]["name"], lang),
                said(data["channel"][line.channel]["name"], lang),
                said(data["region"][buyer.region]["name"], lang),
                line.person,
                names[line.person],
                str(line.quantity),
                f"{line.discount}%",
                _money(line.amount),
                _money(line.cost),
                _money(line.collected),
                yes if line.is_return else "",
            ]
        )
    return rows


def sample_ledger(lang: Lang) -> pd.DataFrame:
    """The lines as texts, one column each of `COLUMNS`, titled in `lang`."""
    return pd.DataFrame(sample_rows(lang), columns=header(lang))


def write_ledger(path: Path, lang: Lang) -> None:
    """The ledger as CSV, UTF-8 with BOM so that Excel shows Chinese rightly."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(header(lang))
    writer.writerows(sample_rows(lang))
    path.write_bytes(buffer.getvalue().encode("utf-8-sig"))
