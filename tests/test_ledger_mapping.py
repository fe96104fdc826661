"""The mapping file and the matching of ledger lines to a plan."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from salesxl.cli import map as map_command
from salesxl.errors import SalesxlError
from salesxl.ledger.columns import FIELDS, recognise
from salesxl.ledger.mapping import Mapping, load, propose, write
from salesxl.ledger.match import match
from salesxl.ledger.read import read_ledgers
from salesxl.ledger.words import data, is_online, role_kind, squash, total_kind
from salesxl.plan.model import Customer, Person, Plan, ProductLine, Region, Settings
from salesxl.texts import Lang

ADVENTURE = Path(__file__).parent / "data" / "adventureworks"


def test_no_header_means_two_fields() -> None:
    seen: dict[str, str] = {}
    for name, entry in data("columns.toml").items():
        for header in (*entry["first"], *entry["also"]):
            assert seen.setdefault(squash(header), name) == name, header
    assert set(data("columns.toml")) == set(FIELDS)


def test_every_synonym_is_recognised() -> None:
    for name, entry in data("columns.toml").items():
        for header in (*entry["first"], *entry["also"]):
            for written in (header, header.upper(), header.replace(" ", "_"), f" {header}（元） "):
                assert recognise([written]).columns == {name: 0}


def test_words() -> None:
    assert [total_kind(w) for w in ("合计：", "本页小计", "Total", "华东合计", "Totally", "")] == [
        "always", "always", "undated", "undated", "", "",
    ]  # fmt: skip
    assert is_online("天猫旗舰店") and is_online("Online shop") and not is_online("Warehouse")
    titles = (
        "European Sales Manager",
        "Director of Sales",
        "销售助理",
        "大客户经理",
        "Sales Representative",
    )
    assert [role_kind(t) for t in titles] == ["manager", "manager", "assistant", "rep", "rep"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_proposed_file_reads_back(tmp_path: Path, lang: Lang) -> None:
    ledger = tmp_path / "a.csv"
    ledger.write_text('订单日期|Net sales|Revenue|"Cu""s\\t"|Region\n2026-01-01|1|2|x|y\n', "utf-8")
    mapping = propose([ledger])
    assert mapping.columns["date"] == "订单日期" and mapping.columns["amount"] == ""
    assert mapping.candidates == {"amount": ("Net sales", "Revenue")}
    target = tmp_path / "a.map.toml"
    write(mapping, target, lang)
    text = target.read_text("utf-8")
    assert "Net sales · Revenue" in text and "a.map.toml.part" not in [
        p.name for p in tmp_path.iterdir()
    ]
    assert load(target).columns == dict(mapping.columns)
    target.write_text(text.replace('amount = "" ', 'amount = "Revenue" '), "utf-8")
    assert read_ledgers([ledger], mapping=load(target), decimals=2).total == 200


def test_written_mapping_keeps_everything(tmp_path: Path) -> None:
    mapping = load(ADVENTURE / "map.toml")
    target = tmp_path / "copy.toml"
    write(mapping, target, "en")
    again = load(target)
    assert [(k.name, k.key, k.source, dict(k.columns)) for k in again.lookups] == [
        (k.name, k.key, k.source, dict(k.columns)) for k in mapping.lookups
    ]
    assert [k.file.resolve() for k in again.lookups] == [k.file.resolve() for k in mapping.lookups]
    assert (again.format, again.columns) == (mapping.format, mapping.columns)


def test_every_mistake_in_a_mapping_file(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(
        '[colums]\n[columns]\namont = "A"\ncost = 3\n[format]\ndate_order = "dym"\n'
        'encoding = "utf-99"\ndelimiter = "||"\nheader_row = "x"\n[lookup.a]\nfil = "x"\n'
        '[return]\nvalues = "R"\n[constant]\namount = "1"\n',
        "utf-8",
    )
    with pytest.raises(SalesxlError) as caught:
        load(path)
    said = [p.say("en") for p in caught.value.problems]
    for part in (
        "“colums” is not known. Is “columns” meant?",
        "“columns.amont” is not known. Is “columns.amount”",
        "columns.cost", "format.date_order", "utf-99", "“||”", "header_row", "lookup.a.fil",
        "lookup.a.file", "lookup.a.key", "lookup.a.from", "return.values", "constant.amount",
    ):  # fmt: skip
        assert any(part in line for line in said), part
    path.write_text("[columns\n")
    with pytest.raises(SalesxlError, match="not valid"):
        load(path)


def test_lookups_constants_and_blank_columns(tmp_path: Path) -> None:
    lines = "Date,Amount,RK,Channel\n2026-01-01,1,1,x\n2026-01-02,2,9,y\n"
    (tmp_path / "a.csv").write_text(lines, "utf-8")
    (tmp_path / "r.csv").write_text("Key;Name\n1;North\n2;South\n", "utf-8")
    (tmp_path / "m.toml").write_text(
        '[columns]\nchannel = ""\n[lookup.region]\nfile = "r.csv"\nkey = "Key"\nfrom = "RK"\n'
        '[lookup.region.columns]\nregion = "Name"\n[constant]\ncustomer_source = "fair"\n',
        "utf-8",
    )
    ledger = read_ledgers([tmp_path / "a.csv"], mapping=tmp_path / "m.toml", decimals=2)
    assert ledger.frame["region"].tolist() == ["North", ""]
    assert ledger.frame["channel"].tolist() == ["", ""]
    assert ledger.frame["customer_source"].tolist() == ["fair", "fair"]
    assert any("1 lines have a “RK” that is not in r.csv" in n for n in ledger.notices)
    (tmp_path / "r.csv").write_text("Key;Name\n1;North\n1;South\n", "utf-8")
    with pytest.raises(SalesxlError, match="two values"):
        read_ledgers([tmp_path / "a.csv"], mapping=tmp_path / "m.toml", decimals=2)
    (tmp_path / "r.csv").write_text("Id;Name\n1;North\n", "utf-8")
    with pytest.raises(SalesxlError, match="no column “Key”"):
        read_ledgers([tmp_path / "a.csv"], mapping=tmp_path / "m.toml", decimals=2)


def test_map_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import argparse

    parser = argparse.ArgumentParser()
    map_command.add_parser(parser.add_subparsers(), "en")
    (tmp_path / "a.csv").write_text("Date,Amount,Note\n2026-01-01,1,x\n", "utf-8")
    arguments = ["map", str(tmp_path / "a.csv"), "-o", str(tmp_path / "m.toml"), "--lang", "en"]
    parsed = parser.parse_args(arguments)
    assert parsed.run(parsed) == 0
    assert "date = Date, amount = Amount" in capsys.readouterr().out
    with pytest.raises(SalesxlError, match="exists already"):
        parsed.run(parsed)


def plan(**rows: object) -> Plan:
    settings = Settings(
        company="C", currency="CNY", year=2026, annual_target_amount=100, rounding_unit_amount=1
    )
    tables: dict[str, object] = {
        "regions": (Region(id="ALL", name="C"), Region(id="R1", name="华东", parent="ALL"),
                    Region(id="R2", name="North", parent="ALL")),
        "product_lines": (ProductLine(id="P1", name="Bikes"), ProductLine(id="P2", name="Bells")),
        "month_weights": (),
        "people": (Person(id="E1", name="Li", role="rep", region="R1"),
                   Person(id="E2", name="Li", role="rep", region="R2"),
                   Person(id="E3", name="Wu", role="rep", region="R2")),
        "customers": (Customer(id="C1", name="甲", region="R1"),),
    }  # fmt: skip
    return Plan(settings=settings, **{**tables, **rows})  # type: ignore[arg-type]


def test_match(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "Date,Amount,Region,Salesperson,Employee ID,Category,Product,Customer\n"
        "2026-01-01,1,华东,Li,E1,Bikes,x,甲\n2026-01-02,2,r2,Wu,,Other,Bells,C1\n"
        "2026-01-03,4,Mars,Li,,,bikes,乙\n2026-01-04,8,,,,,,\n2026-01-05,16,Mars,,,Junk,,\n",
        "utf-8",
    )
    ledger = read_ledgers([tmp_path / "a.csv"], decimals=2)
    matched, problems = match(ledger, plan())
    assert matched.frame["region_key"].tolist() == ["R1", "R2", "", "", ""]
    assert matched.frame["person_key"].tolist() == ["E1", "E3", "", "", ""]
    assert matched.frame["product_key"].tolist() == ["P1", "P2", "P1", "", ""]
    assert matched.frame["customer_key"].tolist() == ["C1", "", "", "", ""]
    said = [
        (p.code.removeprefix("ledger."), p.values["value"], p.values["lines"], p.values["amount"])
        for p in problems
    ]
    assert said == [
        ("unknown_region", "Mars", 2, "20.00"), ("unknown_region", "–", 1, "8.00"),
        ("ambiguous_person", "Li", 1, "4.00"),
        ("unknown_product", "Junk", 1, "16.00"), ("unknown_product", "–", 1, "8.00"),
        ("unknown_customer", "乙", 1, "4.00"), ("unknown_customer", "C1", 1, "2.00"),
    ]  # fmt: skip
    assert "region_key" not in ledger.frame


def test_adventureworks() -> None:
    ledger = read_ledgers([ADVENTURE / "Sales.csv.xz"], mapping=ADVENTURE / "map.toml", decimals=2)
    assert len(ledger.frame) == 57_851
    assert ledger.total == 7_754_857_020
    assert ledger.rounding_difference == 0
    assert ledger.first_date == date(2017, 7, 1)
    assert ledger.frame.groupby(ledger.frame["date"].dt.year).size().tolist() == [
        4138,
        16676,
        26758,
        10279,
    ]
    assert ledger.frame["region"].nunique() == 10
    assert ledger.frame["customer"].astype(str).ne("").all()
    assert isinstance(load(ADVENTURE / "map.toml"), Mapping)
