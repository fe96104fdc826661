"""Questions Excel itself puts: which files, which period.

On Windows Excel's own dialogs are used; elsewhere files are chosen in Python's (tkinter), and
where there is none the user is told to type the paths. Built to Excel's object model, not yet
run in Excel.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from salesxl.errors import fail
from salesxl.hosts.excel.macros.session import Cancelled, Session

_TEXT: Final = 2  # Application.InputBox: the answer is text
_LEDGERS: Final = "*.xlsx;*.xlsm;*.csv;*.txt;*.tsv;*.xz;*.gz;*.zip;*.parquet"


def ask_files(session: Session, key: str) -> list[Path]:
    """The files the user chooses, one at least; raises `Cancelled`."""
    title = session.say(key)
    api = session.book.app.api
    if hasattr(api, "GetOpenFilename"):
        found = api.GetOpenFilename(f"{session.say('ledger_files')} ({_LEDGERS}),{_LEDGERS}",
                                    1, title, None, True)  # fmt: skip
    else:
        found = _tk_files(session, title)
    if not found:  # Excel answers False
        raise Cancelled
    words = [found] if isinstance(found, str) else list(found)
    return [Path(str(word)) for word in words]


def ask_text(session: Session, key: str, default: str = "", /, **values: object) -> str:
    """A line of text; raises `Cancelled`. Where Excel cannot ask, `default` is taken."""
    prompt = session.say(key, **values)
    api: Any = session.book.app.api
    if not hasattr(api, "InputBox"):
        if default and session.ask(f"{prompt}\n\n{default}"):
            return default
        raise Cancelled
    found = api.InputBox(Prompt=prompt, Title=session.say("title"), Default=default, Type=_TEXT)
    if found is False or not str(found).strip():
        raise Cancelled
    return str(found).strip()


def _tk_files(session: Session, title: str) -> list[str]:
    with suppress(ImportError):
        import tkinter
        from tkinter import filedialog

        root = tkinter.Tk()
        root.withdraw()
        try:
            return list(filedialog.askopenfilenames(parent=root, title=title))
        finally:
            root.destroy()
    raise fail("macros.no_dialog", session.book.name)
