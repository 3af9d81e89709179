"""The small bar that floats while something is recorded: how long, how loud, and what can be done."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton

from desktop.i18n import tr
from desktop.models.actions import Action
from desktop.models.session import Phase, Session
from desktop.models.words import duration
from desktop.views import theme
from desktop.views.level import LevelMeter

_FLAGS = (
    Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.Tool
    # Whoever mutes with the mouse goes on typing where they typed.
    | Qt.WindowType.WindowDoesNotAcceptFocus
)


class ControlBar(QFrame):
    """Always on top; dragged by its empty places. It never takes the keyboard: all it does has hotkeys, which
    its tips name."""

    wanted = Signal(object)  # an Action
    stop_wanted = Signal()
    moved_by_hand = Signal()

    def __init__(self) -> None:
        super().__init__(None, _FLAGS)
        self.setWindowTitle(tr("Heddle is recording"))
        self.setAccessibleName(tr("Recording controls"))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_AlwaysShowToolTips)  # else those of the active window alone
        theme.floating(self)
        self._grip: QPoint | None = None
        self._keys: Mapping[QToolButton, str] = {}
        self.light = QLabel()
        self.time = QLabel(duration(0))
        self.level = LevelMeter()
        self.pause = self._button("pause", tr("Pause"), Action.PAUSE)
        self.restart = self._button("restart", tr("Begin again"), Action.RESTART)
        self.draw = self._button("draw", tr("Draw on the screen"), Action.DRAW)
        self.mute = self._button("microphone", tr("Mute the microphone"), Action.MUTE)
        self.marker = self._button("marker", tr("Set a marker"), Action.MARKER)
        self.stop = self._button("stop", tr("Stop recording"), None)
        self.cancel = self._button("trash", tr("Throw this take away"), Action.CANCEL)
        self.fold = self._button("collapse", tr("Smaller"), None)
        self.stop.clicked.connect(self.stop_wanted)
        self.fold.clicked.connect(self._fold)
        self._arrange()
        self.show_session(Session())

    def show_session(self, session: Session) -> None:
        """Everything the bar says comes from here."""
        paused = session.phase is Phase.PAUSED
        running = session.phase is Phase.RECORDING
        self.time.setText(duration(session.time_s))
        self._light("pause" if paused else "record")
        self._turn(self.pause, "play" if paused else "pause", tr("Resume") if paused else tr("Pause"))
        muted = session.muted
        self._turn(
            self.mute,
            "microphone_off" if muted else "microphone",
            tr("Unmute the microphone") if muted else tr("Mute the microphone"),
        )
        self.level.show_level(session.levels.loudest)
        for button in (self.pause, self.restart, self.mute, self.marker, self.draw):
            button.setEnabled(running or paused)
        self.stop.setEnabled(session.can_stop)
        self.cancel.setEnabled(session.can_stop)

    def show_keys(self, keys: Mapping[Action, str]) -> None:
        """The hotkeys there are."""
        buttons = {
            Action.PAUSE: self.pause, Action.RESTART: self.restart, Action.DRAW: self.draw,
            Action.MUTE: self.mute, Action.MARKER: self.marker, Action.RECORD: self.stop,
            Action.CANCEL: self.cancel,
        }  # fmt: skip
        self._keys = {button: keys[action] for action, button in buttons.items() if action in keys}
        for button in buttons.values():
            self._tip(button)

    @property
    def folded(self) -> bool:
        """Whether only time and stop are shown."""
        return not self.pause.isVisibleTo(self)

    def set_folded(self, *, folded: bool) -> None:
        """Small, so that it hides less of what is recorded."""
        for widget in (self.pause, self.restart, self.draw, self.mute, self.marker, self.cancel, self.level):
            widget.setVisible(not folded)
        words = tr("Larger") if folded else tr("Smaller")
        self._turn(self.fold, "expand" if folded else "collapse", words)
        self.adjustSize()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        theme.rounded(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Wayland moves a window only by itself, so everybody is asked to."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.moved_by_hand.emit()
            handle = self.windowHandle()
            if handle is None or not handle.startSystemMove():
                self._grip = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if self._grip is not None:
            self.move(event.globalPosition().toPoint() - self._grip)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self._grip = None

    def _fold(self) -> None:
        self.set_folded(folded=not self.folded)

    def _button(self, symbol: str, words: str, action: Action | None) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        side = round(self.fontMetrics().height() * 1.4)
        button.setIconSize(QSize(side, side))
        self._turn(button, symbol, words)
        if action is not None:
            button.clicked.connect(lambda: self.wanted.emit(action))
        return button

    def _light(self, symbol: str) -> None:
        if self.light.property("symbol") != symbol:
            side = self.fontMetrics().height()
            picture = theme.pixmap(symbol, side, theme.live(self.palette()), self.devicePixelRatioF())
            self.light.setPixmap(picture)
            self.light.setProperty("symbol", symbol)

    def _turn(self, button: QToolButton, symbol: str, words: str) -> None:
        """Another picture and other words; drawn anew only where they are others."""
        if button.accessibleName() != words:
            button.setIcon(theme.icon(symbol, floating=True))
            button.setAccessibleName(words)
            self._tip(button)

    def _tip(self, button: QToolButton) -> None:
        words, keys = button.accessibleName(), self._keys.get(button)
        button.setToolTip(f"{words} ({keys})" if keys else words)

    def _arrange(self) -> None:
        figures = QFont(self.time.font())
        figures.setBold(True)
        self.time.setFont(figures)
        self.time.setMinimumWidth(self.time.fontMetrics().horizontalAdvance("0:00:00"))
        self.time.setAccessibleName(tr("Elapsed time"))
        self.level.setFixedWidth(self.time.minimumWidth())
        self.light.setAccessibleName(tr("State of the recording"))
        layout = QHBoxLayout(self)
        space = self.fontMetrics().height() // 3
        layout.setContentsMargins(space * 2, space, space, space)
        layout.setSpacing(space // 2)
        for widget in (
            self.light, self.time, self.level, self.stop, self.pause, self.mute, self.marker, self.draw,
            self.restart, self.cancel, self.fold,
        ):  # fmt: skip
            layout.addWidget(widget)
        layout.setSizeConstraint(QHBoxLayout.SizeConstraint.SetFixedSize)
