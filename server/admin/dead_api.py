"""Dead letters over HTTP."""

from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic import Field

from server.admin.access import PREFIX, SIZE, Administrator, Page, Size, Wire, admin_of, pages
from server.admin.dead import AT_A_TIME, Kind, Letter
from server.recordings.schemas import Pagination

router = APIRouter(prefix=f"{PREFIX}/dead-letters", tags=["Admin"])


class LetterOut(Wire):
    kind: Kind
    id: str
    what: str = Field(description="A step, an event's name, a subject.", examples=["rendition"])
    about: str = Field(description="A recording, an address.")
    error: str
    attempts: int
    failed_at: datetime | None
    recording_id: str | None


class LetterPage(Wire):
    data: list[LetterOut]
    pagination: Pagination


class RetriedOut(Wire):
    retried: int
    refused: int = Field(description="Those that cannot be tried again.")
    left: int = Field(description="Dead ones of this kind that are there now.")


@router.get("/{kind}", operation_id="adminListDeadLetters", summary="What was given up, the last first")
async def list_letters(
    kind: Kind, request: Request, _user: Administrator, page: Page = 0, size: Size = SIZE
) -> LetterPage:
    """Jobs that failed for good, events that never reached a webhook or a part of this server, letters that
    nobody took."""
    found, total = await admin_of(request).dead.page(kind, page, size)
    return LetterPage(data=[_out(one) for one in found], pagination=pages(page, size, total))


@router.post(
    "/{kind}/retry",
    status_code=202,
    operation_id="adminRetryDeadLetters",
    summary="Try all of a kind again",
    description=f"{AT_A_TIME} at a time. Letters of mail cannot be: their words are forgotten.",
)
async def retry_all(kind: Kind, request: Request, user: Administrator) -> RetriedOut:
    done = await admin_of(request).dead.retry_all(kind, by=user.id)
    return RetriedOut(retried=done.retried, refused=done.refused, left=done.left)


@router.post(
    "/{kind}/{letter_id}/retry", status_code=202, operation_id="adminRetryDeadLetter", summary="Try one again"
)
async def retry(kind: Kind, letter_id: str, request: Request, user: Administrator) -> Response:
    await admin_of(request).dead.retry(kind, letter_id, by=user.id)
    return Response(status_code=202)


def _out(one: Letter) -> LetterOut:
    return LetterOut(
        kind=one.kind,
        id=one.id,
        what=one.what,
        about=one.about,
        error=one.error,
        attempts=one.attempts,
        failed_at=one.failed_at,
        recording_id=one.recording_id,
    )
