"""Second factors over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from server.given import given
from server.identity.access import Person, identity_of
from server.identity.devices import address_of
from server.identity.mfa import schemas as wire
from server.identity.service import Identity

router = APIRouter(prefix="/api/v1/auth/mfa", tags=["Identity"])

Service = Annotated[Identity, given(identity_of)]


@router.get("", operation_id="getMfa", summary="Your second factors")
async def get_factors(user: Person, identity: Service) -> wire.FactorsOut:
    found = await identity.factors.of(user.id)
    return wire.FactorsOut(
        totp=found.required, totp_since=found.totp_since, recovery_codes=found.recovery_codes
    )


@router.post("/totp", operation_id="beginTotp", summary="Get a secret for an authenticator app")
async def begin(
    body: wire.PasswordRequest, request: Request, user: Person, identity: Service
) -> wire.TotpSecretOut:
    """Nothing changes until its first code was sent to `…/totp/confirm`."""
    await identity.confirm(user, body.password, address_of(request))
    secret, uri = await identity.factors.begin(user.id, user.email)
    return wire.TotpSecretOut(secret=secret, uri=uri)


@router.post("/totp/confirm", operation_id="confirmTotp", summary="Switch the authenticator app on")
async def confirm(body: wire.CodeRequest, user: Person, identity: Service) -> wire.RecoveryCodesOut:
    """Answers ten recovery codes, for the day the app is gone. They are shown this once."""
    return wire.RecoveryCodesOut(recovery_codes=await identity.factors.confirm(user.id, body.code))


@router.post(
    "/totp/remove", operation_id="removeTotp", summary="Switch the second factor off", status_code=204
)
async def remove(body: wire.ConfirmedRequest, request: Request, user: Person, identity: Service) -> Response:
    await identity.confirm(user, body.password, address_of(request), code=body.code, both=True)
    await identity.factors.remove(user.id)
    return Response(status_code=204)


@router.post("/recovery-codes", operation_id="newRecoveryCodes", summary="Get new recovery codes")
async def new_recovery_codes(
    body: wire.ConfirmedRequest, request: Request, user: Person, identity: Service
) -> wire.RecoveryCodesOut:
    """The ones before are void."""
    await identity.confirm(user, body.password, address_of(request), code=body.code, both=True)
    return wire.RecoveryCodesOut(recovery_codes=await identity.factors.new_recovery_codes(user.id))
