"""One HTTP client per server: kept-alive connections, patience by kind of request, the sign-in on each of
them.
"""

import socket
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from uploader.credentials import token_for
from uploader.errors import NotHeddleError, ServerUnreachableError, UploadError
from uploader.protocol import problem

CONNECT_S, ANSWER_S = 10.0, 20.0
FINAL_ANSWER_S = 120.0  # the server looks into a finished file before it acknowledges its last bytes
KEEP_ALIVE_S = 60.0
SILENCE_MS = 15_000  # a peer that acknowledges nothing for so long is gone
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Tokens:
    """The sign-in of one server, read once and again after the server refused it."""

    def __init__(self, server: str, read: Callable[[str], str | None] = token_for) -> None:
        self._server, self._read = server, read
        self._token: str | None = None

    def get(self) -> str | None:
        if self._token is None:
            self._token = self._read(self._server)
        return self._token

    def forget(self) -> None:
        self._token = None


class BearerAuth(httpx.Auth):
    """The token goes to the server that gave it and to nobody else, wherever an answer points."""

    def __init__(self, server: httpx.URL, tokens: Tokens) -> None:
        self._server, self._tokens = server, tokens

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        ours = (self._server.scheme, self._server.host, self._server.port)
        token = (
            self._tokens.get() if (request.url.scheme, request.url.host, request.url.port) == ours else None
        )
        if token:
            request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code == 401:
            self._tokens.forget()


def open_client(server: str, tokens: Tokens | None = None) -> httpx.AsyncClient:
    """NotHeddleError when `server` is no address."""
    try:
        url = httpx.URL(server)
    except httpx.InvalidURL as error:
        raise NotHeddleError(f"{server!r}: {error}") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise NotHeddleError(f"{server!r} does not begin with http:// or https://.")
    limits = httpx.Limits(keepalive_expiry=KEEP_ALIVE_S)
    # Loading the authorities takes 30 ms that a plain http:// server does not need.
    verify = url.scheme == "https"
    return httpx.AsyncClient(
        base_url=url,
        auth=BearerAuth(url, tokens or Tokens(server)),
        timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S),
        trust_env=url.host not in LOOPBACK,  # no proxy stands between this machine and itself
        transport=httpx.AsyncHTTPTransport(verify=verify, limits=limits, socket_options=_socket_options()),
    )


def patience(answer_s: float) -> httpx.Timeout:
    """For one request: how long its answer may take."""
    return httpx.Timeout(answer_s, connect=CONNECT_S, write=ANSWER_S)


@contextmanager
def reaching(server: object) -> Iterator[None]:
    """Turns what httpx raises when a network fails into ours."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise ServerUnreachableError(f"{server} did not answer in time.") from error
    except httpx.TransportError as error:
        raise ServerUnreachableError(f"{server}: {error or type(error).__name__}") from error


def problem_of(response: httpx.Response) -> UploadError:
    """The error that an answer stands for, with the server's own sentence where it sent one."""
    sentence, code = _sentence(response)
    return problem(response.status_code, response.headers, sentence, code)


def _sentence(response: httpx.Response) -> tuple[str, str]:
    try:
        body: Any = response.json()
    except ValueError:
        text = response.text.strip()
        return (text if len(text) < 200 and "<" not in text else ""), ""
    if not isinstance(body, dict):
        return "", ""
    return str(body.get("error") or ""), str(body.get("code") or "")


def _socket_options() -> list[tuple[int, int, int]]:
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    if sys.platform == "linux":
        options.append((socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENCE_MS))
    return options
