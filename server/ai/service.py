"""Transcripts: kept, shown, corrected, and brought back. Who makes them is elsewhere."""

import asyncio
from collections.abc import Collection
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from media.transcript import Transcript, clean
from server.ai import editing, events, repository, rows, runs
from server.ai.editing import Entry
from server.ai.errors import no_revision, no_segment, no_transcript, still_listening
from server.ai.events import TranscriptionEventType
from server.ai.models import RevisionRow, TranscriptionRow
from server.ai.schemas import Revision, RevisionAction, Source, State, Stored, etag
from server.db import Database, now
from server.preconditions import Expectation
from server.recordings.schemas import Recording


class Transcripts:
    """Whoever calls has checked that the caller may see, or change, the recording."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, recording_id: str) -> Stored:
        """Raises NotFound."""
        stored = await self.find(recording_id)
        if stored is None:
            raise no_transcript()
        return stored

    async def find(self, recording_id: str) -> Stored | None:
        async with self._db.read() as session:
            row = await repository.transcription(session, recording_id)
        return None if row is None else await asyncio.to_thread(rows.stored, row)

    async def find_all(self, recording_ids: Collection[str]) -> dict[str, Stored]:
        """Of several recordings, those that there are."""
        async with self._db.read() as session:
            found = await repository.transcriptions(session, recording_ids)
        return await asyncio.to_thread(lambda: {row.session_id: rows.stored(row) for row in found})

    async def state(self, recording_id: str) -> State | None:
        """None where there is no transcript."""
        async with self._db.read() as session:
            status = await repository.status(session, recording_id)
        return None if status is None else State(status)

    async def version(self, recording_id: str) -> str | None:
        """Another one with each change; None where there is no transcript."""
        async with self._db.read() as session:
            return await repository.version(session, recording_id)

    async def forget_partial(self, recording_id: str) -> None:
        """The upload that was listened to was given up."""
        async with self._db.write(recording_id) as session:
            await repository.remove_partial(session, recording_id)

    async def put(
        self,
        recording: Recording,
        transcript: Transcript,
        source: Source,
        *,
        user_id: str,
        expected: Expectation,
    ) -> Stored:
        """A transcript from outside, used as it is."""
        async with self._db.write(recording.id) as session:
            row = await repository.transcription(session, recording.id)
            expected(_etag(row))
            row = self._revised(session, row, recording.id, RevisionAction.REPLACED, user_id)
            entries = editing.numbered(transcript.segments)
            await _in_thread(rows.fill, row, transcript, entries, source=source, sound=recording.sha256)
            await self._tell(session, row, TranscriptionEventType.COMPLETED, recording.user_id)
        return await asyncio.to_thread(rows.stored, row)

    async def finish(
        self,
        recording: Recording,
        transcript: Transcript,
        sound: str | None,
        *,
        run_id: str,
        asked_for: bool,
    ) -> Stored | None:
        """What the server heard in a run; people's corrections stay where the sound is the same.

        None where that is known already, and where somebody sent a transcript, which is used as it is unless
        the owner asked for this one.
        """
        count = len(transcript.segments)
        found = {"language": transcript.language, "segments": count, "wordCount": transcript.word_count}
        async with self._db.write(recording.id) as session:
            await runs.begin(session, run_id, recording.id, "transcription")
            if not await runs.end(
                session, run_id, results=found, confidence=transcript.confidence, model=transcript.model
            ):
                return None
            row = await repository.transcription(session, recording.id)
            if row is not None and row.source != Source.SERVER and not asked_for:
                return None
            entries = await _in_thread(rows.merged, row, transcript, sound)
            row = self._revised(session, row, recording.id, RevisionAction.RERUN, None)
            await _in_thread(rows.fill, row, transcript, entries, source=Source.SERVER, sound=sound)
            await self._tell(session, row, TranscriptionEventType.COMPLETED, recording.user_id)
        return await asyncio.to_thread(rows.stored, row)

    async def settle(self, recording_id: str, part: Transcript) -> None:
        """Segments that will not change any more, in a transcript that still grows.

        `part.duration_s` is up to where the sound is done. Nothing happens once there is a complete one.
        """
        async with self._db.write(recording_id) as session:
            row = await repository.transcription(session, recording_id)
            if row is None:
                row = TranscriptionRow(session_id=recording_id, revision=0, created_at=now())
                session.add(row)
                rows.fill(row, part, (), source=Source.SERVER, sound=None, state=State.PARTIAL)
            if row.status == State.PARTIAL:
                rows.append(row, part)

    async def edit(
        self, recording: Recording, segment_id: int, text: str, *, user_id: str, expected: Expectation
    ) -> Stored:
        """Another text for one segment. Raises NotFound, TranscriptChanged."""
        text = clean(text)
        async with self._db.write(recording.id) as session:
            row = await self._editable(session, recording.id, expected)
            entries = {entry.segment.id: entry for entry in await _in_thread(rows.entries_of, row)}
            before = entries.get(segment_id)
            if before is None:
                raise no_segment()
            if before.segment.text != text:
                entries[segment_id] = after = editing.reworded(before, text)
                self._note(
                    session, row, RevisionAction.EDITED, user_id, before.to_json(), after=after.to_json()
                )
                await _in_thread(rows.write, row, row.language, tuple(entries.values()))
                await self._tell(session, row, TranscriptionEventType.UPDATED, recording.user_id)
        return await asyncio.to_thread(rows.stored, row)

    async def restore(
        self, recording: Recording, revision: int, *, user_id: str, expected: Expectation
    ) -> Stored:
        """The transcript as it was at a revision becomes a new one. Raises NotFound, TranscriptChanged."""
        async with self._db.write(recording.id) as session:
            row = await self._editable(session, recording.id, expected)
            later, count = await repository.revisions(session, recording.id, after=revision)
            # With a hole in between, what it was then cannot be told.
            if revision > row.revision or count != row.revision - revision or len(later) != count:
                raise no_revision()
            if later:
                was = await _in_thread(rows.undone, rows.whole(row), later)
                self._revised(session, row, recording.id, RevisionAction.RESTORED, user_id)
                shape = Transcript(was["language"], (), was["model"], was["duration"])
                entries = [Entry.from_json(one) for one in was["segments"]]
                source = Source(was["source"])
                await _in_thread(rows.fill, row, shape, entries, source=source, sound=was["sound"])
                await self._tell(session, row, TranscriptionEventType.UPDATED, recording.user_id)
        return await asyncio.to_thread(rows.stored, row)

    async def history(self, recording_id: str, page: int, size: int) -> tuple[list[Revision], int]:
        """Newest first, and how many there are. Raises NotFound where there is no transcript."""
        async with self._db.read() as session:
            if await repository.transcription(session, recording_id) is None:
                raise no_transcript()
            found, total = await repository.revisions(session, recording_id, page=page, size=size)
        return [rows.revision(row) for row in found], total

    async def _editable(
        self, session: AsyncSession, recording_id: str, expected: Expectation
    ) -> TranscriptionRow:
        row = await repository.transcription(session, recording_id)
        if row is None:
            raise no_transcript()
        if row.status == State.PARTIAL:
            raise still_listening()
        expected(_etag(row))
        return row

    def _revised(
        self,
        session: AsyncSession,
        row: TranscriptionRow | None,
        recording_id: str,
        action: RevisionAction,
        user_id: str | None,
    ) -> TranscriptionRow:
        """A new revision of all of it; the first one where there was nothing complete."""
        if row is None:
            row = TranscriptionRow(session_id=recording_id, revision=0, created_at=now())
            session.add(row)
        if row.revision == 0:
            self._note(session, row, RevisionAction.CREATED, user_id, None)
        else:
            self._note(session, row, action, user_id, rows.whole(row))
        return row

    def _note(
        self,
        session: AsyncSession,
        row: TranscriptionRow,
        action: RevisionAction,
        user_id: str | None,
        before: dict[str, Any] | None,
        *,
        after: dict[str, Any] | None = None,
    ) -> None:
        row.revision += 1
        session.add(
            RevisionRow(
                session_id=row.session_id,
                revision=row.revision,
                action=action,
                user_id=user_id,
                segment_id=None if after is None else after["id"],
                before=before,
                after=after,
            )
        )

    async def _tell(
        self, session: AsyncSession, row: TranscriptionRow, type_: TranscriptionEventType, user_id: str
    ) -> None:
        await repository.forget_old_revisions(session, row.session_id, row.revision)
        events.record(
            session,
            type_,
            recording_id=row.session_id,
            user_id=user_id,
            language=row.language,
            source=row.source,
            revision=row.revision,
            wordCount=row.word_count,
        )


# A transcript of an hour takes a tenth of a second to read or write: too long for the event loop.
_in_thread = asyncio.to_thread


def _etag(row: TranscriptionRow | None) -> str | None:
    return None if row is None else etag(row.revision, len(row.segments))
