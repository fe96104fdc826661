"""Workbooks with passwords: they open with the right one only, and no password gets out."""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import msoffcrypto
import olefile
import pytest
from msoffcrypto.exceptions import InvalidKeyError

from salesxl.batch import workers
from salesxl.batch.generate import Summary, generate
from salesxl.batch.passwords import Passwords, read_passwords
from salesxl.cli.main import main
from salesxl.errors import SalesxlError
from salesxl.ooxml.encrypt import Secret, encrypt
from salesxl.plan.model import Region
from salesxl.texts import LANGS
from tests import generate_sample

HEAD, EAST, DEFAULT = "granite-owl-7321", "琥珀-fox-1194", "quiet river 5580"
FILE = f"""head_office = '{HEAD}'
default = '{DEFAULT}'
[regions]
East = '{EAST}'
"""


def decrypted(data: bytes, password: str) -> bytes:
    book = msoffcrypto.OfficeFile(io.BytesIO(data))
    book.load_key(password=password, verify_password=True)
    out = io.BytesIO()
    book.decrypt(out, verify_integrity=True)
    return out.getvalue()


def package(size: int) -> bytes:
    """A zip that passes for a workbook, with `size` bytes that do not compress."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        types = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("x", os.urandom(size))
    return stream.getvalue()


def secret_file(folder: Path, content: str | bytes = FILE) -> Path:
    path = folder / "passwords.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(0o600)
    return path


# --- bytes to bytes -----------------------------------------------------------------------


@pytest.mark.parametrize("size", [4_096, 4_111, 4_096 * 7, 20_000_000])
def test_what_is_encrypted_opens_with_its_password_and_is_the_same(size: int) -> None:
    data = package(size)
    made = encrypt(data, Secret(EAST))
    assert made[:8] == bytes.fromhex("d0cf11e0a1b11ae1")
    assert decrypted(made, EAST) == data
    with pytest.raises(InvalidKeyError):
        decrypted(made, EAST + "x")


def test_it_is_agile_aes_256_and_never_the_same_bytes_twice() -> None:
    data = package(5_000)
    first, second = encrypt(data, Secret(HEAD)), encrypt(data, Secret(HEAD))
    assert first != second
    info = olefile.OleFileIO(io.BytesIO(first)).openstream("EncryptionInfo").read()
    assert info[:4] == b"\x04\x00\x04\x00"  # version 4.4 is agile
    for said in (b'keyBits="256"', b'cipherAlgorithm="AES"', b'hashAlgorithm="SHA512"'):
        assert info.count(said) == 2
    assert b'spinCount="100000"' in info


@pytest.mark.parametrize("text", ["", "x" * 256, "😀" * 128])
def test_what_excel_cannot_type_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="1 to 255"):
        encrypt(package(5_000), Secret(text))


def test_a_package_too_small_for_the_library_is_refused_not_damaged() -> None:
    with pytest.raises(ValueError, match="4096"):
        encrypt(package(3_000), Secret(EAST))


def test_a_secret_does_not_show_itself() -> None:
    one = Secret(HEAD)
    passwords = Passwords(one, {"E": Secret(EAST)})
    job = workers.Job(None, (), "", Path("x"), one)  # type: ignore[arg-type]
    for shown in (f"{one}", f"{one!r}", "%s" % one, repr(passwords), repr(job), f"{one:>40}"):  # noqa: UP031
        assert HEAD not in shown
        assert EAST not in shown
    assert pickle.loads(pickle.dumps(one)) == one != Secret(EAST)
    assert one.reveal() == HEAD


def test_without_the_extra_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "msoffcrypto", None)
    plan, ledger = generate_sample.write(tmp_path)
    with pytest.raises(SalesxlError) as caught:
        generate(plan, [ledger], tmp_path / "out", password_file=secret_file(tmp_path))
    assert [problem.code for problem in caught.value.problems] == ["encrypt.no_library"]
    assert "pip install" in str(caught.value)
    assert not (tmp_path / "out").exists()


# --- the batch ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    folder = tmp_path_factory.mktemp("run")
    plan, ledger = generate_sample.write(folder)
    generate(plan, [ledger], folder / "plain", lang="en")
    file = secret_file(folder)
    return folder, generate(plan, [ledger], folder / "out", lang="en", password_file=file, jobs=2)


def test_each_workbook_opens_with_its_own_password_and_is_the_plain_one(
    made: tuple[Path, Summary],
) -> None:
    folder, _ = made
    keys = {"00_head_office.xlsx": HEAD, "01_East.xlsx": EAST, "02_West.xlsx": DEFAULT}
    for name, key in keys.items():
        data = (folder / "out" / name).read_bytes()
        assert decrypted(data, key) == (folder / "plain" / name).read_bytes()
        for wrong in {HEAD, EAST, DEFAULT} - {key}:
            with pytest.raises(InvalidKeyError):
                decrypted(data, wrong)


def test_the_manifest_says_encrypted_and_has_the_sum_of_the_file_as_written(
    made: tuple[Path, Summary],
) -> None:
    folder, summary = made
    assert all(entry.encrypted for entry in summary.made)
    for name, is_encrypted in (("out", True), ("plain", False)):
        manifest = json.loads((folder / name / "manifest.json").read_text(encoding="utf-8"))
        for entry in manifest["files"]:
            data = (folder / name / entry["file"]).read_bytes()
            assert entry["encrypted"] is is_encrypted
            assert entry["sha256"] == hashlib.sha256(data).hexdigest()


def test_no_password_is_anywhere_in_the_folder_or_the_summary(made: tuple[Path, Summary]) -> None:
    folder, summary = made
    words = [w.encode(code) for w in (HEAD, EAST, DEFAULT) for code in ("utf-8", "utf-16-le")]
    for path in (folder / "out").iterdir():
        data = path.read_bytes()
        assert [word for word in words if word in data] == [], path.name
    said = json.dumps(summary.as_json(), ensure_ascii=False) + repr(summary)
    assert not any(word in said for word in (HEAD, EAST, DEFAULT))


def test_only_the_encrypted_files_ever_touch_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file opened for writing while the batch runs is looked at when it is closed."""
    opened: set[str] = set()

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and active and isinstance(arguments[0], str):
            mode, flags = arguments[1], arguments[2]
            if (isinstance(mode, str) and set(mode) & set("wax+")) or flags & 3:
                opened.add(arguments[0])

    active = True
    sys.addaudithook(watch)
    written: list[bytes] = []
    real = workers.write_atomic

    def write(path: Path, data: bytes) -> None:
        written.append(data)
        real(path, data)

    monkeypatch.setattr(workers, "write_atomic", write)
    plan, ledger = generate_sample.write(tmp_path)
    opened.clear()
    generate(plan, [ledger], tmp_path / "out", password_file=secret_file(tmp_path))
    active = False
    stray = {name for name in opened if ".salesxl-" not in name and "passwords.toml" not in name}
    assert {name for name in stray if not name.endswith(".pyc") and "/dev/" not in name} == set()
    assert len(written) == 3
    assert all(not data.startswith(b"PK") for data in written)


def test_the_command_line_says_nothing_of_them(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALESXL_DEBUG", "1")
    plan, ledger = generate_sample.write(tmp_path)
    file = secret_file(tmp_path)
    arguments = ["generate", str(plan), "--ledger", str(ledger), "--password-file", str(file)]
    for extra in ([], ["--json"], ["--jobs", "2"]):
        assert main([*arguments, "-o", str(tmp_path / "out"), *extra]) == 0
    file.write_text(f"head_office = '{HEAD}'\n{EAST} = '{DEFAULT}'\n[regions]\n", "utf-8")
    assert main([*arguments, "-o", str(tmp_path / "out")]) == 1
    file.write_text(f"head_office = {HEAD!r}\nEast = ['{EAST}'\n", "utf-8")
    assert main([*arguments, "-o", str(tmp_path / "out")]) == 1
    streams = capfd.readouterr()
    assert not any(w in streams.out + streams.err for w in (HEAD, EAST, DEFAULT))
    assert "Traceback" not in streams.err


# --- the file -----------------------------------------------------------------------------

ALL = (
    Region(id="N", name="North group"),
    Region(id="E", name="East", parent="N"),
    Region(id="W", name="West", parent="N"),
    Region(id="S", name="华南"),
    Region(id="X", name="Y"),
    Region(id="Y", name="Z"),
)
LEAVES = ALL[1:]


def read(folder: Path, content: str | bytes, leaves: tuple[Region, ...] = LEAVES) -> Passwords:
    return read_passwords(secret_file(folder, content), ALL, leaves, folder / "out")


def problems(folder: Path, content: str | bytes) -> list[tuple[str, str]]:
    with pytest.raises(SalesxlError) as caught:
        read(folder, content)
    found = caught.value.problems
    for lang in LANGS:
        assert all("{" not in problem.say(lang) for problem in found)
    path = str(folder / "passwords.toml")
    return [(p.code.removeprefix("encrypt."), p.where.removeprefix(path).strip()) for p in found]


def test_ids_names_and_the_default(tmp_path: Path) -> None:
    text = f"{FILE}W='west-secret'\n'ｓ'='south-secret'\n"
    found = read(tmp_path, b"\xef\xbb\xbf" + text.encode())
    said = {key: secret.reveal() for key, secret in found.regions.items()}
    assert said == {
        "E": EAST, "W": "west-secret", "S": "south-secret", "X": DEFAULT, "Y": DEFAULT,
    }  # fmt: skip
    assert found.of("").reveal() == HEAD
    assert found.of("S").reveal() == "south-secret"
    assert found.warnings == ()


def test_every_problem_at_once(tmp_path: Path) -> None:
    text = """default = ' padded'
heads = 'long-enough'
[regions]
E = 12345678
East = 'long-enough'
Atlantis = 'long-enough'
"North group" = 'long-enough'
Y = 'long-enough'
'华南' = ''
A.1 = 'long-enough'
'hunter2-hunter2' = 'West'
X = "tab\\there"
"""
    assert sorted(problems(tmp_path, text)) == sorted(
        [
            ("unknown_key", "heads"),
            ("no_head_office", ""),
            ("edge_spaces", "default"),
            ("not_text", "[regions] E"),
            ("named_twice", "[regions] East"),
            ("unknown_region", "[regions] Atlantis"),
            ("group_region", "[regions] North group"),
            ("ambiguous_region", "[regions] Y"),
            ("empty", "[regions] 华南"),
            ("dotted_key", "[regions] A"),
            ("swapped", "[regions]"),
            ("control", "[regions] X"),
        ]
    )


def test_no_problem_shows_a_password(tmp_path: Path) -> None:
    texts = (
        "head_office = 'hunter2-hunter2 '\n[regions]\nE = 'hunter2-\u200bhunter2'",
        "[regions]\n'hunter2-hunter2' = 'West'\n",
        "head_office = hunter2-hunter2",
        "head_office = 'hunter2-hunter2",
        "hunter2-hunter2",
    )
    for text in texts:
        with pytest.raises(SalesxlError) as caught:
            read(tmp_path, text)
        error: BaseException | None = caught.value
        said = " ".join(p.say(lang) for p in caught.value.problems for lang in LANGS)
        while error is not None:
            said += repr(error) + str(error)
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        assert "hunter2" not in said, text


def test_a_region_without_a_password_is_named(tmp_path: Path) -> None:
    text = f"head_office='{HEAD}'\n[regions]\nE='{EAST}'\nW='{EAST}'\nX='{EAST}'\nZ='{EAST}'\n"
    assert problems(tmp_path, text) == [("no_password", "")]
    with pytest.raises(SalesxlError, match=r"华南.*S"):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"head_office = 'a\nb'", "not_toml"),
        (b"a = 1\na = 2", "not_toml"),
        ("东区 = 'x'", "not_toml"),
        (b"x = " + b"[" * 5000, "not_toml"),
        (b"x = " + b"1" * 5000, "not_toml"),
        ("head_office = '东'".encode("gbk"), "not_utf8"),
        (b" " * (2**20 + 1), "file_too_large"),
    ],
)
def test_what_is_no_password_file(tmp_path: Path, content: bytes | str, code: str) -> None:
    assert [found[0] for found in problems(tmp_path, content)] == [code]


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "no", "file_missing"), (tmp_path, "file_unreadable")):
        with pytest.raises(SalesxlError) as caught:
            read_passwords(path, ALL, LEAVES, tmp_path / "out")
        assert caught.value.problems[0].code == f"encrypt.{code}"


def test_regions_that_is_no_section(tmp_path: Path) -> None:
    text = f"head_office='{HEAD}'\ndefault='{DEFAULT}'\nregions='x'"
    assert problems(tmp_path, text) == [("not_table", "regions")]


def test_too_long_counts_as_excel_counts(tmp_path: Path) -> None:
    base = f"head_office='{HEAD}'\ndefault="
    assert read(tmp_path, f"{base}'{'😀' * 127}x'").warnings == ()
    assert problems(tmp_path, f"{base}'{'😀' * 128}'") == [("too_long", "default")]


def test_a_file_among_the_workbooks_is_refused(tmp_path: Path) -> None:
    plan, ledger = generate_sample.write(tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(SalesxlError) as caught:
        generate(plan, [ledger], out, password_file=secret_file(out))
    assert [problem.code for problem in caught.value.problems] == ["encrypt.in_out_folder"]
    assert [path.name for path in out.iterdir()] == ["passwords.toml"]


def test_warnings_do_not_stop_the_run(tmp_path: Path) -> None:
    path = secret_file(tmp_path, "head_office='same-same'\ndefault='same-same'\n[regions]\nE='7'")
    path.chmod(0o644)
    found = read_passwords(path, ALL, LEAVES, tmp_path / "out")
    codes = {problem.code for problem in found.warnings}
    expected = {"encrypt.short", "encrypt.same_as_head_office"}
    if os.name == "posix":
        expected.add("encrypt.readable_by_others")
    assert codes == expected
    assert all(problem.severity == "warning" for problem in found.warnings)


@pytest.mark.skipif(os.name != "posix", reason="pipes")
def test_the_file_may_be_a_pipe(tmp_path: Path) -> None:
    plan, _ = generate_sample.write(tmp_path)
    script = 'exec "$1" -m salesxl generate "$2" -o "$3" --password-file <(printf %s "$4")'
    done = subprocess.run(
        ["bash", "-c", script, "-", sys.executable, str(plan), str(tmp_path / "out"), FILE],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert decrypted((tmp_path / "out" / "01_East.xlsx").read_bytes(), EAST)[:2] == b"PK"


def test_recalculating_would_write_the_plain_workbook_and_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SalesxlError) as caught:
        generate(
            tmp_path / "plan.xlsx", [], tmp_path / "out", password_file=secret_file(tmp_path),
            recalc=True,
        )  # fmt: skip
    assert [problem.code for problem in caught.value.problems] == ["template.recalc_and_passwords"]
    assert not (tmp_path / "out").exists()
