"""Offers to upload what was recorded before there was a server, in the library's window."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.context import Context
from desktop.library.unsent import DECIDED, decide

if TYPE_CHECKING:
    from desktop.controllers.library.window import LibraryController


class Unsent(QObject):
    """Asks until it is answered; the answer holds for what there is then."""

    def __init__(self, context: Context, library: "LibraryController") -> None:
        super().__init__(library)
        self._context, self._library = context, library
        self._files: Mapping[Path, str] = {}

    def look(self) -> Mapping[Path, str]:
        """What there is to ask about, with titles. Off the Qt thread."""
        return self._library.store.never_sent(DECIDED) if self._context.settings.value.server else {}

    def show(self, files: Mapping[Path, str]) -> None:
        """In the window, if there is one."""
        if self._library.window and files != self._files:
            self._library.window.offer_upload(len(files))
        self._files = files

    def send(self) -> None:
        """All of them."""
        files = self._files
        self._decided()
        self._library.commands.send_titled(files)

    def leave(self) -> None:
        """They stay here; the command to upload one stays in its menu."""
        self._decided()

    def _decided(self) -> None:
        at, store = time.time(), self._library.store
        self.show({})
        self._context.background.in_thread(lambda: decide(store, at), lambda _: None, self._library.tell)
