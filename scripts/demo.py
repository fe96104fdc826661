"""``python scripts/demo.py``: the sample company, from nothing to finished workbooks.

Makes the environment, then a plan and a ledger, checks them and generates a
workbook for each region and the head office into ``demo/``.
"""

import argparse
import time
from pathlib import Path

import _env

STARTED = time.time()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lang", choices=("zh", "en"), help="default: the system's language")
    parser.add_argument("--out", type=Path, default=_env.ROOT / "demo", metavar="DIR")
    options = parser.parse_args()
    _env.enter()
    return _build(options.lang, options.out.resolve())


def _build(wanted: str | None, out: Path) -> int:
    from salesxl.cli.main import main as salesxl
    from salesxl.texts import locale_lang, text

    lang = wanted if wanted in ("zh", "en") else locale_lang()
    plan, ledger = str(out / "plan.xlsx"), str(out / "ledger.csv")
    books = str(out / text("sample.books", lang))
    steps = (
        ["sample", "--lang", lang, "-o", str(out)],
        ["check", plan, ledger, "--lang", lang],
        ["generate", plan, "--ledger", ledger, "--out", books, "--lang", lang],
    )
    for step in steps:
        print(f"\n$ salesxl {' '.join(_shown(word) for word in step)}", flush=True)
        code = salesxl(step)
        if code:
            return code
    print("\n" + text("sample.demo_done", lang, folder=out, seconds=f"{_seconds():.0f}"))
    return 0


def _shown(word: str) -> str:
    return f'"{word}"' if " " in word else word


def _seconds() -> float:
    """Since the first process started, the making of the environment included."""
    import os

    return time.time() - float(os.environ.get("SALESXL_DEMO_STARTED", STARTED))


if __name__ == "__main__":
    import os
    import sys

    os.environ.setdefault("SALESXL_DEMO_STARTED", str(STARTED))
    sys.exit(main())
