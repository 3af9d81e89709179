"""A bar that shows how loud it is."""

from PySide6.QtWidgets import QProgressBar, QWidget

from desktop.i18n import tr
from desktop.models.session import SILENCE_DB

_QUIET_DB = -60.0  # below is the noise of a quiet room
_STEPS = 60


class LevelMeter(QProgressBar):
    """In dB of full scale, from quiet on the left to as loud as can be recorded on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(0, _STEPS)
        self.setTextVisible(False)
        self.setAccessibleName(tr("Level of the microphone"))
        self.setFixedHeight(self.fontMetrics().height() // 2)
        self.show_level(SILENCE_DB)

    def show_level(self, loudness_db: float) -> None:
        share = (loudness_db - _QUIET_DB) / -_QUIET_DB
        self.setValue(round(_STEPS * min(1.0, max(0.0, share))))
