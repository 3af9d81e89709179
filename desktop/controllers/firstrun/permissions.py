"""The permissions' step: asks the system again whenever the person comes back from its settings."""

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices

from capture.permissions import permissions
from desktop.context import Context
from desktop.platform.permissions import rows
from desktop.views.firstrun.permissions import PermissionsPage


class PermissionsController(QObject):
    """Owns the page."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._shown = False
        self.view = PermissionsPage()
        self.view.page_clicked.connect(lambda page: QDesktopServices.openUrl(QUrl(page)))
        context.application.applicationStateChanged.connect(self._came_back)

    def enter(self) -> None:
        """The step is shown."""
        self._shown = True
        self._look()

    def leave(self) -> None:
        """It is not any more."""
        self._shown = False

    def _came_back(self, state: Qt.ApplicationState) -> None:
        if self._shown and state is Qt.ApplicationState.ApplicationActive:
            self._look()

    def _look(self) -> None:
        self._context.background.in_thread(permissions, lambda found: self.view.show_rows(rows(found)))
