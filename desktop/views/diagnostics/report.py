"""The report on a bug, as it will be saved: nothing else is in the file."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.views import theme
from desktop.views.words import paragraph


class ReportWindow(QWidget):
    """Read it, take out what you like, save it."""

    save_clicked = Signal(str)  # the text as it stands

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setWindowTitle(tr("Report a bug"))
        self.text = QPlainTextEdit(text)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(tr("The report"))
        self.text.setTabChangesFocus(True)
        self.save = QPushButton(tr("&Save it as a file …"), default=True)
        theme.primary(self.save)
        self.save.clicked.connect(lambda: self.save_clicked.emit(self.text.toPlainText()))
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.save)
        layout = QVBoxLayout(self)
        theme.roomy(layout)
        layout.addWidget(
            paragraph(
                tr(
                    "This is all that the file will hold, and nothing is sent anywhere. Titles, file names,"
                    " addresses and secrets were taken out; look it through, and change what you like."
                )
            )
        )
        layout.addWidget(self.text, 1)
        layout.addLayout(buttons)
        line = self.fontMetrics().lineSpacing()
        self.resize(52 * line, 36 * line)
