"""The window of transcription: shows the queue, fetches models, passes corrections on."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from desktop import settings
from desktop.child import Child
from desktop.context import Context
from desktop.controllers.transcription import Transcription
from desktop.errors import HeddleError
from desktop.i18n import tr
from desktop.models import transcripts
from desktop.models.session import Problem
from desktop.models.speech_models import Download, rows
from desktop.models.transcripts import Kept, State
from desktop.settings.setting import Value
from desktop.speech.listening import has_model
from desktop.views.transcription.anew import confirm_anew
from desktop.views.transcription.window import TranscriptionWindow
from media import self_command
from media.errors import MediaError
from media.transcribe.catalogue import catalogue
from media.transcribe.store import Installed, ModelStore
from media.transcript import Segment


class TranscriptsController(QObject):
    """Owns the window. A download goes on while the window is closed."""

    def __init__(self, context: Context, transcription: Transcription) -> None:
        super().__init__(context.application)
        self._context, self._transcription = context, transcription
        self._installed: list[Installed] = []
        self._download: Download | None = None
        self._problem: Problem | None = None  # of the last download or choice, until the next
        self._child: Child | None = None
        self._live: list[Segment] = []  # of the one that is being heard
        self._live_path: Path | None = None
        self._corrected: set[Path] = set()
        self.view = TranscriptionWindow()
        self._connect()
        self._show_jobs()

    def open(self, path: Path | None = None, *, models: bool = False) -> None:
        """Shows the window, with this recording or the models in front where one of them is wanted."""
        if models:
            self.view.show_models()
        if path is not None:
            self.view.show_recording(path)
        self._look()
        self.view.show()
        self.view.raise_()
        self.view.activateWindow()

    def close(self) -> None:
        """The app ends; a download goes on from where it is, the next time."""
        self.stop_download(wait=True)
        self.view.close()
        self.view.deleteLater()

    def download(self, name: str) -> None:
        """Fetches a model, in a process of its own."""
        if self._child is not None:
            return
        self._download, self._problem = Download(name), None
        self._child = Child(self_command.command("desktop", "models", "download", name, "--json"), self)
        self._child.told.connect(self._told)
        self._child.ended.connect(self._gone)
        self._child.open()
        self._show_models()

    def stop_download(self, *, wait: bool = False) -> None:
        """What has come is kept."""
        child, self._child, self._download = self._child, None, None
        if child is not None:
            child.drop(wait=wait)
        self._look()

    def use_folder(self, folder: Path) -> None:
        """A model of the person's own."""
        try:
            ModelStore(self._store.folder).locate(str(folder))
        except MediaError as error:
            self._show_models(_problem(error))
            return
        self._use(str(folder))

    @property
    def _store(self) -> ModelStore:
        return ModelStore(settings.models_folder(self._context.settings.value))

    def _connect(self) -> None:
        transcription, recordings, models = self._transcription, self.view.recordings, self.view.models
        transcription.changed.connect(self._show_jobs)
        transcription.heard.connect(self._heard)
        transcription.written.connect(self._written)
        recordings.chosen.connect(self._show_text)
        recordings.add_clicked.connect(self._add)
        recordings.again_clicked.connect(self._again)
        recordings.remove_clicked.connect(transcription.remove)
        recordings.text.corrected.connect(self._correct)
        models.use_clicked.connect(self._use)
        models.download_clicked.connect(self.download)
        models.stop_clicked.connect(self.stop_download)
        models.remove_clicked.connect(self._remove)
        models.folder_clicked.connect(self._choose_folder)
        self.view.listening.chosen.connect(lambda name, value: self._set(**{name: value}))
        self._context.settings.changed.connect(lambda _now, _before: self._look())
        self._context.settings.follow(self.view.listening.show_settings)

    def _show_jobs(self) -> None:
        self.view.recordings.show_jobs(self._transcription.jobs, recording=self._transcription.recording)

    def _show_text(self, path: Path | None) -> None:
        self._show_jobs()
        job = transcripts.find(self._transcription.jobs, path) if path else None
        text = self.view.recordings.text
        if job is not None and job.state is State.LISTENING and path == self._live_path:
            text.show_segments(self._live, editable=False)
            return
        self.view.recordings.show_kept(None)
        if path is not None:
            self._context.background.in_thread(
                partial(self._transcription.read, path), partial(self._show_kept, path)
            )

    def _show_kept(self, path: Path, kept: Kept | None) -> None:
        if kept is not None and path == self.view.recordings.path:
            self.view.recordings.show_kept(kept.transcript)

    def _heard(self, path: Path, segment: Segment) -> None:
        if path != self._live_path or segment.id == 0:
            self._live_path, self._live = path, []
            if path == self.view.recordings.path:
                self.view.recordings.show_kept(None)
        self._live.append(segment)
        if path == self.view.recordings.path:
            self.view.recordings.text.add(segment)

    def _written(self, path: Path) -> None:
        if path in self._corrected:
            self._corrected.discard(path)  # it stands there already, and somebody goes on typing
        elif path == self.view.recordings.path:
            self._show_text(path)

    def _correct(self, number: int, text: str) -> None:
        path = self.view.recordings.path
        if path is not None:
            self._corrected.add(path)
            self._transcription.correct(path, number, text)

    def _again(self, path: Path) -> None:
        self._transcription.begin([path], lambda _: confirm_anew([path.stem], self.view))

    def _add(self) -> None:
        folder = str(settings.recordings_folder(self._context.settings.value))
        names, _ = QFileDialog.getOpenFileNames(self.view, tr("Which videos?"), folder)
        for name in names:
            self._transcription.add(Path(name))

    def _look(self) -> None:
        """Which models are here, asked off the Qt thread: a folder may lie on a slow disk."""
        self._context.background.in_thread(self._store.installed, self._found)

    def _found(self, installed: list[Installed]) -> None:
        self._installed = installed
        self._show_models()

    def _show_models(self, problem: Problem | None = None) -> None:
        self._problem = problem or self._problem
        chosen = self._context.settings.value.speech_model or catalogue().default
        shown = rows(self._installed, chosen, self._download)
        self.view.models.show_models(shown, self._download, self._problem)

    def _set(self, **values: Value) -> None:
        try:
            self._context.settings.change(**values)
        except HeddleError as error:
            self._context.messages.tell(Problem(error.title, error.detail, error.hint))

    def _use(self, name: str) -> None:
        self._problem = None
        self._set(speech_model=name)
        self._transcription.models_changed()
        self._look()

    def _remove(self, name: str) -> None:
        self._context.background.in_thread(
            partial(self._store.remove, name), lambda _freed: self._look(), self._failed
        )

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self.view, tr("A folder with a speech model"))
        if folder:
            self.use_folder(Path(folder))

    def _told(self, event: dict[str, Any]) -> None:
        match event.get("event"):
            case "progress" if self._download is not None:
                self._download = self._download.after(event)
                self._show_models()
            case "done" if self._download is not None:
                name = self._download.name
                self.stop_download()
                if has_model(self._context.settings.value):
                    self._transcription.models_changed()
                else:  # why else would somebody have fetched it
                    self._use(name)
            case "failed":
                self.stop_download()
                self._show_models(Problem(event["title"], event["detail"], event["hint"]))

    def _gone(self, words: str) -> None:
        self.stop_download()
        self._show_models(Problem(tr("The download ended unexpectedly"), words))

    def _failed(self, error: Exception) -> None:
        self._show_models(_problem(error))


def _problem(error: Exception) -> Problem:
    if isinstance(error, MediaError):
        return Problem(error.title, error.detail, error.hint)
    return Problem(tr("This did not work"), str(error))
