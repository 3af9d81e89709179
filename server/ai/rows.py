"""Between the row of a transcript and its value; and the way back through its revisions."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from media.errors import TranscriptError
from media.transcript import MAX_SEGMENTS, Transcript
from server.ai.editing import Entry, numbered, spoken, with_edits_kept
from server.ai.models import RevisionRow, TranscriptionRow
from server.ai.schemas import Revision, Source, State, Stored
from server.db import now


def fill(
    row: TranscriptionRow,
    transcript: Transcript,
    entries: Sequence[Entry],
    *,
    source: Source,
    sound: str | None,
    state: State = State.COMPLETED,
) -> None:
    """All of the row but its revision. `transcript` gives language, model and length alone."""
    row.source, row.sound_sha256, row.status = source, sound, state
    row.model, row.duration_seconds = transcript.model[:100], Decimal(str(round(transcript.duration_s, 3)))
    write(row, transcript.language, entries)


def write(row: TranscriptionRow, language: str, entries: Sequence[Entry]) -> None:
    shown = Transcript(language, spoken(entries))
    row.language, row.full_text, row.word_count = language, shown.text, shown.word_count
    row.confidence_score = Decimal(str(round(shown.confidence, 4)))
    row.segments = [entry.to_json() for entry in entries]
    row.updated_at = now()


def append(row: TranscriptionRow, part: Transcript) -> None:
    """More of a transcript that grows; without a look at what is there, however long it has become.

    Raises TranscriptError where it becomes longer than any recording's.
    """
    if len(row.segments) + len(part.segments) > MAX_SEGMENTS:
        raise TranscriptError("The transcript is too long", f"It may have {MAX_SEGMENTS} segments.")
    known = {one["id"] for one in row.segments}
    new = [Entry(segment) for segment in part.segments if segment.id not in known]
    shown = Transcript(part.language, spoken(new))
    before, words = row.word_count or 0, shown.word_count
    confidence = (float(row.confidence_score or 0) * before + shown.confidence * words) / max(
        1, before + words
    )
    row.segments = [*row.segments, *(entry.to_json() for entry in new)]
    row.full_text = f"{row.full_text} {shown.text}".strip()
    row.language, row.word_count, row.model = part.language, before + words, part.model[:100]
    row.confidence_score = Decimal(str(round(confidence, 4)))
    row.duration_seconds = Decimal(str(round(part.duration_s, 3)))
    row.updated_at = now()


def merged(row: TranscriptionRow | None, new: Transcript, sound: str | None) -> tuple[Entry, ...]:
    """What was heard now, with the corrections that stay of what there was."""
    entries = numbered(new.segments)
    if row is None:
        return entries
    # Without a hash it was heard, or sent, before all of the same recording was here.
    same = row.sound_sha256 in (None, sound)
    return with_edits_kept(entries_of(row), [entry.segment for entry in entries], same_sound=same)


def entries_of(row: TranscriptionRow) -> tuple[Entry, ...]:
    return tuple(Entry.from_json(one) for one in row.segments)


def stored(row: TranscriptionRow) -> Stored:
    return Stored(
        recording_id=row.session_id,
        language=row.language,
        entries=entries_of(row),
        state=State(row.status),
        source=Source(row.source),
        revision=row.revision,
        model=row.model,
        duration_s=float(row.duration_seconds),
        sound=row.sound_sha256,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def revision(row: RevisionRow) -> Revision:
    before, after = (
        None if part is None or row.segment_id is None else str(part["text"])
        for part in (row.before, row.after)
    )
    return Revision(row.revision, row.action, row.user_id, row.segment_id, before, after, row.created_at)


def whole(row: TranscriptionRow) -> dict[str, Any]:
    """What a revision keeps of the transcript it replaces."""
    return {
        "language": row.language,
        "model": row.model,
        "source": row.source,
        "sound": row.sound_sha256,
        "duration": float(row.duration_seconds),
        "segments": row.segments,
    }


def undone(state: dict[str, Any], later: Sequence[RevisionRow]) -> dict[str, Any]:
    """A `whole` as it was before the changes of `later`, which come newest first."""
    for change in later:
        if change.segment_id is None:
            state = change.before or state
        else:
            number, before = change.segment_id, change.before
            segments = [before if one["id"] == number else one for one in state["segments"]]
            state = {**state, "segments": segments}
    return state
