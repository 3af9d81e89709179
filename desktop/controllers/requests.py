"""What comes from outside: a second start, a link, the command line of the first."""

from PySide6.QtCore import QEvent, QObject, QUrl
from PySide6.QtGui import QDesktopServices, QFileOpenEvent

from desktop.context import Context
from desktop.errors import UsageError
from desktop.i18n import tr
from desktop.instance import Instance
from desktop.models.requests import Request, from_link, refusal, same_server
from desktop.models.session import Problem


class RequestController(QObject):
    """Passes actions on; a recording is shown by whoever said so, else in the browser."""

    def __init__(self, context: Context, instance: Instance | None = None) -> None:
        super().__init__(context.application)
        self._context, self._instance = context, instance
        if instance:
            instance.asked.connect(self.obey)
        context.application.installEventFilter(self)  # links on macOS

    def close(self) -> None:
        """Nobody is listened to any more; who is started now waits until this app is gone."""
        if self._instance:
            self._instance.turn_away()

    def obey(self, request: Request) -> None:
        """Now, on Qt's thread."""
        if request.problem:
            self._context.messages.tell(request.problem)
        elif request.share is None:
            self._context.actions.perform(request.action)
        else:
            self._open(request.share)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """macOS brings links as events of the application."""
        if not isinstance(event, QFileOpenEvent) or event.type() is not QEvent.Type.FileOpen:
            return False
        try:
            self.obey(from_link(event.url().toString()))
        except UsageError as error:
            self.obey(refusal(error))
        return True

    def _open(self, share: str) -> None:
        """Recordings of our own server at once; to open any other address takes a click here."""
        if same_server(share, self._context.settings.value.server):
            QDesktopServices.openUrl(QUrl(share))
            return
        told = Problem(tr("A link wants to open a recording on another server"), share, severity="warning")
        self._context.messages.tell(told, tr("&Open"), lambda: QDesktopServices.openUrl(QUrl(share)))
