"""The window of the speaker's notes: text that can move by itself."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QTextEdit, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.models.notes import SPEEDS, Notes
from desktop.views import theme


class NotesWindow(QWidget):
    """Shows notes; tells what is typed and pressed."""

    edited = Signal(str)
    larger_wanted = Signal(int)  # steps; smaller where negative
    speed_chosen = Signal(int)
    running_wanted = Signal(bool)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.Tool | Qt.WindowType.WindowStaysOnTopHint)
        self.setWindowTitle(tr("Heddle: notes"))
        self.text = QTextEdit(acceptRichText=False)
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.text.setPlaceholderText(tr("What you want to say"))
        self.text.setTabChangesFocus(True)
        self.smaller, self.larger = QPushButton(tr("A-")), QPushButton(tr("A+"))
        self.run = QPushButton(tr("&Scroll"))
        self.run.setCheckable(True)
        self.speed = QSlider(Qt.Orientation.Horizontal)
        self.speed.setRange(*SPEEDS)
        self.seen = QLabel(wordWrap=True)
        self.seen.hide()
        self._running = False
        self._name()
        self._arrange()
        self.text.textChanged.connect(lambda: self.edited.emit(self.text.toPlainText()))
        self.smaller.clicked.connect(lambda _checked: self.larger_wanted.emit(-1))
        self.larger.clicked.connect(lambda _checked: self.larger_wanted.emit(1))
        self.run.clicked.connect(self.running_wanted)
        self.speed.valueChanged.connect(self.speed_chosen)

    def show_notes(self, notes: Notes, *, running: bool) -> None:
        """Everything that the window says comes from here; text that is there already stays as it is."""
        if self.text.toPlainText() != notes.text:
            self.text.setPlainText(notes.text)
        font = self.text.font()
        if font.pointSize() != notes.size:
            font.setPointSize(notes.size)
            self.text.setFont(font)
        self.speed.setValue(notes.speed)
        self.run.setChecked(running)
        self.run.setText(tr("&Stop") if running else tr("&Scroll"))

    def show_whether_seen(self, *, seen: bool) -> None:
        """Says it where this window is in recordings."""
        self.seen.setText(
            tr("This system cannot leave this window out: keep it beside what you record.") if seen else ""
        )
        self.seen.setVisible(seen)

    def move_text(self, points: int) -> bool:
        """Moves the text up; False at its end."""
        bar = self.text.verticalScrollBar()
        bar.setValue(bar.value() + points)
        return bar.value() < bar.maximum()

    @property
    def line(self) -> int:
        """Height of a line, in points."""
        return self.text.fontMetrics().lineSpacing()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Whoever opened the window decides what closing means."""
        event.ignore()
        self.closed.emit()

    def _name(self) -> None:
        names = {
            self.text: tr("Notes"),
            self.smaller: tr("Smaller letters"),
            self.larger: tr("Larger letters"),
            self.run: tr("Let the text move by itself"),
            self.speed: tr("Speed"),
            self.seen: tr("Whether recordings show this window"),
        }
        for widget, name in names.items():
            widget.setAccessibleName(name)
            widget.setToolTip(name if widget is not self.text else "")

    def _arrange(self) -> None:
        row = QHBoxLayout()
        for widget in (self.smaller, self.larger, self.run):
            row.addWidget(widget)
        row.addWidget(self.speed, 1)
        layout = QVBoxLayout(self)
        theme.roomy(layout)
        layout.addWidget(self.text, 1)
        layout.addLayout(row)
        layout.addWidget(self.seen)
        theme.size_window(self, theme.em(self, 80), theme.em(self, 60))
