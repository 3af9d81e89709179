"""Groups of a directory, and the workspaces that their people are in by them."""

from typing import Any

import httpx
import pytest
from scim2_models import Error
from sqlalchemy import select

from server.identity.accounts.models import AuditRow
from server.identity.acts import Act
from server.identity.permissions import WorkspaceRole
from server.identity.scim import api
from server.identity.scim.groups import resources, service
from server.wiring import Services
from tests.support.mailbox import Mailbox
from tests.support.scim import GROUP, GROUPS, SEARCH, USER, Body, Directory, log, mail

ADMIN = "/api/v1/admin/groups"


async def people(directory: Directory, count: int = 3) -> list[str]:
    return [
        (await directory.make(userName=f"u{n}", externalId=f"x{n}", emails=mail(n)))["id"]
        for n in range(count)
    ]


async def team_of(services: Services, name: str, owner: str) -> tuple[str, dict[str, tuple[str, bool]]]:
    """The workspace, and its members by their ids: the role, and whether it is by the directory."""
    found = await services.workspaces.of(owner)
    (workspace,) = (one.workspace for one in found if one.workspace.name == name)
    members = await services.workspaces.members(owner, workspace.id)
    return workspace.id, {one.user_id: (str(one.role), one.from_directory) for one in members}


def members(group: Body) -> list[str]:
    return [one["value"] for one in group.get("members", [])]


def add(*ids: str) -> Body:
    return {"op": "Add", "path": "members", "value": [{"value": one} for one in ids]}


def drop(user_id: str) -> Body:
    return {"op": "remove", "path": f'members[value eq "{user_id}"]'}


async def test_whoever_is_in_a_group_is_in_its_workspace(
    directory: Directory, services: Services, owner: str
) -> None:
    ann, bob, eve = await people(directory)
    group = await directory.make_group("Design", ann, externalId="g1")
    assert (group["displayName"], group["externalId"], members(group)) == ("Design", "g1", [ann])
    assert group["members"][0]["type"] == "User"
    assert group["members"][0]["$ref"].endswith(f"/scim/v2/Users/{ann}")
    _, held = await team_of(services, "Design", owner)
    assert held == {owner: ("owner", False), ann: ("member", True)}
    # As Okta, as Entra ID, and as the standard has it.
    await directory.patch_group(group["id"], add(bob), add(eve))
    await directory.patch_group(group["id"], drop(ann))
    gone = {"op": "Remove", "path": "members", "value": [{"value": bob}]}
    assert members(await directory.patch_group(group["id"], gone)) == [eve]
    _, held = await team_of(services, "Design", owner)
    assert held == {owner: ("owner", False), eve: ("member", True)}
    acts = [(act, details["how"]) for act, details in await log(services, ann) if act.startswith("member.")]
    assert sorted(acts) == [("member.joined", "scim"), ("member.removed", "scim")]
    # The workspace is called as the group is, until its people call it otherwise.
    put = {"schemas": [GROUP], "displayName": "Designers", "members": [{"value": ann}, {"value": ann}]}
    assert members(await directory.ask("PUT", f"{GROUPS}/{group['id']}", 200, put)) == [ann]
    _, held = await team_of(services, "Designers", owner)
    assert held == {owner: ("owner", False), ann: ("member", True)}
    without = {"schemas": [GROUP], "displayName": "Designers"}
    assert members(await directory.ask("PUT", f"{GROUPS}/{group['id']}", 200, without)) == []


async def test_who_was_invited_is_no_business_of_a_group(
    directory: Directory, services: Services, owner: str, ann: httpx.AsyncClient, mailbox: Mailbox
) -> None:
    me = (await ann.get("/api/v1/me")).json()["id"]
    bob, eve, kim = await people(directory)
    group = await directory.make_group("Design", bob, eve, kim)
    workspace, _ = await team_of(services, "Design", owner)
    asking = await services.identity.find(owner)
    assert asking is not None
    invited = ("ann@example.org", WorkspaceRole.VIEWER)
    await services.people.invitations.invite(asking, workspace, *invited, base="http://heddle.test")
    key = await mailbox.key("ann@example.org", "invites you")
    assert (await ann.post("/api/v1/invitations/accept", json={"token": key})).status_code == 200
    await directory.patch_group(group["id"], add(me))
    # Eve was made an owner by hand; Kim was put out by hand, and has not been put in anew.
    await services.workspaces.set_role(owner, workspace, eve, WorkspaceRole.OWNER)
    await services.workspaces.remove(owner, workspace, kim)
    _, held = await team_of(services, "Design", owner)
    assert held == {
        owner: ("owner", False),
        bob: ("member", True),
        eve: ("owner", True),
        me: ("viewer", False),
    }
    await directory.ask("DELETE", f"{GROUPS}/{group['id']}", 204)
    _, held = await team_of(services, "Design", owner)
    assert held == {owner: ("owner", False), eve: ("owner", False), me: ("viewer", False)}
    # It can be made again, and is the same one then; so is its workspace.
    again = await directory.make_group("DESIGN", bob)
    assert (again["id"], members(again)) == (group["id"], [bob])
    assert (await team_of(services, "Design", owner))[1][bob] == ("member", True)


async def test_who_accepts_an_invitation_stays_when_the_group_is_left(
    directory: Directory, services: Services, owner: str, ann: httpx.AsyncClient, mailbox: Mailbox
) -> None:
    me = (await ann.get("/api/v1/me")).json()["id"]
    asking = await services.identity.find(owner)
    assert asking is not None
    made = await services.workspaces.create(owner, "Team")
    invited = ("ann@example.org", WorkspaceRole.VIEWER)
    workspace = made.workspace.id
    await services.people.invitations.invite(asking, workspace, *invited, base="http://heddle.test")
    group = await directory.make_group("Design", me)
    signed_in = await as_owner(services, owner)
    place = {"workspaceId": workspace, "role": "admin"}
    mapped = await directory.client.put(f"{ADMIN}/{group['id']}", json=place, headers=signed_in)
    assert mapped.status_code == 200, mapped.text
    assert (await team_of(services, "Team", owner))[1][me] == ("admin", True)
    key = await mailbox.key("ann@example.org", "invites you")
    assert (await ann.post("/api/v1/invitations/accept", json={"token": key})).status_code == 200
    await directory.patch_group(group["id"], drop(me))
    assert (await team_of(services, "Team", owner))[1][me] == ("admin", False)


async def as_owner(services: Services, owner: str) -> dict[str, str]:
    token = (await services.identity.sessions.open(owner)).access.token
    return {"Authorization": f"Bearer {token}"}


async def test_a_group_is_led_into_another_workspace(
    directory: Directory, services: Services, owner: str, ann: httpx.AsyncClient
) -> None:
    bob, eve, _ = await people(directory)
    design = await directory.make_group("Design", bob, eve)
    leads = await directory.make_group("Leads", eve, externalId="g2")
    before, _ = await team_of(services, "Design", owner)
    signed_in = await as_owner(services, owner)

    async def lead(group: Body, status: int = 200, **body: Any) -> Body:
        answer = await directory.client.put(f"{ADMIN}/{group['id']}", json=body, headers=signed_in)
        assert answer.status_code == status, answer.text
        return dict(answer.json())

    # Both lead into one: whoever is in both has the more of the two.
    mapped = await lead(leads, workspaceId=before, role="admin")
    assert (mapped["workspaceName"], mapped["role"], mapped["members"]) == ("Design", "admin", 1)
    assert (await team_of(services, "Leads", owner))[1] == {owner: ("owner", False)}
    assert (await team_of(services, "Design", owner))[1][eve] == ("admin", True)
    await directory.patch_group(design["id"], drop(eve))
    assert (await team_of(services, "Design", owner))[1][eve] == ("admin", True)
    await lead(leads, workspaceId=before, role="viewer")
    assert (await team_of(services, "Design", owner))[1][eve] == ("viewer", True)
    await lead(leads, workspaceId=None)
    assert eve not in (await team_of(services, "Design", owner))[1]
    listed = (await directory.client.get(ADMIN, headers=signed_in)).json()
    assert [(one["name"], one["workspaceId"], one["members"]) for one in listed["data"]] == [
        ("Design", before, 1),
        ("Leads", None, 1),
    ]
    # Nobody is put by a group where the administrator could not put them by hand.
    anns = (await ann.post("/api/v1/workspaces", json={"name": "Secret"})).json()["id"]
    own = (await services.workspaces.of(owner))[0].workspace.id
    for refused, status in ((anns, 404), (own, 409), ("nowhere", 404)):
        await lead(leads, status, workspaceId=refused)
    await lead(leads, 400, workspaceId=before, role="owner")
    await lead({"id": "nobody"}, 404, workspaceId=before)
    # A workspace that is deleted takes nothing with it; the group leads nowhere.
    await services.workspaces.delete(owner, before)
    assert members(await directory.ask("GET", f"{GROUPS}/{design['id']}", 200)) == [bob]
    assert members(await directory.patch_group(design["id"], add(eve))) == sorted([bob, eve])
    listed = (await directory.client.get(ADMIN, headers=signed_in)).json()
    assert [one["workspaceId"] for one in listed["data"]] == [None, None]


async def test_what_becomes_of_a_group_is_noted_with_who_did_it(
    directory: Directory, services: Services, owner: str
) -> None:
    group = await directory.make_group("Design", externalId="g1")
    await directory.ask("PUT", f"{GROUPS}/{group['id']}", 200, {"schemas": [GROUP], "displayName": "Art"})
    workspace, _ = await team_of(services, "Art", owner)
    place = {"workspaceId": workspace, "role": "viewer"}
    mapped = await directory.client.put(
        f"{ADMIN}/{group['id']}", json=place, headers=await as_owner(services, owner)
    )
    assert mapped.status_code == 200, mapped.text
    await directory.ask("DELETE", f"{GROUPS}/{group['id']}", 204)
    async with services.db.read() as session:
        noted = await session.scalars(select(AuditRow).where(AuditRow.act.startswith("group.")))
        rows = [(row.act, row.actor_id) for row in noted.all()]
    acts = [Act.GROUP_CREATED, Act.GROUP_CHANGED, Act.GROUP_MAPPED, Act.GROUP_REMOVED]
    assert sorted(rows) == sorted((act, owner) for act in acts)


async def test_who_is_disabled_stays_and_who_is_removed_is_in_no_group(
    directory: Directory, services: Services, owner: str
) -> None:
    bob, eve, _ = await people(directory)
    group = await directory.make_group("Design", bob, eve)
    await directory.patch(bob, {"op": "replace", "path": "active", "value": False})
    assert members(await directory.ask("GET", f"{GROUPS}/{group['id']}", 200)) == sorted([bob, eve])
    await directory.ask("DELETE", f"/scim/v2/Users/{bob}", 204)
    assert members(await directory.ask("GET", f"{GROUPS}/{group['id']}", 200)) == [eve]
    assert set((await team_of(services, "Design", owner))[1]) == {owner, eve}
    refused = await directory.patch_group(group["id"], add(bob), status=400)
    assert refused["scimType"] == "invalidValue"


async def test_groups_are_found_by_what_directories_ask(directory: Directory) -> None:
    bob, eve, _ = await people(directory)
    design = await directory.make_group("Design", bob, externalId="g1")
    leads = await directory.make_group("Leads", bob, eve, externalId="g2")

    async def found(query: str, status: int = 200) -> Body:
        return await directory.ask("GET", f"{GROUPS}?{query}", status, kind=resources.Page)

    for query, expected in (
        ("", [design, leads]),
        ('filter=displayName eq "DESIGN"', [design]),
        ('filter=externalId eq "g2"', [leads]),
        (f'filter=id eq "{leads["id"]}"', [leads]),
        (f'filter=members.value eq "{eve}"', [leads]),
        (f'filter=members eq "{bob}" and displayName eq "design"', [design]),
        ('filter=displayName eq "nobody"', []),
        ("startIndex=2&count=1", [leads]),
    ):
        assert (await found(query)).get("Resources", []) == expected, query
    assert (await found("count=0"))["totalResults"] == 2
    for unasked in ("excludedAttributes=members", "attributes=displayName"):
        for path in (f"{GROUPS}/{leads['id']}", GROUPS):
            assert "members" not in (await directory.client.get(f"{path}?{unasked}")).text
    for odd in ('displayName co "D"', 'userName eq "x"', "displayName pr"):
        assert (await found(f"filter={odd}", 400))["scimType"] == "invalidFilter", odd
    search = {"schemas": [SEARCH], "filter": 'displayName eq "leads"'}
    (one,) = (await directory.ask("POST", f"{GROUPS}/.search", 200, search, kind=resources.Page))["Resources"]
    assert one == leads
    # All kinds at once: people first, then groups.
    for more, expected in (
        ({"startIndex": 4, "count": 3}, [("User", "u2"), ("Group", "Design"), ("Group", "Leads")]),
        ({"startIndex": 6}, [("Group", "Leads")]),
        ({"filter": 'userName eq "u1"'}, [("User", "u1")]),
        ({"filter": 'externalId eq "g1"'}, [("Group", "Design")]),
    ):
        body = {"schemas": [SEARCH], **more}
        both = await directory.ask("POST", "/scim/v2/.search", 200, body, kind=api.Page)
        names = [
            (one["meta"]["resourceType"], one.get("userName", one["displayName"]))
            for one in both["Resources"]
        ]
        assert names == expected, more
        assert both["totalResults"] == (6 if "filter" not in more else 1)
    odd_search = {"schemas": [SEARCH], "filter": 'displayName co "D"'}
    await directory.ask("POST", "/scim/v2/.search", 400, odd_search)


async def test_nonsense_about_groups_is_refused_and_leaves_nothing_behind(
    directory: Directory, services: Services, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob, eve, _ = await people(directory)
    group = await directory.make_group("Design", bob, externalId="g1")
    other = await directory.make_group("Leads", eve)
    for name, more in (("design", {}), ("Else", {"externalId": "g1"})):
        assert (await directory.make_group(name, status=409, **more))["scimType"] == "uniqueness"
    taken = {"op": "replace", "path": "displayName", "value": "Leads"}
    await directory.patch_group(group["id"], taken, status=409)
    nobody = "3f0e6c1e-9a3c-4c4e-8f53-0e2f4a1b7c55"
    nested = [{"value": other["id"], "type": "Group"}]
    for operation in (
        add(eve, nobody),
        add(other["id"]),
        add("../Users"),
        add(""),
        {"op": "add", "path": "members", "value": nested},
        {"op": "add", "path": "members", "value": "x"},
        {"op": "replace", "path": "displayName", "value": " "},
        {"op": "remove", "path": "displayName"},
        {"op": "replace", "path": "displayName", "value": "x" * 300},
    ):
        Error.model_validate(await directory.patch_group(group["id"], operation, status=400))
    monkeypatch.setattr(service, "MOST", 1)
    await directory.patch_group(group["id"], add(eve), status=400)
    for body in ({"schemas": [GROUP]}, {"schemas": [USER], "displayName": "x"}, [], {}):
        await directory.ask("POST", GROUPS, 400, body)
    for method, body in (("GET", None), ("PUT", group), ("DELETE", None)):
        await directory.ask(method, f"{GROUPS}/{nobody}", 404, body)
    assert await directory.ask("GET", f"{GROUPS}/{group['id']}", 200) == group
    assert set((await team_of(services, "Design", owner))[1]) == {owner, bob}
    listed = await directory.client.get(GROUPS)
    assert listed.json()["totalResults"] == 2
