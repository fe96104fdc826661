"""The two commands' own helper: what it decides before anything is installed."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "scripts"


@pytest.fixture
def env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """scripts/_env.py with an environment folder of its own."""
    spec = importlib.util.spec_from_file_location("_env_under_test", SCRIPTS / "_env.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "_STAMP", tmp_path / ".venv" / "stamp.json")
    return module


def _record(env: ModuleType, extra: str, fingerprint: str = "") -> None:
    python = env._python()
    python.parent.mkdir(parents=True)
    python.touch()
    stamp = {"fingerprint": fingerprint or env._fingerprint(), "extra": extra}
    env._STAMP.write_text(json.dumps(stamp), encoding="utf-8")


def test_environment_is_made_when_there_is_none(env: ModuleType) -> None:
    assert not env._usable(env._fingerprint(), "")


def test_environment_is_reused_when_nothing_changed(env: ModuleType) -> None:
    _record(env, "test")
    assert env._usable(env._fingerprint(), "test")
    assert env._usable(env._fingerprint(), "")  # what the tests need is enough for the demo


def test_environment_of_the_demo_lacks_the_tests_needs(env: ModuleType) -> None:
    _record(env, "")
    assert not env._usable(env._fingerprint(), "test")


def test_changed_project_is_installed_again(env: ModuleType) -> None:
    _record(env, "test", fingerprint="of an older pyproject.toml")
    assert not env._usable(env._fingerprint(), "test")


def test_broken_record_counts_as_none(env: ModuleType) -> None:
    _record(env, "test")
    env._STAMP.write_text("{", encoding="utf-8")
    assert not env._usable(env._fingerprint(), "test")


def test_old_python_is_told_what_to_do(env: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env.sys, "version_info", (3, 10, 4))
    with pytest.raises(SystemExit) as end:
        env.enter()
    assert "Python 3.11 or later is needed" in str(end.value)
    assert "Install a newer Python" in str(end.value)


def test_failed_install_leaves_no_record(
    env: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _record(env, "", fingerprint="old")
    monkeypatch.setattr(env, "_create", lambda: None)
    monkeypatch.setattr(env.subprocess, "call", lambda *args, **kinds: 1)
    with pytest.raises(SystemExit, match="Check the network"):
        env._make("")
    assert not env._STAMP.exists()


@pytest.mark.parametrize("script", ["demo.py", "test.py"])
def test_help_needs_no_environment(script: str) -> None:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("SALESXL_")}
    done = subprocess.run(
        [sys.executable, str(SCRIPTS / script), "--help"],
        capture_output=True, text=True, env=inherited, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert "usage" in done.stdout


def test_all_and_fast_exclude_each_other() -> None:
    command = [sys.executable, str(SCRIPTS / "test.py"), "--all", "--fast"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "exclude" in done.stderr


def test_scripts_import_only_the_standard_library_before_the_environment() -> None:
    for script in ("_env.py", "demo.py", "test.py"):
        for line in (SCRIPTS / script).read_text(encoding="utf-8").splitlines():
            if line.startswith(("import ", "from ")):  # top level; the rest runs inside
                name = line.split()[1].split(".")[0]
                assert name in sys.stdlib_module_names or name == "_env", f"{script}: {line}"
