"""A short film that is played where it was made. Loads Qt's multimedia, so import it when it is wanted."""

from pathlib import Path

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtMultimedia import QMediaPlayer
from PySide6.QtMultimediaWidgets import QVideoWidget
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.views.sound import sound_output


class Film(QWidget):
    """Plays one file with its sound."""

    ended = Signal()
    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QVideoWidget(self)
        self._sound = sound_output(self)
        self._player = QMediaPlayer(self)
        self._player.setVideoOutput(self._picture)
        self._player.setAudioOutput(self._sound)
        self._player.mediaStatusChanged.connect(self._status)
        self._player.errorOccurred.connect(lambda _error, words: self.failed.emit(words))
        self.setAccessibleName(tr("Test recording"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._picture)
        self.setMinimumHeight(8 * self.fontMetrics().lineSpacing())

    def play(self, path: Path) -> None:
        """From its beginning."""
        self._player.setSource(QUrl.fromLocalFile(str(path)))
        self._player.play()

    def close_file(self) -> None:
        """Stops, and lets go of the file."""
        self._player.stop()
        self._player.setSource(QUrl())

    def _status(self, status: QMediaPlayer.MediaStatus) -> None:
        if status is QMediaPlayer.MediaStatus.EndOfMedia:
            # Later: whoever hears it may close the file, which the player does not bear while it tells.
            QTimer.singleShot(0, self, self.ended.emit)
