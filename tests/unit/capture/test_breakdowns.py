"""Whatever breaks in the middle of a take: it goes on, or it ends in a file that plays, with a word why."""

import itertools
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from capture import revive
from capture.compose import Composer
from capture.encode import SoundEncoder, VideoEncoder
from capture.output import OutputFile
from media import manifest
from media.clock import VIDEO_RATE
from media.muxer import FragmentMuxer
from tests.support import media
from tests.support.processes import Program, wait_until
from tests.support.recorder import lasted

AFTER = 25  # calls: pictures, packets, blocks


FOR_EVER = 10**9


def break_after(
    monkeypatch: pytest.MonkeyPatch, method: tuple[type, str], count: int, *, times: int = FOR_EVER
) -> None:
    """The method fails from its `count`th call on, `times` times."""
    owner, name = method
    works, calls = getattr(owner, name), itertools.count()

    def fragile(self: Any, *args: Any, **options: Any) -> Any:
        if count <= next(calls) < count + times:
            raise RuntimeError("something snapped")
        return works(self, *args, **options)

    monkeypatch.setattr(owner, name, fragile)


@pytest.mark.parametrize(
    ("method", "count"),
    [
        ((Composer, "compose"), AFTER),
        ((FragmentMuxer, "mux_video"), AFTER),
        ((FragmentMuxer, "mux_audio"), AFTER * 2),
        ((SoundEncoder, "encode"), AFTER * 4),
        ((OutputFile, "append"), 3),
    ],
)
def test_an_exception_in_any_stage_ends_in_a_playable_file(
    recorder: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: tuple[type, str], count: int
) -> None:
    break_after(monkeypatch, method, count)
    path = tmp_path / "take.mp4"
    recorder.start(path)
    end = recorder.finish()
    assert end["state"] == "finished"
    (error,) = recorder.named("error")
    assert error["code"] == "stage_failed"
    assert "something snapped" in error["detail"]
    assert media.decode_errors(path) == ""
    assert manifest.read(path).duration_s > 0.3


def test_an_encoder_that_dies_is_opened_again_and_the_take_goes_on(
    recorder: Any, film: Callable[[Path], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_after(monkeypatch, (VideoEncoder, "encode"), AFTER, times=1)
    path = tmp_path / "take.mp4"
    recorder.start(path, seconds=2.6)
    end = recorder.finish()
    assert (end["state"], recorder.named("error")) == ("finished", [])
    assert [health["code"] for health in recorder.named("health")] == ["encoder_reopened"]
    assert lasted(end["durationS"], 2.6)
    assert media.decode_errors(path) == ""
    # The one in whose middle it died, and the two on their boundary.
    assert len([key for _, key in film(path).pictures if key]) == 3


@pytest.fixture
def hung(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The codec waits for itself at one picture, as long as the test lasts."""
    works, calls, end = VideoEncoder.encode, itertools.count(), threading.Event()

    def hang(self: VideoEncoder, *args: Any, **options: Any) -> Any:
        if next(calls) == AFTER:
            end.wait()
        return works(self, *args, **options)

    monkeypatch.setattr(VideoEncoder, "encode", hang)
    monkeypatch.setattr(revive, "STALL_S", 1.0)
    yield
    end.set()


@pytest.mark.usefixtures("hung")
@pytest.mark.parametrize("encoder", ["libx264", "libsvtav1"])
def test_an_encoder_that_hangs_is_left_behind_and_the_take_goes_on(
    recorder: Any, film: Callable[[Path], Any], tmp_path: Path, encoder: str
) -> None:
    path = tmp_path / "take.mp4"
    recorder.start(path, encoder=encoder, seconds=3.6)
    end = recorder.finish()
    assert (end["state"], recorder.named("error")) == ("finished", [])
    (told,) = recorder.named("health")
    assert (told["code"], told["title"]) == (
        "encoder_stalled",
        f"The encoder hung and was opened again ({encoder})",
    )
    assert lasted(end["durationS"], 3.6)
    assert media.decode_errors(path) == ""
    # The picture at which it hung, and the two on their boundary.
    assert len([key for _, key in film(path).pictures if key]) == 3
    probe = media.probe(path)
    assert probe.last_audio_s == pytest.approx(probe.last_video_s, abs=0.15)


def test_an_encoder_that_stays_dead_ends_the_take_in_a_playable_file(
    recorder: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_after(monkeypatch, (VideoEncoder, "encode"), AFTER)
    path = tmp_path / "take.mp4"
    recorder.start(path)
    end = recorder.finish()
    assert end["state"] == "finished"
    assert [error["code"] for error in recorder.named("error")] == ["encoder_lost"]
    assert media.decode_errors(path) == ""


def test_an_encoder_that_cannot_make_the_same_headers_ends_the_take_with_a_reason(
    recorder: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Other:
        extradata = b"another encoder's"

    monkeypatch.setattr(revive, "open_video", lambda *_args, **_options: Other())
    break_after(monkeypatch, (VideoEncoder, "encode"), AFTER)
    recorder.start(tmp_path / "take.mp4")
    assert recorder.finish()["state"] == "finished"
    (error,) = recorder.named("error")
    assert error["code"] == "encoder_lost"
    assert "headers" in error["detail"]
    assert media.decode_errors(tmp_path / "take.mp4") == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that holds a process")
def test_a_recorder_that_was_held_leaves_that_time_out(tmp_path: Path) -> None:
    path = tmp_path / "take.mp4"
    with Program([sys.executable, "-m", "capture", "--control"]) as engine:
        engine.event("state", state="idle")
        engine.send(command="start", output=str(path), backend="synthetic", encoder="libx264")
        engine.first(
            lambda line: line.get("event") == "stats" and line["timeS"] > 1, timeout_s=20, what="a second"
        )
        os.kill(engine.pid, signal.SIGSTOP)
        held_at = time.monotonic()
        wait_until(lambda: time.monotonic() - held_at > 4.5, timeout_s=10, what="the time it is held")
        os.kill(engine.pid, signal.SIGCONT)
        engine.event("health", code="slept")
        before = max(event["timeS"] for event in engine.events if event["event"] == "stats")
        engine.send(command="stop")
        end = engine.event("state", state="finished")
    assert end["durationS"] < before + 3.0
    ((at, length),) = manifest.read(path).pauses
    assert 1.0 < at < 4.0
    assert length >= 3.0
    assert media.decode_errors(path) == ""
    probe = media.probe(path)
    assert probe.last_audio_s == pytest.approx(probe.last_video_s, abs=0.15)


# The engine, in a world where the wall's clock can be set: by as many seconds as a file says.
JUMPING = """
import datetime, pathlib, runpy, sys, time
real, jump = time.time, pathlib.Path(sys.argv[1])
time.time = lambda: real() + float(jump.read_text())
class Jumping(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)
datetime.datetime = Jumping
sys.argv = ["capture", "--control"]
runpy.run_module("capture", run_name="__main__")
"""


@pytest.mark.parametrize(("seconds", "way"), [(86_400, "forward"), (-86_400, "back")])
def test_a_clock_that_is_set_is_told_and_changes_nothing_in_the_file(
    seconds: float, way: str, film: Callable[[Path], Any], tmp_path: Path
) -> None:
    path, jump = tmp_path / "take.mp4", tmp_path / "jump"
    jump.write_text("0")
    with Program([sys.executable, "-c", JUMPING, jump]) as engine:
        engine.event("state", state="idle")
        engine.send(command="start", output=str(path), backend="synthetic", encoder="libx264")
        engine.first(
            lambda line: line.get("event") == "stats" and line["timeS"] > 0.5,
            timeout_s=20,
            what="half a second",
        )
        jump.write_text(str(seconds))
        told = engine.event("health", code="clock_jumped")
        engine.send(command="stop")
        end = engine.event("state", state="finished")
    assert f"{way} by 24.0 h" in told["title"]
    assert abs(told["at"] - time.time() - seconds) < 60
    written = manifest.read(path)
    assert written.receipt is not None
    lasted = datetime.fromisoformat(written.receipt.ended_at) - datetime.fromisoformat(written.created_at)
    assert end["durationS"] - 0.1 <= lasted.total_seconds() < end["durationS"] + 5.0
    assert written.pauses == ()
    assert media.decode_errors(path) == ""
    shown = [pts / VIDEO_RATE for pts, _ in film(path).pictures]
    assert max(after - before for before, after in itertools.pairwise(shown)) <= 0.55
    probe = media.probe(path)
    assert probe.last_audio_s == pytest.approx(probe.last_video_s, abs=0.15)
