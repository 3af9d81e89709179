"""Large bodies and slow heads over real sockets, through uvicorn, on both event loops."""

import asyncio
import hashlib
import random
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any

import pytest
import uvicorn

from server import protocol
from server.large_body import BUFFER, LARGE
from server.protocol import HeddleProtocol

SIZES = [LARGE - 1, LARGE, BUFFER, BUFFER + 1, 5 * BUFFER + 12_345]
Message = MutableMapping[str, Any]


class Echo:
    """Answers with the size and SHA-256 of the body; refuses /refused without reading it."""

    def __init__(self) -> None:
        self.pieces: list[int] = []
        self.ended = threading.Event()

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        if scope["path"] == "/refused":
            await answer(send, 413, b"too much")
            return
        pieces: list[bytes] = []
        self.pieces.clear()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.ended.set()
                return
            pieces.append(message["body"])  # kept as they are: later ones must not write over them
            self.pieces.append(len(message["body"]))
            if not message["more_body"]:
                break
            await asyncio.sleep(0)
        body = b"".join(pieces)
        await answer(send, 200, f"{len(body)} {hashlib.sha256(body).hexdigest()}".encode())


async def answer(send: Callable[[Message], Awaitable[None]], status: int, body: bytes) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [length]})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture(params=["uvloop", "asyncio"])
def port(request: pytest.FixtureRequest, echo: Echo) -> Iterator[int]:
    if request.param == "uvloop":
        pytest.importorskip("uvloop", reason="uvloop is not for this system")
    config = uvicorn.Config(echo, http=HeddleProtocol, loop=request.param, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(10)
    listener.close()
    assert not thread.is_alive()


@pytest.fixture
def wire(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        yield wire


def body_of(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def head(size: int, path: str = "/", *more: str) -> bytes:
    lines = [f"PATCH {path} HTTP/1.1", "Host: heddle.test", f"Content-Length: {size}", *more, "", ""]
    return "\r\n".join(lines).encode()


def read_answer(wire: socket.socket) -> tuple[int, bytes]:
    """One answer and no byte more."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += wire.recv(1)
    fields = dict(line.split(": ", 1) for line in raw.decode().lower().split("\r\n")[1:] if line)
    body = b""
    while len(body) < int(fields.get("content-length", 0)):
        body += wire.recv(1)
    return int(raw.split()[1]), body


def expected(body: bytes) -> tuple[int, bytes]:
    return 200, f"{len(body)} {hashlib.sha256(body).hexdigest()}".encode()


@pytest.mark.parametrize("size", SIZES)
def test_bodies_arrive_as_they_were_sent_one_after_another(wire: socket.socket, size: int) -> None:
    for number in range(3):
        body = body_of(size + number)
        wire.sendall(head(len(body)) + body)
        assert read_answer(wire) == expected(body)


def test_a_large_body_is_handed_on_in_large_pieces(wire: socket.socket, echo: Echo) -> None:
    body = body_of(8 * BUFFER)
    wire.sendall(head(len(body)) + body)
    assert read_answer(wire) == expected(body)
    assert max(echo.pieces) == BUFFER


def test_a_slow_body_is_handed_on_as_it_comes(wire: socket.socket, echo: Echo) -> None:
    body = body_of(LARGE)
    wire.sendall(head(len(body)))
    for first in range(0, len(body), LARGE // 4):
        wire.sendall(body[first : first + LARGE // 4])
        while sum(echo.pieces) < first + LARGE // 4:  # the test's time limit is the limit
            threading.Event().wait(0.005)
    assert read_answer(wire) == expected(body)


def test_requests_behind_a_large_body_are_answered_in_order(wire: socket.socket) -> None:
    first, second, third = body_of(3 * BUFFER), body_of(10), body_of(2 * BUFFER)
    everything = b"".join(head(len(body)) + body for body in (first, second, third))
    sender = threading.Thread(target=wire.sendall, args=(everything,))
    sender.start()
    assert [read_answer(wire) for _ in range(3)] == [expected(first), expected(second), expected(third)]
    sender.join()


def test_a_refused_body_is_read_to_its_end_and_the_connection_lives_on(wire: socket.socket) -> None:
    wire.sendall(head(6 * BUFFER, "/refused"))
    assert read_answer(wire) == (413, b"too much")
    wire.sendall(body_of(6 * BUFFER))
    small = body_of(100)
    wire.sendall(head(len(small)) + small)
    assert read_answer(wire) == expected(small)


def test_a_client_that_leaves_is_noticed(port: int, echo: Echo) -> None:
    with socket.create_connection(("127.0.0.1", port)) as wire:
        wire.sendall(head(4 * BUFFER) + body_of(2 * BUFFER))
    assert echo.ended.wait(10)


def test_a_client_that_asks_first_is_told_to_go_on(wire: socket.socket) -> None:
    body = body_of(2 * BUFFER)
    wire.sendall(head(len(body), "/", "Expect: 100-continue"))
    assert read_answer(wire)[0] == 100
    wire.sendall(body)
    assert read_answer(wire) == expected(body)


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: "], ids=["silent", "half a head"])
def test_a_head_that_does_not_come_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, port: int, begun: bytes
) -> None:
    monkeypatch.setattr(protocol, "HEAD_TIMEOUT_S", 0.2)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        wire.sendall(begun)
        assert wire.recv(1) == b""


def test_the_next_request_may_come_late_and_its_body_slowly(
    monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    monkeypatch.setattr(protocol, "HEAD_TIMEOUT_S", 0.2)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        for body in (body_of(20), body_of(LARGE)):
            wire.sendall(head(len(body)))
            threading.Event().wait(0.4)  # longer than a head may take
            wire.sendall(body)
            assert read_answer(wire) == expected(body)
            threading.Event().wait(0.4)
