"""Strokes that fade: after as long as the settings say."""

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import QPointF

from desktop.context import Context
from desktop.controllers.draw import DrawController


@pytest.fixture
def draw(context: Context) -> Iterator[DrawController]:
    made = DrawController(context)
    yield made
    made.close()
    made.deleteLater()


def stroke(draw: DrawController) -> None:
    draw._press(QPointF(10, 10))
    draw._move(QPointF(60, 40), False)
    draw._release()


def test_strokes_stay_for_as_long_as_is_set(draw: DrawController, context: Context) -> None:
    context.settings.change(draw_fade=60)
    draw.toggle()
    stroke(draw)
    assert not draw._fading.isActive()  # they stay, until somebody wants them to fade
    draw._choose_fading(True)
    assert 10_000 < draw._fading.remainingTime() < 70_000  # a timer of Qt is as exact as a twentieth
    context.settings.change(draw_fade=120)  # also for what is drawn already
    assert 70_000 < draw._fading.remainingTime() < 130_000
    draw._choose_fading(False)
    assert not draw._fading.isActive()


def test_a_stroke_whose_time_is_over_is_gone(draw: DrawController, context: Context, qtbot: Any) -> None:
    context.settings.change(draw_fade=1)
    draw.toggle()
    draw._choose_fading(True)
    stroke(draw)
    [sheet] = draw._sheets.values()
    assert sheet.drawing.strokes
    qtbot.waitUntil(lambda: not sheet.drawing.strokes, timeout=30_000)


def test_a_stroke_that_is_left_in_the_middle_fades_too(
    draw: DrawController, context: Context, qtbot: Any
) -> None:
    context.settings.change(draw_fade=1)
    draw.toggle()
    draw._choose_fading(True)
    draw._press(QPointF(10, 10))
    draw._move(QPointF(60, 40), False)
    draw.leave()
    [sheet] = draw._sheets.values()
    assert sheet.drawing.strokes
    qtbot.waitUntil(lambda: not sheet.drawing.strokes, timeout=30_000)
