"""A browser's sign-in: its refresh token lies in a cookie that only pages of this server can use."""

from http.cookies import Morsel, SimpleCookie
from typing import Any

import httpx
import pyotp
import pytest
from fastapi import FastAPI

from server.identity.schemas import User
from server.identity.sessions.cookie import HEADER, NAME
from server.links import Links
from server.wiring import Services
from tests.unit.server.conftest import BASE

pytestmark = pytest.mark.usefixtures("carol")

EMAIL, PASSWORD = "carol@example.org", "correct horse battery"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
OURS = {HEADER: "1", "User-Agent": FIREFOX}


@pytest.fixture
async def carol(services: Services, quick_passwords: None) -> User:
    return await services.identity.add_user(EMAIL, PASSWORD)


async def sign_in(client: httpx.AsyncClient, **more: Any) -> httpx.Response:
    body = {"email": EMAIL, "password": PASSWORD, "cookie": True, **more}
    answer = await client.post("/auth/login", json=body, headers=OURS)
    assert answer.status_code == 200, answer.text
    return answer


async def refresh(client: httpx.AsyncClient, **headers: str) -> httpx.Response:
    return await client.post("/auth/refresh", headers=OURS | headers)


def bearer(answer: httpx.Response) -> dict[str, str]:
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def cookie_of(answer: httpx.Response) -> Morsel[str]:
    return SimpleCookie(answer.headers["set-cookie"])[NAME]


async def test_the_refresh_token_goes_into_a_cookie_and_nowhere_else(client: httpx.AsyncClient) -> None:
    answer = await sign_in(client)
    kept = cookie_of(answer)
    assert answer.json()["refreshToken"] is None
    assert kept.value not in answer.text
    assert (kept["path"], kept["samesite"], kept["httponly"], kept["secure"]) == ("/auth", "strict", True, "")
    assert 0 < int(kept["max-age"]) <= 7 * 86400


async def test_without_asking_for_one_there_is_no_cookie(client: httpx.AsyncClient) -> None:
    answer = await client.post("/auth/login", json={"email": EMAIL, "password": PASSWORD})
    assert answer.json()["refreshToken"]
    assert "set-cookie" not in answer.headers
    assert "set-cookie" not in (await client.post("/auth/logout", headers=bearer(answer))).headers


async def test_the_cookie_refreshes_and_is_good_for_one_use(client: httpx.AsyncClient) -> None:
    first = cookie_of(await sign_in(client))
    answer = await refresh(client)
    assert (answer.status_code, answer.json()["refreshToken"]) == (200, None)
    assert cookie_of(answer).value != first.value
    assert (await client.get("/api/v1/me", headers=bearer(answer))).status_code == 200

    client.cookies.set(NAME, first.value, domain="heddle.test", path="/auth")
    reused = await refresh(client)
    assert (reused.status_code, reused.json()["code"]) == (401, "token_reused")
    assert cookie_of(reused)["max-age"] == "0"
    assert (await client.get("/api/v1/me", headers=bearer(answer))).status_code == 401


async def test_an_answer_that_got_lost_is_had_again_under_the_same_key(client: httpx.AsyncClient) -> None:
    first = cookie_of(await sign_in(client))
    key = {"Idempotency-Key": "of-this-browser"}
    assert (await refresh(client, **key)).status_code == 200
    client.cookies.set(NAME, first.value, domain="heddle.test", path="/auth")
    assert (await refresh(client, **key)).status_code == 200


FOREIGN = [
    {HEADER: ""},
    {HEADER: "yes"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Origin": "http://heddle.test:8080"},
]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_a_page_of_another_site_gets_nothing(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    await sign_in(client)
    refused = await refresh(client, **headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "cross_site")
    assert "set-cookie" not in refused.headers
    body = {"email": EMAIL, "password": PASSWORD, "cookie": True}
    login = await client.post("/auth/login", json=body, headers=OURS | headers)
    assert (login.status_code, login.json()["code"]) == (403, "cross_site")
    assert (await refresh(client)).status_code == 200  # nothing has happened to the sign-in


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://behind-a-proxy"},
        {"Origin": BASE},
        {"Origin": "https://video.example.org"},
    ],
)
async def test_a_page_of_this_server_is_known_by_what_the_browser_says(
    client: httpx.AsyncClient, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await sign_in(client)
    public_url_is("https://video.example.org", monkeypatch)
    assert (await refresh(client, **headers)).status_code == 200


async def test_the_cookie_is_for_https_alone_where_there_is_https(
    client: httpx.AsyncClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    public_url_is("https://video.example.org", monkeypatch)
    assert cookie_of(await sign_in(client))["secure"] is True
    public_url_is("", monkeypatch)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://heddle.test") as other:
        assert cookie_of(await sign_in(other))["secure"] is True
        assert (await refresh(other)).status_code == 200


async def test_signing_out_takes_the_cookie_away(client: httpx.AsyncClient) -> None:
    answer = await client.post("/auth/logout", headers=bearer(await sign_in(client)))
    assert (answer.status_code, cookie_of(answer)["max-age"]) == (204, "0")
    assert NAME not in client.cookies
    out = await refresh(client)
    assert (out.status_code, out.json()["code"]) == (401, "session_ended")


async def test_a_browser_is_listed_by_its_name(client: httpx.AsyncClient) -> None:
    await sign_in(client, deviceName="The tablet")
    answer = await sign_in(client)
    listed = (await client.get("/api/v1/auth/sessions", headers=bearer(answer))).json()["data"]
    assert {one["deviceName"]: one["current"] for one in listed} == {
        "Firefox on Linux": True,
        "The tablet": False,
    }


async def test_the_second_factor_gives_the_cookie_and_not_the_password(
    client: httpx.AsyncClient, services: Services, carol: User
) -> None:
    secret, _ = await services.identity.factors.begin(carol.id, carol.email)
    recovery = await services.identity.factors.confirm(carol.id, pyotp.TOTP(secret).now())
    owed = await sign_in(client)
    assert owed.json()["mfaRequired"] is True
    assert "set-cookie" not in owed.headers
    body = {"mfaToken": owed.json()["mfaToken"], "code": recovery[0], "cookie": True}
    answer = await client.post("/auth/login/mfa", json=body, headers=OURS)
    assert (answer.status_code, answer.json()["refreshToken"]) == (200, None)
    assert (await refresh(client)).status_code == 200


def public_url_is(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.identity.sessions.cookie.links_of", lambda _request: Links(url))
