"""The audit log of everybody over HTTP, and as a file."""

import csv
import io
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, Field

from server.admin.access import PREFIX, SIZE, Administrator, Page, Size, Wire, admin_of, pages
from server.analytics.tables import safe
from server.identity.accounts.log import Wanted
from server.identity.accounts.models import AuditRow
from server.recordings.schemas import Pagination

router = APIRouter(prefix=PREFIX, tags=["Admin"])

_COLUMNS = ("id", "at", "act", "actorId", "userId", "workspaceId", "recordingId", "address", "details")


class EntryOut(Wire):
    id: int
    at: datetime
    act: str
    actor_id: str | None
    actor: str | None = Field(description="Their name, while there is the account.")
    user_id: str | None
    user: str | None
    workspace_id: str | None
    recording_id: str | None
    address: str | None
    details: dict[str, Any]


class EntryPage(Wire):
    data: list[EntryOut]
    pagination: Pagination


def _wanted(
    *,
    act: Annotated[
        str | None, Query(max_length=64, description="`user.disabled`, or `user` for all of them.")
    ] = None,
    actor_id: Annotated[str | None, Query(alias="actorId", max_length=36)] = None,
    user_id: Annotated[
        str | None, Query(alias="userId", max_length=36, description="By them or about their account.")
    ] = None,
    workspace_id: Annotated[str | None, Query(alias="workspaceId", max_length=36)] = None,
    since: Annotated[AwareDatetime | None, Query(alias="from")] = None,
    until: Annotated[AwareDatetime | None, Query(alias="to")] = None,
) -> Wanted:
    return Wanted(act, actor_id, user_id, workspace_id, since, until)


Filter = Annotated[Wanted, Depends(_wanted)]


@router.get("/audit", operation_id="adminListAudit", summary="Who did what, the last first")
async def list_audit(
    request: Request, _user: Administrator, wanted: Filter, page: Page = 0, size: Size = SIZE
) -> EntryPage:
    admin = admin_of(request)
    rows, total = await admin.log.page(wanted, page, size)
    people = await admin.identity.find_all(
        {one for row in rows for one in (row.actor_id, row.user_id) if one}
    )
    names = {one.id: one.username for one in people.values()}
    return EntryPage(data=[_out(row, names) for row in rows], pagination=pages(page, size, total))


@router.get(
    "/audit.csv",
    operation_id="adminExportAudit",
    summary="The same as a file, all of it",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def export(request: Request, user: Administrator, wanted: Filter) -> StreamingResponse:
    """That it was taken is noted in it."""
    lines = _lines(admin_of(request).log.export(wanted, by=user.id))
    headers = {"Content-Disposition": 'attachment; filename="heddle-audit.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


async def _lines(pieces: AsyncIterator[Sequence[AuditRow]]) -> AsyncIterator[str]:
    yield _csv([_COLUMNS])
    async for rows in pieces:
        yield _csv([_cells(row) for row in rows])


def _csv(rows: Sequence[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue()


def _cells(row: AuditRow) -> list[str]:
    details = json.dumps(row.details, ensure_ascii=False, sort_keys=True)
    about = (row.actor_id, row.user_id, row.workspace_id, row.recording_id, row.address)
    return [str(row.id), row.at.isoformat(), row.act, *(one or "" for one in about), details]


def _out(row: AuditRow, names: Mapping[str, str]) -> EntryOut:
    return EntryOut(
        id=row.id,
        at=row.at,
        act=row.act,
        actor_id=row.actor_id,
        actor=names.get(row.actor_id or ""),
        user_id=row.user_id,
        user=names.get(row.user_id or ""),
        workspace_id=row.workspace_id,
        recording_id=row.recording_id,
        address=row.address,
        details=row.details,
    )
