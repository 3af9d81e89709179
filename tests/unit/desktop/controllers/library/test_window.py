"""Recordings in the library's window: found, renamed, tagged, deleted, copied."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtGui import QGuiApplication

from desktop.context import Context
from desktop.controllers.library import keeping
from desktop.controllers.library.window import LibraryController
from desktop.models.library.commands import Command, offered
from desktop.models.library.items import Item, Standing, file_key
from desktop.models.library.store import Store
from desktop.views.library.export import ProgressDialog
from media.transcript import Segment, Transcript
from tests.support.library import item, items, titles, window


def test_what_is_here_is_shown_and_found_by_its_words(library: LibraryController, qtbot: Any) -> None:
    assert item(library, "Käse").standing is Standing.LOCAL
    transcript = Transcript("en", (Segment(0, 2.0, 3.0, "the budget is approved"),))
    library.store.put_transcript(file_key(item(library, "Käse").path or Path()), transcript)
    window(library).finder.text.setText("approv")
    qtbot.waitUntil(lambda: titles(library) == ["Käse"], timeout=5000)
    rows = window(library).rows
    from desktop.views.library.rows import MOMENTS

    assert [moment.at_s for moment in rows.data(rows.index(0), MOMENTS)] == [2.0]
    window(library).finder.reset()
    qtbot.waitUntil(lambda: len(titles(library)) == 2, timeout=5000)


def test_a_renamed_recording_is_found_by_its_new_name(library: LibraryController, qtbot: Any) -> None:
    grid, rows = window(library).grid, window(library).rows
    grid.choose(item(library, "Budget").id)
    rows.setData(grid.currentIndex(), "Quarter")
    qtbot.waitUntil(lambda: "Quarter" in titles(library), timeout=5000)
    window(library).finder.text.setText("quart")
    qtbot.waitUntil(lambda: titles(library) == ["Quarter"], timeout=5000)


def test_deleting_can_be_undone(library: LibraryController, qtbot: Any, takes: dict[str, Path]) -> None:
    window(library).grid.choose(item(library, "Budget").id)
    qtbot.waitUntil(window(library).commands.actions[Command.TRASH].isEnabled)
    window(library).commands.actions[Command.TRASH].trigger()
    qtbot.waitUntil(lambda: titles(library) == ["Käse"], timeout=5000)
    assert window(library).undo.isVisible()
    assert takes["Budget"].is_file(), "the file stays until it is deleted for good"
    window(library).undo.click()
    qtbot.waitUntil(lambda: len(titles(library)) == 2, timeout=5000)


def test_tags_of_several_recordings_are_changed_at_once(library: LibraryController, qtbot: Any) -> None:
    library.commands._tag(items(library), {"review"}, set())
    qtbot.waitUntil(lambda: all(one.tags == ("review",) for one in items(library)), timeout=5000)
    from desktop.views.library.sidebar import Spot

    qtbot.waitUntil(lambda: any("#review" in entry.text(0) for entry in window(library).sidebar._entries()))
    window(library).sidebar.go(Spot(tag="review"))
    qtbot.waitUntil(lambda: len(titles(library)) == 2)


def test_what_stands_in_a_field_counts_when_the_app_ends(
    library: LibraryController, heddle_home: Path
) -> None:
    budget = item(library, "Budget")
    library.commands.player.open(budget, 0.0)
    assert library.commands.player.window
    library.commands.player.window.details.title.setText("Written last")
    library.close()
    with Store() as store:
        assert [edit.mine for _, edit in store.edits()] == [{"title": "Written last"}]


def test_no_server_is_a_word_and_no_error(
    library: LibraryController, context: Context, qtbot: Any, film: Path
) -> None:
    library.commands.send_files([film])
    [problem] = context.messages.problems
    assert problem.title == "No server is set up"
    library.commands.do(Command.COPY_LINK, [item(library, "Käse")])
    assert QGuiApplication.clipboard().text() == ""


def test_copies_come_one_after_the_other_and_can_be_called_off(
    library: LibraryController, context: Context, qtbot: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """How a copy comes is tested in `library/test_keeping.py`."""
    begun, ended = [], []

    async def keep(_keeper: Any, item: Item, _folder: Path, told: Any) -> Path:
        begun.append(item.title)
        told(0.5)
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(item.title)
        raise AssertionError

    monkeypatch.setattr(keeping, "keep", keep)
    items = [Item(f"id:{name}", name, Standing.READY, 0.0, recording_id=name) for name in ("One", "Two")]
    assert all(Command.KEEP in offered([one]) for one in items)
    assert Command.KEEP in offered(items)
    library.commands.do(Command.KEEP, items)
    library.commands.do(Command.KEEP, items)  # they are under way
    [dialog] = library.window.findChildren(ProgressDialog) if library.window else []
    qtbot.waitUntil(lambda: dialog.bar.value() == 25, timeout=30_000)
    assert "2 recordings" in dialog.windowTitle()
    assert not dialog.isModal()
    dialog.cancel.click()
    qtbot.waitUntil(lambda: ended == ["One"], timeout=30_000)
    assert begun == ["One"]


def test_what_is_here_already_needs_no_copy() -> None:
    here = Item("file:/a.mp4", "A", Standing.READY, 0.0, recording_id="a", path=Path("/a.mp4"))
    growing = Item("id:b", "B", Standing.RECORDING, 0.0, recording_id="b")
    assert Command.KEEP not in offered([here]) | offered([growing])
