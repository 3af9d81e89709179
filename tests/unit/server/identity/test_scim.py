"""A directory keeps the accounts of its people by SCIM; each of its answers is validated."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_models import BaseModel, Context, Error, ListResponse, ResourceType, Schema, ServiceProviderConfig
from scim2_tester import Status, check_server
from sqlalchemy import select

from server.identity.accounts.models import AuditRow
from server.identity.keys.schemas import CreateKeyRequest
from server.identity.schemas import Role
from server.identity.scim import resources
from server.identity.scopes import Scope
from server.wiring import Services
from tests.support.mailbox import Mailbox
from tests.support.people import change_user
from tests.support.scim import as_wsgi

BASE = "http://heddle.test"
USERS = "/scim/v2/Users"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
# As RFC 7644 section 3.3 has it, with what directories send beside it.
BARBARA: dict[str, Any] = {
    "schemas": [USER, ENTERPRISE],
    "userName": "bjensen@example.org",
    "externalId": "bjensen",
    "name": {"formatted": "Ms. Barbara J Jensen III", "familyName": "Jensen", "givenName": "Barbara"},
    "emails": [{"value": "Barbara.Jensen@example.org", "type": "work", "primary": True}],
    "title": "Vice President",
    "password": "is not taken: t1meMa$heen",
    ENTERPRISE: {"department": "Tours"},
}
Body = dict[str, Any]


class Directory:
    """A directory with its key: each answer must be what SCIM says it is."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def ask(
        self, method: str, path: str, status: int, body: Any = None, *, kind: type[BaseModel] | None = None
    ) -> Body:
        answer = await self.client.request(method, path, json=body)
        assert answer.status_code == status, answer.text
        if status == 204:
            assert answer.content == b""
            return {}
        assert answer.headers["content-type"] == "application/scim+json"
        found: Body = answer.json()
        if status >= 400:
            Error.model_validate(found)
            assert found["status"] == str(status)
            return found
        context = Context.RESOURCE_CREATION_RESPONSE if status == 201 else Context.RESOURCE_QUERY_RESPONSE
        (kind or resources.User).model_validate(found, scim_ctx=context)
        if kind is None:
            assert answer.headers["location"] == found["meta"]["location"] == f"{BASE}{USERS}/{found['id']}"
        return found

    async def make(self, **over: Any) -> Body:
        return await self.ask("POST", USERS, 201, BARBARA | over)

    async def patch(self, user_id: str, *operations: Body, status: int = 200) -> Body:
        body = {"schemas": [PATCH], "Operations": operations}
        return await self.ask("PATCH", f"{USERS}/{user_id}", status, body)

    async def find(self, query: str = "", status: int = 200) -> Body:
        return await self.ask("GET", f"{USERS}?{query}", status, kind=resources.Page)


@pytest.fixture
async def owner(services: Services) -> str:
    added = await services.identity.add_user("owner@example.org", "correct horse battery", role=Role.OWNER)
    return added.id


@pytest.fixture
async def directory(
    app: FastAPI, services: Services, quick_passwords: None, owner: str
) -> AsyncIterator[Directory]:
    _, key = await services.identity.keys.create(
        owner, CreateKeyRequest(name="Directory", scopes={Scope.SCIM}, expires_at=None)
    )
    headers = {"Authorization": f"Bearer {key}"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers) as client:
        yield Directory(client)


async def test_the_check_of_the_standard_passes(directory: Directory) -> None:
    """By scim2-tester: what we say of ourselves, then people made, asked for, changed and removed by it."""
    application = as_wsgi(directory.client, asyncio.get_running_loop())
    client = WSGISCIMClient(application, base_url=f"{BASE}/scim/v2")
    results = await asyncio.to_thread(check_server, client)
    assert len(results) > 35, "the check has gone blind"
    failed = [(one.title, one.reason) for one in results if one.status is not Status.SUCCESS]
    # One address is kept, and it is always called the primary one, for work.
    ((title, reason),) = failed
    assert (title, "'emails'" in str(reason)) == ("check_replace_attribute", True)


async def test_it_describes_itself(directory: Directory) -> None:
    config = await directory.ask("GET", "/scim/v2/ServiceProviderConfig", 200, kind=ServiceProviderConfig)
    assert (config["patch"], config["bulk"]["supported"], config["filter"]["maxResults"]) == (
        {"supported": True},
        False,
        200,
    )
    (kind,) = (await directory.ask("GET", "/scim/v2/ResourceTypes", 200, kind=ListResponse[ResourceType]))[
        "Resources"
    ]
    assert (kind["name"], kind["endpoint"], kind["schema"]) == ("User", "/Users", USER)
    (schema,) = (await directory.ask("GET", "/scim/v2/Schemas", 200, kind=ListResponse[Schema]))["Resources"]
    named = {one["name"]: one for one in schema["attributes"]}
    assert {"userName", "displayName", "name", "emails", "active"} <= set(named)
    assert (named["userName"]["required"], named["userName"]["uniqueness"]) == (True, "server")
    assert named["active"]["description"].startswith("False: the account is disabled")
    for one, model in ((kind, ResourceType), (schema, Schema)):
        path = one["meta"]["location"].removeprefix(BASE)
        assert await directory.ask("GET", path, 200, kind=model) == one
        await directory.ask("GET", f"{path}x", 404)
    await directory.ask("GET", "/scim/v2/Schemas?filter=id%20pr", 403)
    # What is not there is said in the same shape.
    await directory.ask("GET", "/scim/v2/Groups", 404)
    await directory.ask("DELETE", "/scim/v2/Schemas", 405)


async def test_somebody_is_made_and_found(directory: Directory, services: Services) -> None:
    made = await directory.make()
    assert made["userName"] == "bjensen@example.org"
    assert made["externalId"] == "bjensen"
    assert made["displayName"] == made["name"]["formatted"] == "Ms. Barbara J Jensen III"
    assert made["name"]["familyName"] == "Jensen"
    assert made["emails"] == [{"value": "barbara.jensen@example.org", "type": "work", "primary": True}]
    assert made["active"] is True
    assert not {"title", "password", ENTERPRISE} & set(made)
    assert await directory.ask("GET", f"{USERS}/{made['id']}", 200) == made
    few = await directory.client.get(f"{USERS}/{made['id']}?attributes=userName")
    assert set(few.json()) == {"schemas", "id", "userName"}
    user = await services.identity.find(made["id"])
    assert user is not None
    assert (user.email, user.username, user.role) == (
        "barbara.jensen@example.org",
        "Ms. Barbara J Jensen III",
        Role.MEMBER,
    )
    # Nobody gets in with the password that was sent.
    login = {"email": user.email, "password": BARBARA["password"]}
    assert (await directory.client.post("/auth/login", json=login)).status_code == 401
    for same in ({}, {"userName": "BJensen@Example.org"}, {"userName": "other", "externalId": "2"}):
        refused = await directory.ask("POST", USERS, 409, BARBARA | same)
        assert refused["scimType"] == "uniqueness"


async def test_people_are_found_by_what_directories_ask(directory: Directory, owner: str) -> None:
    ids = [
        (await directory.make(userName=f"u{n}", externalId=f"x{n}", emails=mail(n)))["id"] for n in range(3)
    ]
    for query, expected in (
        ('filter=userName eq "u1"', [ids[1]]),
        ('filter=username EQ "U1"', [ids[1]]),
        ('filter=externalId eq "x2"', [ids[2]]),
        ('filter=externalId eq "X2"', []),
        ('filter=emails.value eq "u0@example.org"', [ids[0]]),
        ('filter=emails eq "U0@example.org"', [ids[0]]),
        # Whom no directory has named is called by their address.
        ('filter=userName eq "owner@example.org"', [owner]),
        (f'filter=id eq "{ids[0]}"', [ids[0]]),
        ('filter=userName eq "u1" and externalId eq "x1"', [ids[1]]),
        ('filter=userName eq "u1" and active eq false', []),
        ('filter=userName eq "nobody"', []),
    ):
        found = await directory.find(query)
        assert [one["id"] for one in found.get("Resources", [])] == expected, query
        assert found["totalResults"] == len(expected)
    everybody = [owner, *ids]
    page = await directory.find("startIndex=2&count=2")
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (4, 2, 2)
    assert [one["id"] for one in page["Resources"]] == everybody[1:3]
    assert (await directory.find("count=0"))["totalResults"] == 4
    assert (await directory.find("startIndex=-3&count=-1"))["startIndex"] == 1
    assert len((await directory.find("attributes=userName&count=1000"))["Resources"]) == 4
    body = {"schemas": [SEARCH], "filter": 'userName eq "u1"', "attributes": ["userName"]}
    for path in (f"{USERS}/.search", "/scim/v2/.search"):
        (one,) = (await directory.ask("POST", path, 200, body, kind=resources.Page))["Resources"]
        assert set(one) == {"schemas", "id", "userName"}
    for odd in (
        'userName co "u"',
        'userName eq "u" or active eq true',
        "((",
        "userName pr",
        'title eq "x"',
        "active eq 7",
    ):
        assert (await directory.find(f"filter={odd}", 400))["scimType"] == "invalidFilter", odd
    await directory.find("count=many", 400)


def mail(n: int) -> list[Body]:
    return [{"value": f"u{n}@example.org"}]


async def test_somebody_is_replaced(directory: Directory, services: Services, mailbox: Mailbox) -> None:
    made = await directory.make()
    url = f"{USERS}/{made['id']}"
    changed = await directory.ask(
        "PUT",
        url,
        200,
        {
            "schemas": [USER],
            "id": "ignored",
            "userName": "babs",
            "displayName": "Babs",
            "emails": [{"value": "old@example.org"}, {"value": "babs@example.org", "primary": True}],
        },
    )
    assert (changed["userName"], changed["displayName"]) == ("babs", "Babs")
    assert changed["emails"][0]["value"] == "babs@example.org"
    assert "externalId" not in changed
    assert changed["active"] is True
    assert changed["meta"]["created"] == made["meta"]["created"]
    # Both addresses are told.
    for address in ("barbara.jensen@example.org", "babs@example.org"):
        assert await mailbox.letter(address, "address")
    # What is not said of an address leaves it.
    again = await directory.ask("PUT", url, 200, {"schemas": [USER], "userName": "babs"})
    assert (again["displayName"], again["emails"]) == ("Babs", changed["emails"])
    acts = [one for one in await log(services, made["id"]) if one[0] in ("user.changed", "email.changed")]
    assert len(acts) == 2
    other = await directory.make()
    taken = {"schemas": [USER], "userName": "other", "emails": other["emails"]}
    assert (await directory.ask("PUT", url, 409, taken))["scimType"] == "uniqueness"
    assert (await directory.ask("GET", url, 200))["userName"] == "babs"


async def log(services: Services, user_id: str) -> list[tuple[str, Any]]:
    async with services.db.read() as session:
        rows = await session.scalars(select(AuditRow).where(AuditRow.user_id == user_id))
        return [(row.act, row.details) for row in rows]


async def test_somebody_is_changed_in_parts(directory: Directory) -> None:
    made = await directory.make()
    for operation, path, expected in (
        ({"op": "replace", "path": "displayName", "value": "Babs"}, "displayName", "Babs"),
        # As Entra ID writes it.
        ({"op": "Replace", "path": "active", "value": "False"}, "active", False),
        ({"op": "Add", "path": "active", "value": True}, "active", True),
        ({"op": "replace", "path": f"{USER}:externalId", "value": "2"}, "externalId", "2"),
        ({"op": "remove", "path": "externalId"}, "externalId", None),
        ({"op": "add", "path": "userName", "value": "babs"}, "userName", "babs"),
        ({"op": "replace", "value": {"displayName": "B", "title": "Boss"}}, "displayName", "B"),
        ({"op": "replace", "path": "name.familyName", "value": "Smith"}, "displayName", "Barbara Smith"),
        ({"op": "replace", "path": "name.formatted", "value": "B. S."}, "displayName", "B. S."),
        ({"op": "replace", "path": "title", "value": "x"}, "displayName", "B. S."),
        ({"op": "replace", "path": f"{ENTERPRISE}:department", "value": "x"}, "displayName", "B. S."),
    ):
        found = await directory.patch(made["id"], operation)
        assert found.get(path) == expected, operation
    for path in ('emails[type eq "work"].value', "emails[primary eq true].value"):
        value = f"{len(path)}@example.org"
        found = await directory.patch(made["id"], {"op": "replace", "path": path, "value": value})
        assert found["emails"] == [{"value": value, "type": "work", "primary": True}]
    both = (
        {"op": "replace", "path": "displayName", "value": "A"},
        {"op": "replace", "path": "active", "value": "?"},
    )
    await directory.patch(made["id"], *both, status=400)
    for operation, kind in (
        ({"op": "remove", "path": "userName"}, "mutability"),
        ({"op": "remove", "path": "emails"}, "mutability"),
        ({"op": "remove"}, "noTarget"),
        ({"op": "replace", "path": "id", "value": "x"}, "mutability"),
        ({"op": "replace", "path": "[", "value": "x"}, "invalidPath"),
        ({"op": "increase", "path": "active", "value": 1}, "invalidValue"),
        ({"op": "replace", "path": "userName", "value": "x\x00"}, "invalidValue"),
        ({"op": "replace", "path": "emails[primary eq true].value", "value": "nowhere"}, "invalidValue"),
    ):
        refused = await directory.patch(made["id"], operation, status=400)
        assert refused.get("scimType") == kind, operation
    left = await directory.ask("GET", f"{USERS}/{made['id']}", 200)
    assert (left["displayName"], left["active"]) == ("B. S.", True), "all of a patch is done, or nothing"


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


async def test_only_a_key_of_an_owner_with_the_scope_is_let_in(
    directory: Directory, ann: httpx.AsyncClient, services: Services, owner: str
) -> None:
    async def asked(**headers: str) -> httpx.Response:
        answer = await directory.client.get(USERS, headers={"Authorization": "", **headers})
        Error.model_validate(answer.json())
        return answer

    nobody = await asked()
    assert (nobody.status_code, nobody.headers["www-authenticate"]) == (401, "Bearer")
    assert nobody.headers["content-type"] == "application/scim+json"
    other = CreateKeyRequest(name="x", scopes={Scope.ADMIN}, expires_at=None)
    for whose in (owner, (await ann.get("/api/v1/me")).json()["id"]):
        scopes = other.model_copy(update={"scopes": set(Scope) - {Scope.SCIM}}) if whose == owner else other
        _, key = await services.identity.keys.create(whose, scopes)
        assert (await asked(Authorization=f"Bearer {key}")).status_code == 403
    assert (await ann.get(USERS)).status_code == 403
    # Whoever was an owner when the key was made and is none any more has none of it left.
    await change_user(services, owner, role="member")
    assert (await directory.client.get(USERS)).status_code == 403


NONSENSE: dict[str, Any] = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "no name": {"schemas": [USER]},
    "an empty name": BARBARA | {"userName": " "},
    "a long name": BARBARA | {"userName": "x" * 300},
    "no address at all": {"schemas": [USER], "userName": "bjensen"},
    "an address that is none": BARBARA | {"emails": [{"value": "nowhere"}]},
    "two primary ones": BARBARA
    | {"emails": [{"value": "a@example.org", "primary": True}, {"value": "b@example.org", "primary": True}]},
    "another type": BARBARA | {"active": "perhaps"},
    "nested deeply": b'{"a":' * 5000,
    "text with a NUL": BARBARA | {"externalId": "a\x00b"},
}


@pytest.mark.parametrize("whole", [False, True])
async def test_nonsense_is_refused_and_leaves_nothing_behind(
    directory: Directory, services: Services, whole: bool
) -> None:
    url, method = USERS, "POST"
    if whole:
        url, method = f"{USERS}/{(await directory.make())['id']}", "PUT"
    before = {user.email for user in await services.identity.users()}
    for name, body in NONSENSE.items():
        if whole and name == "no address at all":
            continue
        sent = {"content": body} if isinstance(body, bytes) else {"json": body}
        answer = await directory.client.request(method, url, **sent)
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/scim+json"), name
        Error.model_validate(answer.json())
    large = await directory.client.request(method, url, content=b" " * 300_000)
    assert large.status_code == 413
    assert {user.email for user in await services.identity.users()} == before
