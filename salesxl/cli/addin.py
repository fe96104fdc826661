"""``salesxl addin build|install|repair|uninstall``: the Excel add-in on this computer.

``build`` also makes the same functions for xlwings Lite and for LibreOffice.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from salesxl.texts import LANGS, Lang, text


def add_parser(subparsers: Any, lang: Lang) -> None:
    """Add the command; `run` is set to the action's own."""
    said = text("cli.addin", lang)
    parser = subparsers.add_parser(
        "addin", help=said, description=said, epilog=text("excel.addin_epilog", lang)
    )
    actions = parser.add_subparsers(
        title=text("excel.addin_action", lang), dest="action", metavar="", required=True
    )
    for name, run in (
        ("build", run_build),
        ("install", run_install),
        ("repair", run_repair),
        ("uninstall", run_uninstall),
    ):
        said = text(f"excel.addin_{name}", lang)
        action = actions.add_parser(name, help=said, description=said)
        action.set_defaults(run=run)
        action.add_argument(
            "--lang", choices=LANGS, default=argparse.SUPPRESS, help=text("cli.lang", lang)
        )
        if name == "build":
            action.add_argument(
                "--out",
                metavar="DIR",
                type=Path,
                default=Path(),
                help=text("excel.addin_out", lang),
            )
            other = action.add_mutually_exclusive_group()
            for host in ("lite", "libreoffice"):
                other.add_argument(
                    f"--{host}",
                    dest="host",
                    action="store_const",
                    const=host,
                    help=text(f"portable.build_{host}", lang),
                )


def run_build(args: argparse.Namespace) -> int:
    """Write ``salesxl.xlam``, or what another host takes, into a folder."""
    if args.host:
        return _build_for(args)
    from salesxl.catalog import RULES
    from salesxl.hosts.excel.addin import build, read_mark
    from salesxl.hosts.excel.places import ADDIN
    from salesxl.ooxml.atomic import write_atomic

    path = args.out / ADDIN
    data = build()
    args.out.mkdir(parents=True, exist_ok=True)
    write_atomic(path, data)
    made = read_mark(path)
    version = made.xlwings if made else ""
    _say(text("excel.built", args.lang, path=path, version=version, count=len(RULES)))
    return 0


def _build_for(args: argparse.Namespace) -> int:
    from salesxl.catalog import RULES
    from salesxl.ooxml.atomic import write_atomic

    if args.host == "lite":
        from salesxl.hosts.portable import LITE as NAME
        from salesxl.hosts.portable import lite_wheel as make
    else:
        from salesxl.hosts.libreoffice.extension import EXTENSION as NAME
        from salesxl.hosts.libreoffice.extension import extension as make
    path, data = args.out / NAME, make()
    args.out.mkdir(parents=True, exist_ok=True)
    write_atomic(path, data)
    _say(text(f"portable.built_{args.host}", args.lang, path=path, count=len(RULES)))
    return 0


def run_install(args: argparse.Namespace) -> int:
    """Put it where Excel opens it."""
    from salesxl.hosts.excel.install import install
    from salesxl.hosts.excel.machine import ThisMachine

    machine = ThisMachine()
    done = install(machine)
    entry = "installed_macos" if machine.system == "macos" else "installed"
    _say(text(f"excel.{entry}", args.lang, path=done.path))
    return 0


def run_repair(args: argparse.Namespace) -> int:
    """Make it again where it is out of date."""
    from salesxl.hosts.excel.install import repair

    done = repair()
    if done.before is None or done.after is None:
        _say(text("excel.current", args.lang, path=done.path))
        return 0
    before, after = (f"salesxl {b.salesxl}, xlwings {b.xlwings}" for b in (done.before, done.after))
    _say(text("excel.repaired", args.lang, path=done.path, before=before, after=after))
    return 0


def run_uninstall(args: argparse.Namespace) -> int:
    """Take it away."""
    from salesxl.hosts.excel.install import uninstall

    removed = uninstall()
    for path in removed:
        _say(text("excel.removed", args.lang, path=path))
    if not removed:
        _say(text("excel.nothing_there", args.lang))
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
