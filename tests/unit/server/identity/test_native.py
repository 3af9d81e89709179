"""Signing programs in through a browser: whoever begins is the only one who can finish."""

import base64
import hashlib
import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from server.identity.native import api
from server.identity.native.requests import is_loopback, matches, new_user_code, plain
from server.wiring import Services
from tests.support.moving_clock import Clock

pytestmark = pytest.mark.usefixtures("quick_passwords")

EMAIL, PASSWORD = "carol@example.org", "correct horse battery"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
REDIRECT = "http://127.0.0.1:51234/signed-in"
ASKED = {
    "client_id": "heddle",
    "response_type": "code",
    "redirect_uri": REDIRECT,
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
    "state": "s<t>&e",
    "device_name": 'Carol\'s "laptop" <b>',
}
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture
async def carol(services: Services, clock: Clock, quick_passwords: None) -> None:
    await services.identity.add_user(EMAIL, PASSWORD)
    services.identity.native._clock = clock


async def approve(client: httpx.AsyncClient, **changes: str) -> httpx.Response:
    body = {**ASKED, "email": EMAIL, "password": PASSWORD, "code": "", **changes}
    return await client.post("/oauth/authorize", data=body)


async def token(client: httpx.AsyncClient, **sent: str) -> tuple[int, dict[str, Any]]:
    answer = await client.post("/oauth/token", data={"client_id": "heddle", **sent})
    return answer.status_code, dict(answer.json())


async def redeem(client: httpx.AsyncClient, code: str, **changes: str) -> tuple[int, dict[str, Any]]:
    sent = {"code": code, "code_verifier": VERIFIER, "redirect_uri": REDIRECT, **changes}
    return await token(client, grant_type="authorization_code", **sent)


async def code_of(client: httpx.AsyncClient) -> str:
    answer = await approve(client)
    assert answer.status_code == 303, answer.text
    sent = parse_qs(urlsplit(answer.headers["location"]).query)
    assert answer.headers["location"].startswith(REDIRECT)
    assert sent["state"] == ["s<t>&e"]
    return sent["code"][0]


@pytest.mark.usefixtures("carol")
async def test_a_program_gets_tokens_for_the_code_it_asked_for(client: httpx.AsyncClient) -> None:
    page = await client.get("/oauth/authorize", params=ASKED)
    assert page.status_code == 200
    assert "Carol&#x27;s &quot;laptop&quot; &lt;b&gt;" in page.text
    assert "form-action 'self' http://127.0.0.1:51234" in page.headers["content-security-policy"]
    status, answer = await redeem(client, await code_of(client))
    assert (status, answer["token_type"], answer["email"]) == (200, "Bearer", EMAIL)
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    assert (await client.get("/api/v1/me", headers=headers)).json()["email"] == EMAIL
    (device,) = (await client.get("/api/v1/auth/sessions", headers=headers)).json()["data"]
    assert device["deviceName"] == ASKED["device_name"]
    status, renewed = await token(client, grant_type="refresh_token", refresh_token=answer["refresh_token"])
    assert (status, renewed["refresh_token"] != answer["refresh_token"]) == (200, True)


@pytest.mark.usefixtures("carol")
@pytest.mark.parametrize(
    "changes",
    [{"code_verifier": "w" * 64}, {"redirect_uri": "http://127.0.0.1:1/signed-in"}, {"code_verifier": ""}],
)
async def test_a_code_is_worth_nothing_to_whoever_overheard_it(
    client: httpx.AsyncClient, changes: dict[str, str]
) -> None:
    code = await code_of(client)
    assert (await redeem(client, code, **changes))[1]["error"] == "invalid_grant"
    assert (await redeem(client, code))[1]["error"] == "invalid_grant"  # one try is all there is


@pytest.mark.usefixtures("carol")
async def test_a_code_that_comes_twice_ends_the_sign_in(client: httpx.AsyncClient) -> None:
    code = await code_of(client)
    _, answer = await redeem(client, code)
    assert (await redeem(client, code))[1]["error"] == "invalid_grant"
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    assert (await client.get("/api/v1/me", headers=headers)).json()["code"] == "session_ended"


@pytest.mark.usefixtures("carol")
async def test_a_code_ends_after_a_minute(client: httpx.AsyncClient, clock: Clock) -> None:
    code = await code_of(client)
    clock.move(seconds=61)
    assert (await redeem(client, code))[1]["error"] == "invalid_grant"


@pytest.mark.usefixtures("carol")
async def test_a_wrong_password_shows_the_form_again_without_it(client: httpx.AsyncClient) -> None:
    answer = await approve(client, password="wrong <password>")
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert f'value="{EMAIL}"' in answer.text
    assert "wrong &lt;password" not in answer.text
    assert "www-authenticate" not in answer.headers


async def test_cancelling_tells_the_program(client: httpx.AsyncClient) -> None:
    answer = await client.post("/oauth/authorize", data={**ASKED, "deny": "1"})
    assert parse_qs(urlsplit(answer.headers["location"]).query)["error"] == ["access_denied"]


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "somebody"},
        {"response_type": "token"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "http://127.0.0.1.evil.example:80/"},
        {"code_challenge_method": "plain"},
        {"code_challenge": "short"},
        {"state": "x" * 501},
    ],
)
async def test_nothing_is_sent_to_an_address_that_is_not_on_this_computer(
    client: httpx.AsyncClient, changes: dict[str, str]
) -> None:
    assert (await client.get("/oauth/authorize", params={**ASKED, **changes})).status_code == 400
    assert (await client.post("/oauth/authorize", data={**ASKED, **changes})).status_code == 400


@pytest.mark.parametrize(
    ("address", "good"),
    [
        (REDIRECT, True),
        ("http://[::1]:8000/", True),
        ("http://localhost:8000/", False),
        ("http://127.0.0.1/", False),
        ("http://127.0.0.1:0/", False),
        ("http://127.0.0.1:99999/", False),
        ("http://user@127.0.0.1:80/", False),
        ("https://127.0.0.1:80/", False),
        ("http://127.0.0.1:80/#x", False),
        ("http://127.0.0.1:80\\@evil.example/", False),
        ("javascript:alert(1)", False),
        ("", False),
        ("http://127.0.0.1:80/;script-src *", False),
    ],
)
def test_what_counts_as_this_computer(address: str, good: bool) -> None:
    assert is_loopback(address) is good


async def begin(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.post(
        "/oauth/device/code", data={"client_id": "heddle", "device_name": "Server room"}
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def decide(client: httpx.AsyncClient, user_code: str, **more: str) -> httpx.Response:
    body = {"user_code": user_code, "email": EMAIL, "password": PASSWORD, "code": "", **more}
    return await client.post("/device", data=body)


@pytest.mark.usefixtures("carol")
async def test_a_code_typed_in_elsewhere_signs_a_device_in(client: httpx.AsyncClient, clock: Clock) -> None:
    begun = await begin(client)
    asked = {"grant_type": DEVICE, "device_code": begun["device_code"]}
    assert (await token(client, **asked))[1]["error"] == "authorization_pending"
    assert (await token(client, **asked))[1]["error"] == "slow_down"
    page = await client.get("/device", params={"user_code": begun["user_code"]})
    assert "Server room" in page.text
    assert (await decide(client, begun["user_code"], password="wrong")).status_code == 401
    assert (await decide(client, begun["user_code"].lower().replace("-", " "))).status_code == 200
    assert (await decide(client, begun["user_code"])).status_code == 404
    clock.move(seconds=5)
    status, answer = await token(client, **asked)
    assert (status, answer["email"]) == (200, EMAIL)
    assert (await token(client, **asked))[1]["error"] == "invalid_grant"


@pytest.mark.usefixtures("carol")
async def test_a_device_is_refused_or_too_late(client: httpx.AsyncClient, clock: Clock) -> None:
    refused, late = await begin(client), await begin(client)
    assert "refused" in (await decide(client, refused["user_code"], deny="1")).text
    answer = await token(client, grant_type=DEVICE, device_code=refused["device_code"])
    assert answer[1]["error"] == "access_denied"
    clock.move(minutes=11)
    assert (await decide(client, late["user_code"])).status_code == 404
    assert (await token(client, grant_type=DEVICE, device_code=late["device_code"]))[1][
        "error"
    ] == "expired_token"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"grant_type": "password", "client_id": "heddle"}, 400),
        ({"grant_type": "authorization_code", "client_id": "other"}, 401),
        ({"grant_type": "authorization_code", "client_id": "heddle"}, 400),
        ({"grant_type": DEVICE, "client_id": "heddle", "device_code": "x"}, 400),
        ({"grant_type": "refresh_token", "client_id": "heddle", "refresh_token": "x"}, 400),
        ({}, 401),
    ],
)
async def test_a_refusal_is_one_of_the_words_of_oauth(
    client: httpx.AsyncClient, body: dict[str, str], status: int
) -> None:
    answer = await client.post("/oauth/token", data=body or {"a": "b"})
    assert answer.status_code == status
    assert re.fullmatch("[a-z_]+", answer.json()["error"])


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"a=1&a=2", b"a=%00", b"&".join([b"a=b"] * 100), b'{"a": 1}']
)
@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/authorize", "/device", "/oauth/device/code"])
async def test_a_form_that_cannot_be_read_is_a_4xx(
    client: httpx.AsyncClient, path: str, content: bytes
) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert 400 <= (await client.post(path, content=content, headers=headers)).status_code < 500
    assert (await client.post(path, json={"a": "b"})).status_code == 400


def test_a_verifier_matches_its_challenge_alone() -> None:
    assert matches(VERIFIER, CHALLENGE)
    assert not matches("w" * 64, CHALLENGE)
    assert not matches("", CHALLENGE)
    assert not matches(VERIFIER, None)


def test_a_user_code_is_read_however_it_was_typed() -> None:
    code = new_user_code()
    assert plain(f" {code.lower()} ") == plain(code) == code.replace("-", "")


async def test_one_address_begins_few_sign_ins_by_code(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "BEGINNING", replace(api.BEGINNING, limit=2, burst=None))
    for _ in range(2):
        await begin(client)
    refused = await client.post("/oauth/device/code", data={"client_id": "heddle"})
    assert refused.status_code == 429
    body = refused.json()
    assert body["error"].startswith("Rate limit exceeded")
    assert body["retry_after"] == int(refused.headers["Retry-After"])
    told = [refused.headers[f"X-RateLimit-{name}"] for name in ("Limit", "Remaining")]
    assert told == ["2", "0"]
    assert int(refused.headers["X-RateLimit-Reset"]) > 1_700_000_000


@pytest.mark.usefixtures("carol")
async def test_one_address_tries_few_codes(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "TYPING", replace(api.TYPING, limit=3))
    begun = await begin(client)
    assert (await client.get("/device", params={"user_code": "BCDF-GHJK"})).status_code == 404
    for code in ("BCDF-GHJK", "BCDF-GHJL"):
        assert (await decide(client, code)).status_code == 404
    refused = await decide(client, begun["user_code"])
    assert (refused.status_code, "Try again" in refused.text or "try again" in refused.text) == (429, True)
    assert "Retry-After" in refused.headers
    assert (await client.get("/device", params={"user_code": begun["user_code"]})).status_code == 429
    assert (await client.get("/device")).status_code == 200
