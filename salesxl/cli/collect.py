"""``salesxl collect``: returned workbooks against those sent, and what goes into the plan."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesxl.errors import fail
from salesxl.texts import Lang, text

if TYPE_CHECKING:
    from salesxl.batch.returns.collect import Returns
    from salesxl.batch.returns.merge import Merged


def add_parser(subparsers: Any, lang: Lang) -> None:
    """Add the command; `run` is set to `run`."""
    said = text("cli.collect", lang)
    parser = subparsers.add_parser(
        "collect", help=said, description=said, epilog=text("returns.epilog", lang)
    )

    def add(*names: str, entry: str, **options: Any) -> None:
        parser.add_argument(*names, help=text(f"returns.help_{entry}", lang), **options)

    add("files", nargs="+", type=Path, metavar="FILE", entry="files")
    add("--sent", type=Path, required=True, metavar="DIR", entry="sent")
    add("-o", "--out", type=Path, required=True, metavar="RETURNS.xlsx", entry="out")
    add("--into", type=Path, metavar="PLAN", entry="into")
    add("--take", nargs="+", default=[], metavar="TABLE", entry="take")
    add("--password-file", type=Path, metavar="FILE", entry="passwords")
    add("--force", action="store_true", entry="force")
    add("--json", action="store_true", entry="json")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when every file was taken, 1 when one was not."""
    from salesxl.batch.returns.collect import collect
    from salesxl.batch.returns.merge import merge
    from salesxl.batch.returns.report import returns_book
    from salesxl.ooxml.write import write_book

    if args.into is not None and not args.take:
        raise fail("returns.into_without_take")
    if args.take and args.into is None:
        raise fail("returns.take_without_into")
    if args.out.exists() and not args.force:
        raise fail("returns.exists", str(args.out))
    returns = collect(args.files, args.sent, args.password_file)
    data: bytes | None = None
    merged: tuple[Merged, ...] = ()
    if args.into is not None:
        data, merged = merge(returns, args.into, args.take)
    write_book(returns_book(returns, merged, args.lang), args.out)
    backup = None if data is None else _into(args.into, data)
    if args.json:
        _say_json(returns, merged, args, backup)
    else:
        _say(returns, merged, args, backup)
    return 1 if returns.odd else 0


def _into(plan: Path, data: bytes) -> Path:
    """Put the new plan in place of the old, which is kept beside it."""
    from salesxl.ooxml.atomic import explain, write_atomic

    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    backup = plan.with_name(f"{plan.stem}.before-collect-{stamp}{plan.suffix}")
    try:
        shutil.copy2(plan, backup)
    except OSError as error:
        raise explain(error, backup) from error
    write_atomic(plan, data)
    return backup


def _say(
    returns: Returns, merged: tuple[Merged, ...], args: argparse.Namespace, backup: Path | None
) -> None:
    lang: Lang = args.lang
    lines = []
    for one in returns.files:
        word = text(f"returns.is_{one.status}", lang)
        lines.append(f"{'✓' if one.taken else '✕'} {one.file}: {word} ({len(one.changes)})")
        if one.problem is not None:
            lines.append(f"    {text(one.problem.code, lang, **one.problem.values)}")
    lines.append(
        text(
            "returns.verdict",
            lang,
            files=len(returns.files),
            changes=returns.changes,
            odd=len(returns.odd),
            missing=len(returns.missing),
        )
    )
    done = sum(one.result == "merged" for one in merged)
    if args.into is not None:
        entry = "said_nothing" if backup is None else "said_merged"
        lines.append(
            text(f"returns.{entry}", lang, merged=done, left=len(merged) - done, backup=backup)
        )
    lines.append(text("returns.said_done", lang, path=args.out))
    sys.stdout.write("\n".join(lines) + "\n")


def _say_json(
    returns: Returns, merged: tuple[Merged, ...], args: argparse.Namespace, backup: Path | None
) -> None:
    from salesxl.batch.returns.lists import shown
    from salesxl.batch.returns.merge import summary

    said = {
        "files": [
            {
                "file": one.file,
                "status": one.status,
                "scope": one.mark.scope if one.mark else "",
                "key": one.mark.key if one.mark else "",
                "problem": one.problem.say(args.lang) if one.problem else "",
                "changes": [
                    {
                        "kind": change.kind,
                        "list": change.list,
                        "key": change.key,
                        "column": change.column,
                        "sent": shown(change.sent),
                        "returned": shown(change.returned),
                        "where": change.where,
                    }
                    for change in one.changes
                ],
            }
            for one in returns.files
        ],
        "missing": [
            {"scope": mark[0], "key": mark[1], "file": file} for mark, file in returns.missing
        ],
        "merged": summary(merged),
        "backup": "" if backup is None else str(backup),
        "report": str(args.out),
    }
    sys.stdout.write(json.dumps(said, ensure_ascii=False, indent=2) + "\n")
