"""What is done with a selection, what a card says, and what the player knows of a moment."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desktop.models.library.commands import Command, offered
from desktop.models.library.items import Item, Standing
from desktop.models.library.pictures import Pictures, picture_name
from desktop.models.library.playing import (
    Chapter,
    Range,
    Side,
    chapter_at,
    cue_at,
    faster,
    segment_at,
    slower,
)
from desktop.models.library.wording import embed_code, facts, link_at, piece_words, spoken, standing_words
from media.cues import Cue
from media.transcript import Segment

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def item(standing: Standing = Standing.READY, **given: Any) -> Item:
    usual = {"key": "id:R", "title": "Weekly", "created_at": NOW.timestamp() - 3600, "recording_id": "R"}
    return Item(**{**usual, "standing": standing, **given})


def test_only_what_makes_sense_is_offered() -> None:
    assert Command.TRASH not in offered([item(Standing.RECORDING, path=Path("a.mp4"))])
    assert Command.TRASH in offered([item(Standing.RECORDING)])
    ready = item(share_url="http://s/s/x")
    assert {Command.OPEN, Command.COPY_LINK, Command.SHARE, Command.TRASH} <= offered([ready])
    assert Command.RETRY not in offered([ready])
    assert Command.RETRY in offered([item(Standing.FAILED)])
    assert Command.UPLOAD not in offered([item(Standing.FAILED)])
    assert Command.UPLOAD in offered([item(Standing.FAILED, path=Path("a.mp4"))])
    assert Command.RETRY in offered([item(failed_steps=("preview",))])
    assert offered([item(trashed_at=1.0)]) == {Command.RESTORE, Command.ERASE}
    assert Command.OPEN not in offered([ready, ready])
    assert Command.COPY_LINK not in offered([ready, item(Standing.LOCAL, path=Path("a.mp4"))])
    assert offered([]) == frozenset()


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (item(), ""),
        (item(Standing.UPLOADING, percent=42), "Uploading 42 %"),
        (item(Standing.PROCESSING), "Processing"),
        (item(trashed_at=1.0), "In the trash"),
    ],
)
def test_a_standing_in_words(shown: Item, words: str) -> None:
    assert standing_words(shown) == words


def test_facts_and_links() -> None:
    assert (
        facts(item(duration_s=83.0, size=4_400_000, views=1), NOW) == "Today 14:00 · 1:23 · 4.2 MiB · 1 view"
    )
    assert facts(item(created_at=NOW.timestamp() - 86_400 * 9), NOW) == "13 Nov 15:00"
    assert facts(item(created_at=NOW.timestamp() - 86_400 * 9), NOW, short=True) == "13 Nov"
    assert facts(item(created_at=NOW.timestamp() - 86_400 * 400), NOW) == "18 Oct 2025"
    assert spoken(item(unsent=True), NOW) == "Weekly, Today 14:00, changes wait to be sent"
    assert link_at("http://s/s/x", 83.7) == "http://s/s/x?t=83"
    assert link_at("http://s/s/x", 0.4) == "http://s/s/x"
    assert 'src="http://s/embed/x"' in embed_code("http://s/s/x")


def test_a_range_never_ends_before_it_begins() -> None:
    assert Range().to_here(10.0).from_here(4.0) == Range(4.0, 10.0)
    assert Range(4.0, 10.0).from_here(12.0) == Range(12.0, None)
    assert Range(4.0, 10.0).to_here(2.0) == Range(None, 2.0)
    assert Range().whole


def test_ends_of_a_piece_are_dragged_up_to_each_other_and_away() -> None:
    piece = Range(4.0, 10.0)
    assert piece.dragged(Side.BEGIN, 6.0, 20.0) == Range(6.0, 10.0)
    assert piece.dragged(Side.BEGIN, 12.0, 20.0) == Range(9.5, 10.0)
    assert piece.dragged(Side.BEGIN, -1.0, 20.0) == Range(None, 10.0)
    assert piece.dragged(Side.END, 1.0, 20.0) == Range(4.0, 4.5)
    assert piece.dragged(Side.END, 20.0, 20.0) == Range(4.0, None)
    assert Range().dragged(Side.BEGIN, 30.0, 20.0) == Range(19.5, None)
    assert Range().dragged(Side.END, 0.0, 20.0) == Range(None, 0.5)
    assert piece.dragged(Side.NONE, 1.0, 20.0) == piece
    assert piece_words(Range()) == ""
    assert piece_words(piece) == "From 0:04 to 0:10."


def test_speeds_stop_at_their_ends() -> None:
    assert [faster(1.0), faster(2.5), slower(1.0), slower(0.5)] == [1.25, 2.5, 0.75, 0.5]


def test_what_is_said_and_shown_at_a_moment() -> None:
    cues = [Cue(1.0, 2.0, ("a",)), Cue(3.0, 4.0, ("b",))]
    assert [getattr(cue_at(cues, at), "lines", None) for at in (0.5, 1.0, 2.5, 3.9, 9.0)] == [
        None, ("a",), None, ("b",), None,
    ]  # fmt: skip
    assert [segment_at([Segment(0, 1.0, 2.0, "a")], at) for at in (0.5, 1.5, 9.0)] == [-1, 0, 0]
    assert chapter_at([Chapter(2.0, "x")], 1.0) is None
    assert chapter_at([Chapter(2.0, "x")], 3.0) == Chapter(2.0, "x")


def test_pictures_that_were_not_used_make_room(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path / "pictures", limit_bytes=55)
    pictures._until_count = 10**6
    for number in range(6):
        pictures.put(f"p{number}", b"x" * 10)
    import os

    for number in range(6):
        os.utime(pictures._path(f"p{number}"), (100 + number, 100 + number))
    assert pictures.find("p0"), "used now, so the newest"
    pictures._until_count = 0
    pictures.put("p6", b"x" * 10)
    kept = [number for number in range(7) if pictures.find(f"p{number}")]
    assert kept == [0, 4, 5, 6]
    assert picture_name(item(Standing.PROCESSING), "poster") != picture_name(item(), "poster")
