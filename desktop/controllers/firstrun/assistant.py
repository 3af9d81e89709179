"""The assistant of the first run: three steps that can be skipped, and taken up where they were left."""

from PySide6.QtCore import QObject, Signal

from desktop.context import Context
from desktop.controllers.firstrun.devices import DevicesController
from desktop.controllers.firstrun.permissions import PermissionsController
from desktop.controllers.firstrun.place import PlaceController
from desktop.controllers.private_server import PrivateServer
from desktop.i18n import tr
from desktop.models import firstrun
from desktop.models.firstrun import Progress, Step
from desktop.models.session import Problem
from desktop.views.firstrun.assistant import Assistant
from uploader.paths import home


class AssistantController(QObject):
    """Owns the window while it is open; `over` when it was closed."""

    over = Signal()

    def __init__(self, context: Context, private: PrivateServer, progress: Progress) -> None:
        super().__init__(context.application)
        self._context = context
        self._progress = progress
        self.place = PlaceController(context, private, self)
        self.permissions = PermissionsController(context, self)
        self.devices = DevicesController(context, self)
        self.view = Assistant(
            {
                Step.PLACE: self.place.view,
                Step.PERMISSIONS: self.permissions.view,
                Step.DEVICES: self.devices.view,
            }
        )
        self.view.next_clicked.connect(lambda: self._go(self._progress.next()))
        self.view.back_clicked.connect(lambda: self._go(self._progress.back()))
        self.view.later_clicked.connect(self.close)
        self.view.closed.connect(self.close)
        self.place.changed.connect(self._show)

    def open(self) -> None:
        """Shows the window, or brings it to the front."""
        if not self.view.isVisible():
            self._go(self._progress.at(self._progress.step))
        self.view.show()
        self.view.raise_()
        self.view.activateWindow()

    def close(self, *, wait: bool = False) -> None:
        """Lets go of devices and window. What was reached is kept."""
        self.place.leave()
        self.permissions.leave()
        self.devices.leave(wait=wait)
        self.view.hide()
        self.view.deleteLater()
        self.over.emit()

    def _go(self, progress: Progress) -> None:
        self._progress = progress
        try:
            firstrun.save(home(), progress)
        except OSError as error:
            title = tr("How far you came cannot be written down")
            self._context.messages.tell(Problem(title, str(error)))
        if progress.done:
            self.close()
            return
        self._show()
        for step, page in ((Step.PERMISSIONS, self.permissions), (Step.DEVICES, self.devices)):
            if progress.step is step:
                page.enter()
            else:
                page.leave()

    def _show(self) -> None:
        settled = self._progress.step is not Step.PLACE or self.place.settled
        self.view.show_progress(self._progress, settled=settled)
