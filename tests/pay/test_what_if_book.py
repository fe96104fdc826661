"""The what-if's workbook and command: engines agree, the curve follows its yellow cells."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salesxl.cli.main import main
from salesxl.ledger.what_if.compare import WhatIf, what_if
from salesxl.ooxml.identity import LANGUAGE, with_identity
from salesxl.ooxml.lint import lint
from salesxl.ooxml.write import book_bytes, write_book
from salesxl.plan.model import Plan
from salesxl.sheets.content import Book, Formula, Sheet
from salesxl.sheets.plan_book import write_plan
from salesxl.sheets.what_if import what_if_book
from salesxl.sheets.what_if_curves import DATA
from salesxl.sheets.widths import overflows
from salesxl.texts import LANGS, Lang
from tests.oracles import engines, validator
from tests.pay.make import BANDS, fen, ledger, line, plan, tiers, version

CHANGES = (
    "rates P * 1.15", "rate W 100% = 2.5%", "cap F = 700", "达标提成 C = 4200", "quota * 1.05",
    "floor Y = 250",
)  # fmt: skip


def firm() -> Plan:
    """A plan of each kind; A and B are on P, the others are only looked at."""
    attained = {"measure": "attainment"}
    return plan(
        commission_plans=(
            version(name="=1+1 & <b>"),
            version("F", kind="flat", cap_amount=fen(900), period="quarter"),
            version("W", kind="whole_amount", **attained),
            version("Y", measure="attainment", period="ytd", floor_amount=fen(200)),
            version("C", kind="interpolated", target_pay_amount=fen(4000), **attained),
            version("X", kind="matrix", second_measure="margin_rate", **attained),
            version("L", kind="whole_amount", effective_from=date(2027, 1, 1)),
        ),
        commission_tiers=(
            *BANDS,
            *tiers(("0", "0.0125"), key="F"),
            *tiers(("0.8", "0.01"), ("1", "0.02"), ("1.2", "0.015"), key="W"),
            *tiers(("0", "0.01"), ("0.9", "0.025"), key="Y"),
            *tiers(("0.5", "0.2"), ("1", "1"), ("1.5", "1.75"), key="C"),
            *tiers(("0", "0", "0.01"), ("0", "0.3", "0.02"), ("1", "0", "0.03"),
                   ("1", "0.3", "0.04"), key="X"),
            *tiers(("0", "0.01"), ("30000", "0.02"), key="L", start=date(2027, 1, 1)),
        ),
    )  # fmt: skip


def compared(*changes: str, lang: Lang = "en") -> WhatIf:
    lines = [
        line(f"2026-{month:02d}-27", person, 30_000 + 7_000 * month + size, region=region)
        for month in range(1, 6)
        for person, region, size in (("A", "East", 0), ("B", "West", 1234))
    ]
    return what_if(firm(), ledger(*lines), changes or CHANGES, draws=100)


@pytest.fixture(scope="module")
def found() -> WhatIf:
    return compared()


@pytest.fixture(scope="module")
def books(found: WhatIf, tmp_path_factory: pytest.TempPathFactory) -> dict[Lang, Path]:
    folder = tmp_path_factory.mktemp("what_if")
    out: dict[Lang, Path] = {}
    for lang in LANGS:
        out[lang] = folder / f"{lang}.xlsx"
        write_book(what_if_book(found, lang), out[lang])
    return out


def curve_sheet(book: Book, plan_id: str) -> tuple[int, Sheet]:
    return next(
        (n, sheet) for n, sheet in enumerate(book.sheets) if sheet.title.endswith(f" {plan_id}")
    )


@pytest.mark.parametrize("lang", LANGS)
def test_no_text_is_cut_off_and_the_file_is_clean(
    found: WhatIf, books: dict[Lang, Path], lang: Lang
) -> None:
    assert overflows(what_if_book(found, lang)) == []
    assert [str(finding) for finding in lint(books[lang])] == []
    again = with_identity(book_bytes(what_if_book(found, lang)), {LANGUAGE: lang})
    assert books[lang].read_bytes() == again


def test_a_long_change_takes_the_lines_it_needs() -> None:
    long = "tiers P: " + ", ".join(f"{n}000 = 1.{n}%" for n in range(10, 40))
    assert overflows(what_if_book(compared(long), "zh")) == []


@pytest.mark.parametrize("lang", LANGS)
def test_what_the_sheets_say(found: WhatIf, lang: Lang) -> None:
    book = what_if_book(found, lang)
    titles = [sheet.title for sheet in book.sheets]
    curves = [
        title for title in titles if title.endswith((" P", " F", " W", " Y", " C", " X", " L"))
    ]
    assert len(curves) == 7 and len(titles) == 9
    said = [str(cell.value) for sheet in book.sheets for cell in sheet.cells]
    tax = "税前" if lang == "zh" else "before tax"
    assert all(any(tax in str(cell.value) for cell in sheet.cells) for sheet in book.sheets)
    assert not [word for word in said if "{" in word]
    assert all(chart.alt_text for sheet in book.sheets for chart in sheet.charts)
    assert sum(len(sheet.charts) for sheet in book.sheets) == 8
    assert [check.difference for check in book.checks] == [0, 0]
    live = sum(isinstance(cell.value, Formula) for sheet in book.sheets for cell in sheet.cells)
    assert live > 6 * 2 * 201


@pytest.mark.oracle("ironcalc")
def test_ironcalc_finds_the_same(books: dict[Lang, Path]) -> None:
    result = engines.with_ironcalc(list(books.values()))
    assert result.differences == ()
    assert result.compared > 2 * 6 * 2 * 201


@pytest.mark.oracle("libreoffice")
def test_libreoffice_finds_the_same(books: dict[Lang, Path], tmp_path: Path) -> None:
    result = engines.with_libreoffice(engines.recalculate(list(books.values()), tmp_path))
    assert result.differences == ()
    assert result.compared > 2 * 6 * 2 * 201


@pytest.mark.oracle("ooxml-validator")
def test_the_validator_is_silent(books: dict[Lang, Path]) -> None:
    assert validator.findings(list(books.values())) == []


@pytest.mark.oracle("ironcalc")
@pytest.mark.parametrize(
    ("plan_id", "old", "new", "step", "pay"),
    [
        # 1 %, 2 %, 3 % × 1.15 at 50,000: (100 + 400) × 1.15 + 20,000 × 4 % = 1,375
        ("P", "0.0345", "0.04", 100, 1375.0),
        # nobody is on the others: 100 % is 100,000. The cap of 700 goes: 1.25 % of it
        ("F", "700", "99999", 100, 1250.0),
        ("W", "0.025", "0.03", 100, 3000.0),
        # half of the quota earns 20 % of the pay at target
        ("C", "4200", "5000", 50, 1000.0),
    ],
)  # fmt: skip
def test_the_curve_follows_its_yellow_cells(
    found: WhatIf, books: dict[Lang, Path], plan_id: str, old: str, new: str, step: int, pay: float
) -> None:
    import ironcalc

    number, sheet = curve_sheet(what_if_book(found, "en"), plan_id)
    yellow = next(
        cell
        for cell in sheet.cells
        if cell.look.style == "input"
        and isinstance(cell.value, Decimal)
        and cell.value == Decimal(old)
    )
    model: Any = ironcalc.load_from_xlsx(str(books["en"]), "en", "UTC", "en")
    model.set_user_input(number, yellow.row + 1, yellow.col + 1, new)
    model.evaluate()
    assert model.get_cell_value(number, 5 + step + 1, DATA + 3 + 1) == pytest.approx(pay)


# ---- the command


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("files")
    write_plan(plan(), folder / "plan.xlsx", "en")
    rows = [
        f"2026-{month:02d}-27,{person},{region},Pumps,{amount}"
        for month in range(1, 4)
        for person, region, amount in (("Ann", "East", 40_000), ("Bea", "West", 50_000))
    ]
    (folder / "sales.csv").write_text(
        "\n".join(["date,salesperson,region,product,amount", *rows]) + "\n", encoding="utf-8"
    )
    return folder / "plan.xlsx", folder / "sales.csv"


def run(files: tuple[Path, Path], *more: str) -> int:
    return main(["what-if", str(files[0]), "--ledger", str(files[1]), *more])


@pytest.mark.parametrize("lang", LANGS)
def test_the_command_prints_and_writes(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: Lang
) -> None:
    before = hashlib.sha256(files[0].read_bytes()).hexdigest()
    out = tmp_path / "w.xlsx"
    code = run(files, "--change", "rates P * 1.1", "--lang", lang, "-o", str(out), "--draws", "20")
    printed = capsys.readouterr()
    assert code == 0
    for figure in ("5,700.00", "6,270.00", "+570.00", "26,400.00", "29,040.00", "22,800.00"):
        assert figure in printed.out
    assert ("税前" if lang == "zh" else "before tax") in printed.out
    assert printed.err.startswith("● ")
    assert out.stat().st_size > 5000
    assert hashlib.sha256(files[0].read_bytes()).hexdigest() == before


def test_json_is_plain_data(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    code = run(files, "--change", "kind P = whole_amount", "--json", "--draws", "20", "--seed", "7")
    data = json.loads(capsys.readouterr().out)
    assert code == 0
    # 40,000 and 50,000 × 3 %, three months
    assert data["earned"] == {"now": 570_000, "after": 810_000, "difference": 240_000}
    assert data["before_tax"] is True
    assert data["year"]["seed"] == 7
    assert data["curves"][0]["after"]["jumps"][0] == {
        "attainment": "0.2", "credit": 1_000_000, "below": 10_000, "pay": 20_000,
    }  # fmt: skip


def test_another_plan(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.xlsx"
    write_plan(plan(commission_tiers=tiers(("0", "0.02"))), other, "zh")
    assert run(files, "--plan2", str(other), "--json", "--draws", "5") == 0
    data = json.loads(capsys.readouterr().out)
    assert data["earned"]["after"] == fen(5400)
    assert data["plan2"] == "other.xlsx"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([], "nothing to compare"),
        (["--change", "cap Z = 1"], 'no commission plan "Z"; there are: P'),
        (["--change", "quota * 1", "-o", "w.pdf"], "must end in .xlsx"),
        (["--change", "quota * 1", "-o", "PLAN"], "never writes the plan"),
        (["--change", "quota * 1", "--period", "2026-13"], "2026-13"),
    ],
)
def test_wrong_use_is_said_and_nothing_is_written(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    more: list[str], said: str,
) -> None:  # fmt: skip
    before = files[0].read_bytes()
    given = [str(files[0]) if word == "PLAN" else word for word in more]
    assert run(files, *given, "--lang", "en") == 1
    assert said in capsys.readouterr().err
    assert files[0].read_bytes() == before
    assert sorted(path.name for path in files[0].parent.iterdir()) == ["plan.xlsx", "sales.csv"]


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "全部比例 REP * 1.1"), ("en", "rates REP * 1.1")]
)
def test_help_documents_the_language(
    capsys: pytest.CaptureFixture[str], lang: str, said: str
) -> None:
    main(["what-if", "--help", "--lang", lang])
    assert said in capsys.readouterr().out
