"""The picture and sound of the player: QtMultimedia, which nothing else of the library loads."""

from math import ceil

from PySide6.QtCore import QRectF, QSizeF, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QResizeEvent
from PySide6.QtMultimedia import QMediaPlayer
from PySide6.QtMultimediaWidgets import QGraphicsVideoItem
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsTextItem, QGraphicsView, QWidget

from desktop.i18n import tr
from desktop.views.sound import sound_output

_CAPTION_PART = 0.045  # of the height, a caption's letters
_GROUND = "background-color: rgba(0, 0, 0, 190); color: white"
# Players and films count time in units of their own: moments so near are the same.
_NEAR_S = 0.002


class Screen(QGraphicsView):
    """Plays one address or file; times in seconds."""

    moved = Signal(float, float)  # position, duration
    playing = Signal(bool)
    failed = Signal(str)
    ready = Signal()
    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Video"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setBackgroundBrush(QColor(Qt.GlobalColor.black))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scene = QGraphicsScene(self)
        self.setScene(self._scene)
        self._picture, self._caption = QGraphicsVideoItem(), QGraphicsTextItem()
        self._scene.addItem(self._picture)
        self._scene.addItem(self._caption)
        self._text = ""
        self._begin_s: float | None = None
        self._stepped = False  # to the picture that is seen
        self.player, self._sound = QMediaPlayer(self), sound_output(self)
        self.player.setAudioOutput(self._sound)
        self.player.setVideoOutput(self._picture)
        self.player.positionChanged.connect(lambda _at: self._tell())
        self.player.durationChanged.connect(lambda _length: self._tell())
        self.player.playbackStateChanged.connect(lambda _state: self.playing.emit(self.plays))
        self.player.mediaStatusChanged.connect(self._status)
        self.player.errorOccurred.connect(lambda _error, words: self.failed.emit(words))
        self._picture.nativeSizeChanged.connect(lambda _size: self._fit())

    def load(self, source: QUrl, at_s: float) -> None:
        """Shows the picture at that second; plays when it is told to."""
        self._begin_s = at_s
        self.player.setSource(source)
        self.player.pause()

    @property
    def plays(self) -> bool:
        return self.player.playbackState() is QMediaPlayer.PlaybackState.PlayingState

    @property
    def at_s(self) -> float:
        return self.player.position() / 1000

    @property
    def mark_s(self) -> float:
        """Where a mark is set: within the picture that is seen, at its beginning if one stepped to it."""
        begin_s, end_s = self._seen()
        near = begin_s - _NEAR_S <= self.at_s <= end_s + _NEAR_S
        if self.plays or not near:
            return self.at_s
        return begin_s if self._stepped else max(begin_s, min(self.at_s, end_s - _NEAR_S))

    def play_or_pause(self) -> None:
        self._stepped = False
        if self.plays:
            self.player.pause()
        else:
            self.player.play()

    def seek(self, at_s: float) -> None:
        """Within what there is."""
        self._stepped = False
        self._go(round(min(max(at_s, 0.0), self.player.duration() / 1000) * 1000))

    def step(self, *, back: bool = False) -> None:
        """To the next picture, or the one before, which then stands."""
        self.player.pause()
        begin_s, end_s = self._seen()
        if end_s > 0:
            # At the moment between two pictures the one before it is shown.
            self._go(max(0, ceil(begin_s * 1000) - 1) if back else int(end_s * 1000) + 1)
            self._stepped = True

    def set_speed(self, speed: float) -> None:
        self.player.setPlaybackRate(speed)

    def set_volume(self, share: float) -> None:
        """0 to 1."""
        self._sound.setVolume(share)

    def set_muted(self, *, muted: bool) -> None:
        self._sound.setMuted(muted)

    @property
    def muted(self) -> bool:
        return self._sound.isMuted()

    def show_caption(self, text: str) -> None:
        """Empty for none."""
        if text != self._text:
            self._text = text
            self._place_caption()

    def close_media(self) -> None:
        """Lets go of the file."""
        self.player.stop()
        self.player.setSource(QUrl())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._fit()

    def mouseReleaseEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        super().mouseReleaseEvent(event)  # type: ignore[arg-type]  # as Qt gives it
        self.clicked.emit()

    def _status(self, status: QMediaPlayer.MediaStatus) -> None:
        loaded = (QMediaPlayer.MediaStatus.LoadedMedia, QMediaPlayer.MediaStatus.BufferedMedia)
        if status in loaded and self._begin_s is not None:
            begin, self._begin_s = self._begin_s, None
            if begin > 0:
                self.seek(begin)
            self.ready.emit()

    def _seen(self) -> tuple[float, float]:
        """When the picture that is seen begins and ends; zeros where there is none, or nobody knows."""
        frame = self._picture.videoSink().videoFrame()
        known = frame.isValid() and 0 <= frame.startTime() < frame.endTime()
        return (frame.startTime() / 1e6, frame.endTime() / 1e6) if known else (0.0, 0.0)

    def _go(self, at_ms: int) -> None:
        self.player.setPosition(min(at_ms, self.player.duration()))
        self._tell()

    def _tell(self) -> None:
        self.moved.emit(self.at_s, self.player.duration() / 1000)

    def _fit(self) -> None:
        size = QSizeF(self.viewport().size())
        self._scene.setSceneRect(QRectF(0, 0, size.width(), size.height()))
        self._picture.setSize(size)
        self._place_caption()

    def _place_caption(self) -> None:
        height = self._scene.height()
        font = QFont(self.font())
        font.setPixelSize(max(12, round(height * _CAPTION_PART)))
        self._caption.setFont(font)
        lines = "<br>".join(_escaped(line) for line in self._text.splitlines())
        self._caption.setHtml(
            f'<div align="center"><span style="{_GROUND}">{lines}</span></div>' if lines else ""
        )
        self._caption.setTextWidth(self._scene.width())
        self._caption.setPos(0, height - self._caption.boundingRect().height() - height * _CAPTION_PART / 2)


def _escaped(text: str) -> str:
    return f"&nbsp;{text.replace('&', '&amp;').replace('<', '&lt;')}&nbsp;"
