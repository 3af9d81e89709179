"""What a Mac plays, through ScreenCaptureKit: no driver to install, but the permission to record the screen.

Heddle's own sounds are left out. Unverified on a real system: see docs/platforms.md.
Source: https://developer.apple.com/documentation/screencapturekit/scstreamconfiguration/capturesaudio;
samples are float32, one channel after the other, stamped by the host's clock, which is time.monotonic's.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from capture.backends import sck
from capture.errors import NoSystemAudio
from capture.model import SoundBlock
from capture.ports import Probe, SoundSource
from capture.sounddevices import SoundDevice

name = "loopback_macos"

RATE = 48_000
CHANNELS = 2
OLDEST_S = 1.0
NAME = "What this Mac plays"
_HINT = "Allow it under System Settings, Privacy & Security, Screen Recording, and start Heddle again."


def probe() -> Probe:
    if sys.platform != "darwin":
        return Probe(usable=False, reason="ScreenCaptureKit is part of macOS")
    try:
        kit = sck.Frameworks()
        if not hasattr(kit.kit.SCStreamConfiguration, "setCapturesAudio_"):
            return Probe(usable=False, reason="this macOS is older than 13")
        sck.shareable(kit)
    except OSError as error:
        return Probe(usable=False, reason=str(error))
    return Probe(usable=True, reason=NAME)


def list_devices() -> list[SoundDevice]:
    """There is but one: the mix of all that plays."""
    answer = probe()
    if not answer.usable:
        raise NoSystemAudio("System audio cannot be recorded", answer.reason, _HINT)
    return [SoundDevice("system", NAME, CHANNELS, RATE, default=True)]


def open(deliver: Callable[[SoundBlock], None], device: str | None = None) -> SoundSource:
    if device is not None and device != "system" and device.lower() not in NAME.lower():
        raise NoSystemAudio(f"There is no system audio called {device}", f"There is only: {NAME}.", _HINT)
    try:
        return _Playing(deliver)
    except OSError as error:
        raise NoSystemAudio("System audio cannot be recorded", str(error), _HINT) from error


class _Playing:
    name = NAME
    channels = CHANNELS

    def __init__(self, deliver: Callable[[SoundBlock], None]) -> None:
        self._deliver = deliver
        self._failure: str | None = None
        self._kit = kit = sck.Frameworks()
        content = sck.shareable(kit)
        found = content.displays()
        if not found:
            raise sck.KitError("macOS shows no display, and sound comes with one")
        make = kit.kit.SCContentFilter.alloc().initWithDisplay_excludingApplications_exceptingWindows_
        everything = make(found[0], sck.own_programs(content), [])
        self._stream = sck.Stream(kit, everything, _configuration(kit), kit.kit.SCStreamOutputTypeAudio, self)

    def failed(self) -> str | None:
        return self._failure

    def close(self) -> None:
        self._stream.close()

    def sample(self, buffer: Any) -> None:
        """One channel after the other in memory; interleaved for whoever listens."""
        media = self._kit.media
        block = media.CMSampleBufferGetDataBuffer(buffer)
        if block is None:
            return
        size = media.CMBlockBufferGetDataLength(block)
        status, data = media.CMBlockBufferCopyDataBytes(block, 0, size, None)
        if status:
            return
        planes = np.frombuffer(data, dtype=np.float32).reshape(CHANNELS, -1)
        at = float(media.CMTimeGetSeconds(media.CMSampleBufferGetPresentationTimeStamp(buffer)))
        now = time.monotonic()
        if not 0.0 <= now - at < OLDEST_S:
            at = now - planes.shape[1] / RATE
        samples = np.ascontiguousarray(planes.T).tobytes()
        self._deliver(SoundBlock(at, samples, channels=CHANNELS, rate=RATE))

    def stopped(self, reason: str) -> None:
        self._failure = reason


def _configuration(kit: sck.Frameworks) -> Any:
    """Sound, and as little of the picture as there can be: nobody takes it."""
    wanted = kit.kit.SCStreamConfiguration.alloc().init()
    wanted.setCapturesAudio_(True)
    wanted.setExcludesCurrentProcessAudio_(True)
    wanted.setSampleRate_(RATE)
    wanted.setChannelCount_(CHANNELS)
    wanted.setWidth_(2)
    wanted.setHeight_(2)
    wanted.setMinimumFrameInterval_(kit.media.CMTimeMake(1, 1))
    return wanted
