"""The window of transcription: recordings and models, and how it is listened."""

from pathlib import Path

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.views import theme
from desktop.views.transcription.listening import Listening
from desktop.views.transcription.models import ModelsPage
from desktop.views.transcription.recordings import RecordingsPage

_WIDTH, _HEIGHT = 56, 42  # in heights of a line of text


class TranscriptionWindow(QWidget):
    """Two pages, and what counts for both below them."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(tr("Transcripts"))
        self.recordings, self.models = RecordingsPage(), ModelsPage()
        self._tabs = QTabWidget()
        self._tabs.addTab(self.recordings, tr("&Recordings"))
        self._tabs.addTab(self.models, tr("Speech &models"))
        self.listening = Listening()
        layout = QVBoxLayout(self)
        theme.roomy(layout)
        layout.addWidget(self._tabs, 1)
        layout.addWidget(self.listening)
        line = self.fontMetrics().lineSpacing()
        self.resize(_WIDTH * line, _HEIGHT * line)

    def show_recording(self, path: Path) -> None:
        """Brings this one and its words to the front."""
        self._tabs.setCurrentWidget(self.recordings)
        self.recordings.choose(path)

    def show_models(self) -> None:
        """Brings the models to the front."""
        self._tabs.setCurrentWidget(self.models)
