"""One window for what a crash left: each recording, and what may become of it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.models.recovered import Recovered
from desktop.models.words import duration, size
from desktop.views import theme
from desktop.views.banner import Banner


class RecoveredWindow(QWidget):
    """Shows takes and passes on clicks. Whoever closes it keeps everything where it is."""

    send_clicked = Signal(object)  # a Recovered
    trash_clicked = Signal(object)
    play_clicked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(tr("Heddle: recovered recordings"))
        head = QLabel(tr("These recordings were cut short"))
        theme.scaled_font(head, 1.4, bold=True)
        about = QLabel(
            tr(
                "The recorder or the computer stopped while they were made. They are whole up to the last"
                " half second, and they play. Close this window to keep them as they are."
            ),
            wordWrap=True,
        )
        self.banner = Banner()
        self.keep = QPushButton(tr("&Keep all"))
        self.keep.clicked.connect(self.close)
        self.sends: dict[Recovered, QPushButton] = {}
        self.trashes: dict[Recovered, QPushButton] = {}
        self.states: dict[Recovered, QLabel] = {}
        self._grid = QGridLayout()
        self._grid.setColumnStretch(0, 1)
        self._grid.setVerticalSpacing(theme.space(self, 1.5))
        end = QHBoxLayout()
        end.addStretch(1)
        end.addWidget(self.keep)
        layout = QVBoxLayout(self)
        for part in (self.banner, head, about):
            layout.addWidget(part)
        layout.addLayout(self._grid)
        layout.addStretch(1)
        layout.addLayout(end)
        self.setMinimumWidth(theme.em(self, 100))

    def show_takes(self, takes: Sequence[Recovered], *, can_send: bool) -> None:
        """Once, when it is opened."""
        for row, take in enumerate(takes):
            self._add(row, take, can_send=can_send)

    def show_done(self, take: Recovered, words: str) -> None:
        """What became of one."""
        self.states[take].setText(words)
        self.sends[take].setEnabled(False)
        self.trashes[take].setEnabled(False)

    def _add(self, row: int, take: Recovered, *, can_send: bool) -> None:
        words = f"{take.title}\n{duration(take.duration_s)}, {size(take.bytes)}"
        title, state = QLabel(words, wordWrap=True), QLabel()
        play, send, trash = QPushButton(tr("Play")), QPushButton(tr("Send")), QPushButton(tr("Move to trash"))
        play.setIcon(theme.icon("play"))
        send.setIcon(theme.icon("upload"))
        trash.setIcon(theme.icon("trash"))
        state.setAccessibleName(tr("What became of {title}", title=take.title))
        for button, name in (
            (play, tr("Play {title}", title=take.title)),
            (send, tr("Send {title} to the server", title=take.title)),
            (trash, tr("Move {title} to the trash", title=take.title)),
        ):
            button.setAccessibleName(name)
        send.setEnabled(can_send and not take.sending)
        state.setText(tr("It is being sent.") if take.sending else "")
        play.clicked.connect(lambda: self.play_clicked.emit(take))
        send.clicked.connect(lambda: self.send_clicked.emit(take))
        trash.clicked.connect(lambda: self.trash_clicked.emit(take))
        for column, widget in enumerate((title, state, play, send, trash)):
            self._grid.addWidget(widget, row, column)
        self.sends[take], self.trashes[take], self.states[take] = send, trash, state
