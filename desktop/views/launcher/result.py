"""What became of the last recording: its link, and how far its upload is."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QProgressBar, QPushButton, QWidget

from desktop.i18n import tr
from desktop.models.session import Session

_WHOLE = 1000  # per mille: a QProgressBar counts in 32 bits, a recording in more


class ResultRow(QWidget):
    """Hidden until there is a link."""

    copy_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.link = QLineEdit(readOnly=True)
        self.copy = QPushButton(tr("Co&py link"))
        self.upload = QProgressBar()
        self.upload.setRange(0, _WHOLE)
        self.upload.setFormat(tr("Upload: %p %"))
        self.link.setAccessibleName(tr("Share link"))
        self.copy.setAccessibleName(tr("Copy the share link"))
        self.upload.setAccessibleName(tr("Upload progress"))
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.link, 0, 0)
        layout.addWidget(self.copy, 0, 1)
        layout.addWidget(self.upload, 1, 0, 1, 2)
        self.copy.clicked.connect(lambda: self.copy_wanted.emit(self.link.text()))
        self.hide()

    def show_session(self, session: Session) -> None:
        """The link as soon as there is one; that of the recording before stays until then."""
        upload = session.upload
        if upload is None:
            return
        if upload.share_url:
            self.link.setText(upload.share_url)
        self.setVisible(bool(self.link.text()))
        total = upload.size or session.size
        done = upload.state == "done"
        self.upload.setValue(_WHOLE if done else min(_WHOLE, _WHOLE * upload.offset // max(total, 1)))
