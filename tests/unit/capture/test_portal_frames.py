"""What becomes of a compositor's frames: damage, crop, colours, other sizes, and a pipeline that is full."""

import contextlib
import ctypes
import struct
import sys
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from capture.errors import ScreenLost, ScreenRefused
from capture.model import Picture, Rect, ScreenRequest

if sys.platform != "linux":
    pytest.skip("portals and PipeWire are Linux's", allow_module_level=True)

from capture.backends import libpipewire as pw
from capture.backends import pipewire, screen_portal, spa
from capture.backends.pipewire import Frame

WIDTH, HEIGHT = 64, 96


class FakeStream:
    """Frames as they would come from PipeWire."""

    def __init__(self) -> None:
        self.arrived, self.ended, self.paused = threading.Event(), None, False
        self._next: Frame | None = None

    def put(self, pixels: np.ndarray, *damage: Rect, swapped: bool = False) -> None:
        self._next = Frame(pixels, swapped, damage or None)
        self.arrived.set()

    @contextlib.contextmanager
    def frame(self, *, keep: bool = False) -> Iterator[Frame | None]:
        yield self._next
        if not keep:
            self._next = None

    def close(self) -> None: ...


class FakePortal:
    def __init__(self) -> None:
        self.over = False

    def ended(self) -> bool:
        return self.over

    def close(self) -> None: ...


def grey(value: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    return np.full((height, width, 4), value, np.uint8)


class Bench:
    """A source that has shown one grey picture of 50."""

    def __init__(self, region: Rect | None = None) -> None:
        self.stream, self.portal = FakeStream(), FakePortal()
        self.stream.put(grey(50))
        self.source = screen_portal._PortalSource(
            self.portal,  # type: ignore[arg-type]  # a double
            self.stream,  # type: ignore[arg-type]  # a double
            region,
            pointer=True,
        )
        first = self.grab()
        assert first is not None
        assert (first.buffer.pixels == 50).all()
        first.buffer.release()

    def grab(self, *, thorough: bool = False) -> Picture | None:
        return self.source.grab(thorough=thorough)

    def show(self, pixels: np.ndarray, *damage: Rect, thorough: bool = False) -> int:
        """Bands of the next picture that are dirty; 0 when there is none."""
        self.stream.put(pixels, *damage)
        picture = self.grab(thorough=thorough)
        if picture is None:
            return 0
        picture.buffer.release()
        return picture.dirty


def test_no_frame_is_no_change() -> None:
    bench = Bench()
    assert bench.grab() is None
    assert bench.show(grey(50)) == 0
    assert bench.source.again().dirty == 0


def test_only_the_bands_that_differ_are_dirty() -> None:
    bench = Bench()
    drawn = grey(50)
    drawn[20, 3] = 200
    assert bench.show(drawn) == 0b10
    assert (bench.source.again().buffer.pixels == drawn).all()


def test_news_of_damage_spares_looking_at_the_rest_until_it_proves_wrong() -> None:
    bench = Bench()
    drawn = grey(50)
    for row in (17, 81, 82, 83, 84):
        drawn[row] += 1
    said = Rect(0, 16, 4, 4)
    assert bench.show(drawn, said) == 0b10
    for miss in range(screen_portal.MISSES_TOLERATED + 1):
        drawn[81] += 1
        assert bench.show(drawn, said, thorough=True) == 0b100000, miss
    drawn[81] += 1
    assert bench.show(drawn, said) == 0b100000


def test_a_picture_that_somebody_still_reads_is_not_drawn_over() -> None:
    bench = Bench()
    held = bench.source.again()
    assert bench.show(grey(60)) == 0b111111
    assert (held.buffer.pixels == 50).all()
    held.buffer.release()


def test_the_last_frame_is_not_lost_when_all_buffers_were_on_their_way() -> None:
    bench = Bench()
    held = []
    for value in range(100, 100 + screen_portal.POOL_SIZE):
        bench.stream.put(grey(value))
        picture = bench.grab()
        if picture is not None:
            held.append(picture)
    bench.stream.put(grey(222))
    assert bench.grab() is None
    for picture in held:
        picture.buffer.release()
    late = bench.grab()
    assert late is not None
    assert (late.buffer.pixels == 222).all()


def test_a_region_is_cut_out_and_the_rest_does_not_matter() -> None:
    bench = Bench(Rect(10, 32, 32, 32))
    assert (bench.source.width, bench.source.height) == (32, 32)
    drawn = grey(50)
    drawn[:32] = 90
    assert bench.show(drawn) == 0
    drawn[48, 10] = 90
    assert bench.show(drawn, Rect(10, 48, 1, 1)) == 0b10


def test_red_first_becomes_blue_first() -> None:
    bench = Bench()
    red = grey(0)
    red[:, :, 0] = 250
    bench.stream.put(red, swapped=True)
    picture = bench.grab()
    assert picture is not None
    assert (picture.buffer.pixels[:, :, 2] == 250).all()
    assert (picture.buffer.pixels[:, :, 0] == 0).all()


def test_what_changes_its_size_is_fitted_in_and_somebody_is_told() -> None:
    bench = Bench()
    assert bench.source.trouble() is None
    assert bench.show(grey(200, WIDTH * 2, HEIGHT)) == 0b111111
    pixels = bench.source.again().buffer.pixels
    assert (pixels[:24] == 0).all()
    assert (pixels[24:72] == 200).all()
    assert (pixels[72:] == 0).all()
    trouble = bench.source.trouble()
    assert trouble is not None
    assert "128 x 96" in trouble.detail
    assert bench.source.trouble() is None
    assert bench.show(grey(50)) == 0b111111
    assert (bench.source.again().buffer.pixels == 50).all()


def test_a_pause_of_the_desktop_is_told_once_and_the_last_picture_stays() -> None:
    bench = Bench()
    bench.stream.paused = True
    assert bench.grab() is None
    trouble = bench.source.trouble()
    assert trouble is not None
    assert trouble.code == "screen_still"
    assert bench.grab() is None
    assert bench.source.trouble() is None


def test_an_end_that_the_person_wanted_is_told_from_one_that_happened() -> None:
    bench = Bench()
    bench.portal.over = True
    with pytest.raises(ScreenRefused, match="no longer shared"):
        bench.grab()
    bench.portal.over, bench.stream.ended = False, "PipeWire closed the connection."
    with pytest.raises(ScreenLost, match="closed the connection"):
        bench.grab()


def test_a_second_dialog_does_not_come_up_while_the_first_one_waits() -> None:
    with screen_portal._dialog, pytest.raises(ScreenLost, match="still waits"):
        screen_portal._share(FakePortal(), ScreenRequest())  # type: ignore[arg-type]  # a double


class Memory:
    """A spa_buffer with a frame of `WIDTH` x `HEIGHT` and what came with it."""

    def __init__(self, *metas: tuple[int, bytes], stride: int = WIDTH * 4, size: int | None = None) -> None:
        self.frame = (ctypes.c_uint8 * (stride * HEIGHT))(*range(200))
        self.chunk = pw.Chunk(0, stride * HEIGHT if size is None else size, stride, 0)
        self.data = pw.Data(
            spa.DATA_MEMORY,
            0,
            -1,
            0,
            len(self.frame),
            ctypes.addressof(self.frame),
            ctypes.pointer(self.chunk),
        )
        self.bodies = [ctypes.create_string_buffer(body, len(body)) for _, body in metas]
        self.metas = (pw.Meta * max(1, len(metas)))()
        for index, (kind, body) in enumerate(metas):
            self.metas[index] = pw.Meta(kind, len(body), ctypes.addressof(self.bodies[index]))
        self.buffer = pw.SpaBuffer(len(metas), 1, self.metas, ctypes.pointer(self.data))


def regions(*values: tuple[int, int, int, int]) -> bytes:
    return b"".join(struct.pack("=iiII", *value) for value in values)


def test_damage_ends_at_the_first_empty_region() -> None:
    news = regions((1, 2, 3, 4), (5, 6, 7, 8), (0, 0, 0, 0), (9, 9, 9, 9))
    assert pipewire._damage(Memory((spa.META_DAMAGE, news)).buffer) == (Rect(1, 2, 3, 4), Rect(5, 6, 7, 8))
    assert pipewire._damage(Memory((spa.META_DAMAGE, regions((0, 0, 0, 0)))).buffer) is None
    assert pipewire._damage(Memory().buffer) is None


def test_the_part_of_a_frame_that_counts_is_cut_out() -> None:
    crop = (spa.META_CROP, regions((4, 6, 20, 30)))
    stream: Any = pipewire.Stream.__new__(pipewire.Stream)
    stream._format = spa.VideoFormat(WIDTH, HEIGHT, spa.Order.BGRX)
    memory = Memory(crop, stride=WIDTH * 4 + 32)
    frame = stream._view(ctypes.pointer(pw.Buffer(ctypes.pointer(memory.buffer))), (Rect(4, 8, 2, 2),))
    assert frame.pixels.shape == (30, 20, 4)
    assert frame.damage == (Rect(0, 2, 2, 2),)
    assert frame.pixels.strides == (WIDTH * 4 + 32, 4, 1)


@pytest.mark.parametrize("size", [0, None])
def test_buffers_without_pixels_are_passed_over(size: int | None) -> None:
    assert pipewire._whole(Memory(size=size).buffer) is (size is None)
    broken = struct.pack("=IIqqQ", pw.HEADER_CORRUPTED, 0, 0, 0, 0)
    assert not pipewire._whole(Memory((spa.META_HEADER, broken)).buffer)


def test_a_frame_larger_than_its_memory_is_refused() -> None:
    memory = Memory()
    assert pipewire._pixels(memory.data, spa.VideoFormat(WIDTH, HEIGHT + 1, spa.Order.BGRX)) is None
    assert pipewire._pixels(memory.data, spa.VideoFormat(WIDTH + 1, HEIGHT, spa.Order.BGRX)) is None
    assert pipewire._pixels(memory.data, spa.VideoFormat(WIDTH, HEIGHT, spa.Order.BGRX)) is not None


def test_the_format_is_read_and_foreign_ones_are_told_apart() -> None:
    for offered in spa.offered_formats(30):
        assert spa.read_format(offered) == spa.VideoFormat(1920, 1080, spa.Order.BGRX)
    encoded = spa.offered_formats(30)[1].replace(
        struct.pack("=5I", 8, 8, 12, 7, 11), struct.pack("=5I", *[2] * 5)
    )
    assert spa.read_format(encoded) == spa.VideoFormat(1920, 1080, None)
    assert spa.read_format(spa.wanted_buffers()) is None
    assert spa.read_format(b"\0" * 16) is None
