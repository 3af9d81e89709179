"""Registering, mail keys, the profile and its picture over HTTP."""

from typing import Annotated, Any, cast

from fastapi import APIRouter, Request, Response

from server.given import given
from server.identity.access import Person, allows
from server.identity.accounts import schemas as wire
from server.identity.accounts.avatars import MEDIA_TYPE, TAKEN, Avatars, path_of
from server.identity.accounts.registration import Registration
from server.identity.accounts.service import Accounts
from server.identity.models import UserRow
from server.identity.schemas import Role, User
from server.identity.scopes import Scope
from server.links import links_of

router = APIRouter(tags=["Accounts"])

FOR_EVER = "public, max-age=31536000, immutable"
_PICTURE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in TAKEN},
    }
}


def _accounts(request: Request) -> Accounts:
    return cast("Accounts", request.app.state.services.people.accounts)


def _registration(request: Request) -> Registration:
    return cast("Registration", request.app.state.services.people.registration)


def _avatars(request: Request) -> Avatars:
    return cast("Avatars", request.app.state.services.people.avatars)


Service = Annotated[Accounts, given(_accounts)]
RegistrationService = Annotated[Registration, given(_registration)]
AvatarService = Annotated[Avatars, given(_avatars)]
Reader = Annotated[User, allows(Scope.ACCOUNT_READ)]
Writer = Annotated[User, allows(Scope.ACCOUNT_WRITE)]


@router.post(
    "/auth/register",
    status_code=202,
    operation_id="register",
    summary="Make an account",
    responses={201: {"model": wire.RegisterAnswer, "description": "It is there."}},
)
async def register(
    body: wire.RegisterRequest, request: Request, response: Response, registration: RegistrationService
) -> wire.RegisterAnswer:
    """With an invitation the account is there at once (201). Otherwise a mail is sent (202): its link, with
    the password, makes it. The answer is the same where there is an account already."""
    made = await registration.register(
        body, base=links_of(request).for_mail(request), address=_address(request)
    )
    if made is not None:
        response.status_code = 201
        return wire.RegisterAnswer(email=made.email, user_id=made.user_id, verification_sent=False)
    return wire.RegisterAnswer(email=body.email, user_id=None, verification_sent=True)


@router.post("/auth/verify-email", operation_id="verifyEmail", summary="Answer the mail to an address")
async def verify(body: wire.VerifyRequest, registration: RegistrationService) -> wire.VerifyAnswer:
    done = await registration.verify(body.token, body.password)
    return wire.VerifyAnswer(user_id=done.user_id, email=done.email)


@router.post(
    "/auth/password/forgotten",
    status_code=202,
    operation_id="forgotPassword",
    summary="Have a link to a new password sent",
)
async def forgotten(body: wire.ForgottenRequest, request: Request, accounts: Service) -> Response:
    """The answer is the same for an address that nobody has."""
    await accounts.forgot(body.email, base=links_of(request).for_mail(request), address=_address(request))
    return Response(status_code=202)


@router.post(
    "/auth/password/reset", status_code=204, operation_id="resetPassword", summary="Choose a new password"
)
async def reset(body: wire.ResetRequest, request: Request, accounts: Service) -> Response:
    """Signs every device out."""
    await accounts.reset(
        body.token, body.password, base=links_of(request).for_mail(request), address=_address(request)
    )
    return Response(status_code=204)


@router.post("/auth/email/confirm", operation_id="confirmEmail", summary="Confirm a change of address")
async def confirm_email(
    body: wire.ConfirmRequest, request: Request, accounts: Service
) -> wire.ChangeEmailAnswer:
    email, pending = await accounts.confirm_email(body.token, base=links_of(request).for_mail(request))
    return wire.ChangeEmailAnswer(email=email, pending=pending)


@router.get("/api/v1/users/me", operation_id="getProfile", summary="Your profile")
async def profile(request: Request, user: Reader, accounts: Service) -> wire.ProfileOut:
    return _out(request, await accounts.profile(user.id))


@router.patch("/api/v1/users/me", operation_id="updateProfile", summary="Change your profile")
async def update(
    body: wire.UpdateProfileRequest, request: Request, user: Writer, accounts: Service
) -> wire.ProfileOut:
    return _out(request, await accounts.update(user.id, body))


@router.post(
    "/api/v1/users/me/email", status_code=202, operation_id="changeEmail", summary="Use another address"
)
async def change_email(
    body: wire.ChangeEmailRequest, request: Request, user: Person, accounts: Service
) -> Response:
    """Mails go to both addresses. The new one has to confirm; so has the present one, if it was verified."""
    await accounts.ask_for_email(
        user, body, base=links_of(request).for_mail(request), address=_address(request)
    )
    return Response(status_code=202)


@router.post(
    "/api/v1/users/me/verification",
    status_code=202,
    operation_id="sendVerification",
    summary="Have a mail sent to verify your address",
)
async def send_verification(request: Request, user: Writer, accounts: Service) -> Response:
    await accounts.send_verification(
        user.id, base=links_of(request).for_mail(request), address=_address(request)
    )
    return Response(status_code=202)


@router.put(
    "/api/v1/users/me/avatar",
    operation_id="putAvatar",
    summary="Upload a picture of yourself",
    openapi_extra=_PICTURE,
)
async def put_avatar(
    request: Request, user: Writer, accounts: Service, avatars: AvatarService
) -> wire.ProfileOut:
    """PNG, JPEG or WebP of at most 8 MiB; its middle is kept as a square of 256 pixels."""
    await avatars.put(user.id, await request.body(), request.headers.get("content-type", ""))
    return _out(request, await accounts.profile(user.id))


@router.delete(
    "/api/v1/users/me/avatar", status_code=204, operation_id="deleteAvatar", summary="Remove your picture"
)
async def delete_avatar(user: Writer, avatars: AvatarService) -> Response:
    await avatars.remove(user.id)
    return Response(status_code=204)


@router.get("/avatars/{name}.webp", include_in_schema=False)
async def avatar(name: str, avatars: AvatarService) -> Response:
    headers = {"Cache-Control": FOR_EVER}
    return Response(await avatars.read(name), media_type=MEDIA_TYPE, headers=headers)


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def _out(request: Request, row: UserRow) -> wire.ProfileOut:
    path = path_of(row.avatar)
    return wire.ProfileOut(
        id=row.id,
        email=row.email,
        email_verified=row.email_verified_at is not None,
        username=row.username,
        role=Role(row.role),
        time_zone=row.time_zone,
        language=row.language,
        avatar_url=None if path is None else links_of(request).base(request) + path,
        created_at=row.created_at,
    )
