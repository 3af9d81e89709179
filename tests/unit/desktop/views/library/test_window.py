"""Rows and grid, without anything behind them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu, QMessageBox

from desktop.models.library.commands import Command
from desktop.models.library.items import Folder, FolderChange, Item, Moment, Standing
from desktop.models.library.query import Query
from desktop.models.transcripts import Job, State
from desktop.views.library.grid import Grid
from desktop.views.library.rows import MIME, PERCENT, PICTURE, STATE, Rows
from desktop.views.library.sidebar import Spot
from desktop.views.library.window import LibraryWindow
from tests.support.items import item


def test_ten_thousand_rows_load_only_what_is_seen(window: LibraryWindow, qtbot: Any) -> None:
    asked: list[list[int]] = []
    window.rows.wanted.connect(asked.append)
    window.rows.show(range(10_000))
    window.show_counts(Query(), 10_000)
    qtbot.waitUntil(lambda: bool(asked))
    assert sum(map(len, asked)) < 300
    window.rows.fill({number: item(number) for number in asked[0]})
    assert window.rows.data(window.rows.index(asked[0][0])) == f"Title {asked[0][0]}"


def test_what_is_done_with_ten_thousand_is_done_with_all_of_them(
    window: LibraryWindow, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index in Python for each row would hold the window up."""
    monkeypatch.setattr(Grid, "selectedIndexes", lambda _: pytest.fail("an index for each row"))
    wanted, moved = [], []
    asked: list[list[int]] = []
    window.rows.wanted.connect(asked.append)
    window.wanted.connect(lambda command, items: wanted.append((command, len(items))))
    window.moved.connect(lambda keys, folder: moved.append((len(keys), folder)))
    window.rows.show(range(10_000))
    window.show_counts(Query(), 10_000)
    qtbot.waitUntil(lambda: bool(asked))
    window.rows.fill({number: item(number) for number in asked[0]})
    window.grid.selectAll()
    window._do(Command.TRASH)
    window._move("f")  # thought better of it
    assert sum(map(len, asked[1:])) == 2 * (10_000 - len(asked[0]))
    window.rows.fill({number: item(number) for number in asked[-1]})
    qtbot.waitUntil(lambda: bool(moved), timeout=30_000)
    assert (wanted, moved) == ([], [(10_000, "f")])
    window._do(Command.TRASH)
    assert wanted == [(Command.TRASH, 10_000)]


def test_what_waits_for_what_was_chosen_is_not_done_with_anything_else(
    window: LibraryWindow, qtbot: Any
) -> None:
    wanted: list[object] = []
    window.wanted.connect(lambda command, _items: wanted.append(command))
    window.rows.show(range(1000))
    window.grid.selectAll()
    window._do(Command.TRASH)
    window.grid.choose(7)
    window.rows.fill({number: item(number) for number in range(1000)})
    qtbot.waitUntil(window.commands.actions[Command.TRASH].isEnabled, timeout=30_000)
    assert wanted == []


def test_what_is_not_shown_any_more_is_not_read_again(window: LibraryWindow) -> None:
    asked: list[list[int]] = []
    window.rows.show(range(100))
    window.rows.fill({number: item(number) for number in range(100)})
    window.rows.wanted.connect(asked.append)
    window.rows.show([1])
    window.rows.stale(range(100))
    assert asked == [[1]]


def test_what_is_chosen_stays_chosen_when_others_come_and_go(window: LibraryWindow) -> None:
    window.rows.show([1, 2, 3, 4])
    window.rows.fill({number: item(number) for number in (1, 2, 3, 4)})
    window.grid.choose(3)
    window.rows.show([5, 4, 3, 1])
    assert [one.id for one in window.grid.chosen_items()] == [3]
    window.rows.show([5, 4, 1])
    assert not [one.id for one in window.grid.chosen_items() if one.id == 3]


def test_a_command_for_rows_that_nobody_has_seen_waits_until_they_are_loaded(
    window: LibraryWindow, qtbot: Any
) -> None:
    done: list[tuple[Command, int]] = []
    window.wanted.connect(lambda command, items: done.append((command, len(items))))
    window.rows.wanted.connect(lambda ids: window.rows.fill({number: item(number) for number in ids}))
    window.rows.show(range(1, 2001))
    window.show_counts(Query(), 2000)
    qtbot.waitUntil(lambda: window.rows.item_at(window.rows.index(0)) is not None)
    window.grid.selectAll()
    window._do(Command.TRASH)
    qtbot.waitUntil(lambda: done == [(Command.TRASH, 2000)])


def test_keys_open_rename_and_delete(window: LibraryWindow, qtbot: Any) -> None:
    opened: list[Item] = []
    moments: list[float] = []
    renamed: list[str] = []
    wanted: list[Command] = []
    window.grid.opened.connect(lambda one, _at: opened.append(one))
    window.grid.opened.connect(lambda _one, at_s: moments.append(at_s))
    window.rows.renamed.connect(lambda _item, title: renamed.append(title))
    window.wanted.connect(lambda command, _items: wanted.append(command))
    window.rows.show([1, 2])
    window.rows.fill({1: item(1), 2: item(2)})
    window.grid.choose(2)
    window.activateWindow()
    window.grid.setFocus()
    QTest.keyClick(window.grid, Qt.Key.Key_Return)
    assert [one.id for one in opened] == [2]
    window.rows.fill({2: item(2)}, {2: [Moment(3.5, "and change your password")]})
    QTest.keyClick(window.grid, Qt.Key.Key_Return)
    assert moments == [0.0, 3.5]
    said = window.rows.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.endswith(", 0:03  and change your password")
    window.commands.actions[Command.TRASH].trigger()
    assert wanted == []
    qtbot.waitUntil(window.commands.actions[Command.TRASH].isEnabled)
    window.commands.actions[Command.TRASH].trigger()
    assert wanted == [Command.TRASH]
    QTest.keyClick(window.grid, Qt.Key.Key_F2)

    from PySide6.QtWidgets import QLineEdit

    [field] = window.grid.viewport().findChildren(QLineEdit)
    field.setText("Another")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: renamed == ["Another"])


def test_what_is_written_down_is_seen_on_the_card_and_in_the_menu(window: LibraryWindow, qtbot: Any) -> None:
    path = Path("/takes/a.mp4")
    write = window.commands.actions[Command.TRANSCRIBE]
    window.rows.show([1, 2])
    window.rows.fill({1: item(1, path=path), 2: item(2)})
    window.grid.choose(2)
    qtbot.waitUntil(lambda: write.text() == "&Write down what is said (not on this computer)")
    menu = window.commands.menu((), lambda _folder: None)
    assert [action.isEnabled() for action in menu.actions() if action is write] == [False]
    menu.deleteLater()
    window.grid.choose(1)
    qtbot.waitUntil(write.isEnabled)
    window.rows.show_jobs({path: Job(path, State.LISTENING, 0.42)}, recording=False)
    index = window.rows.index(0)
    assert (index.data(STATE), index.data(PERCENT)) == ("Writing down, 42 %", 42)
    assert "Writing down, 42 %" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    qtbot.waitUntil(lambda: "under way" in write.text() and not write.isEnabled())
    window.rows.show_jobs({path: Job(path, State.LISTENING, 0.42)}, recording=True)
    assert index.data(STATE) == "Waits while you record"
    window.rows.show_jobs({}, recording=False)
    assert index.data(STATE) == ""
    qtbot.waitUntil(write.isEnabled)


def test_the_menu_is_of_what_its_click_chose(window: LibraryWindow, qtbot: Any) -> None:
    window.rows.show([1, 2])
    failed = replace(item(1), standing=Standing.FAILED)
    window.rows.fill({1: failed, 2: item(2)})
    window.show_counts(Query(), 2)

    def shown() -> set[QAction]:
        """At once: the click chooses, and asks for the menu."""
        window._menu(QPoint(5, 5))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        actions = set(menu.actions())
        menu.close()
        return actions

    window.grid.choose(1)
    assert window.commands.actions[Command.RETRY] in shown()
    window.grid.choose(2)
    of_second = shown()
    assert window.commands.actions[Command.TRASH] in of_second
    assert window.commands.actions[Command.RETRY] not in of_second


def test_recordings_are_dropped_onto_a_folder(window: LibraryWindow) -> None:
    moved: list[tuple[list[str], object]] = []
    window.moved.connect(lambda keys, folder: moved.append((keys, folder)))
    window.show_places(
        [Folder("f", None, "Customers"), Folder("g", "f", "North")], [("x", 2)], conflicts=False
    )
    window.sidebar.go(Spot(folder="g"))
    at = window.sidebar.visualItemRect(window.sidebar.currentItem()).center()
    data = QMimeData()
    data.setData(MIME, b"id:1\nid:2")
    drop = QDropEvent(
        QPointF(at), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.sidebar.dropEvent(drop)
    assert moved == [(["id:1", "id:2"], "g")]


def test_folders_are_made_renamed_and_deleted_by_their_menu(
    window: LibraryWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted: list[FolderChange] = []
    window.sidebar.folder_wanted.connect(wanted.append)
    window.show_places([Folder("f", None, "Customers")], [], conflicts=False)
    window.sidebar.go(Spot(folder="f"))
    inside = window.sidebar.visualItemRect(window.sidebar.currentItem()).center()
    answers = iter([("Fairs", True), ("North ", True), ("Clients", True), ("", False), ("Customers", True)])
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: next(answers))
    nowhere, there = window.sidebar.menu_at(QPoint(1, 10_000)), window.sidebar.menu_at(inside)
    nowhere.actions()[0].trigger()
    new, rename, delete = there.actions()
    for action in (new, rename, rename, rename):  # broken off, and left as it was, change nothing
        action.trigger()
    assert wanted == [
        FolderChange(None, "Fairs"),
        FolderChange(None, "North", "f"),
        FolderChange("f", "Clients"),
    ]
    wanted.clear()
    for role in ("Cancel", "Delete"):
        QTimer.singleShot(0, lambda role=role: press(role))
        delete.trigger()
    assert wanted == [FolderChange("f", None)]


def press(words: str) -> None:
    """In the question that is open."""
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    next(one for one in box.buttons() if words in one.text().replace("&", "")).click()


def test_an_empty_library_says_what_to_do(window: LibraryWindow) -> None:
    window.show_counts(Query(), 0)
    assert "drop a video" in window.empty.text.text()
    assert not window.reset.isVisible()
    window.show_counts(Query(text="x"), 0)
    assert window.reset.isVisible()


def test_every_control_has_a_name_for_screen_readers(window: LibraryWindow) -> None:
    for widget in (window.grid, window.sidebar, window.finder.text, window.finder.sort):
        assert widget.accessibleName()
    rows = Rows()
    rows.show([1])
    rows.fill({1: item(1, conflict=True)})
    said = rows.data(rows.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert "Title 1" in said
    assert "changed here and elsewhere" in said


def test_who_comes_by_tab_has_chosen_what_is_framed(window: LibraryWindow, qtbot: Any) -> None:
    window.rows.show([1, 2])
    window.rows.fill({number: item(number) for number in (1, 2)})
    window.show_counts(Query(), 2)
    window.activateWindow()
    window.finder.text.setFocus()
    QTest.keyClick(window.finder.text, Qt.Key.Key_Tab)
    assert [one.id for one in window.grid.chosen_items()] == [1]


def test_deleting_is_undone_by_the_usual_keys(window: LibraryWindow, qtbot: Any) -> None:
    undone: list[bool] = []
    window.undo_wanted.connect(lambda: undone.append(True))
    undo = window._take_back
    assert not undo.isEnabled()
    window.offer_undo("“<b>” is in the trash")
    undo.trigger()
    assert undone == [True]
    assert not undo.isEnabled()


def test_a_poster_moves_while_the_pointer_rests_on_it(
    window: LibraryWindow, tmp_path: Path, qtbot: Any
) -> None:
    pictures = [Image.new("RGB", (64, 36), color) for color in ("red", "blue", "green")]
    path = tmp_path / "preview"
    pictures[0].save(path, "WEBP", save_all=True, append_images=pictures[1:], duration=40)
    window.rows.show([1])
    window.rows.fill({1: item(1)})
    grid = window.grid
    grid.play_preview("id:1", path)
    assert grid._movie is None, "the pointer is elsewhere"
    grid._under = "id:1"
    grid.play_preview("id:1", path)
    assert grid._movie is not None
    with qtbot.waitSignal(grid._movie.frameChanged, timeout=5000):
        pass
    moving = grid._card.moving
    assert moving is not None
    assert moving[1]().width() == 64
    grid.viewport().grab()
    grid._stop_preview()
    assert grid._card.moving is None


def test_posters_that_could_not_be_had_are_asked_for_again(window: LibraryWindow) -> None:
    asked: list[str] = []
    window.rows.picture_wanted.connect(lambda one: asked.append(one.key))
    window.rows.show([1])
    window.rows.fill({1: item(1)})
    index = window.rows.index(0)
    asked.clear()
    window.rows._pictures.clear()
    window.rows.data(index, PICTURE)
    window.rows.data(index, PICTURE)
    assert asked == ["id:1"]
    window.rows.look_for_pictures()
    window.rows.data(index, PICTURE)
    assert asked == ["id:1", "id:1"]
