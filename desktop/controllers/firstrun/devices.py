"""The devices' step: what the camera sees and the microphone hears, and a recording of two seconds.

Devices are opened in processes of their own: one that hangs keeps the window alive.
"""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QImage

from capture.preview import PreviewFrame, PreviewReader
from desktop.child import Child
from desktop.context import Context
from desktop.i18n import tr
from desktop.models.devices import Devices, devices, judged, position, with_chosen
from desktop.models.told import number
from desktop.sentences import say
from desktop.views.firstrun.devices import DevicesPage
from media import self_command

_FRAME_MS = 33


class DevicesController(QObject):
    """Owns the page. Nothing is open but between `enter` and `leave`."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._engine: Child | None = None
        self._meter: Child | None = None
        self._reader: PreviewReader | None = None
        self._seen = 0
        self._devices = Devices()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._film: Any = None
        self._frames = QTimer(self)
        self._frames.setInterval(_FRAME_MS)
        self._frames.timeout.connect(self._next_frame)
        self.view = DevicesPage()
        self.view.camera_chosen.connect(self._choose_camera)
        self.view.microphone_chosen.connect(self._choose_microphone)
        self.view.test_clicked.connect(self.test)
        self.view.play_clicked.connect(self._play)

    def enter(self) -> None:
        """Opens the chosen devices, and looks which others there are."""
        if self._engine is not None:
            return
        self._listed({})  # what is chosen, until the others are known
        listing = self._child(self_command.command("capture", "--devices"))
        listing.told.connect(self._listed)
        listing.ended.connect(listing.deleteLater)
        self._engine = self._child(self_command.command("capture", "--control"))
        self._engine.told.connect(self._heard)
        self._engine.ended.connect(self._lost)
        self._see()
        self._listen()

    def leave(self, *, wait: bool = False) -> None:
        """Lets go of everything; `wait` for it when the app ends."""
        for child in (self._engine, self._meter):
            if child is not None:
                child.drop(wait=wait)
        self._engine = self._meter = None
        self._close_picture()
        self._close_film()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
        self.view.show_verdict(())
        self.view.show_testing(testing=False)

    def test(self) -> None:
        """Two seconds with what is chosen, the screen among it."""
        if self._engine is None:
            return
        self._close_film()
        self._stop_listening()
        self._folder = self._folder or tempfile.TemporaryDirectory(prefix="heddle-look-")
        self._film_path.unlink(missing_ok=True)
        now = self._context.settings.value
        wanted = {"camera": now.camera, "microphone": now.microphone, "fps": now.fps}
        given = {name: value for name, value in wanted.items() if value}
        self._engine.send({"command": "test", "keep": str(self._film_path), **given})
        self.view.show_testing(testing=True)
        self.view.show_verdict(())

    @property
    def _film_path(self) -> Path:
        return Path(self._folder.name if self._folder else "", "test.mp4")

    def _listed(self, listed: dict[str, Any]) -> None:
        now, found = self._context.settings.value, devices(listed)
        self._devices = replace(
            found,
            cameras=with_chosen(found.cameras, now.camera),
            microphones=with_chosen(found.microphones, now.microphone),
            camera_reason="" if now.camera else found.camera_reason,
        )
        self.view.show_devices(
            self._devices,
            position(self._devices.cameras, now.camera),
            position(self._devices.microphones, now.microphone),
        )

    def _choose_camera(self, value: str) -> None:
        self._context.settings.change(camera=value or None)
        self._see()

    def _choose_microphone(self, value: str) -> None:
        self._context.settings.change(microphone=value or None)
        self._listen()

    def _see(self) -> None:
        """The chosen camera's picture from now on."""
        camera = self._context.settings.value.camera
        self._close_picture()
        if self._engine is None:
            return
        if camera:
            self.view.picture.show_words(tr("The camera opens …"))
            self._engine.send({"command": "preview", "on": True, "camera": camera})
        else:
            self.view.picture.show_words(tr("No camera is filmed."))
            self._engine.send({"command": "preview", "on": False})

    def _listen(self) -> None:
        """The chosen microphone's level from now on."""
        self._stop_listening()
        if self._engine is None:
            return
        microphone = self._context.settings.value.microphone
        options = ["--microphone", microphone] if microphone else []
        self._meter = self._child(self_command.command("capture.meter", *options))
        self._meter.told.connect(self._level)

    def _stop_listening(self) -> None:
        meter, self._meter = self._meter, None
        if meter is not None:
            meter.drop()
        self.view.show_level(None)

    def _level(self, event: dict[str, Any]) -> None:
        self.view.show_level(number(event, "microphoneDb", None))
        if reason := event.get("failed"):
            self.view.loudness.setText(say(str(reason)))

    def _heard(self, event: dict[str, Any]) -> None:
        match event.get("event"):
            case "preview" if event.get("on"):
                self._open_picture(str(event.get("name")))
            case "test":
                self._judge(event)
            case "error" | "health" if not self._frames.isActive() and not _of_test(event):
                self.view.picture.show_words(say(f"{event.get('title')}. {event.get('detail')}"))

    def _judge(self, event: dict[str, Any]) -> None:
        camera = bool(self._context.settings.value.camera)
        self.view.show_testing(testing=False)
        self.view.show_verdict(judged(event, camera=camera), film=self._film_path.is_file())
        self._listen()

    def _open_picture(self, name: str) -> None:
        self._close_picture()
        try:
            self._reader = PreviewReader(name)
        except (OSError, ValueError):
            return  # it was taken away in the meantime
        self._frames.start()

    def _next_frame(self) -> None:
        frame = self._reader.read(self._seen) if self._reader else None
        if frame is not None:
            self._seen = frame.sequence
            self.view.picture.show_image(_image(frame))

    def _close_picture(self) -> None:
        self._frames.stop()
        self._seen = 0
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()
        self.view.picture.show_image(None)

    def _play(self) -> None:
        try:
            from desktop.views.film import Film
        except ImportError:
            self._play_elsewhere()
            return
        if self._film is None:
            self._film = Film()
            self._film.failed.connect(self._play_elsewhere)
            self._film.ended.connect(self._close_film)
            self.view.put_film(self._film)
        self._film.play(self._film_path)

    def _play_elsewhere(self, _why: str = "") -> None:
        """Qt's multimedia is not installed, or has no codec for it: the system has a player."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._film_path)))

    def _close_film(self) -> None:
        film, self._film = self._film, None
        if film is not None:
            film.close_file()
            self.view.put_film(None)

    def _lost(self, words: str) -> None:
        """The engine went away by itself."""
        self._engine = None
        self._close_picture()
        self.view.show_testing(testing=False)
        self.view.picture.show_words(words or tr("The camera cannot be opened now."))

    def _child(self, command: list[str]) -> Child:
        child = Child(command, self)
        child.open()
        return child


def _of_test(event: dict[str, Any]) -> bool:
    """Its verdict says the same, where it belongs."""
    return str(event.get("code")).startswith("test_")


def _image(frame: PreviewFrame) -> QImage:
    image = QImage(frame.pixels, frame.width, frame.height, frame.stride, QImage.Format.Format_RGB32)
    return image.copy()  # the bytes go with the frame
