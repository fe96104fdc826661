"""Build ``salesxl.oxt`` from the catalogue, on any system, without LibreOffice or its SDK."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from salesxl import __version__
from salesxl.catalog import RULES
from salesxl.core.declare import Rule
from salesxl.hosts.libreoffice.types import Method, type_library
from salesxl.hosts.portable import pack, portable_files
from salesxl.texts import LANGS, text

EXTENSION: Final = "salesxl.oxt"
SERVICE: Final = "org.salesxl.Functions"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_PARTS: Final = {
    "functions.rdb": "application/vnd.sun.star.uno-typelibrary;type=RDB",
    "component.py": "application/vnd.sun.star.uno-component;type=Python",
    "excel_files.py": "application/vnd.sun.star.uno-component;type=Python",
    "CalcAddIns.xcu": "application/vnd.sun.star.configuration-data",
    "Jobs.xcu": "application/vnd.sun.star.configuration-data",
}
_MANIFEST: Final = (
    f'{_HEAD}<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">\n'
    + "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>\n'
        for name, kind in _PARTS.items()
    )
    + "</manifest:manifest>\n"
)
_DESCRIPTION: Final = (
    _HEAD
    + """\
<description xmlns="http://openoffice.org/extensions/description/2006"
 xmlns:l="http://libreoffice.org/extensions/description/2011">
<identifier value="org.salesxl.functions"/>
<version value="{version}"/>
<display-name>{names}</display-name>
<dependencies><l:LibreOffice-minimal-version value="7.0" name="LibreOffice 7.0"/></dependencies>
</description>
"""
)


# `excel_files` at the event OnLoadFinished
_JOBS: Final = """\
<node oor:name="Jobs"><node oor:name="org.salesxl.ExcelFiles" oor:op="replace">
<prop oor:name="Service"><value>org.salesxl.ExcelFiles</value></prop>
</node></node>
<node oor:name="Events"><node oor:name="OnLoadFinished" oor:op="fuse"><node oor:name="JobList">
<node oor:name="org.salesxl.ExcelFiles" oor:op="replace"/>
</node></node></node>
"""


def extension(rules: Iterable[Rule] = RULES) -> bytes:
    """The extension's bytes: type library, component, names and help, and the rules."""
    listed = tuple(rules)
    names = "".join(
        f'<name lang="{lang}">{escape(text("portable.extension", lang))}</name>' for lang in LANGS
    )
    here = files(__package__)
    contents = {
        "META-INF/manifest.xml": _MANIFEST.encode(),
        "description.xml": _DESCRIPTION.format(version=__version__, names=names).encode(),
        "functions.rdb": type_library("org.salesxl.XFunctions", map(_method, listed)),
        "functions.json": json.dumps(
            {rule.name: _said(rule) for rule in listed}, ensure_ascii=False, indent=1
        ).encode(),
        "CalcAddIns.xcu": _functions(listed).encode(),
        "Jobs.xcu": _configuration("Jobs", _JOBS).encode(),
        "component.py": here.joinpath("component.py").read_bytes(),
        "excel_files.py": here.joinpath("excel_files.py").read_bytes(),
    }
    library = {f"pythonpath/{path}": data for path, data in portable_files().items()}
    return pack({**contents, **library})


def _method(rule: Rule) -> Method:
    given = [(name, "any") for name in _arguments(rule)]
    if _days(rule):
        given.append(("document", "com.sun.star.beans.XPropertySet"))  # Calc fills it in
    return Method(rule.name, "[][]any", given)


def _arguments(rule: Rule) -> list[str]:
    """Names nobody sees; UNO knows fewer words as names than we do."""
    return [f"arg{number:02}" for number in range(1, len(rule.params) + 1)]


def _days(rule: Rule) -> bool:
    return any(param.unit == "date" for param in rule.params) or rule.returns == "date"


def _said(rule: Rule) -> dict[str, Any]:
    return {
        "help": [rule.zh, rule.en],
        "arguments": [[param.name, param.zh, param.en] for param in rule.params],
        "days": _days(rule),
    }


def _configuration(name: str, nodes: str) -> str:
    return (
        f'{_HEAD}<oor:component-data xmlns:oor="http://openoffice.org/2001/registry"'
        ' xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        f' oor:name="{name}" oor:package="org.openoffice.Office">\n{nodes}</oor:component-data>\n'
    )


def _functions(rules: Iterable[Rule]) -> str:
    """``CalcAddIns.xcu``: names and help before the component is loaded, and the names that
    stand for the functions in Excel's files."""
    return _configuration(
        "CalcAddIns",
        f'<node oor:name="AddInInfo">\n<node oor:name="{SERVICE}" oor:op="replace">'
        f'<node oor:name="AddInFunctions">\n{"".join(map(_function, rules))}'
        "</node></node>\n</node>\n",
    )


def _function(rule: Rule) -> str:
    parameters = "".join(
        f'<node oor:name={quoteattr(name)} oor:op="replace">'
        f"{_prop('DisplayName', param.name, param.name)}"
        f"{_prop('Description', param.zh, param.en)}</node>\n"
        for name, param in zip(_arguments(rule), rule.params, strict=True)
    )
    return (
        f'<node oor:name="{rule.name}" oor:op="replace">\n'
        f"{_prop('DisplayName', rule.name, rule.name)}"
        f"{_prop('Description', rule.zh, rule.en)}"
        '<prop oor:name="Category"><value>Add-In</value></prop>\n'
        f"{_prop('CompatibilityName', rule.name, rule.name)}"
        f'<node oor:name="Parameters">\n{parameters}</node>\n</node>\n'
    )


def _prop(name: str, zh: str, en: str) -> str:
    values = "".join(
        f'<value xml:lang="{lang}">{escape(said)}</value>'
        for lang, said in (("en", en), ("zh", zh))
    )
    return f'<prop oor:name="{name}">{values}</prop>\n'
