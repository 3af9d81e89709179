"""Camera and microphone to choose from, how loud it is, and what two seconds with them came to. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desktop.i18n import tr
from desktop.models.told import listed, number
from desktop.sentences import say

_QUIET_DB, _LOUD_DB = -60.0, 0.0
TOO_LOUD_DB = -3.0
NO_CAMERA = ""  # what the camera's setting is where none is filmed
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Choice:
    """`value` is what the setting takes: empty for the first entry, which says what that means."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Devices:
    """What there is. A reason is given where there is nothing to choose."""

    cameras: tuple[Choice, ...] = ()
    microphones: tuple[Choice, ...] = ()
    camera_reason: str = ""
    microphone_reason: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence about the test recording; `fine` is None for what only a person can tell."""

    words: str
    fine: bool | None = True

    @property
    def mark(self) -> str:
        """What stands before it."""
        return {True: "✓", False: "!", None: "?"}[self.fine]


def devices(listed: Mapping[str, Sequence[Mapping[str, Any]]]) -> Devices:
    """From `python -m capture --devices`."""
    cameras, microphones = listed.get("cameras", ()), listed.get("microphones", ())
    return Devices(
        (Choice(NO_CAMERA, tr("No camera")), *_choices(cameras)),
        (Choice("", tr("The system's microphone")), *_choices(microphones)),
        _reason(cameras),
        _reason(microphones),
    )


def _choices(entries: Sequence[Mapping[str, Any]]) -> tuple[Choice, ...]:
    """By name, for systems number anew what is plugged in; of two with one name, by id."""
    usable = [one for one in entries if one.get("id") and not one.get("reason")]
    names = [str(one.get("name") or one["id"]) for one in usable]
    return tuple(
        Choice(name if names.count(name) == 1 else str(one["id"]), name)
        for one, name in zip(usable, names, strict=True)
    )


def _reason(entries: Sequence[Mapping[str, Any]]) -> str:
    if any(not one.get("reason") for one in entries):
        return ""
    return next((say(str(one["reason"])) for one in entries), "")


def with_chosen(choices: Sequence[Choice], value: str | None) -> tuple[Choice, ...]:
    """And what the settings name though it is not among them: unplugged, or a file in place of a camera."""
    known = not value or any(one.value == value for one in choices)
    return tuple(choices) if known else (*choices, Choice(str(value), str(value)))


def position(choices: Sequence[Choice], value: str | None) -> int:
    """Where the choice with this value stands; the first one where it is not among them."""
    return next((number for number, one in enumerate(choices) if one.value == (value or "")), 0)


def meter(level_db: float | None) -> float:
    """0 to 1 for a bar: what a person calls silence is at its beginning."""
    if level_db is None:
        return 0.0
    return min(1.0, max(0.0, (level_db - _QUIET_DB) / (_LOUD_DB - _QUIET_DB)))


def level_words(level_db: float | None) -> str:
    """The level for whoever hears this page read aloud."""
    if level_db is None or level_db <= _QUIET_DB:
        return tr("Nothing is heard")
    if level_db >= TOO_LOUD_DB:
        return tr("Too loud")
    return tr("{level} dB", level=f"{level_db:.0f}")


def judged(told: Mapping[str, Any], *, camera: bool) -> tuple[Judged, ...]:
    """The engine's `test` event in words: what was recorded, and what is wrong with it."""
    if not told.get("ok"):
        reason = say(str(told.get("reason") or "")) or tr("Nothing was recorded.")
        return (Judged(tr("The recording failed: {reason}", reason=reason), fine=False),)
    found = [_picture(told), _sound(told)]
    if camera:
        found.append(Judged(tr("Is your camera's picture in it? Play it and look."), fine=None))
    if (offset := number(told, "avOffsetMs", None)) is not None:
        found.append(Judged(tr("Sound and picture lie {offset} ms apart.", offset=f"{abs(offset):.0f}")))
    found += [
        Judged(tr("Something else was taken instead, because: {reason}", reason=say(str(reason))), fine=False)
        for reason in listed(told, "replaced")
    ]
    return tuple(found)


def _picture(told: Mapping[str, Any]) -> Judged:
    size = f"{told.get('width')}x{told.get('height')}"
    if told.get("black"):
        return Judged(tr("The picture is black: the system may hide the screen from Heddle."), fine=False)
    return Judged(tr("The picture is there: {size}.", size=size))


def _sound(told: Mapping[str, Any]) -> Judged:
    name, peak = told.get("microphone"), number(told, "peakDb", None)
    if name == DEFAULT:
        name = tr("The microphone")
    if not name or peak is None:
        return Judged(tr("There is no sound: no microphone was found."), fine=False)
    if told.get("silent"):
        return Judged(tr("{microphone} gave nothing but silence: is it muted?", microphone=name), fine=False)
    if peak >= TOO_LOUD_DB:
        return Judged(tr("{microphone} is too loud: turn it down a little.", microphone=name), fine=False)
    return Judged(tr("{microphone} is heard, up to {level} dB.", microphone=name, level=f"{peak:.0f}"))
