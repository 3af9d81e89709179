"""Where the bubble lies, and how no film shows two."""

from pathlib import Path

import pytest

from capture.layout import Arrangement, Layout, Shape, parse_layout
from desktop.models.bubble import SIZES, Bubble, Remembered, covers, inset, seen
from desktop.models.region import Box

AREA = Box(100, 50, 1920, 1080)


def test_it_lies_where_the_recorder_draws_it() -> None:
    bubble = Bubble(x=0.4, y=0.9, size=0.25, shape=Shape.ROUNDED)
    drawn = parse_layout(bubble.layout_fields(), Layout()).place(AREA.width, AREA.height)
    place = bubble.place(AREA)
    assert (place.x - AREA.x, place.y - AREA.y, place.width) == (drawn.x, drawn.y, drawn.width)


@pytest.mark.parametrize("corner", [(100, 50), (700, 333), (1233, 501), (1696, 806)])
def test_it_stays_where_it_is_put_to_the_pixel(corner: tuple[int, int]) -> None:
    place = Bubble().moved_to(*corner, AREA).place(AREA)
    assert (place.x, place.y) == corner


def test_it_does_not_leave_what_is_filmed() -> None:
    place = Bubble().moved_to(-500, 9000, AREA).place(AREA)
    assert (place.x, place.y + place.height) == (100, 50 + 1080)


def test_sizes_have_limits_and_the_wheel_goes_both_ways() -> None:
    assert Bubble().resized(1).resized(-1).size == pytest.approx(SIZES[1], abs=1e-3)
    assert Bubble().resized(99).size == 0.8
    assert Bubble().resized(-99).size == 0.1


@pytest.mark.parametrize(
    ("arrangement", "filmed", "placed", "shown"),
    [
        (Arrangement.BUBBLE, True, True, True),
        (Arrangement.BUBBLE, True, False, False),
        (Arrangement.BUBBLE, False, False, True),
        (Arrangement.SCREEN, False, True, False),
        (Arrangement.CAMERA, True, True, True),
        (Arrangement.SWAPPED, True, True, False),
        (Arrangement.SWAPPED, False, True, True),
    ],
)
def test_the_window_is_shown_where_it_is_no_second_picture(
    arrangement: Arrangement, filmed: bool, placed: bool, shown: bool
) -> None:
    assert seen(arrangement, filmed=filmed, placed=placed) is shown


def test_what_is_drawn_hides_the_window_also_in_a_smaller_film() -> None:
    assert inset(AREA, 1080) == 3
    assert inset(AREA, 0) == 3
    assert inset(AREA, 360) == 6


def test_a_larger_bubble_is_drawn_before_the_window_follows() -> None:
    small, large = Bubble(size=0.2), Bubble(size=0.3)
    assert covers(small, large)
    assert not covers(large, small)
    assert covers(small, Bubble(size=0.2, shape=Shape.ROUNDED))


def test_it_is_remembered_and_nonsense_is_not(tmp_path: Path) -> None:
    kept = Remembered(tmp_path / "new" / "bubble.json")
    bubble = Bubble(0.5, 0.25, 0.45, Shape.ROUNDED, False, Arrangement.CAMERA)
    kept.save(bubble)
    assert kept.load() == bubble
    for text in ("", "[]", '{"x": 7}', '{"shape": "star"}', '{"size": "big"}', '{"x": null}'):
        (tmp_path / "new" / "bubble.json").write_text(text)
        assert kept.load() == Bubble()
    Remembered(tmp_path / "new" / "bubble.json" / "below a file").save(bubble)
