"""A formula taken apart: text that never changes, and references to cells.

>>> [part if isinstance(part, str) else part.text for part in parse("SUM('A b'!C$5:C9)&LOG10(2)")]
['SUM(', "'A b'!C$5:C9", ')&LOG10(2)']

The whole grammar of references as files carry it (ECMA-376 part 1, 18.17): strings,
quoted and 3-D sheet names, whole rows and columns, errors, arrays, spills (``A1#``),
structured and external references (both left in the text). Formulas are plain text,
not XML-escaped; anything that is not understood is text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384


class Ref(NamedTuple):
    """One reference. Columns are as written (``$B``), rows are numbers.

    `kind`: "cell", "area", "rows", "cols" or "name" (a sheet's own name). `joined`: "start"
    or "end" where a colon ties it to something that is no plain cell (``A1:INDEX(…)``).
    `alone`: the only thing in an argument of a function that takes ranges (``SUM(A1)``).
    """

    text: str
    sheets: tuple[str, ...]  # (), one title, or the two ends of a 3-D reference
    body: str  # the text behind the sheet
    kind: str
    col: str = ""
    fixed: str = ""  # "$" before the row
    row: int = 0
    col2: str = ""
    fixed2: str = ""
    row2: int = 0
    joined: str = ""
    alone: bool = False

    @property
    def prefix(self) -> str:
        """The sheet as written, with its ``!``."""
        return self.text[: len(self.text) - len(self.body)]


Part = str | Ref

_ERRORS = (
    "REF!|DIV/0!|N/A|VALUE!|NAME\\?|NUM!|NULL!|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!|"
    "CONNECT!|UNKNOWN!|BUSY!|PYTHON!|EXTERNAL!|TIMEOUT!"
)
_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"]|"")*"?)|(?P<quoted>'(?:[^']|'')*(?:'(?P<bang>!)?|$))"""
    rf"|(?P<error>\#(?:{_ERRORS})(?:[\w$]+(?::[\w$]+)?)?)"  # Excel leaves #REF!A1 behind
    r"|(?P<word>[\w.\\?$]+)|(?P<bracket>\[)"
    r"""|(?P<other>[^"'\#\[\w.\\?$]+|.)""",
    re.DOTALL | re.IGNORECASE,
)
_WORD = re.compile(r"[\w.\\?$]+")
_SHEET = re.compile(r"([\w.\\?]+)(?::([\w.\\?]+))?!")
_CELL = re.compile(r"(\$?[A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6})")
_COLUMN = re.compile(r"\$?[A-Za-z]{1,3}")
_ROW = re.compile(r"(\$?)([1-9][0-9]{0,6})")

# Functions whose arguments are ranges: one cell there means "all of them" once it is a list.
_RANGE_WORDS = """
    SUM AVERAGE AVERAGEA COUNT COUNTA COUNTBLANK MIN MINA MAX MAXA PRODUCT MEDIAN SUMSQ SUBTOTAL
    AGGREGATE SUMPRODUCT STDEV STDEVA STDEVP STDEVPA STDEV.S STDEV.P VAR VARA VARP VARPA VAR.S
    VAR.P _XLFN.STDEV.S _XLFN.STDEV.P _XLFN.VAR.S _XLFN.VAR.P GEOMEAN HARMEAN AND OR ROWS
    CONCAT TEXTJOIN _XLFN.CONCAT _XLFN.TEXTJOIN"""
_TAKE_RANGES = frozenset(_RANGE_WORDS.split())


@lru_cache(maxsize=4096)
def parse(formula: str) -> tuple[Part, ...]:
    """`formula` in parts that join to it again."""
    reader = _Reader(formula)
    reader.run()
    return tuple(reader.parts)


class _Reader:
    def __init__(self, formula: str) -> None:
        self.formula = formula
        self.parts: list[Part] = []
        self._calls: list[str] = []  # the functions whose brackets are open
        self._word = ""  # the word just before an opening bracket

    def run(self) -> None:
        formula, at = self.formula, 0
        while at < len(formula):
            found = _TOKEN.match(formula, at)
            assert found is not None  # "other" takes any character
            kind, end = found.lastgroup, found.end()
            if found.group("bang"):
                at = self._behind_sheet(at, end, _unquoted(found.group("quoted")[1:-2]))
            elif kind == "word":
                at = self._at_word(at, end)
            elif kind == "bracket":
                at = self._at_bracket(at)
            else:
                self._text(at, end)
                if kind == "other":
                    self._brackets(found.group())
                at = end
            self._word = found.group() if kind == "word" and at == end else ""

    def _text(self, start: int, end: int) -> None:
        text = self.formula[start:end]
        if self.parts and isinstance(self.parts[-1], str):
            self.parts[-1] += text
        else:
            self.parts.append(text)

    def _brackets(self, text: str) -> None:
        for index, char in enumerate(text):
            if char == "(":
                self._calls.append(self._word.upper() if index == 0 else "")
            elif char == ")" and self._calls:
                self._calls.pop()

    def _at_word(self, at: int, end: int) -> int:
        formula = self.formula
        sheet = _SHEET.match(formula, at)
        if sheet and (sheet.group(2) is None or not _cell(sheet.group(1))):
            names = tuple(name for name in sheet.groups() if name)
            return self._behind_sheet(at, sheet.end(), names)
        after = formula[end : end + 1]
        if after == "[":
            end = _closed(formula, end)
            self._text(at, end)
            return end
        if after == "(":
            self._text(at, end)
            return end
        return self._reference(at, at, ())

    def _at_bracket(self, at: int) -> int:
        """``[1]Sheet!A1`` is another workbook's; ``[@Price]`` a table's column."""
        end = _closed(self.formula, at)
        sheet = _SHEET.match(self.formula, end)
        if sheet or self.formula.startswith("!", end):
            end = sheet.end() if sheet else end + 1
            end = self._body_end(end)
        self._text(at, end)
        return end

    def _behind_sheet(self, start: int, at: int, sheets: tuple[str, ...]) -> int:
        if any("[" in sheet for sheet in sheets):
            end = self._body_end(at)
            self._text(start, end)
            return end
        return self._reference(start, at, sheets)

    def _body_end(self, at: int) -> int:
        mark = len(self.parts)
        end = self._reference(at, at, ("",))
        del self.parts[mark:]
        return end

    def _reference(self, start: int, at: int, sheets: tuple[str, ...]) -> int:
        """What stands at `at`, its sheet from `start` on; the position behind it."""
        formula = self.formula
        word = _WORD.match(formula, at)
        if word is None:  # Sheet1!#REF! and the like
            error = _TOKEN.match(formula, at)
            end = error.end() if error and error.lastgroup == "error" else at
            return self._add(start, end, at, sheets, Ref("", sheets, "", "name"))
        end = word.end()
        second = _WORD.match(formula, end + 1) if formula.startswith(":", end) else None
        if second and formula[second.end() : second.end() + 1] in ("(", "!", "["):
            second = None
        one = _read(word.group(), second.group() if second else "", sheets)
        if one.kind in ("area", "rows", "cols") and second:
            end = second.end()
        return self._add(start, end, at, sheets, one)

    def _add(self, start: int, end: int, at: int, sheets: tuple[str, ...], ref: Ref) -> int:
        formula = self.formula
        if ref.kind == "name" and not sheets:
            self._text(start, end)
            return end
        before = formula[:start].rstrip(" \n")[-1:] if start else ""
        after = formula[end : end + 1]
        joined = "end" if before == ":" else "start" if after == ":" else ""
        alone = bool(
            self._calls
            and self._calls[-1] in _TAKE_RANGES
            and before in ("(", ",")
            and (after or ")") in (")", ",")
        )
        text = formula[start:end]
        self.parts.append(ref._replace(text=text, body=formula[at:end], joined=joined, alone=alone))
        return end


def _read(word: str, second: str, sheets: tuple[str, ...]) -> Ref:
    blank = Ref("", sheets, "", "name")
    cell = _cell(word)
    if cell:
        ref = blank._replace(kind="cell", col=cell[0], fixed=cell[1], row=cell[2])
        other = _cell(second) if second else None
        if other is None:
            return ref
        return ref._replace(kind="area", col2=other[0], fixed2=other[1], row2=other[2])
    if second and _is_column(word) and _is_column(second):
        return blank._replace(kind="cols", col=word, col2=second)
    first, last = _ROW.fullmatch(word), _ROW.fullmatch(second)
    if first and last and max(int(first.group(2)), int(last.group(2))) <= MAX_ROW:
        return blank._replace(
            kind="rows",
            fixed=first.group(1),
            row=int(first.group(2)),
            fixed2=last.group(1),
            row2=int(last.group(2)),
        )
    return blank


def _cell(word: str) -> tuple[str, str, int] | None:
    found = _CELL.fullmatch(word)
    if found is None:
        return None
    col, fixed, row = found.group(1), found.group(2), int(found.group(3))
    return (col, fixed, row) if row <= MAX_ROW and column_number(col) <= MAX_COLUMN else None


def _is_column(word: str) -> bool:
    return bool(_COLUMN.fullmatch(word)) and column_number(word) <= MAX_COLUMN


def column_number(letters: str) -> int:
    """``A`` or ``$A`` → 1."""
    number = 0
    for letter in letters.lstrip("$").upper():
        number = number * 26 + ord(letter) - 64
    return number


def looks_like_cell(word: str) -> bool:
    """Whether a sheet's title must be quoted because it reads as a cell (A1 or R1C1)."""
    return bool(_cell(word) or re.fullmatch(r"[Rr]?\d*[Cc]?\d*", word))


def _unquoted(inner: str) -> tuple[str, ...]:
    if "[" in inner:  # another workbook's: C:\folder\[Book.xlsx]Sheet
        return (inner,)
    return tuple(part.replace("''", "'") for part in inner.split(":"))


def _closed(formula: str, at: int) -> int:
    """The position behind the bracket that opens at `at` (``'`` escapes within)."""
    depth = 0
    while at < len(formula):
        char = formula[at]
        if char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
            if not depth:
                return at + 1
        elif char == "'":
            at += 1
        at += 1
    return len(formula)
