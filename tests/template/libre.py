"""A template edited by a real spreadsheet program: LibreOffice runs a macro on it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.sax.saxutils import escape

from tests.oracles.available import soffice

_DOCTYPE = '<!DOCTYPE {0} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{1}.dtd">'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_LIBRARY = (
    _HEAD + _DOCTYPE.format("library:library", "library") + "\n"
    '<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"'
    ' library:readonly="false" library:passwordprotected="false">{0}</library:library>'
)
_MODULE = (
    _HEAD + _DOCTYPE.format("script:module", "module") + "\n"
    '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"'
    ' script:language="StarBasic">{0}</script:module>'
)
_CODE = """Sub Edit
On Error Goto bad
Dim p(0) As New com.sun.star.beans.PropertyValue
p(0).Name = "Hidden" : p(0).Value = True
doc = StarDesktop.loadComponentFromURL("{source}", "_blank", 0, p())
{body}
Dim q(0) As New com.sun.star.beans.PropertyValue
q(0).Name = "FilterName" : q(0).Value = "Calc MS Excel 2007 XML"
doc.storeToURL("{out}", q())
doc.close(True)
Exit Sub
bad:
n = FreeFile
Open "{log}" For Output As #n
Print #n, Error$ & " in line " & Erl
Close #n
End Sub"""


def edited(data: bytes, body: str, work: Path) -> bytes:
    """`data` after the Basic statements in `body`, which find the document in ``doc``."""
    program = soffice()
    assert program is not None, "LibreOffice is not installed"
    work.mkdir(parents=True, exist_ok=True)
    source, out, log = work / "in.xlsx", work / "out.xlsx", work / "log.txt"
    source.write_bytes(data)
    profile = work / "profile"
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    # The first start makes the profile, macros are put into it afterwards.
    _run([*command, "--terminate_after_init"])
    basic = profile / "user" / "basic" / "Standard"
    basic.mkdir(parents=True, exist_ok=True)
    code = _CODE.format(source=source.as_uri(), out=out.as_uri(), log=log, body=body)
    (basic / "Module1.xba").write_text(_MODULE.format(escape(code)), encoding="utf-8")
    element = '<library:element library:name="Module1"/>'
    (basic / "script.xlb").write_text(_LIBRARY.format(element), encoding="utf-8")
    (basic / "dialog.xlb").write_text(_LIBRARY.format(""), encoding="utf-8")
    _run([*command, "macro:///Standard.Module1.Edit"])
    assert out.exists(), log.read_text() if log.exists() else "the macro did not run"
    return out.read_bytes()


def _run(command: list[str]) -> None:
    subprocess.run(command, capture_output=True, timeout=180, check=False)
