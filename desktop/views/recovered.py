"""One window for what a crash left: each recording, and what may become of it."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.i18n import tr
from desktop.models.recovered import Recovered, cause_words, state_words
from desktop.models.words import duration, size
from desktop.views import theme
from desktop.views.banner import Banner
from desktop.views.words import heading

_FILM = 4  # its place in the window, below the recordings


class RecoveredWindow(QWidget):
    """Shows takes and passes on clicks. Whoever closes it keeps everything where it is."""

    send_clicked = Signal(object)  # a Recovered
    trash_clicked = Signal(object)
    play_clicked = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(tr("Heddle: recovered recordings"))
        head = heading(tr("These recordings were recovered"))
        about = QLabel(
            tr(
                "Something stopped while they were made or sent. They play, and are in your library."
                " Close this window to keep them as they are."
            ),
            wordWrap=True,
        )
        self.banner = Banner()
        self.keep = QPushButton(tr("&Keep all"))
        theme.primary(self.keep)
        self.keep.clicked.connect(self.close)
        self.sends: dict[Recovered, QPushButton] = {}
        self.trashes: dict[Recovered, QPushButton] = {}
        self.states: dict[Recovered, QLabel] = {}
        self._film: QWidget | None = None
        self._grid = QGridLayout()
        self._grid.setColumnStretch(0, 1)
        self._grid.setVerticalSpacing(theme.space(self, 1.5))
        end = QHBoxLayout()
        end.addStretch(1)
        end.addWidget(self.keep)
        self._layout = layout = QVBoxLayout(self)
        theme.roomy(layout)
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

    def put_film(self, film: QWidget | None) -> None:
        """Where one of them is played, until there is none any more."""
        if self._film is not None:
            self._layout.removeWidget(self._film)
            self._film.hide()
            self._film.deleteLater()
        self._film = film
        if film is not None:
            self._layout.insertWidget(_FILM, film, 9)  # the space below keeps little
            film.show()  # now: only what is seen counts in the size that follows
            self._stay_on_screen()

    def _stay_on_screen(self) -> None:
        """It has grown, maybe over the lower edge."""
        self._layout.activate()
        room = self.screen().availableGeometry()
        wanted = self._layout.totalHeightForWidth(self.width()) + room.height() // 5
        self.resize(self.width(), max(self.height(), wanted))
        frame = self.frameGeometry()
        over = QPoint(max(0, frame.right() - room.right()), max(0, frame.bottom() - room.bottom()))
        self.move(self.pos() - over)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """However it was closed."""
        self.closed.emit()
        super().closeEvent(event)

    def _add(self, row: int, take: Recovered, *, can_send: bool) -> None:
        facts = f"{duration(take.duration_s)}, {size(take.bytes)}"
        words = "\n".join((take.title, facts, cause_words(take)))
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
        by_itself = bool(state_words(take))
        send.setEnabled(can_send and not by_itself)
        trash.setEnabled(not by_itself)  # the server has it too: deleting both is the library's
        state.setText(state_words(take))
        play.clicked.connect(lambda: self.play_clicked.emit(take))
        send.clicked.connect(lambda: self.send_clicked.emit(take))
        trash.clicked.connect(lambda: self.trash_clicked.emit(take))
        for column, widget in enumerate((title, state, play, send, trash)):
            self._grid.addWidget(widget, row, column)
        self.sends[take], self.trashes[take], self.states[take] = send, trash, state
