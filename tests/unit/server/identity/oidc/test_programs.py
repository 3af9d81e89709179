"""Programs and devices are signed in with an account elsewhere as with a password."""

import re
from urllib.parse import parse_qs, urlsplit

import httpx

from server.identity.native.requests import challenge_of
from server.wiring import Services
from tests.support.oidc import CALLBACK, START, Provider, begin

VERIFIER = "v" * 43
PROGRAM = {
    "client_id": "heddle",
    "response_type": "code",
    "redirect_uri": "http://127.0.0.1:5555/done",
    "code_challenge": challenge_of(VERIFIER),
    "code_challenge_method": "S256",
    "state": "s",
    "device_name": "Ada's <laptop>",
}


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)) | {
        "device_name": PROGRAM["device_name"]
    }


async def test_a_program_is_signed_in_that_way_after_a_yes(
    client: httpx.AsyncClient, provider: Provider
) -> None:
    page = await client.get("/oauth/authorize", params=PROGRAM)
    assert f"{START}?client_id=heddle" in page.text
    back = provider.approve(await begin(client, **PROGRAM))
    page = await client.get(f"{CALLBACK}?{back}")
    assert (page.status_code, "heddle_session" in client.cookies) == (200, False)
    assert "ada@example.org" in page.text
    assert 'type="password"' not in page.text
    sent = hidden(page.text)
    answer = await client.post("/oauth/authorize", data=sent)
    code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
    form = {"grant_type": "authorization_code", "client_id": "heddle", "code": code}
    form |= {"code_verifier": VERIFIER, "redirect_uri": PROGRAM["redirect_uri"]}
    assert (await client.post("/oauth/token", data=form)).json()["email"] == "ada@example.org"
    again = await client.post("/oauth/authorize", data=sent)
    assert (again.status_code, "took too long" in again.text) == (400, True)


async def test_a_device_is_signed_in_that_way_after_a_yes(
    client: httpx.AsyncClient, provider: Provider, services: Services
) -> None:
    shown = (await client.post("/oauth/device/code", data={"client_id": "heddle"})).json()
    page = await client.get("/device", params={"user_code": shown["user_code"]})
    assert f"{START}?user_code=" in page.text
    back = provider.approve(await begin(client, user_code=shown["user_code"]))
    page = await client.get(f"{CALLBACK}?{back}")
    sent = {"proof": hidden(page.text)["proof"], "user_code": shown["user_code"]}
    assert "signed in" in (await client.post("/device", data=sent)).text
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": "heddle"}
    got = await client.post("/oauth/token", data=form | {"device_code": shown["device_code"]})
    assert got.json()["email"] == "ada@example.org"


async def test_a_program_whose_provider_says_no_may_be_signed_in_another_way(
    client: httpx.AsyncClient, provider: Provider
) -> None:
    state = parse_qs(urlsplit(await begin(client, **PROGRAM)).query)["state"][0]
    page = await client.get(CALLBACK, params={"state": state, "error": "access_denied"})
    assert page.status_code == 403
    assert "cancelled there" in page.text
    assert 'type="password"' in page.text
    ways = re.findall(rf'href="{START}\?([^"]*)"', page.text)
    assert ["client_id=heddle" in way.split("&amp;") for way in ways] == [True]
