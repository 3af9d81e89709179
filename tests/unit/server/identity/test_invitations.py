"""Invitations: asked by mail, answered once."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from server.db import now
from server.errors import SetupError
from server.identity import inviting
from server.identity.workspaces.models import InvitationRow
from server.wiring import Services
from tests.support.databases import both_databases
from tests.support.mailbox import Mailbox, html_of, text_of
from tests.support.people import Team

URL = "/api/v1/invitations"


async def invite(team: Team, email: str = "stranger@example.org", role: str = "member") -> str:
    answer = await team.clients["owner"].post(f"{team.url}/invitations", json={"email": email, "role": role})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def states(team: Team) -> list[str]:
    listed = (await team.clients["owner"].get(f"{team.url}/invitations")).json()["data"]
    return [one["state"] for one in listed]


@both_databases
async def test_whoever_is_asked_finds_a_mail_and_comes_in_with_its_key(team: Team, mailbox: Mailbox) -> None:
    await invite(team, " Stranger@Example.ORG ", role="viewer")
    letter = await mailbox.letter("stranger@example.org", "invites you to The team")
    assert "as a viewer" in text_of(letter)
    assert "http://heddle.test/account/invitation#" in html_of(letter)
    key = await mailbox.key("stranger@example.org", "invites you")
    stranger = team.clients["stranger"]
    waiting = (await stranger.get(URL)).json()["data"]
    assert [(one["workspaceName"], one["state"]) for one in waiting] == [("The team", "pending")]
    assert (await stranger.post(f"{URL}/look", json={"token": key})).json() == waiting[0]
    answer = await stranger.post(f"{URL}/accept", json={"token": key})
    assert (answer.status_code, answer.json()["id"], answer.json()["role"]) == (200, team.id, "viewer")
    assert (await team.roles())["stranger"] == "viewer"
    assert await states(team) == ["accepted"]
    assert (await stranger.get("/api/v1/users/me")).json()["emailVerified"] is True
    again = await stranger.post(f"{URL}/accept", json={"token": key})
    assert (again.status_code, again.json()["code"]) == (409, "invitation_over")


async def test_a_key_opens_nothing_for_another_account(
    team: Team, mailbox: Mailbox, ann: httpx.AsyncClient
) -> None:
    await invite(team)
    key = await mailbox.key("stranger@example.org", "invites you")
    answer = await ann.post(f"{URL}/accept", json={"token": key})
    assert (answer.status_code, answer.json()["code"]) == (403, "invitation_for_another")
    assert (await ann.get(URL)).json()["data"] == []
    assert "stranger" not in await team.roles()


async def test_it_is_declined_without_an_account(
    team: Team, mailbox: Mailbox, client: httpx.AsyncClient
) -> None:
    await invite(team)
    key = await mailbox.key("stranger@example.org", "invites you")
    assert (await client.post(f"{URL}/decline", json={"token": key})).status_code == 204
    assert await states(team) == ["declined"]
    assert (await team.clients["stranger"].post(f"{URL}/accept", json={"token": key})).status_code == 409
    assert (await client.post(f"{URL}/look", json={"token": key})).status_code == 404


async def test_what_is_revoked_expired_or_replaced_opens_nothing(
    team: Team, mailbox: Mailbox, services: Services
) -> None:
    owner, stranger = team.clients["owner"], team.clients["stranger"]
    first = await invite(team)
    revoked = await mailbox.key("stranger@example.org", "invites you")
    assert (await owner.delete(f"{team.url}/invitations/{first}")).status_code == 204
    assert (await owner.delete(f"{team.url}/invitations/{first}")).status_code == 409
    await invite(team)
    await invite(team)
    assert await states(team) == ["pending", "revoked", "revoked"]
    async with services.db.write() as session:
        await session.execute(update(InvitationRow).values(expires_at=now() - timedelta(seconds=1)))
    assert (await states(team))[0] == "expired"
    for key in (revoked, "x" * 43):
        answer = await stranger.post(f"{URL}/accept", json={"token": key})
        assert answer.status_code == (409 if key is revoked else 404)
    assert "stranger" not in await team.roles()


ENDS = ("accepted", "declined", "revoked", "expired")


@pytest.mark.parametrize("first", ENDS)
async def test_an_end_is_the_end_whatever_is_tried_next(
    team: Team, mailbox: Mailbox, services: Services, first: str
) -> None:
    owner, stranger = team.clients["owner"], team.clients["stranger"]
    one = f"{team.url}/invitations/{await invite(team)}"
    body = {"token": await mailbox.key("stranger@example.org", "invites you")}

    async def end(how: str) -> int:
        if how == "expired":
            async with services.db.write() as session:
                await session.execute(update(InvitationRow).values(expires_at=now() - timedelta(seconds=1)))
            return 200
        if how == "revoked":
            return (await owner.delete(one)).status_code
        verb = {"accepted": "accept", "declined": "decline"}[how]
        return (await stranger.post(f"{URL}/{verb}", json=body)).status_code

    assert await end(first) < 300
    assert await states(team) == [first]
    for how in ENDS:
        assert await end(how) == (200 if how == "expired" else 409), how
        assert await states(team) == [first], how
    assert ("stranger" in await team.roles()) is (first == "accepted")


async def test_a_member_is_not_asked_again(team: Team) -> None:
    answer = await team.clients["owner"].post(f"{team.url}/invitations", json={"email": "viewer@example.org"})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_member")


@pytest.mark.parametrize(
    "email", ["nonsense", "a@b@c", "x@example.org\r\nBcc: y@example.org", "@", "a b@c.de"]
)
async def test_what_is_no_address_is_a_400(team: Team, email: str) -> None:
    answer = await team.clients["owner"].post(f"{team.url}/invitations", json={"email": email})
    assert answer.status_code == 400
    assert await states(team) == []


async def test_only_owners_of_the_server_invite_to_it(
    team: Team, services: Services, mailbox: Mailbox
) -> None:
    from tests.support.people import change_user

    owner = team.clients["owner"]
    assert (await owner.post(URL, json={"email": "new@example.org"})).status_code == 403
    await change_user(services, team.ids["owner"], role="owner")
    assert (await owner.post(URL, json={"email": "new@example.org"})).status_code == 201
    assert (await owner.post(URL, json={"email": "viewer@example.org"})).json()["code"] == "account_exists"
    assert await mailbox.key("new@example.org", "You are invited to Heddle")


async def test_the_command_line_invites_while_the_server_runs(services: Services, mailbox: Mailbox) -> None:
    settings = services.settings
    with pytest.raises(SetupError, match="lead nowhere"):
        await inviting.invite(settings, "new@example.org")
    public = settings.model_copy(update={"public_url": "https://video.example.org/"})
    await inviting.invite(public, "new@example.org")
    await services.people.postman.deliver()
    letter = await mailbox.letter("new@example.org", "You are invited")
    assert "https://video.example.org/account/invitation#" in text_of(letter)
