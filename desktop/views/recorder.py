"""The recorder's window: shows a Session and passes on clicks. It decides nothing."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QFont, QGuiApplication
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import tr
from desktop.models.session import ACTIVE, Phase, Session
from desktop.models.words import duration, problem_text, progress_line


class RecorderWindow(QWidget):
    """Record, pause, stop; time, upload and link."""

    record_clicked = Signal(str)  # the title
    pause_clicked = Signal()
    stop_clicked = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Heddle")
        self.title = QLineEdit(placeholderText=tr("Title (what viewers see)"))
        self.elapsed = QLabel(duration(0))
        self.status = QLabel()
        self.record = QPushButton(tr("&Record"))
        self.pause = QPushButton(tr("&Pause"))
        self.stop = QPushButton(tr("&Stop"))
        self.upload = QProgressBar(textVisible=True)
        self.link = QLineEdit(readOnly=True, placeholderText=tr("The link appears as soon as you record"))
        self.copy = QPushButton(tr("&Copy link"))
        self.message = QLabel(wordWrap=True)
        self._name_for_screen_readers()
        self._arrange()
        self.record.clicked.connect(lambda: self.record_clicked.emit(self.title.text().strip()))
        self.pause.clicked.connect(self.pause_clicked)
        self.stop.clicked.connect(self.stop_clicked)
        self.copy.clicked.connect(self._copy)
        self.show_session(Session())

    def show_session(self, session: Session) -> None:
        """Everything the window says comes from here."""
        active = session.phase in ACTIVE
        self.elapsed.setText(duration(session.time_s))
        self.status.setText(progress_line(session) if session.path or active else _idle_words(session))
        self.title.setEnabled(not active)
        self.record.setEnabled(not active)
        self.pause.setEnabled(session.can_pause or session.phase is Phase.PAUSED)
        self.pause.setText(tr("&Resume") if session.phase is Phase.PAUSED else tr("&Pause"))
        self.stop.setEnabled(session.can_stop)
        self._show_upload(session)
        if session.share_url or session.phase in ACTIVE:
            self.link.setText(session.share_url or "")
        self.copy.setEnabled(bool(self.link.text()))
        problem = session.error or (session.notices[-1] if session.notices else None)
        self.message.setText(problem_text(problem) if problem else "")

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Whoever opened the window decides what closing means."""
        event.ignore()
        self.closed.emit()

    def _show_upload(self, session: Session) -> None:
        upload = session.upload
        self.upload.setVisible(upload is not None)
        if upload is None:
            return
        total = upload.size or session.size
        # Per mille: a QProgressBar counts in 32 bits, a recording in more.
        self.upload.setRange(0, 1000)
        self.upload.setValue(
            1000 if upload.state == "done" else min(1000, 1000 * upload.offset // max(total, 1))
        )
        self.upload.setFormat(tr("Upload: %p %"))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.link.text())

    def _name_for_screen_readers(self) -> None:
        names = {
            self.title: tr("Title of the recording"),
            self.elapsed: tr("Elapsed time"),
            self.status: tr("State of the recording"),
            self.record: tr("Start recording"),
            self.pause: tr("Pause or resume"),
            self.stop: tr("Stop recording"),
            self.upload: tr("Upload progress"),
            self.link: tr("Share link"),
            self.copy: tr("Copy the share link"),
            self.message: tr("Message"),
        }
        for widget, name in names.items():
            widget.setAccessibleName(name)

    def _arrange(self) -> None:
        large = QFont(self.elapsed.font())
        large.setPointSizeF(large.pointSizeF() * 3)
        self.elapsed.setFont(large)
        self.elapsed.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.status.setAlignment(Qt.AlignmentFlag.AlignCenter)
        buttons = QHBoxLayout()
        for button in (self.record, self.pause, self.stop):
            buttons.addWidget(button)
        link = QGridLayout()
        link.addWidget(self.link, 0, 0)
        link.addWidget(self.copy, 0, 1)
        layout = QVBoxLayout(self)
        for widget in (self.title, self.elapsed, self.status):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        layout.addWidget(self.upload)
        layout.addLayout(link)
        layout.addWidget(self.message)
        self.setMinimumWidth(420)


def _idle_words(session: Session) -> str:
    return tr("Starting") if session.phase is Phase.STARTING else tr("Ready")
