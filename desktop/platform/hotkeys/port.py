"""What the app asks of a system's global hotkeys. Implemented beside, one module for each system."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from desktop.models.actions import Action
from desktop.models.hotkeys import Assignments


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of the keys of `asked`. `refused` says why; `named` is what the system calls a key where it
    lets the person choose another than was asked for."""

    asked: frozenset[Action] = frozenset()
    held: frozenset[Action] = frozenset()
    refused: Mapping[Action, str] = field(default_factory=dict)
    named: Mapping[Action, str] = field(default_factory=dict)


Pressed = Callable[[Action], None]
Answered = Callable[[Answer], None]


class Keys(Protocol):
    """Keys that are taken from every other program. `pressed` and `answered` are called from any thread: once
    for each press, however long it lasts, and once for each `hold`, or oftener where things change."""

    one_by_one: bool  # whether single keys can be taken and given back without asking the person

    def hold(self, wanted: Assignments) -> None:
        """Takes exactly these from now on, each chord for one action. Returns at once."""
        ...

    def close(self) -> None:
        """Gives all back; idempotent. Nothing is called afterwards."""
        ...


class Backend(Protocol):
    """A module of this package."""

    name: str

    def probe(self) -> str:
        """Why it cannot be used here, for a person; empty where it can."""
        ...

    def open(self, pressed: Pressed, answered: Answered) -> Keys:
        """OSError when it cannot be used although the probe said so."""
        ...
