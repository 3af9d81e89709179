"""A device that is read on its own thread."""

import threading

import numpy as np
import pytest

from capture import registry
from capture.camera import reading
from capture.camera.model import CameraRequest
from capture.camera.reading import ReadingStream
from capture.errors import NoBackend

pytestmark = pytest.mark.usefixtures("no_leaks")


class Scripted:
    """Gives a picture per permit, then raises."""

    def __init__(self) -> None:
        self.permits = threading.Semaphore(0)
        self.closed = threading.Event()
        self.left = 3

    def read(self):
        self.permits.acquire()
        if not self.left:
            raise OSError("unplugged")
        self.left -= 1
        return 1.0, np.zeros((2, 4, 3), np.uint8)

    def wake(self) -> None:
        self.left = 0
        self.permits.release()

    def close(self) -> None:
        self.closed.set()


def test_only_the_newest_picture_is_kept_and_the_end_is_told() -> None:
    device = Scripted()
    stream = ReadingStream("x", device, (640, 480))
    assert (stream.latest(), stream.width, stream.failed()) == (None, 640, None)
    assert stream.newer(0, 0.0) is None
    device.permits.release(2)
    second = stream.newer(1, 10.0)
    assert second is not None
    assert (second.serial, stream.width, stream.height) == (2, 4, 2)
    device.permits.release(2)
    assert stream.newer(3, 10.0) is None
    assert stream.failed() == "unplugged"
    assert stream.latest().serial == 3
    stream.close()
    assert device.closed.is_set()


def test_closing_wakes_a_reader_that_waits() -> None:
    device = Scripted()
    stream = ReadingStream("x", device, (640, 480))
    stream.close()
    stream.close()
    assert device.closed.is_set()


def test_a_driver_that_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    class Hanging(Scripted):
        def wake(self) -> None:
            """It does not listen."""

    monkeypatch.setattr(reading, "CLOSE_S", 0.05)
    device = Hanging()
    stream = ReadingStream("x", device, (640, 480))
    stream.close()
    assert not device.closed.is_set()
    device.permits.release()  # the driver answers after all
    assert device.closed.wait(20)
    stream._thread.join()


def test_the_synthetic_camera_gives_new_pictures_of_the_asked_size() -> None:
    chosen = registry.choose_camera("synthetic")
    stream = chosen.backend.open(CameraRequest("synthetic", 320, 180, 120))
    try:
        first = stream.newer(0, 10.0)
        second = stream.newer(first.serial, 10.0)
        assert second.at > first.at
        assert second.pixels.shape == (180, 320, 3)
        assert second.pixels[90, 160].mean() > 150 > second.pixels[170, 5].mean()
    finally:
        stream.close()


def test_an_unknown_camera_backend_is_refused() -> None:
    with pytest.raises(NoBackend):
        registry.choose_camera("nonsense")
