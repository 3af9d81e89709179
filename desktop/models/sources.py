"""What can be recorded on this machine, as `python -m capture --devices` lists it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from desktop.i18n import tr
from desktop.models.choice import DEFAULT, NOBODY, Choice, Source
from desktop.sentences import say

OURSELVES = "heddle"


@dataclass(frozen=True, slots=True)
class Place:
    """On the desktop, in pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to record, or to record with. `reason` says why it cannot be used."""

    id: str
    name: str
    reason: str = ""
    place: Place | None = None
    app: str = ""

    @property
    def usable(self) -> bool:
        return not self.reason


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything, in the engine's order: the system's first choice first."""

    displays: tuple[Item, ...] = ()
    windows: tuple[Item, ...] = ()
    cameras: tuple[Item, ...] = ()
    microphones: tuple[Item, ...] = ()
    system_audio: tuple[Item, ...] = ()
    known: bool = False  # False until the engine was asked
    usual_camera: str = ""  # that of the settings, for who chose none here

    def window(self, choice: Choice) -> Item | None:
        """The chosen one: by its id, or else the first with its title."""
        usable = [one for one in self.windows if one.usable]
        by_id = next((one for one in usable if one.id == choice.window), None)
        return by_id or next((one for one in usable if one.name == choice.window_title), None)


def parse(found: Mapping[str, Iterable[Mapping[str, Any]]]) -> Sources:
    """From the engine's answer; Heddle's own windows are nothing to record."""
    return Sources(
        displays=tuple(replace(one, name=say(one.name)) for one in _items(found.get("displays", ()))),
        windows=tuple(
            one for one in _items(found.get("windows", ())) if OURSELVES not in one.app.lower().split(".")
        ),
        cameras=_items(found.get("cameras", ())),
        microphones=_items(found.get("microphones", ())),
        system_audio=_items(found.get("systemAudio", ())),
        known=True,
    )


def _items(entries: Iterable[Mapping[str, Any]]) -> tuple[Item, ...]:
    return tuple(_item(one) for one in entries)


def _item(entry: Mapping[str, Any]) -> Item:
    place = entry.get("geometry")
    return Item(
        id=str(entry.get("id", "")),
        name=str(entry.get("name", "")),
        reason=say(str(entry.get("reason", ""))),
        place=Place(**place) if isinstance(place, dict) else None,
        app=str(entry.get("app", "")),
    )


def microphones(sources: Sources) -> list[tuple[str, str]]:
    """(value, words) to choose from."""
    names = [(one.id, one.name) for one in sources.microphones if one.usable]
    return [(DEFAULT, tr("Default microphone")), *names, (NOBODY, tr("No microphone"))]


def cameras(sources: Sources) -> list[tuple[str, str]]:
    """(value, words) to choose from."""
    name = PurePath(sources.usual_camera).name
    usual = [(DEFAULT, tr("As in the settings: {name}", name=name))]
    names = [(one.id, one.name) for one in sources.cameras if one.usable]
    return [*(usual if sources.usual_camera else ()), *names, (NOBODY, tr("No camera"))]


def camera(sources: Sources, choice: Choice) -> str:
    """Which of `cameras` is chosen: none, where the choice is left to settings that name none."""
    return choice.camera if choice.camera or sources.usual_camera else NOBODY


def obstacle(sources: Sources, choice: Choice) -> str:
    """Why this cannot be recorded now, in a sentence; empty when nothing is known against it."""
    if choice.source is Source.CAMERA and camera(sources, choice) == NOBODY:
        return tr("Choose a camera to record without the screen.")
    if choice.source is Source.REGION and choice.region is None:
        return tr("Select the region to record.")
    if choice.source is Source.WINDOW and sources.known and sources.window(choice) is None:
        return tr("Choose the window to record.")
    return ""


def settled(sources: Sources, choice: Choice) -> Choice:
    """`choice` with the id that its window has now, and without a display that is gone."""
    if not sources.known:
        return choice
    window = sources.window(choice)
    displays = {one.id for one in sources.displays if one.usable}
    display = choice.display if choice.display in {*displays, DEFAULT, "all"} else DEFAULT
    return replace(
        choice,
        display=display,
        window=window.id if window else "",
        window_title=window.name if window else choice.window_title,
    )
