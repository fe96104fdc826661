"""The project's own environment: made once in .venv, reused while nothing changed.

Standard library only, for Python 3.11 or later on Linux, macOS and Windows.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
_STAMP = VENV / "salesxl-environment.json"
_INSIDE = "SALESXL_INSIDE_VENV"


def enter(extra: str = "") -> None:
    """Return inside an environment that has the project and `extra`; else make it, run there."""
    if sys.version_info < (3, 11):  # noqa: UP036 – this file must still say so
        stop(
            f"Python 3.11 or later is needed; this is {sys.version.split()[0]}.",
            "Install a newer Python from python.org or your system, then run this with it.",
        )
    if os.environ.get(_INSIDE) == str(VENV):
        return
    _make(extra)
    environment = {**os.environ, _INSIDE: str(VENV), "PYTHONUTF8": "1"}
    environment.pop("PYTHONHOME", None)
    environment["PATH"] = str(_bin()) + os.pathsep + environment.get("PATH", "")
    try:
        # A child, not exec: on Windows exec would give the prompt back too early.
        code = subprocess.call([str(_python()), *sys.argv], env=environment)
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def stop(cause: str, remedy: str) -> None:
    """End with two lines: what is wrong, what to do."""
    sys.exit(f"{cause}\n{remedy}")


def _bin() -> Path:
    return VENV / ("Scripts" if os.name == "nt" else "bin")


def _python() -> Path:
    return _bin() / ("python.exe" if os.name == "nt" else "python")


def _make(extra: str) -> None:
    wanted = _fingerprint()
    if _usable(wanted, extra):
        return
    if not (_python().exists() and _recorded().get("interpreter") == sys.version):
        print(f"Making the environment in {VENV} …", flush=True)
        _create()
    target = f"{ROOT}[{extra}]" if extra else str(ROOT)
    print("Installing salesxl and what it needs …", flush=True)
    _STAMP.unlink(missing_ok=True)
    command = [str(_python()), "-m", "pip", "install", "--quiet", "-e", target]
    if subprocess.call([*command, "--disable-pip-version-check"], cwd=ROOT):
        stop(
            "\npip could not install what salesxl needs (its message is above).",
            "Check the network, or point pip to your package index: set PIP_INDEX_URL, "
            "behind a proxy HTTPS_PROXY. Then run this again.",
        )
    stamp = {"fingerprint": wanted, "interpreter": sys.version, "extra": extra}
    _STAMP.write_text(json.dumps(stamp), encoding="utf-8")


def _create() -> None:
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError:
        stop(
            "This Python cannot make environments: its venv module is missing.",
            "On Debian or Ubuntu: apt-get install python3-venv. Then run this again.",
        )
        return
    try:
        venv.EnvBuilder(with_pip=True, clear=True, symlinks=os.name != "nt").create(VENV)
    except (OSError, subprocess.CalledProcessError) as error:
        stop(
            f"The environment in {VENV} could not be made: {error}",
            "Check that the folder may be written and that Python has venv "
            "(Debian or Ubuntu: apt-get install python3-venv).",
        )


def _recorded() -> dict[str, str]:
    try:
        return dict(json.loads(_STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _usable(wanted: str, extra: str) -> bool:
    recorded = _recorded()
    return (
        _python().exists()
        and recorded.get("fingerprint") == wanted
        and (not extra or recorded.get("extra") == extra)
    )


def _fingerprint() -> str:
    """What the environment depends on: the project's needs, the interpreter, the place."""
    parts = (
        (ROOT / "pyproject.toml").read_bytes(),
        sys.version.encode(),
        str(Path(sys.base_prefix).resolve()).encode(),
        str(ROOT).encode(),
    )
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
