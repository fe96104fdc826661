"""File names any system takes, made from region names.

>>> file_names(["华东", "A/B", "a:b"], "总部", "xlsx")
['00_总部.xlsx', '01_华东.xlsx', '02_A_B.xlsx', '03_a_b.xlsx']

The number in front keeps them distinct ignoring case and in the plan's order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# Windows' forbidden characters, controls and what a shell or a viewer may misread.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f]')
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)")
_MAX_BYTES = 120  # of a stem in UTF-8; 255 is the limit, the folder and ".part" need room


def safe_stem(name: str) -> str:
    """`name` as a file name without its ending; never empty, never a device's name."""
    stem = unicodedata.normalize("NFC", name)
    stem = "".join(c for c in stem if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))
    stem = _FORBIDDEN.sub("_", stem)
    stem = re.sub(r"\s+", " ", stem).strip(" .")
    while len(stem.encode()) > _MAX_BYTES:
        stem = stem[:-1]
    stem = stem.rstrip(" .") or "_"
    return f"_{stem}" if _RESERVED.match(stem) else stem


def file_names(regions: Sequence[str], head: str, suffix: str) -> list[str]:
    """The head office's file name first, then one a region, in order, all distinct."""
    digits = max(2, len(str(len(regions))))
    return [
        f"{number:0{digits}d}_{safe_stem(name)}.{suffix}"
        for number, name in enumerate([head, *regions])
    ]
