"""The assistant of the first run: opens by itself until it was done, and whenever somebody asks for it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.context import Context
from desktop.controllers.private_server import PrivateServer
from desktop.models import firstrun
from desktop.models.actions import Action
from desktop.models.firstrun import Step
from uploader.paths import home

if TYPE_CHECKING:
    from desktop.controllers.firstrun.assistant import AssistantController


class FirstRun(QObject):
    """Loads the assistant when it is wanted: most starts of the app never need it."""

    over = Signal()  # the assistant was closed, and the app goes on

    def __init__(self, context: Context, private: PrivateServer) -> None:
        super().__init__(context.application)
        self._context, self._private = context, private
        self.assistant: AssistantController | None = None
        context.actions.handle(Action.SETUP, self.open)

    def open_if_wanted(self) -> bool:
        """At the app's start. Whether it did."""
        now = self._context.settings.value
        wanted = now.assistant and firstrun.load(home()).opens(now.server)
        if wanted:
            self.open()
        return wanted

    def open(self, step: Step | None = None) -> None:
        """At this step, or where somebody left it; from the beginning when it was done."""
        if self.assistant is None:
            from desktop.controllers.firstrun.assistant import AssistantController

            progress = firstrun.load(home())
            if progress.done or step is not None:
                progress = firstrun.Progress(step or Step.PLACE, begun=True)
            self.assistant = AssistantController(self._context, self._private, progress)
            self.assistant.over.connect(self._over)
        self.assistant.open()

    def close(self) -> None:
        """The app ends."""
        assistant, self.assistant = self.assistant, None
        if assistant is not None:
            assistant.close(wait=True)

    def _over(self) -> None:
        assistant, self.assistant = self.assistant, None
        if assistant is not None:
            assistant.deleteLater()
            self.over.emit()
