"""Opening a returned or sent workbook, encrypted or not, and finding the file that was sent."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from salesxl.batch.manifest import MANIFEST, sha_of
from salesxl.batch.passwords import secrets_in
from salesxl.batch.returns.identity import Identity, identity
from salesxl.errors import SalesxlError, fail
from salesxl.ooxml.encrypt import Secret, decrypt, is_encrypted
from salesxl.opc.package import Package, check_archive, read_bytes

SUFFIXES: Final = (".xlsx", ".xlsm")


def workbooks(paths: Sequence[Path]) -> list[Path]:
    """The workbooks among `paths`; of a folder those in it, by name. Locks of Excel are not."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(
                one for one in path.iterdir()
                if one.suffix.lower() in SUFFIXES and not one.name.startswith("~$")
            )  # fmt: skip
        else:
            found.append(path)
    return found


@dataclass
class Opener:
    """Opens workbooks; `secrets` are tried on encrypted ones, the last that fitted first."""

    secrets: list[Secret] = field(default_factory=list)

    @classmethod
    def of(cls, password_file: Path | None) -> Opener:
        """Raises `SalesxlError` where the password file cannot be read."""
        return cls([] if password_file is None else list(secrets_in(password_file)))

    def data(self, path: Path) -> bytes:
        """The workbook's bytes, decrypted."""
        data = read_bytes(path, path.name)
        if not is_encrypted(data) or not self.secrets:
            return data  # an old .xls, or one without its password, says so when it is opened
        for place, secret in enumerate(self.secrets):
            plain = decrypt(data, secret)
            if plain is not None:
                self.secrets.insert(0, self.secrets.pop(place))
                return plain
        raise fail("returns.wrong_password", path.name)

    @contextmanager
    def open(self, path: Path) -> Iterator[Package]:
        """As `open_package`, for encrypted workbooks too."""
        with check_archive(io.BytesIO(self.data(path)), path.name) as archive:
            yield Package(path.name, archive)


class Sent:
    """The folder that was sent: which file has which identity."""

    def __init__(self, folder: Path, opener: Opener) -> None:
        """Raises `SalesxlError` where the folder holds no manifest of ours."""
        self.folder, self._opener = folder, opener
        self.manifest = _manifest(folder)
        self._by_id: dict[tuple[str, str], Path] = {}
        self._sha: dict[str, str] = {}
        self._scanned = False
        for entry in self.manifest["files"]:
            path = folder / str(entry.get("file", ""))
            if path.name != entry.get("file"):
                continue
            self._sha[path.name] = str(entry.get("sha256", ""))
            if entry.get("kind"):
                self._by_id[str(entry["kind"]), str(entry.get("key", ""))] = path

    def file(self, mark: Identity) -> Path | None:
        """The file sent under this identity."""
        if mark.id not in self._by_id and not self._scanned:
            self._scan()
        return self._by_id.get(mark.id)

    def intact(self, path: Path) -> bool:
        """Whether the file is still as it was sent."""
        wanted = self._sha.get(path.name)
        return not wanted or sha_of(path) == wanted

    def scopes(self) -> Mapping[tuple[str, str], Path]:
        """Every file sent, by identity."""
        if not self._scanned:
            self._scan()
        return self._by_id

    def _scan(self) -> None:
        self._scanned = True
        for name in self._sha:
            path = self.folder / name
            if path in self._by_id.values() or path.suffix.lower() not in SUFFIXES:
                continue
            try:
                with self._opener.open(path) as package:
                    mark = identity(package)
            except SalesxlError:
                continue  # a file that is gone or damaged was sent by nobody we can name
            if mark is not None:
                self._by_id[mark.id] = path


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise fail("returns.no_manifest", str(folder)) from None
    except ValueError:
        raise fail("returns.bad_manifest", str(path)) from None
    if not isinstance(said, dict) or not isinstance(said.get("files"), list):
        raise fail("returns.bad_manifest", str(path))
    said["files"] = [entry for entry in said["files"] if isinstance(entry, dict)]
    return said
