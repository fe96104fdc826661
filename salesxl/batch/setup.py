"""What a run needs before its first workbook: inputs read, targets worked out, jobs listed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from salesxl.batch.jobs import HEAD, PERSON, JobList, Share, job_list
from salesxl.batch.manifest import TOOL, digest_of, sha_of
from salesxl.batch.new_passwords import write_passwords
from salesxl.batch.output import Output, open_output
from salesxl.batch.passwords import (
    PEOPLE,
    REGIONS,
    VALUES,
    Named,
    Passwords,
    read_passwords,
)
from salesxl.errors import Problem, fail
from salesxl.ledger.frame import Ledger
from salesxl.ledger.mapping_read import load
from salesxl.ledger.match import match
from salesxl.ledger.read import read_ledgers
from salesxl.ooxml.encrypt import Secret
from salesxl.ooxml.pour.target import Target
from salesxl.plan.model import Plan
from salesxl.plan.read import read_plan
from salesxl.plan.targets import breakdown
from salesxl.sheets.scope import Formulas, Lookups, Scope, head_office
from salesxl.texts import Lang, text

Report = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Setup:
    """All of a run but its doing. `run`: fingerprint of all that decides a workbook's content."""

    head: Scope
    look: Lookups = field(repr=False)
    jobs: JobList
    output: Output = field(repr=False)
    lang: Lang
    inputs: dict[str, Any]  # fingerprints, as the manifest tells them
    run: str
    salt: bytes
    passwords: Passwords | None
    warnings: tuple[Problem, ...]

    def password(self, share: Share) -> Secret | None:
        if self.passwords is None:
            return None
        return self.passwords.of("" if share.kind == HEAD else share.key)

    def inputs_of(self, share: Share) -> str:
        """The fingerprint of what one workbook is made from."""
        packing = self.output.packing  # decides bytes, not content: no part of `run`
        said = [self.run, share.kind, share.key, share.file, self.passwords is not None, packing]
        return digest_of(said)[:32]


@dataclass(frozen=True)
class _One:
    """A share as the password file knows it."""

    id: str
    name: str


def set_up(
    plan_path: Path,
    ledger_paths: Sequence[Path | str],
    out_dir: Path,
    *,
    by: str = "region",
    lang: Lang = "en",
    formulas: Formulas = "native",
    mapping: Path | None = None,
    skip_bad_rows: bool = False,
    password_file: Path | None = None,
    make_passwords: Path | None = None,
    template: Path | None = None,
    head_template: Path | None = None,
    small: bool = False,
    recalc: bool = False,
    resume: bool = False,
    report: Report | None = None,
) -> Setup:
    """Read and work out everything once. Raises `SalesxlError` with every problem; of files,
    only the new passwords (`make_passwords`) are written."""
    tell = report or (lambda step, done, total: None)
    if password_file is not None and make_passwords is not None:
        raise fail("batch.passwords_both", "--make-passwords")
    if recalc and (password_file is not None or make_passwords is not None):
        # LibreOffice would read the workbook from a file that is not encrypted yet.
        raise fail("template.recalc_and_passwords")
    output = open_output(template, head_template, lang, small, recalc)
    tell(text("cli.step_read_plan", lang), 0, 0)
    plan, ledger, warnings = read_inputs(
        plan_path, ledger_paths, mapping, skip_bad_rows, lang, tell
    )
    tell(text("cli.step_breakdown", lang), 0, 0)
    head = head_office(plan, breakdown(plan), ledger, lang, formulas)
    look = Lookups(head)
    jobs = job_list(look, by)
    if jobs.by_column and isinstance(output.region, Target):
        raise fail("batch.no_template_for_column", "--template")
    options = {
        "by": by, "formulas": formulas, "skip_bad_rows": skip_bad_rows, "small": small,
        "recalc": recalc,
    }  # fmt: skip
    inputs = {
        "plan": {
            "file": plan_path.name, "sha256": sha_of(plan_path), "fingerprint": plan.fingerprint,
        },
        "ledgers": [
            {"file": name, "sha256": sha}
            for name, sha in (() if head.ledger is None else head.ledger.files)
        ],
        "mapping": None if mapping is None else {"file": mapping.name, "sha256": sha_of(mapping)},
        "templates": [*_template_files(template), *_template_files(head_template)],
        "options": options,
    }  # fmt: skip
    # Saving the plan again changes its bytes but not its meaning, and no workbook.
    decides = inputs | {"plan": plan.fingerprint, "tool": TOOL, "lang": lang}
    decides["options"] = {name: value for name, value in options.items() if name != "small"}
    run = digest_of(decides)
    passwords = _passwords(plan, jobs, password_file, make_passwords, out_dir, lang, resume)
    if passwords is not None:
        warnings = (*passwords.warnings, *warnings)
    if make_passwords is not None:
        told = Problem("batch.passwords_written", "", {"file": make_passwords}, "warning")
        warnings = (told, *warnings)
    return Setup(
        head, look, jobs, output, lang, inputs, run,
        hashlib.sha256(f"identifiers {run}".encode()).digest()[:16],
        passwords, warnings,
    )  # fmt: skip


def read_inputs(
    plan_path: Path,
    ledger_paths: Sequence[Path | str],
    mapping: Path | None,
    skip_bad_rows: bool,
    lang: Lang,
    tell: Report,
) -> tuple[Plan, Ledger | None, tuple[Problem, ...]]:
    """The plan, the lines matched to it, and what could not be matched.

    What matches nothing is no error: the head office shows it as unassigned.
    """
    plan = read_plan(plan_path)
    if not ledger_paths:
        return plan, None, ()
    tell(text("cli.step_read_ledger", lang), 0, 0)
    ledger = read_ledgers(
        ledger_paths,
        mapping=None if mapping is None else load(mapping),
        decimals=plan.settings.decimals,
        skip_bad_rows=skip_bad_rows,
        lang=lang,
    )
    matched, lost = match(ledger, plan)
    return plan, matched, tuple(lost)


def _passwords(
    plan: Plan,
    jobs: JobList,
    given: Path | None,
    new: Path | None,
    out_dir: Path,
    lang: Lang,
    resume: bool,
) -> Passwords | None:
    path = given or new
    if path is None:
        return None
    shares = [_One(share.key, share.name) for share in jobs.parts]
    everybody: Sequence[Named]
    if jobs.by == PERSON:
        table, everybody = PEOPLE, plan.people
    elif jobs.parts and jobs.parts[0].kind in ("region", "group"):
        table, everybody = REGIONS, plan.regions
    else:
        table, everybody = VALUES, shares
    if new is not None and not (resume and new.exists()):
        write_passwords(new, shares, table, out_dir, lang)
    return read_passwords(path, everybody, shares, out_dir, table)


def _template_files(template: Path | None) -> list[dict[str, str]]:
    if template is None:
        return []
    files = sorted(template.iterdir()) if template.is_dir() else [template]
    return [
        {"file": path.name, "sha256": sha_of(path)}
        for path in files
        if path.suffix.lower() in (".xlsx", ".xlsm") and not path.name.startswith("~$")
    ]
