"""Whole takes from generated pictures and sound, judged by the file they leave."""

import hashlib
import itertools
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from media import manifest
from media.fragments import scan
from media.manifest import TakeState
from tests.support.recorder import lasted
from tests.support.tmpfs import small_disk

KEY = 180_000


def test_a_take_plays_as_long_as_it_was_recorded(
    recorder: Any, film: Callable[[Path], Any], tmp_path: Path
) -> None:
    path = tmp_path / "take.mp4"
    recorder.start(path, seconds=2.6, title="Hello")
    end = recorder.finish()
    assert recorder.states == ["preparing", "recording", "stopping", "finished"]
    made = film(path)
    assert made.size == (640, 360)
    assert made.video_frames == len(made.pictures) == end["encoded"]
    assert lasted(end["durationS"], 2.6)
    assert made.sound_s == pytest.approx(end["durationS"], abs=0.05)
    stamps = [pts for pts, _ in made.pictures]
    assert stamps[0] == 0
    assert all(later > earlier for earlier, later in itertools.pairwise(stamps))
    assert [pts for pts, key in made.pictures if key] == [0, KEY]
    data = path.read_bytes()
    assert end["sha256"] == hashlib.sha256(data).hexdigest()
    assert end["bytes"] == len(data)
    stored = manifest.read(path)
    assert (stored.state, stored.title, stored.id) == (TakeState.FINISHED, "Hello", end["id"])
    assert (stored.audio_codec, stored.sha256) == ("aac", end["sha256"])


def test_a_still_screen_still_gives_half_second_fragments(recorder: Any, tmp_path: Path) -> None:
    recorder.start(tmp_path / "take.mp4", display="still", audio=False, seconds=3.2)
    end = recorder.finish()
    with (tmp_path / "take.mp4").open("rb") as file:
        index = scan(file)
    assert [round(one.duration_s, 2) for one in index.fragments] == [0.5] * 6 + [0.2]
    assert end["grabbed"] == 1
    assert end["encoded"] <= 8


def test_a_pause_takes_the_same_time_out_of_picture_and_sound(
    recorder: Any, film: Callable[[Path], Any], tmp_path: Path
) -> None:
    path = tmp_path / "take.mp4"
    recorder.start(path)
    recorder.record_until(0.7)
    recorder.session.pause()
    paused_at = recorder.session._clock.media_time()
    recorder.until(lambda: len(recorder.named("stats")) >= 3, "statistics while paused")
    recorder.session.resume()
    recorder.record_until(1.5)
    recorder.session.stop()
    total = recorder.session._clock.media_time()
    end = recorder.finish()
    assert recorder.states == ["preparing", "recording", "paused", "recording", "stopping", "finished"]
    assert end["durationS"] == pytest.approx(total, abs=0.05)
    assert film(path).sound_s == pytest.approx(total, abs=0.05)
    ((at, length),) = manifest.read(path).pauses
    assert at == pytest.approx(paused_at)
    assert length > 0.5


def test_commands_out_of_turn_are_errors_that_change_nothing(recorder: Any, tmp_path: Path) -> None:
    recorder.session.pause()
    recorder.start(tmp_path / "take.mp4", seconds=0.6)
    recorder.start(tmp_path / "other.mp4")
    recorder.until(lambda: "recording" in recorder.states, "the first picture")
    recorder.session.resume()
    end = recorder.finish()
    assert [error["code"] for error in recorder.named("error")] == ["illegal_command"] * 3
    assert end["state"] == "finished"
    assert not (tmp_path / "other.mp4").exists()


def test_a_cancelled_take_is_kept_aside(recorder: Any, film: Callable[[Path], Any], tmp_path: Path) -> None:
    recorder.start(tmp_path / "take.mp4")
    recorder.record_until(0.7)
    recorder.session.cancel()
    end = recorder.finish()
    assert end["state"] == "cancelled"
    kept = tmp_path / "cancelled" / "take.mp4"
    assert Path(end["path"]) == kept
    assert film(kept).video_frames > 5
    assert manifest.read(kept).state is TakeState.CANCELLED


def test_a_region_has_its_size(recorder: Any, film: Callable[[Path], Any], tmp_path: Path) -> None:
    recorder.start(tmp_path / "take.mp4", region=[11, 7, 101, 63], seconds=0.3, audio=False)
    recorder.finish()
    made = film(tmp_path / "take.mp4")
    assert made.size == (100, 62)
    assert not made.has_sound


def test_statistics_come_once_a_second_with_every_counter(recorder: Any, tmp_path: Path) -> None:
    recorder.start(tmp_path / "take.mp4", seconds=1.8)
    recorder.finish()
    stats = recorder.named("stats")
    assert len(stats) == 1
    wanted = {"timeS", "bytes", "fps", "fragments", "grabbed", "unchanged", "dropped", "late", "encoded"}
    assert wanted | {"audioDrops", "queues"} <= set(stats[-1])
    assert stats[-1]["bytes"] > 0


def test_what_cannot_start_fails_with_a_reason_and_leaves_nothing(recorder: Any, tmp_path: Path) -> None:
    folder = tmp_path / "takes"
    recorder.start(folder / "take.mp4", region=[5000, 0, 100, 100])
    recorder.finish()
    assert recorder.states == ["preparing", "failed"]
    assert recorder.named("error")[0]["code"] == "bad_region"
    assert not folder.exists()


@pytest.mark.parametrize(("codec", "sample_entry"), [("hevc", "hvc1"), ("av1", "av01")])
def test_a_take_in_another_codec_is_whole_and_names_itself(
    codec: str, sample_entry: str, recorder: Any, film: Callable[[Path], Any], tmp_path: Path
) -> None:
    path = tmp_path / "take.mp4"
    recorder.start(path, seconds=2.5, encoder=None, codec=codec, quality="small", maxBitrate=2_000_000)
    end = recorder.finish()
    assert film(path).video_frames >= end["encoded"] > 10
    with path.open("rb") as file:
        assert scan(file).tracks[0].codec.startswith(sample_entry)
    assert manifest.read(path).video_codec == codec


def test_an_encoder_that_does_not_open_leaves_nothing(
    recorder: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from media import encoders
    from media.presets import load

    choice = encoders.Choice(load().video_named("h264_nvenc"), {})
    monkeypatch.setattr(encoders, "choose", lambda request=None: choice)
    folder = tmp_path / "takes"
    recorder.start(folder / "take.mp4")
    recorder.finish()
    assert recorder.states == ["preparing", "failed"]
    assert recorder.named("error")[0]["code"] == "no_encoder"
    assert list(folder.iterdir()) == []


def test_a_full_disk_ends_the_take_in_a_playable_file(
    recorder: Any, film: Callable[[Path], Any], tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", 4) as disk:
        path = disk / "take.mp4"
        recorder.start(path, display="motion", fps=30)
        end = recorder.finish()
        assert end["state"] == "finished"
        assert film(path).video_frames > 10
        assert manifest.read(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    (error,) = recorder.named("error")
    assert error["code"] == "disk_full"
    assert "Make room" in error["hint"]


def test_a_screen_that_goes_away_leaves_a_playable_file(
    recorder: Any, film: Callable[[Path], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from capture import staging
    from capture.backends.synthetic import SyntheticSource
    from capture.errors import ScreenLost
    from capture.watchdog import Limits, WatchedSource

    monkeypatch.setattr(staging, "WatchedSource", partial(WatchedSource, limits=Limits(give_up_s=0.2)))
    draw, count = SyntheticSource._draw, itertools.count()

    def fragile(self: SyntheticSource, pixels: Any) -> None:
        if next(count) > 20:
            raise ScreenLost("The screen went away")
        draw(self, pixels)

    monkeypatch.setattr(SyntheticSource, "_draw", fragile)
    recorder.start(tmp_path / "take.mp4")
    end = recorder.finish()
    assert (end["state"], recorder.named("error")[0]["code"]) == ("finished", "screen_lost")
    assert film(tmp_path / "take.mp4").video_frames > 10
    assert "screen_away" in [event["code"] for event in recorder.named("health")]
    assert recorder.session.failed


def test_a_microphone_that_goes_away_costs_only_its_sound_until_it_is_back(
    recorder: Any, film: Callable[[Path], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from capture.backends.synthetic_sound import Tone

    unplugged: list[Tone] = []

    def dying(self: Tone) -> str | None:
        if not unplugged and recorder.session._clock.media_time() > 0.5:
            unplugged.append(self)
        return "It was unplugged." if self in unplugged else None

    monkeypatch.setattr(Tone, "failed", dying)
    recorder.start(tmp_path / "take.mp4", seconds=3.5)
    end = recorder.finish()
    assert end["state"] == "finished"
    assert [health["code"] for health in recorder.named("health")] == ["sound_lost", "sound_back"]
    whole = film(tmp_path / "take.mp4")
    assert lasted(whole.sound_s, 3.5)
    # What came back late on a busy machine is kept, though the picture has ended.
    assert whole.sound_s == pytest.approx(end["durationS"], abs=0.3)
    sound = whole.sound()
    assert np.abs(sound[9_600:19_200]).max() > 0.1
    assert np.abs(sound[-19_200:]).max() > 0.1
    assert longest_silence_s(sound) > 0.15


def longest_silence_s(sound: np.ndarray) -> float:
    quiet = np.abs(sound[: len(sound) // 480 * 480].reshape(-1, 480)).max(axis=1) < 0.001
    longest = run = 0
    for each in quiet:
        run = run + 1 if each else 0
        longest = max(longest, run)
    return longest / 100


def test_without_a_microphone_the_track_is_silent_and_somebody_is_told(
    recorder: Any, film: Callable[[Path], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from capture.backends import synthetic_sound
    from capture.ports import Probe

    monkeypatch.setattr(synthetic_sound, "probe", lambda: Probe(usable=False, reason="none"))
    recorder.start(tmp_path / "take.mp4", seconds=1.2)
    recorder.finish()
    assert recorder.named("health")[0]["code"] == "no_microphone"
    # A machine with much to do looks at the limit late, and the silence has gone on until then.
    assert 1.15 <= film(tmp_path / "take.mp4").sound_s <= 2.0


def test_an_encoder_that_is_too_slow_lowers_the_rate_and_then_the_effort(
    recorder: Any, film: Callable[[Path], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from capture import overload
    from capture.encode import VideoEncoder

    encode, slow = VideoEncoder.encode, threading.Event()

    def crawl(self: VideoEncoder, *args: Any, **options: Any) -> Any:
        if not self.light:
            slow.wait(0.15)
        return encode(self, *args, **options)

    monkeypatch.setattr(VideoEncoder, "encode", crawl)
    monkeypatch.setattr(overload.Overload.__init__, "__defaults__", (0.4,))
    recorder.start(tmp_path / "take.mp4", display="motion", region=[0, 0, 64, 64], seconds=5, audio=False)
    end = recorder.finish()
    codes = [health["code"] for health in recorder.named("health")]
    assert codes == ["overload_rate", "overload_encoder"]
    assert end["dropped"] > 0
    assert film(tmp_path / "take.mp4").video_frames == end["encoded"]


def test_a_take_is_scaled_to_the_height_asked_for(
    recorder: Any, film: Callable[[Path], Any], tmp_path: Path
) -> None:
    recorder.start(tmp_path / "take.mp4", height=180, seconds=0.3)
    recorder.finish()
    assert film(tmp_path / "take.mp4").size == (320, 180)


@pytest.mark.parametrize("fps", [24, 25, 30, 60])
def test_a_film_has_exactly_the_rate_that_was_chosen(
    recorder: Any, film: Callable[[Path], Any], tmp_path: Path, fps: int
) -> None:
    path = tmp_path / "take.mp4"
    recorder.start(path, fps=fps, seconds=2.6)
    end = recorder.finish()
    made = film(path)
    ticks = 90_000 // fps
    assert all(pts % ticks == 0 for pts, _ in made.pictures)
    assert [pts for pts, key in made.pictures if key] == [0, KEY]
    gaps = [later - earlier for (earlier, _), (later, _) in itertools.pairwise(made.pictures)]
    # A picture may be missing where the machine was too slow for it, and is counted then.
    missing = end["late"] + end["dropped"] + end["unchanged"]
    assert sum(gap // ticks - 1 for gap in gaps) <= missing
    with path.open("rb") as file:
        assert all(one.duration_s <= 0.55 for one in scan(file).fragments)
