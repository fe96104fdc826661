"""A workbook that opens with a password only: the whole file encrypted, as Excel does it.

>>> encrypt(book_bytes(book), Secret("correct horse"))     # bytes in, bytes out

Agile encryption of [MS-OFFCRYPTO] 2.3.4.10: AES-256 in CBC mode, the key wrapped by
100,000 rounds of SHA-512 over password and salt, an HMAC over the content. Built to the
format, not yet opened in Excel. Salts are random: the same workbook gives other bytes each time.

The work is done by `msoffcrypto-tool`, in memory (extra ``encrypt``).
"""

from __future__ import annotations

import importlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from salesxl.errors import SalesxlError, fail

MAX_LENGTH = 255  # UTF-16 units; Excel's password box takes no more
# msoffcrypto-tool 6.1 damages streams short enough for the container's "mini stream".
MIN_BYTES = 4096


class Secret:
    """A password that does not show itself in reprs, messages, logs or tracebacks."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The password itself, for the one call that needs it."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(•••)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


def encrypt(data: bytes, password: Secret) -> bytes:
    """The package `data` (an .xlsx or .xlsm) as an encrypted file.

    Raises `SalesxlError` where the extra is missing, `ValueError` for a password that
    `salesxl.batch.passwords` would have refused and for less than `MIN_BYTES`, which no
    workbook of ours is.
    """
    if len(data) < MIN_BYTES:
        raise ValueError(f"a package to be encrypted has at least {MIN_BYTES} bytes")
    units = len(password.reveal().encode("utf-16-le", "surrogatepass")) // 2
    if not 0 < units <= MAX_LENGTH:
        raise ValueError(f"a password has 1 to {MAX_LENGTH} characters")
    stream = io.BytesIO()
    require()(io.BytesIO(data)).encrypt(password.reveal(), stream)
    return stream.getvalue()


def opens(path: Path, password: Secret) -> bool:
    """Whether the encrypted file at `path` opens with `password`."""
    try:
        file = require()(io.BytesIO(path.read_bytes()))
        file.load_key(password=password.reveal(), verify_password=True)
    except SalesxlError:
        raise
    except Exception:
        return False
    return True


def is_encrypted(data: bytes) -> bool:
    """Whether it is a container of Office's encryption rather than a package."""
    return data[:8] == bytes.fromhex("d0cf11e0a1b11ae1")


def require() -> Callable[[io.BytesIO], Any]:
    """What opens an office file, or the error that names the extra to install."""
    try:
        module = importlib.import_module("msoffcrypto")
    except ImportError:
        raise fail("encrypt.no_library") from None
    return cast(Callable[[io.BytesIO], Any], module.OfficeFile)


def decrypt(data: bytes, password: Secret) -> bytes | None:
    """The package inside an encrypted file; None where the password is another.

    Raises `SalesxlError` where the extra is missing or the file is no encrypted workbook.
    """
    stream = io.BytesIO()
    try:
        file = require()(io.BytesIO(data))
        file.load_key(password=password.reveal(), verify_password=True)
        file.decrypt(stream)
    except SalesxlError:
        raise
    except Exception as error:  # the library names a wrong password in several ways
        if "password" in str(error).lower() or type(error).__name__ == "InvalidKeyError":
            return None
        raise fail("encrypt.not_encrypted", cause=type(error).__name__) from None
    return stream.getvalue()
