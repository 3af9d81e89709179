"""Reading a file while it is written: a reader that waits for bytes instead of meeting an end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from av.container import InputContainer

from media.fragments import MAX_PIXELS
from media.growth import Growth
from media.sniff import Container
from media.untrusted import open_media


class GrowingFile:
    """What a demuxer reads from. It cannot seek: what lies ahead is not written yet.

    `waiting` is called every few seconds while nothing comes, as a sign of life.
    """

    _PATIENCE_S = 5.0

    def __init__(self, path: Path, growth: Growth, waiting: Callable[[], None]) -> None:
        self._file = path.open("rb", buffering=0)
        self._growth = growth
        self._waiting = waiting
        self._position = 0
        self.name = f"growing {path.name}"

    def read(self, size: int) -> bytes:
        """At least one byte, or none at the end of the file."""
        while (there := self._growth.beyond(self._position, self._PATIENCE_S)) is None:
            self._waiting()
        data = self._file.read(min(size, there))
        self._position += len(data)
        return data

    def close(self) -> None:
        self._file.close()


@contextmanager
def open_growing(
    path: Path,
    growth: Growth,
    waiting: Callable[[], None],
    *,
    kind: Container,
    max_pixels: int = MAX_PIXELS,
) -> Iterator[InputContainer]:
    """As `open_media`, for a file that others still write. Raises UnreadableMedia."""
    file = GrowingFile(path, growth, waiting)
    try:
        with open_media(path, kind=kind, max_pixels=max_pixels, file=file) as container:
            yield container
    finally:
        file.close()
