"""Open files as templates in a process of its own; tell outcome, seconds, memory of each.

    python -m tests.template.open_one FILE…

One line of JSON a file: `problems` (null: it was taken), `crash`, `seconds` of work, `megabytes`
(the most the process held so far).
"""

from __future__ import annotations

import json
import sys
import time
import traceback
from pathlib import Path


def main() -> None:
    from salesxl.errors import SalesxlError
    from salesxl.ooxml.template.compile import compile_template
    from salesxl.ooxml.template.fill import Fill

    for name in sys.argv[1:]:
        began = time.process_time()
        problems: list[str] | None = None
        crash = ""
        try:
            compile_template(Path(name)).fill(Fill())
        except SalesxlError as error:
            problems = [problem.say("en") for problem in error.problems]
            assert all(problem.say("zh") for problem in error.problems)
        except Exception:  # what no user may ever see
            crash = traceback.format_exc()
        told = {
            "problems": problems,
            "crash": crash,
            "seconds": time.process_time() - began,
            "megabytes": peak_megabytes(),
        }
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


def peak_megabytes() -> float:
    """The most memory this process held; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage would count the parent's memory before exec, too
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    try:
        import resource
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 1024


if __name__ == "__main__":
    main()
