"""Screens side by side: what changes in one is dirty in the whole, in its place."""

import numpy as np

from capture.backends.copying import CopyingSource
from capture.backends.mosaic import POOL_SIZE, Mosaic, side_by_side
from capture.model import Rect

AREA = Rect(0, 0, 96, 64)


class Screen:
    """A page of one value to draw on."""

    def __init__(self, value: int, width: int, height: int) -> None:
        self.page = np.full((height, width, 4), value, np.uint8)
        self.source = CopyingSource(width, height, lambda pixels: np.copyto(pixels, self.page))


def mosaic(area: Rect = AREA) -> tuple[Mosaic, Screen, Screen]:
    left, right = Screen(10, 64, 64), Screen(20, 32, 32)
    places = (Rect(0, 0, 64, 64), Rect(64, 16, 32, 32))
    return Mosaic([(left.source, places[0]), (right.source, places[1])], area), left, right


def test_each_screen_is_in_its_place_and_black_lies_between() -> None:
    whole, _, _ = mosaic()
    picture = whole.grab(thorough=True)
    assert picture is not None
    pixels = picture.buffer.pixels
    assert picture.dirty == 0b1111
    assert (pixels[:, :64] == 10).all()
    assert (pixels[16:48, 64:] == 20).all()
    assert (pixels[:16, 64:] == 0).all()
    assert (pixels[48:, 64:] == 0).all()


def test_what_changes_in_one_screen_is_dirty_in_its_place() -> None:
    whole, _, right = mosaic()
    first = whole.grab(thorough=True)
    assert first is not None
    assert whole.grab(thorough=False) is None
    right.page[20] = 99
    second = whole.grab(thorough=False)
    assert second is not None
    assert second.dirty == 0b100  # row 20 of a screen that begins at row 16, in bands of 16
    assert (second.buffer.pixels[36, 64:] == 99).all()
    assert (first.buffer.pixels[36, 64:] == 20).all()  # still read by somebody


def test_only_what_is_filmed_counts() -> None:
    whole, left, right = mosaic(Rect(48, 16, 32, 32))
    picture = whole.grab(thorough=True)
    assert picture is not None
    assert (picture.buffer.pixels[:, :16] == 10).all()
    assert (picture.buffer.pixels[:, 16:] == 20).all()
    left.page[:16] = 77
    assert whole.grab(thorough=False) is None
    right.page[0, 0] = 55
    changed = whole.grab(thorough=False)
    assert changed is not None
    assert changed.dirty == 0b1


def test_nothing_is_lost_while_all_buffers_are_on_their_way() -> None:
    whole, left, _ = mosaic()
    held = []
    for value in range(POOL_SIZE):
        left.page[:] = 100 + value
        picture = whole.grab(thorough=False)
        assert picture is not None
        held.append(picture)
    left.page[:] = 222
    assert whole.grab(thorough=False) is None
    for picture in held:
        picture.buffer.release()
    late = whole.grab(thorough=False)
    assert late is not None
    assert late.dirty == 0b1111
    assert (late.buffer.pixels[:, :64] == 222).all()


def test_places_that_cannot_be_true_become_a_row() -> None:
    known = [Rect(0, 0, 64, 64), Rect(64, 16, 32, 32)]
    assert side_by_side(known) == known
    overlapping = [Rect(0, 0, 64, 64), Rect(0, 0, 32, 32)]
    assert side_by_side(overlapping) == [Rect(0, 0, 64, 64), Rect(64, 0, 32, 32)]
