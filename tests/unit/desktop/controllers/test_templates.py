"""Templates of the server, in the launcher."""

import httpx
import pytest
import respx

from desktop.controllers.launcher import _templates

SERVER = "http://heddle.test"
ROUTE = f"{SERVER}/api/v1/recordings/templates"


@pytest.fixture(autouse=True)
def signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEDDLE_TOKEN", "t")


@respx.mock
async def test_they_are_known_by_their_names() -> None:
    one = {"name": "Daily", "settings": {"frameRate": 60}}
    respx.get(ROUTE).mock(return_value=httpx.Response(200, json={"data": [one]}))
    assert await _templates(SERVER) == {"Daily": {"frameRate": 60}}


@respx.mock
@pytest.mark.parametrize(
    "answer", [httpx.ConnectError("no way"), httpx.Response(403, json={"error": {"code": "forbidden"}})]
)
async def test_without_a_server_there_are_none(answer: Exception | httpx.Response) -> None:
    route = respx.get(ROUTE)
    route.side_effect = answer if isinstance(answer, Exception) else None
    if isinstance(answer, httpx.Response):
        route.return_value = answer
    assert await _templates(SERVER) == {}
