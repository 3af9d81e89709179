"""A picture lies in one of another size in proportion, and what is beside it is black."""

import numpy as np
import pytest

from capture import fit
from capture.area import bounds, gaps
from capture.model import Rect

FRAME = Rect(0, 0, 640, 360)


@pytest.mark.parametrize(
    ("size", "place"),
    [
        ((640, 360), FRAME),
        ((320, 180), Rect(160, 90, 320, 180)),
        ((1280, 360), Rect(0, 90, 640, 180)),
        ((360, 720), Rect(230, 0, 180, 360)),
    ],
)
def test_a_picture_is_fitted_in_proportion_and_never_enlarged(size: tuple[int, int], place: Rect) -> None:
    assert fit.place(*size, FRAME) == place


@pytest.mark.parametrize("size", [(320, 180), (1280, 360), (360, 720), (640, 360), (2, 2)])
def test_what_is_beside_it_is_black(size: tuple[int, int]) -> None:
    target = np.full((360, 640, 4), 7, dtype=np.uint8)
    where = fit.place(*size, FRAME)
    fit.draw(np.full((size[1], size[0], 4), 200, dtype=np.uint8), target, where)
    inside = np.zeros((360, 640), dtype=bool)
    inside[where.y : where.bottom, where.x : where.right] = True
    assert (target[inside] == 200).all()
    assert (target[~inside] == 0).all()


def test_gaps_are_what_no_monitor_shows() -> None:
    monitors = [Rect(0, 0, 100, 100), Rect(100, 20, 200, 50)]
    box = bounds(monitors)
    assert box == Rect(0, 0, 300, 100)
    assert sorted(gaps(box, monitors), key=lambda gap: gap.y) == [
        Rect(100, 0, 200, 20),
        Rect(100, 70, 200, 30),
    ]
    assert gaps(box, [box]) == []
