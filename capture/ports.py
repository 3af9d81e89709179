"""What the recorder asks of the machine. Implemented in `capture/backends`, one module each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from capture.camera.model import CameraDevice, CameraFrame, CameraRequest
from capture.health import Health
from capture.inputs import InputSource
from capture.model import DisplayInfo, Picture, ScreenRequest, SoundBlock, WindowInfo
from capture.sounddevices import SoundDevice


@dataclass(frozen=True, slots=True)
class Probe:
    """Whether a backend can be used here, and if not, why: words for a log and for `heddle doctor`. `limits`
    says what it cannot do although it is usable."""

    usable: bool
    reason: str = ""
    limits: str = ""


class ScreenSource(Protocol):
    """An opened screen. All calls come from one thread; buffers may be released from any.

    `width` and `height` are even and stay as they are for the life of the source: a screen that changes its
    size is fitted in or has black around it, and `trouble` says so; or ScreenChanged wants it opened anew.
    """

    width: int
    height: int

    def grab(self, *, thorough: bool) -> Picture | None:
        """The screen as it is now; None when nothing changed since the last picture it gave.

        `thorough` compares pixels even where the system says that nothing changed: all of them within a few
        such calls.
        The caller releases the picture's buffer. ScreenLost when the screen went away.
        """
        ...

    def again(self) -> Picture:
        """The last picture once more, with nothing dirty. Legal after the first `grab`."""
        ...

    def trouble(self) -> Health | None:
        """What has been going wrong since the last call, for the user; None when nothing has."""
        ...

    def close(self) -> None:
        """Give everything back; idempotent. Buffers still held by others stay readable until released."""
        ...


@runtime_checkable
class Placed(Protocol):
    """What a screen source may know beside: where on the desktop its picture lies."""

    def find(self, x: float, y: float) -> tuple[float, float] | None:
        """Where a pixel of the desktop is in the picture now; None where it is not in it."""
        ...


@runtime_checkable
class Attentive(Protocol):
    """What a screen source may know beside: that nothing has changed, without looking at the screen."""

    def quiet(self) -> bool:
        """True when a `grab` that is not thorough would surely give nothing.

        Never waits. May be called from another thread than `grab`, but never at the same time.
        """
        ...


class ScreenBackend(Protocol):
    """A module of `capture/backends`."""

    name: str

    def probe(self, request: ScreenRequest) -> Probe: ...

    def open(self, request: ScreenRequest) -> ScreenSource:
        """CaptureError when the screen cannot be opened although the probe said so."""
        ...


class ScreenListing(Protocol):
    """What a screen backend may know beside: what there is to record. Both raise what they like when the
    screen cannot be reached."""

    def displays(self) -> list[DisplayInfo]:
        """The primary one first."""
        ...

    def windows(self) -> list[WindowInfo]: ...


class SoundSource(Protocol):
    """An opened microphone, or what the machine plays, giving interleaved float32 at the rate and with the
    channels that each block names; 48 kHz and at most two where the device can.

    `deliver` is called from the system's sound thread for each block and must return at once. `failed` says
    why the device stopped giving, None while it runs. After `close` nothing is delivered.
    """

    name: str
    channels: int

    def failed(self) -> str | None: ...

    def close(self) -> None: ...


class SoundBackend(Protocol):
    """A module of `capture/backends`, for microphones or for system audio. Opened again after a loss, it
    looks afresh at what devices there are."""

    name: str

    def probe(self) -> Probe: ...

    def open(self, deliver: Callable[[SoundBlock], None], device: str | None = None) -> SoundSource:
        """`device` is a name or a part of one, None the system's default.

        CaptureError when there is no such device, or it does not open.
        """
        ...


class InputBackend(Protocol):
    """A module of `capture/backends`. `display` names the screen that is filmed, where that matters."""

    name: str

    def probe(self, display: str | None) -> Probe: ...

    def open(self, display: str | None) -> InputSource: ...


class LockSource(Protocol):
    """Whether the session's screen is locked, as the system says. Nothing here raises or waits."""

    def locked(self) -> bool: ...

    def close(self) -> None:
        """Listen no more; idempotent."""
        ...


class LockBackend(Protocol):
    """A module of `capture/backends`."""

    def open(self) -> LockSource:
        """OSError or AttributeError where the system has no such functions."""
        ...


class CameraSource(Protocol):
    """A camera. `latest` may be called from any thread, as often as one likes.

    `width` and `height` are those of the newest frame, and what was asked for until there is one.
    """

    @property
    def name(self) -> str: ...

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    def latest(self) -> CameraFrame | None:
        """The newest frame, without waiting; None until the first came. It stays when the camera is lost."""
        ...

    def failed(self) -> str | None:
        """Why no frames come at present, in a sentence; None while they do."""
        ...

    def close(self) -> None:
        """Give the device back; idempotent. Frames still held stay readable."""
        ...


class CameraStream(CameraSource, Protocol):
    """An opened device, as a backend gives it: pictures as they come, neither mirrored nor treated.

    A thread of its own reads the device and keeps only the newest frame, so a slow reader loses frames and
    never gets old ones. After `failed` said something the stream gives no more frames.
    """

    def newer(self, than: int, timeout_s: float) -> CameraFrame | None:
        """A frame whose serial is above `than`, waiting up to `timeout_s` for it."""
        ...


class CameraBackend(Protocol):
    name: str

    def probe(self) -> Probe: ...

    def devices(self) -> list[CameraDevice]:
        """The cameras that this backend could open, the system's first one first."""
        ...

    def open(self, request: CameraRequest) -> CameraStream:
        """NoCamera when there is no such device or it does not open. May take seconds."""
        ...


class SystemSoundBackend(SoundBackend, Protocol):
    """A backend for what the machine plays."""

    def list_devices(self) -> list[SoundDevice]:
        """What it can record. CaptureError when it can record nothing, and why."""
        ...
