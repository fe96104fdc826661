"""What a batch is made of: by region, person, level of the tree and column; names; resume."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from salesxl.batch import generate as batch
from salesxl.batch.generate import generate, list_jobs
from salesxl.batch.jobs import HEAD, JobList, column_of, cut, job_list
from salesxl.batch.new_passwords import new_password
from salesxl.batch.setup import set_up
from salesxl.batch.verify import verify
from salesxl.cli.main import main
from salesxl.cli.progress import Rate
from salesxl.errors import SalesxlError
from salesxl.opc.package import open_package
from salesxl.plan.model import Plan, Region
from salesxl.sheets.plan_book import write_plan
from salesxl.sheets.scope import Lookups, narrow
from tests import generate_sample
from tests.batch_sample import contents
from tests.generate_sample import EAST, LEDGER, LOOSE, WEST

long = pytest.mark.skipif(os.environ.get("SALESXL_LONG") != "1", reason="long: SALESXL_LONG=1")
ROOT = Path(__file__).resolve().parents[1]
# Worked by hand from the ledger of the sample: lines and amounts of each person and channel.
ANN, BEN, CID = (2, 1_500_00), (2, 809_99), (3, 2_600_25)
DIRECT, ONLINE = (4, 2_209_99), (3, 2_700_25)


def listed(folder: Path, by: str, plan: Plan | None = None) -> tuple[Lookups, JobList]:
    look = Lookups(generate_sample.head(folder, whole=plan))
    return look, job_list(look, by)


def rows(jobs: JobList) -> list[tuple[str, str, int, int]]:
    return [(share.kind, share.key, share.lines, share.amount) for share in jobs.parts]


def test_by_region(tmp_path: Path) -> None:
    _, jobs = listed(tmp_path, "region")
    assert rows(jobs) == [("region", "E", 4, EAST + 500_00), ("region", "W", 2, WEST + 800_00)]
    assert (jobs.unassigned_lines, jobs.unassigned_amount) == (1, LOOSE)
    assert [share.target for share in jobs.shares] == [12_000_00, 9_000_00, 3_000_00]
    assert jobs.shares[0].kind == HEAD


def test_by_person_only_those_who_carry_quota(tmp_path: Path) -> None:
    look, jobs = listed(tmp_path, "person")
    found = [("E1", *ANN), ("W1", *BEN), ("W2", *CID), ("W3", 0, 0)]  # the manager carries none
    assert rows(jobs) == [("person", *row) for row in found]
    assert jobs.unassigned_lines == 0
    assert sum(share.target for share in jobs.parts) == 12_000_00
    cid = cut(look, jobs.parts[2])
    # Half of the East's 9,000 and a third of the West's 3,000, to the rounding unit of 0.50.
    assert cid.targets.total == jobs.parts[2].target
    assert [person.id for person in cid.plan.people] == ["W2"]
    assert {c.name for c in cid.plan.customers} == {"A*Star", "Birch Works"}  # sold to, not owned
    assert all(c.owner == "" for c in cid.plan.customers)
    assert cid.plan.prospects == cid.plan.partners == ()
    ann = cut(look, jobs.parts[0])
    assert [c.name for c in ann.plan.customers] == ["Alder Labs"]
    assert ann.name == "Ann East"


def test_a_persons_months_are_those_of_all_regions(tmp_path: Path) -> None:
    look, jobs = listed(tmp_path, "person")
    whole = look.head.targets
    cid = cut(look, jobs.parts[2])
    for product in range(2):
        for month in range(12):
            owed = sum(own.quotas[product][own.members.index("W2")][month] for own in whole.regions)
            assert cid.targets.regions[0].months[product][month] == owed


def test_by_level_and_parent(tmp_path: Path) -> None:
    plan = generate_sample.plan()
    more = (*plan.regions, Region(id="S", name="South", history_amount=100_00))
    plan = dataclasses.replace(plan, regions=more)
    _, top = listed(tmp_path, "top", plan)
    assert [(s.kind, s.key) for s in top.parts] == [("group", "N"), ("region", "S")]
    assert top.parts[0].lines == 6
    assert sum(share.target for share in top.parts) == 12_000_00
    _, second = listed(tmp_path, "2", plan)  # a leaf above the level stands for itself
    assert [(s.kind, s.key) for s in second.parts] == [
        ("region", "E"), ("region", "W"), ("region", "S"),
    ]  # fmt: skip
    _, parents = listed(tmp_path, "parent", plan)
    assert [s.key for s in parents.parts] == ["N"]
    assert parents.overlapping
    for by in ("0", "3"):
        with pytest.raises(SalesxlError, match="level"):
            listed(tmp_path, by, plan)


def test_a_groups_targets_are_the_companys(tmp_path: Path) -> None:
    plan = generate_sample.plan()
    more = (*plan.regions, Region(id="S", name="South", history_amount=123_45))
    look, jobs = listed(tmp_path, "parent", dataclasses.replace(plan, regions=more))
    group = cut(look, jobs.parts[0])
    assert group.targets.regions == tuple(look.head.targets.of(key) for key in "EW")
    assert {region.id for region in group.plan.regions} == {"N", "E", "W"}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("channel", [("channel", "Direct", *DIRECT), ("channel", "Online", *ONLINE)]),
        ("渠道", [("channel", "Direct", *DIRECT), ("channel", "Online", *ONLINE)]),
        ("product-line", [("product_line", "P1", *DIRECT), ("product_line", "P2", *ONLINE)]),
    ],
)  # fmt: skip
def test_by_a_column(tmp_path: Path, by: str, expected: list[Any]) -> None:
    if by == "product-line":  # Optics: 500 + 1,000 + 700 + 9.99; Service: 800 + 2,000.50 − 100.25
        assert DIRECT == (4, 2_209_99) and ONLINE == (3, 2_700_25)
    look, jobs = listed(tmp_path, by)
    assert rows(jobs) == expected
    share = cut(look, jobs.parts[0])
    assert share.ledger is not None
    assert len(share.ledger.frame) == 4
    assert share.targets.total == 0
    assert not share.plan.prospects


def test_what_cannot_be_split_by_is_told(tmp_path: Path) -> None:
    assert column_of("moon") is None
    look, _ = listed(tmp_path, "region")
    for by, code in (("moon", "unknown_by"), ("person_role", "empty_column")):
        with pytest.raises(SalesxlError) as caught:
            job_list(look, by)
        assert [p.code for p in caught.value.problems] == [f"batch.{code}"]
    bare = Lookups(dataclasses.replace(look.head, ledger=None))
    with pytest.raises(SalesxlError, match="ledger is needed"):
        job_list(bare, "channel")


@pytest.mark.parametrize("by", ["person", pytest.param("parent", marks=long), "channel"])
def test_all_kinds_are_made_and_hold_nothing_foreign(tmp_path: Path, by: str) -> None:
    plan, ledger = generate_sample.write(tmp_path)
    summary = generate(plan, [ledger], tmp_path / "out", by=by)
    assert summary.ties
    assert all(made.failed_checks == 0 for made in summary.made)
    found = verify(tmp_path / "out", plan=plan, ledgers=[ledger])
    assert found.good, [problem.say("en") for problem in found.problems]
    if by == "person":
        with zipfile.ZipFile(tmp_path / "out" / "02_Ben West.xlsx") as package:
            said = b"".join(package.read(part) for part in package.namelist()).decode("utf-8")
        others = ("Ann East", "Cid Both", "Eve Stays", "Dora Boss", "Alder Labs", "A*Star")
        assert [word for word in others if word in said] == []


def test_lookups_narrow_as_without_them(tmp_path: Path) -> None:
    head = generate_sample.head(tmp_path)
    look = Lookups(head)
    for region in head.plan.regions[1:]:
        one, other = narrow(head, region), narrow(head, region, look)
        assert one.plan == other.plan
        assert one.ledger is not None and other.ledger is not None
        assert one.ledger.frame.equals(other.ledger.frame)
    # Cid sells 2,600.25 in 2027: 1,900.25 of it in the East, seen from the West as sums.
    west = narrow(head, head.plan.regions[2], look)
    assert west.outside_credit == {("W2", "2027-02"): 1_900_25, ("W1", "2027-03"): 9_99}


# ---- names

ODD = ("..", "CON", "a/b", "x" * 300, "🚀 Rocket")


def odd_inputs(folder: Path) -> tuple[Path, Path]:
    plan = generate_sample.plan()
    regions = (
        Region(id="E", name="East", history_amount=10_00),
        Region(id="W", name="West", history_amount=10_00),
        *(Region(id=f"O{n}", name=name, history_amount=10_00) for n, name in enumerate(ODD)),
    )
    plan = dataclasses.replace(plan, regions=regions, people=(), assignments=(), customers=(),
                               prospects=(), partners=())  # fmt: skip
    path, ledger = folder / "plan.xlsx", folder / "ledger.csv"
    write_plan(plan, path, "en")
    ledger.write_text(LEDGER, encoding="utf-8")
    return path, ledger


def test_odd_names_make_safe_distinct_files(tmp_path: Path) -> None:
    plan, ledger = odd_inputs(tmp_path)
    out = tmp_path / "out"
    summary = generate(plan, [ledger], out, formulas="values")
    assert summary.ties
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    said = {entry["key"]: (entry["scope"], entry["file"]) for entry in manifest["files"]}
    for number, name in enumerate(ODD):
        scope, file = said[f"O{number}"]
        assert scope == name
        assert re.fullmatch(r'\d\d_[^<>:"/\\|?*\x00-\x1f]{1,130}\.xlsx', file)
        with open_package(out / file) as package:
            titles = [sheet.name for sheet in package.sheets]
        assert all(0 < len(title) <= 31 and not set(title) & set("[]:*?/\\") for title in titles)
        assert len({title.casefold() for title in titles}) == len(titles)
    assert len({file.casefold() for _, file in said.values()}) == len(said)
    assert {path.name for path in out.iterdir()} == {f for _, f in said.values()} | {
        "manifest.json"
    }


def test_values_that_differ_in_case_only_have_files_of_their_own(tmp_path: Path) -> None:
    text = LEDGER.replace("Online", "direct")
    look = Lookups(generate_sample.head(tmp_path, text=text))
    jobs = job_list(look, "channel")
    assert [share.key for share in jobs.parts] == ["Direct", "direct"]
    assert [share.file for share in jobs.parts] == ["01_Direct.xlsx", "02_direct.xlsx"]


# ---- resume, manifest, dry run


def test_resume_makes_only_what_is_missing_or_stale(tmp_path: Path) -> None:
    plan, ledger = generate_sample.write(tmp_path)
    out = tmp_path / "out"
    generate(plan, [ledger], out)
    whole = contents(out)
    (out / "01_East.xlsx").unlink()
    (out / "02_West.xlsx").write_bytes(b"changed")
    events: list[Any] = []
    summary = generate(plan, [ledger], out, resume=True, log=events.append)
    assert [e["file"] for e in events if e["event"] == "made"] == ["01_East.xlsx", "02_West.xlsx"]
    assert summary.kept == 1
    assert contents(out) == whole

    def kept(**options: Any) -> int:
        return sum(one.kept for one in list_jobs(set_up(plan, [ledger], out, **options), out))

    assert kept() == 3
    assert kept(formulas="values") == kept(lang="zh") == kept(small=True) == 0
    # A changed input makes every workbook stale: each carries the fingerprint of all inputs.
    ledger.write_text(LEDGER + "2027-04-01,1.00,East,Optics,C1,Alder Labs,,,\n", encoding="utf-8")
    assert kept() == 0


def test_files_that_are_no_longer_made_are_told_and_left_alone(tmp_path: Path) -> None:
    plan, ledger = generate_sample.write(tmp_path)
    generate(plan, [ledger], tmp_path / "out", by="channel")
    summary = generate(plan, [ledger], tmp_path / "out", resume=True)
    assert any("01_Direct.xlsx" in line for line in summary.warnings)
    assert (tmp_path / "out" / "01_Direct.xlsx").exists()
    codes = [p.code for p in verify(tmp_path / "out").problems]
    assert codes == ["batch.file_unknown"] * 2


def test_the_manifest_tells_its_inputs(tmp_path: Path) -> None:
    plan, ledger = generate_sample.write(tmp_path)
    generate(plan, [ledger], tmp_path / "out")
    said = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert said["inputs"]["plan"]["sha256"] == hashlib.sha256(plan.read_bytes()).hexdigest()
    (lines,) = said["inputs"]["ledgers"]
    assert lines == {"file": "ledger.csv",
                     "sha256": hashlib.sha256(ledger.read_bytes()).hexdigest()}  # fmt: skip
    assert said["complete"] and said["ties"] and said["missing"] == said["failed"] == []
    assert (said["format"], said["by"], said["kind"]) == (2, "region", "generate")
    for entry in said["files"]:
        assert entry["bytes"] == (tmp_path / "out" / entry["file"]).stat().st_size


def test_a_dry_run_lists_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, ledger = generate_sample.write(tmp_path)
    out, secrets = tmp_path / "out", tmp_path / "new.toml"
    words = ["--lang", "en", "generate", str(plan), "--ledger", str(ledger), "-o", str(out)]
    more = ["--dry-run", "--by", "person", "--make-passwords", str(secrets)]
    assert main([*words, *more]) == 0
    said = capsys.readouterr().out
    assert "5 workbooks would be made" in said
    assert "03_Cid Both.xlsx" in said
    assert not out.exists()
    assert not secrets.exists()
    generate(plan, [ledger], out)
    assert main([*words, "--dry-run", "--json"]) == 0
    assert [one["kept"] for one in json.loads(capsys.readouterr().out)] == [True] * 3


def test_a_log_of_json_lines(tmp_path: Path) -> None:
    plan, ledger = generate_sample.write(tmp_path)
    log = tmp_path / "run.jsonl"
    words = ["generate", str(plan), "--ledger", str(ledger), "-o", str(tmp_path / "out")]
    assert main([*words, "--log", str(log)]) == 0
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [event["event"] for event in events] == ["start", "made", "made", "made", "end"]
    assert events[-2]["done"] == events[-2]["total"] == 3
    assert all(event["at"].startswith("20") for event in events)


def test_rate_and_time_left() -> None:
    times = iter((0.0, 10.0, 20.0, 30.0))
    rate = Rate("en", lambda: next(times))
    assert rate.say(0, 100) == ""
    assert rate.say(10, 100) == ""  # from here it is counted
    assert rate.say(30, 100) == "2.0/s · 35 s left"
    assert rate.say(50, 1_000) == "2.0/s · 8 min left"


# ---- passwords


def test_new_passwords_are_written_once_for_their_owner_alone(tmp_path: Path) -> None:
    pytest.importorskip("msoffcrypto")
    plan, ledger = generate_sample.write(tmp_path)
    secrets, out = tmp_path / "new.toml", tmp_path / "out"
    summary = generate(plan, [ledger], out, make_passwords=secrets)
    assert all(made.encrypted for made in summary.made)
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    content = secrets.read_text(encoding="utf-8")
    words = re.findall(r"= '([a-z2-9]{4}(?:-[a-z2-9]{4}){3})'", content)
    assert len(set(words)) == 3
    assert not any(word.encode() in data for word in words for data in contents(out).values())
    assert verify(out, password_file=secrets).good
    assert len(verify(out).notices) == 3
    with pytest.raises(SalesxlError) as caught:
        generate(plan, [ledger], out, make_passwords=secrets)
    assert [p.code for p in caught.value.problems] == ["batch.passwords_exist"]
    assert secrets.read_text(encoding="utf-8") == content
    # With --resume the same command goes on with what was written.
    again = generate(plan, [ledger], out, make_passwords=secrets, resume=True)
    assert again.kept == 3
    secrets.write_text(content.replace(words[1], new_password()), encoding="utf-8")
    changed = generate(plan, [ledger], out, password_file=secrets, resume=True)
    assert changed.kept == 2  # the one whose password changed is made again


def test_new_passwords_never_go_into_the_folder(tmp_path: Path) -> None:
    plan, ledger = generate_sample.write(tmp_path)
    out = tmp_path / "out"
    with pytest.raises(SalesxlError) as caught:
        set_up(plan, [ledger], out, make_passwords=out / "new.toml")
    assert [p.code for p in caught.value.problems] == ["encrypt.in_out_folder"]
    assert not out.exists()


def test_a_run_names_its_manifest() -> None:
    assert batch.MANIFEST == "manifest.json"


def test_the_manifest_has_the_shape_its_schema_tells(tmp_path: Path) -> None:
    """Required and known fields, by hand: a schema library would be one more thing to install."""
    schema = json.loads((ROOT / "docs" / "manifest.schema.json").read_text(encoding="utf-8"))
    plan, ledger = generate_sample.write(tmp_path)
    generate(plan, [ledger], tmp_path / "out")
    said = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert set(said) == set(schema["required"]) == set(schema["properties"])
    entry = schema["properties"]["files"]["items"]
    for one in said["files"]:
        assert set(one) == set(entry["required"]) == set(entry["properties"])


def test_a_regions_template_is_refused_for_a_column(tmp_path: Path) -> None:
    plan, ledger = generate_sample.write(tmp_path)
    english = ROOT / "templates" / "region.en.xlsx"
    with pytest.raises(SalesxlError) as caught:
        generate(plan, [ledger], tmp_path / "out", by="channel", template=english)
    assert [p.code for p in caught.value.problems] == ["batch.no_template_for_column"]
    assert not (tmp_path / "out").exists()
