"""Blur and replacement, with a real network that takes what is bright for a person."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from capture.camera.background import Background, Poster, mix, open_background
from capture.camera.model import CameraRequest
from capture.camera.network import Network
from capture.camera.onnx import input_shape
from capture.camera.treatment import treatment_for
from capture.errors import BackgroundRefused
from capture.health import Health
from tests.support.onnx import brightness
from tests.support.processes import wait_until

pytestmark = pytest.mark.usefixtures("no_leaks")

BRIGHT, DARK, GREEN = (240, 230, 250), (30, 10, 20), (0, 200, 0)
SHAPES = [{}, {"channels": 2}, {"last": True}, {"channels": 2, "last": True}]


def _scene() -> np.ndarray:
    """A bright person right of the middle, before a dark wall with a fine pattern on it."""
    scene = np.empty((180, 320, 3), np.uint8)
    scene[:] = DARK
    scene[::2, ::2] = (90, 90, 90)
    scene[40:180, 200:280] = BRIGHT
    return scene


@pytest.fixture
def opened() -> Iterator[list[Background]]:
    backgrounds: list[Background] = []
    yield backgrounds
    for background in backgrounds:
        background.close()


def _masked(background: Background, pixels: np.ndarray) -> np.ndarray:
    """The picture once the network has seen one."""
    background.apply(pixels)
    wait_until(lambda: background._masks.made, timeout_s=20, what="a mask")
    return background.apply(pixels)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_network_finds_what_is_bright(shape: dict[str, Any], tmp_path: Path) -> None:
    mask = Network(brightness(tmp_path / "m.onnx", **shape)).mask(_scene())
    assert mask.shape == (36, 64)
    assert mask[20, 48] == 255
    assert mask[:, :36].max() == 0


def test_the_picture_behind_is_replaced_and_the_person_stays(
    tmp_path: Path, opened: list[Background]
) -> None:
    poster = np.empty((100, 400, 3), np.uint8)
    poster[:] = GREEN
    cv2.imwrite(str(tmp_path / "green.png"), poster)
    model = brightness(tmp_path / "m.onnx")
    opened.append(open_background(str(tmp_path / "green.png"), model, lambda health: None))
    scene = _scene()
    out = _masked(opened[0], scene)
    assert out.shape == scene.shape
    assert np.array_equal(out[60:170, 210:270], scene[60:170, 210:270]), "the person is untouched"
    assert (out[:, :180] == GREEN).all(), "nothing of the wall is left"
    assert scene[0, 1].tolist() == list(DARK), "the camera's own picture is not written to"


def test_blur_takes_the_detail_behind_and_leaves_the_person(tmp_path: Path, opened: list[Background]) -> None:
    opened.append(open_background("blur", brightness(tmp_path / "m.onnx"), lambda health: None))
    scene = _scene()
    out = _masked(opened[0], scene)
    assert np.array_equal(out[60:170, 210:270], scene[60:170, 210:270])
    assert scene[20:160, 20:160].std(axis=(0, 1)).min() > 20
    assert out[20:160, 20:160].std(axis=(0, 1)).max() < 1.5


def test_nothing_shows_before_there_is_a_mask_or_after_the_network_failed(tmp_path: Path) -> None:
    told: list[Health] = []
    background = open_background("blur", brightness(tmp_path / "m.onnx"), told.append)
    try:
        hidden = background._backdrop.behind(_scene())
        assert np.array_equal(background.apply(_scene()), hidden)
        _masked(background, _scene())
        background._masks._network._net = None
        background.apply(_scene())
        wait_until(lambda: told, timeout_s=20, what="word of the failure")
        wait_until(lambda: not background._masks._thread.is_alive(), timeout_s=20, what="the thread's end")
        assert np.array_equal(background.apply(_scene()), hidden)
    finally:
        background.close()
    assert [health.code for health in told] == ["background_stuck"]


def test_mixing_is_exact_at_both_ends() -> None:
    rng = np.random.default_rng(3)
    person, behind = (rng.integers(0, 256, (16, 16, 3), dtype=np.uint8) for _ in range(2))
    full, none = np.full((16, 16), 255, np.uint8), np.zeros((16, 16), np.uint8)
    assert np.array_equal(mix(person, behind, full), person)
    assert np.array_equal(mix(person, behind, none), behind)
    half = mix(person, behind, np.full((16, 16), 128, np.uint8)).astype(int)
    assert np.abs(half - (person.astype(int) + behind) / 2).max() <= 2


def test_a_background_without_a_model_says_what_to_supply_and_where() -> None:
    with pytest.raises(BackgroundRefused) as refused:
        treatment_for(CameraRequest(background="blur"), lambda health: None)
    assert "ONNX" in refused.value.hint
    assert "--background-model" in refused.value.hint
    assert "backgroundModel" in refused.value.hint


@pytest.mark.parametrize("content", [None, b"", b"nonsense" * 9, b"\x3a\x05abc", b"\x3a\xff\xff\xff\xff\x0f"])
def test_what_is_no_network_is_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BackgroundRefused, match=r"m\.onnx"):
        Network(path)


def test_a_network_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    path = brightness(tmp_path / "m.onnx")
    whole = path.read_bytes()
    for end in range(0, len(whole), 7):
        path.write_bytes(whole[:end])
        with pytest.raises(BackgroundRefused):
            Network(path)


def test_the_input_is_read_from_the_file(tmp_path: Path) -> None:
    assert input_shape(brightness(tmp_path / "a.onnx", (80, 48)).read_bytes()) == (1, 3, 48, 80)
    assert input_shape(brightness(tmp_path / "b.onnx", (80, 48), last=True).read_bytes()) == (1, 48, 80, 3)


def test_a_file_beside_the_network_says_how_it_was_trained(tmp_path: Path) -> None:
    """Taking off half the brightness leaves nothing brighter than half; the other channel is its opposite."""
    path = brightness(tmp_path / "m.onnx", channels=2)
    beside = tmp_path / "m.toml"
    beside.write_text('mean = [0.6, 0.6, 0.6]\nstd = [1, 1, 1]\ncolours = "bgr"\n')
    assert Network(path).mask(_scene()).max() == 0
    beside.write_text("person = 0\n")
    assert Network(path).mask(_scene())[20, 48] == 0
    for wrong in ("std = [0, 0, 0]", "mean = 3", "colours = 'x'", "person = 2", "size = 3", "mean = ["):
        beside.write_text(wrong)
        with pytest.raises(BackgroundRefused):
            Network(path)


def test_a_picture_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"no picture")
    for name in ("x.png", "missing.png"):
        with pytest.raises(BackgroundRefused, match=name):
            Poster(tmp_path / name)


def test_the_picture_behind_fills_the_frame_whatever_its_shape(tmp_path: Path) -> None:
    tall = np.zeros((300, 100, 3), np.uint8)
    tall[140:160] = GREEN
    cv2.imwrite(str(tmp_path / "tall.png"), tall)
    out = Poster(tmp_path / "tall.png").behind(_scene())
    assert out.shape == (180, 320, 3)
    assert (out[90] == GREEN).all()


def test_mirroring_comes_before_the_background(tmp_path: Path, opened: list[Background]) -> None:
    """A person on the right is seen on the left; what is written in the background picture stays readable."""
    poster = np.zeros((180, 320, 3), np.uint8)
    poster[:, 300:] = GREEN
    cv2.imwrite(str(tmp_path / "p.png"), poster)
    request = CameraRequest(background=str(tmp_path / "p.png"), model=brightness(tmp_path / "m.onnx"))
    treat = treatment_for(request, lambda health: None)
    opened.append(treat._background)
    treat.apply(_scene())
    wait_until(lambda: opened[0]._masks.made, timeout_s=20, what="a mask")
    out = treat.apply(_scene())
    assert out[100, 320 - 240].tolist() == list(BRIGHT)
    assert out[100, 310].tolist() == list(GREEN)


def test_without_a_wish_the_picture_is_only_mirrored() -> None:
    scene = _scene()
    assert np.array_equal(treatment_for(CameraRequest(), print).apply(scene), scene[:, ::-1])
    assert treatment_for(CameraRequest(mirrored=False), print).apply(scene) is scene
