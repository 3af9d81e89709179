"""One delivery over a real socket: to the address that was judged, within its time, and in few words."""

import asyncio
import json
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest

from server.webhooks import transport
from server.webhooks.addresses import Address, Allowed
from server.webhooks.transport import BAD_TLS, BROKEN, REFUSED, UNREACHABLE, Answer, Client
from tests.support.receiver import Heard, Receiver, Reply, self_signed
from tests.unit.server.webhooks.conftest import TLS

BODY = '{"text":"é"}'.encode()
HERE = "127.0.0.1"


class Names:
    """A name server that answers what it is told, one answer after the other, and counts the questions."""

    def __init__(self, *answers: str) -> None:
        self.asked = 0
        self._answers = answers

    async def __call__(self, _host: str, _port: int) -> Sequence[Address]:
        answer = self._answers[min(self.asked, len(self._answers) - 1)]
        self.asked += 1
        return [ip_address(one) for one in answer.split()]


@asynccontextmanager
async def opened(allow: str = HERE, **options: object) -> AsyncIterator[Client]:
    client = Client(Allowed.parse(allow), **{"timeout_s": 10, "tls": TLS, **options})  # type: ignore[arg-type]  # a row of options
    try:
        yield client
    finally:
        await client.close()


async def post(url: str, allow: str = HERE, **options: object) -> Answer:
    async with opened(allow, **options) as client:
        return await client.post(url, {"Content-Type": "application/json", "X-Loom-Event": "e"}, BODY)


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind((HERE, 0))
        return int(taken.getsockname()[1])


async def test_the_body_arrives_to_the_byte_with_its_headers(receiver: Receiver) -> None:
    answer = await post(f"{receiver.url}?a=b%20c")
    (heard,) = receiver.heard
    assert (answer.status, answer.problem, answer.body) == (200, None, "thanks")
    assert heard.body == BODY
    assert heard.path == "/hook?a=b%20c"
    assert heard.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert heard.headers["content-type"] == "application/json"


@pytest.mark.parametrize("status", [204, 400, 410, 500, 503])
async def test_only_an_answer_of_success_counts(receiver: Receiver, status: int) -> None:
    receiver.answer = lambda _heard: Reply(status, b"")
    answer = await post(receiver.url)
    assert answer.status == status
    assert answer.problem == (None if status == 204 else f"The endpoint answered {status}.")


async def test_of_a_long_answer_only_the_beginning_is_read(receiver: Receiver) -> None:
    receiver.answer = lambda _heard: Reply(200, b"x" * 50_000_000)
    answer = await post(receiver.url)
    assert answer.problem is None
    assert answer.body == "x" * transport.MAX_ANSWER_BYTES


async def test_an_answer_that_is_no_text_is_kept_as_far_as_it_can_be(receiver: Receiver) -> None:
    receiver.answer = lambda _heard: Reply(200, b"\xff\x00ok")
    assert (await post(receiver.url)).body == "\ufffd\ufffdok"


async def test_an_answer_without_end_does_not_keep_the_sender(receiver: Receiver) -> None:
    receiver.answer = lambda _heard: Reply(200, b"beginning", {"Content-Length": "1000"})
    answer = await post(receiver.url)
    assert (answer.problem, answer.body) == (None, "beginning")


async def test_an_endpoint_that_does_not_answer_is_given_up(receiver: Receiver) -> None:
    release = threading.Event()

    def wait(_heard: Heard) -> Reply:
        release.wait(30)
        return Reply()

    receiver.answer = wait
    try:
        answer = await post(receiver.url, timeout_s=0.2)
    finally:
        release.set()
    assert answer.status is None
    assert answer.problem == "There was no answer within 0.2 seconds."


async def test_nobody_there_and_no_http_end_in_a_sentence() -> None:
    assert (await post(f"http://{HERE}:{closed_port()}/")).problem == UNREACHABLE

    async def nonsense(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.org ESMTP\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(nonsense, HERE, 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert (await post(f"http://{HERE}:{port}/")).problem == BROKEN


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0"])
async def test_what_only_this_machine_reaches_is_not_asked(receiver: Receiver, host: str) -> None:
    answer = await post(f"http://{host}:{receiver.port}/hook", allow="")
    assert (answer.status, answer.problem, answer.body) == (None, REFUSED, "")
    assert receiver.heard == []


@pytest.mark.parametrize("host", ["0x7f000001", "2130706433", "127.1", "0177.0.0.1", "[::ffff:127.0.0.1]"])
async def test_other_ways_to_write_the_same_address_are_no_way_around(receiver: Receiver, host: str) -> None:
    """As the system understands them."""
    meant = "::ffff:127.0.0.1" if "[" in host else socket.inet_ntoa(socket.inet_aton(host))
    answer = await post(f"http://{host}:{receiver.port}/hook", allow="", resolve=Names(meant))
    assert answer.problem == REFUSED
    assert receiver.heard == []


async def test_a_refusal_does_not_tell_what_is_there(receiver: Receiver) -> None:
    """An open port, a closed one, and a name that does not exist look the same."""
    answers = [
        await post(receiver.url, allow=""),
        await post(f"http://{HERE}:{closed_port()}/", allow=""),
        await post("http://hooks.example.org/", allow="", resolve=Names("")),
        await post("http://hooks.example.org/", allow="", resolve=Names("10.0.0.1 fe80::1")),
    ]
    assert {(one.status, one.problem, one.body) for one in answers} == {(None, REFUSED, "")}


async def test_a_name_that_is_pointed_elsewhere_gains_nothing() -> None:
    """DNS rebinding: the first answer is judged and connected to; there is no second question."""
    with Receiver("127.0.0.2") as good, Receiver("127.0.0.1", good.port) as trap:
        names = Names("127.0.0.2", "127.0.0.1")
        url = f"http://hooks.example.org:{good.port}/hook"
        async with opened("127.0.0.2", resolve=names) as client:
            first = await client.post(url, {"X-Loom-Event": "e"}, BODY)
            assert (first.problem, names.asked) == (None, 1)
            second = await client.post(url, {"X-Loom-Event": "e"}, BODY)
        assert second.problem == REFUSED
        assert len(good.heard) == 1
        assert good.heard[0].headers["host"] == f"hooks.example.org:{good.port}"
        assert trap.heard == []


async def test_of_several_addresses_only_those_that_are_allowed_are_tried() -> None:
    with Receiver("127.0.0.2") as good, Receiver("127.0.0.1", good.port) as trap:
        names = Names("127.0.0.1 ::1 127.0.0.3 127.0.0.2")
        url = f"http://hooks.example.org:{good.port}/hook"
        answer = await post(url, "127.0.0.2, 127.0.0.3", resolve=names)
        assert answer.problem is None
        assert len(good.heard) == 1
        assert trap.heard == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(receiver: Receiver, status: int) -> None:
    """Not even to where the endpoint itself is."""
    with Receiver("127.0.0.2") as other:
        receiver.answer = lambda _heard: Reply(status, b"", {"Location": other.url})
        answer = await post(f"http://hooks.example.org:{receiver.port}/", resolve=Names(HERE))
        assert answer.status == status
        assert answer.problem == f"The endpoint answered {status}; redirects are not followed."
        assert other.heard == []


async def test_a_redirect_to_a_host_that_the_administrator_named_is_followed(receiver: Receiver) -> None:
    with Receiver("127.0.0.2") as other:
        receiver.answer = lambda _heard: Reply(307, b"", {"Location": other.url})
        assert (await post(receiver.url, "127.0.0.1, 127.0.0.2")).problem is None
        assert [one.body for one in other.heard] == [BODY]
        receiver.answer = lambda _heard: Reply(303, b"", {"Location": other.url})
        assert (await post(receiver.url, "127.0.0.1, 127.0.0.2")).status == 303
        assert len(other.heard) == 1


async def test_redirects_in_a_circle_end(receiver: Receiver) -> None:
    receiver.answer = lambda _heard: Reply(308, b"", {"Location": "/again"})
    assert (await post(receiver.url)).status == 308
    assert len(receiver.heard) == 3


async def test_proxies_of_the_environment_are_not_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://{HERE}:{closed_port()}")
    assert (await post(receiver.url)).problem is None


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed(tmp_path_factory.mktemp("tls"), "hooks.example.org")


@pytest.fixture
def secure(certificate: Path) -> Iterator[Receiver]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Receiver(tls=context) as receiver:
        yield receiver


async def test_a_certificate_must_be_valid_for_the_name(secure: Receiver, certificate: Path) -> None:
    """The name of the address counts, although the connection goes to numbers."""
    trusting = httpx.create_ssl_context()
    trusting.load_verify_locations(certificate)
    options = {"resolve": Names(HERE), "tls": trusting}
    assert (await post(f"https://hooks.example.org:{secure.port}/", **options)).problem is None
    assert (await post(f"https://other.example.org:{secure.port}/", **options)).problem == BAD_TLS
    options.pop("tls")
    assert (await post(f"https://hooks.example.org:{secure.port}/", **options)).problem == BAD_TLS
    assert len(secure.heard) == 1


def test_json_is_written_as_javascript_writes_it() -> None:
    text = transport.encoded({"a": 1, "b": ["é", None, True]})
    assert text == '{"a":1,"b":["é",null,true]}'
    assert json.loads(text) == {"a": 1, "b": ["é", None, True]}
