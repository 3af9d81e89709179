"""The library, the player and their dialogs."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from desktop.models.library.edits import Edit, EditState
from desktop.models.library.items import Folder, Item, Moment, Standing
from desktop.models.library.playing import Chapter, Range
from desktop.models.library.query import Query
from desktop.models.library.speech import offer
from desktop.models.session import Problem
from desktop.models.transcripts import Job, State
from desktop.views.library.dialogs import ConflictDialog, QrDialog, TagsDialog
from desktop.views.library.export import ExportDialog, ProgressDialog
from desktop.views.library.player import PlayerWindow
from desktop.views.library.sharing import ShareDialog
from desktop.views.library.sidebar import Spot
from desktop.views.library.window import LibraryWindow
from media.transcript import Segment

_NOON = time.mktime((*time.localtime()[:3], 12, 0, 0, 0, 0, -1))
_LINK = "https://video.example.org/s/Ef396BB6KY3xrHGM"


def _item(number: int, title: str, standing: Standing = Standing.READY, **given: object) -> Item:
    usual: dict[str, object] = {
        "key": f"id:{number}",
        "title": title,
        "standing": standing,
        "created_at": _NOON - 86_400 * number * 2,
        "duration_s": 37.0 + 61 * number,
        "size": 9_000_000 + 3_700_000 * number,
        "share_url": _LINK,
        "recording_id": str(number),
        "views": number % 4,
        "id": number,
    }
    return Item(**{**usual, **given})  # type: ignore[arg-type]  # a row of fields


ITEMS = [
    _item(0, "Weekly review", Standing.RECORDING, views=0, size=4_200_000),
    _item(1, "How to reset the password", Standing.UPLOADING, percent=42),
    _item(2, "Budget 2027: what we decided", Standing.PROCESSING, percent=63),
    _item(3, "Onboarding, part one", fields={"tags": ["onboarding", "people"]}),
    _item(4, "Bug 4711: the button that does nothing", unsent=True),
    _item(5, "Customer call", Standing.WAITING, percent=80),
    _item(6, "Screen test", Standing.LOCAL, share_url=None, recording_id=None, path=Path("/takes/a.mp4")),
    _item(
        7, "A very long title that tells everything that happens in this recording, and a little more",
        Standing.FAILED, problem=Problem("The server refuses this upload", "It is too large."),
    ),
    _item(8, "Roadmap", conflict=True, unsent=True),
    _item(9, "Demonstration for the fair", fields={"tags": ["fair"]}),
    _item(10, "Interview"),
    _item(11, "Release notes 1.4"),
]  # fmt: skip
SEGMENTS = [
    Segment(0, 1.0, 4.0, "Good morning everybody, let us look at the budget."),
    Segment(1, 5.0, 9.0, "The numbers of the third quarter are in, and they are better than we thought."),
    Segment(2, 10.0, 14.0, "First, please open the settings and change your password."),
    Segment(3, 15.0, 18.0, "Then we click the red button and save the file."),
    Segment(4, 20.0, 24.0, "Thank you, and see you at the next meeting."),
]


def poster(hue: int) -> QPixmap:
    """A picture that is nobody's."""
    picture = QPixmap(640, 360)
    painter = QPainter(picture)
    shade = QLinearGradient(0, 0, 640, 360)
    shade.setColorAt(0, QColor.fromHsv(hue % 360, 90, 235))
    shade.setColorAt(1, QColor.fromHsv((hue + 40) % 360, 130, 150))
    painter.fillRect(picture.rect(), shade)
    painter.fillRect(60, 60, 520, 240, QColor(255, 255, 255, 60))
    painter.end()
    return picture


def _window(items: list[Item] = ITEMS, moments: dict[int, list[Moment]] | None = None) -> LibraryWindow:
    window = LibraryWindow()
    folders = [Folder("1", None, "Customers"), Folder("2", "1", "North"), Folder("3", None, "Trainings")]
    window.show_places(folders, [("fair", 1), ("onboarding", 3), ("people", 2)], conflicts=True)
    window.rows.show([item.id for item in items])
    window.rows.fill({item.id: item for item in items}, moments)
    for item in items:
        if item.id % 5 != 1:
            window.rows.put_picture(item.key, poster(item.id * 37))
    window.show_counts(Query(), len(items))
    window.show_contact("Up to date")
    window.resize(1180, 720)
    return window


def grid() -> QWidget:
    window = _window()
    window.grid.choose(3)
    return window


def lines() -> QWidget:
    window = _window()
    window.finder.lines.setChecked(True)
    window.offer_undo("“Old test” is in the trash")
    window.grid.choose(2)
    return window


def speech() -> QWidget:
    """What is written down, and what was recorded before there was a server."""
    window = _window()
    path = Path("/takes/a.mp4")
    window.rows.show_jobs({path: Job(path, State.LISTENING, 0.42)}, recording=False)
    window.offer_upload(3)
    window.grid.choose(6)
    return window


def found() -> QWidget:
    moments = {2: [Moment(10.0, "…please open the settings")], 3: [Moment(83.0, "the settings of the team")]}
    window = _window(ITEMS[2:4], moments)
    window.finder.text.setText("settings")
    window.show_contact("The server cannot be reached; changes wait")
    return window


def empty() -> QWidget:
    window = _window([])
    window.sidebar.go(Spot())
    return window


def player() -> QWidget:
    window = PlayerWindow()
    item = replace(
        ITEMS[3], description="What new people need in their first week.", title="Onboarding, part one"
    )
    window.show_item(item, "Ready")
    here = replace(item, path=Path("/takes/a.mp4"), said=1)
    window.transcript.show_speech(offer([here], {}), "", here=True)
    window.show_text(SEGMENTS, [Chapter(0.0, "Welcome"), Chapter(10.0, "Settings"), Chapter(20.0, "Goodbye")])
    window._set_range(Range(4.0, 16.0))
    window._moved(11.0, 26.0)
    window.resize(1180, 660)
    return window


def details() -> QWidget:
    window = PlayerWindow()
    window.show_item(ITEMS[3], "Ready")
    window.side.setCurrentIndex(1)
    window._moved(0.0, 220.0)
    window.resize(1180, 660)
    return window


def sharing() -> QWidget:
    dialog = ShareDialog("Onboarding, part one")
    dialog.show_settings(
        {
            "shareUrl": _LINK, "visibility": "public", "hasPassword": True,
            "expiresAt": "2027-06-30T18:00:00Z",
            "allowDownload": False, "allowComments": True,
        }
    )  # fmt: skip
    return dialog


def conflict() -> QWidget:
    edit = Edit(
        {"title": "Roadmap 2027", "description": "Draft."}, {"title": "Roadmap", "description": ""}, 0.0,
        EditState.CONFLICT, {"title": "Roadmap of the team", "description": "Final."},
    )  # fmt: skip
    return ConflictDialog(ITEMS[8], edit)


def tags() -> QWidget:
    return TagsDialog(ITEMS[3:5], ["fair", "people", "review"])


def code() -> QWidget:
    return QrDialog("Weekly review", _LINK)


def export() -> QWidget:
    return ExportDialog("Weekly review", Path("/tmp"), Range(4.0, 16.0))


def progress() -> QWidget:
    dialog = ProgressDialog("Making Weekly review.gif")
    dialog.show_progress(0.42)
    return dialog


SHOTS: dict[str, Callable[[], QWidget]] = {
    "grid": grid,
    "list": lines,
    "speech": speech,
    "found": found,
    "empty": empty,
    "player": player,
    "details": details,
    "sharing": sharing,
    "conflict": conflict,
    "tags": tags,
    "qr": code,
    "export": export,
    "progress": progress,
}
