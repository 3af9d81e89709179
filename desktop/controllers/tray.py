"""The tray: follows the recording, and shows the last ones when it is looked at."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon

from desktop.context import Context
from desktop.controllers.recording import RecordingController
from desktop.models import recent
from desktop.models.session import ENDED, Session
from desktop.views.tray import Tray


class TrayController(QObject):
    """Made only where there is a tray."""

    def __init__(self, context: Context, recording: RecordingController, icon: QIcon) -> None:
        super().__init__(context.application)
        self._context = context
        self._link: str | None = None
        self.view = Tray(icon, self)
        self.view.wanted.connect(context.actions.perform)
        self.view.copy_wanted.connect(recording.copy)
        self.view.open_wanted.connect(recording.open_link)
        self.view.looked_at.connect(self._look)
        context.messages.use_tray(self.view)
        context.bridge.changed.connect(self._follow)

    def show(self) -> None:
        """Puts it there."""
        self.view.show()
        self._look()

    def close(self) -> None:
        """At the end of the app; idempotent."""
        self.view.discard()

    def _follow(self, session: Session) -> None:
        self.view.show_session(session)
        if session.share_url != self._link or session.phase in ENDED:
            self._link = session.share_url
            self._look()

    def _look(self) -> None:
        self._context.background.in_thread(recent.read, self.view.show_recent)
