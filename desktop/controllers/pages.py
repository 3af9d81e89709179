"""Windows that are made when an action first opens them: transcripts and diagnostics."""

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.context import Context
from desktop.controllers.transcription import Transcription
from desktop.models.actions import Action

if TYPE_CHECKING:
    from desktop.controllers.diagnostics import DiagnosticsController
    from desktop.controllers.transcripts import TranscriptsController


class Pages:
    """Handles their actions; `close` ends what was made."""

    def __init__(self, context: Context, transcription: Transcription) -> None:
        self._context, self._transcription = context, transcription
        self._transcripts: TranscriptsController | None = None
        self._diagnostics: DiagnosticsController | None = None
        context.actions.handle(Action.TRANSCRIPTS, self.open_transcripts)
        transcription.show_wanted.connect(self.open_transcripts)
        transcription.models_wanted.connect(lambda: self.open_transcripts(models=True))
        context.actions.handle(Action.DIAGNOSTICS, self.open_diagnostics)

    def open_transcripts(self, path: Path | None = None, *, models: bool = False) -> None:
        """`path` is the recording to show, if a certain one; `models` brings those to the front."""
        if self._transcripts is None:
            from desktop.controllers.transcripts import TranscriptsController

            self._transcripts = TranscriptsController(self._context, self._transcription)
        self._transcripts.open(path, models=models)

    def open_diagnostics(self) -> None:
        if self._diagnostics is None:
            from desktop.controllers.diagnostics import DiagnosticsController

            self._diagnostics = DiagnosticsController(self._context)
        self._diagnostics.open()

    def close(self) -> None:
        """The app ends."""
        for controller in (self._transcripts, self._diagnostics):
            if controller is not None:
                controller.close()
        self._transcripts = self._diagnostics = None
