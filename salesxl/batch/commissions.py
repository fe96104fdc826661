"""A plan, its ledgers and a period in; a statement for each payee and the payroll out.

Everything is worked out before the first file is written, a file appears only when complete,
and the statements, the payroll's workbook and its CSV carry the same figures.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from salesxl import __version__
from salesxl.batch.folder import prepare
from salesxl.batch.names import safe_stem
from salesxl.batch.output import open_statement, packed
from salesxl.batch.statement_files import MadeStatement, Report, make_statement, write_statements
from salesxl.closing import Inputs, corrections, inputs_of, sealed_result, with_corrections
from salesxl.errors import Problem, SalesxlError, fail
from salesxl.ledger.mapping_read import load
from salesxl.ledger.match import match
from salesxl.ledger.pay.periods import parse_period
from salesxl.ledger.pay.results import PayRun, Statement
from salesxl.ledger.pay.run import pay_run
from salesxl.ledger.read import read_ledgers, summary
from salesxl.ooxml.atomic import write_atomic
from salesxl.plan.read import read_plan
from salesxl.texts import Lang, text

MANIFEST, PAYROLL, PAYROLL_CSV = "manifest.json", "payroll.xlsx", "payroll.csv"
# What a spreadsheet would take for a formula at the start of a text.
_DANGER = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True)
class PaySummary:
    """What a run paid and made. Amounts in minor units; `run` holds all of it."""

    folder: str  # "" when nothing was written
    run: PayRun
    made: tuple[MadeStatement, ...]
    files: tuple[tuple[str, str], ...]  # the payroll's files and their hashes
    notices: tuple[str, ...]
    warnings: tuple[str, ...]
    seconds: float
    inputs: Inputs | None = None  # fingerprints, where files were made

    @property
    def ties(self) -> bool:
        """Σ statements + unassigned = ledger, and no workbook finds a difference in itself."""
        return self.run.ties and not any(made.failed_checks for made in self.made)

    def as_json(self) -> dict[str, Any]:
        """Plain data: amounts stay whole minor units, `decimals` says how many digits."""
        run = self.run
        return {
            "period": run.period.label,
            "first_day": run.period.first_day.isoformat(),
            "last_day": run.period.last_day.isoformat(),
            "currency": run.currency,
            "decimals": run.decimals,
            "plan_version": run.plan_version,
            "fingerprint": run.fingerprint,
            "before_tax": True,
            "ledger_lines": run.ledger_lines,
            "ledger_amount": run.ledger_amount,
            "earned": run.earned,
            "payable": run.payable,
            "ties": self.ties,
            "statements": [row_of(statement) for statement in run.statements],
            "unassigned": {
                "lines": len(run.unassigned),
                "amount": run.unassigned_amount,
                "rows": [asdict(line) | {"day": line.day.isoformat()} for line in run.unassigned],
            },
            "folder": self.folder,
            "files": [asdict(made) for made in self.made],
            "notices": list(self.notices),
            "warnings": list(self.warnings),
            "seconds": self.seconds,
        }


def row_of(statement: Statement) -> dict[str, Any]:
    """One payee's figures, as the payroll lists them."""
    return {
        "number": statement.number,
        "person": statement.person,
        "name": statement.name,
        "role": statement.role,
        "region": statement.region,
        "plan": " · ".join(dict.fromkeys(pay.plan.id for pay in statement.plans)),
        "own_amount": statement.own_amount,
        "credited": statement.credited,
        "commission": statement.commission,
        "overrides": sum(item.pay for item in statement.overrides),
        "spiffs": sum(item.pay for item in statement.spiffs),
        "bonuses": sum(item.pay for item in statement.bonuses),
        "earned": statement.earned,
        "clawbacks": sum(item.pay for item in statement.clawbacks),
        "adjustments": sum(item.amount for item in statement.adjustments),
        "held": -sum(item.amount for item in statement.held),
        "released": sum(item.amount for item in statement.released),
        "draw": statement.drawn,
        "payable": statement.payable,
        "draw_balance": statement.draw_balance,
    }


def commissions(
    plan_path: Path,
    ledger_paths: Sequence[Path | str],
    period: str,
    out_dir: Path | None = None,
    *,
    by: str = "rep",
    lang: Lang = "en",
    mapping: Path | None = None,
    skip_bad_rows: bool = False,
    strict: bool = False,
    jobs: int = 1,
    template: Path | None = None,
    small: bool = False,
    recalc: bool = False,
    report: Report | None = None,
) -> PaySummary:
    """Pay `period` and, with `out_dir`, write the files. Raises `SalesxlError` with every problem.

    `by` "rep" makes a workbook for each payee; "none" only the payroll. `strict` refuses a run
    in which any line is in nobody's commission. `template`: the statements' look, a file or a
    folder that has one; `small` packs tighter, `recalc` computes formulas of the template's own.
    """
    if by not in ("rep", "none"):
        raise fail("commissions.unknown_by", "--by", name=by)
    output = open_statement(template, lang, small, recalc)
    started = time.monotonic()
    tell = report or (lambda step, done, total: None)
    tell(text("cli.step_read_plan", lang), 0, 0)
    plan = read_plan(plan_path)
    tell(text("cli.step_read_ledger", lang), 0, 0)
    ledger = read_ledgers(
        ledger_paths,
        mapping=None if mapping is None else load(mapping),
        decimals=plan.settings.decimals,
        skip_bad_rows=skip_bad_rows,
        lang=lang,
    )
    matched, unmatched = match(ledger, plan)
    tell(text("commissions.step_pay", lang), 0, 0)
    asked = parse_period(period, plan.settings.fiscal_year_first_month)
    notices = summary(ledger, lang)
    company = plan.settings.company
    sealed = sealed_result(plan_path, plan, asked)
    if sealed is not None:
        run, company = sealed.run, sealed.company
        values = {"period": asked.label, "who": sealed.who, "at": sealed.at}
        notices = [text("closing.sealed_shown", lang, **values)]
    else:
        run = pay_run(plan, matched, asked)
        due = corrections(
            plan_path, plan, matched, asked, lambda past: pay_run(plan, matched, past)
        )
        run = with_corrections(run, due, plan.settings.language)
    if strict:
        _refuse_unassigned(run, lang)
    made: list[MadeStatement] = []
    files: list[tuple[str, str]] = []
    if out_dir is not None:
        # Imported where workbooks are made: a run that only shows its result does without.
        from salesxl.sheets.pay_book import build_payroll

        paths = _paths(out_dir, run if by == "rep" else None)
        made = list(write_statements(run, paths, lang, company, jobs, tell, output))
        data = {
            PAYROLL: packed(build_payroll(run, lang, company), output.packing),
            PAYROLL_CSV: payroll_csv(run, lang),
        }
        for name, content in data.items():
            write_atomic(out_dir / name, content)
            files.append((name, hashlib.sha256(content).hexdigest()))
        write_atomic(out_dir / MANIFEST, _manifest(run, made, files))
    return PaySummary(
        folder="" if out_dir is None else str(out_dir),
        run=run,
        made=tuple(made),
        files=tuple(files),
        notices=tuple(notices),
        warnings=tuple(dict.fromkeys(problem.say(lang) for problem in (*unmatched, *run.problems))),
        seconds=round(time.monotonic() - started, 2),
        inputs=None
        if out_dir is None
        else inputs_of(plan_path, plan, ledger, asked.last_day, mapping=mapping, lang=lang),
    )


def _refuse_unassigned(run: PayRun, lang: Lang) -> None:
    """A problem for each reason, with the first rows it holds for."""
    by_reason: dict[str, list[Any]] = {}
    for line in run.unassigned:
        by_reason.setdefault(line.reason, []).append(line)
    problems = []
    for reason, lines in by_reason.items():
        rows = ", ".join(f"{line.source}:{line.row}" for line in lines[:5])
        values = {
            "count": len(lines),
            "amount": money_text(sum(line.amount for line in lines), run.decimals),
            "reason": text(f"pay.reason_{reason}", lang),
        }
        where = rows + (" …" if len(lines) > 5 else "")
        problems.append(Problem("pay.unassigned_strict", where, values))
    if problems:
        raise SalesxlError(problems)


# ---- files


def _paths(out_dir: Path, run: PayRun | None) -> list[Path]:
    """Where the statements go; the folder is made, and nothing foreign is in the way."""
    people = run.statements if run is not None else ()
    digits = max(2, len(str(len(people))))
    paths = [
        out_dir / f"{number:0{digits}d}_{safe_stem(statement.name)}.xlsx"
        for number, statement in enumerate(people, 1)
    ]
    prepare(out_dir, [*paths, *(out_dir / name for name in (PAYROLL, PAYROLL_CSV, MANIFEST))])
    return paths


_TEXTS = ("number", "person", "name", "role", "region", "plan")


def payroll_csv(run: PayRun, lang: Lang) -> bytes:
    """A row a payee and a total, for the payroll system; UTF-8 with a mark, so that every
    spreadsheet reads it. A text that a spreadsheet would take for a formula gets an apostrophe."""
    rows = [row_of(statement) for statement in run.statements]
    columns = list(row_of(_EMPTY)) if not rows else list(rows[0])
    stream = io.StringIO()
    writer = csv.writer(stream)
    heads = [text(f"commissions.csv_{name}", lang) for name in columns]
    writer.writerow([*heads, text("commissions.csv_currency", lang)])
    for row in rows:
        cells = [
            _safe(str(row[name])) if name in _TEXTS else money_text(row[name], run.decimals, "")
            for name in columns
        ]
        writer.writerow([*cells, run.currency])
    total = text("commissions.csv_total", lang)
    sums = [
        (total if name == "number" else "")
        if name in _TEXTS
        else money_text(sum(row[name] for row in rows), run.decimals, "")
        for name in columns
    ]
    writer.writerow([*sums, run.currency])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _safe(word: str) -> str:
    return f"'{word}" if word.lstrip().startswith(_DANGER) or word.startswith(_DANGER) else word


def money_text(minor: int, decimals: int, separator: str = ",") -> str:
    return f"{Decimal(minor).scaleb(-decimals):{separator}f}"


def _manifest(
    run: PayRun, made: Sequence[MadeStatement], files: Sequence[tuple[str, str]]
) -> bytes:
    """What was made, for whoever collects it; same inputs give the same bytes."""
    said = {
        "tool": f"salesxl {__version__}",
        "kind": "commissions",
        "period": run.period.label,
        "plan_version": run.plan_version,
        "fingerprint": run.fingerprint,
        "currency": run.currency,
        "decimals": run.decimals,
        "ties": run.ties,
        "ledger": {"lines": run.ledger_lines, "amount": run.ledger_amount},
        "unassigned": {"lines": len(run.unassigned), "amount": run.unassigned_amount},
        "earned": run.earned,
        "payable": run.payable,
        "files": [
            *(asdict(statement) for statement in made),
            *({"file": name, "sha256": sha} for name, sha in files),
        ],
    }
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()


_EMPTY = Statement(
    person="", name="", role="", region="", manager="", number="", plans=(), overrides=(),
    spiffs=(), bonuses=(), clawbacks=(), adjustments=(), held=(), released=(), draws=(),
    own_amount=0, pending=(), earned=0, payable=0, how=(),
)  # fmt: skip

__all__ = [
    "MadeStatement", "PaySummary", "commissions", "make_statement", "money_text", "payroll_csv",
    "row_of",
]  # fmt: skip
