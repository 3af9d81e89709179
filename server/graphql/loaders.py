"""What many objects of one answer need is asked for together: one query a kind, not one an object.

Nothing is cached: over a WebSocket the same loaders serve many answers.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from strawberry.dataloader import DataLoader

from server.ai.analysis.schemas import AnalysisOut
from server.ai.schemas import Stored
from server.comments.schemas import CommentOut
from server.identity.schemas import User
from server.recordings.library.schemas import Folder, Tag
from server.wiring import Services


@dataclass(frozen=True, slots=True)
class FirstComments:
    """The first so many of a recording."""

    recording_id: str
    most: int


class Loaders:
    """Whoever loads has checked that the recording may be seen."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.users: DataLoader[str, User | None] = _loader(services.identity.find_all)
        self.transcripts: DataLoader[str, Stored | None] = _loader(services.transcripts.find_all)
        self.tags: DataLoader[str, Sequence[Tag]] = _loader(services.recordings.tags_of)
        self.folders: DataLoader[str, Folder | None] = _loader(services.library.folders_by_id)
        self.analyses: DataLoader[str, AnalysisOut | None] = _loader(services.analyses.find_all)
        self.comments: DataLoader[FirstComments, list[CommentOut]] = DataLoader(
            load_fn=self._comments, cache=False
        )

    async def _comments(self, keys: list[FirstComments]) -> Sequence[list[CommentOut]]:
        """Asked for with the largest number; each takes its own part."""
        most = max(key.most for key in keys)
        ids = list({key.recording_id for key in keys})
        found = await self._services.talk.comments.of_recordings(ids, most)
        return [found[key.recording_id][: key.most] for key in keys]


def _loader(find_all: Callable[[list[str]], Awaitable[Mapping[str, Any]]]) -> DataLoader[str, Any]:
    async def load(keys: list[str]) -> list[Any]:
        found = await find_all(list(dict.fromkeys(keys)))
        return [found.get(key) for key in keys]

    return DataLoader(load_fn=load, cache=False)
