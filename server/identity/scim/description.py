"""What SCIM says of itself (RFC 7643 section 5 to 7). Needs the extra."""

from functools import lru_cache
from typing import Any

from fastapi import Request, Response
from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    Context,
    ETag,
    Filter,
    ListResponse,
    Meta,
    NotFoundException,
    Patch,
    Resource,
    ResourceType,
    Schema,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
)

from server.errors import Forbidden
from server.identity.scim.answers import answer
from server.identity.scim.asked import LARGEST_PAGE, POLICY, Keeper, base_of, new_router
from server.identity.scim.groups.resources import Group
from server.identity.scim.resources import User

router = new_router()
Kinds = ListResponse[ResourceType]
Descriptions = ListResponse[Schema]
_ARE = {
    "User": "Somebody with an account on this server.",
    "Group": "People who are in one workspace of this server together.",
}


@router.get("/ServiceProviderConfig")
async def config(request: Request, _user: Keeper) -> Response:
    found = provider(base_of(request)).config
    assert found is not None  # noqa: S101 (`provider` gives it one)
    return answer(found, Context.RESOURCE_QUERY_RESPONSE)


@router.get("/ResourceTypes")
async def resource_types(request: Request, _user: Keeper) -> Response:
    return _all(request, Kinds, provider(base_of(request)).resource_types)


@router.get("/ResourceTypes/{name}")
async def resource_type(name: str, request: Request, _user: Keeper) -> Response:
    return _one(name, provider(base_of(request)).resource_types)


@router.get("/Schemas")
async def schemas(request: Request, _user: Keeper) -> Response:
    return _all(request, Descriptions, provider(base_of(request)).schemas)


@router.get("/Schemas/{name}")
async def schema(name: str, request: Request, _user: Keeper) -> Response:
    return _one(name, provider(base_of(request)).schemas)


@lru_cache(maxsize=8)
def provider(base: str) -> ScimProvider:
    """`base` is the address of `/scim/v2`."""
    config = ServiceProviderConfig(
        patch=Patch(supported=True),
        bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
        filter=Filter(supported=True, max_results=LARGEST_PAGE),
        change_password=ChangePassword(supported=False),
        sort=Sort(supported=False),
        etag=ETag(supported=False),
        authentication_schemes=[
            AuthenticationScheme(
                type=AuthenticationScheme.Type.oauthbearertoken,
                name="API key",
                description="A key of an owner of this server with the scope scim, as a bearer token.",
                spec_uri="https://www.rfc-editor.org/info/rfc6750",
                primary=True,
            )
        ],
        meta=Meta(resource_type="ServiceProviderConfig", location=f"{base}/ServiceProviderConfig"),
    )
    found = ScimProvider(models=[User, Group], config=config, policy=POLICY)
    for one in found.resource_types:
        one.description = _ARE[one.name or ""]
        one.meta = Meta(resource_type="ResourceType", location=f"{base}/ResourceTypes/{one.id}")
    for schema in found.schemas:
        schema.meta = Meta(resource_type="Schema", location=f"{base}/Schemas/{schema.id}")
    return found


def _all(request: Request, kind: type[Kinds | Descriptions], found: tuple[Resource[Any], ...]) -> Response:
    if "filter" in request.query_params:  # RFC 7644, section 4
        raise Forbidden("These are few: they are not filtered.")
    page = kind(total_results=len(found), start_index=1, items_per_page=len(found), resources=list(found))
    return answer(page, Context.RESOURCE_QUERY_RESPONSE)


def _one(name: str, found: tuple[Resource[Any], ...]) -> Response:
    for one in found:
        if one.id == name:
            return answer(one, Context.RESOURCE_QUERY_RESPONSE)
    raise NotFoundException(detail="There is no such thing here.")
