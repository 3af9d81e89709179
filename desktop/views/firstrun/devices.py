"""Camera and microphone: seen, heard, and tried for two seconds."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import tr
from desktop.models.devices import Choice, Devices, Judged, level_words, meter
from desktop.views.picture import Picture
from desktop.views.words import paragraph, say

_PICTURE = (2, 0, 1, 3)  # row, column, rows, columns


class DevicesPage(QWidget):
    """Shows what the devices give; whoever made it opens them."""

    camera_chosen = Signal(str)  # the value of the choice
    microphone_chosen = Signal(str)
    test_clicked = Signal()
    play_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.cameras = QComboBox()
        self.microphones = QComboBox()
        self.picture = Picture(tr("No camera is filmed."))
        self.picture.setAccessibleName(tr("The camera's picture"))
        self.level = QProgressBar(textVisible=False, minimum=0, maximum=100)
        self.loudness = QLabel(level_words(None))
        self.test = QPushButton(tr("Record &two seconds"))
        self.play = QPushButton(tr("&Play it"))
        self.verdict = paragraph()
        self._film: QWidget | None = None
        self._name()
        self._arrange()
        self.cameras.activated.connect(lambda: self.camera_chosen.emit(self.cameras.currentData()))
        self.microphones.activated.connect(
            lambda: self.microphone_chosen.emit(self.microphones.currentData())
        )
        self.test.clicked.connect(self.test_clicked)
        self.play.clicked.connect(self.play_clicked)
        self.show_verdict(())
        self.play.hide()

    def show_devices(self, devices: Devices, camera: int, microphone: int) -> None:
        """What there is to choose, and which entries are chosen."""
        for box, choices, chosen in (
            (self.cameras, devices.cameras, camera),
            (self.microphones, devices.microphones, microphone),
        ):
            box.clear()
            _fill(box, choices)
            box.setCurrentIndex(chosen)
        say(self._camera_reason, devices.camera_reason)
        say(self._microphone_reason, devices.microphone_reason)

    def show_level(self, level_db: float | None) -> None:
        """How loud it is now, in dB of full scale."""
        self.level.setValue(round(100 * meter(level_db)))
        self.loudness.setText(level_words(level_db))

    def show_testing(self, *, testing: bool) -> None:
        """While two seconds are recorded."""
        self.test.setEnabled(not testing)
        self.test.setText(tr("Recording …") if testing else tr("Record &two seconds"))

    def show_verdict(self, found: Sequence[Judged], *, film: bool = False) -> None:
        """What they came to; `film`: they can be played."""
        say(self.verdict, "\n".join(f"{one.mark}  {one.words}" for one in found))
        self.play.setVisible(film)

    def put_film(self, film: QWidget | None) -> None:
        """In the place of the camera's picture, where everybody sees it, until there is none any more."""
        if self._film is not None:
            self._grid.removeWidget(self._film)
            self._film.hide()
            self._film.deleteLater()
        self._film = film
        self.picture.setVisible(film is None)
        if film is not None:
            self._grid.addWidget(film, *_PICTURE)

    def _name(self) -> None:
        self._camera_label, self._microphone_label = QLabel(tr("&Camera")), QLabel(tr("&Microphone"))
        self._camera_label.setBuddy(self.cameras)
        self._microphone_label.setBuddy(self.microphones)
        self.cameras.setAccessibleName(tr("Camera"))
        self.microphones.setAccessibleName(tr("Microphone"))
        self.level.setAccessibleName(tr("Level of the microphone"))
        self.verdict.setAccessibleName(tr("What the test recording shows"))
        self._camera_reason, self._microphone_reason = paragraph(), paragraph()

    def _arrange(self) -> None:
        self._grid = grid = QGridLayout()
        grid.addWidget(self._camera_label, 0, 0)
        grid.addWidget(self.cameras, 0, 1, 1, 2)
        grid.addWidget(self._camera_reason, 1, 1, 1, 2)
        grid.addWidget(self.picture, *_PICTURE)
        grid.addWidget(self._microphone_label, 3, 0)
        grid.addWidget(self.microphones, 3, 1, 1, 2)
        grid.addWidget(self._microphone_reason, 4, 1, 1, 2)
        grid.addWidget(self.level, 5, 1)
        grid.addWidget(self.loudness, 5, 2, Qt.AlignmentFlag.AlignRight)
        self.loudness.setMinimumWidth(self.fontMetrics().horizontalAdvance(level_words(None)))
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(2, 1)
        tests = QHBoxLayout()
        tests.addWidget(self.test)
        tests.addWidget(self.play)
        tests.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(grid, 1)
        layout.addLayout(tests)
        layout.addWidget(self.verdict)


def _fill(box: QComboBox, choices: Sequence[Choice]) -> None:
    for one in choices:
        box.addItem(one.words, one.value)
