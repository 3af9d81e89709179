"""API keys over HTTP: shown once, limited to what they are for, never good for managing themselves."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from server.errors import Unauthenticated
from server.identity.keys.schemas import CreateKeyRequest
from server.identity.scopes import Scope
from server.identity.service import Identity
from server.wiring import Services
from tests.support.moving_clock import Clock

KEYS = "/api/v1/keys"


async def make(client: httpx.AsyncClient, *scopes: str, **more: Any) -> dict[str, Any]:
    body = {"name": "Nightly", "scopes": scopes or ["recordings:read"], **more}
    answer = await client.post(KEYS, json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_key_is_shown_once_and_kept_as_its_hash(ann: httpx.AsyncClient, services: Services) -> None:
    made = await make(ann)
    assert re.fullmatch(r"loom_[0-9a-f]{8}_[0-9a-f]{56}", made["key"])
    assert made["key"].split("_")[1] == made["keyPrefix"]
    (shown,) = (await ann.get(KEYS)).json()["data"]
    assert shown == {name: value for name, value in made.items() if name != "key"}
    assert (shown["isActive"], shown["lastUsedAt"], shown["expiresAt"]) == (True, None, None)
    async with services.db.read() as session:
        row = (await session.execute(text("SELECT key_hash, key_prefix FROM api_keys"))).one()
    assert row == (hashlib.sha256(made["key"].encode()).hexdigest(), made["keyPrefix"])


@pytest.mark.parametrize("header", ["X-API-Key", "Authorization"])
async def test_a_key_opens_what_its_scopes_name(
    ann: httpx.AsyncClient, client: httpx.AsyncClient, header: str
) -> None:
    made = await make(ann, "recordings:read", "search:read")
    headers = {header: f"Bearer {made['key']}" if header == "Authorization" else made["key"]}
    assert (await client.get("/api/v1/recordings", headers=headers)).status_code == 200
    assert (await client.get("/api/v1/search", headers=headers)).status_code == 200
    body = {"title": "T", "recordingType": "screen"}
    refused = await client.post("/api/v1/recordings", json=body, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    assert refused.json()["details"] == {"missing": ["recordings:write"]}
    assert (await ann.get(KEYS)).json()["data"][0]["lastUsedAt"] is not None


async def test_a_key_of_all_scopes_manages_neither_keys_nor_sign_ins(
    ann: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    made = await make(ann, *Scope)
    asked = [
        ("GET", KEYS),
        ("POST", KEYS),
        ("PATCH", f"{KEYS}/{made['id']}"),
        ("DELETE", f"{KEYS}/{made['id']}"),
        ("GET", "/api/v1/auth/sessions"),
        ("DELETE", "/api/v1/auth/sessions"),
        ("POST", "/api/v1/auth/password"),
        ("POST", "/api/v1/auth/mfa/totp"),
        ("POST", "/auth/logout-all"),
    ]
    for method, path in asked:
        answer = await client.request(method, path, headers={"X-API-Key": made["key"]})
        assert (answer.status_code, answer.json()["code"]) == (403, "sign_in_needed"), path


async def test_a_key_is_renamed_limited_disabled_and_deleted(
    ann: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    made = await make(ann, "recordings:read")
    path, headers = f"{KEYS}/{made['id']}", {"X-API-Key": made["key"]}
    changed = (await ann.patch(path, json={"name": " Weekly ", "scopes": ["search:read"]})).json()
    assert (changed["name"], changed["scopes"]) == ("Weekly", ["search:read"])
    assert (await client.get("/api/v1/recordings", headers=headers)).status_code == 403
    assert (await ann.patch(path, json={"isActive": False})).json()["isActive"] is False
    assert (await client.get("/api/v1/search", headers=headers)).json()["code"] == "key_disabled"
    assert (await ann.patch(path, json={"isActive": True})).json()["scopes"] == ["search:read"]
    assert (await client.get("/api/v1/search", headers=headers)).status_code == 200
    assert (await ann.delete(path)).status_code == 204
    assert (await client.get("/api/v1/search", headers=headers)).json()["code"] == "invalid_key"
    assert (await ann.delete(path)).status_code == 404


async def test_a_key_of_somebody_else_does_not_exist(ann: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    made = await make(ann)
    for answer in (
        await bob.patch(f"{KEYS}/{made['id']}", json={"name": "Mine"}),
        await bob.delete(f"{KEYS}/{made['id']}"),
        await bob.delete(f"{KEYS}/nonsense"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "key_not_found")
    assert (await bob.get(KEYS)).json()["data"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "", "scopes": ["admin"]},
        {"name": "K", "scopes": []},
        {"name": "K", "scopes": ["everything"]},
        {"name": "K", "scopes": ["admin"], "expiresAt": "2020-01-01T00:00:00Z"},
        {"name": "K", "scopes": ["admin"], "expiresAt": "2099-01-01T00:00:00"},
        {"name": "K" * 101, "scopes": ["admin"]},
        {"name": "K", "scopes": ["admin"], "key": "loom_mine"},
    ],
)
async def test_a_key_that_makes_no_sense_is_refused(ann: httpx.AsyncClient, body: dict[str, object]) -> None:
    assert (await ann.post(KEYS, json=body)).status_code == 400


@pytest.mark.parametrize("key", ["loom_", "loom_00000000_" + "0" * 56, "loom_" + "x" * 9000, "nonsense"])
async def test_what_is_no_key_is_a_401(client: httpx.AsyncClient, key: str) -> None:
    answer = await client.get("/api/v1/me", headers={"X-API-Key": key})
    assert answer.status_code == 401


async def test_a_key_ends_when_it_was_told_to_and_notes_its_use_once_a_minute(
    identity: Identity, clock: Clock
) -> None:
    user = await identity.add_user("ann@example.org", "correct horse battery")
    ends = datetime.now(UTC) + timedelta(hours=1)
    wanted = CreateKeyRequest(name="K", scopes={Scope.ADMIN}, expires_at=ends)
    _, key = await identity.keys.create(user.id, wanted)
    noted = []
    for seconds in (0, 30, 40):
        clock.move(seconds=seconds)
        assert (await identity.authenticate(key)).scopes == {Scope.ADMIN}
        noted.append((await identity.keys.list(user.id))[0].last_used_at)
    assert noted[0] == noted[1] != noted[2]
    clock.move(hours=1)
    with pytest.raises(Unauthenticated) as refused:
        await identity.authenticate(key)
    assert refused.value.code == "key_expired"
