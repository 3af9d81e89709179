"""Sends one delivery over HTTP, to no address that is not allowed, and says in a sentence what became of it.

The name is looked up once and the connection goes to the address that was judged, so a name that is pointed
elsewhere in between gains nothing. Proxies of the environment are not used. What a person is told never
depends on what is behind an address that is refused: not on whether a port is open, nor on whether there is
such a name.
"""

import asyncio
import json
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urljoin

import httpcore
import httpx

from server.webhooks.addresses import Address, Allowed

TIMEOUT_S = 30.0
CONNECT_S = 10.0
# Of an answer's body; the rest is not read, however long it is.
MAX_ANSWER_BYTES = 4096
# That a body may take after the status, which alone decides.
_BODY_S = 2.0
_LOOKUPS = 32
_REDIRECTS = 3
# Those that repeat the same request; any other turns it into a GET, which is no delivery.
_SAME_REQUEST = (307, 308)

Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]

REFUSED = "This address is not on the internet, or there is none by this name: nothing was sent."
UNREACHABLE = "The endpoint could not be reached."
BROKEN = "The connection broke before there was an answer."
BAD_TLS = "The endpoint's certificate is not valid for its name, or TLS failed."
GONE = 410


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one try. `problem` is a sentence, None where it was delivered; `body` its beginning."""

    status: int | None
    problem: str | None
    body: str
    duration_ms: int


class Refused(Exception):
    """The name leads to no address that may be connected to, or to none at all."""


class Client:
    """`resolve` looks up a name, by default by asking the system. `tls` says which certificates count."""

    def __init__(
        self,
        allowed: Allowed,
        *,
        timeout_s: float = TIMEOUT_S,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed = allowed
        self._timeout_s = timeout_s
        self._tls = tls
        # Threads of their own: a name server that does not answer must not hold those that read files.
        self._threads = ThreadPoolExecutor(_LOOKUPS, thread_name_prefix="webhook-dns")
        self._backend = _Guarded(allowed, resolve or self._ask_system)
        self._pool: httpcore.AsyncConnectionPool | None = None

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.aclose()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Never raises for what the other side does; takes no longer than the timeout."""
        started = time.perf_counter()
        status, text, problem = None, "", None
        try:
            async with asyncio.timeout(self._timeout_s):
                status, text, problem = await self._follow(url, headers, body)
        except (TimeoutError, httpcore.TimeoutException):
            problem = f"There was no answer within {self._timeout_s:g} seconds."
        except (Refused, httpx.InvalidURL):
            problem = REFUSED
        except httpcore.ConnectError as failure:
            problem = BAD_TLS if _is_tls(failure) else UNREACHABLE
        except (httpcore.NetworkError, httpcore.ProtocolError):
            problem = BROKEN
        return Answer(status, problem, text, round((time.perf_counter() - started) * 1000))

    async def _follow(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str, str | None]:
        """Status, body and what is wrong with them. Goes on only to hosts that the administrator named."""
        for _ in range(_REDIRECTS):
            status, text, location = await self._ask(url, headers, body)
            onward = _onward(url, location) if status in _SAME_REQUEST else None
            if onward is None or not self._allowed.names(onward.raw_host.decode()):
                break
            url = str(onward)
        if 200 <= status < 300:
            return status, text, None
        if 300 <= status < 400:
            return status, text, f"The endpoint answered {status}; redirects are not followed."
        return status, text, f"The endpoint answered {status}."

    async def _ask(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str, str]:
        parsed = httpx.URL(url)
        sent = [(b"Host", parsed.netloc)]
        sent += [(name.encode(), value.encode()) for name, value in headers.items()]
        target = httpcore.URL(
            scheme=parsed.raw_scheme, host=parsed.raw_host, port=parsed.port, target=parsed.raw_path
        )
        timeouts = {"connect": CONNECT_S, "read": self._timeout_s, "write": self._timeout_s}
        pool = await self._opened()
        asking = pool.stream("POST", target, headers=sent, content=body, extensions={"timeout": timeouts})
        async with asking as response:
            location = {name.lower(): value for name, value in response.headers}.get(b"location", b"")
            return response.status, await _beginning(response), location.decode("latin-1")

    async def _opened(self) -> httpcore.AsyncConnectionPool:
        """At the first delivery: reading the certificates takes longer than a start may."""
        tls = self._tls or await asyncio.to_thread(httpx.create_ssl_context)
        if self._pool is None:
            self._tls = tls
            self._pool = httpcore.AsyncConnectionPool(
                ssl_context=tls,
                max_connections=None,
                max_keepalive_connections=0,
                network_backend=self._backend,
            )
        return self._pool

    async def _ask_system(self, host: str, port: int) -> Sequence[Address]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _look_up, host, port)
        return list(dict.fromkeys(found))


class _Guarded(httpcore.AsyncNetworkBackend):
    """Connects to an address that was judged, and to nothing else."""

    def __init__(self, allowed: Allowed, resolve: Resolve) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        found = await self._resolve(host, port)
        addresses = [one for one in found if self._allowed.reaches(host, one)]
        if not addresses:
            raise Refused
        failure: Exception = httpcore.ConnectError()
        for address in addresses:
            try:
                return await self._inner.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as problem:
                failure = problem
        raise failure

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def _look_up(host: str, port: int) -> list[Address]:
    """Blocking. Nothing where there is no such name."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [ip_address(str(sockaddr[0])) for *_, sockaddr in found]


def _is_tls(problem: BaseException | None) -> bool:
    while problem is not None and not isinstance(problem, ssl.SSLError):
        problem = problem.__cause__ or problem.__context__
    return problem is not None


async def _beginning(response: httpcore.Response) -> str:
    """As much of a body as is kept, if it comes at once."""
    body = b""
    with suppress(TimeoutError, httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError):
        async with asyncio.timeout(_BODY_S):
            async for chunk in response.aiter_stream():
                body += chunk
                if len(body) >= MAX_ANSWER_BYTES:
                    break
    # A database's text has no NUL.
    return body[:MAX_ANSWER_BYTES].decode("utf-8", "replace").replace("\0", "\ufffd")


def _onward(url: str, location: str) -> httpx.URL | None:
    try:
        onward = httpx.URL(urljoin(url, location))
    except (httpx.InvalidURL, ValueError):
        return None
    return onward if onward.scheme in ("http", "https") and onward.host and not onward.userinfo else None


def encoded(payload: Mapping[str, object]) -> str:
    """As JavaScript writes JSON: without spaces, and with characters as they are."""
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False)
