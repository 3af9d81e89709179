"""At which moments the crash stories kill."""

import os
from typing import Any

import pytest

EVERY = bool(os.environ.get("HEDDLE_TEST_ALL_MOMENTS"))


def moments(name: str, telling: list[Any], others: list[Any]) -> pytest.MarkDecorator:
    """Parametrize over the telling moments, and over the others too where all are asked for."""
    return pytest.mark.parametrize(name, telling + (others if EVERY else []))
