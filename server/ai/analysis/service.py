"""Analyses: made when a transcript changes or the scenes are known, one at a time, and shown.

The row is the wish and the result, so a wish survives a crash and a result for an outdated transcript does
not stay the last one.
"""

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import structlog

from server.ai.analysis import events, repository, schemas, seen
from server.ai.analysis.analyst import Analysis, Analyst, Material
from server.ai.analysis.findings import Chapter, shortened
from server.ai.analysis.models import AnalysisRow
from server.ai.analysis.schemas import AnalysisOut, ChapterOut, Pending, Source, Status
from server.ai.analysis.seen import Seen
from server.ai.events import TranscriptionEventType
from server.ai.schemas import State, Stored
from server.ai.service import Transcripts
from server.bus import Bus, Event
from server.db import Database, now
from server.errors import NotFound
from server.ports.blobs import BlobMissing, BlobStore
from server.processing.events import ProcessingEventType
from server.processing.plan import key_of
from server.processing.states import JobStatus
from server.processing.steps import StepName
from server.recordings.schemas import Recording
from server.recordings.service import Recordings

_log = structlog.get_logger(__name__)

# People correct one sentence after the other: what they write is looked at together.
AFTER_EDIT = timedelta(seconds=20)
BETWEEN_RERUNS = timedelta(seconds=30)
_MOST_ATTEMPTS = 3
_BACKOFF = timedelta(seconds=2)
_LOOK_EVERY_S = 30.0
_AFTER_TROUBLE_S = 1.0
_BROKEN = "The analysis could not be made; the server's log says more."


def no_analysis() -> NotFound:
    sentence = "There is no analysis of this recording: it is made when there is a transcript."
    return NotFound(sentence, code="analysis_not_found")


class Analyses:
    """Opened with `start`, closed with `stop`. Whoever calls has checked that the caller may see it."""

    def __init__(
        self, db: Database, bus: Bus, blobs: BlobStore, recordings: Recordings, transcripts: Transcripts
    ) -> None:
        self._db = db
        self._bus = bus
        self._blobs = blobs
        self._recordings = recordings
        self._transcripts = transcripts
        self._analyst = Analyst()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: list[Callable[[], None]] = []

    def start(self, analyst: Analyst | None = None) -> None:
        """With an `analyst` it makes what is wanted; without, it only notes it for another server."""
        transcription = (TranscriptionEventType.COMPLETED, TranscriptionEventType.UPDATED)
        self._unsubscribe = [
            self._bus.subscribe(self.on_transcript, transcription),
            self._bus.subscribe(self.on_progress, [ProcessingEventType.PROGRESS]),
        ]
        if analyst is not None:
            self._analyst = analyst
            self._task = asyncio.create_task(self._run(), name="analyst")

    async def stop(self) -> None:
        """What is being made is made again by the next life; idempotent."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe = []
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def get(self, recording_id: str) -> AnalysisOut:
        """Raises NotFound."""
        async with self._db.read() as session:
            row = await repository.of_recording(session, recording_id)
        if row is None:
            raise no_analysis()
        return _out(row)

    async def find_all(self, recording_ids: Collection[str]) -> dict[str, AnalysisOut]:
        """Of several recordings, those that there are."""
        async with self._db.read() as session:
            found = await repository.of_recordings(session, recording_ids)
        return {row.session_id: _out(row) for row in found}

    async def chapters(self, recording_id: str) -> list[ChapterOut] | None:
        """Those that were found; None where nothing was analysed."""
        async with self._db.read() as session:
            found = await repository.chapters(session, recording_id)
        return None if found is None else [ChapterOut.model_validate(one) for one in found]

    async def rerun(self, recording_id: str) -> AnalysisOut:
        """Wants it made anew; soon, where it was made just now. Raises NotFound without a transcript."""
        await self._transcripts.get(recording_id)
        async with self._db.write(recording_id) as session:
            row = await repository.of_recording(session, recording_id)
            since = BETWEEN_RERUNS if row is None or row.source is None else now() - row.updated_at
            wait = max(timedelta(0), BETWEEN_RERUNS - since)
            row = await repository.want(session, recording_id, Pending.ALL, wait)
            await session.flush()
            out = _out(row)
        self._wake.set()
        return out

    async def on_transcript(self, event: Event) -> None:
        wait = AFTER_EDIT if event.type == TranscriptionEventType.UPDATED else timedelta(0)
        await self._want(event, Pending.ALL, wait)

    async def on_progress(self, event: Event) -> None:
        """Scenes place chapters, silences are suggestions: both come after the transcript or before it."""
        over = event.data.get("status") == JobStatus.COMPLETED and event.data.get("step") == StepName.SCENES
        if over and event.recording_id is not None:
            stored = await self._transcripts.find(event.recording_id)
            if stored is not None and stored.state is State.COMPLETED:
                await self._want(event, Pending.SCENES, timedelta(0))

    async def _want(self, event: Event, pending: Pending, wait: timedelta) -> None:
        if event.recording_id is None or await self._recordings.find(event.recording_id) is None:
            return
        async with self._db.write(event.recording_id) as session:
            await repository.want(session, event.recording_id, pending, wait)
        self._wake.set()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                while await self.make_next():
                    pass
                pause = await self._until_next()
            except Exception:  # noqa: BLE001 (it must go on, whatever it was)
                _log.exception("analysis_queue_failed")
                pause = _AFTER_TROUBLE_S
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), pause)

    async def _until_next(self) -> float:
        async with self._db.read() as session:
            due = await repository.first_due(session)
        seconds = _LOOK_EVERY_S if due is None else (due - now()).total_seconds()
        return min(_LOOK_EVERY_S, max(0.05, seconds))

    async def make_next(self) -> bool:
        """Makes the one that is due first; False when none is."""
        async with self._db.read() as session:
            row = await repository.next_due(session)
        if row is None:
            return False
        try:
            await self._make(row)
        except Exception:  # noqa: BLE001 (one recording must not stop the others)
            _log.exception("analysis_failed", recording=row.session_id, attempt=row.attempt + 1)
            await self._failed(row)
        return True

    async def _make(self, row: AnalysisRow) -> None:
        recording = await self._recordings.find(row.session_id)
        stored = await self._transcripts.find(row.session_id)
        if recording is None:
            return
        if stored is None or stored.state is not State.COMPLETED:
            await self._drop(row)
            return
        material = await self._material(recording, stored)
        only_scenes = row.pending == Pending.SCENES and row.source == Source.LLM
        if only_scenes:
            analysis = await self._analyst.look_again(material, _chapters(row))
        else:
            analysis = await self._analyst.analyse(material)
        async with self._db.write(row.session_id) as session:
            current = await repository.of_recording(session, row.session_id)
            if current is None:
                return
            _fill(current, analysis, only_scenes=only_scenes)
            if not only_scenes:
                current.transcript_revision = stored.revision
            current.attempt, current.error = 0, None
            if current.wanted == row.wanted:
                current.status, current.pending, current.not_before = Status.COMPLETED, None, None
            else:
                current.not_before = now() + AFTER_EDIT
            events.completed(session, current, recording.user_id)

    async def _material(self, recording: Recording, stored: Stored) -> Material:
        duration = recording.duration_s or stored.duration_s
        # Whatever is found points to when it was said: no later than the end.
        said = stored.transcript.within(duration) if duration else stored.transcript
        day = (recording.started_at or recording.created_at).date()
        return Material(recording.id, said, duration, await self._seen(recording.id, duration), day)

    async def _seen(self, recording_id: str, duration_s: float) -> Seen:
        key = key_of(recording_id, "scenes.json")
        try:
            data = b"".join([piece async for piece in self._blobs.read(key, 0, seen.MOST_BYTES)])
        except BlobMissing:
            return Seen()
        return await asyncio.to_thread(seen.parse, data, duration_s)

    async def _drop(self, row: AnalysisRow) -> None:
        """There is nothing to analyse (yet): the end of the transcription will ask again."""
        async with self._db.write(row.session_id) as session:
            current = await repository.of_recording(session, row.session_id)
            if current is not None and current.source is None:
                await session.delete(current)
            elif current is not None:
                current.status, current.pending = Status.COMPLETED, None

    async def _failed(self, row: AnalysisRow) -> None:
        async with self._db.write(row.session_id) as session:
            current = await repository.of_recording(session, row.session_id)
            if current is None:
                return
            current.attempt += 1
            current.not_before = now() + _BACKOFF * 4**current.attempt
            if current.attempt >= _MOST_ATTEMPTS:
                current.status, current.pending, current.error = Status.FAILED, None, _BROKEN


def _fill(row: AnalysisRow, analysis: Analysis, *, only_scenes: bool) -> None:
    found = analysis.findings
    row.updated_at = now()
    row.chapters = schemas.chapters_out(found.chapters)
    row.suggestions = schemas.suggestions_out(analysis.suggestions)
    if only_scenes:
        return
    row.title = None if found.title is None else shortened(found.title, 255)
    row.summary = found.summary_text or None
    row.sentences = schemas.sentences_out(found.summary)
    row.topics = schemas.topics_out(found.topics)
    row.entities = schemas.entities_out(found.entities)
    row.action_items = schemas.action_items_out(found.action_items)
    row.sentiment_score = None if found.sentiment is None else Decimal(str(round(found.sentiment, 2)))
    row.notes = list(found.notes)
    row.language, row.source, row.model = found.language[:10], analysis.source, analysis.model[:100]


def _chapters(row: AnalysisRow) -> list[Chapter]:
    return [Chapter(one["title"], one["start"], one["end"]) for one in row.chapters or ()]


def _out(row: AnalysisRow) -> AnalysisOut:
    names = ("status", "source", "model", "language", "title", "summary", "transcript_revision", "error")
    lists = ("sentences", "topics", "entities", "action_items", "chapters", "suggestions", "notes")
    return AnalysisOut.model_validate(
        {
            "recording_id": row.session_id,
            "sentiment_score": None if row.sentiment_score is None else float(row.sentiment_score),
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            **{name: getattr(row, name) for name in names},
            **{name: getattr(row, name) or [] for name in lists},
        }
    )
