"""The search index: what is kept of recordings so that they are found by their words."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a recording's text with its place: seconds, None for what belongs to all of it."""

    kind: str  # title, description, transcript, comment, tag
    text: str
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """All that can be found of a recording. `version` changes with it; lengths in seconds."""

    recording_id: str
    user_id: str
    language: str
    created_at: datetime
    duration_s: float | None
    version: str
    pieces: tuple[Piece, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Found:
    """A recording and its best places, best first."""

    recording_id: str
    language: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand next to each other. `open`: the last of them may go on. `instead` are words that are
    close to one that nothing has."""

    words: tuple[str, ...]
    open: bool = False
    excluded: bool = False
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """Narrower: None leaves open. Lengths in seconds."""

    owner_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    min_duration_s: float | None = None
    max_duration_s: float | None = None
    language: str | None = None
    folder_id: str | None = None
    tag: str | None = None  # its name, whatever its case


@dataclass(frozen=True, slots=True)
class Query:
    """`workspaces` are those that whoever asks may look into: nothing of any other is found."""

    workspaces: frozenset[str]
    terms: tuple[Term, ...]
    filters: Filters = Filters()

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.excluded)


class SearchIndex(Protocol):
    """What is put in is found as soon as `put` returns. A recording that is deleted is not found any more."""

    async def put(self, document: Document) -> None:
        """Replaces what was there of the recording; nothing happens where it is gone."""
        ...

    async def version(self, recording_id: str) -> str | None:
        """Of what is in the index; None where there is nothing."""
        ...

    async def clear(self) -> None:
        """Forget everything, before the index is built anew."""
        ...

    async def search(self, query: Query, page: int, size: int) -> tuple[list[Found], int]:
        """Best first, and how many there are in all. A query without wanted terms gives the newest."""
        ...

    async def similar(self, word: str, limit: int) -> tuple[str, ...]:
        """Words of the index that `word` may be a slip of; empty where the index has `word` or its like."""
        ...
