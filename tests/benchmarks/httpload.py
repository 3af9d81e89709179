"""Requests over connections that stay open, and how long their answers take, at little cost of its own."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Target:
    """What is asked again and again: an address, and whose token is shown.

    With `pages` it is one page after another of so many.
    """

    url: str
    token: str = ""
    pages: int = 0

    @property
    def place(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or 80

    @property
    def requests(self) -> Iterator[bytes]:
        """Without an end."""
        return cycle([self._request(f"?page={page}" if page else "") for page in range(self.pages or 1)])

    def _request(self, query: str) -> bytes:
        parts = urlsplit(self.url)
        path = parts.path + query
        shown = f"Authorization: Bearer {self.token}\r\n" if self.token else ""
        return f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{shown}\r\n".encode()


async def rate(target: Target, *, connections: int, seconds: float) -> float:
    """Answers a second when each connection asks as soon as it was answered."""
    end = time.perf_counter() + seconds

    async def ask_on() -> int:
        count = 0
        async with _Line(target) as line:
            while time.perf_counter() < end:
                await line.ask()
                count += 1
        return count

    counts = await asyncio.gather(*(ask_on() for _ in range(connections)))
    return sum(counts) / seconds


async def latencies(target: Target, *, connections: int, per_second: float, seconds: float) -> list[float]:
    """Seconds from when a request was due until it was answered, at an even rate."""
    due = iter(range(int(per_second * seconds)))
    began, took = time.perf_counter(), []

    async def ask_on() -> None:
        async with _Line(target) as line:
            for number in due:
                at = began + number / per_second
                await asyncio.sleep(max(0.0, at - time.perf_counter()))
                await line.ask()
                took.append(time.perf_counter() - at)

    await asyncio.gather(*(ask_on() for _ in range(connections)))
    return took


def percentile(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


class _Line:
    def __init__(self, target: Target) -> None:
        self._target = target
        self._requests = target.requests

    async def __aenter__(self) -> "_Line":
        self._reader, self._writer = await asyncio.open_connection(*self._target.place)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()
        await self._writer.wait_closed()

    async def ask(self) -> bytes:
        self._writer.write(next(self._requests))
        head = await self._reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        for line in head.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                return await self._reader.readexactly(int(value))
        raise AssertionError(f"no length: {head!r}")
