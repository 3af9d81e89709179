"""Pieces, pictures and files that the library's player makes of a recording."""

import errno
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from desktop.context import Context
from desktop.controllers.library.window import LibraryController
from desktop.library.files import Order
from desktop.models.library.items import file_key
from desktop.models.library.playing import Form, Range
from media import manifest
from media.transcript import Segment, Transcript
from tests.support import media
from tests.support.library import item, titles, window


def test_a_piece_and_captions_are_saved_as_files(
    library: LibraryController, qtbot: Any, tmp_path: Path, context: Context
) -> None:
    budget = item(library, "Budget")
    library.store.put_transcript(
        file_key(budget.path or Path()), Transcript("en", (Segment(0, 2.5, 3.5, "Hello"),))
    )
    player = library.commands.player
    player.make(Order(budget, Form.SRT, tmp_path / "said.srt", Range(2.0, 4.0)))
    player.make(Order(budget, Form.MP4, tmp_path / "piece.mp4", Range(2.0, 4.0)))
    qtbot.waitUntil(lambda: (tmp_path / "piece.mp4").is_file() and not player._dialogs, timeout=30_000)
    assert "00:00:00,500 --> 00:00:01,500\nHello" in (tmp_path / "said.srt").read_text()
    probe = media.probe(tmp_path / "piece.mp4")
    assert 1.4 < probe.duration_s < 2.6


def test_nothing_is_written_over_a_recording_nor_half_over_a_file(
    library: LibraryController, qtbot: Any, tmp_path: Path, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    budget = item(library, "Budget")
    assert budget.path
    before, player = budget.path.read_bytes(), library.commands.player
    player.make(Order(budget, Form.MP4, budget.path, Range(2.0, 4.0)))
    qtbot.waitUntil(lambda: bool(context.messages.problems) and not player._dialogs, timeout=30_000)
    assert [one.title for one in context.messages.problems] == ["This is the recording itself"]
    assert budget.path.read_bytes() == before
    library.store.put_transcript(file_key(budget.path), Transcript("en", (Segment(0, 2.5, 3.5, "Hello"),)))
    old = tmp_path / "said.txt"
    old.write_text("of last week")
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(Path, "write_text", lambda *_args, **_more: (_ for _ in ()).throw(full))
    player.make(Order(budget, Form.TXT, old))
    qtbot.waitUntil(lambda: len(context.messages.problems) == 2, timeout=30_000)
    assert context.messages.problems[-1].detail == "No space left on device"
    assert old.read_text() == "of last week"


def test_a_piece_becomes_a_recording_of_its_own(
    library: LibraryController, qtbot: Any, takes: dict[str, Path]
) -> None:
    player = library.commands.player
    player.open(item(library, "Budget"), 1.0)
    assert player.window is not None
    screen = player.window.screen_
    with qtbot.waitSignal(screen.ready, timeout=20_000):
        pass
    assert screen.at_s == 1.0
    timeline = player.window.timeline
    qtbot.waitUntil(lambda: [one.title for one in timeline.chapters] == ["The numbers"], timeout=30_000)
    player.window.trim_wanted.emit(Range(2.0, 4.0))
    qtbot.waitUntil(lambda: "Budget (cut)" in titles(library), timeout=30_000)
    cut = item(library, "Budget (cut)")
    assert cut.duration_s is not None
    assert 1.4 < cut.duration_s < 2.6
    assert cut.path is not None
    assert [one.title for one in manifest.read(cut.path).markers] == ["The numbers"]
    assert takes["Budget"].is_file()


def test_one_steps_from_picture_to_picture_and_marks_them(library: LibraryController, qtbot: Any) -> None:
    player = library.commands.player
    player.open(item(library, "Budget"), 1.0)
    assert player.window is not None
    window, screen = player.window, player.window.screen_
    keys = {action.shortcut().toString(): action for action in window._left.actions()}

    def shown() -> float:
        return screen._seen()[0]

    qtbot.waitUntil(lambda: screen._seen()[0] <= 1.0 <= screen._seen()[1], timeout=30_000)
    first = shown()
    keys["."].trigger()
    qtbot.waitUntil(lambda: shown() > first, timeout=30_000)
    second = shown()
    keys["."].trigger()
    qtbot.waitUntil(lambda: shown() > second, timeout=30_000)
    keys[","].trigger()
    qtbot.waitUntil(lambda: shown() == second, timeout=30_000)
    window.begin.click()
    assert window.range == Range(second, None)
    keys[","].trigger()
    qtbot.waitUntil(lambda: shown() == first, timeout=30_000)
    screen.seek(screen._seen()[1] + 1.0)
    qtbot.waitUntil(lambda: shown() > second, timeout=30_000)
    window.end.click()
    assert window.range == Range(second, screen.mark_s)


def test_what_the_player_asks_belongs_to_it(library: LibraryController, qtbot: Any) -> None:
    player = library.commands.player
    player.open(item(library, "Budget"), 0.0)
    qtbot.waitUntil(lambda: bool(player.window and player.window.isActiveWindow()), timeout=10_000)
    assert library.front is player.window
    library.open()
    qtbot.waitUntil(window(library).isActiveWindow, timeout=10_000)
    assert library.front is window(library)
