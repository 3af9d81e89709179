"""Fields of the engine's `start` command: only those that somebody set travel."""

from collections.abc import Iterable, Mapping


def given(values: Mapping[str, object]) -> dict[str, object]:
    """Without those that were left open."""
    return {name: value for name, value in values.items() if value is not None}


def picked(command: Mapping[str, object], names: Iterable[str]) -> dict[str, object]:
    """Those of `names` that a JSON command sets."""
    return given({name: command.get(name) for name in names})
