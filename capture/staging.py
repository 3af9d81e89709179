"""What a take films, opened and put together: a screen, scaled if asked, a camera, marks of the input.

The result is one screen source, so the rest of the recorder knows nothing of how many there are.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from capture import registry, screens
from capture.camera.model import CameraRequest
from capture.errors import CaptureError, ScreenLost
from capture.health import Health, backend_chosen, display_gone, no_marks
from capture.inputmarks import InputMarks
from capture.layout import Layout
from capture.model import StartCommand
from capture.ports import CameraSource, Placed, ScreenSource
from capture.scale import ScaledSource
from capture.scene import Scene
from capture.sprites import SpriteProvider
from capture.watchdog import WatchedSource

CAMERA_ONLY = "camera"  # what a take without a screen names as its backend
NO_CLICKS = "The recording goes on without clicks; keys are shown if asked for."
FIRST_PICTURE_S, POLL_S = 3.0, 0.01

OpenCamera = Callable[[CameraRequest], CameraSource]
Tell = Callable[[Health], None]


@dataclass(frozen=True, slots=True)
class Staging:
    """`source` closes all that it is made of. `scene` is None without a camera."""

    backend: str
    source: ScreenSource
    scene: Scene | None = None
    over: tuple[SpriteProvider, ...] = ()

    def close(self) -> None:
        self.source.close()
        for provider in self.over:
            provider.close()


def open_staging(command: StartCommand, open_camera: OpenCamera, tell: Tell) -> Staging:
    """CaptureError when what was asked for is not there; what was opened before is closed again."""
    with contextlib.ExitStack() as opened:
        backend, screen = _open_screen(command, tell) if command.film_screen else (CAMERA_ONLY, None)
        if screen is not None:
            opened.callback(screen.close)
        source, scene = screen, None
        if command.camera is not None:
            camera = open_camera(command.camera)
            opened.callback(camera.close)
            if screen is None:
                _await_picture(camera)
            source = scene = Scene(screen, camera, command.layout or Layout(), command.screen.height)
        if source is None:
            raise ScreenLost("There is nothing to film", "Neither a screen nor a camera was asked for.")
        over = _marks(command, source, tell)
        opened.pop_all()
    return Staging(backend, source, scene, over)


def _marks(command: StartCommand, source: ScreenSource, tell: Tell) -> tuple[SpriteProvider, ...]:
    """Clicks and keys over the picture. A take without them is better than none."""
    request, display = command.inputs, command.screen.display
    if not request.any:
        return ()
    try:
        listener = registry.choose_input(display).backend.open(display)
    except CaptureError as error:
        tell(no_marks(error.detail, "The recording goes on without them."))
        return ()
    find = source.find if isinstance(source, Placed) else None
    return (InputMarks(listener, request, (source.width, source.height), find),)


def _await_picture(camera: CameraSource) -> None:
    """A film of the camera alone has the size of its pictures, which only the first one tells for certain."""
    give_up = time.monotonic() + FIRST_PICTURE_S
    while camera.latest() is None and time.monotonic() < give_up:
        time.sleep(POLL_S)  # nothing but the camera is waited for, on the thread that opens the take


def _open_screen(command: StartCommand, tell: Tell) -> tuple[str, ScreenSource]:
    request = screens.there(command.screen)
    if request is not command.screen:
        tell(display_gone())
    chosen = registry.choose_screen(request, command.backend)
    name = chosen.backend.name
    if chosen.rejected:
        tell(backend_chosen(name, chosen.rejected))

    def reopen() -> ScreenSource:
        return chosen.backend.open(request)

    try:
        first = reopen()
    except CaptureError:
        raise
    except Exception as error:
        raise ScreenLost(
            "The screen cannot be opened", f"{name}: {error}", "Record another display, or try again."
        ) from error
    if command.inputs.clicks and not isinstance(first, Placed):
        tell(no_marks(f"{name} does not know where on the desktop its picture lies.", NO_CLICKS))
    screen, wanted = WatchedSource(first, reopen), command.screen.height
    return name, ScaledSource(screen, wanted) if wanted and wanted < screen.height else screen
