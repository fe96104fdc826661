"""``python -m salesxl``."""

from __future__ import annotations

import sys

from salesxl.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
