"""Choosing a backend: in order of preference, loaded only when asked, every rejection kept and logged."""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar, cast

from capture.errors import CaptureError, NoBackend
from capture.model import ScreenRequest
from capture.ports import (
    CameraBackend,
    InputBackend,
    LockBackend,
    LockSource,
    Probe,
    ScreenBackend,
    ScreenListing,
    SoundBackend,
    SystemSoundBackend,
)

log = logging.getLogger(__name__)

# Fastest first. `synthetic` films nothing real and is only taken when named.
_SCREENS_OF = {
    "linux": ("screen_x11", "screen_x11grab", "screen_mss", "screen_portal", "screen_qt"),
    "win32": ("screen_ddagrab", "screen_wgc", "screen_gdigrab", "screen_mss", "screen_qt"),
    "darwin": ("screen_sck", "screen_avfoundation", "screen_mss", "screen_qt"),
}
SCREENS = _SCREENS_OF.get(sys.platform, ("screen_mss", "screen_qt"))
_LOUD = ("screen_portal", "screen_qt")  # ask a person, or start a program
SOUNDS = ("audio_sounddevice",)
_SYSTEM_SOUNDS_OF = {
    "linux": ("loopback_pulse",),
    "win32": ("loopback_wasapi",),
    "darwin": ("loopback_macos",),
}
SYSTEM_SOUNDS = _SYSTEM_SOUNDS_OF.get(sys.platform, ())
# PyAV opens by name what OpenCV only numbers, in an order that Windows does not promise.
CAMERAS = ("camera_pyav", "camera_opencv") if sys.platform == "win32" else ("camera_opencv", "camera_pyav")
INPUTS = {"win32": ("input_windows",), "darwin": ("input_macos",)}.get(sys.platform, ("input_x11",))
LOCK = {"linux": "lock_dbus", "win32": "lock_windows", "darwin": "lock_macos"}.get(sys.platform)
ONLY_WHEN_NAMED = ("synthetic",)


class Named(Protocol):
    name: str


B = TypeVar("B", bound=Named)


@dataclass(frozen=True, slots=True)
class Chosen(Generic[B]):
    backend: B
    rejected: dict[str, str] = field(default_factory=dict)
    limits: str = ""  # what it cannot do


def choose(
    candidates: Iterable[str],
    load: Callable[[str], B],
    probe: Callable[[B], Probe],
    wanted: str | None = None,
) -> Chosen[B]:
    """The first usable candidate, or the wanted one; NoBackend with all reasons when there is none."""
    rejected: dict[str, str] = {}
    for name in candidates:
        if wanted is not None and name != wanted:
            continue
        reason, backend = _try(name, load, probe)
        if backend is not None:
            return Chosen(backend, rejected, reason)
        log.info("%s rejected: %s", name, reason)
        rejected[name] = reason
    reasons = rejected or {wanted or "any": "there is no such backend"}
    raise NoBackend(
        "Nothing here can do this",
        "; ".join(f"{name}: {reason}" for name, reason in reasons.items()),
        "See which of these reasons can be removed, or record on another display.",
    )


def screens() -> tuple[str, ...]:
    """The backends for this session: on Wayland an X server shows the windows of X programs alone."""
    if "screen_portal" in SCREENS and os.environ.get("WAYLAND_DISPLAY"):
        return ("screen_portal", *(name for name in SCREENS if name != "screen_portal"))
    return SCREENS


def choose_screen(request: ScreenRequest, wanted: str | None = None) -> Chosen[ScreenBackend]:
    wanted = _full_name(wanted, "screen")
    return choose(
        (*screens(), *_named(wanted)),
        lambda name: cast("ScreenBackend", _load(name)),
        lambda backend: backend.probe(request),
        wanted,
    )


def choose_silent_screen(request: ScreenRequest) -> Chosen[ScreenBackend]:
    """For a glance: a backend that asks nobody for leave and starts no program. NoBackend on Wayland."""
    silent = () if os.environ.get("WAYLAND_DISPLAY") else tuple(one for one in SCREENS if one not in _LOUD)
    return choose(
        silent,
        lambda name: cast("ScreenBackend", _load(name)),
        lambda backend: backend.probe(request),
    )


def screen_listings() -> Iterator[ScreenListing]:
    """The screen backends that load here and know what there is to record, best first."""
    for name in screens():
        with contextlib.suppress(ImportError, OSError):
            backend = _load(name)
            if hasattr(backend, "displays"):
                yield cast("ScreenListing", backend)


def choose_sound(wanted: str | None = None) -> Chosen[SoundBackend]:
    return choose(
        (*SOUNDS, *_named(wanted)),
        lambda name: cast("SoundBackend", _load_sound(name)),
        lambda backend: backend.probe(),
        wanted,
    )


def choose_system_sound(wanted: str | None = None) -> Chosen[SoundBackend]:
    """What the machine plays."""
    return choose(
        (*SYSTEM_SOUNDS, *_named(wanted)),
        lambda name: cast("SoundBackend", _load("synthetic_system" if name == "synthetic" else name)),
        lambda backend: backend.probe(),
        wanted,
    )


def camera_names(wanted: str | None = None) -> tuple[str, ...]:
    """The camera backends in order of preference, or the wanted one alone."""
    wanted = _full_name(wanted, "camera")
    return CAMERAS if wanted is None else (wanted,)


def choose_camera(wanted: str | None = None) -> Chosen[CameraBackend]:
    wanted = _full_name(wanted, "camera")
    return choose(
        (*CAMERAS, *_named(wanted)),
        lambda name: cast("CameraBackend", _load_camera(name)),
        lambda backend: backend.probe(),
        wanted,
    )


def system_sounds() -> list[SystemSoundBackend]:
    """All backends for what this system plays, loaded."""
    return [cast("SystemSoundBackend", _load(name)) for name in SYSTEM_SOUNDS]


def choose_input(display: str | None) -> Chosen[InputBackend]:
    """Who hears mouse and keyboard here."""
    return choose(INPUTS, lambda name: cast("InputBackend", _load(name)), lambda one: one.probe(display))


def open_lock() -> LockSource | None:
    """Who tells when the screen is locked; None where nobody does."""
    with contextlib.suppress(ImportError, OSError, AttributeError):
        return cast("LockBackend", _load(LOCK)).open() if LOCK is not None else None
    return None


def list_inputs() -> list[dict[str, str]]:
    """What hears clicks and keys on this system, with the reason where it cannot."""
    found = []
    for name in INPUTS:
        reason, backend = _try(
            name, lambda name: cast("InputBackend", _load(name)), lambda one: one.probe(None)
        )
        found.append({"id": name, "name": "Clicks and keys", "reason": "" if backend else reason})
    return found


def preload() -> None:
    """Import the backends that this machine will most likely use; one that cannot be loaded says so later."""
    for name in (*screens()[:1], *SOUNDS, *((LOCK,) if LOCK is not None else ())):
        with contextlib.suppress(Exception):
            backend = _load(name)
            if name in SOUNDS:
                cast("SoundBackend", backend).probe()


def _try(name: str, load: Callable[[str], B], probe: Callable[[B], Probe]) -> tuple[str, B | None]:
    """The backend and its limits, or why it cannot be used and None."""
    try:
        backend = load(name)
        answer = probe(backend)
    except CaptureError as error:
        return str(error), None
    except Exception as error:  # noqa: BLE001 - a broken backend must not keep the next one from working
        return f"{type(error).__name__}: {error}", None
    return (answer.limits, backend) if answer.usable else (answer.reason or "not usable", None)


def _full_name(wanted: str | None, kind: str) -> str | None:
    """`x11` is short for `screen_x11`."""
    if wanted is None or wanted in ONLY_WHEN_NAMED or wanted.startswith(f"{kind}_"):
        return wanted
    return f"{kind}_{wanted}"


def _named(wanted: str | None) -> tuple[str, ...]:
    return tuple(name for name in ONLY_WHEN_NAMED if name == wanted)


def _load(name: str) -> object:
    return importlib.import_module(f"capture.backends.{name}")


def _load_sound(name: str) -> object:
    return _load("synthetic_sound" if name == "synthetic" else name)


def _load_camera(name: str) -> object:
    return _load("synthetic_camera" if name == "synthetic" else name)
