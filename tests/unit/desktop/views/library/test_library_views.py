"""Rows, grid and dialogs, without anything behind them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMessageBox

from desktop.models.library.commands import Command
from desktop.models.library.edits import Edit, EditState
from desktop.models.library.items import Folder, FolderChange, Item, Moment, Standing
from desktop.models.library.playing import Chapter, Form, Range
from desktop.models.library.query import Query
from desktop.views.library.details import DetailsPanel
from desktop.views.library.dialogs import ConflictDialog, TagsDialog, qr_code
from desktop.views.library.export import ExportDialog
from desktop.views.library.grid import Grid
from desktop.views.library.player import PlayerWindow
from desktop.views.library.rows import MIME, PICTURE, Rows
from desktop.views.library.sharing import ShareDialog
from desktop.views.library.sidebar import Spot
from desktop.views.library.window import LibraryWindow
from media.transcript import Segment


def item(number: int, **given: Any) -> Item:
    usual = {"key": f"id:{number}", "title": f"Title {number}", "standing": Standing.READY, "created_at": 0.0}
    return Item(**{**usual, "id": number, "recording_id": str(number), **given})


@pytest.fixture
def window(qtbot: Any) -> Iterator[LibraryWindow]:
    made = LibraryWindow()
    made.show()
    yield made
    made.close()
    made.deleteLater()


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


def test_sharing_sends_only_what_was_changed(qtbot: Any) -> None:
    dialog = ShareDialog("Weekly")
    dialog.show_settings(
        {
            "visibility": "public",
            "hasPassword": True,
            "expiresAt": None,
            "allowDownload": True,
            "allowComments": True,
        }
    )
    assert dialog.changes() == {}
    dialog.password.setText("short")
    assert not dialog.buttons.button(dialog.buttons.StandardButton.Save).isEnabled()
    dialog.password.setText("tulips in november")
    dialog.download.setChecked(False)
    assert dialog.changes() == {"allowDownload": False, "password": "tulips in november"}
    dialog.locked.setChecked(False)
    dialog.visibility.setCurrentIndex(dialog.visibility.findData("workspace"))
    assert dialog.changes() == {"allowDownload": False, "password": None, "visibility": "workspace"}
    dialog.close()


def test_tags_that_only_some_have_stay_as_they_are(qtbot: Any) -> None:
    dialog = TagsDialog([item(1, fields={"tags": ["a", "b"]}), item(2, fields={"tags": ["a"]})], ["c"])
    changed: list[tuple[list[str], list[str]]] = []
    dialog.changed.connect(lambda added, removed: changed.append((added, removed)))
    entries = {entry.text(): entry for entry in dialog._entries()}
    assert entries["b"].checkState() is Qt.CheckState.PartiallyChecked
    entries["a"].setCheckState(Qt.CheckState.Unchecked)
    dialog.new.setText("  new  tag ")
    dialog._accept()
    assert changed == [(["new tag"], ["a"])]


def test_a_conflict_is_decided_field_by_field(qtbot: Any) -> None:
    edit = Edit(
        {"title": "Mine", "description": "d"}, {"title": "x", "description": ""}, 0.0, EditState.CONFLICT,
        {"title": "Theirs", "description": "e"},
    )  # fmt: skip
    dialog = ConflictDialog(item(1), edit)
    kept: list[list[str]] = []
    dialog.decided.connect(kept.append)
    assert dialog.mine["title"].text() == "Mine"
    theirs = dialog.mine["title"].group().buttons()[1]
    theirs.setChecked(True)
    dialog._apply()
    assert kept == [["description"]]


def test_a_version_is_shown_by_name_in_a_line_and_as_it_is_written(qtbot: Any) -> None:
    edit = Edit(
        {"folderId": "f", "title": "R&D", "description": "long\n" * 90}, {}, 0.0, EditState.CONFLICT,
        {"folderId": None, "title": "<b>", "description": ""},
    )  # fmt: skip
    dialog = ConflictDialog(item(1), edit, [Folder("f", None, "Team")])
    assert dialog.mine["folderId"].text() == "Team"
    assert dialog.mine["title"].text() == "R&&D"
    assert len(dialog.mine["description"].text()) < 70
    assert dialog.mine["description"].accessibleName().count("long") == 90


def test_enter_adds_a_tag_and_ends_the_dialog_where_none_is_written(qtbot: Any) -> None:
    dialog = TagsDialog([item(1)], [])
    changed: list[tuple[list[str], list[str]]] = []
    dialog.changed.connect(lambda added, removed: changed.append((added, removed)))
    dialog.show()
    dialog.new.setFocus()
    for tag in ("one", "two"):
        QTest.keyClicks(dialog.new, tag)
        QTest.keyClick(dialog.new, Qt.Key.Key_Return)
        assert dialog.isVisible()
    QTest.keyClick(dialog.new, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert changed == [(["one", "two"], [])]


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


def test_a_file_is_not_replaced_unasked_where_the_name_lacks_its_ending(
    qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Talk v1.2.srt").touch()
    given = iter([tmp_path / "Talk v1.2", tmp_path / "Talk v1.3"])
    started: list[str] = []

    def ask(_parent: object, _title: str, start: str, _filter: str) -> tuple[str, str]:
        started.append(start)
        return str(next(given)), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    dialog = ExportDialog("Talk", tmp_path, Range())
    chosen: list[Path] = []
    dialog.chosen.connect(lambda _form, target: chosen.append(target))
    dialog.forms[Form.SRT].setChecked(True)
    dialog._ask()
    assert started == [str(tmp_path / "Talk.srt"), str(tmp_path / "Talk v1.2.srt")]
    assert chosen == [tmp_path / "Talk v1.3.srt"]


def test_only_what_a_person_wrote_is_a_change_of_the_details(qtbot: Any) -> None:
    panel = DetailsPanel()
    qtbot.addWidget(panel)
    changed: list[tuple[dict[str, str], dict[str, str]]] = []
    panel.changed.connect(lambda now, before: changed.append((now, before)))
    odd = "Qui est là\u00a0?\r\nMoi"
    panel.show_item(item(1, description=odd), "Ready")
    panel.flush()
    assert changed == []  # Qt shows the description otherwise than it is
    panel.show_item(item(1, title="Theirs", description=odd), "Ready")
    assert panel.title.text() == "Theirs"
    panel.title.setText(" Mine ")
    panel.show_item(item(1, title="Theirs again", description=odd), "Ready")
    panel.flush()
    panel.flush()
    assert changed == [({"title": "Mine"}, {"title": "Theirs"})]
    panel.title.setText("  ")
    panel.flush()
    assert panel.title.text() == "Mine"
    assert len(changed) == 1
    panel.show_item(item(2), "Ready")
    assert panel.title.text() == "Title 2"


def test_a_link_as_a_code(qtbot: Any) -> None:
    code = qr_code("https://video.example.org/s/Ef396BB6KY3xrHGM", 200)
    assert code.width() == code.height() > 100


def test_the_player_follows_text_chapters_and_pieces(qtbot: Any) -> None:
    window = PlayerWindow()
    window.show_item(item(1), "Ready")
    window.show_text(
        [Segment(0, 1.0, 2.0, "Hello"), Segment(1, 3.0, 4.0, "World")], [Chapter(0.0, "A"), Chapter(3.0, "B")]
    )
    window._moved(3.5, 10.0)
    assert window.time.text() == "0:03 / 0:10"
    assert window.chapter.text() == "B"
    assert window.transcript.list.currentRow() == 1
    assert "World" in window.screen_._caption.toPlainText()
    window.captions.setChecked(False)
    assert window.screen_._caption.toPlainText() == ""
    assert not window.trim.isEnabled()
    window._set_range(Range(1.0, 2.0))
    assert window.trim.isEnabled()
    window.transcript.search.setText("wor")
    assert window.transcript.list.item(0).isHidden()
    window.show()
    window.close()
    window.deleteLater()


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
