"""Accounts in the hands of whoever runs the server."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from server.identity.accounts.models import AuditRow
from server.identity.keys.schemas import CreateKeyRequest
from server.identity.scopes import Scope
from server.wiring import Services
from tests.support.databases import both_databases
from tests.support.mailbox import Mailbox
from tests.support.people import change_user

USERS = "/api/v1/admin/users"
PASSWORD = "seven blue kettles sing"


async def id_of(client: httpx.AsyncClient) -> str:
    return str((await client.get("/api/v1/me")).json()["id"])


async def acts_about(services: Services, user_id: str) -> list[tuple[str, str | None]]:
    async with services.db.read() as session:
        query = select(AuditRow.act, AuditRow.actor_id).where(AuditRow.user_id == user_id)
        return [(act, actor) for act, actor in await session.execute(query.order_by(AuditRow.id))]


@both_databases
async def test_accounts_are_found_by_name_role_and_state(
    owner: httpx.AsyncClient, ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    async def names(**query: Any) -> set[str]:
        answer = await owner.get(USERS, params=query)
        assert answer.status_code == 200, answer.text
        return {one["username"] for one in answer.json()["data"]}

    await bob.post("/api/v1/recordings", json={"recordingType": "screen"})
    assert await names() == {"owner", "ann", "bob"}
    assert await names(q="BOB@") == {"bob"}
    assert await names(role="owner") == {"owner"}
    await owner.post(f"{USERS}/{await id_of(ann)}/disable")
    assert await names(state="disabled") == {"ann"}
    found = (await owner.get(USERS, params={"size": 2})).json()
    assert (len(found["data"]), found["pagination"]["totalElements"]) == (2, 3)
    told = (await owner.get(f"{USERS}/{await id_of(bob)}")).json()
    assert (told["recordings"], told["signIns"], told["state"]) == (1, 1, "active")
    assert told["lastSeenAt"]
    assert [one["client"] for one in told["devices"]] == [""]


@both_databases
async def test_a_disabled_account_lets_nobody_in_and_keeps_what_it_made(
    owner: httpx.AsyncClient, ann: httpx.AsyncClient, client: httpx.AsyncClient, services: Services
) -> None:
    ann_id = await id_of(ann)
    made = (await ann.post("/api/v1/recordings", json={"recordingType": "screen", "shared": True})).json()
    wanted = CreateKeyRequest(name="K", scopes={Scope.ACCOUNT_READ})
    _, key = await services.identity.keys.create(ann_id, wanted)
    client.headers["X-API-Key"] = key
    assert (await client.get("/api/v1/me")).status_code == 200
    told = await owner.post(f"{USERS}/{ann_id}/disable")
    assert (told.status_code, told.json()["state"], told.json()["signIns"]) == (200, "disabled", 0)
    assert (await ann.get("/api/v1/me")).json()["code"] == "session_ended"
    assert (await client.get("/api/v1/me")).json()["code"] == "account_disabled"
    with pytest.raises(Exception, match="disabled"):
        await services.identity.sessions.open(ann_id)
    share = f"/api/v1/shares/{made['shareUrl'].rpartition('/')[2]}"
    del client.headers["X-API-Key"]
    assert (await client.get(share)).status_code == 200, "whoever has a link watches on"
    await owner.post(f"{USERS}/{ann_id}/enable")
    client.headers["X-API-Key"] = key
    assert (await client.get("/api/v1/me")).status_code == 200, "keys work as before"
    assert (await ann.get("/api/v1/me")).status_code == 401, "the sign-in stays ended"
    acts = [act for act, actor in await acts_about(services, ann_id) if actor == await id_of(owner)]
    assert acts == ["user.disabled", "user.enabled"]


async def test_only_whoever_knows_the_password_hears_that_an_account_is_disabled(
    owner: httpx.AsyncClient,
    ann: httpx.AsyncClient,
    client: httpx.AsyncClient,
    services: Services,
    quick_passwords: None,
) -> None:
    ann_id = await id_of(ann)
    await change_user(services, ann_id, password_hash=f"quick:{PASSWORD}")
    await owner.post(f"{USERS}/{ann_id}/disable")
    for password, status, code in ((PASSWORD, 403, "account_disabled"), ("x", 401, "wrong_credentials")):
        body = {"email": "ann@example.org", "password": password}
        answer = await client.post("/auth/login", json=body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_the_last_owner_stays_and_nobody_locks_themselves_out(
    owner: httpx.AsyncClient, ann: httpx.AsyncClient, services: Services
) -> None:
    me, ann_id = await id_of(owner), await id_of(ann)
    for method, path, body, code in (
        ("PATCH", me, {"role": "member"}, "last_owner"),
        ("POST", f"{me}/disable", None, "yourself"),
        ("DELETE", me, None, "yourself"),
    ):
        refused = await owner.request(method, f"{USERS}/{path}", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    assert (await owner.patch(f"{USERS}/{ann_id}", json={"role": "owner"})).json()["role"] == "owner"
    assert (await ann.post(f"{USERS}/{me}/disable")).status_code == 200
    refused = await ann.patch(f"{USERS}/{ann_id}", json={"role": "member"})
    assert refused.json()["code"] == "last_owner", "a disabled owner administers nothing"
    assert ("user.role_changed", me) in await acts_about(services, ann_id)


async def test_an_account_is_made_with_a_link_to_choose_its_password(
    owner: httpx.AsyncClient, client: httpx.AsyncClient, mailbox: Mailbox, quick_passwords: None
) -> None:
    made = await owner.post(USERS, json={"email": "New@Example.org", "username": "Newcomer"})
    assert (made.status_code, made.json()["email"]) == (201, "new@example.org")
    body = {"email": "new@example.org", "password": ""}
    assert (await client.post("/auth/login", json=body)).status_code in (400, 401)
    key = await mailbox.key("new@example.org", "You have an account")
    reset = await client.post("/auth/password/reset", json={"token": key, "password": PASSWORD})
    assert reset.status_code == 204, reset.text
    body["password"] = PASSWORD
    assert (await client.post("/auth/login", json=body)).status_code == 200
    again = await owner.post(USERS, json={"email": "new@example.org"})
    assert (again.status_code, again.json()["code"]) == (409, "account_exists")
    lost = await owner.post(USERS, json={"email": "x@localhost"})
    assert lost.status_code == 400, "nobody could ever enter it"
    given = await owner.post(USERS, json={"email": "x@localhost", "password": PASSWORD, "role": "owner"})
    assert (given.status_code, given.json()["role"]) == (201, "owner")


async def test_help_for_whoever_lost_password_or_telephone(
    owner: httpx.AsyncClient, ann: httpx.AsyncClient, mailbox: Mailbox, services: Services
) -> None:
    ann_id = await id_of(ann)
    assert (await owner.post(f"{USERS}/{ann_id}/password-link")).status_code == 202
    assert await mailbox.key("ann@example.org", "Choose a new password")
    refused = await owner.delete(f"{USERS}/{ann_id}/mfa")
    assert (refused.status_code, refused.json()["code"]) == (409, "mfa_not_enabled")
    assert (await owner.delete(f"{USERS}/{ann_id}/sessions")).status_code == 204
    assert (await ann.get("/api/v1/me")).status_code == 401
    done = [act for act, actor in await acts_about(services, ann_id) if actor == await id_of(owner)]
    assert done == ["password.link_sent", "user.signed_out"]


async def test_an_erased_account_leaves_a_receipt(
    owner: httpx.AsyncClient, ann: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    ann_id = await id_of(ann)
    asked = await owner.delete(f"{USERS}/{ann_id}")
    assert asked.status_code == 202, asked.text
    url = f"/api/v1/erasures/{asked.json()['id']}"
    async with asyncio.timeout(20):
        while (await client.get(url)).json()["state"] != "completed":  # noqa: ASYNC110 (from outside)
            await asyncio.sleep(0.02)  # a task of the server's is at it
    assert (await owner.get(f"{USERS}/{ann_id}")).json()["code"] == "account_not_found"
    assert (await owner.delete(f"{USERS}/{ann_id}")).status_code == 404


async def test_a_disabled_persons_webhooks_hear_nothing(
    owner: httpx.AsyncClient, ann: httpx.AsyncClient, services: Services
) -> None:
    from server.webhooks.models import DeliveryRow, SubscriptionRow

    ann_id = await id_of(ann)
    made = (await ann.post("/api/v1/recordings", json={"recordingType": "screen"})).json()
    async with services.db.write() as session:
        session.add(SubscriptionRow(user_id=ann_id, url="https://x.example", events=["*"], secret="s"))
    await owner.post(f"{USERS}/{ann_id}/disable")
    while await services.dispatcher.deliver():
        pass
    await services.recordings.trash(made["id"], by=None)
    while await services.dispatcher.deliver():
        pass
    async with services.db.read() as session:
        assert list(await session.scalars(select(DeliveryRow))) == []


async def test_a_member_manages_nobody(ann: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    bob_id = await id_of(bob)
    for method, path in (("GET", ""), ("PATCH", f"/{bob_id}"), ("DELETE", f"/{bob_id}"), ("POST", "")):
        refused = await ann.request(method, USERS + path, json={"role": "owner", "email": "a@example.org"})
        assert refused.status_code in (400, 403), refused.text
    assert (await bob.get("/api/v1/me")).json()["role"] == "member"
