"""Whoever leaves a company is out at once; who runs the server stays."""

import httpx

from server.identity.schemas import Role
from server.wiring import Services
from tests.support.scim import BARBARA, USERS, Directory, log, mail


async def test_whoever_leaves_is_out_at_once_and_what_they_made_stays(
    directory: Directory, ann: httpx.AsyncClient, services: Services
) -> None:
    me = (await ann.get("/api/v1/me")).json()["id"]
    recording = (await ann.post("/api/v1/recordings", json={"recordingType": "screen"})).json()["id"]
    key = (await ann.post("/api/v1/keys", json={"name": "k", "scopes": ["account:read"]})).json()["key"]
    (found,) = (await directory.find('filter=userName eq "ann@example.org"'))["Resources"]
    assert found["id"] == me
    await directory.patch(me, {"op": "replace", "value": {"active": False}})
    assert (await ann.get("/api/v1/me")).status_code == 401
    by_key = await directory.client.get("/api/v1/me", headers={"Authorization": f"Bearer {key}"})
    assert (by_key.status_code, by_key.json()["code"]) == (401, "account_disabled")
    kept = await services.recordings.find(recording)
    assert kept is not None
    assert kept.user_id == me
    await directory.patch(me, {"op": "replace", "path": "active", "value": True})
    assert (await ann.get("/api/v1/me")).status_code == 401, "they sign in anew"
    acts = [act for act, _ in await log(services, me)]
    assert {"user.disabled", "user.enabled"} <= set(acts)


async def test_whoever_is_removed_is_disabled_and_can_come_back(
    directory: Directory, services: Services
) -> None:
    made = await directory.make()
    url = f"{USERS}/{made['id']}"
    await directory.ask("DELETE", url, 204)
    for method, body in (("GET", None), ("PUT", BARBARA), ("DELETE", None)):
        await directory.ask(method, url, 404, body)
    await directory.patch(made["id"], {"op": "replace", "path": "active", "value": True}, status=404)
    assert (await directory.find('filter=userName eq "bjensen@example.org"'))["totalResults"] == 0
    user = await services.identity.find(made["id"])
    assert user is not None
    assert user.disabled
    back = await directory.make(displayName="Babs")
    assert (back["id"], back["active"], back["displayName"]) == (made["id"], True, "Babs")
    inactive = await directory.make(userName="x", externalId="2", emails=mail(7), active=False)
    assert inactive["active"] is False


async def test_owners_of_the_server_stay_its_owners(
    directory: Directory, services: Services, owner: str
) -> None:
    second = await services.identity.add_user("second@example.org", "correct horse battery", role=Role.OWNER)
    moved = {"op": "replace", "path": 'emails[type eq "work"].value', "value": "evil@example.org"}
    assert "themselves" in (await directory.patch(second.id, moved, status=403))["detail"]
    # Nobody disables themselves: the key is theirs.
    off = {"op": "replace", "path": "active", "value": False}
    await directory.patch(owner, off, status=409)
    await directory.ask("DELETE", f"{USERS}/{owner}", 409)
    await directory.patch(second.id, off)
    assert (await directory.ask("GET", f"{USERS}/{second.id}", 200))["active"] is False
