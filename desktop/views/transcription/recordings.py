"""The recordings that are written down: which, how far, and their words."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import tr
from desktop.models.transcripts import Job, State, words
from desktop.models.words import problem_text
from desktop.views.languages import name_of
from desktop.views.transcription.text import TranscriptText
from desktop.views.words import muted, paragraph, say
from media.transcript import Transcript

_PATH = Qt.ItemDataRole.UserRole


class RecordingsPage(QWidget):
    """A list and, beside it, the words of the one that is chosen."""

    chosen = Signal(object)  # its path, None for none
    add_clicked = Signal()
    again_clicked = Signal(object)
    remove_clicked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setProperty("kind", "words")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSpacing(self.fontMetrics().lineSpacing() // 3)
        self.list.setAccessibleName(tr("Recordings"))
        self.text = TranscriptText()
        self.language = muted()
        self.message = paragraph()
        self.add = QPushButton(tr("&Add a video …"))
        self.again = QPushButton(tr("&Listen again"))
        self.remove = QPushButton(tr("Remo&ve from the list"))
        self._empty = paragraph(
            tr(
                "Nothing is written down yet. Add a video, or have every recording written down by itself"
                " in the settings."
            )
        )
        self._arrange()
        self.list.currentItemChanged.connect(lambda _now, _before: self._choose())
        self.add.clicked.connect(self.add_clicked)
        self.again.clicked.connect(lambda: self.again_clicked.emit(self.path))
        self.remove.clicked.connect(lambda: self.remove_clicked.emit(self.path))
        self.show_kept(None)
        self.show_jobs((), recording=False)

    @property
    def path(self) -> Path | None:
        """Of the chosen one."""
        item = self.list.currentItem()
        return item.data(_PATH) if item else None

    def choose(self, path: Path) -> None:
        """Makes a recording of the list the one whose words are shown."""
        for row in range(self.list.count()):
            if self.list.item(row).data(_PATH) == path:
                self.list.setCurrentRow(row)

    def show_kept(self, transcript: Transcript | None) -> None:
        """All that is written down of the chosen one; None where nothing is yet."""
        self.text.show_segments(transcript.segments if transcript else (), editable=transcript is not None)
        language = transcript.language if transcript and transcript.segments else "und"
        words = tr("Spoken: {language}", language=name_of(language))
        say(self.language, words if language != "und" else "")

    def show_jobs(self, jobs: Sequence[Job], *, recording: bool) -> None:
        """The list; the choice stays."""
        known = {self.list.item(row).data(_PATH): row for row in range(self.list.count())}
        if list(known) != [job.path for job in jobs]:
            self._fill(jobs)
        for row, job in enumerate(jobs):
            self.list.item(row).setText(f"{job.path.stem}\n{words(job, recording=recording)}")
        self._empty.setVisible(not jobs)
        chosen = next((job for job in jobs if job.path == self.path), None)
        self.again.setEnabled(chosen is not None and chosen.state not in (State.WAITING, State.LISTENING))
        self.remove.setEnabled(chosen is not None)
        say(self.message, problem_text(chosen.problem) if chosen and chosen.problem else "")

    def _fill(self, jobs: Sequence[Job]) -> None:
        before = self.path
        self.list.blockSignals(True)
        self.list.clear()
        for job in jobs:
            item = QListWidgetItem()
            item.setData(_PATH, job.path)
            self.list.addItem(item)
            if job.path == before or (before is None and self.list.count() == 1):
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        if self.path != before:
            self._choose()

    def _choose(self) -> None:
        self.chosen.emit(self.path)

    def _arrange(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._empty)
        column.addWidget(self.list, 1)
        column.addWidget(self.add)
        right = QWidget()
        other = QVBoxLayout(right)
        other.setContentsMargins(0, 0, 0, 0)
        other.addWidget(self.language)
        other.addWidget(self.text, 1)
        other.addWidget(self.message)
        buttons = QHBoxLayout()
        buttons.addWidget(self.again)
        buttons.addWidget(self.remove)
        buttons.addStretch()
        other.addLayout(buttons)
        split = QSplitter()
        split.addWidget(left)
        split.addWidget(right)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setChildrenCollapsible(False)
        QVBoxLayout(self).addWidget(split)
