"""The bubble's window and the recorder's bubble: on a real screen they are one in every picture."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import av
import cv2
import mss
import numpy as np
import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QImage

from desktop.actions import Actions
from desktop.context import Context
from desktop.controllers import bubble as controllers
from desktop.controllers.bubble import BubbleController
from desktop.models.actions import Action
from desktop.models.bubble import Arrangement, Bubble, Remembered
from desktop.models.choice import NOBODY, Choice
from desktop.models.region import Box
from desktop.models.session import Phase, Problem, Session
from desktop.settings import Settings
from tests.support.over_screen import Told, hand
from tests.support.processes import Program, wait_until
from tests.support.services import Screen, require, split_screen

WAIT_S = 30.0
AREA = Box(0, 0, 800, 600)
BUBBLE = 216  # on a screen 720 pixels high


class Bridge(QObject):
    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.session = Session(phase=Phase.READY)
        self.sent: list[tuple[str, Any]] = []

    def show(self, **values: Any) -> None:
        from dataclasses import replace

        self.session = replace(self.session, **values)
        self.changed.emit(self.session)

    def layout(self, fields: Any) -> None:
        self.sent.append(("layout", dict(fields)))

    def camera(self, fields: Any) -> None:
        self.sent.append(("camera", dict(fields)))

    def preview(self, *, on: bool, fields: Any = None) -> None:
        self.sent.append(("preview", {"on": on, **(fields or {})}))

    def named(self, name: str) -> list[Any]:
        return [values for sent, values in self.sent if sent == name]


class At:
    """A controller and what it stands on; the window is left out of films unless `filmed`."""

    def __init__(self, qapp: Any, folder: Path, *, filmed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(controllers, "stays_out", lambda _window: not filmed)
        self.bridge, self.choices = Bridge(), SimpleNamespace(last=Choice(camera="webcam"))
        settings = SimpleNamespace(value=Settings(background="blur"))
        context = SimpleNamespace(
            application=qapp, bridge=self.bridge, actions=Actions(), settings=settings
        )  # fmt: skip
        self.actions = context.actions
        self.remembered = Remembered(folder / "bubble.json")
        self.controller = BubbleController(
            cast("Context", context), cast("Any", self.choices), lambda: AREA, self.remembered
        )

    @property
    def window(self) -> Any:
        assert self.controller.window is not None
        return self.controller.window


@pytest.fixture
def at(qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[At]:
    one = At(qapp, tmp_path, filmed=False, monkeypatch=monkeypatch)
    yield one
    one.controller.close()
    one.controller.close()


@pytest.fixture
def filmed(qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[At]:
    one = At(qapp, tmp_path, filmed=True, monkeypatch=monkeypatch)
    yield one
    one.controller.close()


def test_a_recording_with_a_camera_shows_it_and_its_end_hides_it(at: At) -> None:
    at.bridge.show(phase=Phase.PREPARING)
    assert at.window.isVisible()
    [preview] = at.bridge.named("preview")
    # What the recorder is told too: else it would open the camera twice.
    assert preview == {"on": True, "camera": "webcam", "mirrored": True, "background": "blur"}
    assert at.controller.start_fields()["layout"] == "bubble"
    at.bridge.show(phase=Phase.FINISHED)
    assert not at.window.isVisible()


def test_without_a_camera_there_is_none(at: At) -> None:
    at.choices.last = Choice(camera=NOBODY)
    at.actions.perform(Action.BUBBLE)
    at.bridge.show(phase=Phase.RECORDING)
    assert at.controller.window is None
    assert at.controller.start_fields() == {}


def test_a_window_that_no_film_shows_is_followed_while_it_is_dragged(at: At, qtbot: Any) -> None:
    at.bridge.show(phase=Phase.RECORDING, height=600)
    place = at.controller.bubble.place(AREA)
    assert (at.window.x(), at.window.width()) == (place.x, place.width)  # the very same place
    at.window.grabbed.emit()
    at.window.dragged.emit(QPoint(200, -100))
    qtbot.waitUntil(lambda: bool(at.bridge.named("layout")))
    at.window.dropped.emit()
    after = at.controller.bubble.place(AREA)
    assert (after.x - place.x, after.y - place.y) == (200, -100)
    assert at.bridge.named("layout")[-1] == at.controller.bubble.layout_fields()
    assert at.remembered.load() == at.controller.bubble


def test_a_window_that_films_show_waits_for_the_recorder_to_draw_none(filmed: At) -> None:
    filmed.bridge.show(phase=Phase.RECORDING, height=600)
    place = filmed.controller.bubble.place(AREA)
    assert (filmed.window.x(), filmed.window.width()) == (place.x + 3, place.width - 6)  # hidden below
    before = filmed.window.pos()
    filmed.window.grabbed.emit()
    assert filmed.bridge.named("layout") == [{"layout": "screen"}]
    filmed.window.dragged.emit(QPoint(100, 0))
    assert filmed.window.pos() == before
    filmed.bridge.show(layout={"layout": "screen"})
    filmed.window.dragged.emit(QPoint(120, 0))
    assert filmed.window.pos() == before + QPoint(120, 0)
    filmed.window.dropped.emit()
    assert filmed.bridge.named("layout")[-1]["layout"] == "bubble"
    assert filmed.controller.bubble.place(AREA).x == place.x + 120


def test_a_press_that_is_over_before_the_recorder_answers_moves_nothing(filmed: At) -> None:
    filmed.bridge.show(phase=Phase.RECORDING, height=600)
    before = filmed.controller.bubble
    filmed.window.grabbed.emit()
    filmed.window.dragged.emit(QPoint(100, 0))
    filmed.window.dropped.emit()
    assert filmed.bridge.named("layout")[-1] == before.layout_fields()
    filmed.bridge.show(layout={"layout": "screen"})
    filmed.bridge.show(layout=before.layout_fields())
    assert filmed.controller.bubble == before


def test_keys_move_it_out_of_sight(filmed: At) -> None:
    filmed.bridge.show(phase=Phase.RECORDING, height=600)
    filmed.window.nudged.emit(QPoint(20, 0))
    filmed.window.nudged.emit(QPoint(20, 0))
    assert filmed.window.isVisible()  # a hidden one would lose the keyboard
    assert not filmed.window.seen
    once, twice = filmed.bridge.named("layout")
    filmed.bridge.show(layout=once)
    assert not filmed.window.seen
    filmed.bridge.show(layout=twice)
    assert filmed.window.seen
    assert filmed.window.x() == Bubble().place(AREA).x + 40 + 3


@pytest.mark.parametrize("way", ["at", "filmed"])
def test_a_camera_that_is_gone_leaves_no_picture_behind(request: pytest.FixtureRequest, way: str) -> None:
    one: At = request.getfixturevalue(way)
    one.bridge.show(phase=Phase.RECORDING, height=600)
    one.window.show_image(QImage(64, 48, QImage.Format.Format_RGB32))
    assert one.window.accessibleDescription() == ""
    lost = Problem("The camera went away", severity="warning", code="camera_lost")
    one.bridge.show(notices=(lost,))
    assert one.window.accessibleDescription() == "The camera went away"
    assert one.window.seen is (way == "at")  # the recorder draws none, so films are to show none
    back = Problem("The camera is there", severity="info", code="camera_back")
    one.bridge.show(notices=(lost, back))
    assert one.window.seen


def test_layouts_are_told_and_hide_the_window_where_it_would_be_in_the_way(filmed: At) -> None:
    filmed.bridge.show(phase=Phase.RECORDING, height=600)
    filmed.window.arrangement_chosen.emit(Arrangement.SWAPPED)
    assert filmed.bridge.named("layout")[-1]["layout"] == "swapped"
    assert not filmed.window.isVisible()
    filmed.actions.perform(Action.BUBBLE)
    assert filmed.bridge.named("layout")[-1]["layout"] == "screen"
    filmed.actions.perform(Action.BUBBLE)
    assert filmed.bridge.named("layout")[-1]["layout"] == "bubble"
    filmed.bridge.show(layout=filmed.bridge.named("layout")[-1])
    assert filmed.window.isVisible()


def test_the_mirror_is_told_to_a_recording_and_to_the_preview(at: At) -> None:
    at.actions.perform(Action.BUBBLE)
    at.window.mirror_chosen.emit(False)
    assert at.bridge.named("preview")[-1]["mirrored"] is False
    at.bridge.show(phase=Phase.RECORDING)
    at.window.mirror_chosen.emit(True)
    assert at.bridge.named("camera") == [{"mirrored": True}]


def test_before_a_recording_it_is_shown_and_hidden_by_its_key(at: At) -> None:
    at.actions.perform(Action.BUBBLE)
    assert at.window.isVisible()
    at.actions.perform(Action.BUBBLE)
    assert not at.window.isVisible()
    assert at.bridge.named("preview")[-1] == {"on": False}
    assert at.controller.start_fields()["layout"] == "bubble"


@pytest.mark.skipif(sys.platform != "linux", reason="X11")
def test_no_picture_of_a_film_shows_two_bubbles(xvfb: Screen, tmp_path: Path, heddle_home: Path) -> None:
    require("xdotool")
    film, camera = tmp_path / "take.mp4", tmp_path / "webcam.avi"
    film_of_magenta(camera)
    command = [sys.executable, "-m", "tests.support.over_screen", camera]
    with Program(command, env={"QT_QPA_PLATFORM": "xcb"}) as program:
        told = Told(program)
        told.says("session ready")
        told.tell(f"start {film}")
        told.says("session recording")
        wait_until(lambda: bubble_on(xvfb) is not None, timeout_s=WAIT_S, what="the camera's window")
        x, y = Bubble().place(Box(0, 0, 1280, 720)).x + BUBBLE // 2, 583
        hand(f"mousemove {x} {y} mousedown 1")
        told.says("session recording screen")
        for step in range(1, 7):
            hand(f"mousemove {x + 100 * step} {y - 50 * step}")
        hand("mouseup 1")
        told.says("session recording bubble")
        hand("click 5 click 5 click 5 click 4")  # the wheel: smaller, and larger again
        told.tell("stop")
        told.says("session finished")
        program.close_stdin()
        program.wait(WAIT_S)
    places = magenta(film)
    assert len(places) > 5
    for at_s, (left, right, top, bottom) in places:
        # A second one would lie fifty pixels beside it, or more. Nothing is ever larger than one.
        assert max(right - left, bottom - top) <= BUBBLE + 2, at_s
    first, last = places[0][1], places[-1][1]
    assert abs(first[0] - 36) < 8
    assert (last[0] + last[1]) // 2 - (first[0] + first[1]) // 2 == pytest.approx(600, abs=3)


TWO = (("A", 0, 0, 800, 600), ("B", 800, 100, 480, 500))


@pytest.mark.skipif(sys.platform != "linux", reason="X11")
@pytest.mark.parametrize("scales", ["A=1;B=2", "A=2;B=1"])
def test_the_bubble_lies_where_it_is_recorded_on_every_screen_at_every_scale(
    xvfb: Screen, tmp_path: Path, heddle_home: Path, scales: str
) -> None:
    """The second of two screens is filmed; the bubble is dragged into its lower right corner."""
    require("xdotool")
    split_screen(xvfb, *TWO)
    film, camera = tmp_path / "take.mp4", tmp_path / "webcam.avi"
    film_of_magenta(camera)
    area = Box(*TWO[1][1:])
    home, corner = Bubble().place(area), Bubble(x=1, y=1).place(area)
    command = [sys.executable, "-m", "tests.support.over_screen", camera, "B"]
    env = {"QT_QPA_PLATFORM": "xcb", "QT_SCREEN_SCALE_FACTORS": scales}
    with Program(command, env=env) as program:
        told = Told(program)
        told.says("session ready")
        told.tell(f"start {film}")
        told.says("session recording")
        wait_until(lambda: lies(xvfb, home), timeout_s=WAIT_S, what="the window below the bubble")
        x, y = home.x + home.width // 2, home.y + home.height // 2
        hand(f"mousemove {x} {y} mousedown 1")
        told.says("session recording screen")
        for step in range(1, 6):
            hand(f"mousemove {x + 70 * step} {y + 30 * step}")
        hand(f"mousemove {area.right - 1} {area.bottom - 1} mouseup 1")
        told.says("session recording bubble")
        wait_until(lambda: lies(xvfb, corner), timeout_s=WAIT_S, what="the window in the corner")
        told.tell("stop")
        told.says("session finished")
        program.close_stdin()
        program.wait(WAIT_S)
    places = [place for _, place in magenta(film)]
    for (left, right, top, bottom), wanted in ((places[0], home), (places[-1], corner)):
        middle = area.x + (left + right + 1) / 2, area.y + (top + bottom + 1) / 2
        assert middle == pytest.approx((wanted.x + wanted.width / 2, wanted.y + wanted.height / 2), abs=2)
        # A second one, beside it, would make it wider; it has a ring and a soft edge of other colours.
        assert wanted.width - 24 < right - left < wanted.width


def lies(screen: Screen, place: Box) -> bool | None:
    """Whether the camera's window is wholly within this place, and not much smaller."""
    left, right, top, bottom = seen_on(screen)
    inside = left >= place.x and right < place.right and top >= place.y and bottom < place.bottom
    return True if inside and right - left > place.width - 16 and bottom - top > place.height - 16 else None


def seen_on(screen: Screen) -> tuple[int, int, int, int]:
    """Where the camera's colour is on the screen: left, right, top, bottom."""
    with mss.MSS(display=screen.name) as shots:
        picture = np.asarray(shots.grab(shots.monitors[0])).astype(int)
    mask = (picture[..., 2] > 180) & (picture[..., 1] < 90) & (picture[..., 0] > 180)
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return (0, 0, 0, 0)
    return int(columns.min()), int(columns.max()), int(rows.min()), int(rows.max())


def film_of_magenta(path: Path) -> None:
    """A camera of 90 s: one that ends while a busy machine still records is one that was unplugged."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10.0, (320, 180))
    picture = np.full((180, 320, 3), (255, 0, 255), np.uint8)
    for _ in range(900):
        writer.write(picture)
    writer.release()


def bubble_on(screen: Screen) -> bool | None:
    from Xlib import X
    from Xlib.display import Display

    display = Display(screen.name)
    try:
        data: Any = display.screen().root.get_image(141, 583, 1, 1, X.ZPixmap, 0xFFFFFFFF).data
        return True if data[0] > 180 and data[1] < 90 and data[2] > 180 else None
    finally:
        display.close()


def magenta(film: Path) -> list[tuple[float, tuple[int, int, int, int]]]:
    """Of each picture: when, and where the camera's colour is: left, right, top, bottom."""
    found = []
    with av.open(str(film), format="mp4") as file:
        for frame in file.decode(video=0):
            picture = frame.to_ndarray(format="rgb24").astype(int)
            mask = (picture[..., 0] > 180) & (picture[..., 1] < 90) & (picture[..., 2] > 180)
            rows, columns = np.nonzero(mask)
            if len(rows):
                place = (int(columns.min()), int(columns.max()), int(rows.min()), int(rows.max()))
                found.append((float(frame.time or 0), place))
    return found
