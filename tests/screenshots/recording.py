"""Before, during and after a recording."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QBuffer, QIODevice, QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QWidget

from desktop.models.choice import Choice, Source
from desktop.models.region import Box
from desktop.models.session import Levels, Phase, Session, UploadView
from desktop.models.sources import Sources, parse
from desktop.views.control_bar import ControlBar
from desktop.views.countdown import CountdownOverlay
from desktop.views.launcher.window import LauncherWindow
from desktop.views.region import RegionSelector

FOUND: Sources = parse(
    {
        "displays": [{"id": "0", "name": "Built-in display"}, {"id": "1", "name": "DELL U2723QE"}],
        "windows": [
            {"id": "0x1", "name": "pipeline.py - heddle", "app": "code"},
            {"id": "0x2", "name": "Quarterly figures - Calc", "app": "libreoffice"},
            {"id": "0x3", "name": "Terminal", "app": "konsole"},
        ],
        "cameras": [{"id": "0", "name": "FaceTime HD Camera"}],
        "microphones": [{"id": "Yeti", "name": "Yeti Stereo Microphone"}],
        "systemAudio": [{"id": "m", "name": "Speakers"}],
    }
)
CHOICE = Choice(camera="0", microphone="Yeti", display="0", system_audio=True)
SENDING = UploadView("sending", 31_000_000, 50_000_000, "https://heddle.example/s/4fK2pQ8w")
READY = Session(Phase.READY)
RUNNING = Session(Phase.RECORDING, path="/a.mp4", time_s=754, levels=Levels(-14), audio=True)


def launcher(choice: Choice = CHOICE, session: Session = READY) -> LauncherWindow:
    window = LauncherWindow()
    window.show_choice(choice, FOUND)
    window.show_templates(["Bug report", "Weekly demo"])
    for number, one in enumerate((*FOUND.displays, *FOUND.windows)):
        kind = "display" if one in FOUND.displays else "window"
        window.show_picture(kind, one.id, picture(number))
    window.show_level(-18)
    window.show_session(session)
    return window


def picture(number: int) -> bytes:
    """A page of something, as a thumbnail shows it."""
    image = QImage(320, 180, QImage.Format.Format_RGB32)
    image.fill(QColor.fromHsv(number * 67 % 360, 60, 235))
    painter = QPainter(image)
    painter.fillRect(0, 0, 320, 18, QColor(60, 60, 72))
    for line in range(9):
        width = 60 + (number * 53 + line * 71) % 200
        painter.fillRect(24, 34 + line * 15, width, 6, QColor(90, 90, 110))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG")
    return bytes(buffer.data().data())


def after() -> QWidget:
    ended = replace(RUNNING, phase=Phase.FINISHED, size=50_000_000, upload=SENDING)
    return launcher(session=ended)


def bar(session: Session = RUNNING, *, folded: bool = False) -> QWidget:
    view = ControlBar()
    view.show_session(session)
    view.set_folded(folded=folded)
    return view


def countdown() -> QWidget:
    view = CountdownOverlay()
    view.show_seconds(3, QRect(0, 0, 800, 600))
    return view


def region() -> QWidget:
    """One screen's cover alone."""
    selector = RegionSelector(Box(120, 90, 480, 270))
    cover = selector.covers[0]
    cover.setFixedSize(760, 440)
    image = QImage(760, 440, QImage.Format.Format_RGB32)
    image.fill(QColor(236, 238, 242))
    painter = QPainter(image)
    painter.setFont(QFont(cover.font().family(), 20))
    painter.drawText(image.rect(), Qt.AlignmentFlag.AlignCenter, "A page that explains something")
    painter.end()
    cover.show_still(image)
    return cover


SHOTS: dict[str, Callable[[], QWidget]] = {
    "launcher-display": launcher,
    "launcher-window": lambda: launcher(replace(CHOICE, source=Source.WINDOW, window="0x2", fps=60)),
    "launcher-region": lambda: launcher(
        replace(CHOICE, source=Source.REGION, region=(120, 90, 1280, 720), region_display="0")
    ),
    "launcher-after": after,
    "bar": bar,
    "bar-muted": lambda: bar(replace(RUNNING, phase=Phase.PAUSED, muted=True, levels=Levels(-90))),
    "bar-folded": lambda: bar(folded=True),
    "countdown": countdown,
    "region": region,
}
