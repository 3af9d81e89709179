"""Clicks and keys that a person wants to be seen: what is asked for, and what a system reports.

Both are off unless asked for. Of the keys only combinations and named keys are shown ("Ctrl+Shift+P", "Esc");
plain typing, in which passwords are, only with `keys: "all"`. Few systems tell when a password is typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from capture.fields import bad, typed


class Keys(StrEnum):
    OFF = "off"
    SHORTCUTS = "shortcuts"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class InputRequest:
    """What of the input is drawn in the picture."""

    clicks: bool = False
    keys: Keys = Keys.OFF

    @property
    def any(self) -> bool:
        return self.clicks or self.keys is not Keys.OFF


@dataclass(frozen=True, slots=True)
class Click:
    """A button was pressed. The place is in pixels of the desktop; `button` 1 is the main one."""

    x: int
    y: int
    button: int


@dataclass(frozen=True, slots=True)
class Press:
    """A key was pressed. `plain`: it types, so that it may be part of a password."""

    label: str
    plain: bool


class InputSource(Protocol):
    """Listens to mouse and keyboard of the whole desktop. All calls come from one thread."""

    def events(self) -> list[Click | Press]:
        """What was pressed since the last call, in order. Never waits. Never raises: an input that is lost
        reports nothing more."""
        ...

    def close(self) -> None: ...


def parse_inputs(values: dict[str, Any]) -> InputRequest:
    """The input fields of a command; BadCommand says which one is wrong."""
    keys = values.get("keys")
    if keys is None or isinstance(keys, bool):
        keys = Keys.SHORTCUTS if keys else Keys.OFF
    elif isinstance(keys, str) and keys in set(Keys):
        keys = Keys(keys)
    else:
        raise bad("keys", f"true, false or one of {', '.join(Keys)}")
    return InputRequest(typed(values, "clicks", bool, False) is True, keys)


def label(key: str, modifiers: list[str]) -> Press:
    """A key with the modifiers held, as people write it. Shift alone only makes letters large."""
    typing = len(key) == 1 and not [name for name in modifiers if name != "Shift"]
    if typing:
        return Press(key.upper() if "Shift" in modifiers else key, plain=True)
    return Press("+".join([*modifiers, key.upper() if len(key) == 1 else key]), plain=key == "Space")
