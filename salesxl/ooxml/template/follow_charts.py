"""Charts (``c:`` and ``cx:``) that follow the rows."""

from __future__ import annotations

from salesxl.ooxml.template.moves import Moves


def follow_chart(xml: str, moves: Moves, home: str = "") -> str:
    """A chart part with its ranges followed (series, titles, labels, errors bars, filters).

    A series over one cell of a one-row list takes the whole list. Caches stay as they
    are; `refill_chart` follows. Unchanged: the same object.
    """
    raise NotImplementedError
