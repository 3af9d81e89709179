"""A real sound server: what it plays is heard, and it may die and come back in the middle of a take."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from capture.backends import loopback_pulse
from capture.model import SoundBlock
from capture.sounddevices import list_microphones, list_system_audio
from tests.support.processes import Program, wait_until
from tests.support.recorder import lasted
from tests.support.services import Pulse, Screen, open_pulse, require

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="PulseAudio")


@contextlib.contextmanager
def tone(hertz: int, sink: str = "heddle") -> Iterator[None]:
    """Something plays into a sink."""
    require("ffmpeg")
    source = f"sine=frequency={hertz}:duration=600"
    command = ["ffmpeg", "-v", "error", "-re", "-f", "lavfi", "-i", source, "-f", "pulse", "-device", sink]
    with Program([*command, "tone"]):
        yield


def pactl(*arguments: str) -> None:
    subprocess.run(["pactl", *arguments], check=True, capture_output=True)


def loudest_hz(blocks: list[SoundBlock]) -> float:
    """Of the last half second; 0 for silence."""
    samples = np.frombuffer(b"".join(block.samples for block in blocks[-200:]), dtype=np.float32)
    sound = samples.reshape(-1, 2)[-24_000:, 0]
    if len(sound) < 24_000 or np.abs(sound[-2400:]).max() < 0.01:
        return 0.0
    return float(np.argmax(np.abs(np.fft.rfft(sound)))) * 48_000 / len(sound)


def test_what_the_machine_plays_is_heard_when_it_was_played(pulse: Pulse) -> None:
    blocks: list[SoundBlock] = []
    assert loopback_pulse.probe().usable
    source = loopback_pulse.open(blocks.append)
    try:
        with tone(1000):
            wait_until(
                lambda: loudest_hz(blocks) == pytest.approx(1000, abs=5), timeout_s=20, what="the tone"
            )
        assert source.failed() is None
        samples = np.cumsum([0] + [len(block.samples) // 8 for block in blocks[-101:]])
        lies = [block.at - count / 48_000 for block, count in zip(blocks[-101:], samples, strict=False)]
        assert np.std(lies) < 0.005
        assert abs(time.monotonic() - blocks[-1].at) < 3.0
    finally:
        source.close()
    count = len(blocks)
    assert source.failed() is None
    assert len(blocks) == count


def test_the_default_output_is_followed_when_it_becomes_another(pulse: Pulse) -> None:
    blocks: list[SoundBlock] = []
    source = loopback_pulse.open(blocks.append)
    try:
        pactl("load-module", "module-null-sink", "sink_name=headphones")
        for sink, hertz in (("headphones", 400), ("heddle", 1000)):
            pactl("set-default-sink", sink)  # before it plays: the server moves what plays along
            with tone(hertz, sink):
                wait_until(
                    lambda hertz=hertz: source.failed() or loudest_hz(blocks) == pytest.approx(hertz, abs=5),
                    timeout_s=20,
                    what=f"the tone of {hertz} Hz",
                )
            assert source.failed() is None
    finally:
        source.close()


def test_a_server_that_dies_ends_the_source_with_a_reason(pulse: Pulse) -> None:
    source = loopback_pulse.open(lambda block: None)
    pulse.process.kill()
    wait_until(source.failed, timeout_s=10, what="the loss")
    source.close()
    source.close()
    probe = loopback_pulse.probe()
    assert not probe.usable
    assert "cannot be reached" in probe.reason


def test_devices_are_listed_with_their_forms(pulse: Pulse) -> None:
    (system,) = list_system_audio()
    assert (system.id, system.channels, system.rate, system.default) == ("heddle.monitor", 2, 48_000, True)
    microphones = list_microphones()
    assert {"pulse", "default"} <= {one.id for one in microphones}
    assert sum(one.default for one in microphones) == 1
    assert all(one.channels > 0 and one.rate > 0 for one in microphones)


def test_without_a_server_the_lists_say_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    (system,) = list_system_audio()
    assert "cannot be reached" in system.reason
    assert "reason" in system.describe()


def test_both_sources_come_back_with_their_server(xvfb: Screen, pulse: Pulse, tmp_path: Path) -> None:
    path, folder = tmp_path / "take.mp4", pulse.socket.parent
    with Program([sys.executable, "-m", "capture", "--control"], env=xvfb.env) as program:
        program.event("state", state="idle")
        program.send(command="start", output=str(path), systemAudio=True, levels=True)
        program.event("state", state="recording")
        with tone(1000):
            heard(program)
        pulse.process.kill()
        pulse.process.wait()
        program.event("health", code="sound_lost")
        program.event("health", code="system_audio_lost")
        with open_pulse(folder), tone(1000):
            back = [program.event("health", code=code) for code in ("sound_back", "system_audio_back")]
            heard(program, since=max(event["at"] for event in back))
            program.send(command="stop")
            end = program.event("state", state="finished")
    with av.open(str(path), format="mp4") as file:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])
    assert len(sound) / 48_000 == pytest.approx(end["durationS"], abs=0.1)
    assert np.abs(sound[-24_000:]).max() > 0.05


def test_a_microphone_that_comes_late_is_taken_up(xvfb: Screen, pulse: Pulse, tmp_path: Path) -> None:
    folder = pulse.socket.parent
    pulse.process.kill()
    pulse.process.wait()
    with Program([sys.executable, "-m", "capture", "--control"], env=xvfb.env) as program:
        program.event("state", state="idle")
        program.send(command="start", output=str(tmp_path / "take.mp4"), systemAudio=True, levels=True)
        recording = program.event("state", state="recording")
        assert (recording["audio"], recording["systemAudio"]) == (None, None)
        program.event("health", code="no_microphone")
        program.event("health", code="no_system_audio")
        with open_pulse(folder), tone(1000):
            heard(program)
            program.send(command="stop")
            program.event("state", state="finished")


def heard(program: Program, since: float = 0.0) -> None:
    """Wait until both sources are loud."""
    program.first(
        lambda event: (
            event.get("event") == "level"
            and event["at"] > since
            and min(event["microphoneDb"], event["systemDb"]) > -30
        ),
        timeout_s=30,
        what="sound from both sources",
    )


def test_a_tone_from_the_sound_server_is_recorded(xvfb: Screen, pulse: Pulse, tmp_path: Path) -> None:
    require("ffmpeg")
    path = tmp_path / "take.mp4"
    tone = ["ffmpeg", "-v", "error", "-re", "-f", "lavfi", "-i", "sine=frequency=1000:duration=30"]
    with (
        Program([*tone, "-f", "pulse", "-device", "heddle", "tone"]),
        Program([sys.executable, "-m", "capture", "--output", path, "--seconds", "2.5"]) as program,
    ):
        assert program.event("state", state="recording")["audio"]
        end = program.event("state", state="finished")
    assert lasted(end["durationS"], 2.5)
    assert not [event for event in program.events if event.get("code") == "no_microphone"]
    sound = decode_sound(path)
    assert len(sound) / 48_000 == pytest.approx(2.5, abs=0.05)
    half = sound[60_000:108_000]
    spectrum = np.abs(np.fft.rfft(half))
    assert np.argmax(spectrum) * 48_000 / len(half) == pytest.approx(1000, abs=5)


def decode_sound(path: Path) -> np.ndarray:
    with av.open(str(path), format="mp4") as file:
        frames: list[Any] = [frame.to_ndarray()[0] for frame in file.decode(audio=0)]
    return np.concatenate(frames)


@pytest.mark.parametrize(("microphone", "heard"), [("pulse", True), ("nobody's microphone", False)])
def test_a_microphone_is_taken_by_its_name_or_missed_in_words(
    xvfb: Screen, pulse: Pulse, tmp_path: Path, microphone: str, heard: bool
) -> None:
    options = ["--output", tmp_path / "take.mp4", "--seconds", "0.6", "--microphone", microphone]
    with Program([sys.executable, "-m", "capture", *options]) as program:
        program.event("state", state="finished")
    missed = [event["title"] + event["detail"] for event in program.events if event["event"] == "health"]
    assert missed == [] if heard else microphone in missed[0]
