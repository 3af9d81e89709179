"""Slides and cuts are found where they are, movement is no scene, and hostile files cost bounded time."""

from contextlib import suppress
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from media.errors import UnreadableMedia
from media.scenes import Look, look
from media.sniff import Container
from tests.support.media import make_video
from tests.support.slides import SIZE, SOUND, film, slide, slides


def times(seen: Look) -> list[float]:
    return [scene.time for scene in seen.scenes]


def test_slides_are_found_at_the_picture_that_shows_them(tmp_path: Path) -> None:
    moments = [3.3, 7.0, 10.6]
    path = film(tmp_path / "a.mp4", 14, slides(moments))
    seen = look(path, kind=Container.MP4, duration_s=14)
    assert times(seen) == pytest.approx(moments, abs=0.11)
    assert seen.complete
    assert seen.silences is None


def test_typing_and_a_moving_pointer_are_no_scenes(tmp_path: Path) -> None:
    page = slide(1)

    def typing(at: float) -> np.ndarray:
        shown = page.copy()
        shown[330:345, 40 : 45 + round(at * 30)] = 30
        shown[100:116, 100 + round(at * 20) : 116 + round(at * 20)] = 0
        return shown

    assert times(look(film(tmp_path / "a.mp4", 8, typing), kind=Container.MP4, duration_s=8)) == []


def test_a_camera_that_moves_all_the_time_has_scenes_only_at_its_cuts(tmp_path: Path) -> None:
    rows, columns = np.mgrid[0 : SIZE[1], 0 : SIZE[0]].astype(np.float32)

    def camera(at: float) -> np.ndarray:
        wave = 20 * np.sin(columns[:1] / 60 + at * 2) + 15 * np.cos(rows[:, :1] / 50 + at)
        return np.clip((70 if at < 9 else 170) + wave, 0, 255).astype(np.uint8)

    seen = look(film(tmp_path / "a.mp4", 18, camera), kind=Container.MP4, duration_s=18)
    assert times(seen) == pytest.approx([9.0], abs=0.11)


def test_a_file_with_hardly_any_key_frames_is_looked_at_whole(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", 15, slides([4.0, 9.5]), gop_s=100)
    seen = look(path, kind=Container.MATROSKA, duration_s=15)
    assert times(seen) == pytest.approx([4.0, 9.5], abs=0.11)


def test_silence_is_heard(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", 8, slides([]), loud=lambda at: not 2.5 <= at < 5.5)
    [span] = look(path, kind=Container.MP4, duration_s=8).silences or ()
    assert (span.start, span.end) == pytest.approx((2.5, 5.5), abs=0.25)


def test_a_file_without_picture_has_silences_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as output:
        sound: Any = output.add_stream("aac", rate=SOUND, layout="mono")
        wave = np.random.default_rng(1).normal(0, 0.2, (1, SOUND * 4)).astype(np.float32)
        wave[:, SOUND : SOUND * 3] = 0
        frame = av.AudioFrame.from_ndarray(wave, format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = SOUND, 0, Fraction(1, SOUND)
        output.mux(sound.encode(frame))
        output.mux(sound.encode(None))
    seen = look(path, kind=Container.MP4, duration_s=4)
    assert (seen.scenes, len(seen.silences or ())) == ((), 1)


def test_time_is_bounded_and_what_is_missing_is_said(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", 14, slides([3.3, 7.0]), loud=lambda at: True)
    ticks = count()
    seen = look(path, kind=Container.MP4, duration_s=14, budget_s=5, clock=lambda: float(next(ticks)))
    assert not seen.complete
    assert len(seen.scenes) < 2


@pytest.mark.parametrize("cut", [0.3, 0.7, 0.95])
def test_a_broken_file_ends_in_scenes_or_in_a_clear_error(tmp_path: Path, cut: float) -> None:
    path = make_video(tmp_path / "a.mkv", 3, fps=10)
    data = bytearray(path.read_bytes())
    data[int(len(data) * 0.4) : int(len(data) * 0.4) + 200] = b"\xff" * 200
    path.write_bytes(data[: int(len(data) * cut)])
    with suppress(UnreadableMedia):
        assert look(path, kind=Container.MATROSKA, duration_s=3).silences is not None
