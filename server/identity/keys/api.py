"""API keys over HTTP. A key manages no keys: only a person who signed in does."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from server.given import given
from server.identity.access import Person, identity_of
from server.identity.keys import schemas as wire
from server.identity.keys.schemas import ApiKey
from server.identity.keys.service import ApiKeys

router = APIRouter(prefix="/api/v1/keys", tags=["API keys"])


def _keys(request: Request) -> ApiKeys:
    return identity_of(request).keys


Service = Annotated[ApiKeys, given(_keys)]


@router.get("", operation_id="listKeys", summary="Your API keys")
async def list_keys(user: Person, keys: Service) -> wire.KeyList:
    return wire.KeyList(data=[_out(key) for key in await keys.list(user.id)])


@router.post("", status_code=201, operation_id="createKey", summary="Make an API key")
async def create_key(body: wire.CreateKeyRequest, user: Person, keys: Service) -> wire.CreatedKeyOut:
    """The answer has the `key` itself, which is shown this once."""
    made, secret = await keys.create(user.id, body)
    return wire.CreatedKeyOut(**_out(made).model_dump(), key=secret)


@router.patch("/{key_id}", operation_id="updateKey", summary="Rename, limit, disable or enable an API key")
async def update_key(key_id: str, body: wire.UpdateKeyRequest, user: Person, keys: Service) -> wire.KeyOut:
    return _out(await keys.change(user.id, key_id, body))


@router.delete("/{key_id}", status_code=204, operation_id="deleteKey", summary="Delete an API key")
async def delete_key(key_id: str, user: Person, keys: Service) -> Response:
    await keys.delete(user.id, key_id)
    return Response(status_code=204)


def _out(key: ApiKey) -> wire.KeyOut:
    return wire.KeyOut(
        id=key.id,
        name=key.name,
        key_prefix=key.prefix,
        user_id=key.user_id,
        scopes=sorted(key.scopes),
        last_used_at=key.last_used_at,
        expires_at=key.expires_at,
        created_at=key.created_at,
        is_active=key.is_active,
    )
