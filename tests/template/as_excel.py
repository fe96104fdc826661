"""What a person does to a template in Excel, done to its parts: Excel is not here to ask.

Inserting moves cells, ranges, formulas, rules, anchors and names as Excel moves them.
Rows and columns count from 0, in the sheet as it is before the edit.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from io import BytesIO

from salesxl.ooxml.pour.cells import escape
from salesxl.ooxml.pour.relocate import Place, relocator
from salesxl.sheets.content import column_letters, quoted

_REFS = re.compile(r'\b(r|ref|sqref|topLeftCell|activeCell)="([A-Z]+[0-9]+[^"]*)"')
_TEXTS = re.compile(r"(<(?:f|formula|formula1|formula2|xm:f|xm:sqref|c:f)(?: [^>]*)?>)([^<]+)(<)")
FAR = 3000


class Edited:
    """A template under a person's hands."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            self.parts = {name: archive.read(name).decode() for name in archive.namelist()}

    def done(self) -> bytes:
        stream = BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in self.parts.items():
                archive.writestr(zipfile.ZipInfo(name), text)
        return stream.getvalue()

    @property
    def titles(self) -> list[str]:
        return re.findall(r'<sheet name="([^"]*)"', self.parts["xl/workbook.xml"])

    def part(self, title: str) -> str:
        return f"xl/worksheets/sheet{self.titles.index(title) + 1}.xml"

    def insert_rows(self, title: str, before: int, count: int = 1) -> None:
        rows = [row + count * (row >= before) for row in range(FAR)]
        self._move(title, rows, list(range(200)))

    def insert_columns(self, title: str, before: int, count: int = 1) -> None:
        cols = [col + count * (col >= before) for col in range(200)]
        self._move(title, list(range(FAR)), cols)

    def rename(self, title: str, new: str) -> None:
        part = "xl/workbook.xml"
        self.parts[part] = self.parts[part].replace(
            f'<sheet name="{title}"', f'<sheet name="{new}"'
        )
        for name, text in self.parts.items():
            if name.endswith(".xml"):
                text = text.replace(f"{quoted(title)}!", f"{quoted(new)}!")
                self.parts[name] = re.sub(
                    rf"(?<=[>(,=]){re.escape(title)}!", f"{quoted(new)}!", text
                )

    def write(self, title: str, row: int, col: int, inner: str, kind: str = "") -> None:
        """A cell's content: ``<f>…</f>``, or with kind "inlineStr" ``<is><t>…</t></is>``."""
        ref = f"{column_letters(col)}{row + 1}"
        part = self.part(title)
        text = self.parts[part]
        found = re.search(rf'<c r="{ref}"( s="\d+")?[^>]*?(/>|>.*?</c>)', text)
        type_ = f' t="{kind}"' if kind else ""
        if found:
            made = f'<c r="{ref}"{found[1] or ""}{type_}>{inner}</c>'
            self.parts[part] = text[: found.start()] + made + text[found.end() :]
            return
        made = f'<c r="{ref}"{type_}>{inner}</c>'
        found = re.search(rf'<row r="{row + 1}"([^>]*?)(/>|>(.*?)</row>)', text)
        if found is None:
            rows = [m for m in re.finditer(r'<row r="(\d+)"', text) if int(m[1]) > row + 1]
            at = rows[0].start() if rows else text.index("</sheetData>")
            self.parts[part] = f'{text[:at]}<row r="{row + 1}">{made}</row>{text[at:]}'
            return
        cells = re.findall(r"<c .*?(?:/>|</c>)", found[3] or "")
        place = [c for c in cells if _col(c) < col]
        inside = "".join([*place, made, *(c for c in cells if c not in place)])
        row_xml = f'<row r="{row + 1}"{found[1]}>{inside}</row>'
        self.parts[part] = text[: found.start()] + row_xml + text[found.end() :]

    def caption(self, title: str, row: int, col: int, words: str) -> None:
        self.write(title, row, col, f"<is><t>{escape(words)}</t></is>", "inlineStr")

    def formula(self, title: str, row: int, col: int, formula: str) -> None:
        self.write(title, row, col, f"<f>{escape(formula)}</f><v>12345</v>")

    def fill(self, title: str, row: int, col: int, colour: str) -> None:
        """The cell's background, as its own format."""
        styles = self.parts["xl/styles.xml"]
        fills = int(re.search(r'<fills count="(\d+)"', styles)[1])  # type: ignore[index]
        made = (
            f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/></patternFill></fill>'
        )
        styles = styles.replace("</fills>", f"{made}</fills>")
        styles = styles.replace(f'<fills count="{fills}"', f'<fills count="{fills + 1}"')
        ref = f'<c r="{column_letters(col)}{row + 1}" s="'
        part = self.part(title)
        text = self.parts[part]
        at = text.index(ref) + len(ref)
        style = int(text[at : text.index('"', at)])
        body = styles[styles.index("<cellXfs") : styles.index("</cellXfs>")]
        xfs = re.findall(r"<xf [^>]*/>|<xf [^>]*[^/]>.*?</xf>", body)
        xf = re.sub(r'fillId="\d+"', f'fillId="{fills}"', _own_tag(xfs[style]))
        self.parts["xl/styles.xml"] = styles.replace("</cellXfs>", f"{xf}</cellXfs>")
        self.parts[part] = f"{text[:at]}{len(xfs)}{text[text.index(chr(34), at) :]}"

    def _move(self, title: str, rows: list[int], cols: list[int]) -> None:
        places = {one: Place(one, range(FAR), range(200)) for one in self.titles}
        places[title] = Place(title, rows, cols)
        own = self.part(title)
        for name, text in self.parts.items():
            home = next((t for t in self.titles if self.part(t) == name), "")
            if not home and not name.startswith(("xl/charts", "xl/workbook.xml")):
                continue
            move = relocator(places, home or title).formula
            text = _TEXTS.sub(lambda m, f=move: m[1] + f(m[2]) + m[3], text)
            if name == own:
                text = _REFS.sub(lambda m, f=move: f'{m[1]}="{_all(m[2], f)}"', text)
                text = _sheet(text, rows, cols)
            self.parts[name] = text
        self._names(title, rows, cols, relocator(places, title).formula)
        for name in self._related(own):
            if name.startswith("xl/tables"):
                move = relocator(places, title).formula
                text = self.parts[name]
                corner = re.search(r'ref="([A-Z]+)(\d+):', text)
                assert corner is not None
                text = _REFS.sub(lambda m, f=move: f'{m[1]}="{_all(m[2], f)}"', text)
                self.parts[name] = self._table(text, title, corner.groups(), cols)
            elif name.startswith("xl/drawings"):
                text = re.sub(
                    r"(<xdr:col>)(\d+)", lambda m: m[1] + str(cols[int(m[2])]), self.parts[name]
                )
                self.parts[name] = re.sub(
                    r"(<xdr:row>)(\d+)", lambda m: m[1] + str(rows[int(m[2])]), text
                )

    def _table(self, text: str, title: str, corner: tuple[str, ...], cols: list[int]) -> str:
        """A column inserted within a table belongs to it and gets a head."""
        columns = re.findall(r"<tableColumn .*?(?:/>|</tableColumn>)", text)
        first = _number(corner[0])
        last = first + len(columns) - 1
        made: list[str] = []
        for number, column in enumerate(columns):
            made.append(column)
            for gap in range(cols[first + number] + 1, cols[first + number + 1]):
                if first + number < last:
                    made.append(f'<tableColumn id="{900 + gap}" name="Column{gap}"/>')
                    self.caption(title, int(corner[1]) - 1, gap, f"Column{gap}")
        text = text.replace("".join(columns), "".join(made))
        return re.sub(r'<tableColumns count="\d+"', f'<tableColumns count="{len(made)}"', text)

    def _related(self, part: str) -> list[str]:
        folder, _, name = part.rpartition("/")
        rels = self.parts.get(f"{folder}/_rels/{name}.rels", "")
        return [f"xl/{target}" for target in re.findall(r'Target="\.\./([^"]*)"', rels)]

    def _names(
        self, title: str, rows: list[int], cols: list[int], move: Callable[[str], str]
    ) -> None:
        heads = (f"{quoted(title)}!", f"{title}!")

        def one(match: re.Match[str]) -> str:
            target = match[2]
            head = next((h for h in heads if target.startswith(h)), "")
            if not head:
                return match.group()
            said = target[len(head) :]
            if found := re.fullmatch(r"\$(\d+):\$(\d+)", said):
                said = "$" + ":$".join(str(rows[int(n) - 1] + 1) for n in found.groups())
            elif found := re.fullmatch(r"\$([A-Z]+):\$([A-Z]+)", said):
                said = "$" + ":$".join(column_letters(cols[_number(c)]) for c in found.groups())
            else:
                return match[1] + move(target) + match[3]
            return match[1] + head + said + match[3]

        part = "xl/workbook.xml"
        self.parts[part] = re.sub(
            r"(<definedName [^>]*>)([^<]*)(</definedName>)", one, self.parts[part]
        )


def _own_tag(xf: str) -> str:
    return xf if "applyFill" in xf else xf.replace("<xf ", '<xf applyFill="1" ', 1)


def _all(refs: str, move: Callable[[str], str]) -> str:
    return " ".join(move(ref) for ref in refs.split(" "))


def _sheet(text: str, rows: list[int], cols: list[int]) -> str:
    text = re.sub(r'<row r="(\d+)"', lambda m: f'<row r="{rows[int(m[1]) - 1] + 1}"', text)

    def col(match: re.Match[str]) -> str:
        first, last = int(match[1]) - 1, int(match[2]) - 1
        return "".join(
            f'<col min="{cols[n] + 1}" max="{cols[n] + 1}"{match[3]}/>'
            for n in range(first, last + 1)
        )

    return re.sub(r'<col min="(\d+)" max="(\d+)"([^>]*)/>', col, text)


def _col(cell: str) -> int:
    return _number(re.match(r'<c r="([A-Z]+)', cell)[1])  # type: ignore[index]


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
