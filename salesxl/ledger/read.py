"""Sales lines from files into one checked `Ledger`.

    ledger = read_ledgers(["sales.csv"], mapping=None, decimals=2)
    ledger.total        # minor units, to the cent what the file says

Every file is opened, its columns recognised, each distinct value read once.
Rows that can't be read stop the run, all listed, unless `skip_bad_rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pandas as pd

from salesxl.errors import Problem, SalesxlError
from salesxl.ledger.columns import REQUIRED, Recognition, recognise
from salesxl.ledger.database import is_database, place_of
from salesxl.ledger.frame import COLUMNS, TEXT_COLUMNS, Ledger, Skipped
from salesxl.ledger.lines import Lines, read_lines
from salesxl.ledger.lookup import LookupTable
from salesxl.ledger.mapping_model import Mapping
from salesxl.ledger.mapping_read import load
from salesxl.ledger.source import open_table
from salesxl.ledger.table import HeaderNotFoundError, RawTable
from salesxl.texts import Lang, text

LISTED = 20  # bad rows told one by one, for each file
Progress = Callable[[str, int], None]  # file name, lines read


def read_ledgers(
    paths: Sequence[str | Path],
    *,
    mapping: Mapping | str | Path | None = None,
    decimals: int,
    skip_bad_rows: bool = False,
    progress: Progress | None = None,
    lang: Lang = "en",
) -> Ledger:
    """All lines of all files, in the order given; `decimals` is the currency's minor unit.

    A path may be a database's table or query, see `database`. `mapping` may be the path of a
    mapping file. `lang` is the language of `Ledger.notices`. Raises `SalesxlError` with every
    problem of every file.
    """
    if isinstance(mapping, str | Path):
        mapping = load(mapping)
    mapping = mapping or Mapping()
    problems: list[Problem] = []
    lookups: list[LookupTable] = []
    for lookup in mapping.lookups:
        try:
            lookups.append(LookupTable(lookup))
        except SalesxlError as error:
            problems.extend(error.problems)
    parts: list[Lines] = []
    hashes: dict[str, str] = {}
    for path in paths:
        try:
            table, recognition = _open(path, mapping)
            if table.sha256 in hashes:
                values = {"other": hashes[table.sha256]}
                raise SalesxlError(Problem("ledger.same_file", table.name, values))
            hashes[table.sha256] = table.name
            lines = read_lines(table, recognition, mapping, lookups, decimals)
        except SalesxlError as error:
            problems.extend(error.problems)
            continue
        if not skip_bad_rows:
            problems.extend(_listed(lines))
        parts.append(lines)
        if progress:
            progress(table.name, len(lines.frame))
    if problems:
        raise SalesxlError(problems)
    return _join(parts, tuple((name, sha) for sha, name in hashes.items()), decimals, lang)


def _open(path: str | Path, mapping: Mapping) -> tuple[RawTable, Recognition]:
    def look(headers: Sequence[str]) -> Recognition:
        return recognise(headers, mapping.columns, elsewhere=mapping.given_elsewhere)

    try:
        table = open_table(path, lambda row: look(row).is_ledger, mapping.format)
    except HeaderNotFoundError as error:
        raise SalesxlError(
            _header_problems(_called(path), error.headers, look(error.headers))
        ) from None
    recognition = look(table.headers)
    problems = _header_problems(table.name, table.headers, recognition)
    if problems:
        raise SalesxlError(problems)
    return table, recognition


def _called(path: str | Path) -> str:
    """A ledger's place as messages name it."""
    if isinstance(path, str) and is_database(path):
        return place_of(path).name
    return Path(path).name


def _header_problems(file: str, headers: Sequence[str], recognition: Recognition) -> list[Problem]:
    """What the headers leave open: asked for by name."""
    listed = " · ".join(h for h in headers if h)
    if not listed:
        return [Problem("ledger.no_headers", file)]
    problems = [
        Problem("ledger.mapped_header_missing", file, {
            "field": name, "header": header, "headers": listed,
        })
        for name, header in recognition.missing.items()
    ]  # fmt: skip
    for name, positions in recognition.unclear.items():
        fits = " · ".join(headers[p] for p in positions)
        values = {"field": name, "headers": fits, "first": headers[positions[0]], "file": file}
        problems.append(Problem("ledger.several_headers", file, values))
    found = recognition.columns.keys() | recognition.unclear.keys() | recognition.missing.keys()
    lost = [name for name in REQUIRED if name not in found]
    if lost:
        values = {"headers": listed, "file": file}
        problems.extend(Problem(f"ledger.no_{name}_column", file, values) for name in lost)
    return problems


def _listed(lines: Lines) -> list[Problem]:
    """The bad rows of one file: the first by name, the others by number."""
    problems = [
        Problem(bad.reason, f"{lines.place}:{bad.row}", {"value": bad.value})
        for bad in lines.skipped[:LISTED]
    ]
    more = len(lines.skipped) - LISTED
    if more > 0:
        problems.append(Problem("ledger.more_bad_rows", lines.place, {"count": more}))
    if problems:
        values = {"count": len(lines.skipped)}
        problems.append(Problem("ledger.bad_rows_stop", lines.place, values))
    return problems


def _join(
    parts: Sequence[Lines], files: tuple[tuple[str, str], ...], decimals: int, lang: Lang
) -> Ledger:
    frame = _concat([part.frame for part in parts])
    if frame.empty:
        raise SalesxlError(Problem("ledger.no_lines", ", ".join(name for name, _ in files)))
    if float(frame["amount"].abs().astype("float64").sum()) > 9e18:
        raise SalesxlError(Problem("ledger.huge_total", ", ".join(name for name, _ in files)))
    skipped = tuple(bad for part in parts for bad in part.skipped)
    notices = [notice for part in parts for notice in part.notices]
    if skipped:
        notices.append(_skip_notice(skipped, decimals))
    residue = sum((part.residue for part in parts), Decimal(0))
    total = Decimal(int(frame["amount"].sum())).scaleb(-decimals)
    return Ledger(
        frame=frame,
        decimals=decimals,
        present=frozenset().union(*(part.present for part in parts)),
        raw_total=total + residue,
        rounded_lines=sum(part.rounded for part in parts),
        skipped=skipped,
        totals_left_out=tuple(row for part in parts for row in part.totals),
        notices=tuple(notice.say(lang) for notice in notices),
        files=files,
    )


def _skip_notice(skipped: Sequence[Skipped], decimals: int) -> Problem:
    known = [bad.amount for bad in skipped if bad.amount is not None]
    values = {
        "count": len(skipped),
        "amount": f"{sum(known, Decimal(0)):,.{decimals}f}",
        "unknown": len(skipped) - len(known),
    }
    return Problem("ledger.rows_left_out", "", values)


def _concat(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    if len(frames) == 1:
        return frames[0]
    joined = {}
    for name in COLUMNS:
        columns = [frame[name] for frame in frames]
        if name in TEXT_COLUMNS or name == "source":
            joined[name] = pd.Series(pd.api.types.union_categoricals(columns))
        else:
            joined[name] = pd.concat(columns, ignore_index=True)
    return pd.DataFrame(joined, columns=list(COLUMNS))


def summary(ledger: Ledger, lang: Lang) -> list[str]:
    """What reading did to the lines, a sentence each: rounding, totals left out, notices."""
    said = list(ledger.notices)
    if ledger.totals_left_out:
        rows = ", ".join(
            f"{t.source}:{t.row} {t.value}".rstrip() for t in ledger.totals_left_out[:5]
        )
        more = " …" if len(ledger.totals_left_out) > 5 else ""
        count = len(ledger.totals_left_out)
        said.append(text("ledger.totals_left_out", lang, count=count, rows=rows + more))
    if ledger.rounded_lines:
        difference = f"{ledger.rounding_difference.normalize():+,f}"
        said.append(text("ledger.rounded", lang, count=ledger.rounded_lines, difference=difference))
    return said
