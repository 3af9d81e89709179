"""The upload endpoint under the conformance suite that any tus server can be put to."""

from urllib.parse import urlsplit

import httpx
import pytest

from server.uploads import protocol
from tests.contracts.tus_server import CHECKS, NEEDS, Check, discover
from tests.support import films

URL = "http://heddle.test/api/v1/uploads"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_the_protocol(check: Check, ann: httpx.AsyncClient) -> None:
    await check(await discover(ann, URL, films.growing(1.0)))


async def test_all_extensions_that_the_suite_knows_are_announced(ann: httpx.AsyncClient) -> None:
    target = await discover(ann, URL, b"")
    assert target.extensions == set(filter(None, NEEDS.values())) == set(protocol.EXTENSIONS)


async def test_options_needs_no_token_and_all_else_does(client: httpx.AsyncClient) -> None:
    assert (await client.options(URL)).status_code == 204
    tus = {"Tus-Resumable": "1.0.0"}
    assert (await client.post(URL, headers=tus | {"Upload-Length": "10"})).status_code == 401
    assert (await client.head(f"{URL}/x", headers=tus)).status_code == 401


async def test_the_location_is_absolute_and_under_the_address_that_was_asked(ann: httpx.AsyncClient) -> None:
    target = await discover(ann, URL, films.growing(1.0))
    location = (await target.create()).headers["location"]
    assert location.startswith("http://heddle.test/api/v1/uploads/")
    assert urlsplit(location).query == ""
