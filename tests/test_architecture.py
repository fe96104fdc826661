"""The layout is the architecture: imports point one way between the rooms."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1] / "salesxl"

# What a room may import; `texts` and `errors` are open to all but core.
MAY = {
    "core": set(),
    "solvers": {"core"},
    "catalog": {"core", "solvers"},
    "opc": set(),
    "plan": {"core", "opc"},
    "ledger": {"core", "opc", "plan"},
    "sheets": {"core", "plan", "ledger", "ooxml"},
    "ooxml": {"opc", "sheets"},
    "sample": {"plan", "ledger", "core"},
    "closing": {"core", "plan", "ledger", "ooxml", "opc"},
    "batch": {"core", "plan", "ledger", "sheets", "ooxml", "opc", "closing"},
    "hosts": {"core", "catalog", "plan", "ledger", "sheets", "ooxml", "opc", "batch", "closing"},
    "cli": {
        "core", "catalog", "plan", "ledger", "sheets", "ooxml", "opc", "batch", "sample", "hosts",
        "closing",
    },
}  # fmt: skip
OPEN = {"texts", "errors"}


def imports(path: Path) -> set[str]:
    """Every module named by an import in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            if node.module == "salesxl":
                found |= {f"salesxl.{alias.name}" for alias in node.names}
    return found


def files() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.py") if len(path.relative_to(ROOT).parts) > 1)


def test_imports_point_one_way() -> None:
    wrong = []
    for path in files():
        room = path.relative_to(ROOT).parts[0]
        if room == "texts":
            continue
        allowed = MAY[room] | {room} | (set() if room == "core" else OPEN)
        for name in imports(path):
            parts = name.split(".")
            if (
                parts[0] == "salesxl"
                and len(parts) > 1
                and parts[1] not in allowed | {"__version__"}
            ):
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong


def test_sheet_modules_write_no_files() -> None:
    """Only the plan workbook, which is a file of its own, may reach the writer."""
    users = {
        path.name
        for path in (ROOT / "sheets").glob("*.py")
        if any(name.startswith("salesxl.ooxml") for name in imports(path))
    }
    assert users <= {"plan_book.py"}


def test_core_is_standard_library_only() -> None:
    wrong = []
    for path in (ROOT / "core").glob("*.py"):
        for name in imports(path):
            top = name.split(".")[0]
            if not name.startswith("salesxl.core") and top not in sys.stdlib_module_names:
                wrong.append(f"{path.name} imports {name}")
    assert not wrong
