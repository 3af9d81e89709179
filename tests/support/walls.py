"""Screens that tests draw on. A wall is red; each system shows it to a backend in its own way.

`XWall` is a window on a real X server. `Wall` is a picture in memory that stands-in for Windows and macOS
present: `ddagrab` textures, frames of FFmpeg's devices, and (in modules of their own) COM and Objective-C.
"""

import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import av
import av.error
import av.filter
import numpy as np
import pytest
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

from capture.model import Picture, Rect

RED, BLUE = (0, 0, 255), (255, 0, 0)  # BGR


class Wall:
    """A picture in memory; `serial` grows with what is drawn."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.pixels = np.zeros((height, width, 4), dtype=np.uint8)
        self.pixels[:] = (*RED, 255)
        self.serial = 1
        self.redrawn: list[Rect] = []
        self.broken = False
        self.changed = threading.Condition()

    def fill(self, area: Rect) -> None:
        with self.changed:
            self.pixels[area.y : area.bottom, area.x : area.right] = (*BLUE, 255)
            self._tell(area)

    def touch(self) -> None:
        """Presented again although nothing changed, as when a caret blinks elsewhere."""
        with self.changed:
            self._tell(Rect(0, 0, self.width, self.height))

    def resize(self, width: int, height: int) -> None:
        with self.changed:
            new = np.zeros((height, width, 4), dtype=np.uint8)
            new[:] = (*RED, 255)
            self.pixels, self.width, self.height = new, width, height
            self._tell(Rect(0, 0, width, height))

    def fail(self, *, broken: bool) -> None:
        with self.changed:
            self.broken = broken
            self._tell(Rect(0, 0, self.width, self.height))

    def picture(self) -> tuple[int, np.ndarray]:
        with self.changed:
            return self.serial, self.pixels.copy()

    def wait(self, serial: int, timeout_s: float) -> bool:
        """Whether there is something newer than `serial`, waiting that long for it."""
        with self.changed:
            return self.changed.wait_for(lambda: self.serial != serial, timeout_s)

    def _tell(self, area: Rect) -> None:
        self.serial += 1
        self.redrawn.append(area)
        self.changed.notify_all()


class XWall:
    """A red window over a whole X screen, the pointer parked in its last corner."""

    def __init__(self, name: str) -> None:
        self.display = Display(name)
        screen = self.display.screen()
        self.width, self.height = screen.width_in_pixels, screen.height_in_pixels
        self._window = screen.root.create_window(
            0,
            0,
            self.width,
            self.height,
            0,
            screen.root_depth,
            override_redirect=True,
            background_pixel=0xFF0000,
        )
        self._window.map()
        self._pen = self._window.create_gc(foreground=0x0000FF)
        screen.root.warp_pointer(self.width - 1, self.height - 1)
        self.display.sync()

    def fill(self, area: Rect) -> None:
        self._window.fill_rectangle(self._pen, area.x, area.y, area.width, area.height)
        self.display.sync()

    def point_to(self, x: int, y: int) -> None:
        self.display.screen().root.warp_pointer(x, y)
        self.display.sync()

    def move_mouse(self, x: int, y: int) -> None:
        """As a hand would: unlike `point_to`, the server tells of it."""
        xtest.fake_input(self.display, X.MotionNotify, x=x, y=y)
        self.display.sync()

    def close(self) -> None:
        self.display.close()


# https://ffmpeg.org/ffmpeg-filters.html#ddagrab
DDAGRAB_OPTIONS = {
    "output_idx", "draw_mouse", "framerate", "video_size", "offset_x", "offset_y", "output_fmt",
    "allow_fallback", "force_fmt", "dup_frames",
}  # fmt: skip


class FakeGraph:
    """`av.filter.Graph` as it is with `ddagrab`: hardware frames, the last again while nothing happens."""

    wall: Wall
    open_graphs: list["FakeGraph"]

    def __init__(self) -> None:
        self._options: dict[str, str] = {}
        self._nodes: list[str] = []
        self._serial = 0
        self._frame: Any = None

    def add(self, name: str, **options: str) -> str:
        if name == "ddagrab":
            unknown = set(options) - DDAGRAB_OPTIONS
            assert not unknown, f"ddagrab has no option {unknown}"
            self._options = options
        else:
            assert name == "buffersink", name
        self._nodes.append(name)
        return name

    def link_nodes(self, *nodes: str) -> "FakeGraph":
        assert list(nodes) == ["ddagrab", "buffersink"]
        return self

    def configure(self) -> None:
        if self.wall.broken:
            raise av.error.ExternalError(-0x20545845, "Generic error in an external library")
        if int(self._options["output_idx"]) != 1:
            raise av.error.ExternalError(-0x20545845, "Generic error in an external library")

    def vpull(self) -> Any:
        self.wall.wait(self._serial, 1 / float(self._options["framerate"]))
        if self.wall.broken:
            raise av.error.ExternalError(-0x20545845, "Generic error in an external library")
        serial, pixels = self.wall.picture()
        if serial != self._serial:
            self._serial, self._frame = serial, HardwareFrame(self._crop(pixels))
        return self._frame

    def _crop(self, pixels: np.ndarray) -> np.ndarray:
        x, y = int(self._options.get("offset_x", 0)), int(self._options.get("offset_y", 0))
        height, width = pixels.shape[:2]
        if "video_size" in self._options:
            width, height = map(int, self._options["video_size"].split("x"))
        return np.ascontiguousarray(pixels[y : y + height, x : x + width])


class HardwareFrame:
    """A frame on a graphics card: its plane has an address and no bytes."""

    def __init__(self, pixels: np.ndarray) -> None:
        self._pixels = pixels
        self.height, self.width = pixels.shape[:2]
        self.planes = [SimpleNamespace(buffer_ptr=id(self))]

    def reformat(self, format: str) -> av.VideoFrame:  # noqa: A002 - PyAV's word
        return av.VideoFrame.from_ndarray(self._pixels, format=format)


class FakeDevice:
    """What `av.open` gives for `gdigrab` and `avfoundation`: paced frames, cropped by the device."""

    def __init__(self, wall: Wall, options: dict[str, str]) -> None:
        self._wall, self._options = wall, options
        self._serial = 0
        self.closed = False

    def decode(self, video: int) -> Iterator[av.VideoFrame]:
        assert video == 0
        while not self.closed:
            fresh = self._wall.wait(self._serial, 1 / float(self._options["framerate"]))
            if self._wall.broken:
                raise av.error.ExternalError(-0x20545845, "Generic error in an external library")
            self._serial, pixels = self._wall.picture()
            if not fresh and self._options.get("nonblocking"):
                raise av.error.BlockingIOError(11, "Resource temporarily unavailable")
            yield av.VideoFrame.from_ndarray(self._crop(pixels), format="bgra")

    def _crop(self, pixels: np.ndarray) -> np.ndarray:
        if "video_size" not in self._options:
            return pixels
        x, y = int(self._options["offset_x"]), int(self._options["offset_y"])
        width, height = map(int, self._options["video_size"].split("x"))
        return np.ascontiguousarray(pixels[y : y + height, x : x + width])

    def close(self) -> None:
        self.closed = True


def show_through_ddagrab(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = type("Graph", (FakeGraph,), {"wall": wall})
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr(av.filter, "Graph", graph)
    monkeypatch.setattr(av.filter, "filters_available", {*av.filter.filters_available, "ddagrab"})


def show_through_device(
    wall: Wall, monkeypatch: pytest.MonkeyPatch, kind: str, platform: str, known: set[str]
) -> None:
    """`known`: the options that the device has, see https://ffmpeg.org/ffmpeg-devices.html."""

    def opened(device: str, format: str, options: dict[str, str], timeout: Any) -> FakeDevice:  # noqa: A002 - PyAV's word
        assert format == kind, format
        assert set(options) <= known, f"{kind} has no option {set(options) - known}"
        if wall.broken or "9" in device:
            raise av.error.OSError(5, "Input/output error", device)
        extra = {"nonblocking": "1"} if kind == "avfoundation" else {}
        return FakeDevice(wall, options | extra)

    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr(av, "open", opened)
    monkeypatch.setattr(av, "formats_available", {*av.formats_available, kind})


def eventually(condition: Any, what: str, timeout_s: float = 20.0) -> Any:
    """The first true answer of `condition`; fails the test when there is none in time."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.002)
    pytest.fail(f"did not happen within {timeout_s:g} s: {what}", pytrace=False)


def colour(picture: Picture, area: Rect) -> set[tuple[int, ...]]:
    part = picture.buffer.pixels[area.y : area.bottom, area.x : area.right, :3].reshape(-1, 3)
    return {tuple(int(v) for v in row) for row in np.unique(part, axis=0)}
