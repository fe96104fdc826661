"""Two figures that are compared: minor units now and after."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    now: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.now
