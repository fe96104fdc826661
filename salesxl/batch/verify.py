"""Whether a generated folder is whole, adds up, and keeps everybody's data apart.

    files     there, unchanged (SHA-256), of this run, in their own place, none unknown
    sums      the shares and what belongs to none against the head office's workbook
    contents  the table of lines against the manifest; no name or number of another share
              anywhere in the package (`batch.inside`, `batch.identifiers`)
    inputs    with plan and ledgers: the manifest against what they come to

All of it needs the manifest alone, but for the last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from salesxl.batch.identifiers import Hasher, known_of, packed, unpacked
from salesxl.batch.jobs import HEAD, cut
from salesxl.batch.look_inside import Look, Seen, look_at, start_worker
from salesxl.batch.manifest import MANIFEST, read_manifest
from salesxl.batch.passwords import PEOPLE, REGIONS, VALUES, Passwords, read_passwords
from salesxl.batch.setup import Setup, set_up
from salesxl.errors import Problem, fail
from salesxl.texts import Lang, text

Report = Callable[[str, int, int], None]
_SHOWN = 5  # names listed of files that were not made
_WORKBOOKS = (".xlsx", ".xlsm")
_MOST = 10  # foreign names told of one file


@dataclass(frozen=True)
class Verified:
    """What was found. `identifiers`: names and numbers searched for; `skipped`: those too short
    or too common for that."""

    folder: str
    files: int
    identifiers: int
    skipped: int
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...] = ()

    @property
    def good(self) -> bool:
        return not self.problems

    def as_json(self, lang: Lang) -> dict[str, Any]:
        return {
            "folder": self.folder,
            "good": self.good,
            "files": self.files,
            "identifiers": self.identifiers,
            "not_searched": self.skipped,
            "problems": [
                {"code": p.code, "where": p.where, "said": p.say(lang)} for p in self.problems
            ],
            "notices": [p.say(lang) for p in self.notices],
        }


@dataclass
class _Found:
    problems: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)

    def add(self, code: str, where: str, **values: object) -> None:
        self.problems.append(Problem(f"batch.{code}", where, values))


def verify(
    folder: Path,
    *,
    plan: Path | None = None,
    ledgers: Sequence[Path | str] = (),
    mapping: Path | None = None,
    template: Path | None = None,
    head_template: Path | None = None,
    password_file: Path | None = None,
    jobs: int = 1,
    lang: Lang = "en",
    report: Report | None = None,
) -> Verified:
    """Look at all of `folder`. Raises `SalesxlError` where there is no manifest to go by, or
    plan, ledgers or password file cannot be read."""
    manifest = read_manifest(folder)
    records: list[dict[str, Any]] = manifest["files"]
    found = _Found()
    known = _identifiers(manifest, folder)
    passwords = _passwords(manifest, password_file, folder)
    _missing(manifest, found)
    _strangers(folder, manifest, found)
    looks = list(_looks(folder, manifest, records, known, passwords))
    seen = _look(looks, known, manifest, jobs, lang, report)
    for record, one in zip(records, seen, strict=True):
        _judge(record, one, manifest, known, found, lang)
    if manifest["complete"]:
        _sums(manifest, records, found)
    if plan is not None:
        setup = set_up(
            plan, ledgers, folder, by=manifest["by"], lang=manifest["lang"], mapping=mapping,
            formulas=manifest["inputs"]["options"]["formulas"], template=template,
            skip_bad_rows=manifest["inputs"]["options"]["skip_bad_rows"],
            head_template=head_template,
        )  # fmt: skip
        _inputs(setup, manifest, records, found, lang, has_ledger=bool(ledgers))
    return Verified(
        folder=str(folder),
        files=len(records),
        identifiers=len(known.everything),
        skipped=sum(record.get("skipped", 0) for record in records),
        problems=tuple(found.problems),
        notices=tuple(found.notices),
    )


@dataclass(frozen=True)
class _Identifiers:
    everything: frozenset[int]  # of any share or of none
    lengths: tuple[int, ...]
    own: tuple[frozenset[int], ...]  # by file
    words: tuple[frozenset[int], ...]
    loose: frozenset[int]
    salt: bytes


def _identifiers(manifest: Mapping[str, Any], folder: Path) -> _Identifiers:
    try:
        records = manifest["files"]
        own = tuple(unpacked(record["identifiers"]) for record in records)
        words = tuple(unpacked(record["words"]) for record in records)
        loose = unpacked(manifest["unassigned"].get("identifiers", ""))
        lengths = {int(n) for record in records for n in record.get("lengths", ())}
        lengths |= {int(n) for n in manifest["unassigned"].get("lengths", ())}
        salt = bytes.fromhex(manifest["salt"])
        everything = frozenset().union(loose, *own)
    except (KeyError, TypeError, ValueError) as error:
        where = str(folder / MANIFEST)
        raise fail("batch.bad_manifest", where, cause=type(error).__name__) from error
    return _Identifiers(everything, tuple(sorted(lengths)), own, words, loose, salt)


def _passwords(manifest: Mapping[str, Any], path: Path | None, folder: Path) -> Passwords | None:
    if path is None:
        return None
    kinds = {record["kind"] for record in manifest["files"]} - {HEAD}
    table = PEOPLE if kinds == {"person"} else REGIONS if kinds <= {"region", "group"} else VALUES
    shares = [_Named(record["key"], record["scope"]) for record in manifest["files"]
              if record["kind"] != HEAD]  # fmt: skip
    return read_passwords(path, shares, shares, folder, table)


@dataclass(frozen=True)
class _Named:
    id: str
    name: str


def _missing(manifest: Mapping[str, Any], found: _Found) -> None:
    missing = [one["file"] for one in manifest.get("missing", ())]
    if missing or not manifest["complete"]:
        names = ", ".join(missing[:_SHOWN]) + (" …" if len(missing) > _SHOWN else "")
        found.add("incomplete", MANIFEST, count=len(missing), names=names)


def _strangers(folder: Path, manifest: Mapping[str, Any], found: _Found) -> None:
    known = {one["file"] for one in (*manifest["files"], *manifest.get("missing", ()))}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.name.startswith(("~$", ".")):  # what Excel or a run keeps beside its files
            continue
        if path.is_file() and path.suffix.lower() in _WORKBOOKS and name not in known:
            found.add("file_unknown", name)


def _looks(
    folder: Path,
    manifest: Mapping[str, Any],
    records: Sequence[Mapping[str, Any]],
    known: _Identifiers,
    passwords: Passwords | None,
) -> Iterator[Look]:
    for record, own, words in zip(records, known.own, known.words, strict=True):
        is_head = record["kind"] == HEAD
        secret = None
        if passwords is not None:
            secret = passwords.of("" if is_head else record["key"])
        yield Look(
            path=folder / record["file"],
            own=own | words,
            search=not is_head,
            decimals=int(manifest["decimals"]),
            password=secret,
        )


def _look(
    looks: Sequence[Look],
    known: _Identifiers,
    manifest: Mapping[str, Any],
    jobs: int,
    lang: Lang,
    report: Report | None,
) -> list[Seen]:
    tell = report or (lambda step, done, total: None)
    seen: list[Seen] = []

    def add(one: Seen) -> None:
        name = looks[len(seen)].path.name
        seen.append(one)
        tell(text("batch.step_verify", lang, name=name), len(seen), len(looks))

    what = (known.salt, known.everything, known.lengths)
    if jobs <= 1 or len(looks) <= 1:
        start_worker(*what)
        for look in looks:
            add(look_at(look))
        return seen
    with ProcessPoolExecutor(
        min(jobs, len(looks)), get_context("spawn"), start_worker, what
    ) as pool:
        for one in pool.map(look_at, looks, chunksize=4):
            add(one)
    return seen


def _judge(
    record: Mapping[str, Any],
    seen: Seen,
    manifest: Mapping[str, Any],
    known: _Identifiers,
    found: _Found,
    lang: Lang,
) -> None:
    """What was seen of one file against what the manifest says of it."""
    file, decimals = record["file"], int(manifest["decimals"])
    if not seen.sha256:
        found.add("file_missing", file)
        return
    if seen.sha256 != record["sha256"]:
        found.add("file_changed", file)
    if seen.trouble is not None:
        code = seen.trouble
        if code == "not_opened":
            found.notices.append(Problem("batch.not_opened", file, {}, "warning"))
        else:
            found.add(code, file)
        return
    identity = seen.identity
    here = (identity.get("salesxl_scope", ""), identity.get("salesxl_key", ""))
    if here != (record["kind"], record["key"]):
        others = {(one["kind"], one["key"]): one["scope"] for one in manifest["files"]}
        found.add("file_swapped", file, wanted=record["scope"], found=others.get(here, here[1]))
    elif identity.get("salesxl_run") != manifest["run"][:16]:
        found.add("file_other_run", file, found=identity.get("salesxl_run", "–"))
    if seen.table is not None:
        lines, amount = seen.table
        if lines != record["lines"]:
            found.add("table_lines", file, found=lines, wanted=record["lines"])
        if amount != record["amount"]:
            wanted = _money(record["amount"], decimals)
            found.add("table_amount", file, found=_money(amount, decimals), wanted=wanted)
    for said, hashed, part in seen.foreign[:_MOST]:
        found.add(
            "foreign", file, found=said, part=part, owner=_owner(hashed, manifest, known, lang)
        )


def _owner(hashed: int, manifest: Mapping[str, Any], known: _Identifiers, lang: Lang) -> str:
    for record, own in zip(manifest["files"], known.own, strict=True):
        if hashed in own:
            return str(record["scope"])
    return text("batch.owner_none", lang)


def _sums(manifest: Mapping[str, Any], records: Sequence[Mapping[str, Any]], found: _Found) -> None:
    head = next((one for one in records if one["kind"] == HEAD), None)
    if head is None:
        return
    parts = [one for one in records if one["kind"] != HEAD]
    loose, decimals = manifest["unassigned"], int(manifest["decimals"])
    if not manifest["overlapping"]:
        lines = sum(one["lines"] for one in parts)
        if lines + loose["lines"] != head["lines"]:
            found.add(
                "sum_lines", MANIFEST, found=lines, loose=loose["lines"], wanted=head["lines"]
            )
        amount = sum(one["amount"] for one in parts)
        if amount + loose["amount"] != head["amount"]:
            found.add(
                "sum_amount", MANIFEST, found=_money(amount, decimals),
                loose=_money(loose["amount"], decimals), wanted=_money(head["amount"], decimals),
            )  # fmt: skip
    target = sum(one["target"] for one in parts)
    if manifest["has_targets"] and target != head["target"]:
        found.add(
            "sum_target", MANIFEST, found=_money(target, decimals),
            wanted=_money(head["target"], decimals),
        )  # fmt: skip


def _inputs(
    setup: Setup,
    manifest: Mapping[str, Any],
    records: Sequence[Mapping[str, Any]],
    found: _Found,
    lang: Lang,
    has_ledger: bool,
) -> None:
    """The manifest against plan and ledgers themselves."""
    then, now = manifest["inputs"], setup.inputs
    if then["plan"]["fingerprint"] != now["plan"]["fingerprint"]:
        found.add(
            "input_changed", MANIFEST, what=text("batch.what_plan", lang), name=now["plan"]["file"]
        )
        return
    if sorted(one["sha256"] for one in then["ledgers"]) != sorted(
        one["sha256"] for one in now["ledgers"]
    ):
        if has_ledger:
            names = ", ".join(one["file"] for one in now["ledgers"])
            found.add("input_changed", MANIFEST, what=text("batch.what_ledger", lang), name=names)
        return
    by_file = {record["file"]: record for record in records}
    hasher = Hasher(bytes.fromhex(manifest["salt"]))
    for share in setup.jobs.shares:
        record = by_file.get(share.file)
        if record is None:
            continue
        pairs = {name: getattr(share, name) for name in ("kind", "key", "lines", "amount")}
        differs = [name for name, value in pairs.items() if record[name] != value]
        if setup.jobs.has_targets and record["target"] != share.target:
            differs.append("target")
        if (
            share.kind != HEAD
            and packed(known_of(cut(setup.look, share), hasher).own) != (record["identifiers"])
        ):
            differs.append("identifiers")
        if differs:
            found.add("record_differs", share.file, what=", ".join(differs))


def _money(minor: int, decimals: int) -> str:
    return f"{Decimal(minor).scaleb(-decimals):,f}"
