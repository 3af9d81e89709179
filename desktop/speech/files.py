"""The files beside recordings, for one that writes: what the disk will not take waits here until it does."""

import threading
from pathlib import Path

from desktop.models import transcripts
from desktop.models.transcripts import Kept


class TranscriptFiles:
    """Any thread may call; each correction reads what the one before it left."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._unwritten: dict[Path, Kept] = {}

    @property
    def unwritten(self) -> tuple[Path, ...]:
        """What `write_again` is wanted for."""
        return tuple(self._unwritten)

    def read(self, path: Path) -> Kept | None:
        """What is kept of a recording; None where nothing is."""
        with self._lock:
            return self._read(path)

    def write(self, path: Path, kept: Kept) -> Kept:
        """In one step. OSError when the disk refuses; nothing is lost then."""
        with self._lock:
            return self._write(path, kept)

    def write_again(self, path: Path) -> Kept | None:
        """What the disk refused before; None where nothing is left of that. OSError when it does so again."""
        with self._lock:
            kept = self._unwritten.get(path)
            return self._write(path, kept) if kept else None

    def correct(self, path: Path, number: int, text: str) -> Kept | None:
        """Another text for one segment; None where nothing is written down. OSError as of `write`."""
        with self._lock:
            kept = self._read(path)
            if kept is None:
                return None
            return self._write(path, Kept(transcripts.corrected(kept.transcript, number, text), edited=True))

    def forget(self, path: Path) -> None:
        """Nobody wants what the disk refused."""
        with self._lock:
            self._unwritten.pop(path, None)

    def _read(self, path: Path) -> Kept | None:
        return self._unwritten.get(path) or transcripts.read(path)

    def _write(self, path: Path, kept: Kept) -> Kept:
        self._unwritten[path] = kept
        transcripts.write(path, kept)
        del self._unwritten[path]
        return kept
