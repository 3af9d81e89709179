"""What a person can do with a take beside starting and stopping it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from capture import aside, output, session
from media import manifest
from media.manifest import TakeState
from tests.support.recorder import lasted


def test_a_countdown_is_told_and_the_first_picture_comes_at_zero(recorder: Any, tmp_path: Path) -> None:
    recorder.start(tmp_path / "take.mp4", countdown=2, seconds=0.6)
    end = recorder.finish()
    assert recorder.states == ["counting", "preparing", "recording", "stopping", "finished"]
    said = [event["secondsLeft"] for event in recorder.named("countdown")]
    assert said[0] == 2
    assert said == sorted(set(said), reverse=True)
    assert lasted(end["durationS"], 0.6)
    assert end["audioDrops"] == 0


@pytest.mark.parametrize("word", ["cancel", "stop", "end"])
def test_a_countdown_that_is_cancelled_leaves_nothing(recorder: Any, tmp_path: Path, word: str) -> None:
    folder = tmp_path / "takes"
    recorder.start(folder / "take.mp4", countdown=30)
    recorder.until(lambda: recorder.session._pipeline is not None, "everything opened")
    getattr(recorder.session, word)()
    end = recorder.finish()
    assert (end["state"], end["bytes"]) == ("cancelled", 0)  # nobody is told that something was kept
    assert list(folder.iterdir()) == []
    assert not recorder.session.failed


def test_a_countdown_cancelled_while_devices_open_leaves_nothing(recorder: Any, tmp_path: Path) -> None:
    folder = tmp_path / "takes"
    recorder.start(folder / "take.mp4", countdown=30)
    recorder.session.cancel()
    assert recorder.finish()["state"] == "cancelled"
    assert not folder.exists() or list(folder.iterdir()) == []


def test_a_screen_that_fails_while_counting_ends_the_count(recorder: Any, tmp_path: Path) -> None:
    recorder.start(tmp_path / "take.mp4", countdown=30, region=[5000, 0, 100, 100])
    assert recorder.finish()["state"] == "failed"
    assert recorder.named("error")[0]["code"] == "bad_region"


def test_a_countdown_can_be_begun_again(recorder: Any, tmp_path: Path) -> None:
    recorder.start(tmp_path / "take.mp4", countdown=2, seconds=0.3, audio=False)
    recorder.until(lambda: len(recorder.named("countdown")) == 2, "the last second")
    recorder.session.restart()
    recorder.finish()
    assert [event["secondsLeft"] for event in recorder.named("countdown")].count(2) == 2


def test_a_restart_puts_the_take_aside_and_begins_the_same_again(
    recorder: Any, film: Callable[[Path], Any], tmp_path: Path
) -> None:
    path = tmp_path / "take.mp4"
    recorder.start(path, title="Again")
    recorder.record_until(0.8)
    recorder.session.mark("forgotten")
    recorder.session.restart()
    recorder.until(lambda: recorder.states.count("recording") == 2, "the second take")
    recorder.record_until(0.6)
    recorder.session.stop()
    end = recorder.finish()
    (thrown,) = recorder.named("discarded")
    assert Path(thrown["path"]) == tmp_path / "cancelled" / "take.mp4"
    assert thrown["id"] != end["id"]
    assert film(tmp_path / "cancelled" / "take.mp4").video_frames > 5
    assert (end["path"], end["markers"]) == (str(path), [])
    assert manifest.read(path).title == "Again"
    assert end["durationS"] == pytest.approx(film(path).sound_s, abs=0.05)


def test_markers_stand_in_the_manifest_and_in_the_result(recorder: Any, tmp_path: Path) -> None:
    path = tmp_path / "take.mp4"
    recorder.session.mark("too early")
    recorder.start(path)
    recorder.record_until(0.5)
    recorder.session.mark("Demo")
    recorder.session.pause()
    recorder.session.mark("")
    recorder.session.resume()
    recorder.record_until(0.9)
    recorder.session.stop()
    end = recorder.finish()
    assert recorder.named("error")[0]["code"] == "illegal_command"
    assert [(one["title"], one["number"]) for one in recorder.named("marker")] == [
        ("Demo", 1),
        ("Marker 2", 2),
    ]
    stored = manifest.read(path).markers
    assert [one.title for one in stored] == ["Demo", "Marker 2"]
    assert [one.at_s for one in stored] == [one["timeS"] for one in end["markers"]]
    assert 0.5 <= stored[0].at_s <= stored[1].at_s < 0.9


def test_a_take_ends_in_a_receipt(recorder: Any, tmp_path: Path) -> None:
    path = tmp_path / "take.mp4"
    recorder.start(path, seconds=1.6)
    end = recorder.finish()
    receipt, stored = end["receipt"], manifest.read(path).receipt
    assert stored is not None
    assert (receipt["sha256"], receipt["durationS"]) == (end["sha256"], end["durationS"])
    assert (receipt["audioPresent"], receipt["encoder"]) == (True, "libx264")
    assert receipt["peakDb"] == pytest.approx(-14.0, abs=0.5)  # the tone's amplitude is 0.2
    assert abs(receipt["avOffsetMs"]) < 40
    assert (stored.encoded, stored.peak_db) == (end["encoded"], receipt["peakDb"])


@pytest.mark.parametrize(("seconds", "told"), [(1.4, [("ends_soon", "warning")]), (0.9, [])])
def test_a_take_that_ends_by_itself_says_so_before(
    recorder: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
    told: list[tuple[str, str]],
) -> None:
    monkeypatch.setattr(session, "SOON_S", 0.6)
    recorder.start(tmp_path / "take.mp4", seconds=seconds, audio=False)
    assert recorder.finish()["durationS"] == pytest.approx(seconds, abs=0.1)
    # Not "info", of which the app's windows tell nobody.
    assert [(one["code"], one["severity"]) for one in recorder.named("health")] == told


def test_a_receipt_says_that_there_was_no_sound(recorder: Any, tmp_path: Path) -> None:
    recorder.start(tmp_path / "take.mp4", seconds=0.6, audio=False)
    receipt = recorder.finish()["receipt"]
    assert (receipt["audioPresent"], receipt["peakDb"], receipt["avOffsetMs"]) == (False, None, None)


def test_a_take_ends_in_order_while_the_disk_still_has_room(
    recorder: Any, film: Callable[[Path], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = iter([900_000_000] * 2 + [450_000_000] * 2)
    monkeypatch.setattr(output, "_free_bytes", lambda path: next(left, 299_000_000))
    path = tmp_path / "take.mp4"
    recorder.start(path, minFreeMb=300)
    end = recorder.finish()
    assert [health["code"] for health in recorder.named("health")] == ["disk_low"]
    assert [error["code"] for error in recorder.named("error")] == ["disk_nearly_full"]
    assert end["state"] == "finished"
    assert film(path).sound_s == pytest.approx(end["durationS"], abs=0.05)
    assert recorder.session.failed


def test_a_take_that_is_stopped_before_its_first_picture_has_one(recorder: Any, tmp_path: Path) -> None:
    recorder.start(tmp_path / "take.mp4")
    recorder.session.end()
    end = recorder.finish()
    assert end["state"] == "finished"
    assert end["encoded"] >= 1


def cancelled(recorder: Any, path: Path) -> Path:
    recorder.start(path, audio=False)
    recorder.record_until(0.6)
    recorder.session.cancel()
    return Path(recorder.finish()["path"])


def test_a_cancelled_take_comes_back(recorder: Any, film: Callable[[Path], Any], tmp_path: Path) -> None:
    path = tmp_path / "take.mp4"
    kept = cancelled(recorder, path)
    (one,) = aside.kept(tmp_path)
    assert one.path == kept
    assert 0 < one.left_s <= aside.KEPT_DAYS * aside.DAY_S
    assert aside.bring_back(kept) == path
    assert manifest.read(path).state is TakeState.FINISHED
    assert film(path).video_frames > 0
    assert aside.kept(tmp_path) == []


def test_a_cancelled_take_is_gone_after_a_week_and_nothing_else_is(recorder: Any, tmp_path: Path) -> None:
    kept = cancelled(recorder, tmp_path / "take.mp4")
    stranger = kept.with_name("holiday.mp4")
    stranger.write_bytes(b"not ours")
    now = manifest.manifest_path(kept).stat().st_mtime
    os.utime(stranger, (0, 0))
    assert aside.sweep(tmp_path, now + 6.9 * aside.DAY_S) == []
    assert aside.sweep(tmp_path, now + 7.1 * aside.DAY_S) == [kept]
    assert list(kept.parent.iterdir()) == [stranger]
