"""Takes with several sources of sound, judged by their files: mixed, apart, muted, measured."""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from typer.testing import CliRunner

from capture import aside
from desktop.cli import app
from media import manifest
from tests.support.processes import Program

MICROPHONE_HZ, SYSTEM_HZ = 440, 880


def loudness_db(sound: np.ndarray, hertz: float) -> float:
    """Of one tone, in dB of full scale."""
    at = np.arange(len(sound)) / 48_000
    window = np.hanning(len(sound))
    part = abs(np.sum(sound * window * np.exp(-2j * np.pi * hertz * at))) / window.sum() * 2
    return float(20 * np.log10(max(part, 1e-9)))


def tracks(path: Path) -> int:
    with av.open(str(path), format="mp4") as file:
        return len(file.streams.audio)


def test_microphone_and_system_audio_are_mixed_with_their_gains(
    recorder: Any, film: Callable[[Path], Any], tmp_path: Path
) -> None:
    path = tmp_path / "take.mp4"
    options = {"systemAudio": True, "microphoneGainDb": 6.0, "systemGainDb": -20.0}
    recorder.start(path, seconds=2.5, **options)
    assert recorder.finish()["state"] == "finished"
    recording = next(event for event in recorder.named("state") if event["state"] == "recording")
    assert (recording["audio"], recording["systemAudio"]) == ("synthetic", "synthetic")
    assert tracks(path) == 1
    sound = film(path).sound()[48_000:96_000]
    # A busy machine leaves short gaps, which make it a little quieter.
    assert loudness_db(sound, MICROPHONE_HZ) == pytest.approx(-14 + 6, abs=2)
    assert loudness_db(sound, SYSTEM_HZ) == pytest.approx(-14 - 20, abs=2)


def decode(path: Path) -> np.ndarray:
    with av.open(str(path), format="mp4") as file:
        assert not file.streams.video
        return np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])


def test_separate_sources_lie_beside_the_mix_and_are_as_long(
    recorder: Any, film: Callable[[Path], Any], tmp_path: Path
) -> None:
    path = tmp_path / "take.mp4"
    recorder.start(path, seconds=2.5, systemAudio=True, separateTracks=True)
    end = recorder.finish()
    assert tracks(path) == 1
    names = ("take.microphone.m4a", "take.system.m4a")
    assert end["receipt"]["soundFiles"] == [str(tmp_path / name) for name in names]
    receipt = manifest.read(path).receipt
    assert receipt is not None
    assert receipt.sound_files == names
    mix = film(path).sound()
    microphone, system = decode(tmp_path / "take.microphone.m4a"), decode(tmp_path / "take.system.m4a")
    assert len(mix) == len(microphone) == len(system)
    middle = slice(48_000, 96_000)
    # A busy machine leaves short gaps, which make it a little quieter.
    assert loudness_db(mix[middle], MICROPHONE_HZ) == pytest.approx(-14, abs=2)
    assert loudness_db(mix[middle], SYSTEM_HZ) == pytest.approx(-14, abs=2)
    assert loudness_db(microphone[middle], MICROPHONE_HZ) > -16
    assert loudness_db(microphone[middle], SYSTEM_HZ) < -60
    assert loudness_db(system[middle], SYSTEM_HZ) > -16
    assert loudness_db(system[middle], MICROPHONE_HZ) < -60


def test_separate_sources_follow_a_cancelled_take(recorder: Any, tmp_path: Path) -> None:
    recorder.start(tmp_path / "take.mp4", separateTracks=True)
    recorder.record_until(0.7)
    recorder.session.cancel()
    recorder.finish()
    video, sound = tmp_path / "take.mp4", tmp_path / "take.microphone.m4a"
    cancelled = tmp_path / "cancelled" / sound.name
    assert not sound.exists()
    assert len(decode(cancelled)) > 24_000
    assert aside.bring_back(tmp_path / "cancelled" / video.name) == video
    assert sound.exists()
    assert not cancelled.exists()


def test_separate_sources_go_with_a_cancelled_take_that_is_removed(recorder: Any, tmp_path: Path) -> None:
    recorder.start(tmp_path / "take.mp4", separateTracks=True)
    recorder.record_until(0.7)
    recorder.session.cancel()
    recorder.finish()
    assert len(aside.sweep(tmp_path, now=time.time() + 8 * 86_400)) == 1
    assert list((tmp_path / "cancelled").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that kills")
def test_separate_sources_survive_a_crash_and_are_found(tmp_path: Path) -> None:
    path = tmp_path / "take.mp4"
    with Program([sys.executable, "-m", "capture", "--control"]) as engine:
        engine.event("state", state="idle")
        engine.send(
            command="start", output=str(path), backend="synthetic", encoder="libx264", separateTracks=True
        )
        engine.first(
            lambda event: event.get("event") == "stats" and event["timeS"] >= 2,
            timeout_s=30,
            what="two seconds",
        )
        engine.popen.kill()
        engine.popen.wait()
    sound = tmp_path / "take.microphone.m4a"
    assert len(decode(sound)) > 0.8 * 48_000
    done = CliRunner().invoke(app, ["recover", str(tmp_path), "--json"], catch_exceptions=False)
    assert json.loads(done.output)["soundFiles"] == [str(sound)]


def test_a_separate_source_never_overwrites_a_file(recorder: Any, tmp_path: Path) -> None:
    old = tmp_path / "take.microphone.m4a"
    old.write_bytes(b"mine")
    recorder.start(tmp_path / "take.mp4", separateTracks=True)
    assert recorder.finish()["state"] == "failed"
    assert old.read_bytes() == b"mine"


def test_system_audio_alone_needs_no_microphone(
    recorder: Any, film: Callable[[Path], Any], tmp_path: Path
) -> None:
    path = tmp_path / "take.mp4"
    recorder.start(path, seconds=1.5, audio=False, systemAudio=True)
    recorder.finish()
    sound = film(path).sound()[24_000:60_000]
    assert loudness_db(sound, SYSTEM_HZ) > -16
    assert loudness_db(sound, MICROPHONE_HZ) < -60


def test_muting_silences_the_microphone_and_leaves_the_rest(
    recorder: Any, film: Callable[[Path], Any], tmp_path: Path
) -> None:
    path = tmp_path / "take.mp4"
    recorder.start(path, systemAudio=True)
    recorder.record_until(1.0)
    recorder.session.mute(on=True)
    off = recorder.session._clock.media_time()
    recorder.record_until(off + 1.0)
    recorder.session.mute(on=False)
    on = recorder.session._clock.media_time()
    recorder.record_until(on + 1.0)
    recorder.session.stop()
    recorder.finish()
    assert [event["on"] for event in recorder.named("muted")] == [True, False]
    sound = film(path).sound()

    def heard(begin_s: float, end_s: float, hertz: float = MICROPHONE_HZ) -> float:
        """The usual tenth of a second: over a long one, a tone that is stretched a little is none."""
        begin, end = round(begin_s * 48_000), round(end_s * 48_000)
        tenths = [sound[at : at + 4_800] for at in range(begin, end - 4_799, 4_800)]
        return statistics.median(loudness_db(tenth, hertz) for tenth in tenths)

    assert heard(off - 0.5, off - 0.05) > -16
    assert heard(off + 0.08, on - 0.05) < -50
    assert heard(on + 0.08, on + 0.8) > -16
    assert heard(off + 0.1, on - 0.1, SYSTEM_HZ) > -16


def test_muting_is_refused_while_nothing_is_recorded(recorder: Any) -> None:
    recorder.session.mute(on=True)
    assert recorder.named("error")[0]["code"] == "illegal_command"


def test_levels_are_told_only_when_asked_for(recorder: Any, tmp_path: Path) -> None:
    recorder.start(tmp_path / "take.mp4", seconds=1.5, systemAudio=True, systemGainDb=-10.0, levels=True)
    recorder.finish()
    levels = recorder.named("level")
    assert 5 <= len(levels) <= 25
    loud = levels[len(levels) // 2]
    assert loud["microphoneDb"] == pytest.approx(-17, abs=1)
    assert loud["peakMicrophoneDb"] == pytest.approx(-14, abs=1)
    assert loud["systemDb"] == pytest.approx(-27, abs=1)
    assert loud["peakSystemDb"] == pytest.approx(-24, abs=1)


def test_nobody_who_does_not_ask_is_told_levels(recorder: Any, tmp_path: Path) -> None:
    recorder.start(tmp_path / "take.mp4", seconds=1.0)
    recorder.finish()
    assert recorder.named("level") == []


def test_a_dead_microphone_is_told_after_three_seconds(
    recorder: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from capture.backends import synthetic_sound

    monkeypatch.setattr(synthetic_sound, "LEVEL", 0.0)
    recorder.start(tmp_path / "take.mp4", seconds=4.5)
    recorder.finish()
    assert [health["code"] for health in recorder.named("health")] == ["microphone_flat"]


def test_noise_suppression_keeps_speech_in_its_place(
    recorder: Any, film: Callable[[Path], Any], tmp_path: Path
) -> None:
    path = tmp_path / "take.mp4"
    recorder.start(path, seconds=2.0, denoise=True)
    end = recorder.finish()
    cleaned = film(path)
    # On a busy machine the last picture comes a little after the last sound.
    assert cleaned.sound_s == pytest.approx(end["durationS"], abs=0.1)
    assert loudness_db(cleaned.sound()[24_000:72_000], MICROPHONE_HZ) == pytest.approx(-14, abs=1)
