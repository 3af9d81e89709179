"""Qt's screens and windows in pixels of the desktop, and the way back.

Qt counts each screen in points of its own scale from a corner in pixels, so places beside it may mean two
screens, or none: a window's own screen says how its place is to be read, and is set before it is moved.
"""

import math
from collections.abc import Callable

from PySide6.QtCore import QObject, QRect, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from desktop.models.region import Box, Screen

_SETTLED_MS = 300  # a dock that is unplugged is told of in several pieces


class Changes(QObject):
    """Says it once when screens came, went, or changed their size or place."""

    told = Signal()

    def __init__(self, application: QGuiApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._settled = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settled.timeout.connect(self.told)
        for screen in QGuiApplication.screens():
            screen.geometryChanged.connect(self._wait)
        application.screenAdded.connect(self._add)
        application.screenRemoved.connect(self._wait)

    def _add(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._wait)
        self._wait()

    def _wait(self) -> None:
        self._settled.start()


def screen_of(screen: QScreen) -> Screen:
    """What the model knows of a screen of Qt's: its corner is in pixels, whatever its scale."""
    place = screen.geometry()
    return Screen(place.x(), place.y(), place.width(), place.height(), screen.devicePixelRatio())


def ordered() -> list[QScreen]:
    """All of them, the first one first."""
    primary = QGuiApplication.primaryScreen()
    return sorted(QGuiApplication.screens(), key=lambda one: one is not primary)


def showing(box: Box) -> QScreen:
    """The screen that shows most of it."""
    return max(ordered(), key=lambda one: screen_of(one).box.overlap(box))


def points(box: Box) -> QRect:
    """Whole points of that screen, none of them outside of the rectangle."""
    return _points(box, math.ceil, math.floor)


def around(box: Box) -> QRect:
    """Whole points of that screen, all that the rectangle touches."""
    return _points(box, math.floor, math.ceil)


def is_shown(window: QWidget) -> bool:
    """Whether all of it lies on one screen."""
    place = pixels(window)
    return any(screen_of(one).box.holds(place) for one in QGuiApplication.screens())


def go(window: QWidget, box: Box) -> QRect:
    """Has the window be placed on the screen that shows most of `box`; where that lies, in its points."""
    screen = showing(box)
    if window.screen() is not screen:
        window.setScreen(screen)
    return points(box)


def pixels(window: QWidget) -> Box:
    """Where a window lies, read by the screen that it is on."""
    screen = screen_of(window.screen())
    place = window.geometry()
    x, y = screen.to_pixels(place.x(), place.y())
    right, bottom = screen.to_pixels(place.x() + place.width(), place.y() + place.height())
    return Box(x, y, right - x, bottom - y)


def _points(box: Box, begin: Callable[[float], int], end: Callable[[float], int]) -> QRect:
    screen = screen_of(showing(box))
    left, top = screen.to_points(box.x, box.y)
    right, bottom = screen.to_points(box.right, box.bottom)
    x, y = begin(left), begin(top)
    return QRect(screen.x + x, screen.y + y, end(right) - x, end(bottom) - y)
