"""Fields of a command, checked: a wrong one is named, and it is said what would be right."""

from __future__ import annotations

from pathlib import Path
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


def path(values: dict[str, Any], field: str) -> Path | None:
    """The absolute path of a file, `~` being somebody's home; None where there is none."""
    value = typed(values, field, str, None)
    if not value:
        return None
    try:
        found = Path(value).expanduser().absolute()
    except (RuntimeError, ValueError):  # nobody has that home
        raise bad(field, "the path of a file") from None
    if "\0" in value:  # no system takes one
        raise bad(field, "the path of a file")
    return found


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
