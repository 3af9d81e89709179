"""Which file to make of a recording, and how far it is."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import tr
from desktop.models.library.playing import Form, Range
from desktop.models.library.wording import piece_words
from desktop.views import theme

_Buttons = QDialogButtonBox.StandardButton


class ExportDialog(QDialog):
    """`chosen` carries the form and the file to write."""

    chosen = Signal(object, object)

    def __init__(self, name: str, folder: Path, chosen: Range, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Export"))
        self._name, self._folder = name, folder
        self.forms: dict[Form, QRadioButton] = {}
        layout = QVBoxLayout(self)
        theme.roomy(layout)
        for form, (words, more) in _forms().items():
            button = QRadioButton(words)
            button.setToolTip(more)
            button.setAccessibleDescription(more)
            self.forms[form] = button
            layout.addWidget(button)
            note = QLabel(more, wordWrap=True)
            note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            note.setIndent(theme.em(self, 4))
            layout.addWidget(note)
        self.forms[Form.MP4].setChecked(True)
        whole = tr("All of the recording. In the player, In and Out choose a piece of it.")
        layout.addWidget(QLabel(piece_words(chosen) or whole, wordWrap=True))
        buttons = QDialogButtonBox(_Buttons.Save | _Buttons.Cancel)
        buttons.accepted.connect(self._ask)
        theme.primary(buttons.button(_Buttons.Save))
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self.setMinimumWidth(theme.em(self, 60))

    @property
    def form(self) -> Form:
        return next(form for form, button in self.forms.items() if button.isChecked())

    def _ask(self) -> None:
        """Where the name lacks its ending, the file with the ending may be there: then it is asked again."""
        form, ending = self.form, f".{self.form.value}"
        start = self._folder / f"{self._name}{ending}"
        while True:
            name, _ = QFileDialog.getSaveFileName(self, tr("Save as"), str(start), f"*{ending}")
            if not name:
                return
            given = start = Path(name)
            if given.suffix.lower() != ending:
                start = given.with_name(f"{given.name}{ending}")
            if start == given or not start.exists():
                break
        self.chosen.emit(form, start)
        self.accept()


class ProgressDialog(QDialog):
    """Work that goes on while the window stays usable; closing it cancels the work."""

    cancelled = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.bar = QProgressBar(maximum=0)
        self.bar.setAccessibleName(title)
        self.cancel = QPushButton(tr("&Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.rejected.connect(self.cancelled)
        layout = QVBoxLayout(self)
        theme.roomy(layout)
        layout.addWidget(QLabel(title, wordWrap=True, textFormat=Qt.TextFormat.PlainText))
        layout.addWidget(self.bar)
        layout.addWidget(self.cancel, alignment=Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(theme.em(self, 55))

    def show_progress(self, part: float) -> None:
        """0 to 1."""
        self.bar.setMaximum(100)
        self.bar.setValue(round(part * 100))


def _forms() -> dict[Form, tuple[str, str]]:
    return {
        Form.MP4: (tr("&Video (MP4)"), tr("As it was recorded, for every player; nothing is encoded anew.")),
        Form.GIF: (tr("Moving &picture (GIF)"), tr("Without sound, 20 seconds at most.")),
        Form.SOUND: (tr("S&ound (M4A)"), tr("What is heard, by itself.")),
        Form.SRT: (tr("Captions (&SRT)"), tr("For video editors and players.")),
        Form.VTT: (tr("Captions (V&TT)"), tr("For web pages.")),
        Form.TXT: (tr("Te&xt"), tr("What was said, to read.")),
    }
