"""Storage over HTTP: who and what takes the space, and what can go."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field, StringConstraints

from server.admin.access import PREFIX, SIZE, Administrator, Page, Size, Wire, admin_of, pages
from server.admin.health_api import DiskOut, disk_out
from server.recordings.schemas import Pagination
from server.recordings.states import Status
from server.recordings.totals import By, Total

router = APIRouter(prefix=f"{PREFIX}/storage", tags=["Admin"])


class TotalOut(Wire):
    recordings: int
    bytes: int
    trashed: int
    trashed_bytes: int
    seconds: float


class TrashOut(Wire):
    recordings: int
    bytes: int
    oldest: datetime | None
    next_erased_at: datetime | None = Field(description="When the oldest goes for good.")


class RetentionOut(Wire):
    workspace_id: str
    name: str
    days: int


class StorageOut(Wire):
    disk: DiskOut
    recordings: TotalOut
    trash: TrashOut
    trash_days: int
    retention: list[RetentionOut] = Field(description="Workspaces that keep recordings for a time only.")


class HolderOut(TotalOut):
    id: str
    name: str


class HolderPage(Wire):
    data: list[HolderOut]
    pagination: Pagination


class LargeOut(Wire):
    id: str
    title: str
    user_id: str
    workspace_id: str | None
    status: Status
    bytes: int
    seconds: float | None
    created_at: datetime
    deleted_at: datetime | None


class LargePage(Wire):
    data: list[LargeOut]
    pagination: Pagination


class OrphanOut(Wire):
    key: str = Field(examples=["recordings/5b8b6a3e-6d0c-4b5e-8a36-0c8d3c1e2f10"])
    bytes: int
    changed_at: datetime


class OrphanList(Wire):
    data: list[OrphanOut]
    bytes: int


class RemoveRequest(Wire):
    keys: Annotated[
        list[Annotated[str, StringConstraints(max_length=200)]], Field(min_length=1, max_length=1000)
    ] = Field(description="As `GET` has listed them.")


class RemovedOut(Wire):
    removed: int
    bytes: int


@router.get("", operation_id="adminStorage", summary="What takes the space")
async def storage(request: Request, _user: Administrator) -> StorageOut:
    admin = admin_of(request)
    everything = await admin.totals.of_all()
    oldest = await admin.totals.oldest_in_trash()
    days = admin.settings.trash_days
    return StorageOut(
        disk=disk_out(await admin.health.report()),
        recordings=TotalOut(**_total(everything)),
        trash=TrashOut(
            recordings=everything.trashed,
            bytes=everything.trashed_bytes,
            oldest=oldest,
            next_erased_at=None if oldest is None else oldest + timedelta(days=days),
        ),
        trash_days=days,
        retention=[
            RetentionOut(workspace_id=one.id, name=one.name, days=one.retention_days or 0)
            for one in await admin.workspaces.with_retention()
        ],
    )


@router.get("/shares/{by}", operation_id="adminListStorage", summary="Who, or which workspace, has the most")
async def shares(
    by: By, request: Request, _user: Administrator, page: Page = 0, size: Size = SIZE
) -> HolderPage:
    """Bytes of recordings as they were uploaded; versions made of them are in `GET /api/v1/admin/storage`."""
    admin = admin_of(request)
    ranked, total = await admin.totals.ranked(by, page, size)
    ids = [one for one, _ in ranked]
    names = await admin.workspaces.names(ids)
    if by is By.PERSON:
        names = {one.id: one.username for one in (await admin.identity.find_all(ids)).values()}
    return HolderPage(
        data=[HolderOut(id=one, name=names.get(one, ""), **_total(sums)) for one, sums in ranked],
        pagination=pages(page, size, total),
    )


@router.get("/largest", operation_id="adminListLargest", summary="Recordings, the largest first")
async def largest(request: Request, _user: Administrator, page: Page = 0, size: Size = SIZE) -> LargePage:
    found, total = await admin_of(request).totals.largest(page, size)
    data = [
        LargeOut(
            id=one.id,
            title=one.title,
            user_id=one.user_id,
            workspace_id=one.workspace_id,
            status=one.status,
            bytes=one.file_size_bytes or 0,
            seconds=one.duration_s,
            created_at=one.created_at,
            deleted_at=one.deleted_at,
        )
        for one in found
    ]
    return LargePage(data=data, pagination=pages(page, size, total))


@router.get("/orphans", operation_id="adminListOrphans", summary="Files that no row knows")
async def orphans(request: Request, _user: Administrator) -> OrphanList:
    """Folders of recordings, and pictures of people, that are not there any more and did not change for an
    hour. Deletes nothing."""
    found = await admin_of(request).storage.orphans()
    data = [OrphanOut(key=one.key, bytes=one.bytes, changed_at=one.changed_at) for one in found[:1000]]
    return OrphanList(data=data, bytes=sum(one.bytes for one in found))


@router.post("/orphans/remove", operation_id="adminRemoveOrphans", summary="Delete such files")
async def remove(body: RemoveRequest, request: Request, user: Administrator) -> RemovedOut:
    """Those that are named, which are looked at again; 409, and nothing is deleted, where one is none."""
    removed, size = await admin_of(request).storage.remove(body.keys, by=user.id)
    return RemovedOut(removed=removed, bytes=size)


def _total(one: Total) -> dict[str, object]:
    return {
        "recordings": one.recordings,
        "bytes": one.bytes,
        "trashed": one.trashed,
        "trashed_bytes": one.trashed_bytes,
        "seconds": one.seconds,
    }
