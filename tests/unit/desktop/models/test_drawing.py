"""Strokes, their undo, and how they go away."""

import pytest

from desktop.models.drawing import FADING_S, MOST_POINTS, MOST_STROKES, Drawing, Point, Tool


def drawn(*ways: tuple[Tool, tuple[Point, ...]], at: float = 0.0, drawing: Drawing | None = None) -> Drawing:
    drawing = drawing or Drawing()
    for tool, points in ways:
        drawing = drawing.begin(tool, "#ff0000", points[0])
        for point in points[1:]:
            drawing = drawing.extend(point)
        drawing = drawing.finish(at)
    return drawing


LINE = (Tool.PEN, ((0.0, 0.0), (50.0, 0.0), (100.0, 0.0)))
BOX = (Tool.BOX, ((200.0, 200.0), (300.0, 260.0)))


def test_a_way_of_the_pen_keeps_its_points_and_a_box_its_corners() -> None:
    line, box = drawn(LINE, BOX).strokes
    assert line.points == LINE[1]
    assert box.points == BOX[1]


def test_a_click_is_a_dot_of_the_pen_and_no_box() -> None:
    assert len(drawn((Tool.PEN, ((5.0, 5.0),))).strokes) == 1
    assert drawn((Tool.BOX, ((5.0, 5.0),)), (Tool.ARROW, ((5.0, 5.0), (5.5, 5.0)))) == Drawing()


def test_undo_and_redo_go_through_every_step() -> None:
    steps = [Drawing(), drawn(LINE), drawn(LINE, BOX), drawn(LINE, BOX).erase((50, 3))]
    steps.append(steps[-1].clear())
    now = steps[-1]
    for before in reversed(steps[:-1]):
        now = now.undo()
        assert now.strokes == before.strokes
    assert now.undo() == now
    for after in steps[1:]:
        now = now.redo()
        assert now.strokes == after.strokes
    assert now.redo() == now


def test_what_is_drawn_after_an_undo_ends_what_could_be_redone() -> None:
    again = drawn(BOX, drawing=drawn(LINE).undo())
    assert again.redo() == again


@pytest.mark.parametrize(
    ("at", "left"),
    [
        ((50.0, 8.0), [Tool.BOX, Tool.ELLIPSE]),
        ((50.0, 60.0), [Tool.PEN, Tool.BOX, Tool.ELLIPSE]),
        ((250.0, 203.0), [Tool.PEN, Tool.ELLIPSE]),
        ((250.0, 230.0), [Tool.PEN, Tool.BOX, Tool.ELLIPSE]),  # inside of the box is not on it
        ((500.0, 402.0), [Tool.PEN, Tool.BOX]),
    ],
)
def test_the_eraser_takes_what_it_touches(at: Point, left: list[Tool]) -> None:
    ellipse = (Tool.ELLIPSE, ((400.0, 400.0), (600.0, 500.0)))
    assert [stroke.tool for stroke in drawn(LINE, BOX, ellipse).erase(at).strokes] == left


def test_an_eraser_that_touches_nothing_leaves_nothing_to_undo() -> None:
    assert drawn(LINE).erase((900, 900)) == drawn(LINE)
    assert Drawing().clear() == Drawing()


@pytest.mark.parametrize(
    ("tool", "to", "end"),
    [
        (Tool.ARROW, (100.0, 8.0), (100.3, 0.0)),
        (Tool.ARROW, (50.0, 52.0), (51.0, 51.0)),
        (Tool.BOX, (40.0, -90.0), (90.0, -90.0)),
        (Tool.ELLIPSE, (-30.0, 20.0), (-30.0, 30.0)),
        (Tool.PEN, (3.0, 80.0), (0.0, 80.1)),
    ],
)
def test_shift_makes_it_straight(tool: Tool, to: Point, end: Point) -> None:
    drawing = Drawing().begin(tool, "#ff0000", (0, 0)).extend((7, 9)).extend(to, straight=True)
    assert drawing.current is not None
    assert drawing.current.points == ((0, 0), pytest.approx(end, abs=0.1))


def test_strokes_stay_and_then_fade() -> None:
    drawing = drawn(BOX, at=5, drawing=drawn(LINE, at=1))
    assert drawing.next_change(1, 4) == 4
    assert drawing.strokes[0].strength(4.9, 4) == 1
    assert drawing.strokes[0].strength(5 + FADING_S / 2, 4) == pytest.approx(0.5)
    assert [one.tool for one in drawing.faded(5.01 + FADING_S, 4).strokes] == [Tool.BOX]
    assert drawing.faded(5 + FADING_S, 0) == drawing
    assert drawing.next_change(9999, 0) is None


def test_nothing_grows_without_end() -> None:
    way = tuple((float(2 * step), 0.0) for step in range(MOST_POINTS + 10))
    assert len(drawn((Tool.PEN, way)).strokes[0].points) == MOST_POINTS
    drawing = Drawing()
    for number in range(MOST_STROKES + 5):
        drawing = drawn((Tool.PEN, ((float(number), 0.0),)), drawing=drawing)
    assert len(drawing.strokes) == MOST_STROKES
    assert drawing.strokes[-1].points[0][0] == MOST_STROKES + 4
    assert len(drawing.past) <= 100
