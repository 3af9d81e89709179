"""The page of hotkeys: each action, its keys, and what became of them."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from desktop.i18n import tr
from desktop.models.actions import Action
from desktop.models.hotkeys import Hold, Hotkey, title
from desktop.views.settings.chord import ChordEdit


class HotkeysPage(QWidget):
    """Shows rows and passes on what a person presses."""

    chosen = Signal(object, object)  # the Action; its Chord, None for no key
    reset = Signal(object)  # the Action
    listening = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edits: dict[Action, ChordEdit] = {}
        self.words: dict[Action, QLabel] = {}
        self.resets: dict[Action, QPushButton] = {}
        self.trouble = QLabel(wordWrap=True)
        self.trouble.hide()
        self.trouble.setAccessibleName(tr("Why there are no hotkeys"))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.addWidget(self.trouble, 0, 0, 1, 4)
        for row, action in enumerate(Action, start=1):
            self._add(row, action)
        self._grid.setColumnStretch(3, 1)
        self._grid.setRowStretch(len(Action) + 1, 1)

    def show_table(self, rows: tuple[Hotkey, ...], trouble: str = "") -> None:
        """Everything the page says comes from here."""
        self.trouble.setText(trouble and tr("Hotkeys do not work here. {why}", why=trouble))
        self.trouble.setVisible(bool(trouble))
        for row in rows:
            for part in (self.edits, self.resets):
                part[row.action].setEnabled(not trouble)
            self.edits[row.action].show_chord(row.chord)
            self.words[row.action].setText("" if trouble and not row.why else _words(row))

    def _add(self, row: int, action: Action) -> None:
        name, edit, words = QLabel(title(action)), ChordEdit(), QLabel(wordWrap=True)
        reset = QPushButton(tr("Default"))
        name.setBuddy(edit)
        edit.setAccessibleName(tr("Keys: {action}", action=title(action)))
        words.setMinimumWidth(words.fontMetrics().averageCharWidth() * 14)
        words.setAccessibleName(tr("State: {action}", action=title(action)))
        reset.setAccessibleName(tr("Default keys: {action}", action=title(action)))
        edit.chosen.connect(partial(self.chosen.emit, action))
        edit.complained.connect(words.setText)
        edit.listening.connect(self.listening)
        reset.clicked.connect(lambda _checked=False: self.reset.emit(action))
        for column, widget in enumerate((name, edit, reset, words)):
            self._grid.addWidget(widget, row, column)
        self.edits[action], self.words[action], self.resets[action] = edit, words, reset


def _words(row: Hotkey) -> str:
    if row.named and row.chord and row.named != row.chord.shown():
        return tr("On this desktop: {keys}", keys=row.named)
    words = {
        Hold.UNSET: "",
        Hold.HELD: "",
        Hold.WAITING: tr("While recording"),
        Hold.TWICE: row.why,
        Hold.REFUSED: row.why,
    }
    return words[row.hold]
