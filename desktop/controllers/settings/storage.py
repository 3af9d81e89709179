"""The storage part of the settings: looks, makes room and takes it back by `heddle storage` as a child."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from desktop import settings
from desktop.child import Child
from desktop.context import Context
from desktop.i18n import tr
from desktop.models.storage import room
from desktop.models.words import size
from desktop.views.settings.storage import StoragePart
from media import self_command

Lines = list[dict[str, Any]]


class StorageController(QObject):
    """One child at a time; what is clicked meanwhile waits for it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.application)
        self._context = context
        self._child: Child | None = None
        self._trashed: list[str] = []
        self.part = StoragePart()
        self.part.clean_clicked.connect(self._clean)
        self.part.undo_clicked.connect(self._undo)
        self.part.folder_clicked.connect(self._open_folder)
        self.part.destroyed.connect(self._close)
        self.look()

    def look(self) -> None:
        """At the disk, anew."""
        self._run(("storage", "list"), lambda lines: self.part.show_room(room(lines)))

    def _clean(self) -> None:
        self.part.clean.setEnabled(False)
        self.part.show_words(tr("Asking the server about each recording…"))
        self._run(("storage", "clean"), self._cleaned)

    def _cleaned(self, lines: Lines) -> None:
        self._trashed = [str(line["trashed"]) for line in lines if "trashed" in line]
        end = next((line for line in lines if "freedBytes" in line), None)
        if end is None:
            self.part.show_words(tr("That did not work; nothing was removed."))
        else:
            words = tr("{size} are in the trash.", size=size(end["freedBytes"]))
            if end["left"]:
                words += " " + tr("Left because the server did not confirm them: {count}.", count=end["left"])
            self.part.show_words(words, can_undo=bool(self._trashed))
        self.look()

    def _undo(self) -> None:
        self.part.show_words("")
        self._bring_next([])

    def _bring_next(self, _lines: Lines) -> None:
        if self._trashed:
            self._run(("recover", "--no-upload", "--bring", self._trashed.pop()), self._bring_next)
        else:
            self.part.show_words(tr("They are back."))
            self.look()

    def _open_folder(self) -> None:
        folder = settings.recordings_folder(self._context.settings.value)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _run(self, arguments: tuple[str, ...], done: Callable[[Lines], None]) -> None:
        lines: Lines = []
        child = Child(self_command.command("desktop", *arguments, "--json"), self)
        child.told.connect(lines.append)

        def ended(_words: str) -> None:
            child.deleteLater()
            self._child = None
            done(lines)

        child.ended.connect(ended)
        self._child = child
        child.open()

    def _close(self) -> None:
        if self._child:
            self._child.drop(wait=True)
            self._child = None
