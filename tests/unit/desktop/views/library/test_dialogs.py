"""What is asked about a recording: sharing, tags, versions, the file that is made of it."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from desktop.models.library.edits import Edit, EditState
from desktop.models.library.items import Folder
from desktop.models.library.playing import Form, Range
from desktop.views.library.dialogs import ConflictDialog, TagsDialog, qr_code
from desktop.views.library.export import ExportDialog
from desktop.views.library.sharing import ShareDialog
from tests.support.items import item


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


def test_a_link_as_a_code(qtbot: Any) -> None:
    code = qr_code("https://video.example.org/s/Ef396BB6KY3xrHGM", 200)
    assert code.width() == code.height() > 100
