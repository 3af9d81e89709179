"""Signing in through a browser: the program listens on this computer until it comes back with a code.

RFC 8252 with PKCE (RFC 7636). Where there is no browser, the user types a code in elsewhere (RFC 8628).
"""

import asyncio
import base64
import hashlib
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from uploader.api import ApiClient, Session
from uploader.errors import SignInNeededError

PATIENCE_S = 300.0
LONGEST_REQUEST = 16 * 1024
REQUEST_S = 10.0
_PAGE = (
    '<!doctype html><html lang="{2}"><meta charset="utf-8"><title>Heddle</title>'
    "<style>:root{{color-scheme:light dark;font:1rem/1.5 system-ui}}"
    "body{{margin:10vh auto;max-width:24rem}}</style>"
    "<h1>{0}</h1><p>{1}</p>"
)


@dataclass(frozen=True, slots=True)
class Words:
    """Of the page that the browser shows at the end, in a `language` (BCP 47)."""

    signed_in: str
    not_signed_in: str
    nothing: str
    close: str
    language: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """What binds the browser's answer to this program: nobody else knows either."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def address(self, server: str, redirect_uri: str, device: str) -> str:
        """The page that the browser opens."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        asked = {
            "client_id": "heddle",
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
            "state": self.state,
            "device_name": device,
        }
        return f"{server.rstrip('/')}/oauth/authorize?{urlencode(asked)}"


async def sign_in(
    api: ApiClient, server: str, device: str, show: Callable[[str], object], words: Words
) -> Session:
    """`show` opens an address in a browser, or tells it. SignInNeededError when nobody signs in."""
    attempt = Attempt()
    async with _listening(attempt, words) as (redirect_uri, answer):
        show(attempt.address(server, redirect_uri, device))
        try:
            code = await asyncio.wait_for(answer, PATIENCE_S)
        except TimeoutError:
            raise SignInNeededError("Nobody signed in in the browser.") from None
    return await api.redeem(code, attempt.verifier, redirect_uri)


async def sign_in_by_code(api: ApiClient, device: str, show: Callable[[str, str], object]) -> Session:
    """`show` tells the address and the code to type in there. SignInNeededError when nobody does."""
    waiting = await api.begin_device(device)
    show(waiting.address, waiting.user_code)
    interval_s = waiting.interval_s
    async with asyncio.timeout(waiting.expires_in_s + interval_s):
        while True:
            await asyncio.sleep(interval_s)
            answer = await api.poll_device(waiting.device_code)
            if isinstance(answer, Session):
                return answer
            interval_s += 5.0 if answer == "slow_down" else 0.0  # RFC 8628 section 3.5


@asynccontextmanager
async def _listening(attempt: Attempt, words: Words) -> AsyncIterator[tuple[str, "asyncio.Future[str]"]]:
    """An address of this computer alone, and the code that will come to it."""
    answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(REQUEST_S):
                line = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n", 1)[0].decode("latin-1")
            writer.write(_answer(line, attempt, answer, words))
            await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # whatever that was, it was not our browser
        finally:
            writer.close()

    listener = await asyncio.start_server(handle, "127.0.0.1", 0, limit=LONGEST_REQUEST)
    port = listener.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/signed-in", answer
    finally:
        listener.close()
        await listener.wait_closed()
        answer.cancel()


def _answer(request_line: str, attempt: Attempt, answer: "asyncio.Future[str]", words: Words) -> bytes:
    method, _, rest = request_line.partition(" ")
    parts = urlsplit(rest.rpartition(" ")[0])
    sent = {name: values[0] for name, values in parse_qs(parts.query).items()}
    known = secrets.compare_digest(sent.get("state", "").encode(), attempt.state.encode())
    if method != "GET" or parts.path != "/signed-in" or not known:
        return _page("404 Not Found", words.nothing, words)
    if not answer.done():
        if code := sent.get("code"):
            answer.set_result(code)
        else:
            answer.set_exception(SignInNeededError("It was cancelled in the browser."))
    return _page("200 OK", words.signed_in if "code" in sent else words.not_signed_in, words)


def _page(status: str, title: str, words: Words) -> bytes:
    body = _PAGE.format(title, words.close, words.language).encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
