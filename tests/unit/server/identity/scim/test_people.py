"""A directory keeps the accounts of its people by SCIM; each of its answers is validated."""

from typing import Any

import pytest
from scim2_models import Error

from server.identity.schemas import Role
from server.identity.scim import resources
from server.wiring import Services
from tests.support.mailbox import Mailbox
from tests.support.scim import BARBARA, ENTERPRISE, SEARCH, USER, USERS, Directory, log, mail


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
    large = await directory.client.request(method, url, content=b" " * 1_100_000)
    assert large.status_code == 413
    assert {user.email for user in await services.identity.users()} == before
