"""A VBA project's identity: its name and GUID, in the two places that hold them.

The PROJECT stream also holds what is locked and by which password, scrambled with a key made
from the GUID ([MS-OVBA] 2.4.3): a new GUID needs these three lines anew. Ours say: nothing
is locked, no password, visible.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from typing import Final

from pyopenvba.cfb import CFB
from pyopenvba.vba import compress, decompress

_PROJECT_NAME: Final = 0x0004  # the record's number in the dir stream
_PROJECT_VERSION: Final = 0x0009  # the one record whose size field does not count two bytes
_VERSION: Final = 2
# line → what it says
_STATES: Final = {"CMG": bytes(4), "DPB": b"\x00", "GC": b"\xff"}
_SEEDS: Final = {"CMG": 0x5C, "DPB": 0x20, "GC": 0x98}


def identify(project: bytes, name: str, guid: str, documents: Sequence[str] = ()) -> bytes:
    """``vbaProject.bin`` under another name and GUID (``{8-4-4-4-12}`` in capitals).

    `documents`: modules written as classes that belong to a sheet of the workbook.
    """
    container = CFB.from_bytes(project)
    lines = container.get_stream("PROJECT").decode("latin-1")
    wanted = {"ID": guid, "Name": name}
    wanted |= {key: scramble(data, guid, _SEEDS[key]) for key, data in _STATES.items()}
    for key, value in wanted.items():
        lines, count = re.subn(f'(?m)^{key}="[^"]*"', f'{key}="{value}"', lines)
        if count != 1:
            raise ValueError(f"{key} stands {count} times in the PROJECT stream")
    for module in documents:
        line = f"Document={module}/&H00000000"
        lines, count = re.subn(f"(?m)^Class={re.escape(module)}(?=\\r?$)", line, lines)
        if count != 1:
            raise ValueError(f"{module} stands {count} times in the PROJECT stream")
    # Modules added after the template's last, blank line would stand behind it.
    head, mark, windows = lines.partition("[Workspace]")
    windows = "".join(f"\r\n{line}" for line in windows.splitlines() if line)
    container.write_stream("PROJECT", f"{head}{mark}{windows}\r\n".encode("latin-1"))
    directory = decompress(container.get_stream_in_storage("VBA", "dir"))
    container.write_stream_in_storage("VBA", "dir", compress(_rename(directory, name)))
    made: bytes = container.to_bytes()
    return made


def scramble(data: bytes, guid: str, seed: int) -> str:
    """`data` as the PROJECT stream holds it, in hexadecimal ([MS-OVBA] 2.4.3.2)."""
    key = sum(guid.encode("ascii")) & 0xFF
    written = [seed, seed ^ _VERSION, seed ^ key]
    before, last, plain = written[1], written[2], key
    ignored = bytes((seed & 6) // 2)
    for byte in ignored + struct.pack("<I", len(data)) + data:
        coded = byte ^ ((before + plain) & 0xFF)
        written.append(coded)
        before, last, plain = last, coded, byte
    return bytes(written).hex().upper()


def _rename(directory: bytes, name: str) -> bytes:
    """The dir stream with another project name."""
    at = 0
    while at < len(directory):
        number, size = struct.unpack_from("<HI", directory, at)
        end = at + 6 + size + (2 if number == _PROJECT_VERSION else 0)
        if number == _PROJECT_NAME:
            said = name.encode("ascii")
            record = struct.pack("<HI", _PROJECT_NAME, len(said)) + said
            return directory[:at] + record + directory[end:]
        at = end
    raise ValueError("the dir stream names no project")
