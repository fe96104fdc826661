"""Comments, their threads, and the VML shapes behind them."""

from __future__ import annotations

from collections.abc import Collection

from salesxl.ooxml.template.moves import Moves

Cells = Collection[tuple[int, int]]  # (row, column) of the template, from 1


def follow_comments(xml: str, moves: Moves, sheet: str, gone: Cells = ()) -> str:
    """`xl/commentsN.xml`: comments move with their cell; those in `gone` or in dropped rows go.

    A comment in a list stays on the first new row, one in a block on the first copy. Authors
    no longer used are emptied.
    """
    raise NotImplementedError


def follow_threads(xml: str, moves: Moves, sheet: str, gone: Cells = ()) -> str:
    """`xl/threadedComments/*.xml`, in step with `follow_comments`."""
    raise NotImplementedError


def follow_vml(xml: str, moves: Moves, sheet: str, gone: Cells = ()) -> str:
    """`xl/drawings/vmlDrawingN.vml`: note shapes in step with `follow_comments`, form controls'
    anchors and linked cells."""
    raise NotImplementedError
