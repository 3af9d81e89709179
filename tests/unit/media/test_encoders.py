"""The first encoder that really encodes is taken; its stream says what colours it holds."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from av import VideoFrame
from av.video.frame import PictureType

from media import encoders
from media.errors import EncoderError
from media.presets import VideoPreset, load

GHOST = VideoPreset("h264_ghost", True, ("linux", "win32", "darwin"), (), "yuv420p", {}, {})


@pytest.fixture
def ghost(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """An encoder that FFmpeg does not have, before those it has, and the answer of its probe."""

    def install(answer: str) -> list[str]:
        asked: list[str] = []
        presets = load()
        known = replace(presets, video=(GHOST, *presets.video))
        monkeypatch.setattr(encoders, "load", lambda: known)
        monkeypatch.setattr(encoders, "_probe_in_child", lambda name: asked.append(name) or answer)
        return asked

    return install


def test_libx264_encodes() -> None:
    encoders.probe("libx264")


def test_a_probe_in_a_child_tells_why_an_encoder_fails() -> None:
    assert "h264_nothing" in encoders._probe_in_child("h264_nothing")
    assert encoders._probe_in_child("libx264") == ""


def test_without_hardware_libx264_is_chosen_and_every_rejection_has_a_reason() -> None:
    choice = encoders.choose("libx264")
    assert choice.preset.name == "libx264"
    assert all(encoders.choose().rejected.values())


def test_a_working_hardware_encoder_comes_first(ghost: Callable[[str], list[str]]) -> None:
    ghost("")
    assert encoders.choose().preset is GHOST


def test_a_failing_one_is_asked_once_and_remembered(ghost: Callable[[str], list[str]]) -> None:
    asked = ghost("no device")
    first, second = encoders.choose(), encoders.choose()
    assert first.preset.name == second.preset.name != GHOST.name
    assert second.rejected[GHOST.name] == "no device"
    assert asked.count(GHOST.name) == 1


def test_a_new_driver_is_asked_again(ghost: Callable[[str], list[str]], heddle_home: Path) -> None:
    asked = ghost("no device")
    encoders.choose()
    cache = heddle_home / "encoders.json"
    cache.write_text(json.dumps({**json.loads(cache.read_text()), "key": "another machine"}))
    encoders.choose()
    assert asked.count(GHOST.name) == 2


def test_the_wanted_encoder_or_none() -> None:
    assert encoders.choose("libx264").preset.name == "libx264"
    with pytest.raises(EncoderError):
        encoders.choose("h264_videotoolbox" if "h264_videotoolbox" in encoders.choose().rejected else "x")


def test_the_light_settings_leave_the_headers_as_they_are() -> None:
    preset = load().video_named("libx264")
    normal = encoders.open_video(preset, 640, 360, 30)
    light = encoders.open_video(preset, 640, 360, 30, light=True)
    assert normal.extradata == light.extradata


def test_keys_come_when_asked_and_only_then() -> None:
    context = encoders.open_video(load().video_named("libx264"), 320, 180, 30)
    noise = np.random.default_rng(1)
    keys = []
    for index in range(40):
        frame = VideoFrame.from_numpy_buffer(
            noise.integers(0, 256, (270, 320), dtype=np.uint8), format="yuv420p"
        )
        frame.pts, frame.time_base = index * 3000, context.time_base
        frame.pict_type = PictureType.I if index == 25 else PictureType.NONE
        keys += [packet.pts // 3000 for packet in context.encode(frame) if packet.is_keyframe]
    assert keys == [0, 25]
