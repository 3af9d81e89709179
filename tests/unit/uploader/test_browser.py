"""A sign-in in the browser, from the program's side."""

import asyncio
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from uploader import browser
from uploader.api import ApiClient
from uploader.errors import SignInNeededError

SERVER = "http://heddle.test"
WORDS = browser.Words("Angemeldet", "Nicht angemeldet", "Nichts", "Zumachen.", "de")
PAIR = {"access_token": "a", "refresh_token": "r", "expires_in": 900, "email": "ada@b.c"}
Answer = tuple[int, dict[str, object]]


class Token:
    """The server's end: answers in turn, and what was sent."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.sent = list(answers), []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.sent.append({name: value[0] for name, value in parse_qs(request.content.decode()).items()})
        status, body = self.answers.pop(0)
        return httpx.Response(status, json=body)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self), base_url=SERVER)


def visiting(**changes: str) -> tuple[Callable[[str], object], list[asyncio.Task[httpx.Response]]]:
    """A browser in which somebody signs in at once."""
    visits: list[asyncio.Task[httpx.Response]] = []

    async def visit(address: str) -> httpx.Response:
        asked = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
        sent = {"code": "the code", "state": asked["state"], **changes}
        async with httpx.AsyncClient(trust_env=False) as http:
            foreign = await http.get(asked["redirect_uri"], params={**sent, "state": "guessed"})
            assert foreign.status_code == 404
            wanted = {name: value for name, value in sent.items() if value}
            return await http.get(asked["redirect_uri"], params=wanted)

    return lambda address: visits.append(asyncio.create_task(visit(address))), visits


async def test_the_code_that_comes_back_is_redeemed_with_what_only_this_program_knows() -> None:
    show, visits = visiting()
    server = Token((200, PAIR))
    async with server.client() as http:
        session = await browser.sign_in(ApiClient(http), SERVER, "Laptop", show, WORDS)
    assert (session.email, session.credential.token, session.credential.refresh) == ("ada@b.c", "a", "r")
    page = (await visits[0]).text
    assert '<html lang="de">' in page
    assert "<h1>Angemeldet</h1><p>Zumachen.</p>" in page
    (sent,) = server.sent
    assert (sent["code"], sent["grant_type"]) == ("the code", "authorization_code")
    assert 43 <= len(sent["code_verifier"]) <= 128
    assert sent["redirect_uri"].startswith("http://127.0.0.1:")


async def test_a_sign_in_that_is_cancelled_is_said_to_be() -> None:
    show, visits = visiting(code="", error="access_denied")
    async with Token().client() as http:
        with pytest.raises(SignInNeededError, match="cancelled"):
            await browser.sign_in(ApiClient(http), SERVER, "Laptop", show, WORDS)
    await asyncio.gather(*visits, return_exceptions=True)


async def test_nobody_is_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "PATIENCE_S", 0.01)
    async with Token().client() as http:
        with pytest.raises(SignInNeededError, match="Nobody"):
            await browser.sign_in(ApiClient(http), SERVER, "Laptop", lambda _: None, WORDS)


async def test_a_code_typed_in_elsewhere_is_waited_for() -> None:
    begun = {
        "device_code": "d",
        "user_code": "BCDF-GHJK",
        "verification_uri": f"{SERVER}/device",
        "expires_in": 600,
        "interval": 0,
    }
    server = Token((200, begun), (400, {"error": "authorization_pending"}), (200, PAIR))
    shown: list[tuple[str, str]] = []
    async with server.client() as http:
        session = await browser.sign_in_by_code(ApiClient(http), "Rack", lambda *told: shown.append(told))
    assert session.email == "ada@b.c"
    assert shown == [(f"{SERVER}/device", "BCDF-GHJK")]
    assert server.sent[0]["device_name"] == "Rack"


@pytest.mark.parametrize("error", ["access_denied", "expired_token", "invalid_grant"])
async def test_a_code_that_will_never_be_good_ends_the_waiting(error: str) -> None:
    async with Token((400, {"error": error})).client() as http:
        with pytest.raises(SignInNeededError):
            await ApiClient(http).poll_device("d")
