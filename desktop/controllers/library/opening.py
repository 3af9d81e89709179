"""The library before anybody looks at it: nothing of it is loaded until it is opened, but where changes of
the last time wait to be sent.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop.context import Context
from desktop.models.actions import Action
from uploader import paths

if TYPE_CHECKING:
    from desktop.controllers.library.window import LibraryController

_RESUME_MS = 5000  # after the start, when nobody waits for anything any more


class Library(QObject):
    """One for the app."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.application)
        self._context = context
        self._controller: LibraryController | None = None
        context.actions.handle(Action.LIBRARY, self.open)
        self._resume = QTimer(self, singleShot=True, interval=_RESUME_MS)
        self._resume.timeout.connect(self._look_for_changes)
        self._resume.start()

    @property
    def controller(self) -> "LibraryController":
        """Made at the first use."""
        if self._controller is None:
            from desktop.controllers.library.window import LibraryController

            self._controller = LibraryController(self._context, self)
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
