"""A problem inside a window: what happened, why, what to do, and the button that does it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.models.session import Problem
from desktop.views import theme


class Banner(QFrame):
    """Hidden until there is a problem; the last one is shown. A window that has one is told its problems
    here instead of in the tray."""

    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.card(self)
        self._act: Callable[[], object] | None = None
        self._mark = QLabel()
        self.title = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        theme.scaled_font(self.title, 1.0, bold=True)
        self.text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton()
        self.close_button = QToolButton(autoRaise=True)
        self.close_button.setIcon(theme.icon("close"))
        self.close_button.setAccessibleName(tr("Dismiss the message"))
        self.close_button.setToolTip(tr("Dismiss the message"))
        self.button.clicked.connect(self._do)
        self.close_button.clicked.connect(self.hide)
        self.close_button.clicked.connect(lambda _checked: self.dismissed.emit())
        layout = QHBoxLayout(self)
        layout.setSpacing(theme.space(self))
        layout.addWidget(self._mark, alignment=Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.addWidget(self.title)
        words.addWidget(self.text)
        words.addStretch(1)
        words.setSpacing(theme.space(self, 0.5))
        layout.addLayout(words, 1)
        layout.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.close_button, alignment=Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_problem(
        self, problem: Problem, words: str = "", act: Callable[[], object] | None = None
    ) -> None:
        """`words` are on the button that does `act`; without them there is none."""
        severe = problem.severity == "error"
        color = theme.live(self.palette()) if severe else theme.accent(self.palette())
        size = theme.space(self, 2.5)
        name = "warning" if severe else "info"
        self._mark.setPixmap(theme.pixmap(name, size, color, self.devicePixelRatioF()))
        self.title.setText(problem.title)
        self.text.setText("\n".join(part for part in (problem.detail, problem.hint) if part))
        self.text.setVisible(bool(self.text.text()))
        self.setAccessibleName(problem.title)
        self.setAccessibleDescription(self.text.text())
        self._act = act
        self.button.setText(words)
        self.button.setVisible(bool(words))
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _do(self) -> None:
        self.hide()
        if self._act:
            self._act()
