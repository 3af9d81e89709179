"""Takes recorded within the test's process, from generated pictures and sound; a real screen, filmed."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from Xlib.error import ConnectionClosedError

from capture.control import parse_start
from capture.model import Rect, ScreenRequest
from capture.ports import ScreenSource
from capture.session import Session
from tests.support.processes import wait_until
from tests.support.services import Screen
from tests.support.walls import XWall

Step = Callable[[Session], None]


class Recorder:
    """A session and everything it said."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.session = Session(self.events.append)

    def start(self, output: Path, **options: Any) -> None:
        values = {"backend": "synthetic", "encoder": "libx264", "output": str(output), **options}
        self.session.start(parse_start(values))

    def until(self, test: Callable[[], object], what: str, timeout_s: float = 20.0) -> None:
        def step() -> object:
            self.session.run_for(0.005)
            return test()

        wait_until(step, timeout_s=timeout_s, what=what, poll_s=0.0)

    def record_until(self, media_s: float) -> None:
        self.until(lambda: self.session._clock.media_time() >= media_s, f"{media_s} s of recording")

    def finish(self) -> dict[str, Any]:
        """Wait for the end; the last event."""
        self.until(lambda: self.session.over, "the end of the take")
        return self.events[-1]

    def named(self, name: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == name]

    @property
    def states(self) -> list[str]:
        return [event["state"] for event in self.named("state")]


@pytest.fixture
def recorder(no_leaks: None) -> Iterator[Recorder]:
    recorder = Recorder()
    yield recorder
    pipeline = recorder.session._pipeline
    if pipeline is not None:
        pipeline.stop()
    recorder.session.close()


class Film:
    """What a finished file holds. `pictures` are (pts in 1/90000, key), `sound_s` the length of the sound."""

    def __init__(self, path: Path) -> None:
        with av.open(str(path), format="mp4") as file:
            video = file.streams.video[0]
            self.size = (video.codec_context.width, video.codec_context.height)
            self.pictures = [(p.pts, p.is_keyframe) for p in file.demux(video) if p.pts is not None]
            self.has_sound = bool(file.streams.audio)
        self._path = path
        self.sound_s = self._decode(path, "audio")
        self.video_frames = self._decode(path, "video")

    def sound(self, track: int = 0) -> np.ndarray:
        """The first channel of a sound track."""
        with av.open(str(self._path), format="mp4") as file:
            return np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=track)])

    def _decode(self, path: Path, kind: str) -> float:
        with av.open(str(path), format="mp4") as file:
            if kind == "video":
                return sum(1 for _ in file.decode(video=0))
            if not self.has_sound:
                return 0.0
            frames = list(file.decode(audio=0))
            return sum(frame.samples for frame in frames) / 48_000


@pytest.fixture
def film() -> Callable[[Path], Film]:
    return Film


@pytest.fixture
def wall(xvfb: Screen) -> Iterator[XWall]:
    wall = XWall(xvfb.name)
    yield wall
    with contextlib.suppress(ConnectionClosedError):  # a test may have killed the server
        wall.close()


@pytest.fixture
def source(xvfb: Screen, wall: XWall) -> Iterator[Callable[..., ScreenSource]]:
    from capture.backends import screen_x11

    opened: list[ScreenSource] = []

    def open_source(region: Rect | None = None, display: str | None = xvfb.name) -> ScreenSource:
        opened.append(screen_x11.open(ScreenRequest(display, region, 30)))
        return opened[-1]

    yield open_source
    for one in opened:
        one.close()
