"""Templates over HTTP."""

from typing import Any

import httpx
import pytest

URL = "/api/v1/recordings/templates"


async def make(client: httpx.AsyncClient, name: str, **fields: Any) -> dict[str, Any]:
    answer = await client.post(URL, json={"name": name, "settings": {"frameRate": 60}, **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_template_is_made_listed_changed_and_removed(ann: httpx.AsyncClient) -> None:
    made = await make(ann, "Fast")
    assert made["isDefault"] is False
    assert (await ann.get(URL)).json() == {"data": [made]}
    changed = await ann.put(f"{URL}/{made['id']}", json={"name": "Faster"})
    assert changed.json() == {**made, "name": "Faster"}
    assert (await ann.get(f"{URL}/{made['id']}")).json()["name"] == "Faster"
    assert (await ann.delete(f"{URL}/{made['id']}")).status_code == 204
    assert (await ann.get(f"{URL}/{made['id']}")).status_code == 404


async def test_only_one_template_is_the_default(ann: httpx.AsyncClient) -> None:
    first = await make(ann, "One", isDefault=True)
    second = await make(ann, "Two", isDefault=True)
    await ann.put(f"{URL}/{first['id']}", json={"isDefault": True})
    defaults = {one["id"]: one["isDefault"] for one in (await ann.get(URL)).json()["data"]}
    assert defaults == {first["id"]: True, second["id"]: False}


async def test_templates_of_somebody_else_are_not_there(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    made = await make(ann, "Mine")
    assert (await bob.get(URL)).json() == {"data": []}
    assert (await bob.put(f"{URL}/{made['id']}", json={"name": "x"})).status_code == 404
    assert (await bob.delete(f"{URL}/{made['id']}")).status_code == 404


@pytest.mark.parametrize(
    "body", [{}, {"name": "x"}, {"name": "", "settings": {}}, {"name": "x", "settings": 1}]
)
async def test_a_bad_template_is_a_400(ann: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert (await ann.post(URL, json=body)).status_code == 400
