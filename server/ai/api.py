"""Transcripts and captions over HTTP: for the owner by recording, for viewers by the link of a share."""

import asyncio
import re
from typing import Annotated, Any, cast

from fastapi import APIRouter, Query, Request, Response

from media.captions import CaptionFormat, render
from server.ai import bodies
from server.ai import schemas as wire
from server.ai.errors import TranscriptChanged, no_segment
from server.ai.schemas import Stored
from server.ai.service import Transcripts
from server.ai.transcription import Transcription
from server.given import given
from server.preconditions import expectation, is_known
from server.recordings.schemas import Recording
from server.scope import Scope, User, allows, identity_of, require_recording
from server.sharing.access import entering
from server.streaming.files import content_disposition

router = APIRouter(prefix="/api/v1/recordings/{recording_id}", tags=["Transcripts"])
share_router = APIRouter(prefix="/api/v1/shares/{slug}", tags=["Transcripts"])

_NUMBER = re.compile(r"[0-9]{1,9}")
# Revalidated each time, by ETag: an edit is seen at once.
_CACHING = "private, no-cache"


def _transcripts(request: Request) -> Transcripts:
    return cast("Transcripts", request.app.state.services.transcripts)


def _transcription(request: Request) -> Transcription:
    return cast("Transcription", request.app.state.services.transcription)


Machine = Annotated[Transcription, given(_transcription)]
Service = Annotated[Transcripts, given(_transcripts)]
Entered = Annotated[Recording, entering(Scope.TRANSCRIPTS_READ)]
Reader = Annotated[User, allows(Scope.TRANSCRIPTS_READ)]
Writer = Annotated[User, allows(Scope.TRANSCRIPTS_WRITE)]
Words = Annotated[bool, Query(description="Whether segments list their words with times.")]
Language = Annotated[
    str,
    Query(
        pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,6})?$",
        description="Of captions, which do not say it themselves.",
    ),
]
_SENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["segments"],
                    "properties": {
                        "language": {"type": "string"},
                        "model": {"type": "string"},
                        "duration": {"type": "number"},
                        "source": {"enum": ["desktop", "edited"]},
                        "segments": {"type": "array", "items": {"type": "object"}},
                    },
                }
            },
            "text/vtt": {"schema": {"type": "string"}},
            "application/x-subrip": {"schema": {"type": "string"}},
        },
    }
}


@router.get("/transcript", operation_id="getTranscript", summary="What was said, with times")
async def get_transcript(
    recording_id: str, request: Request, user: Reader, transcripts: Service, *, words: Words = True
) -> Response:
    await require_recording(request, user, recording_id)
    return await _answer(request, await transcripts.get(recording_id), words=words, owner=True)


@router.put(
    "/transcript",
    operation_id="putTranscript",
    summary="Use this transcript as it is",
    openapi_extra=_SENT,
    response_model=wire.TranscriptOut,
)
async def put_transcript(
    recording_id: str,
    request: Request,
    user: Writer,
    transcripts: Service,
    *,
    language: Language = "und",
) -> Response:
    recording = await require_recording(request, user, recording_id)
    body, kind = await request.body(), request.headers.get("content-type", "")
    transcript, source = await asyncio.to_thread(bodies.read, body, kind, language)
    expected = expectation(request, TranscriptChanged)
    stored = await transcripts.put(recording, transcript, source, user_id=user.id, expected=expected)
    return await _answer(request, stored)


@router.patch(
    "/transcript/segments/{segment_id}",
    operation_id="editSegment",
    summary="Correct one segment",
    response_model=wire.TranscriptOut,
)
async def edit_segment(
    recording_id: str,
    segment_id: str,
    body: wire.EditSegment,
    request: Request,
    user: Writer,
    *,
    transcripts: Service,
) -> Response:
    recording = await require_recording(request, user, recording_id)
    if not _NUMBER.fullmatch(segment_id):
        raise no_segment()
    expected = expectation(request, TranscriptChanged)
    stored = await transcripts.edit(recording, int(segment_id), body.text, user_id=user.id, expected=expected)
    return await _answer(request, stored)


@router.get("/transcript/history", operation_id="getTranscriptHistory", summary="Who changed what")
async def history(
    recording_id: str,
    request: Request,
    user: Reader,
    transcripts: Service,
    *,
    page: Annotated[int, Query(ge=0, le=1000)] = 0,
    size: Annotated[int, Query(ge=1, le=100)] = 50,
) -> wire.RevisionPage:
    await require_recording(request, user, recording_id)
    changes, total = await transcripts.history(recording_id, page, size)
    names = await _names(request, {change.user_id for change in changes if change.user_id})
    data = [
        wire.RevisionOut(
            revision=one.number,
            action=wire.RevisionAction(one.action),
            user_id=one.user_id,
            username=names.get(one.user_id or ""),
            segment_id=one.segment_id,
            before=one.before,
            after=one.after,
            created_at=one.created_at,
        )
        for one in changes
    ]
    return wire.RevisionPage(data=data, total_elements=total)


@router.post(
    "/transcript/restore",
    operation_id="restoreTranscript",
    summary="Bring back how it was at a revision",
    response_model=wire.TranscriptOut,
)
async def restore(
    recording_id: str, body: wire.RestoreRequest, request: Request, user: Writer, transcripts: Service
) -> Response:
    recording = await require_recording(request, user, recording_id)
    expected = expectation(request, TranscriptChanged)
    stored = await transcripts.restore(recording, body.revision, user_id=user.id, expected=expected)
    return await _answer(request, stored)


@router.post(
    "/transcript/rerun",
    status_code=202,
    operation_id="rerunTranscription",
    summary="Have the server listen again",
)
async def rerun(
    recording_id: str,
    request: Request,
    user: Writer,
    transcription: Machine,
    body: wire.RerunRequest | None = None,
) -> wire.RerunOut:
    """Corrections stay where they are; a transcript that was sent is replaced, and can be brought back."""
    recording = await require_recording(request, user, recording_id)
    asked = (body or wire.RerunRequest()).model_dump()
    job = await transcription.rerun(recording, asked)
    return wire.RerunOut(job_id=job.id, status=job.status)


@router.get("/captions.{form}", operation_id="getCaptions", summary="Captions as a file")
async def captions(
    recording_id: str, form: CaptionFormat, request: Request, user: Reader, transcripts: Service
) -> Response:
    recording = await require_recording(request, user, recording_id)
    return await _captions(request, await transcripts.get(recording_id), form, recording.title)


@share_router.get("/transcript", operation_id="getShareTranscript", summary="What was said, for viewers")
async def share_transcript(
    request: Request, recording: Entered, transcripts: Service, *, words: Words = True
) -> Response:
    return await _answer(request, await transcripts.get(recording.id), words=words, owner=False)


@share_router.get("/captions.{form}", operation_id="getShareCaptions", summary="Captions, for viewers")
async def share_captions(
    form: CaptionFormat, request: Request, recording: Entered, transcripts: Service
) -> Response:
    return await _captions(request, await transcripts.get(recording.id), form, recording.title)


async def _answer(request: Request, stored: Stored, *, words: bool = True, owner: bool = True) -> Response:
    headers = {"ETag": stored.etag, "Cache-Control": _CACHING}
    if request.method == "GET" and is_known(request, stored.etag):
        return Response(status_code=304, headers=headers)

    def encode() -> bytes:
        shown = wire.out(stored, words=words, owner=owner)
        return shown.model_dump_json(by_alias=True).encode()

    return Response(await asyncio.to_thread(encode), media_type=bodies.JSON_TYPE, headers=headers)


async def _captions(request: Request, stored: Stored, form: CaptionFormat, title: str) -> Response:
    headers = {
        "ETag": stored.etag,
        "Cache-Control": _CACHING,
        "Content-Disposition": content_disposition(f"{title}.{form}"),
    }
    if is_known(request, stored.etag):
        return Response(status_code=304, headers=headers)
    text = await asyncio.to_thread(render, stored.transcript, form)
    return Response(text.encode(), media_type=form.media_type, headers=headers)


async def _names(request: Request, user_ids: set[str]) -> dict[str, str]:
    found = [await identity_of(request).find(user_id) for user_id in user_ids]
    return {user.id: user.username for user in found if user is not None}
