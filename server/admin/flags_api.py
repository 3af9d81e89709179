"""Feature flags over HTTP."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic import Field

from server.admin.access import PREFIX, Administrator, Wire, admin_of, no_user
from server.admin.opening import Admin
from server.errors import InvalidRequest, NotFound
from server.flags import TABLE, FlagName, Reach, Word, say
from server.identity.acts import Act
from server.identity.audit import audit

router = APIRouter(prefix=f"{PREFIX}/flags", tags=["Admin"])


class FlagWordOut(Wire):
    reach: Reach
    subject_id: str | None = Field(description="Of the workspace or the person; null for the server.")
    subject: str | None = Field(description="Its name.")
    enabled: bool
    changed_at: datetime
    changed_by: str | None


class FlagOut(Wire):
    name: FlagName
    description: str
    default: bool
    enabled: bool = Field(description="For whoever nothing else was said about.")
    reaches: list[Reach] = Field(description="For whom it can be said by itself.")
    said: list[FlagWordOut]


class FlagList(Wire):
    data: list[FlagOut]


class SayRequest(Wire):
    reach: Reach = Reach.SERVER
    subject_id: str | None = Field(default=None, max_length=36)
    enabled: bool | None = Field(description="null takes back what was said.")


@router.get("", operation_id="adminListFlags", summary="Feature flags and what was said about them")
async def list_flags(request: Request, _user: Administrator) -> FlagList:
    admin = admin_of(request)
    words = await admin.flags.words()
    people = await admin.identity.find_all({one.subject or "" for one in words if one.reach is Reach.PERSON})
    places = await admin.workspaces.names(
        {one.subject or "" for one in words if one.reach is Reach.WORKSPACE}
    )
    names = {one.id: one.username for one in people.values()} | places
    return FlagList(data=[await _flag(admin, name, words, names) for name in TABLE])


@router.put("/{name}", status_code=204, operation_id="adminSetFlag", summary="Turn a feature on or off")
async def put(name: FlagName, body: SayRequest, request: Request, user: Administrator) -> Response:
    """For the server, a workspace or a person; in force at once, in other processes within seconds."""
    admin = admin_of(request)
    await _check(admin, name, body)
    async with admin.db.write() as session:
        before = await say(session, name, body.reach, body.subject_id, body.enabled, by=user.id)
        audit(
            session,
            Act.FLAG_CHANGED,
            actor_id=user.id,
            user_id=body.subject_id if body.reach is Reach.PERSON else None,
            workspace_id=body.subject_id if body.reach is Reach.WORKSPACE else None,
            flag=name,
            before=before,
            after=body.enabled,
        )
    admin.flags.forget()
    return Response(status_code=204)


async def _check(admin: Admin, name: FlagName, body: SayRequest) -> None:
    """Raises InvalidRequest or NotFound for somebody it cannot be said for."""
    if body.reach not in TABLE[name].reaches:
        raise InvalidRequest(f"{name} is for all of the server alone.")
    if (body.reach is Reach.SERVER) is not (body.subject_id is None):
        raise InvalidRequest("`subjectId` names the person or the workspace; for the server there is none.")
    if body.reach is Reach.PERSON and await admin.identity.find(body.subject_id or "") is None:
        raise no_user()
    if body.reach is Reach.WORKSPACE and not await admin.workspaces.names([body.subject_id or ""]):
        raise NotFound("There is no such workspace.", code="workspace_not_found")


async def _flag(admin: Admin, name: FlagName, words: Sequence[Word], names: Mapping[str, str]) -> FlagOut:
    flag = TABLE[name]
    return FlagOut(
        name=name,
        description=flag.description,
        default=admin.flags.default(name),
        enabled=await admin.flags.on(name),
        reaches=list(flag.reaches),
        said=[
            FlagWordOut(
                reach=one.reach,
                subject_id=one.subject,
                subject=names.get(one.subject or ""),
                enabled=one.enabled,
                changed_at=one.changed_at,
                changed_by=one.changed_by,
            )
            for one in words
            if one.name is name
        ],
    )
