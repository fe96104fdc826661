"""The mapping file: what the columns of a ledger mean, where their names don't say it.

A TOML file that `salesxl map` writes and a person corrects:

    [columns]          amount = "Net EUR"        field = header; "" = not in this ledger
    [format]           date_order = "dmy"        what can't be told from the file
    [lookup.region]    file, key, from           a table beside the ledger
    [lookup.region.columns]  region = "Name"     fields it gives
    [return]           values = ["退货"]          what marks a return
    [constant]         channel = "Online"        the same for every line
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from salesxl.errors import fail
from salesxl.ledger.columns import FIELDS, recognise
from salesxl.ledger.mapping_model import Format, Lookup, Mapping
from salesxl.ledger.mapping_read import load
from salesxl.ledger.source import open_table
from salesxl.ledger.table import HeaderNotFoundError
from salesxl.texts import Lang, text

__all__ = ["Format", "Lookup", "Mapping", "load", "propose", "write"]


def propose(paths: Sequence[str | Path]) -> Mapping:
    """What the headers of the ledgers say by themselves; what they don't is left empty.

    Raises `SalesxlError` for files that can't be read at all.
    """
    columns: dict[str, str] = {}
    candidates: dict[str, tuple[str, ...]] = {}
    headers: dict[str, None] = {}
    for path in paths:
        try:
            found = open_table(path, lambda row: recognise(row).is_ledger, Format()).headers
        except HeaderNotFoundError as error:
            found = error.headers
        headers.update(dict.fromkeys(header for header in found if header))
        recognition = recognise(found)
        for name, position in recognition.columns.items():
            columns.setdefault(name, found[position])
        for name, positions in recognition.unclear.items():
            candidates.setdefault(name, tuple(found[p] for p in positions))
    if not headers:
        raise fail("ledger.no_headers", ", ".join(str(path) for path in paths))
    clear = {name: columns.get(name, "") for name in FIELDS}
    open_ones = {name: c for name, c in candidates.items() if not clear[name]}
    return Mapping(columns=clear, headers=tuple(headers), candidates=open_ones)


def write(mapping: Mapping, path: str | Path, lang: Lang) -> None:
    """Write a mapping file with comments in `lang`; the file appears only when complete."""
    path = Path(path)
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(render(mapping, path.parent, lang), encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise fail("ledger.cannot_write", str(path), cause=error.strerror or "") from None


def render(mapping: Mapping, folder: Path, lang: Lang) -> str:
    """The text of a mapping file that is to lie in `folder`."""
    lines = _comment("map_intro", lang)
    if mapping.headers:
        lines += _comment("map_headers", lang, headers=" · ".join(mapping.headers))
    lines += ["", "[columns]"]
    for name in FIELDS:
        if name not in mapping.columns and mapping.headers == ():
            continue
        header = mapping.columns.get(name, "")
        note = text(f"ledger.field_{name}", lang)
        if name in mapping.candidates:
            fits = " · ".join(mapping.candidates[name])
            note = f"{note} {text('ledger.map_choose', lang, headers=fits)}"
        elif not header:
            note = f"{note} {text('ledger.map_not_found', lang)}"
        lines.append(f"{name} = {_quote(header)}".ljust(34) + f"# {note}")
    lines += ["", "[format]", *_comment("map_format", lang)]
    for key, value in asdict(mapping.format).items():
        note = text(f"ledger.format_{key}", lang)
        if value is None:
            example = {"header_row": "3", "decimal": '","', "date_order": '"dmy"'}.get(key, '"…"')
            lines.append(f"# {key} = {example}".ljust(34) + f"# {note}")
        else:
            written = str(value) if isinstance(value, int) else _quote(str(value))
            lines.append(f"{key} = {written}".ljust(34) + f"# {note}")
    lines += ["", *_comment("map_lookup", lang)]
    for lookup in mapping.lookups:
        lines += _lookup_lines(lookup, folder)
    lines += ["", "[return]", *_comment("map_return", lang)]
    if mapping.return_values:
        lines.append(f"values = [{', '.join(_quote(v) for v in mapping.return_values)}]")
    lines += ["", "[constant]", *_comment("map_constant", lang)]
    lines += [f"{name} = {_quote(value)}" for name, value in mapping.constants.items()]
    return "\n".join(lines) + "\n"


def _lookup_lines(lookup: Lookup, folder: Path) -> list[str]:
    try:
        file = os.path.relpath(lookup.file, folder)
    except ValueError:  # another drive
        file = str(lookup.file)
    name = (
        lookup.name if lookup.name.isidentifier() and lookup.name.isascii() else _quote(lookup.name)
    )
    return [
        f"[lookup.{name}]",
        f"file = {_quote(Path(file).as_posix())}",
        f"key = {_quote(lookup.key)}",
        f"from = {_quote(lookup.source)}",
        f"[lookup.{name}.columns]",
        *(f"{field} = {_quote(header)}" for field, header in lookup.columns.items()),
        "",
    ]


def _comment(entry: str, lang: Lang, **values: object) -> list[str]:
    return [f"# {line}" for line in text(f"ledger.{entry}", lang, **values).splitlines()]


def _quote(value: str) -> str:
    """A TOML basic string."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    controls = {c: f"\\u{ord(c):04x}" for c in map(chr, [*range(32), 127])}
    return '"' + "".join(controls.get(c, c) for c in escaped) + '"'
