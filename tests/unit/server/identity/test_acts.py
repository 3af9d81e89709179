"""Every act on the list is done once, over HTTP where there is a route, and stands in the log."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest
from sqlalchemy import select

from server.identity.accounts.models import AuditRow
from server.identity.acts import Act
from server.identity.lockout.policy import RULES, Subject
from server.wiring import Services
from tests.support.databases import both_databases
from tests.support.mailbox import Mailbox
from tests.support.people import QuickHasher, change_user

ME, PASSWORD, NEW = "/api/v1/users/me", "seven blue kettles sing", "nine green lamps hum"
Story = Callable[["Stage"], Awaitable[None]]


class Stage:
    """A server, and what its log has of each scene."""

    def __init__(self, services: Services, client: httpx.AsyncClient, mailbox: Mailbox) -> None:
        self.services, self.client, self.mailbox = services, client, mailbox
        self.seen: set[str] = set()
        self._last = 0

    async def sign_in(self, name: str) -> tuple[httpx.AsyncClient, str]:
        answer = await self.client.post(
            "/auth/login", json={"email": f"{name}@example.org", "password": PASSWORD}
        )
        assert answer.status_code == 200, answer.text
        token = answer.json()["token"]
        client = httpx.AsyncClient(
            transport=self.client._transport,
            base_url=self.client.base_url,
            headers={"Authorization": f"Bearer {token}"},
        )
        return client, str((await client.get("/api/v1/me")).json()["id"])

    async def entries(self) -> list[AuditRow]:
        """What came since it was asked last."""
        async with self.services.db.read() as session:
            found = (
                await session.scalars(select(AuditRow).where(AuditRow.id > self._last).order_by(AuditRow.id))
            ).all()
        self._last = max([self._last, *(row.id for row in found)])
        self.seen.update(row.act for row in found)
        return list(found)

    async def acts(self) -> list[str]:
        return [row.act for row in await self.entries()]


@pytest.fixture
async def stage(services: Services, client: httpx.AsyncClient, mailbox: Mailbox) -> Stage:
    services.identity.passwords._hasher = QuickHasher()  # type: ignore[assignment]  # has what is used of it
    for name in ("ann", "bob", "eve"):
        await services.identity.add_user(f"{name}@example.org", PASSWORD)
    return Stage(services, client, mailbox)


@asynccontextmanager
async def noting(stage: Stage, *acts: Act) -> AsyncIterator[None]:
    await stage.entries()
    yield
    assert await stage.acts() == list(acts)


async def ok(answer: Awaitable[httpx.Response]) -> Any:
    found = await answer
    assert found.status_code < 300, found.text
    return found.json() if found.content else None


async def passwords(stage: Stage) -> None:
    async with noting(stage, Act.SIGN_IN_FAILED, Act.SIGN_IN_FAILED):
        for email in ("ann@example.org", "nobody@example.org"):
            await stage.client.post("/auth/login", json={"email": email, "password": "wrong"})
    async with noting(stage, Act.SIGN_IN_SUCCEEDED):
        ann, _ = await stage.sign_in("ann")
    async with noting(stage, Act.PASSWORD_CHANGED):
        body = {"currentPassword": PASSWORD, "newPassword": NEW}
        await ok(ann.post("/api/v1/auth/password", json=body))
    async with noting(stage, Act.PASSWORD_RESET_ASKED):
        await ok(ann.post("/auth/password/forgotten", json={"email": "ann@example.org"}))
    async with noting(stage, Act.SIGN_IN_ENDED, Act.PASSWORD_RESET):
        key = await stage.mailbox.key("ann@example.org", "Choose a new password")
        await ok(ann.post("/auth/password/reset", json={"token": key, "password": PASSWORD}))


async def tokens_and_keys(stage: Stage) -> None:
    login = {"email": "ann@example.org", "password": PASSWORD}
    pair = await ok(stage.client.post("/auth/login", json=login))
    body = {"refreshToken": pair["refreshToken"]}
    await ok(stage.client.post("/auth/refresh", json=body))
    async with noting(stage, Act.TOKEN_REUSED, Act.SIGN_IN_ENDED):
        assert (await stage.client.post("/auth/refresh", json=body)).status_code == 401
    ann, _ = await stage.sign_in("ann")
    async with noting(stage, Act.KEY_CREATED, Act.KEY_CHANGED, Act.KEY_DELETED):
        made = await ok(ann.post("/api/v1/keys", json={"name": "Nightly", "scopes": ["recordings:read"]}))
        await ok(ann.patch(f"/api/v1/keys/{made['id']}", json={"isActive": False}))
        await ok(ann.delete(f"/api/v1/keys/{made['id']}"))
    async with noting(stage, Act.TOKEN_KEY_ROTATED):
        await stage.services.identity.rotate_keys()


async def second_factor(stage: Stage) -> None:
    ann, ann_id = await stage.sign_in("ann")
    secret, _ = await stage.services.identity.factors.begin(ann_id, "ann@example.org")
    async with noting(stage, Act.MFA_ENABLED):
        codes = await stage.services.identity.factors.confirm(ann_id, pyotp.TOTP(secret).now())
    both = {"password": PASSWORD, "code": codes[0]}
    async with noting(stage, Act.RECOVERY_CODE_USED, Act.RECOVERY_CODES_RENEWED):
        codes = (await ok(ann.post("/api/v1/auth/mfa/recovery-codes", json=both)))["recoveryCodes"]
    async with noting(stage, Act.SIGN_IN_FAILED):
        assert (await ann.post("/api/v1/auth/mfa/totp/remove", json=both)).status_code == 401
    async with noting(stage, Act.RECOVERY_CODE_USED, Act.MFA_DISABLED):
        await ok(ann.post("/api/v1/auth/mfa/totp/remove", json={"password": PASSWORD, "code": codes[0]}))


async def teams(stage: Stage) -> None:
    ann, ann_id = await stage.sign_in("ann")
    bob, bob_id = await stage.sign_in("bob")
    async with noting(stage, Act.WORKSPACE_CREATED, Act.RETENTION_CHANGED):
        team = f"/api/v1/workspaces/{(await ok(ann.post('/api/v1/workspaces', json={'name': 'Team'})))['id']}"
        await ok(ann.patch(team, json={"retentionDays": 30}))
    invited = {"email": "bob@example.org", "role": "member"}
    async with noting(stage, Act.MEMBER_INVITED, Act.INVITATION_REVOKED):
        await _key_of(stage, ann, team, invited)
        (made,) = (await ok(ann.get(f"{team}/invitations")))["data"]
        await ok(ann.delete(f"{team}/invitations/{made['id']}"))
    async with noting(stage, Act.MEMBER_INVITED, Act.INVITATION_DECLINED):
        await ok(
            bob.post("/api/v1/invitations/decline", json={"token": await _key_of(stage, ann, team, invited)})
        )
    for way_out, act in (("removed", Act.MEMBER_REMOVED), ("leaves", Act.MEMBER_LEFT)):
        async with noting(stage, Act.MEMBER_INVITED, Act.MEMBER_JOINED, act):
            key = await _key_of(stage, ann, team, invited)
            await ok(bob.post("/api/v1/invitations/accept", json={"token": key}))
            removing = way_out == "removed"
            await ok(ann.delete(f"{team}/members/{bob_id}") if removing else bob.post(f"{team}/leave"))
    key = await _key_of(stage, ann, team, invited)
    await ok(bob.post("/api/v1/invitations/accept", json={"token": key}))
    async with noting(stage, Act.MEMBER_ROLE_CHANGED, Act.WORKSPACE_TRANSFERRED, Act.WORKSPACE_DELETED):
        await ok(ann.patch(f"{team}/members/{bob_id}", json={"role": "admin"}))
        await ok(ann.post(f"{team}/transfer", json={"userId": bob_id}))
        await ok(bob.delete(team))
    await change_user(stage.services, ann_id, role="owner")
    async with noting(stage, Act.USER_INVITED):
        await ok(ann.post("/api/v1/invitations", json={"email": "new@example.org"}))


async def _key_of(stage: Stage, ann: httpx.AsyncClient, team: str, invited: dict[str, str]) -> str:
    """Of a new invitation. Its letter is waited for, so that the next one is found behind it."""
    before = len(stage.mailbox.to(invited["email"]))
    await ok(ann.post(f"{team}/invitations", json=invited))
    return await stage.mailbox.key(invited["email"], "invites you", after=before)


async def recordings(stage: Stage) -> None:
    bob, _ = await stage.sign_in("bob")
    team = (await ok(bob.post("/api/v1/workspaces", json={"name": "Team"})))["id"]
    made = await ok(bob.post("/api/v1/recordings", json={"recordingType": "screen"}))
    url = f"/api/v1/recordings/{made['id']}"
    told = [Act.RECORDING_SHARING_CHANGED, Act.RECORDING_MOVED, Act.RECORDING_TRASHED, Act.RECORDING_RESTORED]
    async with noting(stage, *told):
        await ok(bob.put(url, json={"shared": False}))
        await ok(bob.put(url, json={"shared": False}))  # which changes nothing
        await ok(bob.post(f"{url}/move", json={"workspaceId": team}))
        await ok(bob.delete(url))
        await ok(bob.post(f"{url}/restore"))
    async with noting(stage, Act.RECORDING_TRASHED, Act.RECORDING_ERASED):
        await ok(bob.delete(url))
        await ok(bob.delete(url, params={"permanent": True}))


async def webhooks(stage: Stage) -> None:
    bob, _ = await stage.sign_in("bob")
    told = [Act.WEBHOOK_CREATED, Act.WEBHOOK_CHANGED, Act.WEBHOOK_SECRET_ROTATED, Act.WEBHOOK_DELETED]
    async with noting(stage, *told):
        url = "https://hooks.example.org/secret-path"
        made = await ok(bob.post("/api/v1/webhooks", json={"url": url}))
        path = f"/api/v1/webhooks/{made['id']}"
        await ok(bob.put(path, json={"active": False}))
        await ok(bob.post(f"{path}/rotate-secret", json={}))
        await ok(bob.delete(path))
    shown = (await ok(bob.get("/api/v1/audit", params={"act": Act.WEBHOOK_CREATED})))["data"]
    assert shown[0]["details"] == {"webhookId": made["id"], "host": "hooks.example.org"}


async def channels(stage: Stage) -> None:
    bob, _ = await stage.sign_in("bob")
    async with noting(stage, Act.CHANNEL_CREATED, Act.CHANNEL_CHANGED, Act.CHANNEL_DELETED):
        body = {"url": "https://hooks.slack.com/services/T0/B0/secret"}
        path = "/api/v1/notifications/slack"
        made = await ok(bob.post(path, json=body))
        await ok(bob.patch(f"{path}/{made['id']}", json={"url": f"{body['url']}/other"}))
        await ok(bob.delete(f"{path}/{made['id']}"))


async def going(stage: Stage) -> None:
    eve, eve_id = await stage.sign_in("eve")
    asked = {"email": "new.eve@example.org", "password": PASSWORD}
    async with noting(stage, Act.EMAIL_CHANGE_ASKED, Act.EMAIL_CHANGED):
        await ok(eve.post(f"{ME}/email", json=asked))
        key = await stage.mailbox.key("new.eve@example.org", "Confirm your new")
        await ok(eve.post("/auth/email/confirm", json={"token": key}))
    async with noting(stage, Act.EXPORT_ASKED, Act.EXPORT_FETCHED):
        await stage.services.takeout.clerk.rounds.stop()
        made = await ok(eve.post(f"{ME}/exports", json={}))
        await stage.services.takeout.exports.make_next()
        assert (await eve.get(f"{ME}/exports/{made['id']}/file")).status_code == 200
    async with noting(stage, Act.ERASURE_ASKED, Act.SIGN_IN_ENDED, Act.ERASED):
        await ok(eve.post(f"{ME}/erasure", json={"password": PASSWORD}))
        await stage.services.takeout.erasures.carry_out_next()
    async with stage.services.db.read() as session:
        left = (await session.scalars(select(AuditRow).where(AuditRow.user_id == eve_id))).all()
    assert left
    assert {row.address for row in left} == {None}
    assert [row.details for row in left if row.details] == []


async def guessing(stage: Stage) -> None:
    """Last: whoever asks from here waits now."""
    free = RULES[Subject.PAIR].free
    await stage.entries()
    for _ in range(free):
        await stage.client.post("/auth/login", json={"email": "bob@example.org", "password": "wrong"})
    refused = await stage.client.post("/auth/login", json={"email": "bob@example.org", "password": "wrong"})
    assert refused.status_code == 429
    entries = await stage.entries()
    assert [row.act for row in entries] == [Act.SIGN_IN_FAILED] * free + [Act.SIGN_IN_LOCKED]
    assert len({row.user_id for row in entries} - {None}) == 1
    assert {(row.actor_id, row.address) for row in entries} == {(None, "127.0.0.1")}


STORIES = (passwords, tokens_and_keys, second_factor, teams, recordings, webhooks, channels, going, guessing)


@both_databases
async def test_every_act_on_the_list_is_noted_when_it_is_done(stage: Stage) -> None:
    for story in STORIES:
        await story(stage)
    assert sorted(set(Act) - stage.seen - told_of_elsewhere()) == []


def told_of_elsewhere() -> set[str]:
    """What needs devices or other servers is done in tests of its own, which say its name."""
    here = Path(__file__)
    others = [path for path in here.parents[1].rglob("test_*.py") if path != here]
    text = "\n".join(path.read_text("utf-8") for path in others)
    return {act for act in Act if f'"{act}"' in text or f"Act.{act.name}" in text}


async def test_an_administrator_at_the_command_line_is_nobody_who_was_signed_in(stage: Stage) -> None:
    await stage.entries()
    await stage.services.identity.reset("ann@example.org", NEW)
    (entry,) = [row for row in await stage.entries() if row.act == Act.PASSWORD_CHANGED]
    assert entry.actor_id is None
    assert entry.user_id is not None
