"""Search: keeps the index up with what is committed, and asks it."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace

import structlog

from server.ai.events import TranscriptionEventType
from server.ai.schemas import State, Stored
from server.ai.service import Transcripts
from server.bus import Bus, Event
from server.ports.search import Document, Filters, Found, Piece, Query, SearchIndex, Term
from server.recordings.events import RecordingEventType
from server.recordings.schemas import Recording
from server.recordings.service import Recordings
from server.search.query import parse

_log = structlog.get_logger(__name__)

_HEARD = (
    RecordingEventType.STATUS_UPDATE,
    RecordingEventType.UPDATED,
    TranscriptionEventType.COMPLETED,
    TranscriptionEventType.UPDATED,
)
_SIMILAR = 3


@dataclass(frozen=True, slots=True)
class Source:
    """More that can be found of recordings, kept by another module.

    `pieces_of` gives a recording's, of any `kind` (it comes back with a hit's moments); `changed_by` are the
    types of events after which they may be others.
    """

    pieces_of: Callable[[str], Awaitable[Sequence[Piece]]]
    changed_by: Collection[str]


@dataclass(frozen=True, slots=True)
class Hit:
    recording: Recording
    found: Found


@dataclass(frozen=True, slots=True)
class Results:
    """`terms` are those that were searched; `corrected` says them where they are not those of the person."""

    hits: list[Hit]
    total: int
    terms: tuple[Term, ...]
    corrected: str | None


class Search:
    """Only finds what the one who asks may see."""

    def __init__(
        self,
        index: SearchIndex,
        recordings: Recordings,
        transcripts: Transcripts,
        sources: Sequence[Source] = (),
    ) -> None:
        self._index = index
        self._recordings = recordings
        self._transcripts = transcripts
        self._sources = tuple(sources)

    def start(self, bus: Bus) -> None:
        bus.subscribe(
            self.on_changed, {*_HEARD, *(type_ for one in self._sources for type_ in one.changed_by)}
        )

    async def on_changed(self, event: Event) -> None:
        """A recording or its transcript is another now. What is in the index already is left alone."""
        if event.recording_id is not None:
            await self.refresh(event.recording_id)

    async def refresh(self, recording_id: str) -> bool:
        """Bring one recording's entry up to date; False where there is no such recording."""
        recording = await self._recordings.find(recording_id)
        if recording is None:
            return False
        transcript = await self._transcripts.find(recording_id)
        more = [piece for one in self._sources for piece in await one.pieces_of(recording_id)]
        version = _version(recording, transcript, more)
        if await self._index.version(recording_id) != version:
            await self._index.put(_document(recording, transcript, more, version))
        return True

    async def rebuild(self) -> int:
        """The whole index anew, from what is the truth; how many recordings."""
        await self._index.clear()
        count = 0
        for recording_id in await self._recordings.ids():
            count += await self.refresh(recording_id)
        return count

    async def search(
        self, workspaces: frozenset[str], text: str, filters: Filters, *, page: int, size: int
    ) -> Results:
        """Among the recordings of these workspaces, which whoever asks may look into."""
        query = Query(workspaces, parse(text), filters)
        found, total = await self._index.search(query, page, size)
        corrected = None
        if not total and query.wanted:
            tried = await self._with_slips(query)
            if tried is not None:
                found, total = await self._index.search(tried, page, size)
                # What nobody but others has is not told.
                query, corrected = (tried, _words(tried)) if total else (query, None)
        hits = [Hit(recording, one) for one in found if (recording := await self._visible(workspaces, one))]
        return Results(hits, total, query.wanted, corrected)

    async def _visible(self, workspaces: frozenset[str], found: Found) -> Recording | None:
        """Deleted or given away since the index was asked: not shown."""
        recording = await self._recordings.find(found.recording_id)
        if recording is None or recording.trashed or recording.workspace_id not in workspaces:
            return None
        return recording

    async def _with_slips(self, query: Query) -> Query | None:
        """The query with words that exist in place of those that do not; None where there are none."""
        terms = await asyncio.gather(*(self._mended(term) for term in query.terms))
        return replace(query, terms=tuple(terms)) if any(term.instead for term in terms) else None

    async def _mended(self, term: Term) -> Term:
        if term.excluded or len(term.words) != 1:
            return term
        return replace(term, instead=await self._index.similar(term.words[0], _SIMILAR))


def _words(query: Query) -> str:
    return " ".join(term.instead[0] if term.instead else " ".join(term.words) for term in query.wanted)


def _version(recording: Recording, transcript: Stored | None, more: Sequence[Piece]) -> str:
    told = (recording.title, recording.description, recording.duration_s, transcript and transcript.etag,
            transcript and transcript.state, *more)  # fmt: skip
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _document(recording: Recording, stored: Stored | None, more: Sequence[Piece], version: str) -> Document:
    pieces = [Piece("title", recording.title)] if recording.title else []
    if recording.description:
        pieces.append(Piece("description", recording.description))
    if stored is not None and stored.state is State.COMPLETED:
        pieces += [Piece("transcript", one.text, one.start, one.end) for one in stored.transcript.segments]
    return Document(
        recording_id=recording.id,
        user_id=recording.user_id,
        language=stored.language if stored is not None else "",
        created_at=recording.created_at,
        duration_s=recording.duration_s,
        version=version,
        pieces=(*pieces, *more),
    )
