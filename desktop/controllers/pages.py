"""Windows that are made when an action first opens them: transcripts and diagnostics; and the buttons in the
settings that do so, also for the assistant."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from desktop.context import Context
from desktop.controllers.settings.opening import SettingsOpener
from desktop.controllers.transcription import Transcription
from desktop.i18n import tr
from desktop.models.actions import Action
from desktop.settings.setting import Page

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.controllers.diagnostics import DiagnosticsController
    from desktop.controllers.transcripts import TranscriptsController


class Pages:
    """Handles their actions; `close` ends what was made."""

    def __init__(self, context: Context, transcription: Transcription) -> None:
        self._context, self._transcription = context, transcription
        self._transcripts: TranscriptsController | None = None
        self._diagnostics: DiagnosticsController | None = None
        context.actions.handle(Action.TRANSCRIPTS, self.open_transcripts)
        context.actions.handle(Action.DIAGNOSTICS, self.open_diagnostics)

    def open_transcripts(self) -> None:
        if self._transcripts is None:
            from desktop.controllers.transcripts import TranscriptsController

            self._transcripts = TranscriptsController(self._context, self._transcription)
        self._transcripts.open()

    def open_diagnostics(self) -> None:
        if self._diagnostics is None:
            from desktop.controllers.diagnostics import DiagnosticsController

            self._diagnostics = DiagnosticsController(self._context)
        self._diagnostics.open()

    def add_to(self, settings: SettingsOpener) -> None:
        """A button each, on the page of the settings where one looks for it."""
        settings.add_part(
            Page.UPLOADS,
            self._part(
                Action.SETUP,
                tr("A private server, or a sign-in to one with an address; permissions; devices."),
                tr("Set Heddle up &anew …"),
            ),
        )
        settings.add_part(
            Page.TRANSCRIPTION,
            self._part(
                Action.TRANSCRIPTS,
                tr("What was written down, and the models that listen: fetch them here."),
                tr("Open &transcripts and models …"),
            ),
        )
        settings.add_part(
            Page.DIAGNOSTICS,
            self._part(
                Action.DIAGNOSTICS,
                tr("What works on this computer, what does not, and a report for whoever looks into it."),
                tr("Open &diagnostics …"),
            ),
        )

    def _part(self, action: Action, about: str, words: str) -> "Callable[[], QWidget]":
        def make() -> "QWidget":
            from desktop.views.settings.opening import OpeningPart

            part = OpeningPart(about, words)
            part.clicked.connect(partial(self._context.actions.perform, action))
            return part

        return make

    def close(self) -> None:
        """The app ends."""
        for controller in (self._transcripts, self._diagnostics):
            if controller is not None:
                controller.close()
        self._transcripts = self._diagnostics = None
