"""Beside the player: what was said, and what is known of the recording."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import tr
from desktop.models.library.commands import Command
from desktop.models.library.items import LONGEST_TITLE, Item
from desktop.models.library.playing import segment_at
from desktop.models.library.query import words_of
from desktop.models.library.speech import Offer
from desktop.models.words import duration
from desktop.views import theme
from desktop.views.words import muted, say
from media.transcript import Segment

_START = Qt.ItemDataRole.UserRole


class TranscriptPanel(QWidget):
    """Follows the sound; a line goes to its moment; words can be searched, written down and changed."""

    sought = Signal(float)
    wanted = Signal(object)  # Command.TRANSCRIBE or TRANSCRIPT

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._segments: Sequence[Segment] = ()
        self.search = QLineEdit(placeholderText=tr("Search what was said"), clearButtonEnabled=True)
        self.search.setAccessibleName(tr("Search what was said"))
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setAccessibleName(tr("Transcript"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setProperty("kind", "words")
        self.list.setSpacing(theme.space(self.list, 0.5))
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.empty = QLabel(tr("Nothing has been written down of this recording."), wordWrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.speech = muted()
        self.write, self.change = QPushButton(), QPushButton(tr("Ch&ange the text…"))
        buttons = QHBoxLayout()
        buttons.addWidget(self.write)
        buttons.addWidget(self.change)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.empty, 1)
        layout.addWidget(self.speech)
        layout.addLayout(buttons)
        self.list.itemActivated.connect(self._go)
        self.list.itemClicked.connect(self._go)
        self.search.textChanged.connect(lambda _text: self._filter())
        self.search.returnPressed.connect(self._next)
        self.write.clicked.connect(lambda: self.wanted.emit(Command.TRANSCRIBE))
        self.change.clicked.connect(lambda: self.wanted.emit(Command.TRANSCRIPT))
        self.show_segments(())
        self.show_speech(Offer(""), "", here=False)

    def show_speech(self, offer: Offer, state: str, *, here: bool) -> None:
        """What can be done about the transcript, and how far it is; changed is what is `here`."""
        self.write.setText(offer.words)
        self.write.setVisible(bool(offer.words))
        self.write.setEnabled(Command.TRANSCRIBE in offer.commands)
        self.change.setVisible(here and Command.TRANSCRIPT in offer.commands)
        why = offer.why_not
        say(self.speech, state or why[:1].upper() + why[1:])

    def show_segments(self, segments: Sequence[Segment]) -> None:
        said = [one for one in segments if one.text]
        if said == self._segments and self.list.count():
            return
        self._segments = said
        self.list.clear()
        for one in self._segments:
            entry = QListWidgetItem(f"{duration(one.start)}  {one.text}")
            entry.setData(_START, one.start)
            self.list.addItem(entry)
        self.list.setVisible(bool(self._segments))
        self.search.setVisible(bool(self._segments))
        self.empty.setVisible(not self._segments)
        self._filter()

    def follow(self, at_s: float) -> None:
        """Chooses what is being said; leaves the list alone while somebody searches in it."""
        row = segment_at(self._segments, at_s)
        if row >= 0 and row != self.list.currentRow() and not self.search.text():
            self.list.setCurrentRow(row)
            self.list.scrollToItem(self.list.item(row), QListWidget.ScrollHint.PositionAtCenter)

    def _go(self, entry: QListWidgetItem) -> None:
        self.sought.emit(float(entry.data(_START)))

    def _filter(self) -> None:
        wanted = words_of(self.search.text())
        for row, segment in enumerate(self._segments):
            said = words_of(segment.text)
            fits = all(any(word.startswith(one) for word in said) for one in wanted)
            self.list.item(row).setHidden(not fits)

    def _next(self) -> None:
        rows = [row for row in range(self.list.count()) if not self.list.item(row).isHidden()]
        following = [row for row in rows if row > self.list.currentRow()] or rows
        if following:
            self.list.setCurrentRow(following[0])
            self._go(self.list.item(following[0]))


class _Filled(NamedTuple):
    """What a field was filled with, and what it gave back at once: Qt changes line ends and no-break spaces,
    and only what differs from that was written by the person."""

    value: str
    text: str


class DetailsPanel(QWidget):
    """Title and description, written on the spot; link and state."""

    changed = Signal(dict, dict)  # fields by the API's names; what was in them before
    copy_wanted = Signal(bool)  # the link, at this moment where true
    tags_wanted = Signal()
    share_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item: Item | None = None
        self._filled: dict[str, _Filled] = {}
        self.title = QLineEdit(maxLength=LONGEST_TITLE)
        self.description = QPlainTextEdit(tabChangesFocus=True)
        self.description.installEventFilter(self)
        self.link = QLineEdit(readOnly=True)
        self.state, self.where, self.tags = (
            QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText) for _ in range(3)
        )
        self.where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy, self.copy_here = (
            QPushButton(tr("&Copy link")),
            QPushButton(tr("Copy link at t&his moment")),
        )
        self.edit_tags, self.share = QPushButton(tr("Ta&gs…")), QPushButton(tr("&Sharing…"))
        names = {
            self.title: tr("Title"),
            self.description: tr("Description"),
            self.link: tr("Share link"),
        }
        for widget, name in names.items():
            widget.setAccessibleName(name)
        self._arrange()
        self.title.editingFinished.connect(self._told)
        self.copy.clicked.connect(lambda: self.copy_wanted.emit(False))
        self.copy_here.clicked.connect(lambda: self.copy_wanted.emit(True))
        self.edit_tags.clicked.connect(self.tags_wanted)
        self.share.clicked.connect(self.share_wanted)

    def show_item(self, item: Item, state: str) -> None:
        """A field in which somebody has written stays as it is."""
        if self._item is None or item.key != self._item.key:
            self._filled.clear()
        self._item = item
        self._fill("title", item.title)
        self._fill("description", item.description)
        self.link.setText(item.share_url or "")
        self.link.setCursorPosition(0)
        self.link.setPlaceholderText(tr("There is no link yet"))
        for button in (self.copy, self.copy_here):
            button.setEnabled(bool(item.share_url))
        self.share.setEnabled(item.recording_id is not None)
        self.tags.setText(", ".join(item.tags) or tr("none"))
        self.where.setText(str(item.path) if item.path else tr("On the server only"))
        self.state.setText(state)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if watched is self.description and event.type() is QEvent.Type.FocusOut:
            QTimer.singleShot(0, self, self._told)
        return super().eventFilter(watched, event)

    def flush(self) -> None:
        """What was written and not left yet counts too."""
        self._told()

    def _fill(self, name: str, value: str) -> None:
        known = self._filled.get(name)
        if known and (known.value == value or self._text(name) != known.text):
            return
        if name == "title":
            self.title.setText(value)
            self.title.setCursorPosition(0)
        else:
            self.description.setPlainText(value)
        self._filled[name] = _Filled(value, self._text(name))

    def _text(self, name: str) -> str:
        return self.title.text() if name == "title" else self.description.toPlainText()

    def _told(self) -> None:
        """What was written, and what stood there when it was."""
        changed, before = {}, {}
        for name, filled in list(self._filled.items()):
            text = self._text(name)
            wanted = text.strip() if name == "title" else text
            if text == filled.text:
                continue
            if name == "title" and not wanted:
                self.title.setText(filled.value)
                continue
            changed[name], before[name] = wanted, filled.value
            self._filled[name] = _Filled(wanted, text)
        if changed:
            self.changed.emit(changed, before)

    def _arrange(self) -> None:
        form = QFormLayout(self)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("&Title"), self.title)
        form.addRow(tr("D&escription"), self.description)
        form.addRow(tr("Share &link"), self.link)
        buttons = QHBoxLayout()
        for button in (self.copy, self.copy_here):
            buttons.addWidget(button)
        form.addRow(buttons)
        more = QHBoxLayout()
        for button in (self.edit_tags, self.share):
            more.addWidget(button)
        form.addRow(tr("Tags"), self.tags)
        form.addRow(more)
        form.addRow(tr("State"), self.state)
        form.addRow(tr("File"), self.where)
        for row in range(form.rowCount()):
            place = form.itemAt(row, QFormLayout.ItemRole.LabelRole)
            if place and (label := place.widget()):
                label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.description.setMinimumHeight(theme.space(self, 8))
