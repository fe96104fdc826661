"""The worked examples in the rules' own docstrings."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import salesxl.core

MODULES = sorted(
    path.stem for path in Path(salesxl.core.__path__[0]).glob("*.py") if path.stem != "__init__"
)


@pytest.mark.parametrize("name", MODULES)
def test_worked_example(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"salesxl.core.{name}")).failed == 0
