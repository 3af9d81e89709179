"""A region in pixels, whatever screens and scales there are."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.models.placing import place
from desktop.models.region import (
    SMALLEST,
    Box,
    Edge,
    Screen,
    between,
    bounds,
    edge_at,
    for_engine,
    from_engine,
    moved,
    stretched,
)
from desktop.models.sources import Item, Place

AREA = Box(-100, 50, 2000, 1000)
LEFT, RIGHT = Item("0", "L", place=Place(0, 0, 1920, 1080)), Item("1", "R", place=Place(1920, 0, 1280, 720))
numbers = st.integers(-5000, 5000)
boxes = st.builds(lambda x, y, a, b: between((x, y), (a, b), AREA), numbers, numbers, numbers, numbers)


def sound(box: Box) -> bool:
    return AREA.holds(box) and box.width >= SMALLEST and box.height >= SMALLEST


@given(boxes)
def test_what_is_drawn_lies_on_the_screens(box: Box) -> None:
    assert sound(box)


@given(boxes, numbers, numbers)
def test_what_is_moved_keeps_its_size(box: Box, across: int, down: int) -> None:
    other = moved(box, across, down, AREA)
    assert sound(other)
    assert (other.width, other.height) == (box.width, box.height)


@given(boxes, st.integers(1, 15), numbers, numbers)
def test_what_is_stretched_keeps_its_other_edges(box: Box, edges: int, across: int, down: int) -> None:
    edge = Edge(edges)
    other = stretched(box, edge, across, down, AREA)
    assert sound(other)
    assert Edge.LEFT in edge or other.x == box.x
    assert Edge.TOP in edge or other.y == box.y
    assert Edge.RIGHT in edge or other.right == box.right
    assert Edge.BOTTOM in edge or other.bottom == box.bottom


@given(boxes)
def test_what_is_pressed_is_what_is_held(box: Box) -> None:
    assert edge_at(box, box.x, box.y, 3) == Edge.LEFT | Edge.TOP
    assert edge_at(box, box.right + 2, box.y + 8, 3) == Edge.RIGHT
    assert edge_at(box, box.x + 8, box.y + 8, 3) == Edge.NONE
    assert edge_at(box, box.right + 9, box.y, 3) is None


def test_the_engine_is_told_of_one_display_or_of_all() -> None:
    assert for_engine(Box(2000, 10, 100, 50), (LEFT, RIGHT)) == ("1", (80, 10, 100, 50))
    assert for_engine(Box(1900, 10, 100, 50), (LEFT, RIGHT)) == ("all", (1900, 10, 100, 50))
    assert for_engine(Box(5, 5, 50, 50), ()) == ("", (5, 5, 50, 50))


@given(st.integers(0, 3000), st.integers(0, 600))
def test_what_the_engine_was_told_is_found_again(x: int, y: int) -> None:
    box = Box(x, y, 100, 50)
    assert from_engine(*for_engine(box, (LEFT, RIGHT)), (LEFT, RIGHT)) == box


def test_a_display_that_is_gone_has_no_region() -> None:
    assert from_engine("7", (0, 0, 50, 50), (LEFT,)) is None


def test_points_of_a_scaled_screen_are_pixels() -> None:
    screen = Screen(1920, 0, 1280, 720, 1.5)
    assert screen.box == Box(1920, 0, 1920, 1080)
    assert screen.to_pixels(1920 + 100, 10) == (2070, 15)
    assert screen.to_points(2070, 15) == (100, 10)


def test_the_bar_stays_out_of_the_picture_where_it_can() -> None:
    screens = [Box(0, 0, 1920, 1080), Box(1920, 0, 1280, 720)]
    below, inside = place((300, 40), Box(100, 100, 800, 600), screens, 10)
    assert (below.y, inside) == (710, False)
    above, inside = place((300, 40), Box(100, 400, 800, 680), screens, 10)
    assert (above.y, inside) == (350, False)
    edge, inside = place((300, 40), Box(1700, 100, 200, 600), screens, 10)
    assert edge == Box(1620, 710, 300, 40)
    assert not inside
    elsewhere, inside = place((300, 40), screens[0], screens, 10)
    assert screens[1].holds(elsewhere)
    assert not inside
    alone, inside = place((300, 40), screens[0], screens[:1], 10)
    assert screens[0].holds(alone)
    assert inside


def test_bounds_hold_all() -> None:
    assert bounds([Box(0, 0, 10, 10), Box(-5, 5, 10, 20)]) == Box(-5, 0, 15, 25)
