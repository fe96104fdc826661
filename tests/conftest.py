"""Oracles that are missing skip their tests by name, or fail them when they are required."""

from __future__ import annotations

import os

import pytest

from tests.oracles.available import NAMES, REMEDIES, missing


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("oracle"):
        name = marker.args[0]
        assert name in NAMES, f"unknown oracle {name!r}; known: {', '.join(NAMES)}"
        if name not in missing():
            continue
        message = f"{name} is not installed ({REMEDIES[name]})"
        if os.environ.get("SALESXL_REQUIRE_ORACLES") == "1":
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
