"""Where the bubble lies, and how no film shows two."""

from pathlib import Path

import pytest

from capture import layout
from desktop.models.bubble import SIZES, Arrangement, Bubble, Remembered, Shape, covers, inset, seen
from desktop.models.region import Box

AREA = Box(100, 50, 1920, 1080)


@pytest.mark.parametrize("area", [AREA, Box(-1920, 0, 1366, 768), Box(0, 0, 40, 900)])
@pytest.mark.parametrize("x", [0.0, 0.111, 0.5, 1.0])
@pytest.mark.parametrize("size", [0.1, 0.333, 0.8])
def test_it_lies_where_the_recorder_draws_it(area: Box, x: float, size: float) -> None:
    bubble = Bubble(x=x, y=1 - x / 3, size=size, shape=Shape.ROUNDED)
    drawn = layout.parse_layout(bubble.layout_fields(), layout.Layout()).place(area.width, area.height)
    place = bubble.place(area)
    assert (place.x - area.x, place.y - area.y) == (drawn.x, drawn.y)
    assert (place.width, place.height) == (drawn.width, drawn.height)


def test_words_are_the_recorders() -> None:
    assert set(Arrangement) == set(layout.Arrangement)
    assert set(Shape) == set(layout.Shape)


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
