"""Exports and erasures over HTTP."""

from typing import Annotated, cast

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse

from server.given import given
from server.identity.devices import address_of
from server.scope import Person, Scope, User, allows
from server.takeout import schemas as wire
from server.takeout.erasure import Erasures
from server.takeout.exports import KEPT, Exports
from server.takeout.models import ErasureRow, ExportRow

router = APIRouter(tags=["Accounts"])


def _exports(request: Request) -> Exports:
    return cast("Exports", request.app.state.services.takeout.exports)


def _erasures(request: Request) -> Erasures:
    return cast("Erasures", request.app.state.services.takeout.erasures)


ExportService = Annotated[Exports, given(_exports)]
ErasureService = Annotated[Erasures, given(_erasures)]
Reader = Annotated[User, allows(Scope.ACCOUNT_READ)]
Writer = Annotated[User, allows(Scope.ACCOUNT_WRITE)]


@router.post(
    "/api/v1/users/me/exports",
    status_code=202,
    operation_id="exportAccount",
    summary="Have a copy made of all that is kept of you",
)
async def ask_export(body: wire.ExportRequest, user: Writer, exports: ExportService) -> wire.ExportOut:
    return _export(await exports.ask(user.id, with_media=body.with_media))


@router.get("/api/v1/users/me/exports", operation_id="listExports", summary="Your exports, newest first")
async def list_exports(user: Reader, exports: ExportService) -> wire.ExportList:
    return wire.ExportList(data=[_export(row) for row in await exports.of(user.id)])


@router.get("/api/v1/users/me/exports/{export_id}", operation_id="getExport", summary="How far an export is")
async def get_export(export_id: str, user: Reader, exports: ExportService) -> wire.ExportOut:
    return _export(await exports.get(user.id, export_id))


@router.get(
    "/api/v1/users/me/exports/{export_id}/file",
    operation_id="downloadExport",
    summary="The export as a zip",
    response_class=FileResponse,
)
async def download(export_id: str, user: Reader, exports: ExportService) -> FileResponse:
    path = await exports.file(user.id, export_id)
    return FileResponse(path, media_type="application/zip", filename="heddle-export.zip")


@router.post(
    "/api/v1/users/me/erasure",
    status_code=202,
    operation_id="eraseAccount",
    summary="Have your account erased",
)
async def erase(
    body: wire.ErasureRequest, request: Request, user: Person, erasures: ErasureService
) -> wire.ErasureOut:
    """For good: recordings of your own, and all that is kept of you. What you made in teams stays theirs."""
    return _erasure(await erasures.ask(user, body, address_of(request)))


@router.get("/api/v1/erasures/{erasure_id}", operation_id="getErasure", summary="The receipt of an erasure")
async def receipt(erasure_id: str, erasures: ErasureService) -> wire.ErasureOut:
    """Its id is the key: the account is gone."""
    return _erasure(await erasures.get(erasure_id))


def _export(row: ExportRow) -> wire.ExportOut:
    return wire.ExportOut(
        id=row.id,
        state=wire.State(row.state),
        with_media=row.with_media,
        size_bytes=row.size_bytes,
        error=row.error,
        created_at=row.created_at,
        finished_at=row.finished_at,
        expires_at=row.created_at + KEPT if row.state == wire.State.COMPLETED else None,
    )


def _erasure(row: ErasureRow) -> wire.ErasureOut:
    return wire.ErasureOut(
        id=row.id,
        state=wire.State(row.state),
        removed=row.removed,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
