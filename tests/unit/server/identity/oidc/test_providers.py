"""Which providers there are, by the administrator's file, and what is taken from one over HTTP."""

import asyncio
from pathlib import Path

import httpx
import pytest

from server.errors import SetupError
from server.identity.oidc.http import Http, Unreachable
from server.identity.oidc.providers import load
from tests.support.oidc import ISSUER, PROVIDERS, SECRET

BROKEN = {
    "not TOML": "[company",
    "no https": PROVIDERS.replace(ISSUER, "http://id.example.org"),
    "no client": '[x]\nname = "X"\nissuer = "https://x.example"',
    "a word too many": PROVIDERS + "colour = 1\n",
    "a name for no address": PROVIDERS.replace("[company]", '["The Company"]'),
    "anybody's address": PROVIDERS.replace('accounts = "create"', "link_by_email = true"),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_work_stops_the_start(text: str, tmp_path: Path) -> None:
    (tmp_path / "oidc.toml").write_text(text)
    with pytest.raises(SetupError) as refused:
        load(tmp_path / "oidc.toml")
    assert SECRET not in str(refused.value)


async def test_no_more_is_taken_from_a_provider_than_it_may_say() -> None:
    def answering(response: httpx.Response) -> Http:
        return Http(transport=httpx.MockTransport(lambda _: response))

    url = f"{ISSUER}/x"
    assert await answering(httpx.Response(200, json={"a": 1})).get(url) == {"a": 1}
    for response in (
        httpx.Response(200, text="[" * 100_000),
        httpx.Response(200, text="x" * 600_000),
        httpx.Response(200, json=[]),
        httpx.Response(302, headers={"Location": "http://169.254.169.254/"}),
        httpx.Response(500, json={}),
    ):
        with pytest.raises(Unreachable):
            await answering(response).get(url)
    for address in ("http://id.example.org/x", "ftp://id.example.org", "https://[", "https://x:99999"):
        with pytest.raises(Unreachable):
            await answering(httpx.Response(200, json={})).get(address)


async def test_a_provider_that_does_not_answer_is_not_waited_for() -> None:
    async def hang(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(Unreachable, match="did not answer"):
        await Http(timeout_s=0.05, transport=httpx.MockTransport(hang)).get(f"{ISSUER}/x")
