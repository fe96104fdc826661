"""What every macro shares: the workbook's language, progress, cancelling, messages.

    run("split")        what a button calls: xw.Book.caller(), then the macro of that name

Whatever a macro raises becomes one message in the workbook's language that says what is wrong
and where; the workbook is then as it was.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

import xlwings as xw

from salesxl.errors import Problem, SalesxlError
from salesxl.hosts.excel.language import workbook_lang
from salesxl.texts import LANGS, Lang, text

LANGUAGE: Final = "salesxl_lang"  # defined name, a constant
LISTED: Final = 15  # problems one message shows
_ESCAPE: Final = 0x1B
_PRESSED: Final = 0x8001  # down now, or since it was last asked

Macro = Callable[["Session"], None]


class Cancelled(Exception):  # noqa: N818 - no error: the user's own wish
    """The user pressed Esc."""


class Session:
    """One macro at work on one workbook."""

    def __init__(self, book: xw.Book, name: str) -> None:
        self.book, self.name = book, name
        self.lang = book_lang(book)
        self._escape = _escape_key(book.app)

    def say(self, key: str, /, **values: object) -> str:
        """A text of ``macros.toml``."""
        return text(f"macros.{key}", self.lang, **values)

    def step(self, key: str, /, **values: object) -> None:
        """What is being done, in the status bar. Raises where the user has pressed Esc."""
        self.show(self.say(key, **values))

    def show(self, words: str) -> None:
        """The same with words already made; how to cancel is told where that works."""
        if self._escape():
            raise Cancelled
        hint = f" {self.say('esc')}" if self._escape is not _never else ""
        with suppress(Exception):
            self.book.app.status_bar = f"SalesXL: {words}{hint}"

    def tell(self, done: int, total: int) -> None:
        """Progress of writing."""
        if done % 10 == 0:
            self.step("step_write", percent=100 * done // max(1, total))

    def inform(self, lines: str | Sequence[str], *, wrong: bool = False) -> None:
        """A message box."""
        words = lines if isinstance(lines, str) else "\n".join(lines)
        mode = "critical" if wrong else "info"
        self.book.app.alert(words, title=self.say("title"), buttons="ok", mode=mode)

    def ask(self, words: str) -> bool:
        """A question with OK and Cancel."""
        answer = self.book.app.alert(words, title=self.say("title"), buttons="ok_cancel")
        return answer == "ok"


def run(name: str) -> None:
    """Run a macro on the workbook whose button was pressed; never raises."""
    from salesxl.hosts.excel.macros.register import find

    work(xw.Book.caller(), name, find(name))


def work(book: xw.Book, name: str, macro: Macro) -> bool:
    """Whether the macro came to its end; what went wrong is told in a message box."""
    session = Session(book, name)
    try:
        with _status(book.app):
            macro(session)
        return True
    except Cancelled:
        session.inform(session.say("cancelled"))
    except SalesxlError as error:
        session.inform(problem_lines(error.problems, session.lang), wrong=True)
    except Exception as error:  # our bug, or a lost connection: still one message
        kind, words = type(error).__name__, " ".join(str(error).split())[:300]
        session.inform(session.say("internal", kind=kind, message=words), wrong=True)
    return False


def problem_lines(problems: Sequence[Problem], lang: Lang) -> list[str]:
    """The problems as a message shows them: where, what, remedy; the rest as a number."""
    lines = [
        ("• " if len(problems) > 1 else "") + problem.say(lang) for problem in problems[:LISTED]
    ]
    if len(problems) > LISTED:
        lines.append(text("macros.more", lang, count=len(problems) - LISTED))
    return lines


def book_lang(book: xw.Book) -> Lang:
    """The workbook's own language, else its plan's, else the user's."""
    with suppress(Exception):
        said = str(book.names[LANGUAGE].refers_to).strip('="').lower()
        if said in LANGS:
            return said
    with suppress(Exception):
        from salesxl.hosts.excel.macros.tables import settings_lang

        found = settings_lang(book)
        if found is not None:
            return found
    return workbook_lang()


@contextmanager
def _status(app: xw.App) -> Iterator[None]:
    try:
        yield
    finally:
        with suppress(Exception):
            app.status_bar = False


def _never() -> bool:
    return False


def _escape_key(app: xw.App) -> Callable[[], bool]:
    """Asks whether Esc was pressed while Excel was in front; only Windows can tell.

    While a macro runs, Excel itself waits for Python and takes no keys.
    """
    if not sys.platform.startswith("win"):
        return _never
    with suppress(Exception):
        import ctypes

        user: Any = ctypes.windll.user32
        window = app.hwnd
        user.GetAsyncKeyState(_ESCAPE)  # forget what was pressed before

        def pressed() -> bool:
            return bool(
                user.GetForegroundWindow() == window and user.GetAsyncKeyState(_ESCAPE) & _PRESSED
            )

        return pressed
    return _never
