"""Write the files that are derived from the code: `python scripts/generate.py [--check]`.

With --check nothing is written; a file that is stale is named and the exit code is 1.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from salesxl.catalog.page import functions_page
from salesxl.hosts.excel.ribbon import ribbon_module, ribbon_xml
from salesxl.hosts.excel.vba import functions_module
from salesxl.plan.file_format import file_format

ROOT = Path(__file__).resolve().parents[1]


def examples_lines() -> str:
    """The examples written by hand in tests/examples, as the package ships them."""
    import yaml  # only those who change salesxl need it

    lines = []
    for path in sorted((ROOT / "tests" / "examples").glob("*.yaml")):
        for example in yaml.safe_load(path.read_text(encoding="utf-8")):
            said = {"rule": path.stem} | example
            lines.append(json.dumps(said, ensure_ascii=False, allow_nan=False) + "\n")
    return "".join(lines)


# derived file → what makes its text
DERIVED: dict[str, Callable[[], str]] = {
    "docs/file-format.md": file_format,
    "docs/functions.md": functions_page,
    "salesxl/catalog/examples.jsonl": examples_lines,
    "workbook/ribbon.xml": ribbon_xml,
    "workbook/vba/SalesXLFunctions.bas": functions_module,
    "workbook/vba/SalesXLRibbon.bas": ribbon_module,
}


def main(arguments: list[str]) -> int:
    """Write or check every derived file; the exit code."""
    stale = 0
    for name, make in DERIVED.items():
        path = ROOT / name
        wanted = make()
        present = path.read_text(encoding="utf-8") if path.exists() else ""
        if present == wanted:
            continue
        stale += 1
        if "--check" in arguments:
            print(f"{name} is stale: run python scripts/generate.py")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted, encoding="utf-8", newline="\n")
            print(name)
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
