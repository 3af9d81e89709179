"""How a recording's file grows, for a child that reads along."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from media.errors import MediaError
from server.uploads.service import Uploads


class Gone(Exception):
    """The upload was given up or begun anew: what was read of it is worth nothing."""


@dataclass(frozen=True, slots=True)
class Grown:
    """So many bytes are there for good; `ended`: and that is all."""

    committed: int
    ended: bool


# Tells at once how far the file is, then each time it has grown, and ends with it. Raises Gone.
GrowthOf = Callable[[str], AsyncIterator[Grown]]


def growth_of(uploads: Uploads) -> GrowthOf:
    async def grow(recording_id: str) -> AsyncIterator[Grown]:
        before = 0
        while True:
            try:
                index = await uploads.indexes.get(recording_id)
            except (MediaError, OSError):
                raise Gone from None
            # Looked at before the bytes: what comes in between is noticed.
            revision = 0 if index is None else index.revision
            committed = await uploads.committed(recording_id)
            if index is None or committed is None or committed[1] < before:
                raise Gone
            before = committed[1]
            ended = committed[2] or index.finished
            yield Grown(before, ended)
            if ended:
                return
            await index.changed(after=revision)

    return grow
