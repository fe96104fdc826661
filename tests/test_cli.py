"""The command line: help, languages, exit codes, what goes to which stream."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from salesxl import __version__
from salesxl.cli import generate as command
from salesxl.cli.main import COMMANDS, build_parser, main
from tests import generate_sample

Streams = pytest.CaptureFixture[str]


def test_help_names_every_command_in_the_language_asked_for(capsys: Streams) -> None:
    assert main(["--lang", "zh", "--help"]) == 0
    zh = capsys.readouterr().out
    assert main(["--help", "--lang=en"]) == 0
    en = capsys.readouterr().out
    assert all(name in zh and name in en for name in COMMANDS)
    assert "工作簿" in zh
    assert "workbook" in en


@pytest.mark.parametrize("name", list(COMMANDS))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_has_help(name: str, lang: str, capsys: Streams) -> None:
    assert main([name, "--help", "--lang", lang]) == 0
    assert "--lang" in capsys.readouterr().out


def test_the_language_follows_the_locale(monkeypatch: pytest.MonkeyPatch, capsys: Streams) -> None:
    for variable in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    main(["--help"])
    assert "工作簿" in capsys.readouterr().out
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    main(["--help"])
    assert "workbook" in capsys.readouterr().out


def test_version(capsys: Streams) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"salesxl {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [[], ["nonsense"], ["generate"], ["generate", "p.xlsx", "-o", "d", "--jobs", "0"],
     ["generate", "p.xlsx", "-o", "d", "--by", "moon"], ["--lang", "fr", "check", "p"]],
)  # fmt: skip
def test_wrong_use_exits_2_and_says_why(arguments: list[str], capsys: Streams) -> None:
    assert main(arguments) == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert "salesxl" in streams.err


def test_help_does_not_load_pandas() -> None:
    script = (
        "import sys; from salesxl.cli.main import main; main(['generate', '--help']);"
        "sys.exit('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0


def test_generate_prints_a_table_and_the_tie(tmp_path: Path, capsys: Streams) -> None:
    plan, ledger = generate_sample.write(tmp_path)
    out = tmp_path / "out"
    code = main(["generate", str(plan), "--ledger", str(ledger), "-o", str(out), "--lang", "en"])
    streams = capsys.readouterr()
    assert code == 0
    assert "regions 4,900.25 + unassigned 9.99 = head office 4,910.24" in streams.out
    assert "1 lines, 9.99 USD, belong to no leaf region" in streams.err
    assert "\x1b" not in streams.err + streams.out


def test_generate_json_is_json_alone(tmp_path: Path, capsys: Streams) -> None:
    plan, ledger = generate_sample.write(tmp_path)
    arguments = ["--lang", "zh", "generate", str(plan), "--ledger", str(ledger), "--json"]
    assert main([*arguments, "-o", str(tmp_path / "out")]) == 0
    streams = capsys.readouterr()
    summary = json.loads(streams.out)
    assert summary["ties"] is True
    assert summary["made"][0]["file"] == "00_总部.xlsx"
    assert streams.err == ""


def test_problems_go_to_stderr_one_line_each(tmp_path: Path, capsys: Streams) -> None:
    bad = tmp_path / "plan.xlsx"
    bad.write_bytes(b"PK no workbook")
    assert main(["generate", str(bad), "-o", str(tmp_path / "out"), "--lang", "en"]) == 1
    streams = capsys.readouterr()
    assert streams.out == ""
    assert streams.err.startswith("plan.xlsx: ")
    assert streams.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def _run(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    def run(_: argparse.Namespace) -> int:
        raise error

    monkeypatch.setattr(command, "run", run)
    return main(["generate", "p.xlsx", "-o", "d", "--lang", "en"])


def test_interrupt_is_130(monkeypatch: pytest.MonkeyPatch, capsys: Streams) -> None:
    assert _run(monkeypatch, KeyboardInterrupt()) == 130
    assert capsys.readouterr().err.count("\n") == 1


def test_our_own_faults_ask_for_a_report(monkeypatch: pytest.MonkeyPatch, capsys: Streams) -> None:
    monkeypatch.delenv("SALESXL_DEBUG", raising=False)
    assert _run(monkeypatch, ZeroDivisionError("two\nlines")) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "ZeroDivisionError: two lines" in said
    monkeypatch.setenv("SALESXL_DEBUG", "1")
    _run(monkeypatch, ZeroDivisionError())
    assert "Traceback" in capsys.readouterr().err


def test_a_full_disk_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: Streams) -> None:
    assert _run(monkeypatch, OSError(28, "No space left on device", "out/a.xlsx")) == 1
    assert capsys.readouterr().err.startswith("out/a.xlsx: ")


def test_a_closed_pipe_is_quiet() -> None:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "salesxl", "--help"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


def test_chinese_comes_out_of_a_pipe_as_utf_8() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "salesxl", "--lang", "zh", "--help"],
        capture_output=True, env=environment, check=True,
    )  # fmt: skip
    assert "工作簿" in done.stdout.decode("utf-8")


def test_a_percent_sign_may_stand_in_any_help() -> None:
    parser = build_parser(["start"], "en")
    parser.add_argument("--x", help="12% of it")
    assert "12% of it" in parser.format_help()
