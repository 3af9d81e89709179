"""Registering: closed, invited or open; and nobody learns who has an account."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from server.config import Settings
from server.wiring import Services
from tests.support.databases import both_databases
from tests.support.mailbox import Mailbox, text_of

URL = "/auth/register"
EMAIL, PASSWORD = "eve@example.org", "seven blue kettles sing"
BODY = {"email": EMAIL, "password": PASSWORD, "username": "Eve"}

pytestmark = pytest.mark.usefixtures("quick_passwords")


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    return settings.model_copy(update={"registration": getattr(request, "param", "open")})


def mode(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("settings", [name], indirect=True)


async def login(client: httpx.AsyncClient, password: str = PASSWORD, email: str = EMAIL) -> int:
    return (await client.post("/auth/login", json={"email": email, "password": password})).status_code


@both_databases
async def test_an_account_is_made_by_the_mail_and_the_password_together(
    client: httpx.AsyncClient, services: Services, mailbox: Mailbox
) -> None:
    answer = await client.post(URL, json=BODY | {"email": " Eve@Example.org"})
    assert answer.status_code == 202
    assert answer.json()["userId"] is None
    assert await login(client) == 401
    key = await mailbox.key(EMAIL, "Finish your registration")
    for password, code in ((None, "password_needed"), ("another one entirely", "wrong_password")):
        body = {"token": key} | ({} if password is None else {"password": password})
        refused = await client.post("/auth/verify-email", json=body)
        assert (refused.status_code, refused.json()["code"]) == (400, code)
    done = await client.post("/auth/verify-email", json={"token": key, "password": PASSWORD})
    assert (done.status_code, done.json()["email"]) == (200, EMAIL)
    assert await login(client) == 200
    held = await services.workspaces.of(done.json()["userId"])
    assert [one.workspace.kind for one in held] == ["personal"]
    used = await client.post("/auth/verify-email", json={"token": key, "password": PASSWORD})
    assert (used.status_code, used.json()["code"]) == (404, "link_over")


async def test_a_second_registration_takes_the_place_of_the_first(
    client: httpx.AsyncClient, mailbox: Mailbox
) -> None:
    await client.post(URL, json=BODY)
    first = await mailbox.key(EMAIL, "Finish")
    await client.post(URL, json=BODY)
    answer = await client.post("/auth/verify-email", json={"token": first, "password": PASSWORD})
    assert answer.status_code == 404


@pytest.mark.usefixtures("ann")
async def test_an_address_that_is_known_is_answered_alike(
    client: httpx.AsyncClient, mailbox: Mailbox
) -> None:
    known = await client.post(URL, json=BODY | {"email": "ann@example.org"})
    unknown = await client.post(URL, json=BODY)
    assert known.status_code == unknown.status_code == 202
    assert known.json() == unknown.json() | {"email": "ann@example.org"}
    letter = await mailbox.letter("ann@example.org", "You have an account")
    assert "/account/verify" not in text_of(letter)


async def test_a_mailbox_is_not_filled_by_strangers(
    client: httpx.AsyncClient, mailbox: Mailbox, services: Services
) -> None:
    answers = [await client.post(URL, json=BODY) for _ in range(7)]
    await client.post(URL, json=BODY | {"email": "last@example.org"})
    await mailbox.letter("last@example.org", "Finish")
    assert {one.status_code for one in answers} == {202}
    assert len(mailbox.to(EMAIL)) == 5


async def test_one_address_asks_only_so_often(client: httpx.AsyncClient) -> None:
    answers = [
        await client.post("/auth/password/forgotten", json={"email": f"n{n}@example.org"}) for n in range(31)
    ]
    assert [one.status_code for one in answers] == [202] * 30 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


@mode("closed")
async def test_a_closed_server_takes_nobody(client: httpx.AsyncClient) -> None:
    for body in (BODY, BODY | {"invitation": "x" * 43}):
        answer = await client.post(URL, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "registration_closed")


@mode("invited")
async def test_an_invitation_is_an_account_at_once_and_a_place_in_the_team(
    client: httpx.AsyncClient, ann: httpx.AsyncClient, mailbox: Mailbox
) -> None:
    team = (await ann.post("/api/v1/workspaces", json={"name": "Weavers"})).json()
    await ann.post(f"/api/v1/workspaces/{team['id']}/invitations", json={"email": EMAIL, "role": "admin"})
    key = await mailbox.key(EMAIL, "invites you to Weavers")
    refused = await client.post(URL, json=BODY)
    assert (refused.status_code, refused.json()["code"]) == (403, "registration_by_invitation")
    other = await client.post(URL, json=BODY | {"email": "mallory@example.org", "invitation": key})
    assert (other.status_code, other.json()["code"]) == (403, "invitation_for_another")
    made = await client.post(URL, json=BODY | {"invitation": key})
    assert made.status_code == 201, made.text
    again = await client.post(URL, json=BODY | {"invitation": key})
    assert again.status_code == 409
    token = (await client.post("/auth/login", json={"email": EMAIL, "password": PASSWORD})).json()["token"]
    listed = await client.get("/api/v1/workspaces", headers={"Authorization": f"Bearer {token}"})
    assert [(one["name"], one["role"]) for one in listed.json()["data"]] == [
        ("Personal", "owner"),
        ("Weavers", "admin"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"password": "short"},
        {"password": ""},
        {"email": "nonsense"},
        {"email": "eve@localhost"},
        {"email": "eve@example.org\nBcc: x@example.org"},
        {"username": "two\nlines"},
        {"username": "x" * 65},
        {"role": "owner"},
        {"invitation": "short"},
    ],
)
async def test_a_bad_registration_is_a_400_and_sends_nothing(
    client: httpx.AsyncClient, mailbox: Mailbox, change: dict[str, Any]
) -> None:
    assert (await client.post(URL, json=BODY | change)).status_code == 400
    assert mailbox.all() == []


async def test_links_in_mails_never_lead_where_a_host_header_says(app: FastAPI, mailbox: Mailbox) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://heddle.test") as client:
        await client.post(URL, json=BODY, headers={"Host": "evil.example"})
    letter = await mailbox.letter(EMAIL, "Finish")
    assert "evil.example" not in letter.as_string()
    assert "http://heddle.test/account/verify#" in text_of(letter)


async def test_the_pages_that_mails_lead_to_are_there(client: httpx.AsyncClient) -> None:
    for act in ("verify", "reset", "forgotten", "email", "invitation"):
        page = await client.get(f"/account/{act}")
        assert page.status_code == 200
        assert "script-src 'self'" in page.headers["content-security-policy"]
    assert (await client.get("/account/other")).status_code == 404
