"""What the start of Excel's Python pays for us: the standard library and our rules, no more.

The time itself is measured by ``scripts/bench/udf.py``; a loaded machine would fail a test of it.
"""

from __future__ import annotations

import json
import subprocess
import sys


def imported(code: str) -> set[str]:
    """Top-level modules in a fresh Python after `code`."""
    command = [
        sys.executable,
        "-c",
        f"import json, sys\n{code}\nprint(json.dumps(list(sys.modules)))",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


def test_the_functions_add_our_rules_only() -> None:
    before = imported("import xlwings")
    added = imported("import xlwings, salesxl.hosts.excel.functions") - before
    assert "salesxl" in added
    assert added - {"salesxl"} <= sys.stdlib_module_names


def test_core_and_catalogue_import_no_packages() -> None:
    found = imported("import salesxl.core, salesxl.catalog")
    assert not found & {"pandas", "numpy", "xlwings", "openpyxl", "highspy", "pyopenvba"}


def test_the_functions_need_nothing_that_builds_the_addin() -> None:
    found = imported("import salesxl.hosts.excel.functions")
    assert "pyopenvba" not in found
