"""The groups of a directory over SCIM. Needs the extra."""

import asyncio
from typing import Annotated, cast

from fastapi import Request, Response
from scim2_models import Context

from server.given import given
from server.identity.scim.answers import answer
from server.identity.scim.asked import POLICY, Keeper, base_of, chosen, new_router, page_size, read
from server.identity.scim.filters import GROUPS, conditions
from server.identity.scim.groups import resources
from server.identity.scim.groups.schemas import Entry, Wanted
from server.identity.scim.groups.service import Groups

router = new_router()


def groups_of(request: Request) -> Groups:
    return cast("Groups", request.app.state.services.people.groups)


Service = Annotated[Groups, given(groups_of)]


@router.get("/Groups")
async def list_groups(request: Request, _user: Keeper, groups: Service) -> Response:
    asked = resources.Search.model_validate(dict(request.query_params), scim_policy=POLICY)
    return await _found(request, asked, groups)


@router.post("/Groups/.search")
async def search(request: Request, _user: Keeper, groups: Service) -> Response:
    return await _found(request, await read(request, resources.Search, Context.SEARCH_REQUEST), groups)


async def _found(request: Request, asked: resources.Search, groups: Groups) -> Response:
    wanted = conditions(asked.filter.ast, GROUPS) if asked.filter is not None else ()
    size, people = page_size(asked.count), resources.with_people(asked)
    found, total = await groups.page(wanted, asked.start_index_0 or 0, size, people=people)
    page = resources.Page(
        total_results=total,
        start_index=asked.start_index or 1,
        items_per_page=len(found),
        resources=[resources.shown(one, base_of(request)) for one in found],
    )
    return await asyncio.to_thread(answer, page, Context.SEARCH_RESPONSE, wanted=asked)


@router.post("/Groups")
async def create(request: Request, user: Keeper, groups: Service) -> Response:
    sent = await read(request, resources.Group, Context.RESOURCE_CREATION_REQUEST)
    made = await groups.create(resources.wanted(sent), by=user.id)
    return await _shown(request, made, Context.RESOURCE_CREATION_RESPONSE, status=201)


@router.get("/Groups/{group_id}")
async def get_group(group_id: str, request: Request, _user: Keeper, groups: Service) -> Response:
    people = resources.with_people(resources.Chosen.model_validate(chosen(request)))
    found = await groups.get(group_id, people=people)
    return await _shown(request, found, Context.RESOURCE_QUERY_RESPONSE)


@router.put("/Groups/{group_id}")
async def replace(group_id: str, request: Request, user: Keeper, groups: Service) -> Response:
    sent = await read(request, resources.Group, Context.RESOURCE_REPLACEMENT_REQUEST)
    changed = await groups.change(group_id, lambda _: resources.wanted(sent), by=user.id)
    return await _shown(request, changed, Context.RESOURCE_REPLACEMENT_RESPONSE)


@router.patch("/Groups/{group_id}")
async def update(group_id: str, request: Request, user: Keeper, groups: Service) -> Response:
    sent = await read(request, resources.Changes, Context.RESOURCE_PATCH_REQUEST)
    base = base_of(request)

    def edit(before: Entry) -> Wanted:
        group = resources.shown(before, base)
        sent.patch(group, POLICY)
        return resources.wanted(group)

    changed = await groups.change(group_id, edit, by=user.id)
    return await _shown(request, changed, Context.RESOURCE_PATCH_RESPONSE)


@router.delete("/Groups/{group_id}")
async def remove(group_id: str, user: Keeper, groups: Service) -> Response:
    """Its members leave its workspace, which stays."""
    await groups.remove(group_id, by=user.id)
    return Response(status_code=204)


async def _shown(request: Request, entry: Entry, context: Context, *, status: int = 200) -> Response:
    base, wanted = base_of(request), resources.Chosen.model_validate(chosen(request))
    headers = {"Location": resources.location(entry.id, base)}
    found = await asyncio.to_thread(resources.shown, entry, base)
    return await asyncio.to_thread(answer, found, context, wanted=wanted, status=status, headers=headers)
