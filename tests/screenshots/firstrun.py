"""The assistant of the first run."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter
from PySide6.QtWidgets import QWidget

from capture.permissions import Access, Permission, Status
from desktop.accounts.signing_in import Found
from desktop.models.devices import Choice, Devices, judged
from desktop.models.firstrun import Progress, Step
from desktop.models.place import Place, Stage, Where
from desktop.models.private_server import not_installed
from desktop.platform.permissions import rows
from desktop.views.firstrun.assistant import Assistant
from desktop.views.firstrun.devices import DevicesPage
from desktop.views.firstrun.permissions import PermissionsPage
from desktop.views.firstrun.place import PlacePage

_PAGE = "x-apple.systempreferences:com.apple.preference.security?Privacy_Camera"
_SERVER = "https://video.example.org"


def _assistant(step: Step, page: QWidget, *, settled: bool = True) -> QWidget:
    pages = {one: page if one is step else QWidget() for one in Step}
    view = Assistant(pages)
    view.show_progress(Progress(step), settled=settled)
    return view


def _place(place: Place, address: str = "") -> QWidget:
    page = PlacePage()
    page.address.setText(address)
    page.show_place(place)
    return _assistant(Step.PLACE, page, settled=place.stage is Stage.READY)


def start() -> QWidget:
    return _place(Place())


def ready() -> QWidget:
    return _place(Place(Where.HERE, Stage.READY, "http://127.0.0.1:21850", kept="the system's keyring"))


def missing() -> QWidget:
    return _place(Place(Where.HERE, problem=not_installed()))


def found() -> QWidget:
    return _place(Place(Where.SERVER, found=Found(_SERVER, "0.1.0")), "video.example.org")


def code() -> QWidget:
    waiting = Place(Where.SERVER, Stage.CODE, _SERVER, page=f"{_SERVER}/device", code="WDJB-MJHT")
    return _place(waiting, "video.example.org")


def permissions() -> QWidget:
    page = PermissionsPage()
    page.show_rows(
        rows(
            [
                Permission(Access.SCREEN, Status.WILL_BE_ASKED, _PAGE),
                Permission(Access.CAMERA, Status.DENIED, _PAGE),
                Permission(Access.MICROPHONE, Status.GRANTED, _PAGE),
                Permission(Access.INPUT, Status.UNKNOWN, _PAGE),
            ]
        )
    )
    return _assistant(Step.PERMISSIONS, page)


def devices() -> QWidget:
    page = DevicesPage()
    cameras = (Choice("", "No camera"), Choice("Studio camera", "Studio camera"))
    microphones = (Choice("", "The system's microphone"), Choice("Desk", "Desk microphone (USB)"))
    page.show_devices(Devices(cameras, microphones), 1, 1)
    page.picture.show_image(_somebody())
    page.show_level(-18.0)
    told = {"ok": True, "width": 1920, "height": 1080, "microphone": "Desk microphone (USB)", "peakDb": -11.0,
            "avOffsetMs": 6.0}  # fmt: skip
    page.show_verdict(judged(told, camera=True), film=True)
    return _assistant(Step.DEVICES, page)


def _somebody() -> QImage:
    """Head and shoulders before a wall."""
    image = QImage(640, 360, QImage.Format.Format_RGB32)
    wall = QLinearGradient(0, 0, 640, 360)
    wall.setColorAt(0, QColor("#c9d6df"))
    wall.setColorAt(1, QColor("#7f97a8"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(image.rect(), wall)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#3f5a6b"))
    painter.drawEllipse(170, 230, 300, 260)
    painter.setBrush(QColor("#e0b79a"))
    painter.drawEllipse(255, 80, 130, 165)
    painter.end()
    return image


SHOTS: dict[str, Callable[[], QWidget]] = {
    "place": start,
    "ready": ready,
    "missing": missing,
    "found": found,
    "code": code,
    "permissions": permissions,
    "devices": devices,
}
