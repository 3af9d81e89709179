"""What of the library lies on this computer: the takes in their folder, and the journal's uploads."""

import contextlib
import time
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from desktop.models import transcripts
from desktop.models.library.items import Sending, Take, file_key
from desktop.models.library.store import Store
from media import manifest
from media.manifest import ManifestError, TakeState
from uploader.journal import Journal
from uploader.model import Upload

# A recorder rewrites its manifest with each fragment; one that is paused says so in the journal's lock.
_FRESH_S = 10.0


class Local:
    """Looks at folder and journal, and tells the store what is otherwise than last time."""

    def __init__(self, store: Store, folder: Path, journal: Journal) -> None:
        self._store, self.folder, self._journal = store, folder, journal
        self._rows: list[Upload] = []  # of the journal
        self._here: list[bool] = []  # whether the file of each is
        self._known: dict[Path, tuple[int, Take]] = {}
        self._texts: dict[Path, int] = {}  # when the file beside a take was written

    def look(self, *, recording: Collection[Path] = ()) -> None:
        """Everything; `recording` are the files that this app's own recorder writes."""
        self.look_at_files(recording=recording)
        others = {row.path for row, here in zip(self._rows, self._here, strict=True) if here}
        for path in others | self._known.keys():
            self._look_at_text(path)

    def look_at_files(self, *, recording: Collection[Path] = ()) -> None:
        """Recordings and uploads, without what was written down of them."""
        self.look_at_journal(files=True)
        alive = {row.path for row in self._journal.pending() if row.growing} | set(recording)
        self._store.put_takes(self._takes(alive), all_of_them=True)

    def look_at_journal(self, *, files: bool = False) -> None:
        """The uploads, if anything about them has changed; with `files` also whether their files are here."""
        changed = self._journal.changed()
        if changed:
            self._rows = self._journal.all()
        if changed or files:
            here = [row.path.is_file() for row in self._rows]
            if changed or here != self._here:
                self._here = here
                rows = [Sending.of(row, here=is_here) for row, is_here in zip(self._rows, here, strict=True)]
                self._store.put_sendings(rows, all_of_them=True)

    def _look_at_text(self, path: Path) -> None:
        """What was written down of it on this computer."""
        try:
            stamp = transcripts.transcript_path(path).stat().st_mtime_ns
        except OSError:
            return
        if self._texts.get(path) != stamp and (kept := transcripts.read(path)):
            self._store.put_transcript(file_key(path), kept.transcript)
            self._texts[path] = stamp

    def _takes(self, alive: Collection[Path]) -> list[Take]:
        found = {}
        for path in self.folder.glob("*.mp4.json"):
            with contextlib.suppress(ManifestError, OSError):  # removed while we looked, or not of ours
                stamp = path.stat().st_mtime_ns
                media_file = path.with_name(path.name.removesuffix(".json"))
                known = self._known.get(media_file)
                if known is None or known[0] != stamp or known[1].state is TakeState.RECORDING:
                    known = stamp, self._read(media_file, stamp, alive)
                if media_file.is_file():
                    found[media_file] = known
        self._known = found
        return [take for _, take in found.values() if take.state is not TakeState.CANCELLED]

    def _read(self, path: Path, stamp: int, alive: Collection[Path]) -> Take:
        told = manifest.read(path)
        writing = path in alive or time.time() - stamp / 1e9 < _FRESH_S
        try:
            created_at = datetime.fromisoformat(told.created_at).timestamp()
        except ValueError:
            created_at = stamp / 1e9
        return Take.of(path, told, created_at=created_at, alive=told.state is TakeState.RECORDING and writing)
