"""Cameras as the system lists them, and OpenCV and PyAV reading one, for which a real video file stands."""

import errno
import os
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import numpy as np
import pytest

from capture import registry
from capture.backends import camera_opencv, camera_pyav, system_cameras, v4l2
from capture.camera.feed import CameraFeed, Patience
from capture.camera.finding import find, list_cameras, open_stream
from capture.camera.model import CameraDevice, CameraFormat, CameraRequest
from capture.camera.treatment import treatment_for
from capture.errors import NoCamera
from capture.health import Health
from capture.ports import CameraStream
from tests.support.processes import wait_until

pytestmark = pytest.mark.usefixtures("no_leaks")

BACKENDS = [camera_opencv, camera_pyav]
FRAMES = 12


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Twelve pictures as a webcam sends them, MJPG, each a little brighter, with a white left edge."""
    path = tmp_path / "camera.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 50.0, (320, 180))
    for number in range(FRAMES):
        picture = np.full((180, 320, 3), 10 + 10 * number, np.uint8)
        picture[:, :40] = 255
        writer.write(picture)
    writer.release()
    return path


@pytest.fixture(params=BACKENDS, ids=lambda backend: backend.name)
def stream(request: pytest.FixtureRequest, video: Path) -> Iterator[CameraStream]:
    stream = request.param.open(CameraRequest(str(video)))
    yield stream
    stream.close()


def test_pictures_come_in_order_until_the_camera_is_gone(stream: CameraStream) -> None:
    serials, values, times = [], [], []
    while frame := stream.newer(serials[-1] if serials else 0, 20.0):
        serials.append(frame.serial)
        values.append(int(frame.pixels[90, 200].mean()))
        times.append(frame.at)
        assert frame.pixels.shape == (180, 320, 3)
        assert frame.pixels.dtype == np.uint8
        assert frame.pixels[90, 10].min() > 240
    assert serials[-1] == FRAMES
    assert stream.failed() == "The device gives no more pictures."
    assert all(abs(value - 10 * serial) <= 4 for serial, value in zip(serials, values, strict=True))
    assert times == sorted(times)
    assert times[-1] - times[0] > (serials[-1] - serials[0]) / 50.0 - 0.05, "as fast as it was recorded"


def test_it_closes_in_the_middle(stream: CameraStream) -> None:
    assert stream.newer(0, 20.0)
    stream.close()
    stream.close()


@pytest.mark.parametrize("backend", BACKENDS, ids=lambda backend: backend.name)
def test_what_is_no_camera_is_told(backend: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "text.avi").write_text("no video")
    with pytest.raises(NoCamera, match=r"text\.avi"):
        backend.open(CameraRequest(str(tmp_path / "text.avi")))
    with pytest.raises(NoCamera, match="no camera called Nessie"):
        backend.open(CameraRequest("Nessie"))


@pytest.mark.parametrize("backend", BACKENDS, ids=lambda backend: backend.name)
def test_both_ways_are_built_in_here(backend: ModuleType) -> None:
    assert backend.probe().usable


@pytest.mark.parametrize("name", ["opencv", "camera_opencv", "pyav"])
def test_a_way_can_be_forced(name: str, video: Path) -> None:
    stream = open_stream(CameraRequest(str(video), backend=name))
    stream.close()


def test_every_way_that_was_tried_is_told_with_its_reason() -> None:
    with pytest.raises(NoCamera) as refused:
        open_stream(CameraRequest("Nessie"))
    assert all(name in refused.value.detail for name in registry.CAMERAS)


def test_a_way_that_is_not_usable_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "plan9")
    assert "plan9" in camera_opencv.probe().reason
    assert "plan9" in camera_pyav.probe().reason


@pytest.mark.parametrize("backend", BACKENDS, ids=lambda backend: backend.name)
def test_a_camera_that_is_unplugged_comes_back(backend: ModuleType, video: Path) -> None:
    """The end of the file is the unplugging, its return the plugging in."""
    told: list[Health] = []
    request = CameraRequest(str(video), backend=backend.name)
    patience = Patience(retry_s=0.02)
    feed = CameraFeed(request, treatment_for(request, told.append), told.append, patience=patience)
    try:
        wait_until(feed.latest, timeout_s=20, what="a picture")
        assert feed.latest().pixels[90, 310].min() > 240, "mirrored"
        away = video.with_name("away.avi")
        video.rename(away)
        wait_until(feed.failed, timeout_s=20, what="the end")
        last = feed.latest().serial
        away.rename(video)
        wait_until(lambda: feed.latest().serial > last, timeout_s=20, what="its return")
    finally:
        feed.close()
    assert [health.code for health in told[:2]] == ["camera_lost", "camera_back"]


# What a common USB camera answers, as `v4l2-ctl --list-formats-ext` shows it.
WEBCAM = {
    "YUYV": {(640, 480): (30,), (1280, 720): (10,)},
    "MJPG": {(640, 480): (30,), (1280, 720): (30, 60), (1920, 1080): (30,)},
}


class Driver:
    """Answers V4L2's ioctls for the one device it is given, EINVAL at the end of each list."""

    def __init__(self, offers: dict[str, dict[tuple[int, int], tuple[int, ...]]], caps: int = 1) -> None:
        self.offers, self.caps = offers, caps

    def __call__(self, handle: int, number: int, argument: bytearray) -> None:
        answer = {
            0x80685600: self._capabilities,
            0xC0405602: self._format,
            0xC02C564A: self._size,
            0xC034564B: self._interval,
        }[number]
        try:
            answer(argument)
        except IndexError:
            raise OSError(errno.EINVAL, "Invalid argument") from None

    def _capabilities(self, argument: bytearray) -> None:
        struct.pack_into("=II", argument, 84, 0x80000000 | 0x1, self.caps)

    def _format(self, argument: bytearray) -> None:
        index, kind = struct.unpack_from("=II", argument)
        assert kind == 1
        argument[44:48] = list(self.offers)[index].encode()

    def _size(self, argument: bytearray) -> None:
        (index,) = struct.unpack_from("=I", argument)
        sizes = list(self.offers[argument[4:8].decode()])
        struct.pack_into("=3I", argument, 8, 1, *sizes[index])

    def _interval(self, argument: bytearray) -> None:
        index, _, width, height = struct.unpack_from("=4I", argument)
        rates = self.offers[argument[4:8].decode()][width, height]
        struct.pack_into("=3I", argument, 16, 1, 1, rates[index])


@pytest.fixture
def tree(tmp_path: Path) -> tuple[Path, Path]:
    """A machine with a webcam (two nodes, the second for metadata) and a loopback."""
    sys_tree, dev = tmp_path / "sys", tmp_path / "dev"
    dev.mkdir()
    for node, label, index in (("video0", "Brio", 0), ("video1", "Brio", 1), ("video10", "Loopback", 0)):
        (sys_tree / node).mkdir(parents=True)
        (sys_tree / node / "name").write_text(f"{label}\n")
        (sys_tree / node / "index").write_text(f"{index}\n")
        (dev / node).touch()
    return sys_tree, dev


def test_cameras_are_listed_with_their_formats(tree: tuple[Path, Path]) -> None:
    brio, second, loopback = v4l2.cameras(*tree, ioctl=Driver(WEBCAM))
    assert (brio.name, brio.id, loopback.name) == ("Brio", str(tree[1] / "video0"), "Loopback")
    assert CameraFormat("MJPG", 1280, 720, (30.0, 60.0)) in brio.formats
    assert len(brio.formats) == 5
    assert second.formats == brio.formats


def test_a_node_without_pictures_is_left_out(tree: tuple[Path, Path]) -> None:
    assert v4l2.cameras(*tree, ioctl=Driver(WEBCAM, caps=0x00800000)) == []


def test_a_node_that_may_not_be_opened_says_so(tree: tuple[Path, Path]) -> None:
    def refuse(handle: int, number: int, argument: bytearray) -> None:
        raise OSError(errno.ENOTTY, "not a camera")

    assert [camera.name for camera in v4l2.cameras(*tree, ioctl=refuse)] == ["Brio", "Loopback"]
    for node in tree[1].iterdir():
        node.unlink()
    gone = v4l2.cameras(*tree, ioctl=refuse)
    assert [camera.name for camera in gone] == ["Brio", "Loopback"]
    assert "No such file" in gone[0].reason
    with pytest.raises(NoCamera, match="No such file"):
        find(gone, CameraRequest())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")
def test_missing_rights_are_told(tree: tuple[Path, Path]) -> None:
    (tree[1] / "video0").chmod(0)
    assert "member of the group" in v4l2.cameras(*tree, ioctl=Driver(WEBCAM))[0].reason


def test_a_driver_that_takes_any_size_is_listed_with_its_largest(tree: tuple[Path, Path]) -> None:
    class Scaler(Driver):
        def _size(self, argument: bytearray) -> None:
            struct.pack_into("=7I", argument, 8, 3, 16, 4096, 2, 16, 2160, 2)

        def _interval(self, argument: bytearray) -> None:
            struct.pack_into("=3I", argument, 16, 3, 1, 60)

    camera = v4l2.cameras(*tree, ioctl=Scaler({"NV12": {}}))[0]
    assert camera.formats == (CameraFormat("NV12", 4096, 2160, (60.0,)),)


def test_there_is_no_camera_where_there_is_no_such_tree(tmp_path: Path) -> None:
    assert v4l2.cameras(tmp_path / "none", tmp_path) == []


def _formats(*offers: tuple[str, int, int, int]) -> CameraDevice:
    known = tuple(CameraFormat(code, w, h, (float(fps),) if fps else ()) for code, w, h, fps in offers)
    return CameraDevice("/dev/video0", "Brio", known)


@pytest.mark.parametrize(
    ("offers", "asked", "chosen"),
    [
        ([("YUYV", 1280, 720, 10), ("MJPG", 1280, 720, 30)], (1280, 720, 30), "MJPG"),
        ([("YUYV", 1280, 720, 10), ("MJPG", 1280, 720, 30)], (1280, 720, 10), "YUYV"),
        (
            [("MJPG", 1280, 720, 30), ("NV12", 1280, 720, 30), ("YUYV", 1280, 720, 30)],
            (1280, 720, 30),
            "NV12",
        ),
        ([("YUYV", 640, 480, 30), ("MJPG", 1920, 1080, 30)], (1280, 720, 30), "MJPG"),
        ([("H264", 1280, 720, 30), ("MJPG", 640, 480, 30)], (1280, 720, 30), "MJPG"),
        ([("YUYV", 640, 480, 0), ("MJPG", 640, 480, 30)], (640, 480, 30), "YUYV"),
        ([("H264", 1280, 720, 30)], (1280, 720, 30), None),
        ([], (1280, 720, 30), None),
    ],
)
def test_the_cheapest_format_that_gives_what_is_asked_is_taken(
    offers: list[tuple[str, int, int, int]], asked: tuple[int, int, int], chosen: str | None
) -> None:
    format_ = v4l2.choose_format(_formats(*offers), CameraRequest("x", *asked))
    assert (format_.code if format_ else None) == chosen


class Capture:
    """An opened `cv2.VideoCapture` that notes what it is asked for."""

    def __init__(self, *arguments: Any) -> None:
        self.arguments, self.asked = arguments, []

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        return True

    def set(self, what: int, value: float) -> bool:
        self.asked.append((what, value))
        return True


def test_the_device_is_asked_for_the_format_first_and_keeps_no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cv2, "VideoCapture", Capture)
    device = _formats(("MJPG", 1280, 720, 30))
    capture: Any = camera_opencv._opened(device, 3, cv2.CAP_V4L2, CameraRequest())
    assert capture.arguments == ("/dev/video0", cv2.CAP_V4L2)
    assert capture.asked == [
        (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")),
        (cv2.CAP_PROP_FRAME_WIDTH, 1280),
        (cv2.CAP_PROP_FRAME_HEIGHT, 720),
        (cv2.CAP_PROP_FPS, 30),
        (cv2.CAP_PROP_BUFFERSIZE, 2),
    ]
    capture = camera_opencv._opened(device, 3, cv2.CAP_DSHOW, CameraRequest("x", 320, 240))
    assert capture.arguments == (3, cv2.CAP_DSHOW)
    assert cv2.CAP_PROP_FOURCC not in dict(capture.asked)
    assert dict(capture.asked)[cv2.CAP_PROP_BUFFERSIZE] == 1


@pytest.mark.parametrize(
    ("platform", "first"),
    [
        ("linux", {"input_format": "mjpeg", "video_size": "1280x720", "framerate": "30"}),
        ("win32", {"video_size": "1280x720", "framerate": "30", "rtbufsize": "64M", "vcodec": "mjpeg"}),
        ("darwin", {"video_size": "1280x720", "framerate": "30", "pixel_format": "nv12"}),
    ],
)
def test_ffmpeg_is_asked_for_less_and_less(platform: str, first: dict[str, str]) -> None:
    tries = camera_pyav.device_options(_formats(("MJPG", 1280, 720, 30)), CameraRequest(), platform)
    assert tries[0] == first
    assert tries[-1] == {}


class Listed:
    """What PyAV says of a device, as on Windows and macOS."""

    def __init__(self, name: str, description: str, media_types: list[str]) -> None:
        self.name, self.description, self.media_types = name, description, media_types


def test_windows_and_macos_list_cameras_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        Listed("@device_pnp_1", "Brio", ["video"]),
        Listed("@device_cm_2", "Microphone (Brio)", ["audio"]),
        Listed("1", "Capture screen 0", ["video"]),
    ]
    asked: list[str] = []
    monkeypatch.setattr("av.device.enumerate_input_devices", lambda name: asked.append(name) or found)
    for platform in ("win32", "darwin"):
        assert system_cameras.cameras(platform) == [CameraDevice("@device_pnp_1", "Brio")]
    assert asked == ["dshow", "avfoundation"]


def test_a_system_that_cannot_list_has_no_cameras() -> None:
    assert system_cameras.cameras("plan9") == []


def test_a_camera_is_found_by_id_name_or_a_part_of_it() -> None:
    cameras = [
        CameraDevice("0", "Face cam", reason="in use"),
        CameraDevice("1", "Brio 4K"),
        CameraDevice("2", "Brio"),
    ]
    for wanted, number in (("default", "1"), ("2", "2"), ("Brio", "2"), ("brio 4", "1")):
        assert find(cameras, CameraRequest(wanted)).id == number
    with pytest.raises(NoCamera, match=r"Face cam \(in use\)"):
        find(cameras, CameraRequest("Face cam"))


def test_a_lost_camera_is_known_by_its_name_and_of_two_by_its_id() -> None:
    left, right, other = (CameraDevice("0", "Brio"), CameraDevice("1", "Brio"), CameraDevice("0", "Face cam"))
    assert find([left, right], CameraRequest("1", known_as="Brio")) is right
    assert find([other, right], CameraRequest("0", known_as="Brio")) is right, "numbered anew"
    assert find([other, right], CameraRequest(known_as="Brio")) is right
    with pytest.raises(NoCamera):
        find([other], CameraRequest("0", known_as="Brio"))


def test_ffmpeg_passes_over_pictures_that_cannot_be_read(video: Path) -> None:
    """Many cameras begin with a picture that is cut off; of this one's, two are spoilt."""
    data = bytearray(video.read_bytes())
    first = data.index(b"\xff\xd8\xff")
    second = data.index(b"\xff\xd8\xff", first + 3)
    for start in (first, second):
        data[start : start + 400] = bytes(400)
    video.write_bytes(data)
    stream = camera_pyav.open(CameraRequest(str(video)))
    try:
        assert stream.newer(0, 20.0)
    finally:
        stream.close()


@pytest.mark.parametrize(("spoilt", "comes"), [(2, True), (10, False)])
def test_opencv_passes_over_some_pictures_that_cannot_be_read(spoilt: int, comes: bool) -> None:
    class Spoilt:
        left = spoilt

        def grab(self) -> bool:
            return True

        def retrieve(self) -> tuple[bool, np.ndarray | None]:
            self.left -= 1
            return (False, None) if self.left >= 0 else (True, np.zeros((2, 2), np.uint8))

    reader = camera_opencv._Camera(Spoilt())
    if comes:
        assert reader.read()[1].shape == (2, 2, 3), "grey becomes colour"
    else:
        with pytest.raises(OSError, match="in a row"):
            reader.read()


def test_the_list_of_cameras_is_that_of_the_first_way(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list_cameras() == v4l2.cameras()
    assert list_cameras("synthetic")[0].formats[0].width == 1280
    monkeypatch.setattr(registry, "CAMERAS", ())
    assert list_cameras() == []
