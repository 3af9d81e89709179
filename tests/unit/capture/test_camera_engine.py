"""The engine as a process with a camera, for which a real video file stands, read by OpenCV and by PyAV."""

import contextlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from capture.preview import PreviewFrame, PreviewReader
from tests.support.onnx import brightness
from tests.support.processes import Program, wait_until

WALL = (10, 10, 10)


@pytest.fixture
def webcam(tmp_path: Path) -> Path:
    """Half a minute of a face on the left, before a dark wall."""
    path = tmp_path / "webcam.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30.0, (320, 180))
    picture = np.full((180, 320, 3), WALL, np.uint8)
    picture[:, :160] = (250, 250, 250)
    for _ in range(900):
        writer.write(picture)
    writer.release()
    return path


@pytest.fixture
def engine(no_leaks: None) -> Iterator[Program]:
    with Program([sys.executable, "-m", "capture", "--control"]) as engine:
        engine.event("state", state="idle")
        yield engine


def _shown(name: str) -> PreviewFrame:
    with contextlib.closing(PreviewReader(name)) as reader:
        return wait_until(reader.read, timeout_s=20, what="a picture in the window")


def _pixel(frame: PreviewFrame, x: int, y: int) -> tuple[int, ...]:
    at = y * frame.stride + x * 4
    return tuple(frame.pixels[at : at + 4])


@pytest.mark.parametrize("backend", ["opencv", "pyav"])
def test_a_window_sees_the_camera_while_idle_and_through_the_take(
    engine: Program, webcam: Path, tmp_path: Path, backend: str
) -> None:
    camera = {"camera": str(webcam), "cameraBackend": backend}
    engine.send(command="preview", on=True, **camera)
    name = engine.event("preview", on=True)["name"]
    frame = _shown(name)
    assert (frame.width, frame.height) == (320, 180)
    assert min(_pixel(frame, 300, 90)) > 230, "mirrored"
    assert max(_pixel(frame, 20, 90)[:3]) < 40

    take = tmp_path / "take.mp4"
    layout = {"layout": "bubble", "bubbleShape": "circle", "bubbleX": 0.5, "bubbleY": 0.5, "bubbleSize": 0.5}
    engine.send(
        command="start", output=str(take), backend="synthetic", display="still", encoder="libx264",
        audio=False, **layout, **camera,
    )  # fmt: skip
    engine.event("state", state="recording")
    before = frame.sequence
    with contextlib.closing(PreviewReader(name)) as reader:
        wait_until(lambda: reader.read(before), timeout_s=20, what="the window to go on during the take")
    engine.first(lambda line: line.get("timeS", 0) > 1.5, timeout_s=30, what="a second and a half")
    engine.send(command="stop")
    engine.event("state", state="finished", timeout_s=30)
    assert engine.wait(20) == 0
    assert not Path(name).exists()
    assert {event.get("code") for event in engine.events if event["event"] == "error"} == set()
    with av.open(str(take)) as file:
        last = list(file.decode(video=0))[-1].to_ndarray(format="bgr24")
    middle, right = last.shape[0] // 2, last.shape[1] // 2
    assert last[middle, right + 30].min() > 200, "the bright half is on the right of the bubble"
    assert last[middle, right - 30].max() < 60


def test_the_background_is_replaced_in_what_the_window_sees(
    engine: Program, webcam: Path, tmp_path: Path
) -> None:
    green = np.full((90, 160, 3), (0, 200, 0), np.uint8)
    cv2.imwrite(str(tmp_path / "green.png"), green)
    engine.send(
        command="preview", on=True, camera=str(webcam), mirrored=False,
        background=str(tmp_path / "green.png"), backgroundModel=str(brightness(tmp_path / "person.onnx")),
    )  # fmt: skip
    name = engine.event("preview", on=True)["name"]
    with contextlib.closing(PreviewReader(name)) as reader:

        def masked() -> PreviewFrame | None:
            frame = reader.read()
            return frame if frame and min(_pixel(frame, 20, 90)) > 230 else None

        frame = wait_until(masked, timeout_s=20, what="the first mask")
    assert _pixel(frame, 300, 90) == (0, 200, 0, 255), "the wall is gone"
    engine.send(command="preview", on=False)
    engine.event("preview", on=False)
    assert not Path(name).exists()


def test_a_background_without_a_model_is_refused_with_what_to_supply(engine: Program, webcam: Path) -> None:
    engine.send(command="preview", on=True, camera=str(webcam), background="blur")
    error = engine.event("error", code="background_refused")
    assert "--background-model" in error["hint"]


def test_an_engine_that_is_killed_leaves_nothing_for_long(
    engine: Program, webcam: Path, tmp_path: Path
) -> None:
    engine.send(command="preview", on=True, camera=str(webcam))
    name = engine.event("preview", on=True)["name"]
    _shown(name)
    engine.popen.send_signal(signal.SIGKILL)
    engine.wait(20)
    with Program([sys.executable, "-m", "capture", "--control"]) as other:
        other.send(command="preview", on=True, camera=str(webcam))
        other.event("preview", on=True)
        assert not Path(name).exists()
        other.close_stdin()
        assert other.wait(20) == 0
