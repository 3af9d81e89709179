"""The test of two seconds: it finds what a probe does not, and what replaces it."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from capture import registry, selftest
from capture.backends.synthetic import SyntheticSource
from capture.control import parse_start
from capture.encode import VideoEncoder
from capture.model import StartCommand
from capture.selftest import run
from tests.support.processes import Program
from tests.support.services import Screen


def asked(**options: Any) -> StartCommand:
    return parse_start({"output": "take.mp4", "backend": "synthetic", "encoder": "libx264", **options})


def codes(verdict: selftest.Verdict) -> list[str]:
    return [health.code for health in selftest.worries(verdict)]


def test_devices_that_work_pass_and_are_known_from_then_on() -> None:
    command = asked()
    assert selftest.known(command) is None
    verdict = run(command)
    assert (verdict.ok, verdict.replaced, codes(verdict)) == (True, (), [])
    told = verdict.describe()
    assert (told["event"], told["width"], told["height"], told["encoder"]) == ("test", 640, 360, "libx264")
    assert told["pictures"] > 4
    assert told["peakDb"] == pytest.approx(-14.0, abs=0.5)
    assert abs(told["avOffsetMs"]) < 100
    assert selftest.known(command) == command
    assert selftest.known(asked(display="still")) is None
    assert not Path("take.mp4").exists()


def test_a_screen_that_is_black_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def night(self: SyntheticSource, pixels: np.ndarray[Any, Any]) -> None:
        pixels[:] = 0

    monkeypatch.setattr(SyntheticSource, "_draw", night)
    verdict = run(asked(audio=False))
    assert (verdict.ok, codes(verdict)) == (True, ["test_black"])


def test_a_microphone_without_sound_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from capture.backends import synthetic_sound
    from capture.ports import Probe

    monkeypatch.setattr(synthetic_sound, "probe", lambda: Probe(usable=False, reason="none"))
    assert codes(run(asked())) == ["test_silent"]


def test_an_encoder_that_breaks_is_replaced_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    encode, broken = VideoEncoder.encode, "libx264"

    def fragile(self: VideoEncoder, *args: Any, **options: Any) -> Any:
        if self._format.preset.name == broken:
            raise RuntimeError("the driver is gone")
        return encode(self, *args, **options)

    monkeypatch.setattr(VideoEncoder, "encode", fragile)
    first = selftest.encoders.choose
    from media.presets import load

    def choose(request: Any = None, *, without: Any = ()) -> Any:
        if without == {broken}:
            return selftest.encoders.Choice(load().video_named("libx265"), {})
        return first(request, without=without)

    monkeypatch.setattr(selftest.encoders, "choose", choose)
    command = parse_start({"output": "take.mp4", "backend": "synthetic", "audio": False})
    if first(command.video).preset.name != broken:
        pytest.skip("this machine has an encoder that is better than libx264")
    verdict = run(command)
    assert (verdict.ok, codes(verdict)) == (True, ["test_replaced"])
    assert verdict.command.video.encoder == "libx265"
    assert "encoder" in verdict.replaced[0]
    found = selftest.known(command)
    assert found is not None
    assert found.video.encoder == "libx265"


def test_a_screen_that_fails_is_recorded_another_way(xvfb: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    first = selftest.try_out

    def fails_at_once(command: StartCommand, *more: Any) -> Any:
        if command.backend is None:
            return selftest.Trial(broken=True, reason="the screen is locked away")
        return first(command, *more)

    monkeypatch.setattr(selftest, "try_out", fails_at_once)
    monkeypatch.setattr(registry, "SCREENS", ("screen_x11", "screen_mss"))
    verdict = run(parse_start({"output": "take.mp4", "encoder": "libx264", "audio": False}))
    assert (verdict.ok, verdict.command.backend) == (True, "screen_mss")
    assert codes(verdict) == ["test_replaced", "test_black"]  # nothing is on this screen
    assert verdict.replaced[0] == "the screen is locked away"


def test_what_a_person_named_is_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    def dead(self: VideoEncoder, *args: Any, **options: Any) -> Any:
        raise RuntimeError("the driver is gone")

    monkeypatch.setattr(VideoEncoder, "encode", dead)
    verdict = run(asked(audio=False))
    assert (verdict.ok, codes(verdict)) == (False, ["test_failed"])
    assert verdict.command == asked(audio=False)
    assert selftest.known(asked(audio=False)) is None


def test_a_take_tests_its_devices_once(recorder: Any, tmp_path: Path) -> None:
    recorder.start(tmp_path / "take.mp4", selfTest=True, seconds=0.4)
    recorder.finish()
    assert recorder.states == ["testing", "preparing", "recording", "stopping", "finished"]
    (told,) = recorder.named("test")
    assert told["ok"]
    again = type(recorder)()
    again.start(tmp_path / "other.mp4", selfTest=True, seconds=0.4)
    again.finish()
    assert again.states[0] == "preparing"


def test_a_test_can_be_cancelled_and_leaves_nothing(recorder: Any, tmp_path: Path) -> None:
    recorder.start(tmp_path / "take.mp4", selfTest=True)
    recorder.session.cancel()
    assert recorder.finish()["state"] == "cancelled"
    assert list(tmp_path.glob("*.mp4*")) == []


def test_the_engine_tests_on_command_and_is_armed_again() -> None:
    with Program([sys.executable, "-m", "capture", "--control"]) as engine:
        engine.event("state", state="idle")
        engine.send(command="test", backend="synthetic", encoder="libx264")
        engine.event("state", state="testing")
        assert engine.event("test")["ok"]
        engine.event("state", state="idle")


def test_the_engine_tests_at_once(film: Callable[[Path], Any]) -> None:
    command = [sys.executable, "-m", "capture", "--test", "--backend", "synthetic", "--encoder", "libx264"]
    with Program(command) as engine:
        assert engine.wait(60) == 0
        told = json.loads(engine.stdout.splitlines()[-1])
    assert told["ok"]


def test_what_was_recorded_is_left_where_somebody_wants_to_see_it(tmp_path: Path) -> None:
    kept = tmp_path / "test.mp4"
    verdict = run(asked(keep=str(kept)))
    assert verdict.ok
    assert kept.stat().st_size > 1000
    assert selftest.known(asked()) == asked()  # where it is left says nothing about the devices
