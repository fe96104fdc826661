"""Build the templates in templates/: `python scripts/build_templates.py`.

Region, head office, plan and statement in both languages, with the sample company's figures; what
``salesxl template copy`` writes. The same code gives the same bytes. A template that was
restyled by hand should be kept under another name, since this overwrites them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from salesxl.cli.template import KINDS, template_bytes
from salesxl.texts import LANGS

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Write all templates; the exit code."""
    folder = ROOT / "templates"
    folder.mkdir(exist_ok=True)
    for lang in LANGS:
        for kind in KINDS:
            path = folder / f"{kind.replace('-', '_')}.{lang}.xlsx"
            path.write_bytes(template_bytes(kind, lang))
            print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
