"""What a person chose to record, kept in one small file so that the next recording is one keystroke away."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from uploader.paths import home

NOBODY = "none"  # no camera, no microphone, whatever the settings say
DEFAULT = ""  # what the settings say, and else what the system does
HEIGHTS = (0, 480, 720, 1080, 1440, 2160)
RATES = (0, 10, 15, 24, 25, 30, 50, 60)
QUALITIES = ("small", "balanced", "sharp")


class Source(StrEnum):
    DISPLAY = "display"
    WINDOW = "window"
    REGION = "region"
    CAMERA = "camera"  # the camera alone


@dataclass(frozen=True, slots=True)
class Choice:
    """Names and ids are those of the engine's lists (`heddle devices --json`)."""

    source: Source = Source.DISPLAY
    display: str = DEFAULT  # id of a display, or "all"
    window: str = ""  # id of a window; good as long as that window is
    window_title: str = ""  # finds it again, or the next one called so
    region: tuple[int, int, int, int] | None = None  # x, y, width, height in pixels of `region_display`
    region_display: str = DEFAULT
    camera: str = DEFAULT
    microphone: str = DEFAULT
    system_audio: bool = False
    fps: int = 0  # frames a second; 0 for those of the settings
    height: int = 0  # of the video in pixels, where the screen is higher; 0 for the screen's own
    quality: str = "balanced"  # one of media/presets.toml

    def start_fields(self, title: str = "") -> dict[str, object]:
        """The engine's `start` command for this; see docs/reference/events.md."""
        wanted: dict[str, object] = {
            **self._picture(),
            "title": title,
            "camera": self.camera or None,
            "audio": self.microphone != NOBODY,
            "microphone": self.microphone if self.microphone not in (DEFAULT, NOBODY) else None,
            "systemAudio": self.system_audio,
            "fps": self.fps or None,
            "height": self.height or None,
            "quality": self.quality,
            "levels": True,
        }
        return {name: value for name, value in wanted.items() if value is not None}

    def _picture(self) -> dict[str, object]:
        if self.source is Source.WINDOW and (self.window or self.window_title):
            return {"window": self.window or self.window_title}
        if self.source is Source.REGION and self.region:
            return {**_on(self.region_display), "region": list(self.region)}
        if self.source is Source.CAMERA and self.camera != NOBODY:
            return {"screen": False}
        return _on(self.display)


def _on(display: str) -> dict[str, object]:
    """It was chosen some time ago, and may be gone."""
    return {"display": display, "orFirstDisplay": True} if display else {}


def to_json(choice: Choice) -> dict[str, Any]:
    """Without what is true of this session of the computer alone."""
    values = asdict(choice)
    del values["window"]
    return values


def from_json(values: Mapping[str, Any]) -> Choice:
    """What is missing or makes no sense is as it would be without a choice."""
    usual = asdict(Choice())
    known = {one.name: values[one.name] for one in fields(Choice) if one.name in values}
    kept = {name: value for name, value in known.items() if type(value) is type(usual[name])}
    if _is_region(known.get("region")):
        kept["region"] = tuple(known["region"])
    else:
        kept.pop("region", None)
    try:
        kept["source"] = Source(known.get("source", Source.DISPLAY))
    except ValueError:
        kept.pop("source", None)
    for name, good in (("height", HEIGHTS), ("fps", RATES), ("quality", QUALITIES)):
        if kept.get(name) not in good:
            kept.pop(name, None)
    return Choice(**kept)


def _is_region(value: object) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) == 4
        and all(type(one) is int for one in value)
        and value[2] > 0
        and value[3] > 0
    )


def in_words_of_servers(settings: Mapping[str, Any], choice: Choice) -> Choice:
    """`choice` as a template of the server wants it. Its settings are free: those that we know are taken."""
    changed: dict[str, Any] = {}
    for name in ("frameRate", "fps"):
        if settings.get(name) in RATES:
            changed["fps"] = settings[name]
    if settings.get("height") in HEIGHTS:
        changed["height"] = settings["height"]
    if settings.get("quality") in QUALITIES:
        changed["quality"] = settings["quality"]
    if isinstance(settings.get("systemAudio"), bool):
        changed["system_audio"] = settings["systemAudio"]
    if settings.get("audio") is False or settings.get("microphone") is False:
        changed["microphone"] = NOBODY
    if settings.get("camera") is False:
        changed["camera"] = NOBODY
    return replace(choice, **changed)


class Choices:
    """The last choice, and choices that were given a name; one JSON file, written in one step."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or home() / "choices.json"
        values = _read(self._path)
        last, named = values.get("last"), values.get("named")
        self.last = from_json(last if isinstance(last, dict) else {})
        self.named = {
            str(name): from_json(one)
            for name, one in (named if isinstance(named, dict) else {}).items()
            if isinstance(one, dict)
        }

    def choose(self, choice: Choice) -> None:
        """Makes it the one that the next recording is made with."""
        if choice != self.last:
            self.last = choice
            self._write()

    def name(self, name: str, choice: Choice) -> None:
        """Keeps it under this name, in place of what had the name before."""
        self.named = {**self.named, name: choice}
        self._write()

    def forget(self, name: str) -> None:
        self.named = {known: one for known, one in self.named.items() if known != name}
        self._write()

    def _write(self) -> None:
        named = {name: to_json(one) for name, one in self.named.items()}
        text = json.dumps({"last": to_json(self.last), "named": named}, ensure_ascii=False, indent=2)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        temporary.write_text(text + "\n", encoding="utf-8")
        temporary.replace(self._path)


def _read(path: Path) -> dict[str, Any]:
    """Nothing where there is none, or where it is broken: a choice is quickly made again."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}
