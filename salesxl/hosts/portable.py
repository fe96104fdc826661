"""What runs anywhere Python does: the rules, and what a spreadsheet needs to call them.

It is a few small files that need the standard library only. xlwings Lite gets them as a wheel
(`lite_wheel`), LibreOffice inside its extension.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from salesxl import __version__

LITE: Final = f"salesxl_lite-{__version__}-py3-none-any.whl"
_ROOMS: Final = ("core", "catalog")
_FILES: Final = (
    "__init__.py", "errors.py", "solvers/__init__.py", "hosts/__init__.py",
    "hosts/excel/__init__.py", "hosts/excel/border.py", "hosts/excel/names.py",
    "texts/__init__.py", "texts/catalog.toml", "texts/core.toml", "texts/excel.toml",
)  # fmt: skip
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the same input makes the same file


def portable_files(*more: str) -> dict[str, bytes]:
    """Path below the folder that holds `salesxl` → content; `more` names further modules."""
    root = files("salesxl")
    found = {f"salesxl/{name}": root.joinpath(name).read_bytes() for name in (*_FILES, *more)}
    for room in _ROOMS:
        for path, file in _modules(root.joinpath(room), f"salesxl/{room}"):
            found[path] = file.read_bytes()
    return dict(sorted(found.items()))


def _modules(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _modules(item, f"{path}/{item.name}")
        elif item.name.endswith(".py"):
            yield f"{path}/{item.name}", item


def pack(contents: Mapping[str, bytes]) -> bytes:
    """A zip of `contents`, in their order."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def lite_wheel() -> bytes:
    """The wheel `LITE`: `salesxl` without what a browser does not have, and no requirements."""
    contents = portable_files("hosts/lite.py")
    info = f"salesxl_lite-{__version__}.dist-info"
    contents[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: salesxl-lite\nVersion: {__version__}\n"
        "Summary: The functions of salesxl for xlwings Lite\nLicense: MIT\n"
        "Requires-Python: >=3.11\n"
    ).encode()
    contents[f"{info}/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: salesxl\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    lines = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in contents.items()]
    record = f"{info}/RECORD"
    contents[record] = "\n".join([*lines, f"{record},,", ""]).encode()
    return pack(contents)


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
