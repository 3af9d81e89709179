"""The storage part of the settings: looks, makes room and takes it back by `heddle storage` as a child."""

from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from desktop import settings
from desktop.child import Child
from desktop.context import Context
from desktop.i18n import tr
from desktop.models.storage import room
from desktop.models.words import size
from desktop.settings import Settings
from desktop.views.settings.storage import StoragePart
from media import self_command

Lines = list[dict[str, Any]]
Done = Callable[[Lines, str], None]
"""What a child told, and its last words where something went wrong."""
_LIST = ("storage", "list")


class StorageController(QObject):
    """Looks whenever the part is shown. One child at a time; what is wanted meanwhile waits for it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.application)
        self._context = context
        self._child: Child | None = None
        self._waiting: deque[tuple[tuple[str, ...], Done]] = deque()
        self._trashed: list[str] = []
        self._trashed_in = Path()
        self.part = StoragePart()
        self.part.shown.connect(self.look)
        self.part.clean_clicked.connect(self._clean)
        self.part.undo_clicked.connect(self._undo)
        self.part.folder_clicked.connect(self._open_folder)
        self.part.destroyed.connect(self._close)
        context.settings.changed.connect(self._follow)

    def look(self) -> None:
        """At the disk, anew."""
        if all(arguments != _LIST for arguments, _ in self._waiting):
            self._run(_LIST, self._looked)

    def _follow(self, now: Settings, before: Settings) -> None:
        if now.recordings != before.recordings and self.part.isVisible():
            self.look()

    def _looked(self, lines: Lines, words: str) -> None:
        if any("totalBytes" in line for line in lines):
            self.part.show_room(room(lines))
        else:
            self.part.show_trouble(words)

    def _clean(self) -> None:
        self.part.clean.setEnabled(False)
        self.part.show_words(tr("Asking the server about each recording…"))
        folder = settings.recordings_folder(self._context.settings.value)
        self._run(("storage", "clean"), partial(self._cleaned, folder))

    def _cleaned(self, folder: Path, lines: Lines, trouble: str) -> None:
        self._trashed = [str(line["trashed"]) for line in lines if "trashed" in line]
        self._trashed_in = folder
        end = next((line for line in lines if "freedBytes" in line), None)
        if end is None:
            self.part.show_words(f"{tr('That did not work; nothing was removed.')} {trouble}".strip())
        else:
            words = tr("{size} are in the trash.", size=size(end["freedBytes"]))
            if end["left"]:
                words += " " + tr("Left because the server did not confirm them: {count}.", count=end["left"])
            self.part.show_words(words, can_undo=bool(self._trashed))
        self.look()

    def _undo(self) -> None:
        self.part.show_words("")
        self._bring_next()

    def _bring_next(self) -> None:
        if self._trashed:
            name = self._trashed.pop()
            self._run(("recover", str(self._trashed_in), "--no-upload", "--bring", name), self._brought)
        else:
            self.part.show_words(tr("They are back."))
            self.look()

    def _brought(self, lines: Lines, trouble: str) -> None:
        if lines:
            self._bring_next()
        else:
            self.part.show_words(f"{tr('Not all of them came back.')} {trouble}".strip())
            self.look()

    def _open_folder(self) -> None:
        folder = settings.recordings_folder(self._context.settings.value)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _run(self, arguments: tuple[str, ...], done: Done) -> None:
        self._waiting.append((arguments, done))
        if self._child is None:
            self._run_next()

    def _run_next(self) -> None:
        arguments, done = self._waiting.popleft()
        lines: Lines = []
        child = Child(self_command.command("desktop", *arguments, "--json"), self)
        child.told.connect(lines.append)

        def ended(words: str) -> None:
            child.deleteLater()
            self._child = None
            done(lines, words)
            if self._waiting and self._child is None:
                self._run_next()

        child.ended.connect(ended)
        self._child = child
        child.open()

    def _close(self) -> None:
        self._context.settings.changed.disconnect(self._follow)
        self._waiting.clear()
        if self._child:
            self._child.drop(wait=True)
            self._child = None
