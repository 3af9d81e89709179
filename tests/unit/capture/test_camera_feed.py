"""The camera as everyone else sees it: there at once, fetched back when lost, shared by take and window."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from capture.backends import synthetic_camera
from capture.camera.desk import CameraDesk
from capture.camera.feed import CameraFeed, Patience
from capture.camera.model import CameraFrame, CameraRequest
from capture.camera.treatment import treatment_for
from capture.control import parse_start
from capture.errors import BackgroundRefused, NoCamera
from capture.health import Health
from capture.ports import CameraStream
from capture.preview import PreviewReader
from capture.trial import try_out
from tests.support.processes import wait_until

pytestmark = pytest.mark.usefixtures("no_leaks")

QUICK = Patience(first_s=0.2, stall_s=0.2, retry_s=0.01)


class Device:
    """A stream whose pictures the test gives, one by one."""

    def __init__(self, name: str = "Webcam") -> None:
        self.name, self.width, self.height = name, 8, 4
        self.frame: CameraFrame | None = None
        self.reason: str | None = None
        self.closed = 0
        self._changed = threading.Condition()

    def give(self, value: int = 0) -> None:
        pixels = np.zeros((4, 8, 3), np.uint8)
        pixels[:, 0] = value
        with self._changed:
            self.frame = CameraFrame(self.frame.serial + 1 if self.frame else 1, 1.0, pixels)
            self._changed.notify_all()

    def fail(self, reason: str) -> None:
        with self._changed:
            self.reason = reason
            self._changed.notify_all()

    def latest(self) -> CameraFrame | None:
        return self.frame

    def newer(self, than: int, timeout_s: float) -> CameraFrame | None:
        def fresh() -> bool:
            return self.frame is not None and self.frame.serial > than

        with self._changed:
            self._changed.wait_for(lambda: fresh() or self.reason, timeout_s)
            return self.frame if fresh() else None

    def failed(self) -> str | None:
        return self.reason

    def close(self) -> None:
        self.closed += 1


class Shop:
    """Opens what lies on its table; otherwise there is no camera."""

    def __init__(self, *devices: Device) -> None:
        self.table = list(devices)
        self.asked: list[CameraRequest] = []
        self.given: list[Device] = []

    def __call__(self, request: CameraRequest) -> Device:
        self.asked.append(request)
        if not self.table:
            raise NoCamera("There is no camera", "None is plugged in.", "Plug one in.")
        self.given.append(self.table.pop(0))
        return self.given[-1]


@pytest.fixture
def told() -> list[Health]:
    return []


Start = Callable[..., CameraFeed]


@pytest.fixture
def start(told: list[Health]) -> Iterator[Start]:
    with contextlib.ExitStack() as stack:

        def make(shop: Shop, patience: Patience = QUICK) -> CameraFeed:
            request = CameraRequest(width=640, height=360)
            feed = CameraFeed(
                request, treatment_for(request, told.append), told.append, open_camera=shop, patience=patience
            )
            stack.callback(feed.close)
            return feed

        yield make


def _until(test: Callable[[], object], what: str) -> None:
    wait_until(test, timeout_s=20, what=what)


def _codes(told: list[Health]) -> list[str]:
    return [health.code for health in told]


def test_it_is_there_before_the_camera_and_then_gives_mirrored_pictures(start: Start) -> None:
    device = Device()
    feed = start(Shop(device), Patience())
    assert (feed.latest(), feed.width, feed.height) == (None, 640, 360)
    assert feed.failed()
    device.give(200)
    _until(feed.latest, "a picture")
    frame = feed.latest()
    assert frame.pixels[0, 7, 0] == 200, "left became right"
    _until(lambda: feed.failed() is None, "it to be well")
    assert (feed.name, feed.width, feed.height) == ("Webcam", 8, 4)
    assert feed.latest() is frame


def test_an_unplugged_camera_is_told_and_comes_back_by_itself(start: Start, told: list[Health]) -> None:
    first, second = Device(), Device()
    shop = Shop(first)
    feed = start(shop, Patience(retry_s=0.01))
    first.give(1)
    _until(feed.latest, "a picture")
    before = feed.latest()
    first.fail("unplugged")
    _until(lambda: len(shop.asked) > 3, "it to be looked for")
    assert feed.failed() == "None is plugged in."
    assert feed.latest() is before, "the last picture stays"
    assert first.closed
    shop.table.append(second)
    second.give(2)
    _until(lambda: feed.latest() is not before, "the camera to come back")
    _until(lambda: feed.failed() is None, "it to be well")
    assert feed.latest().serial > before.serial
    _until(lambda: len(told) == 2, "both to be told")
    assert _codes(told) == ["camera_lost", "camera_back"]
    assert "unplugged" in told[0].detail


def test_another_camera_does_not_take_the_place_of_the_lost_one(start: Start) -> None:
    first = Device("Desk camera")
    shop = Shop(first)
    feed = start(shop, Patience(retry_s=0.01))
    first.give()
    _until(feed.latest, "a picture")
    first.fail("unplugged")
    _until(lambda: len(shop.asked) > 1, "it to be looked for")
    assert [request.known_as for request in shop.asked[:2]] == [None, "Desk camera"]


def test_a_camera_that_stalls_is_opened_again(start: Start, told: list[Health]) -> None:
    first, second = Device(), Device()
    second.give(2)
    feed = start(Shop(first, second))
    first.give(1)
    _until(lambda: "camera_back" in _codes(told), "it to come back")
    assert first.closed
    assert "no picture for 0.2 s" in told[0].detail
    assert feed.latest().pixels[0, 7, 0] == 2


def test_a_camera_that_is_not_there_is_told_once_and_looked_for(start: Start, told: list[Health]) -> None:
    shop = Shop()
    feed = start(shop)
    _until(lambda: len(shop.asked) > 3, "several looks")
    assert _codes(told) == ["no_camera"]
    device = Device()
    device.give()
    shop.table.append(device)
    _until(feed.latest, "a picture")
    _until(lambda: _codes(told) == ["no_camera", "camera_back"], "word of it")


def test_a_driver_that_breaks_is_no_end(start: Start, told: list[Health]) -> None:
    class Broken(Shop):
        def __call__(self, request: CameraRequest) -> Device:
            if not self.asked:
                self.asked.append(request)
                raise ZeroDivisionError("driver")
            return super().__call__(request)

    device = Device()
    device.give()
    feed = start(Broken(device))
    _until(feed.latest, "a picture")
    assert "driver" in told[0].detail


class Slow:
    """A treatment that shows that it was at work, and whether it was closed."""

    def __init__(self) -> None:
        self.closed = 0

    def apply(self, pixels: np.ndarray) -> np.ndarray:
        return pixels + 1

    def close(self) -> None:
        self.closed += 1


def test_another_treatment_holds_from_the_next_picture_on_and_the_device_stays_open(start: Start) -> None:
    device, other, last = Device(), Slow(), Slow()
    shop = Shop(device)
    feed = start(shop, Patience())
    device.give(200)
    first = wait_until(feed.latest, timeout_s=20, what="a picture")
    assert first.pixels[0, 7, 0] == 200, "mirrored"
    feed.treat(CameraRequest(width=640, height=360, mirrored=False), other)
    assert feed.latest() is first
    device.give(200)
    _until(lambda: feed.latest() is not first, "another picture")
    assert feed.latest().pixels[0, 0, 0] == 201
    assert feed.request.mirrored is False
    assert len(shop.asked) == 1
    feed.treat(feed.request, last)
    feed.close()
    assert (other.closed, last.closed) == (1, 1)
    never = Slow()
    feed.treat(feed.request, never)
    assert never.closed == 1


def test_a_picture_that_stands_still_is_not_shown_in_its_old_treatment(start: Start) -> None:
    device = Device()
    feed = start(Shop(device))
    device.give()
    _until(feed.latest, "a picture")
    device.fail("unplugged")
    _until(feed.failed, "the loss")
    feed.treat(feed.request, Slow())
    assert feed.latest() is None


@pytest.fixture
def desk(told: list[Health]) -> Iterator[CameraDesk]:
    desk = CameraDesk(told.append)
    yield desk
    desk.close()


SMALL = CameraRequest("synthetic", 320, 180, 60)


def test_the_window_sees_the_camera_before_and_during_a_take(desk: CameraDesk) -> None:
    answer = desk.preview(SMALL)
    assert answer["on"]
    with contextlib.closing(PreviewReader(answer["name"])) as reader:
        _until(reader.read, "a picture in the window")
        camera = desk.open(SMALL)
        _until(camera.latest, "a picture for the take")
        frame = reader.read()
        assert (frame.width, frame.height, len(frame.pixels)) == (320, 180, 320 * 180 * 4)
        middle = (90 * 320 + 160) * 4
        assert frame.pixels[middle : middle + 4] == bytes((190, 210, 230, 255))
        camera.close()
        after = reader.read().sequence
        _until(lambda: reader.read(after), "pictures after the take")
        assert desk.preview(SMALL)["name"] == answer["name"]
        assert desk.preview(None) == {"on": False}
        assert reader.ended
    assert not Path(answer["name"]).exists()


def test_a_take_with_other_wishes_takes_the_camera_over(desk: CameraDesk) -> None:
    answer = desk.preview(SMALL)
    camera = desk.open(CameraRequest("synthetic", 160, 90, 60))
    with contextlib.closing(PreviewReader(answer["name"])) as reader:
        _until(lambda: (frame := reader.read()) and frame.width == 160, "the take's camera in the window")
    assert desk.preview(SMALL)["name"] == answer["name"], "the take's camera stays"
    _until(lambda: camera.width == 160, "its size")
    camera.close()


def test_the_camera_is_given_back_when_nobody_wants_it(desk: CameraDesk) -> None:
    camera = desk.open(SMALL)
    camera.close()
    camera.close()
    _until(lambda: not desk._ending._thread.is_alive(), "the camera's end")


def test_only_the_camera_that_is_open_is_treated_otherwise(desk: CameraDesk) -> None:
    camera = desk.open(SMALL)
    feed = desk._feed
    desk.treat(replace(SMALL, camera="another", mirrored=False))
    assert feed.request == SMALL
    with pytest.raises(BackgroundRefused):
        desk.treat(replace(SMALL, background="blur"))
    assert feed.request == SMALL
    desk.treat(replace(SMALL, mirrored=False))
    assert desk._feed is feed
    assert not feed.request.mirrored
    camera.close()
    desk.treat(SMALL)  # nobody is filmed: nothing to do


def test_a_background_without_a_model_is_refused_before_the_camera_opens(desk: CameraDesk) -> None:
    with pytest.raises(BackgroundRefused):
        desk.open(CameraRequest("synthetic", background="blur"))
    with pytest.raises(BackgroundRefused):
        desk.preview(CameraRequest("synthetic", background="blur"))
    assert desk._feed is None


def test_the_test_before_a_take_uses_the_camera_that_a_window_has_open(
    told: list[Health], tmp_path: Path
) -> None:
    opened: list[CameraRequest] = []

    def open_camera(request: CameraRequest) -> CameraStream:
        opened.append(request)
        return synthetic_camera.open(request)

    desk = CameraDesk(told.append, open_camera)
    try:
        name = desk.preview(SMALL)["name"]
        values = {"camera": "synthetic", "cameraWidth": 320, "cameraHeight": 180, "cameraFps": 60}
        command = parse_start(
            {"output": str(tmp_path / "x.mp4"), "backend": "synthetic", "encoder": "libx264", **values}
        )
        trial = try_out(command, cameras=desk)
        assert not trial.broken
        with contextlib.closing(PreviewReader(name)) as reader:
            seen = reader.read().sequence
            _until(lambda: reader.read(seen), "the window to go on")
    finally:
        desk.close()
    assert len(opened) == 1
    assert told == []


def test_a_take_opens_the_camera_and_gives_it_back(recorder: Any, tmp_path: Path) -> None:
    recorder.start(tmp_path / "a.mp4", camera="synthetic", cameraWidth=320, cameraHeight=180, seconds=1.0)
    cameras = recorder.session._cameras
    recorder.until(lambda: cameras._lent and cameras._lent.latest(), "the camera's picture")
    assert recorder.finish()["state"] == "finished"
    assert recorder.session._cameras._feed is None


def test_a_take_without_its_camera_goes_on_and_says_so(recorder: Any, tmp_path: Path) -> None:
    recorder.start(tmp_path / "a.mp4", camera="No such camera", seconds=0.8)
    recorder.until(lambda: recorder.named("health"), "word of it")
    assert recorder.finish()["state"] == "finished"
    assert "no_camera" in {event["code"] for event in recorder.named("health")}


def test_a_take_whose_background_cannot_be_had_does_not_begin(recorder: Any, tmp_path: Path) -> None:
    recorder.start(tmp_path / "a.mp4", camera="synthetic", background="blur")
    assert recorder.finish()["state"] == "failed"
    assert recorder.named("error")[0]["code"] == "background_refused"
    assert not (tmp_path / "a.mp4").exists()


def test_the_preview_command_works_while_idle(recorder: Any) -> None:
    from capture.control import obey

    obey(recorder.session, '{"command":"preview","on":true,"camera":"synthetic","cameraWidth":320}')
    event = recorder.events[-1]
    assert (event["event"], event["on"]) == ("preview", True)
    with contextlib.closing(PreviewReader(event["name"])) as reader:
        _until(reader.read, "a picture")
    obey(recorder.session, '{"command":"preview","on":false}')
    assert recorder.events[-1] == {"event": "preview", "on": False}
    obey(recorder.session, '{"command":"preview","on":true,"camera":"synthetic","background":"blur"}')
    assert recorder.events[-1]["code"] == "background_refused"
