"""The moving preview: a few seconds that say what a video is about."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from media import preview
from media.errors import UnreadableMedia
from media.preview import make_preview
from media.sniff import Container
from tests.support.footage import RECORDED, every, shoot


def lengths(path: Path) -> list[int]:
    """Of each picture, in milliseconds."""
    with Image.open(path) as film:
        found = []
        for picture in ImageSequence.Iterator(film):
            picture.load()
            found.append(int(picture.info["duration"]))
        return found


def test_a_long_video_is_shown_in_four_moments(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(24, 8), size=(640, 360), options=RECORDED)
    made = make_preview(film, tmp_path / "p.webp", tmp_path / "p.gif", kind=Container.MP4, duration_s=24.0)
    assert (made.width, made.height) == (320, 180)
    assert made.duration_s == pytest.approx(4.0, abs=0.05)
    for name in ("p.webp", "p.gif"):
        assert sum(lengths(tmp_path / name)) == pytest.approx(4000, abs=200)
        with Image.open(tmp_path / name) as picture:
            assert getattr(picture, "is_animated", False)
            assert picture.info["loop"] == 0


def test_a_short_video_is_shown_whole(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(3, 15), options=RECORDED)
    made = make_preview(film, tmp_path / "p.webp", tmp_path / "p.gif", kind=Container.MP4, duration_s=3.0)
    assert made.duration_s == pytest.approx(3.0, abs=0.01)
    assert made.count == 24  # of 45 pictures those on a raster of eight a second


def test_a_picture_that_stays_is_kept_once(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", [0.0, 2.0, 2.5], options=RECORDED)
    made = make_preview(film, tmp_path / "p.webp", tmp_path / "p.gif", kind=Container.MP4, duration_s=3.0)
    assert made.count == 3
    assert lengths(tmp_path / "p.webp") == [2000, 500, 500]


def test_the_files_stay_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "MAX_BYTES", 20_000)
    film = shoot(tmp_path / "a.mp4", every(5, 8), size=(640, 360), options=RECORDED)
    made = make_preview(film, tmp_path / "p.webp", tmp_path / "p.gif", kind=Container.MP4, duration_s=5.0)
    assert made.width < 320
    assert max(made.webp_bytes, made.gif_bytes) <= 20_000


def test_sound_alone_has_no_preview(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", [], sound_s=1.0)
    with pytest.raises(UnreadableMedia, match="sound alone"):
        make_preview(film, tmp_path / "p.webp", tmp_path / "p.gif", kind=Container.MP4, duration_s=1.0)


def test_both_files_show_the_same(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(2, 10), options=RECORDED)
    make_preview(film, tmp_path / "p.webp", tmp_path / "p.gif", kind=Container.MP4, duration_s=2.0)
    with Image.open(tmp_path / "p.webp") as webp, Image.open(tmp_path / "p.gif") as gif:
        both = [np.asarray(one.convert("L"), dtype=float) for one in (webp, gif)]
    assert np.abs(both[0] - both[1]).mean() < 12
