"""The speech models: which there are, which is here, which listens."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import tr
from desktop.models.session import Problem
from desktop.models.speech_models import Download, Row, download_words
from desktop.models.words import problem_text
from desktop.views.words import paragraph, say

_NAME = Qt.ItemDataRole.UserRole


class ModelsPage(QWidget):
    """A table with what can be done to its chosen row."""

    use_clicked = Signal(str)
    download_clicked = Signal(str)
    stop_clicked = Signal()
    remove_clicked = Signal(str)
    folder_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.table = QTreeWidget()
        self.table.setRootIsDecorated(False)
        self.table.setAllColumnsShowFocus(True)
        self.table.setHeaderLabels([tr("Model"), tr("About it"), tr("State")])
        self.table.setAccessibleName(tr("Speech models"))
        header = self.table.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)  # the state is never out of sight
        header.setStretchLastSection(False)
        self.use = QPushButton(tr("&Use this one"))
        self.download = QPushButton(tr("&Download"))
        self.remove = QPushButton(tr("Remo&ve"))
        self.folder = QPushButton(tr("Use a &folder …"))
        self.bar = QProgressBar()
        self.bar.setAccessibleName(tr("Download of the model"))
        self.stop = QPushButton(tr("&Stop"))
        self.status = paragraph()
        self.message = paragraph()
        self._rows: tuple[Row, ...] = ()
        self._loading = False
        self._arrange()
        self.table.currentItemChanged.connect(lambda _now, _before: self._follow())
        self.use.clicked.connect(lambda: self.use_clicked.emit(self._chosen()))
        self.download.clicked.connect(lambda: self.download_clicked.emit(self._chosen()))
        self.remove.clicked.connect(lambda: self.remove_clicked.emit(self._chosen()))
        self.stop.clicked.connect(self.stop_clicked)
        self.folder.clicked.connect(self.folder_clicked)
        self.show_models(())

    def show_models(
        self, rows: Sequence[Row], download: Download | None = None, problem: Problem | None = None
    ) -> None:
        """Everything the page says comes from here; the chosen row stays."""
        if [row.name for row in rows] != [row.name for row in self._rows]:
            self._fill(rows)
        self._rows, self._loading = tuple(rows), download is not None
        for number, row in enumerate(rows):
            item = self.table.topLevelItem(number)
            if item is not None:
                item.setText(0, f"{'●' if row.chosen else '○'}  {row.name}")
                item.setText(1, row.about)
                item.setToolTip(1, row.about)
                item.setText(2, row.state)
                words = tr("{name}, listens", name=row.name) if row.chosen else row.name
                item.setData(0, Qt.ItemDataRole.AccessibleTextRole, words)
        say(self.status, download_words(download) if download else "")
        say(self.message, problem_text(problem) if problem else "")
        self.bar.setVisible(self._loading)
        self.stop.setVisible(self._loading)
        fraction = download.fraction if download else None
        self.bar.setRange(0, 0 if fraction is None else 1000)
        self.bar.setValue(round(1000 * (fraction or 0)))
        self._follow()

    def _fill(self, rows: Sequence[Row]) -> None:
        before = self._chosen()
        self.table.clear()
        for row in rows:
            item = QTreeWidgetItem()
            item.setData(0, _NAME, row.name)
            self.table.addTopLevelItem(item)
            if row.name == before or (not before and row.chosen):
                self.table.setCurrentItem(item)

    def _chosen(self) -> str:
        item = self.table.currentItem()
        return str(item.data(0, _NAME)) if item else ""

    def _follow(self) -> None:
        """What can be done to the chosen row."""
        row = next((row for row in self._rows if row.name == self._chosen()), None)
        self.use.setEnabled(row is not None and row.here and not row.chosen)
        self.download.setEnabled(row is not None and not row.here and not self._loading)
        self.remove.setEnabled(row is not None and row.removable and not self._loading)

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.use, self.download, self.remove):
            buttons.addWidget(button)
        buttons.addStretch()
        buttons.addWidget(self.folder)
        waiting = QHBoxLayout()
        waiting.addWidget(self.bar, 1)
        waiting.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.addWidget(
            paragraph(
                tr("Larger models hear better and take longer. A download that breaks off goes on later.")
            )
        )
        layout.addWidget(self.table, 1)
        layout.addWidget(self.status)
        layout.addLayout(waiting)
        layout.addWidget(self.message)
        layout.addLayout(buttons)
