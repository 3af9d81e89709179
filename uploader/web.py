"""One HTTP client per server: kept-alive connections, patience by kind of request, the sign-in on each of
them.
"""

import platform
import socket
import ssl
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import httpx

from uploader.addresses import LOOPBACK
from uploader.credentials import Credential
from uploader.errors import NotHeddleError, ServerUnreachableError, UntrustedServerError, UploadError
from uploader.protocol import problem
from uploader.tokens import Renewal, Tokens, renew_at

_LAST_PORT = 65_535
CONNECT_S, ANSWER_S = 10.0, 20.0
FINAL_ANSWER_S = 120.0  # the server looks into a finished file before it acknowledges its last bytes
KEEP_ALIVE_S = 60.0
_NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE")  # OpenSSL 3.0 and 3.2 on, of plain HTTP
SILENCE_MS = 15_000  # a peer that acknowledges nothing for so long is gone


class BearerAuth(httpx.Auth):
    """The token goes to the server that gave it and to nobody else, wherever an answer points."""

    def __init__(self, server: httpx.URL, tokens: Tokens) -> None:
        self._server, self._tokens = server, tokens

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        ours = (self._server.scheme, self._server.host, self._server.port)
        asked = (request.url.scheme, request.url.host, request.url.port)
        token = await self._tokens.current() if asked == ours else None
        if token:
            request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if token is None or response.status_code != httpx.codes.UNAUTHORIZED:
            return
        another = await self._tokens.after(token)
        # A body that was read from a file is gone: whoever sent it asks how far it came, and goes on.
        if another and isinstance(request.stream, httpx.ByteStream):
            request.headers["Authorization"] = f"Bearer {another}"
            yield request


def open_client(server: str, tokens: Tokens | None = None) -> httpx.AsyncClient:
    """NotHeddleError when `server` is no address."""
    try:
        url = httpx.URL(server)
    except httpx.InvalidURL as error:
        raise NotHeddleError(f"{server!r}: {error}") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise NotHeddleError(f"{server!r} does not begin with http:// or https://.")
    if url.port is not None and url.port > _LAST_PORT:
        raise NotHeddleError(f"{server!r}: there is no port {url.port}.")
    limits = httpx.Limits(keepalive_expiry=KEEP_ALIVE_S)
    # Loading the authorities takes 30 ms that a plain http:// server does not need.
    verify = url.scheme == "https"
    tokens = tokens or Tokens(server)
    client = httpx.AsyncClient(
        base_url=url,
        auth=BearerAuth(url, tokens),
        headers={"User-Agent": _program()},
        timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S),
        trust_env=url.host not in LOOPBACK,  # no proxy stands between this machine and itself
        transport=httpx.AsyncHTTPTransport(verify=verify, limits=limits, socket_options=_socket_options()),
    )

    async def renew(refresh: str, key: str) -> Renewal:
        return await _renew(client, refresh, key)

    tokens.use(renew)
    return client


async def _renew(client: httpx.AsyncClient, refresh: str, key: str) -> Renewal:
    with reaching(client.base_url.host):
        response = await client.post(
            "/auth/refresh",
            json={"refreshToken": refresh},
            headers={"Idempotency-Key": key},
            auth=httpx.Auth(),  # none: this is how the next one is got
        )
    if response.status_code == httpx.codes.UNAUTHORIZED:
        return Renewal(None)
    if not response.is_success:
        raise problem_of(response)
    return Renewal(credential_of(response))


def credential_of(response: httpx.Response) -> Credential:
    """From an answer to a sign-in or a refresh. NotHeddleError when it has no token."""
    try:
        data: Any = response.json()
    except ValueError as error:
        raise NotHeddleError("Its answer to the sign-in is not JSON.") from error
    return credential_from(data if isinstance(data, dict) else {})


def credential_from(data: dict[str, Any]) -> Credential:
    """As `credential_of`. A server that tells no refresh token gave one that does not end soon."""
    token, refresh, expires_in = data.get("token"), data.get("refreshToken"), data.get("expiresIn")
    if not isinstance(token, str) or not token:
        raise NotHeddleError("Its answer to the sign-in has no token.")
    if not isinstance(refresh, str) or not isinstance(expires_in, int | float):
        return Credential(token)
    return Credential(token, refresh, renew_at(expires_in))


@cache
def _program() -> str:
    """What the list of devices on the server shows beside the device's name."""
    try:
        number = version("heddle")
    except PackageNotFoundError:
        number = "0"
    return f"heddle/{number} ({platform.system()})"


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
        raise _unreachable(server, error) from error


def _unreachable(server: object, error: httpx.TransportError) -> ServerUnreachableError:
    """In words where people meet it; else what the system says."""
    cause = _cause(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return UntrustedServerError(f"{server}: {cause.verify_message}.")
    if isinstance(cause, ssl.SSLError) and cause.reason in _NO_TLS:
        return ServerUnreachableError(f"{server} is not encrypted: its address begins with http://.")
    if isinstance(cause, socket.gaierror):
        return ServerUnreachableError(f"No computer of this name is known: {server}")
    if isinstance(cause, ConnectionRefusedError):
        return ServerUnreachableError(f"Nothing answers at {server}.")
    return ServerUnreachableError(f"{server}: {error or type(error).__name__}")


def _cause(error: BaseException) -> BaseException | None:
    """The system's error behind those of the libraries."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(
        cause, ssl.SSLError | socket.gaierror | ConnectionRefusedError
    ):
        cause = cause.__cause__ or cause.__context__
    return cause


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
