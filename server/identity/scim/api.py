"""SCIM 2.0 (RFC 7643, 7644): a company's directory keeps the accounts and groups of its people here.

Not in the description of the API: SCIM describes itself, at `/scim/v2/ServiceProviderConfig` and beside it.
Needs the extra.
"""

from collections.abc import Mapping
from typing import TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from scim2_models import Context, InvalidFilterException, ListResponse, NotFoundException, SearchRequest
from scim2_models.path import FilterNode

from server.errors import ServerError
from server.identity.scim import description, people_api, resources
from server.identity.scim.answers import answer
from server.identity.scim.asked import PREFIX, Keeper, base_of, new_router, page_size, read
from server.identity.scim.filters import GROUPS, PEOPLE, conditions
from server.identity.scim.groups import api as groups_api
from server.identity.scim.groups import resources as group_resources
from server.identity.scim.groups.resources import Group
from server.identity.scim.resources import User

REST = "/{rest:path}"
Search = SearchRequest[User | Group]
Page = ListResponse[User | Group]
_whole = new_router()
F = TypeVar("F", bound=str)


@_whole.post("/.search")
async def search(
    request: Request, _user: Keeper, directory: people_api.Service, groups: groups_api.Service
) -> Response:
    """People first, then groups. What only one of the two kinds has, the other does not match."""
    asked = await read(request, Search, Context.SEARCH_REQUEST)
    skipped, size = asked.start_index_0 or 0, page_size(asked.count)
    node = asked.filter.ast if asked.filter is not None else None
    of_people, of_groups = _understood(node, PEOPLE), _understood(node, GROUPS)
    if node is not None and of_people is None and of_groups is None:
        conditions(node, PEOPLE)  # says what is understood
    people, count = ([], 0) if of_people is None else await directory.page(of_people, skipped, size)
    rest, before = size - len(people), max(0, skipped - count)
    found, more = (
        ([], 0)
        if of_groups is None
        else await groups.page(of_groups, before, rest, people=group_resources.with_people(asked))
    )
    base = base_of(request)
    page = Page(
        total_results=count + more,
        start_index=asked.start_index or 1,
        items_per_page=len(people) + len(found),
        resources=[
            *(resources.shown(one, base) for one in people),
            *(group_resources.shown(one, base) for one in found),
        ],
    )
    return answer(page, Context.SEARCH_RESPONSE, wanted=asked)


def _understood(node: FilterNode | None, named: Mapping[str, F]) -> tuple[tuple[F, str | bool], ...] | None:
    try:
        return () if node is None else conditions(node, named)
    except InvalidFilterException:
        return None


@_whole.api_route(REST, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
async def nothing(request: Request, _user: Keeper) -> Response:
    """What is refused for its address is refused in the same shape."""
    known = (one for one in router.routes if isinstance(one, APIRoute) and one.path != PREFIX + REST)
    if any(one.path_regex.match(request.scope["path"]) for one in known):
        raise ServerError("This address does not know that method.", status=405, code="method_not_allowed")
    raise NotFoundException(detail="There is nothing at this address.")


_PARTS = (description.router, people_api.router, groups_api.router, _whole)
router = APIRouter(routes=[route for part in _PARTS for route in part.routes])
