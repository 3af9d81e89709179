"""Storyboards: any moment can be looked at before one jumps there."""

import re
from pathlib import Path

import pytest
from PIL import Image

from media.errors import UnreadableMedia
from media.sniff import Container
from media.storyboard import MAX_PICTURES, Storyboard, interval_for, make_storyboard, to_vtt
from tests.support.footage import RECORDED, every, shoot

CUE = re.compile(r"(\S+) --> (\S+)\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)\n")


@pytest.mark.parametrize(
    ("duration_s", "interval_s"),
    [(0.0, 1), (5, 1), (60, 1), (61, 2), (400, 2), (600, 5), (3600, 10), (7200, 20), (86_400, 240)],
)
def test_the_interval_follows_the_length(duration_s: float, interval_s: float) -> None:
    assert interval_for(duration_s) == interval_s


def test_there_are_never_more_than_four_sheets() -> None:
    assert all(length / interval_for(length) <= MAX_PICTURES for length in range(1, 400_000, 997))


def test_each_cue_shows_the_picture_of_its_moment(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(12, 10), sound_s=12.0, options=RECORDED, black_until_s=3.0)
    board = make_storyboard(film, tmp_path / "board.jpg", kind=Container.MP4, duration_s=12.0)
    assert board == Storyboard(1.0, 160, 90, 12, 12.0, ("board.jpg",))
    cues = CUE.findall(to_vtt(board))
    assert to_vtt(board).startswith("WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nboard.jpg#xywh=0,0,160,90\n")
    assert len(cues) == 12
    assert cues[-1][:2] == ("00:00:11.000", "00:00:12.000")
    with Image.open(tmp_path / "board.jpg") as sheet:
        assert sheet.size == (1600, 180)
        for number, (*_, x, y, width, height) in enumerate(cues):
            left, top = int(x), int(y)
            tile = sheet.crop((left, top, left + int(width), top + int(height))).convert("L")
            assert (tile.getextrema()[1] < 60) == (number < 3), number


def test_a_long_recording_gives_several_sheets_from_its_keys(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(300, 1), size=(64, 36), options=RECORDED)
    board = make_storyboard(film, tmp_path / "board.jpg", kind=Container.MP4, duration_s=300.0)
    assert (board.interval_s, board.count) == (2.0, 150)
    assert board.sheets == ("board.jpg", "board-1.jpg")
    assert (board.width, board.height) == (64, 36)
    for name, size in zip(board.sheets, [(640, 360), (640, 180)], strict=True):
        with Image.open(tmp_path / name) as sheet:
            assert sheet.size == size
    assert "board-1.jpg#xywh=0,0,64,36" in to_vtt(board)


def test_a_still_screen_is_shown_at_every_moment(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", [0.0, 0.1, 9.0], options=RECORDED)
    board = make_storyboard(film, tmp_path / "board.jpg", kind=Container.MP4, duration_s=10.0)
    assert board.count == 10


def test_a_turned_video_has_upright_pictures(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(1), rotation=90)
    board = make_storyboard(film, tmp_path / "board.jpg", kind=Container.MP4, duration_s=1.0)
    assert (board.width, board.height) == (90, 160)


def test_sound_alone_has_no_storyboard(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", [], sound_s=1.0)
    with pytest.raises(UnreadableMedia, match="sound alone"):
        make_storyboard(film, tmp_path / "board.jpg", kind=Container.MP4, duration_s=1.0)
