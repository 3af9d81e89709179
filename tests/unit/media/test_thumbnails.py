"""Posters: one picture that shows something."""

from pathlib import Path

import pytest
from PIL import Image

from media.errors import UnreadableMedia
from media.sniff import Container
from media.thumbnails import make_poster
from tests.support.footage import RECORDED, every, shoot


def test_the_poster_is_not_the_black_beginning(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(6), keys_s=1.0, black_until_s=2.5)
    poster = make_poster(film, tmp_path / "p.jpg", kind=Container.MP4, duration_s=6.0)
    assert poster.time_s >= 2.5
    with Image.open(tmp_path / "p.jpg") as picture:
        assert picture.format == "JPEG"
        assert picture.size == (320, 180)
        assert picture.convert("L").getextrema()[1] > 150


def test_a_wide_picture_becomes_1280_wide(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(0.2), size=(1920, 1080))
    poster = make_poster(film, tmp_path / "p.jpg", kind=Container.MP4)
    assert (poster.width, poster.height) == (1280, 720)


def test_a_turned_video_has_an_upright_poster(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(0.2), rotation=-90)
    poster = make_poster(film, tmp_path / "p.jpg", kind=Container.MP4)
    assert (poster.width, poster.height) == (180, 320)


def test_a_file_that_is_still_growing_has_a_poster(tmp_path: Path) -> None:
    whole = shoot(tmp_path / "a.mp4", every(3), options=RECORDED).read_bytes()
    second = whole.index(b"moof", whole.index(b"moof") + 4)
    growing = tmp_path / "growing.mp4"
    growing.write_bytes(whole[: second + 700])
    poster = make_poster(growing, tmp_path / "p.jpg", kind=Container.MP4)
    assert poster.width == 320


def test_a_length_that_is_wrong_still_gives_a_poster(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(1))
    assert make_poster(film, tmp_path / "p.jpg", kind=Container.MP4, duration_s=4000.0).width == 320


def test_sound_alone_has_no_poster(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", [], sound_s=1.0)
    with pytest.raises(UnreadableMedia, match="sound alone"):
        make_poster(film, tmp_path / "p.jpg", kind=Container.MP4)
