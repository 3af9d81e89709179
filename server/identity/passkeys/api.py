"""Passkeys over HTTP: made and kept by a person, and used by whoever wants to sign in."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from server.given import given
from server.identity import entering
from server.identity.access import Person, identity_of
from server.identity.devices import address_of
from server.identity.passkeys import schemas as wire
from server.identity.passkeys.ceremony import Site, site_of
from server.identity.passkeys.models import PasskeyRow
from server.identity.service import Identity
from server.identity.wire import LoginAnswer
from server.limits.access import limits_of
from server.limits.rules import Rule, WhenDown
from server.links import links_of

router = APIRouter(tags=["Identity"])

PASSKEYS = "/api/v1/auth/passkeys"
# Of one network address: a page asks once when it is opened, and once more for each try.
BEGUN = Rule("passkey sign-ins begun", window_s=300, limit=100, when_down=WhenDown.CLOSED)
Service = Annotated[Identity, given(identity_of)]


def site_at(request: Request) -> Site:
    links = links_of(request)
    return site_of(links.public_url, links.base(request))


@router.post(
    "/auth/login/passkey/options", operation_id="beginPasskeyLogin", summary="Begin to sign in by passkey"
)
async def begin_login(request: Request, identity: Service) -> wire.OptionsAnswer:
    """Good for one answer within five minutes."""
    site = site_at(request)
    await limits_of(request).hit(BEGUN, address_of(request))
    options, ends = await identity.passkeys.options(site)
    return wire.OptionsAnswer(public_key=options, expires_at=ends)


@router.post("/auth/login/passkey", operation_id="loginWithPasskey", summary="Sign in by passkey")
async def login(
    body: wire.PasskeyLoginRequest, request: Request, response: Response, identity: Service
) -> LoginAnswer:
    """Instead of a password and of a second factor: a passkey is both."""
    found = await identity.passkeys.sign_in(
        site_at(request),
        body.credential.model_dump(by_alias=True),
        entering.device(request, body),
        address=address_of(request),
        base=links_of(request).for_mail(request),
    )
    return entering.signed_in(request, response, found, body)


@router.get(PASSKEYS, operation_id="listPasskeys", summary="Your passkeys")
async def list_passkeys(user: Person, identity: Service) -> wire.PasskeyList:
    return wire.PasskeyList(data=[_out(row) for row in await identity.passkeys.list(user.id)])


@router.post(f"{PASSKEYS}/options", operation_id="beginPasskey", summary="Begin to make a passkey")
async def begin(
    body: wire.BeginPasskeyRequest, request: Request, user: Person, identity: Service
) -> wire.OptionsAnswer:
    """Within ten minutes of the sign-in nothing else is asked for; later `password`, and `code` where there
    is a second factor (403 `sign_in_again` without). Good for one answer within five minutes."""
    site = site_at(request)
    await identity.reassure(user, address_of(request), password=body.password, code=body.code)
    options, ends = await identity.passkeys.begin(user, site)
    return wire.OptionsAnswer(public_key=options, expires_at=ends)


@router.post(PASSKEYS, status_code=201, operation_id="createPasskey", summary="Make a passkey")
async def create(
    body: wire.CreatePasskeyRequest, request: Request, user: Person, identity: Service
) -> wire.PasskeyOut:
    """With what the browser made of the options. You are told by mail."""
    made = await identity.passkeys.add(
        user,
        site_at(request),
        body.credential.model_dump(by_alias=True),
        body.name,
        base=links_of(request).for_mail(request),
    )
    return _out(made)


@router.patch(PASSKEYS + "/{passkey_id}", operation_id="renamePasskey", summary="Rename a passkey")
async def rename(
    passkey_id: str, body: wire.RenamePasskeyRequest, user: Person, identity: Service
) -> wire.PasskeyOut:
    return _out(await identity.passkeys.rename(user.id, passkey_id, body.name))


@router.delete(
    PASSKEYS + "/{passkey_id}", status_code=204, operation_id="deletePasskey", summary="Remove a passkey"
)
async def remove(passkey_id: str, user: Person, identity: Service) -> Response:
    """Not the last way into an account without a password (409 `last_way_in`)."""
    await identity.passkeys.remove(user.id, passkey_id)
    return Response(status_code=204)


def _out(row: PasskeyRow) -> wire.PasskeyOut:
    return wire.PasskeyOut(
        id=row.id,
        name=row.name,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        backed_up=row.backed_up,
        copied_at=row.copied_at,
    )
