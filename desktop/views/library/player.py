"""The player's window: video, what is said and known beside it, and everything by keyboard."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSlider,
    QSplitter,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import tr
from desktop.models.library.items import Item
from desktop.models.library.playing import (
    LEAP_S,
    SPEEDS,
    STEP_S,
    Chapter,
    Range,
    chapter_at,
    cue_at,
    faster,
    slower,
)
from desktop.models.words import duration
from desktop.views import theme
from desktop.views.banner import Banner
from desktop.views.library.details import DetailsPanel, TranscriptPanel
from desktop.views.library.piece import PieceBar
from desktop.views.library.screen import Screen
from desktop.views.library.timeline import Timeline
from media.cues import Cue, cues_of
from media.transcript import Segment


class PlayerWindow(QWidget):
    """Shows one recording at a time."""

    trim_wanted = Signal(object)  # a Range
    export_wanted = Signal(object)  # a Range
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.banner = Banner(self)
        self.screen_ = Screen()
        self.timeline, self.time = Timeline(), QLabel()
        self.piece = PieceBar(self.timeline)
        self.chapter = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.play = _button("play", tr("Play or pause (Space)"))
        self.mute = _button("sound", tr("Mute (M)"), checkable=True)
        self.captions = _button("transcription", tr("Captions (C)"), checkable=True)
        self.captions.setChecked(True)
        self.volume = QSlider(Qt.Orientation.Horizontal)
        self.volume.setRange(0, 100)
        self.volume.setValue(100)
        self.volume.setAccessibleName(tr("Volume"))
        self.speed = QComboBox()
        self.speed.setAccessibleName(tr("Speed"))
        for one in SPEEDS:
            self.speed.addItem(f"{one:g} x", one)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        self.begin = _button(
            "", tr("The piece begins with this picture (I); comma and full stop step to others"), tr("&In")
        )
        self.end = _button(
            "", tr("The piece ends here (O); comma and full stop step from picture to picture"), tr("&Out")
        )
        self.trim = _button(
            "", tr("Keep the piece between In and Out as a recording of its own"), tr("Tri&m…")
        )
        self.export = _button("download", tr("Save as a file"), tr("E&xport…"))
        self.transcript, self.details = TranscriptPanel(), DetailsPanel()
        self._cues: Sequence[Cue] = ()
        self._segments: Sequence[Segment] = ()
        self._chapters: Sequence[Chapter] = ()
        self.range = Range()
        self._arrange()
        self._connect()
        self._set_range(Range())

    def show_item(self, item: Item, state: str) -> None:
        self.setWindowTitle(item.title)
        self.details.show_item(item, state)

    def load(self, source: QUrl, at_s: float) -> None:
        """Another recording."""
        self._set_range(Range())
        self.screen_.load(source, at_s)

    def show_text(self, segments: Sequence[Segment], chapters: Sequence[Chapter]) -> None:
        self._segments, self._chapters = segments, chapters
        self._cues = cues_of(segments)
        self.transcript.show_segments(segments)
        self.captions.setEnabled(bool(segments))
        self.timeline.show_chapters(chapters)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        self.details.flush()
        self.screen_.close_media()
        super().closeEvent(event)
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """The full screen is the picture's."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.WindowStateChange:
            self.side.setVisible(not self.isFullScreen())

    def _arrange(self) -> None:
        controls = QHBoxLayout()
        left_side: Sequence[QWidget] = (self.play, self.time, self.chapter)
        right_side: Sequence[QWidget] = (
            self.begin, self.end, self.trim, self.export, self.captions, self.speed, self.mute, self.volume,
        )  # fmt: skip
        for widget in left_side:
            controls.addWidget(widget)
        controls.addStretch()
        for widget in right_side:
            controls.addWidget(widget)
        self.volume.setMinimumWidth(theme.em(self, 6))
        self.volume.setMaximumWidth(theme.em(self, 14))
        self._left = left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.screen_, 1)
        column.addWidget(self.timeline)
        column.addWidget(self.piece)
        column.addLayout(controls)
        self.side = side = QTabWidget()
        side.addTab(self.transcript, tr("T&ranscript"))
        side.addTab(self.details, tr("&Details"))
        splitter = QSplitter()
        splitter.addWidget(left)
        splitter.addWidget(side)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([theme.em(self, 140), theme.em(self, 55)])
        whole = QVBoxLayout(self)
        theme.roomy(whole)
        whole.addWidget(self.banner)
        whole.addWidget(splitter, 1)
        theme.size_window(self, theme.em(self, 195), theme.space(self, 94))

    def _connect(self) -> None:
        screen = self.screen_
        screen.moved.connect(self._moved)
        screen.playing.connect(self._playing)
        screen.clicked.connect(screen.play_or_pause)
        self.play.clicked.connect(screen.play_or_pause)
        self.timeline.sought.connect(screen.seek)
        self.piece.dragged.connect(self._drag)
        self.transcript.sought.connect(screen.seek)
        self.speed.currentIndexChanged.connect(lambda _row: screen.set_speed(self.speed.currentData()))
        self.volume.valueChanged.connect(lambda value: screen.set_volume(value / 100))
        self.mute.toggled.connect(self._mute)
        self.captions.toggled.connect(lambda _on: self._caption(screen.at_s))
        self.begin.clicked.connect(lambda: self._set_range(self.range.from_here(screen.mark_s)))
        self.end.clicked.connect(lambda: self._set_range(self.range.to_here(screen.mark_s)))
        self.trim.clicked.connect(lambda: self.trim_wanted.emit(self.range))
        self.export.clicked.connect(lambda: self.export_wanted.emit(self.range))
        keys: dict[str, Callable[[], object]] = {
            "Space": screen.play_or_pause,
            "K": screen.play_or_pause,
            "Left": lambda: screen.seek(screen.at_s - STEP_S),
            "Right": lambda: screen.seek(screen.at_s + STEP_S),
            "J": lambda: screen.seek(screen.at_s - LEAP_S),
            "L": lambda: screen.seek(screen.at_s + LEAP_S),
            ".": screen.step,
            ",": lambda: screen.step(back=True),
            "Home": lambda: screen.seek(0.0),
            "M": self.mute.toggle,
            "C": self.captions.toggle,
            "I": self.begin.click,
            "O": self.end.click,
            "X": lambda: self._set_range(Range()),
            ">": lambda: self._speed(faster),
            "<": lambda: self._speed(slower),
            "F": self._full_screen,
            "Esc": self._leave,
        }
        for key, act in keys.items():
            action = QAction(self, shortcut=QKeySequence(key))
            action.triggered.connect(lambda _checked=False, one=act: one())
            # Of the player's side alone: letters that are written into a field are letters.
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            (self if key == "Esc" else self._left).addAction(action)
        self.play.setFocus()
        self.time.setAccessibleName(tr("Place in the recording"))

    def _moved(self, at_s: float, duration_s: float) -> None:
        self.timeline.show_position(at_s, duration_s)
        self.time.setText(f"{duration(at_s)} / {duration(duration_s)}")
        chapter = chapter_at(self._chapters, at_s)
        self.chapter.setText(chapter.title if chapter else "")
        self.transcript.follow(at_s)
        self._caption(at_s)

    def _caption(self, at_s: float) -> None:
        cue = cue_at(self._cues, at_s) if self.captions.isChecked() else None
        self.screen_.show_caption("\n".join(cue.lines) if cue else "")

    def _playing(self, plays: bool) -> None:
        self.play.setIcon(theme.icon("pause" if plays else "play"))

    def _mute(self, muted: bool) -> None:
        self.screen_.set_muted(muted=muted)

    def _speed(self, change: Callable[[float], float]) -> None:
        self.speed.setCurrentIndex(SPEEDS.index(change(self.speed.currentData())))

    def _set_range(self, chosen: Range) -> None:
        self.range = chosen
        self.trim.setEnabled(not chosen.whole)
        self.piece.show_range(chosen)

    def _drag(self, chosen: Range, at_s: float) -> None:
        """Shows the picture at which the piece would begin or end."""
        self._set_range(chosen)
        self.screen_.player.pause()
        self.screen_.seek(at_s)

    def _full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _leave(self) -> None:
        if self.isFullScreen():
            self._full_screen()
        else:
            self.close()


def _button(symbol: str, tip: str, words: str = "", *, checkable: bool = False) -> QToolButton:
    button = QToolButton()
    if symbol:
        button.setIcon(theme.icon(symbol))
    if words:
        button.setText(words)
        style = (
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon if symbol else Qt.ToolButtonStyle.ToolButtonTextOnly
        )
        button.setToolButtonStyle(style)
    button.setCheckable(checkable)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
