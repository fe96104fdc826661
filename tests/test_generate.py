"""From a plan workbook and a ledger file to all workbooks: sums, names, safety."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from salesxl.batch.generate import Summary, generate
from salesxl.batch.names import file_names, safe_stem
from salesxl.errors import SalesxlError
from tests import generate_sample
from tests.generate_sample import EAST, LOOSE, TOTAL, WEST
from tests.oracles import engines, validator


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    folder = tmp_path_factory.mktemp("run")
    plan, ledger = generate_sample.write(folder)
    return folder / "out", generate(plan, [ledger], folder / "out", lang="en")


def test_regions_and_what_no_region_owns_make_up_the_ledger(made: tuple[Path, Summary]) -> None:
    _, summary = made
    assert summary.ties
    assert [m.lines for m in summary.made] == [7, 4, 2]
    # The regions' lines of 2026 count too: 500.00 and 800.00.
    assert [m.amount for m in summary.made] == [TOTAL, EAST + 500_00, WEST + 800_00]
    assert (summary.unassigned_lines, summary.unassigned_amount) == (1, LOOSE)
    assert [m.target for m in summary.made] == [12_000_00, 9_000_00, 3_000_00]
    assert all(m.checks > 0 and m.failed_checks == 0 for m in summary.made)


def test_a_summary_that_does_not_close_says_so(made: tuple[Path, Summary]) -> None:
    import dataclasses

    _, summary = made
    assert not dataclasses.replace(summary, unassigned_amount=LOOSE + 1).ties
    assert not dataclasses.replace(summary, target=summary.target - 1).ties
    assert not dataclasses.replace(summary, ledger_lines=8).ties


def test_only_the_named_files_are_in_the_folder(made: tuple[Path, Summary]) -> None:
    out, summary = made
    names = ["00_head_office.xlsx", "01_East.xlsx", "02_West.xlsx"]
    assert sorted(p.name for p in out.iterdir()) == [*names, "manifest.json"]
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert [f["file"] for f in manifest["files"]] == names
    for entry in manifest["files"]:
        assert hashlib.sha256((out / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    assert manifest["fingerprint"] == summary.fingerprint


def test_a_regions_file_holds_nothing_of_another(made: tuple[Path, Summary]) -> None:
    out, _ = made
    foreign = {
        "01_East.xlsx": ("Ben West", "Eve Stays", "Birch", "Fir Forge", "Partner W", "Atlantis"),
        "02_West.xlsx": ("Ann East", "Alder Labs", "A*Star", "Elm Mill", "Partner E", "Atlantis"),
    }
    for name, words in foreign.items():
        with zipfile.ZipFile(out / name) as package:
            content = b"".join(package.read(part) for part in package.namelist()).decode("utf-8")
        assert [word for word in words if word in content] == []


@pytest.mark.oracle("ironcalc")
def test_the_engine_finds_every_cached_value(made: tuple[Path, Summary]) -> None:
    out, _ = made
    assert engines.with_ironcalc(sorted(out.glob("*.xlsx"))).differences == ()


@pytest.mark.oracle("libreoffice")
def test_libreoffice_finds_every_cached_value(made: tuple[Path, Summary], tmp_path: Path) -> None:
    out, _ = made
    paths = sorted(out.glob("*.xlsx"))
    assert engines.with_libreoffice(engines.recalculate(paths, tmp_path)).differences == ()


@pytest.mark.oracle("ooxml-validator")
def test_the_files_are_valid(made: tuple[Path, Summary]) -> None:
    out, _ = made
    assert validator.findings(sorted(out.glob("*.xlsx"))) == []


def test_the_same_inputs_give_the_same_bytes_in_one_process_or_two(
    made: tuple[Path, Summary], tmp_path: Path
) -> None:
    out, _ = made
    plan, ledger = generate_sample.write(tmp_path)
    generate(plan, [ledger], tmp_path / "again", lang="en", jobs=2)
    for path in out.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name


def test_values_only_leaves_no_formula(tmp_path: Path) -> None:
    plan, ledger = generate_sample.write(tmp_path)
    generate(plan, [ledger], tmp_path / "out", lang="zh", formulas="values")
    for path in (tmp_path / "out").glob("*.xlsx"):
        with zipfile.ZipFile(path) as package:
            parts = [n for n in package.namelist() if n.startswith("xl/worksheets/sheet")]
            assert all(b"<f>" not in package.read(part) for part in parts)


def test_without_a_ledger_every_workbook_is_made(tmp_path: Path) -> None:
    plan, _ = generate_sample.write(tmp_path)
    summary = generate(plan, [], tmp_path / "out", lang="zh")
    assert summary.ties
    assert [m.file for m in summary.made] == ["00_总部.xlsx", "01_East.xlsx", "02_West.xlsx"]
    assert summary.ledger_lines == 0


def test_what_is_in_the_way_is_named_and_nothing_written(tmp_path: Path) -> None:
    plan, ledger = generate_sample.write(tmp_path)
    out = tmp_path / "out"
    (out / "01_East.xlsx").mkdir(parents=True)
    (out / "02_West.xlsx").symlink_to(tmp_path / "elsewhere.xlsx")
    with pytest.raises(SalesxlError) as caught:
        generate(plan, [ledger], out, lang="en")
    assert [problem.code for problem in caught.value.problems] == ["cli.blocked"] * 2
    assert sorted(p.name for p in out.iterdir()) == ["01_East.xlsx", "02_West.xlsx"]
    assert not (tmp_path / "elsewhere.xlsx").exists()
    with pytest.raises(SalesxlError) as caught:
        generate(plan, [ledger], ledger, lang="en")
    assert caught.value.problems[0].code == "cli.out_is_file"


def test_an_older_file_of_ours_is_replaced(tmp_path: Path) -> None:
    plan, ledger = generate_sample.write(tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    (out / "01_East.xlsx").write_bytes(b"old")
    generate(plan, [ledger], out, lang="en")
    assert zipfile.is_zipfile(out / "01_East.xlsx")


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("华东", "华东"),
        ('a<b>c:d"e/f\\g|h?i*j', "a_b_c_d_e_f_g_h_i_j"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com¹", "_com¹"),
        ("end. . ", "end"),
        ("a\u202eb\x00c\n d", "ab_c_ d"),
        ("...", "_"),
        ("", "_"),
    ],
)
def test_stems_are_safe_everywhere(name: str, stem: str) -> None:
    assert safe_stem(name) == stem


def test_long_and_clashing_names_stay_distinct() -> None:
    names = file_names(["A/b", "a:B", "东" * 300, "东" * 299], "总部", "xlsx")
    assert len({name.casefold() for name in names}) == 5
    assert all(len(name.encode()) <= 140 for name in names)
    assert file_names(["x"] * 100, "h", "xlsx")[100] == "100_x.xlsx"
    assert file_names(["x"] * 100, "h", "xlsx")[7] == "007_x.xlsx"
