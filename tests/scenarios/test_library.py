"""The library over a real server: a recording is uploaded, changed here and by others while nobody syncs,
shared, deleted and brought back.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import QObject

from desktop.actions import Actions
from desktop.background import Background
from desktop.bridge import RecorderBridge
from desktop.context import Context
from desktop.controllers.library.opening import Library
from desktop.controllers.library.window import LibraryController
from desktop.controllers.transcription import Transcription
from desktop.live_settings import LiveSettings
from desktop.messages import Messages
from desktop.models.library.commands import Command
from desktop.models.library.items import FolderChange, Item, Standing
from desktop.models.library.query import Place
from desktop.views.library.sharing import ShareDialog
from desktop.views.library.sidebar import Spot
from desktop.views.library.window import LibraryWindow
from tests.support.media import make_recording
from tests.support.servers import Server
from uploader import manager

PATIENCE_MS = 60_000


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """The stories are of what is shown and not of where."""
    return ["heddle", "-platform", "offscreen"]


@pytest.fixture
def home_server(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The client's."""
    for name, value in server.client_env.items():
        monkeypatch.setenv(name, value)
    return server


@pytest.fixture
def library(home_server: Server, qapp: Any, heddle_home: Path) -> Iterator[LibraryController]:
    parent = QObject()
    settings = LiveSettings(parent)
    context = Context(
        application=qapp,
        background=Background(parent),
        bridge=RecorderBridge(parent=parent),
        actions=Actions(parent),
        settings=settings,
        messages=Messages(settings, parent),
    )
    library = Library(context, Transcription(context))
    try:
        library.open()
        yield library.controller
    finally:
        library.close()
        context.background.close()
        context.messages.close()
        parent.deleteLater()
        assert manager.stop(timeout_s=30)


def window(library: LibraryController) -> LibraryWindow:
    assert library.window is not None
    return library.window


def items(library: LibraryController) -> list[Item]:
    rows = window(library).rows
    found = []
    for row in range(rows.rowCount()):
        rows.data(rows.index(row))  # as a view does, so that it is loaded
        if item := rows.item_at(rows.index(row)):
            found.append(item)
    return found


def share(library: LibraryController, server: Server, recording: str, qtbot: Any) -> None:
    """Who may watch is asked of the server, and told it."""
    library.commands.do(Command.SHARE, items(library))
    dialog = window(library).findChild(ShareDialog)
    qtbot.waitUntil(dialog.visibility.isEnabled, timeout=PATIENCE_MS)
    dialog.locked.setChecked(True)
    dialog.password.setText("tulips in november")
    dialog.download.setChecked(False)
    dialog._save()
    path = f"/api/v1/recordings/{recording}/share"
    qtbot.waitUntil(lambda: server.get(path)["hasPassword"], timeout=PATIENCE_MS)
    assert server.get(path)["allowDownload"] is False
    qtbot.waitUntil(lambda: [one.has_password for one in items(library)] == [True], timeout=PATIENCE_MS)


def arrange(library: LibraryController, server: Server, recording: str, qtbot: Any) -> None:
    """Folders are made, filled, renamed and deleted on the server; what lay in one is kept."""

    def named(*names: str) -> bool:
        return [one.name for one in library.store.folders()] == list(names)

    def lies_in() -> Any:
        return server.get(f"/api/v1/recordings/{recording}")["folderId"]

    wanted = window(library).sidebar.folder_wanted
    wanted.emit(FolderChange(None, "Talks"))
    qtbot.waitUntil(lambda: named("Talks"), timeout=PATIENCE_MS)
    [folder] = library.store.folders()
    window(library).moved.emit([one.key for one in items(library)], folder.id)
    qtbot.waitUntil(lambda: lies_in() == folder.id, timeout=PATIENCE_MS)
    wanted.emit(FolderChange(folder.id, "Trainings"))
    qtbot.waitUntil(lambda: named("Trainings"), timeout=PATIENCE_MS)
    wanted.emit(FolderChange(None, "Inside", folder.id))
    qtbot.waitUntil(lambda: named("Inside", "Trainings"), timeout=PATIENCE_MS)
    wanted.emit(FolderChange(folder.id, None))
    qtbot.waitUntil(lambda: named("Inside") and lies_in() is None, timeout=PATIENCE_MS)
    qtbot.waitUntil(window(library).undo.isVisible, timeout=PATIENCE_MS)
    window(library).undo.click()
    qtbot.waitUntil(
        lambda: named("Inside", "Trainings") and lies_in() not in (None, folder.id), timeout=PATIENCE_MS
    )
    qtbot.waitUntil(lambda: library.store.folders()[0].parent_id == lies_in(), timeout=PATIENCE_MS)
    assert not any(one.conflict for one in items(library))
    wanted.emit(FolderChange(lies_in(), None))
    qtbot.waitUntil(lambda: named("Inside") and lies_in() is None, timeout=PATIENCE_MS)


def keep(library: LibraryController, film: Path, qtbot: Any) -> None:
    """The file goes, and a copy of the server's comes back to where it was."""
    before = film.read_bytes()
    film.unlink()
    library.again()
    qtbot.waitUntil(lambda: [one.path for one in items(library)] == [None], timeout=PATIENCE_MS)
    library.commands.do(Command.KEEP, items(library))
    qtbot.waitUntil(lambda: [one.path for one in items(library)] == [film], timeout=PATIENCE_MS)
    assert film.read_bytes() == before


def test_a_recording_is_changed_offline_and_never_written_over(
    library: LibraryController, home_server: Server, qtbot: Any, tmp_path: Path
) -> None:
    server, film = home_server, make_recording(tmp_path / "talk.mp4", 2.0)
    standings: list[Standing] = []

    def stands(*wanted: Standing) -> bool:
        now = [item.standing for item in items(library)]
        standings.extend(one for one in now if one not in standings)
        return bool(now) and set(now) <= set(wanted)

    library.commands.send_files([film])
    qtbot.waitUntil(lambda: stands(Standing.READY), timeout=PATIENCE_MS)
    assert set(standings) & {Standing.UPLOADING, Standing.PROCESSING}, standings
    [item] = items(library)
    assert item.path == film
    recording = str(item.recording_id)

    # Both write while nobody syncs: each field that only one of them touched is as that one wants it.
    library._stop()
    library.change(item, {"title": "Mine", "description": "Written offline", "tags": ["mine"]})
    qtbot.waitUntil(lambda: [(one.title, one.unsent) for one in items(library)] == [("Mine", True)])
    changed = server.api.patch(
        f"/api/v1/recordings/{recording}", json={"title": "Theirs", "tags": ["theirs"]}
    )
    assert changed.status_code == 200, changed.text
    library._start()
    library._watch(closely=True)
    qtbot.waitUntil(lambda: any(one.conflict for one in items(library)), timeout=PATIENCE_MS)
    there = server.get(f"/api/v1/recordings/{recording}")
    assert (there["title"], there["description"]) == ("Theirs", "Written offline")
    assert there["tags"] == ["mine", "theirs"]
    window(library).sidebar.go(Spot(Place.CONFLICTS))
    qtbot.waitUntil(lambda: len(items(library)) == 1)
    library.store.settle(item.key, {"title"})
    library.again()
    qtbot.waitUntil(
        lambda: server.get(f"/api/v1/recordings/{recording}")["title"] == "Mine", timeout=PATIENCE_MS
    )
    window(library).sidebar.go(Spot())

    # What others change is seen without asking.
    server.api.patch(f"/api/v1/recordings/{recording}", json={"title": "Live"})
    qtbot.waitUntil(lambda: [one.title for one in items(library)] == ["Live"], timeout=PATIENCE_MS)

    arrange(library, server, recording, qtbot)
    share(library, server, recording, qtbot)

    # Into the trash, where its link ends, and back.
    library.commands.do(Command.TRASH, items(library))
    qtbot.waitUntil(
        lambda: not items(library) and server.api.get(f"/api/v1/recordings/{recording}").status_code == 404,
        timeout=PATIENCE_MS,
    )
    library.undo()
    qtbot.waitUntil(
        lambda: (
            [one.title for one in items(library)] == ["Live"]
            and server.api.get(f"/api/v1/recordings/{recording}").status_code == 200
        ),
        timeout=PATIENCE_MS,
    )
    keep(library, film, qtbot)
