"""Our tus client against the reference server, `@tus/server` with its file store."""

import asyncio
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.nodes import tus_node_server
from tests.support.proxy import Proxy
from uploader import direct, web
from uploader.errors import UploadGoneError
from uploader.retry import Backoff
from uploader.source import Source
from uploader.transport import TusClient

AT_ONCE = Backoff(random=lambda: 0.02)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tus") / "files"


@pytest.fixture
def endpoint(store: Path) -> Iterator[str]:
    with tus_node_server(store) as (_, url):
        yield url


def stored(store: Path, sent: direct.Sent) -> str:
    """SHA-256 of what the server has on disk."""
    return hashlib.sha256((store / sent.url.rsplit("/", 1)[1]).read_bytes()).hexdigest()


def port_of(endpoint: str) -> int:
    return int(endpoint.split(":")[2].split("/", maxsplit=1)[0])


@pytest.mark.parametrize("size", [1, 100_000, 5_000_000])
def test_a_file_arrives_identical(endpoint: str, store: Path, tmp_path: Path, size: int) -> None:
    path = tmp_path / "film with spaces and Ümläuts.mp4"
    path.write_bytes(os.urandom(size))
    sent = asyncio.run(direct.send_file(endpoint, Source(path)))
    assert stored(store, sent) == sent.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (sent.bytes, sent.tries) == (size, 1)


async def test_a_file_that_grows_and_declares_its_length_at_the_end(
    endpoint: str, store: Path, tmp_path: Path
) -> None:
    path = tmp_path / "live.mp4"
    source = Source(path, growing=True)
    sending = asyncio.create_task(direct.send_file(endpoint, source))
    for _ in range(5):
        with path.open("ab") as file:
            file.write(os.urandom(70_000))
        await asyncio.sleep(0.06)
    source.end()
    sent = await asyncio.wait_for(sending, 20)
    assert sent.bytes == 350_000
    assert stored(store, sent) == sent.sha256


def test_a_line_that_breaks_seven_times(endpoint: str, store: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(os.urandom(8_000_000))
    with Proxy(port_of(endpoint)) as proxy:
        proxy.cut_after(*range(1_000_000, 8_000_000, 1_000_000))
        through = endpoint.replace(f":{port_of(endpoint)}/", f":{proxy.port}/")
        sent = asyncio.run(direct.send_file(through, Source(path), backoff=AT_ONCE))
        assert proxy.cuts == 7
    assert stored(store, sent) == sent.sha256


async def test_an_upload_is_asked_for_and_given_up(endpoint: str) -> None:
    async with web.open_client(endpoint) as http:
        tus = TusClient(http, endpoint)
        assert "creation-defer-length" in (await tus.capabilities()).extensions
        url = await tus.create(10, {"filename": "a"})
        assert await tus.place(url) == direct.Place(0, 10)
        await tus.terminate(url)
        with pytest.raises(UploadGoneError):
            await tus.place(url)
