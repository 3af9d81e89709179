"""Accounts over HTTP, for whoever runs the server. Nobody acts as somebody else here."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from server.admin.access import PREFIX, SIZE, Administrator, Page, Size, Wire, admin_of, no_user, pages
from server.identity.accounts.administration import Account, AccountState, NewAccount, Wanted
from server.identity.accounts.schemas import Password, Username
from server.identity.schemas import Role
from server.identity.workspaces.schemas import Email
from server.links import links_of
from server.recordings.schemas import Pagination
from server.recordings.totals import By, Total
from server.takeout.schemas import State

router = APIRouter(prefix=f"{PREFIX}/users", tags=["Admin"])


class AccountOut(Wire):
    id: str
    email: str
    username: str
    role: Role
    state: AccountState
    email_verified: bool
    second_factor: bool
    sign_ins: int = Field(description="Devices that are signed in.")
    keys: int
    recordings: int
    bytes: int = Field(description="Of their recordings as they were uploaded, the trash included.")
    last_seen_at: datetime | None
    created_at: datetime
    disabled_at: datetime | None


class AccountPage(Wire):
    data: list[AccountOut]
    pagination: Pagination


class SignInOut(Wire):
    id: str
    device_name: str
    client: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


class AccountDetails(AccountOut):
    trashed: int
    devices: list[SignInOut]


class NewAccountRequest(Wire):
    email: Email = Field(examples=["ada@example.org"])
    username: Username | None = None
    role: Role = Role.MEMBER
    password: Password | None = Field(
        default=None, description="Without one, a link to choose it is sent; it is good for a week."
    )


class ChangeAccountRequest(Wire):
    role: Role


class ErasureOrdered(Wire):
    """Its receipt is at `GET /api/v1/erasures/{id}`."""

    id: str
    state: State


@router.get("", operation_id="adminListUsers", summary="Accounts, the newest first")
async def list_users(
    request: Request,
    _user: Administrator,
    *,
    q: Annotated[str | None, Query(max_length=254, description="In the name or the address.")] = None,
    role: Role | None = None,
    state: AccountState | None = None,
    page: Page = 0,
    size: Size = SIZE,
) -> AccountPage:
    admin = admin_of(request)
    found, total = await admin.people.page(Wanted(q, role, state), page, size)
    totals = await admin.totals.of(By.PERSON, [one.id for one in found])
    return AccountPage(
        data=[AccountOut(**_fields(one, totals.get(one.id, Total()))) for one in found],
        pagination=pages(page, size, total),
    )


@router.post("", status_code=201, operation_id="adminCreateUser", summary="Make an account")
async def create(body: NewAccountRequest, request: Request, user: Administrator) -> AccountOut:
    """Whatever HEDDLE_REGISTRATION says."""
    wanted = NewAccount(body.email, body.username, body.role, body.password)
    made = await admin_of(request).people.create(wanted, by=user.id, base=links_of(request).for_mail(request))
    return AccountOut(**_fields(made, Total()))


@router.get("/{user_id}", operation_id="adminGetUser", summary="An account with its devices")
async def get_user(user_id: str, request: Request, _user: Administrator) -> AccountDetails:
    return await _details(request, user_id)


@router.patch("/{user_id}", operation_id="adminUpdateUser", summary="Change somebody's role on this server")
async def update(
    user_id: str, body: ChangeAccountRequest, request: Request, user: Administrator
) -> AccountDetails:
    """409 where nobody would administer the server any more."""
    await admin_of(request).people.set_role(user_id, body.role, by=user.id)
    return await _details(request, user_id)


@router.post("/{user_id}/disable", operation_id="adminDisableUser", summary="Let nobody in with an account")
async def disable(user_id: str, request: Request, user: Administrator) -> AccountDetails:
    """Sign-ins end at once, keys and webhooks stop; recordings and their links stay."""
    await admin_of(request).people.disable(user_id, by=user.id)
    return await _details(request, user_id)


@router.post("/{user_id}/enable", operation_id="adminEnableUser", summary="Let them in again")
async def enable(user_id: str, request: Request, user: Administrator) -> AccountDetails:
    await admin_of(request).people.enable(user_id, by=user.id)
    return await _details(request, user_id)


@router.post(
    "/{user_id}/password-link",
    status_code=202,
    operation_id="adminSendPasswordLink",
    summary="Have a link to a new password sent",
)
async def password_link(user_id: str, request: Request, user: Administrator) -> Response:
    """To their address alone."""
    base = links_of(request).for_mail(request)
    await admin_of(request).people.send_link(user_id, by=user.id, base=base)
    return Response(status_code=202)


@router.delete(
    "/{user_id}/mfa",
    status_code=204,
    operation_id="adminRemoveSecondFactor",
    summary="Remove a second factor whose device is lost",
)
async def remove_second_factor(user_id: str, request: Request, user: Administrator) -> Response:
    await admin_of(request).people.remove_second_factor(user_id, by=user.id)
    return Response(status_code=204)


@router.delete(
    "/{user_id}/sessions", status_code=204, operation_id="adminSignOutUser", summary="Sign all devices out"
)
async def sign_out(user_id: str, request: Request, user: Administrator) -> Response:
    await admin_of(request).people.sign_out(user_id, by=user.id)
    return Response(status_code=204)


@router.delete("/{user_id}", status_code=202, operation_id="adminEraseUser", summary="Erase an account")
async def erase(user_id: str, request: Request, user: Administrator) -> ErasureOrdered:
    """For good, as if they had asked for it themselves. 409 while a team needs another owner first."""
    admin = admin_of(request)
    admin.people.not_yourself(user_id, by=user.id)
    person = await admin.identity.find(user_id)
    if person is None:
        raise no_user()
    row = await admin.erasures.order(person, by=user.id)
    return ErasureOrdered(id=row.id, state=State(row.state))


async def _details(request: Request, user_id: str) -> AccountDetails:
    admin = admin_of(request)
    found = await admin.people.get(user_id)
    total = (await admin.totals.of(By.PERSON, [found.id])).get(found.id, Total())
    devices = [
        SignInOut(
            id=one.id,
            device_name=one.device.name,
            client=one.device.client,
            created_at=one.created_at,
            last_used_at=one.last_used_at,
            expires_at=one.expires_at,
        )
        for one in await admin.identity.sessions.views(found.id)
    ]
    return AccountDetails(**_fields(found, total), trashed=total.trashed, devices=devices)


def _fields(one: Account, total: Total) -> dict[str, object]:
    return {
        "id": one.id,
        "email": one.email,
        "username": one.username,
        "role": one.role,
        "state": AccountState.ACTIVE if one.disabled_at is None else AccountState.DISABLED,
        "email_verified": one.email_verified,
        "second_factor": one.second_factor,
        "sign_ins": one.sign_ins,
        "keys": one.keys,
        "recordings": total.recordings,
        "bytes": total.bytes,
        "last_seen_at": one.seen_at,
        "created_at": one.created_at,
        "disabled_at": one.disabled_at,
    }
