"""A line around the part of a screen that is recorded: outside of it, so that it is not in the picture."""

from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QWidget

from desktop.i18n import tr
from desktop.models.region import Box
from desktop.views import screens
from desktop.views.tokens import FLOATING

# Without the window manager, which would move a side that lies at the edge of the screen into the picture.
_FLAGS = (
    Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.Tool
    | Qt.WindowType.BypassWindowManagerHint
    | Qt.WindowType.WindowTransparentForInput
    | Qt.WindowType.WindowDoesNotAcceptFocus
)


class RegionFrame(QObject):
    """Four windows, one for each side: a ring of one window would cover the picture where a system does not
    cut windows to a shape. Clicks go to what is below. `close` gives them back."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.sides = [_side() for _ in range(4)]

    def show_around(self, box: Box) -> None:
        """Nothing where several screens show the box: their points may be of different sizes. What of a side
        lies outside of the screen is not there."""
        screen = screens.showing(box)
        if not screens.screen_of(screen).box.holds(box):
            self.hide()
            return
        inner, screen_place = screens.around(box), screen.geometry()
        for side, place in zip(self.sides, _places(inner, self._thickness()), strict=True):
            shown = place & screen_place
            side.setVisible(False)
            if not shown.isEmpty():
                side.setScreen(screen)
                side.setGeometry(shown)
                side.show()

    def show_live(self, *, on: bool) -> None:
        """Whether it is recorded at the moment, by its colour."""
        colour = QColor(FLOATING.live if on else FLOATING.muted)
        for side in self.sides:
            if side.palette().window().color() != colour:
                side.setPalette(QPalette(colour))

    def hide(self) -> None:
        for side in self.sides:
            side.hide()

    def close(self) -> None:
        """At the end of the app."""
        for side in self.sides:
            side.hide()
            side.deleteLater()

    def _thickness(self) -> int:
        """In points."""
        return max(3, self.sides[0].fontMetrics().height() // 5)


def can_be_framed() -> bool:
    """Wayland lets no program say where its windows lie."""
    return not QGuiApplication.platformName().startswith("wayland")


def _side() -> QWidget:
    side = QWidget(None, _FLAGS)
    side.setWindowTitle(tr("Heddle: what is recorded"))
    side.setAccessibleName(tr("A line around what is recorded"))
    side.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=False)
    side.setAutoFillBackground(True)
    return side


def _places(inner: QRect, thick: int) -> list[QRect]:
    """Above, below, left and right of it."""
    outer = inner.adjusted(-thick, -thick, thick, thick)
    return [
        QRect(outer.left(), outer.top(), outer.width(), thick),
        QRect(outer.left(), inner.bottom() + 1, outer.width(), thick),
        QRect(outer.left(), inner.top(), thick, inner.height()),
        QRect(inner.right() + 1, inner.top(), thick, inner.height()),
    ]
