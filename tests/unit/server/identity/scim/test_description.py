"""What SCIM says of itself, and the check of the standard; each answer is validated."""

import asyncio

from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_models import ListResponse, ResourceType, Schema, ServiceProviderConfig
from scim2_tester import Status, check_server

from tests.support.scim import BASE, GROUP, USER, Directory, as_wsgi


async def test_the_check_of_the_standard_passes(directory: Directory) -> None:
    """By scim2-tester: what we say of ourselves, then people and groups made, asked for,
    changed and removed by it."""
    application = as_wsgi(directory.client, asyncio.get_running_loop())
    client = WSGISCIMClient(application, base_url=f"{BASE}/scim/v2")
    results = await asyncio.to_thread(check_server, client)
    assert len(results) > 55, "the check has gone blind"
    failed = [(one.title, str(one.reason)) for one in results if one.status is not Status.SUCCESS]
    # It may write that the one address is not the primary one; that is always said of it.
    assert [one for one in failed if one[0] != "check_replace_attribute" or "'emails'" not in one[1]] == []


async def test_it_describes_itself(directory: Directory) -> None:
    config = await directory.ask("GET", "/scim/v2/ServiceProviderConfig", 200, kind=ServiceProviderConfig)
    assert (config["patch"], config["bulk"]["supported"], config["filter"]["maxResults"]) == (
        {"supported": True},
        False,
        200,
    )
    kinds = await directory.ask("GET", "/scim/v2/ResourceTypes", 200, kind=ListResponse[ResourceType])
    found = [(one["name"], one["endpoint"], one["schema"]) for one in kinds["Resources"]]
    assert found == [("User", "/Users", USER), ("Group", "/Groups", GROUP)]
    schemas = (await directory.ask("GET", "/scim/v2/Schemas", 200, kind=ListResponse[Schema]))["Resources"]
    user, group = ({one["name"]: one for one in schema["attributes"]} for schema in schemas)
    assert {"userName", "displayName", "name", "emails", "active"} <= set(user)
    assert (user["userName"]["required"], user["userName"]["uniqueness"]) == (True, "server")
    assert user["active"]["description"].startswith("False: the account is disabled")
    assert {"displayName", "members"} <= set(group)
    assert group["members"]["description"].startswith("Who is in it")
    each = ((kinds["Resources"], ResourceType), (schemas, Schema))
    for one, model in ((one, model) for some, model in each for one in some):
        path = one["meta"]["location"].removeprefix(BASE)
        assert await directory.ask("GET", path, 200, kind=model) == one
        await directory.ask("GET", f"{path}x", 404)
    await directory.ask("GET", "/scim/v2/Schemas?filter=id%20pr", 403)
    # What is not there is said in the same shape.
    await directory.ask("GET", "/scim/v2/Roles", 404)
    await directory.ask("DELETE", "/scim/v2/Schemas", 405)
