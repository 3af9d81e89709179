"""The small window with the tools to draw with; every one has a key, here and while the mouse draws."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor, QIcon, QKeySequence, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from desktop.i18n import tr
from desktop.models.drawing import COLOURS, Drawing, Tool
from desktop.views import theme
from desktop.views.draw import strokes

_KEYS = {
    Tool.PEN: "P", Tool.ARROW: "A", Tool.BOX: "B", Tool.ELLIPSE: "E", Tool.HIGHLIGHTER: "H", Tool.ERASER: "X"
}  # fmt: skip


class DrawTools(QWidget):
    """Shows what is chosen and passes on what is pressed."""

    tool_chosen = Signal(object)
    colour_chosen = Signal(str)
    fading_chosen = Signal(bool)
    undo_wanted = Signal()
    redo_wanted = Signal()
    clear_wanted = Signal()
    done = Signal()

    def __init__(self) -> None:
        super().__init__(
            None,
            Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.Tool
            | Qt.WindowType.BypassWindowManagerHint,
        )
        self.setWindowTitle(tr("Heddle: tools to draw with"))
        theme.floating(self)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(0)
        self._side = round(self.fontMetrics().height() * 1.3)
        self.tools: dict[Tool, QAction] = {}
        self.colours: dict[str, QAction] = {}
        self._add_tools()
        self._add_colours()
        self.fading = self._add(tr("Fade away"), "F", self._fade_icon(), self._tell_fading)
        self.fading.setCheckable(True)
        none = QIcon()
        self.undo = self._add(tr("Undo"), "Ctrl+Z", none, self.undo_wanted.emit)
        self.redo = self._add(tr("Redo"), "Ctrl+Shift+Z", none, self.redo_wanted.emit)
        self.clear = self._add(tr("Clear"), "Del", none, self.clear_wanted.emit)
        self.leave = self._add(tr("Done"), "Esc", none, self.done.emit)

    def show_state(self, drawing: Drawing, tool: Tool, colour: str, *, fading: bool) -> None:
        """Everything that the tools say comes from here."""
        self.tools[tool].setChecked(True)
        self.colours[colour].setChecked(True)
        self.fading.setChecked(fading)
        self.undo.setEnabled(bool(drawing.past))
        self.redo.setEnabled(bool(drawing.future))
        self.clear.setEnabled(bool(drawing.strokes))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        theme.rounded(self)

    def _add_tools(self) -> None:
        group = QActionGroup(self)
        for tool, key in _KEYS.items():
            ink = self.palette().buttonText().color()
            icon = QIcon(strokes.tool_icon(tool, ink, self._side, self.devicePixelRatioF()))
            action = self._add(_title(tool), key, icon, partial(self.tool_chosen.emit, tool))
            action.setCheckable(True)
            group.addAction(action)
            self.tools[tool] = action

    def _add_colours(self) -> None:
        group = QActionGroup(self)
        for number, colour in enumerate(COLOURS, start=1):
            icon = QIcon(self._dot(QColor(colour)))
            title = tr("Colour {number}", number=number)
            action = self._add(title, str(number), icon, partial(self.colour_chosen.emit, colour))
            action.setCheckable(True)
            group.addAction(action)
            self.colours[colour] = action

    def _add(self, title: str, key: str, icon: QIcon, act: Callable[[], object]) -> QAction:
        action = QAction(icon, title, self)
        action.setShortcut(QKeySequence(key))
        words = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{title} ({words})")
        action.triggered.connect(lambda _checked: act())
        self.addAction(action)
        button = QToolButton()
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setIconSize(QSize(self._side, self._side))
        button.setAccessibleName(title)
        if icon.isNull():
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._row.addWidget(button)
        return action

    def _tell_fading(self) -> None:
        self.fading_chosen.emit(self.fading.isChecked())

    def _dot(self, colour: QColor) -> QPixmap:
        pixmap, painter = self._blank()
        painter.setPen(self.palette().mid().color())
        painter.setBrush(colour)
        painter.drawEllipse(2, 2, self._side - 4, self._side - 4)
        painter.end()
        return pixmap

    def _fade_icon(self) -> QIcon:
        """Three dots that go away."""
        pixmap, painter = self._blank()
        painter.setPen(Qt.PenStyle.NoPen)
        ink, dot = self.palette().buttonText().color(), self._side / 5
        for number, alpha in enumerate((1.0, 0.55, 0.2)):
            ink.setAlphaF(alpha)
            painter.setBrush(ink)
            painter.drawEllipse(
                round(dot * (0.5 + 1.5 * number)), round(2 * dot), round(dot * 1.2), round(dot * 1.2)
            )
        painter.end()
        return QIcon(pixmap)

    def _blank(self) -> tuple[QPixmap, QPainter]:
        scale = self.devicePixelRatioF()
        pixmap = QPixmap(round(self._side * scale), round(self._side * scale))
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        return pixmap, painter


def _title(tool: Tool) -> str:
    words = {
        Tool.PEN: tr("Pen"),
        Tool.ARROW: tr("Arrow"),
        Tool.BOX: tr("Box"),
        Tool.ELLIPSE: tr("Ellipse"),
        Tool.HIGHLIGHTER: tr("Highlighter"),
        Tool.ERASER: tr("Eraser"),
    }
    return words[tool]
