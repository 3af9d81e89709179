"""Recorded files show screen and camera where the layout puts them; the layout changes live."""

from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from capture.backends.synthetic_camera import PERSON, WALL
from capture.layout import Layout
from tests.support.onnx import brightness

CAMERA = {"camera": "synthetic", "cameraWidth": 320, "cameraHeight": 180, "display": "still", "audio": False}
RIGHT_STRIPE = (255, 255, 255)  # of the synthetic page, BGR


def frames(path: Path) -> list[tuple[float, np.ndarray]]:
    """Time in seconds and BGR pixels of all pictures."""
    with av.open(str(path), format="mp4") as file:
        return [(float(f.time or 0), f.to_ndarray(format="bgr24")) for f in file.decode(video=0)]


def near(pixel: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool(np.abs(pixel.astype(int) - colour).max() < 16)


def test_a_bubble_is_in_the_file_where_it_was_put(recorder: Any, tmp_path: Path) -> None:
    path = tmp_path / "take.mp4"
    recorder.start(path, **CAMERA, bubbleX=0.75, bubbleY=0.25, bubbleSize=0.4, seconds=0.8)
    recorder.finish()
    place = Layout(x=0.75, y=0.25, size=0.4).place(640, 360)
    _, last = frames(path)[-1]
    assert last.shape == (360, 640, 3)
    centre = (place.y + place.height // 2, place.x + place.width // 2)
    assert near(last[centre], PERSON)
    assert near(last[centre[0], place.x + 12], WALL)
    corners = [(place.y + 3, place.x + 3), (place.bottom - 3, place.right - 3)]
    assert not any(near(last[corner], WALL) for corner in corners)
    assert near(last[340, 630], RIGHT_STRIPE)


def test_a_moving_camera_makes_pictures_of_a_screen_that_stands_still(recorder: Any, tmp_path: Path) -> None:
    recorder.start(tmp_path / "take.mp4", **CAMERA, seconds=2.0)
    end = recorder.finish()
    assert end["encoded"] > 15


def test_layouts_change_while_it_records_and_the_size_stays(recorder: Any, tmp_path: Path) -> None:
    path, session = tmp_path / "take.mp4", recorder.session
    recorder.start(path, **CAMERA, layout="screen")
    at: dict[str, float] = {}
    for seconds, layout in ((0.6, "bubble"), (1.2, "camera"), (1.8, "swapped"), (2.4, "screen")):
        recorder.record_until(seconds)
        session.arrange({"layout": layout, "bubbleX": 1, "bubbleY": 1, "bubbleSize": 0.5})
        at[layout] = session._clock.media_time()
    recorder.record_until(3.0)
    session.stop()
    recorder.finish()
    film = frames(path)
    assert {picture.shape for _, picture in film} == {(360, 640, 3)}

    def seen(begin: float) -> np.ndarray:
        return next(picture for time, picture in film if time > begin + 0.3)

    corner, middle, edge = (350, 635), (180, 320), (350, 10)
    first = film[0][1]
    bubble, camera, swapped, screen = (seen(at[name]) for name in ("bubble", "camera", "swapped", "screen"))
    assert near(first[corner], RIGHT_STRIPE)
    assert near(bubble[270, 550], PERSON)
    assert near(bubble[edge], first[edge].tolist())
    assert near(camera[middle], PERSON)
    assert near(camera[edge], WALL)
    assert near(swapped[middle[0] - 30, middle[1]], PERSON)
    assert near(swapped[340, 610], RIGHT_STRIPE)
    assert near(screen[corner], RIGHT_STRIPE)
    told = recorder.named("layout")
    assert [event["layout"] for event in told] == ["bubble", "camera", "swapped", "screen"]
    assert told[0]["bubbleSize"] == 0.5


def test_a_camera_is_recorded_without_a_screen(recorder: Any, tmp_path: Path) -> None:
    path = tmp_path / "take.mp4"
    recorder.start(path, **{**CAMERA, "backend": "nowhere"}, screen=False, seconds=0.6)
    recorder.finish()
    _, last = frames(path)[-1]
    assert last.shape == (180, 320, 3)
    assert near(last[90, 160], PERSON)
    (info,) = [event for event in recorder.named("state") if event["state"] == "recording"]
    assert info["backend"] == "camera"


def test_a_take_is_scaled_to_a_height(recorder: Any, film: Any, tmp_path: Path) -> None:
    recorder.start(tmp_path / "take.mp4", height=180, seconds=0.4, audio=False)
    recorder.finish()
    assert film(tmp_path / "take.mp4").size == (320, 180)


@pytest.mark.parametrize("started", [True, False])
def test_a_layout_without_a_camera_is_refused_and_the_take_goes_on(
    recorder: Any, tmp_path: Path, started: bool
) -> None:
    from capture.control import obey

    if started:
        recorder.start(tmp_path / "take.mp4", audio=False)
        recorder.record_until(0.3)
    obey(recorder.session, '{"command": "layout", "layout": "camera"}')
    (error,) = recorder.named("error")
    assert error["code"] == "illegal_command"
    assert "camera" in error["hint"]
    if started:
        recorder.session.stop()
        assert recorder.finish()["state"] == "finished"


def test_neither_screen_nor_camera_is_refused(tmp_path: Path) -> None:
    from capture.control import parse_start
    from capture.errors import BadCommand

    with pytest.raises(BadCommand, match="screen"):
        parse_start({"output": str(tmp_path / "take.mp4"), "screen": False})


def test_a_layout_chosen_while_the_take_is_opened_is_the_one_it_begins_with(
    recorder: Any, tmp_path: Path
) -> None:
    path = tmp_path / "take.mp4"
    recorder.start(path, **CAMERA, countdown=1)
    recorder.session.arrange({"layout": "camera"})
    recorder.record_until(0.4)
    recorder.session.stop()
    recorder.finish()
    assert near(frames(path)[-1][1][350, 10], WALL)


def test_a_take_begun_again_has_the_layout_chosen_last(recorder: Any, tmp_path: Path) -> None:
    path = tmp_path / "take.mp4"
    recorder.start(path, **CAMERA)
    recorder.record_until(0.3)
    recorder.session.arrange({"layout": "camera"})
    recorder.session.restart()
    recorder.record_until(0.4)
    recorder.session.stop()
    recorder.finish()
    assert near(frames(path)[-1][1][350, 10], WALL)


def test_mirror_and_background_change_while_it_records(recorder: Any, tmp_path: Path) -> None:
    from capture.control import obey

    path, session = tmp_path / "take.mp4", recorder.session
    green = np.full((90, 160, 3), (0, 200, 0), np.uint8)
    cv2.imwrite(str(tmp_path / "green.png"), green)
    model = str(brightness(tmp_path / "person.onnx"))
    recorder.start(path, **CAMERA, layout="camera", backgroundModel=model)
    recorder.record_until(0.6)
    obey(session, '{"command": "camera", "background": "blur", "backgroundModel": "/nowhere.onnx"}')
    session.treat({"mirrored": False, "background": str(tmp_path / "green.png")})
    changed = session._clock.media_time()
    recorder.record_until(changed + 1.0)
    session.treat({"background": "none"})
    restored = session._clock.media_time()
    recorder.record_until(restored + 0.5)
    session.stop()
    recorder.finish()
    film = frames(path)
    assert any(near(picture[350, 10], WALL) for time, picture in film if time < changed)
    replaced = [picture for time, picture in film if changed + 0.3 < time < restored]
    assert any(near(picture[350, 10], (0, 200, 0)) for picture in replaced)
    assert near(film[-1][1][350, 10], WALL)
    assert [error["code"] for error in recorder.named("error")] == ["background_refused"]
    assert recorder.named("camera")[-1]["background"] is None
    assert recorder.named("camera")[-1]["mirrored"] is False
