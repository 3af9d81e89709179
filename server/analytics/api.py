"""Analytics over HTTP: what players tell, and what it comes to."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, cast
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response, Security

from server.analytics import answers, bodies
from server.analytics import schemas as wire
from server.analytics.clients import is_bot
from server.analytics.service import Analytics
from server.analytics.tables import Table, as_csv
from server.analytics.viewers import asker_of
from server.db import now
from server.errors import InvalidRequest, NotFound, Unauthenticated
from server.limits.access import limits_of
from server.limits.rules import Rule
from server.plans.table import Feature
from server.recordings.schemas import Recording
from server.scope import (
    Action,
    Scope,
    User,
    allows,
    perhaps_user,
    recordings_of,
    require_recording,
    workspaces_of,
)
from server.sharing.access import sharing_of

router = APIRouter(prefix="/api/v1", tags=["Analytics"])

# By address. A player sends six a minute: enough for two hundred people behind one.
EVENTS = Rule("events of players", window_s=60, limit=1200)
MAX_DAYS = 1100
DEFAULT_DAYS = 30


async def _analytics(request: Request) -> Analytics:  # async: anything else is run in a thread
    return cast("Analytics", request.app.state.services.analytics)


Service = Annotated[Analytics, Depends(_analytics)]
Reader = Annotated[User, allows(Scope.ANALYTICS_READ)]


async def _range(
    since: Annotated[
        date | None, Query(alias="from", description="First day (UTC); 30 days by default.")
    ] = None,
    until: Annotated[date | None, Query(alias="to", description="Last day (UTC); today by default.")] = None,
) -> tuple[date, date]:
    last = until or now().date()
    first = since or max(date.min + timedelta(DEFAULT_DAYS), last) - timedelta(days=DEFAULT_DAYS - 1)
    if first > last:
        raise InvalidRequest("The range ends before it begins: from must not be after to.")
    if (last - first).days >= MAX_DAYS:
        raise InvalidRequest(f"The range is too long: at most {MAX_DAYS} days can be asked for at once.")
    return first, last


Range = Annotated[tuple[date, date], Depends(_range)]


@router.post(
    "/analytics/events",
    status_code=202,
    operation_id="sendWatchEvents",
    summary="Tell what was watched",
    openapi_extra=bodies.OPENAPI,
)
async def events(
    request: Request,
    service: Service,
    user: Annotated[User | None, Security(perhaps_user, scopes=[Scope.MEDIA_READ])],
) -> wire.AcceptedOut:
    """For players: of a share by its `slug`, or of what who is signed in may see by its `recordingId`.

    An event counts once, however often it is sent. With `DNT: 1` or `Sec-GPC: 1` nothing is stored.
    """
    asker = asker_of(request, user)
    if not service.rules.on or asker.private or is_bot(asker.agent):
        return wire.AcceptedOut(accepted=0)
    told = await bodies.read(request)
    await limits_of(request).hit(EVENTS, await service.counted_as(asker), cost=len(told))
    about = await _watchable(request, user, told)
    return wire.AcceptedOut(accepted=await service.take(about, asker, request.url.hostname or ""))


@router.get("/recordings/{recording_id}/analytics", operation_id="getAnalytics", summary="How it was watched")
async def analytics(
    recording_id: str, request: Request, user: Reader, service: Service, days: Range
) -> wire.AnalyticsOut:
    recording = await require_recording(request, user, recording_id, action=Action.ANALYTICS_VIEW)
    await recordings_of(request).require_feature(recording, Feature.ANALYTICS)
    return answers.report(await service.report(recording, *days))


@router.get(
    "/recordings/{recording_id}/analytics.csv",
    operation_id="getAnalyticsTable",
    summary="The same as CSV",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def table(
    recording_id: str,
    request: Request,
    user: Reader,
    service: Service,
    days: Range,
    *,
    kind: Annotated[
        Table, Query(alias="table", description="By day, by name (referrers, devices, …), or by place.")
    ] = Table.DAYS,
) -> Response:
    recording = await require_recording(request, user, recording_id, action=Action.ANALYTICS_VIEW)
    await recordings_of(request).require_feature(recording, Feature.ANALYTICS)
    report = await service.report(recording, *days)
    name = f"{_file_name(recording.title)}-{kind}-{report.since}-{report.until}.csv"
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(as_csv(report, kind), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/analytics", operation_id="getAnalyticsOverview", summary="How your recordings were watched")
async def overview(
    request: Request,
    user: Reader,
    service: Service,
    days: Range,
    *,
    page: Annotated[int, Query(ge=0, le=100_000)] = 0,
    size: Annotated[int, Query(ge=1, le=100)] = 20,
) -> wire.OverviewOut:
    """Of those that you made, as far as your roles let you see it."""
    within = await workspaces_of(request).reach(user.id, Action.ANALYTICS_VIEW)
    found = await service.overview(user.id, within, *days, page=page, size=size)
    shown = [await recordings_of(request).find(recording_id) for recording_id, _ in found.recordings]
    return answers.overview(found, shown, page=page, size=size)


async def _watchable(
    request: Request, user: User | None, told: Iterable[wire.EventIn]
) -> list[tuple[wire.EventIn, Recording]]:
    """Events of recordings that the one who tells may watch. Raises NotFound when it is none of them."""
    found: dict[tuple[str | None, str | None], Recording | None] = {}
    about = []
    for event in told:
        key = (event.slug, event.recording_id)
        if key not in found:
            found[key] = await _recording(request, user, *key)
        recording = found[key]
        if recording is not None:
            about.append((event, recording))
    if not about:
        raise NotFound("There is no such recording, or it is not yours to watch.", code="recording_not_found")
    return about


async def _recording(
    request: Request, user: User | None, slug: str | None, recording_id: str | None
) -> Recording | None:
    try:
        if slug is not None:
            return (await sharing_of(request).enter(request, slug, user)).recording
        if user is not None and recording_id is not None:
            return await require_recording(request, user, recording_id, action=Action.RECORDING_VIEW)
    except (NotFound, Unauthenticated):
        return None
    return None


def _file_name(title: str) -> str:
    return re.sub(r"[^\w -]+", "", title).strip()[:80] or "recording"
