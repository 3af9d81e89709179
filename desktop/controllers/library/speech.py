"""Has what is said in the library's recordings written down, and shows how far that is."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.context import Context
from desktop.controllers.transcription import Transcription
from desktop.i18n import tr
from desktop.models import transcripts
from desktop.models.library.items import Item
from desktop.models.library.speech import Jobs, under_way, wanted
from desktop.models.session import Problem
from desktop.models.transcripts import NO_MODEL, Kept

if TYPE_CHECKING:
    from desktop.controllers.library.window import LibraryController


class Speech(QObject):
    """Told by the library's commands; tells its window."""

    changed = Signal()  # `jobs`

    def __init__(self, context: Context, library: "LibraryController", transcription: Transcription) -> None:
        super().__init__(library)
        self._context, self._library, self._transcription = context, library, transcription
        transcription.changed.connect(self._follow)
        transcription.written.connect(lambda _path: library.again())

    @property
    def jobs(self) -> Jobs:
        return {job.path: job for job in self._transcription.jobs}

    @property
    def holds(self) -> bool:
        """Whether all of it waits for a recording that is made now."""
        return self._transcription.recording

    def show_jobs(self) -> None:
        """In the library's window."""
        if self._library.window:
            self._library.window.rows.show_jobs(self.jobs, recording=self.holds)

    def write_down(self, items: Sequence[Item]) -> None:
        """Puts them into the queue; asks where corrections of a person would be lost."""
        from desktop.views.transcription.anew import confirm_anew

        titles = {item.path: item.title for item in items}
        paths = wanted(items, self.jobs)
        self._transcription.begin(
            paths,
            lambda some: confirm_anew([titles[path] for path in some], self._library.front),
            lambda: self._look_for_model(paths),
        )

    def stop(self, items: Sequence[Item]) -> None:
        """Takes them out of the queue."""
        self._transcription.remove(*under_way(items, self.jobs))

    def show(self, items: Sequence[Item]) -> None:
        """For corrections where its file is here, else beside the player."""
        item = items[0]
        if item.path is None:
            self._library.commands.player.show_transcript(item)
            return
        if item.path in self.jobs:
            self._show(item, True)
            return
        self._context.background.in_thread(
            partial(self._fetch, item, item.path), partial(self._show, item), self._library.tell
        )

    def _fetch(self, item: Item, path: Path) -> bool:
        """What a server has written down is corrected here, too. Whether there is anything."""
        if transcripts.read(path) is None:
            told = self._library.store.transcript(item)
            if told is None or not told.segments:
                return False
            transcripts.write(path, Kept(told))
        return True

    def _show(self, item: Item, there: bool) -> None:
        if there and item.path:
            self._transcription.show(item.path, sent=item.recording_id is not None)
        else:
            self._library.commands.player.show_transcript(item)

    def _look_for_model(self, paths: Sequence[Path]) -> None:
        """Who lacks one is led to where it is chosen."""
        found = [self.jobs[path].problem for path in paths if path in self.jobs]
        problem = next((one for one in found if one and one.code == NO_MODEL), None)
        if problem:
            hint = tr("Choose one, and Heddle downloads it. What you wanted written down waits for it.")
            choose = self._transcription.models_wanted.emit
            self._context.messages.tell(Problem(problem.title, hint=hint), tr("Choose a model"), choose)

    def _follow(self) -> None:
        self.show_jobs()
        self.changed.emit()
