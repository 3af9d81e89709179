"""Search over HTTP."""

from datetime import UTC, datetime
from math import ceil
from typing import Annotated, cast

from fastapi import APIRouter, Query, Request

from server.given import given
from server.links import links_of
from server.ports.search import Filters, Term
from server.recordings.api import PosterLink
from server.recordings.schemas import Pagination
from server.scope import Action, Scope, User, allows, workspaces_of
from server.search import schemas as wire
from server.search.highlight import highlight
from server.search.service import Hit, Search

router = APIRouter(prefix="/api/v1/search", tags=["Search"])

Seconds = Annotated[float | None, Query(ge=0, le=1e7)]


def _search(request: Request) -> Search:
    return cast("Search", request.app.state.services.search)


Service = Annotated[Search, given(_search)]


@router.get("", operation_id="search", summary="Find recordings by their words")
async def search(
    request: Request,
    user: Annotated[User, allows(Scope.SEARCH_READ)],
    service: Service,
    *,
    q: Annotated[
        str, Query(max_length=200, description="Words; in quotes next to each other; -word without")
    ] = "",
    person: Annotated[
        str | None, Query(pattern="^(me|[0-9a-f-]{36})$", description="Id of the owner, or me")
    ] = None,
    workspace_id: Annotated[
        str | None, Query(alias="workspaceId", max_length=36, description="One; else all you are in")
    ] = None,
    since: Annotated[datetime | None, Query(alias="from", description="Recorded then or later")] = None,
    until: Annotated[datetime | None, Query(alias="to", description="Recorded then or earlier")] = None,
    min_duration: Annotated[Seconds, Query(alias="minDuration")] = None,
    max_duration: Annotated[Seconds, Query(alias="maxDuration")] = None,
    language: Annotated[str | None, Query(max_length=10, pattern="^[A-Za-z-]*$")] = None,
    folder: Annotated[str | None, Query(pattern="^[0-9a-f-]{36}$", description="Its id")] = None,
    tag: Annotated[str | None, Query(max_length=50, description="Its name")] = None,
    page: Annotated[int, Query(ge=0, le=1_000)] = 0,
    size: Annotated[int, Query(ge=1, le=50)] = 20,
) -> wire.SearchOut:
    """All words must be in the recording: its title, its description, its tags, what was said in or of it."""
    filters = Filters(
        owner_id=user.id if person == "me" else person,
        since=_moment(since),
        until=_moment(until),
        min_duration_s=min_duration,
        max_duration_s=max_duration,
        language=language or None,
        folder_id=folder,
        tag=tag or None,
    )
    found = await service.search(
        await _workspaces(request, user, workspace_id), q, filters, page=page, size=size
    )
    return wire.SearchOut(
        data=[_hit(request, user, one, found.terms) for one in found.hits],
        pagination=Pagination(
            page=page, size=size, total_pages=ceil(found.total / size), total_elements=found.total
        ),
        corrected=found.corrected,
    )


def _moment(given: datetime | None) -> datetime | None:
    """One without a time zone is in UTC, wherever the server stands."""
    return given.replace(tzinfo=UTC) if given is not None and given.tzinfo is None else given


async def _workspaces(request: Request, user: User, only: str | None) -> frozenset[str]:
    workspaces = workspaces_of(request)
    if only is None:
        return (await workspaces.reach(user.id, Action.RECORDING_VIEW)).everything
    await workspaces.get(user.id, only, Action.RECORDING_VIEW)
    return frozenset([only])


def _hit(request: Request, user: User, hit: Hit, terms: tuple[Term, ...]) -> wire.HitOut:
    recording, language = hit.recording, hit.found.language
    poster_link: PosterLink = request.app.state.services.poster_link
    return wire.HitOut(
        id=recording.id,
        title=recording.title,
        description=recording.description,
        status=recording.status,
        duration=recording.duration_s,
        language=language,
        created_at=recording.created_at,
        share_url=links_of(request).share(request, recording.slug),
        shared=recording.shared,
        poster_url=poster_link(request, user, recording),
        title_parts=_parts(recording.title, terms, language),
        moments=[
            wire.MomentOut(
                kind=piece.kind,
                parts=_parts(piece.text, terms, language),
                start=piece.start_s,
                end=piece.end_s,
            )
            for piece in hit.found.pieces
        ],
    )


def _parts(text: str, terms: tuple[Term, ...], language: str) -> list[wire.PartOut]:
    return [wire.PartOut(text=part.text, match=part.match) for part in highlight(text, terms, language)]
