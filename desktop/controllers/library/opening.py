"""The library before anybody looks at it: nothing of it is loaded until it is opened, but where changes of
the last time wait to be sent. Tells once of recordings that were made before there was a server.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop.context import Context
from desktop.controllers.transcription import Transcription
from desktop.i18n import tr
from desktop.models.actions import Action
from desktop.models.session import Problem
from desktop.settings import Settings, recordings_folder
from uploader import paths

if TYPE_CHECKING:
    from desktop.controllers.library.window import LibraryController

_RESUME_MS = 5000  # after the start, when nobody waits for anything any more


class Library(QObject):
    """One for the app."""

    def __init__(self, context: Context, transcription: Transcription) -> None:
        super().__init__(context.application)
        self._context, self._transcription = context, transcription
        self._controller: LibraryController | None = None
        context.actions.handle(Action.LIBRARY, self.open)
        self._resume = QTimer(self, singleShot=True, interval=_RESUME_MS)
        self._resume.timeout.connect(self._look_for_changes)
        self._resume.timeout.connect(self._look_for_unsent)
        self._resume.start()
        context.settings.changed.connect(self._settings_changed)

    @property
    def controller(self) -> "LibraryController":
        """Made at the first use."""
        if self._controller is None:
            from desktop.controllers.library.window import LibraryController

            self._controller = LibraryController(self._context, self._transcription, self)
        return self._controller

    def open(self) -> None:
        """Shows the window."""
        self.controller.open()

    def close(self) -> None:
        """Ends everything of it. Idempotent."""
        self._resume.stop()
        if self._controller:
            self._controller.close()
            self._controller = None

    def _settings_changed(self, now: Settings, before: Settings) -> None:
        if now.server != before.server:
            self._look_for_unsent()

    def _look_for_unsent(self) -> None:
        now = self._context.settings.value
        server, folder = now.server, recordings_folder(now)
        if server is None:
            return

        def look() -> int:
            from desktop.library.unsent import news

            return news(folder, server)

        self._context.background.in_thread(look, self._tell_unsent)

    def _tell_unsent(self, count: int) -> None:
        if count == 0 or (self._controller and self._controller.is_open):
            return  # its window says so
        one = tr("1 recording is only on this computer")
        many = tr("{count} recordings are only on this computer", count=count)
        hint = tr("The library asks whether to upload what was recorded before there was a server.")
        problem = Problem(one if count == 1 else many, hint=hint, severity="info")
        self._context.messages.tell(problem, tr("Open the library"), self.open)

    def _look_for_changes(self) -> None:
        def waiting() -> bool:
            if not (paths.home() / "library.db").is_file():
                return False
            from desktop.models.library.store import Store

            with Store() as store:
                return bool(store.edits())

        def known(some: object) -> None:
            if some:
                self.controller.start()

        self._context.background.in_thread(waiting, known)
