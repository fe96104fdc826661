"""Build templates/plan.zh.xlsx and templates/plan.en.xlsx: `python scripts/build_templates.py`.

The same code gives the same bytes. A template that was restyled by hand should be kept
under another name, since this overwrites both.
"""

from __future__ import annotations

import sys
from pathlib import Path

from salesxl.plan.starter import template_plan
from salesxl.sheets.plan_book import write_plan
from salesxl.texts import LANGS

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Write both templates; the exit code."""
    folder = ROOT / "templates"
    folder.mkdir(exist_ok=True)
    for lang in LANGS:
        path = folder / f"plan.{lang}.xlsx"
        write_plan(template_plan(lang), path, lang)
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
