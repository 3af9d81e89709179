"""The assistant's frame: which step it is, the page of it, and the way on, back and out."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import tr
from desktop.models.firstrun import ORDER, Progress, Step
from desktop.views import theme
from desktop.views.words import heading, muted

_WIDTH, _HEIGHT = 46, 36  # in heights of a line of text, so that large letters have room


class Assistant(QWidget):
    """Shows one page at a time. It decides nothing."""

    back_clicked = Signal()
    next_clicked = Signal()
    later_clicked = Signal()
    closed = Signal()

    def __init__(self, pages: Mapping[Step, QWidget]) -> None:
        super().__init__()
        self.setWindowTitle(tr("Set up Heddle"))
        self.step = muted()
        self.title = heading(scale=1.7)
        self.later = QPushButton(tr("Set up &later"))
        self.back = QPushButton(tr("&Back"))
        self.next = QPushButton(default=True)
        self.next.setAccessibleDescription(tr("Goes on to the next step"))
        self.later.setAccessibleDescription(tr("Closes this; it is found again in the settings"))
        self._step: Step | None = None
        self._settled = False
        self._stack = QStackedWidget()
        self._areas = {step: self._area(page) for step, page in pages.items()}
        self._arrange()
        self.later.clicked.connect(self.later_clicked)
        self.back.clicked.connect(self.back_clicked)
        self.next.clicked.connect(self.next_clicked)

    def show_progress(self, progress: Progress, *, settled: bool) -> None:
        """`settled`: this step has what it asks for; otherwise the way on is called skipping."""
        number = ORDER.index(progress.step) + 1
        self.step.setText(tr("Step {number} of {count}", number=number, count=len(ORDER)))
        self.title.setText(_title(progress.step))
        self._stack.setCurrentWidget(self._areas[progress.step])
        self.back.setEnabled(not progress.first)
        theme.primary(self.next, "primary" if settled or progress.last else "")
        if settled and not self._settled and progress.step is self._step:
            self.next.setFocus()  # what was asked for is there: the way on is an Enter away
        self._step, self._settled = progress.step, settled
        if progress.last:
            self.next.setText(tr("&Finish"))
        else:
            self.next.setText(tr("&Next") if settled else tr("S&kip this step"))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Whoever opened it decides what closing means."""
        event.ignore()
        self.closed.emit()

    def _area(self, page: QWidget) -> QScrollArea:
        """A page that has too little room can be scrolled, in letters of any size."""
        area = QScrollArea(widgetResizable=True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes to what is in it
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(page)
        self._stack.addWidget(area)
        return area

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.later)
        buttons.addStretch()
        buttons.addWidget(self.back)
        buttons.addWidget(self.next)
        layout = QVBoxLayout(self)
        theme.roomy(layout)
        layout.addWidget(self.step)
        layout.addWidget(self.title)
        layout.addWidget(self._stack, 1)
        layout.addSpacing(self.fontMetrics().lineSpacing() // 2)
        layout.addLayout(buttons)
        line = self.fontMetrics().lineSpacing()
        self.resize(_WIDTH * line, _HEIGHT * line)
        self.setMinimumWidth(28 * line)


def _title(step: Step) -> str:
    return {
        Step.PLACE: tr("Where shall your recordings live?"),
        Step.PERMISSIONS: tr("What may Heddle record?"),
        Step.DEVICES: tr("Camera and microphone"),
    }[step]
