"""What another process told, read field by field: a value of the wrong kind counts as left out.

A library that prints, a program of another version or one that is dying writes into the same pipe as the
events do. Whatever comes, what is shown stays of the types that its readers rely on.
"""

import math
from collections.abc import Mapping
from typing import Any, TypeVar

T = TypeVar("T")


def number(told: Mapping[str, Any], name: str, before: T) -> float | T:
    """A finite number; `before` where there is none."""
    value = told.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return before
    return value


def whole(told: Mapping[str, Any], name: str, before: T) -> int | T:
    """A whole number, from 0 on."""
    value = told.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else before


def text(told: Mapping[str, Any], name: str, before: T) -> str | T:
    """A text with something in it."""
    value = told.get(name)
    return value if isinstance(value, str) and value else before


def facts(told: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    """An object; None where there is none."""
    value = told.get(name)
    return value if isinstance(value, Mapping) else None


def listed(told: Mapping[str, Any], name: str) -> list[Any]:
    """A list; an empty one where there is none."""
    value = told.get(name)
    return value if isinstance(value, list) else []
