"""What can be heard here, for people to choose from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from capture.errors import CaptureError


@dataclass(frozen=True, slots=True)
class SoundDevice:
    """A source of sound. `id` is what `start` takes; `rate` in Hz; `reason` why it cannot be used."""

    id: str
    name: str
    channels: int = 0
    rate: int = 0
    default: bool = False
    reason: str = ""

    def describe(self) -> dict[str, Any]:
        values = asdict(self)
        if not self.reason:
            del values["reason"]
        return values


def list_microphones() -> list[SoundDevice]:
    """The microphones; where PortAudio does not work, one entry that says why."""
    from capture.backends import audio_sounddevice  # noqa: PLC0415 - its library may be missing

    try:
        return audio_sounddevice.list_microphones()
    except CaptureError as error:
        return [_unusable(audio_sounddevice.name, error)]


def list_system_audio() -> list[SoundDevice]:
    """What of the machine's own sound can be recorded; one entry that says why not, where it cannot."""
    from capture.registry import system_sounds  # noqa: PLC0415 - it loads backends

    found: list[SoundDevice] = []
    for backend in system_sounds():
        try:
            found += backend.list_devices()
        except CaptureError as error:
            found.append(_unusable(backend.name, error))
    return found


def _unusable(name: str, error: CaptureError) -> SoundDevice:
    return SoundDevice(name, name, reason=f"{error.title}. {error.detail}".rstrip(". ") + ".")
