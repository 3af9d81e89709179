"""Everything on this machine that can be recorded, or recorded with: `python -m capture --devices`.

Each kind is asked on its own, and a kind that cannot answer has one entry that says why: a broken driver of
one thing never hides the others.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any, cast

from capture.errors import CaptureError

# kind, as it is called on the wire: the module and the function that list it.
LISTINGS = {
    "displays": ("capture.screens", "list_displays"),
    "windows": ("capture.screens", "list_windows"),
    "cameras": ("capture.camera.finding", "list_cameras"),
    "microphones": ("capture.sounddevices", "list_microphones"),
    "systemAudio": ("capture.sounddevices", "list_system_audio"),
    "encoders": ("media.encoders", "list_encoders"),
    "inputs": ("capture.registry", "list_inputs"),
}
_NONE = {
    "displays": "There is no screen that can be recorded: is a display set?",
    "windows": "No window is open, or the system tells nobody of them.",
    "cameras": "No camera is connected.",
    "microphones": "No microphone is connected.",
    "systemAudio": "The system offers nobody its own sound.",
    "encoders": "FFmpeg has no video encoder here.",
    "inputs": "Nothing here hears mouse and keyboard.",
}


def list_devices(listings: Mapping[str, tuple[str, str]] = LISTINGS) -> dict[str, list[dict[str, Any]]]:
    """Per kind its entries: `id`, `name` and what else is known; with a `reason` one cannot be used."""
    return {kind: _entries(kind, *place) for kind, place in listings.items()}


def _entries(kind: str, module: str, function: str) -> list[dict[str, Any]]:
    try:
        listing = cast("Callable[[], list[Any]]", getattr(importlib.import_module(module), function))
        found = [_entry(one) for one in listing()]
    except CaptureError as error:
        return [_unusable(f"{error.title}. {error.detail}".strip())]
    except Exception as error:  # noqa: BLE001 - a library that does not load is an answer, too
        return [_unusable(f"{type(error).__name__}: {error}")]
    return found or [_unusable(_NONE.get(kind, "There is none."))]


def _unusable(reason: str) -> dict[str, Any]:
    return {"id": "", "name": "", "reason": reason}


def _entry(one: Any) -> dict[str, Any]:
    """A listing's value under names of the wire: every entry has an id and a name, none an empty reason."""
    whole = asdict(one) if is_dataclass(one) and not isinstance(one, type) else dict(one)
    values = {_camel(key): value for key, value in whole.items()}
    name = values.pop("name", None) or values.get("title") or values.get("id", "")
    entry = {"id": values.pop("id", name), "name": name, **values}
    if not entry.get("reason"):
        entry.pop("reason", None)
    return entry


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match.group(1).upper(), name)
