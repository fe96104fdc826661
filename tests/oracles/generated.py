"""The workbooks the oracles look at: made once a test run, whichever worker comes first."""

from __future__ import annotations

import contextlib
import io
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from salesxl.cli.main import main as salesxl

DATA = Path(__file__).resolve().parent.parent / "data" / "adventureworks"
SETS = ("sample-zh", "sample-en", "adventureworks")
SUMMARY = "summary.json"
_WAIT_SECONDS = 900


@dataclass(frozen=True)
class Made:
    """One generated set: its folder, workbooks (head office first) and what the run says of it."""

    name: str
    folder: Path
    books: tuple[Path, ...]
    summary: dict[str, Any]


def made(name: str, shared: Path) -> Made:
    """The set, built in `shared` (one folder for all workers) unless it is there already."""
    folder = shared / name
    done, failed = folder / "done", folder / "failed"
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        _wait(done, failed)
    else:
        try:
            _build(name, folder)
        except BaseException as error:
            failed.write_text(repr(error), encoding="utf-8")
            raise
        done.touch()
    summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    files = tuple(folder / "books" / row["file"] for row in summary["made"])
    return Made(name, folder, files, summary)


def _wait(done: Path, failed: Path) -> None:
    until = time.monotonic() + _WAIT_SECONDS
    while not done.exists():
        assert not failed.exists(), f"building failed: {failed.read_text(encoding='utf-8')}"
        assert time.monotonic() < until, f"{done.parent.name} was not built in time"
        time.sleep(0.5)


def _build(name: str, folder: Path) -> None:
    plan = str(folder / "plan.xlsx")
    if name == "adventureworks":
        ledger, lang = str(DATA / "Sales.csv.xz"), "en"
        more = ["--map", str(DATA / "map.toml")]
        command = ["start", ledger, *more, "--year", "2020", "--growth", "12%", "-o", plan]
    else:
        ledger, lang, more = str(folder / "ledger.csv"), name.removeprefix("sample-"), []
        command = ["sample", "-o", str(folder)]
    _run([*command, "--lang", lang])
    _run(["check", plan, ledger, *more, "--lang", lang])
    out = ["--out", str(folder / "books"), "--lang", lang, "--json"]
    summary = _run(["generate", plan, "--ledger", ledger, *more, *out])
    (folder / SUMMARY).write_text(summary, encoding="utf-8")


def _run(command: list[str]) -> str:
    """What the command prints; it must end well."""
    with (
        contextlib.redirect_stdout(io.StringIO()) as printed,
        pytest.MonkeyPatch.context() as environment,
    ):
        environment.setenv("SALESXL_DEBUG", "1")  # a fault shows its traceback
        code = salesxl(command)
    assert code == 0, f"salesxl {' '.join(command)} ended with {code}: {printed.getvalue()}"
    return printed.getvalue()
