"""Fields of a command, checked: a wrong one is named, and it is said what would be right."""

from __future__ import annotations

from typing import Any

from capture.errors import BadCommand


def bad(field: str, wanted: str) -> BadCommand:
    """The error for a `field` that is not `wanted`."""
    return BadCommand(f"The field {field!r} is wrong", f"It must be {wanted}.")


def typed(values: dict[str, Any], field: str, kind: type, default: Any) -> Any:
    """The value if it is of `kind`; None is let through."""
    value = values.get(field, default)
    if value is not None and not isinstance(value, kind):
        raise bad(field, f"a {kind.__name__}")
    return value


def whole(values: dict[str, Any], field: str, default: int, low: int, high: int) -> int:
    """A whole number from `low` to `high`; `default` where there is none."""
    value = values.get(field)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise bad(field, f"a whole number from {low} to {high}")
    return value


def flag(values: dict[str, Any], field: str, *, default: bool | None = None) -> bool:
    """True or false; `default` where there is nothing, None when there must be something."""
    value = values.get(field)
    if value is None and default is not None:
        return default
    if not isinstance(value, bool):
        raise bad(field, "true or false")
    return value
