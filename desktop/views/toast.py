"""A message in the corner of the screen, where there is no tray whose system would show one."""

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QCloseEvent,
    QGuiApplication,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout

from desktop.i18n import tr
from desktop.views import theme

SHOWN_MS = 8_000


class Toast(QFrame):
    """Takes no keyboard from the window that has it; goes by itself, or by a click."""

    clicked = Signal()
    closed = Signal()

    def __init__(self, title: str, text: str, shown_ms: int = SHOWN_MS) -> None:
        kind = Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(None, kind | Qt.WindowType.WindowDoesNotAcceptFocus)
        theme.floating(self)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Heddle: message"))
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        plain = Qt.TextFormat.PlainText  # a text may be a link that any web page wrote
        head, body = QLabel(title, textFormat=plain), QLabel(text, wordWrap=True, textFormat=plain)
        theme.scaled_font(head, 1.0, bold=True)
        body.setVisible(bool(text))
        close = QToolButton(autoRaise=True)
        close.setIcon(theme.icon("close", floating=True))
        close.setAccessibleName(tr("Dismiss the message"))
        close.clicked.connect(self.close)
        words = QVBoxLayout()
        words.addWidget(head)
        words.addWidget(body)
        layout = QHBoxLayout(self)
        theme.roomy(layout)
        layout.addLayout(words, 1)
        layout.addWidget(close, alignment=Qt.AlignmentFlag.AlignTop)
        self.setFixedWidth(theme.em(self, 52))
        QTimer.singleShot(shown_ms, self, self.close)

    def open(self) -> None:
        """In the lower right corner of the first screen."""
        self.adjustSize()
        corner = QGuiApplication.primaryScreen().availableGeometry().bottomRight()
        margin = theme.space(self, 2)
        self.move(corner - QPoint(self.width() + margin, self.height() + margin))
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        theme.rounded(self)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Anywhere but on the button."""
        self.clicked.emit()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """However it was closed."""
        self.closed.emit()
        super().closeEvent(event)
