import asyncio
import hashlib
import time
from collections.abc import AsyncIterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.double import Double
from tests.support.proxy import Proxy
from uploader import direct, protocol
from uploader.errors import ServerUnreachableError, SourceChangedError
from uploader.limits import TokenBucket
from uploader.protocol import Capabilities, Place
from uploader.retry import Backoff
from uploader.sender import Sender
from uploader.source import Source

MIB = 1024**2
AT_ONCE = Backoff(random=lambda: 0.02)


class MemoryTus:
    """Keeps bytes as a tus server does and breaks the line by plan.

    Each entry of `plan` is one request: after how many bytes the line breaks (None: not at all), whether
    the server keeps what had come, and whether only the answer is lost.
    """

    def __init__(self, plan: list[tuple[int | None, bool, bool]], checksum: str | None) -> None:
        self.data = bytearray()
        self.length: int | None = None
        self._plan = list(plan)
        self._checksum = checksum

    async def capabilities(self) -> Capabilities:
        return Capabilities(frozenset(), self._checksum, None)

    async def append(
        self,
        url: str,
        body: AsyncIterable[bytes],
        *,
        offset: int,
        size: int,
        checksum: str | None,
        declared: int | None,
        final: bool,
    ) -> int:
        assert offset == len(self.data), "bytes would be lost or doubled"
        cut, keeps, answer_lost = self._plan.pop(0) if self._plan else (None, False, False)
        received = bytearray()
        async for piece in body:
            received += piece
            if cut is not None and len(received) > cut:
                if keeps and checksum is None:
                    self.data += received[:cut]
                raise ServerUnreachableError("cut")
        assert len(received) == size
        if checksum is not None:
            assert checksum == protocol.checksum_of(checksum.split()[0], bytes(received))
        self.data += received
        self.length = declared if declared is not None else self.length
        if answer_lost:
            raise ServerUnreachableError("answer lost")
        return len(self.data)


async def send_through(tus: MemoryTus, source: Source, sender: Sender) -> int:
    while True:
        try:
            return await sender.send("u", Place(len(tus.data), tus.length))
        except ServerUnreachableError:
            continue


cuts = st.tuples(st.none() | st.integers(0, 300_000), st.booleans(), st.booleans())


@settings(deadline=None, max_examples=60)
@given(
    size=st.integers(0, 700_000),
    plan=st.lists(cuts, max_size=12),
    checksum=st.sampled_from(["sha256", None]),
    known=st.booleans(),
)
def test_whatever_is_cut_and_lost_the_bytes_arrive_identical(
    size: int, plan: list[tuple[int | None, bool, bool]], checksum: str | None, known: bool
) -> None:
    data = hashlib.shake_128(str(size).encode()).digest(size)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.mp4"
        path.write_bytes(data)
        tus = MemoryTus(plan, checksum)
        tus.length = size if known else None
        source = Source(path)
        sender = Sender(tus, source)  # type: ignore[arg-type]  # no Tus, but all that is asked of one
        assert asyncio.run(send_through(tus, source, sender)) == size
        sender.digest.catch_up(source, size)
    assert bytes(tus.data) == data
    assert tus.length == size
    assert sender.digest.hexdigest() == hashlib.sha256(data).hexdigest()


@settings(deadline=None, max_examples=15)
@given(pieces=st.lists(st.binary(min_size=0, max_size=50_000), max_size=8), plan=st.lists(cuts, max_size=6))
def test_a_growing_file_arrives_whole_whenever_its_pieces_come(
    pieces: list[bytes], plan: list[tuple[int | None, bool, bool]]
) -> None:
    async def story(path: Path) -> MemoryTus:
        tus = MemoryTus(plan, "sha256")
        source = Source(path, growing=True)
        sending = asyncio.create_task(send_through(tus, source, Sender(tus, source)))  # type: ignore[arg-type]  # no Tus, but like one
        for piece in pieces:
            with path.open("ab") as file:
                file.write(piece)
            await asyncio.sleep(0)
        path.touch()  # noqa: ASYNC240 - a test may block
        source.end()
        await asyncio.wait_for(sending, 20)
        return tus

    with TemporaryDirectory() as folder:
        tus = asyncio.run(story(Path(folder) / "a.mp4"))
    assert bytes(tus.data) == b"".join(pieces)
    assert tus.length == len(b"".join(pieces))


async def test_a_length_that_was_announced_is_kept_to(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"12345")
    tus = MemoryTus([], None)
    with pytest.raises(SourceChangedError, match="4 bytes were announced, there are 5"):
        await Sender(tus, Source(path)).send("u", Place(0, 4))  # type: ignore[arg-type]  # no Tus, but like one


async def test_each_fragment_goes_up_at_once_in_a_request_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "live.mp4"
    acked: asyncio.Queue[int] = asyncio.Queue()
    with Double() as server:
        monkeypatch.setenv("HEDDLE_TOKEN", server.token)
        from uploader.server import Server

        connection = Server(server.url)
        source = Source(path, growing=True)
        sender = Sender(connection.tus, source, on_acked=acked.put_nowait)
        url = await connection.tus.create(None, {"recordingId": "1"})
        sending = asyncio.create_task(sender.send(url, Place(0, None)))
        delays = []
        for number in range(1, 6):
            with path.open("ab") as file:
                file.write(b"x" * 200_000)
            written = time.monotonic()
            assert await asyncio.wait_for(acked.get(), 5) == number * 200_000
            delays.append(time.monotonic() - written)
        source.end()
        assert await sending == 1_000_000
        await connection.close()
        assert server.patch_sizes == [200_000] * 5 + [0]
        assert sorted(delays)[2] < 0.3
        assert server.checked_patches == 5


def test_twenty_cuts_send_at_most_two_percent_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = 64 * MIB
    path = tmp_path / "big.mp4"
    path.write_bytes(hashlib.shake_128(b"big").digest(size))
    with Double() as server, Proxy(server.port) as proxy:
        monkeypatch.setenv("HEDDLE_TOKEN", server.token)
        proxy.cut_after(*(number * size // 21 + number * 7919 for number in range(1, 21)))
        endpoint = f"{proxy.url}/api/v1/uploads"
        sent = asyncio.run(direct.send_file(endpoint, Source(path), {"recordingId": "1"}, backoff=AT_ONCE))
        assert proxy.cuts == 20
        assert sent.tries >= 20
        assert hashlib.sha256(server.the_upload().data).hexdigest() == sent.sha256
        assert proxy.bytes_up <= 1.02 * size  # headers and all
        # With what lay in the system's buffers at each cut, of which a busy machine holds more.
        assert sent.sent_bytes <= 1.1 * size


def test_a_bandwidth_limit_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size, rate = 3 * MIB, 2.0 * MIB
    path = tmp_path / "a.mp4"
    path.write_bytes(bytes(size))
    with Double() as server:
        monkeypatch.setenv("HEDDLE_TOKEN", server.token)
        endpoint = f"{server.url}/api/v1/uploads"
        metadata = {"recordingId": "1"}
        sent = asyncio.run(direct.send_file(endpoint, Source(path), metadata, bucket=TokenBucket(rate)))
    assert 0.9 * size / rate < sent.seconds < 1.6 * size / rate


def test_a_damaged_body_is_sent_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"x" * 100_000)
    with Double() as server:
        monkeypatch.setenv("HEDDLE_TOKEN", server.token)
        server.fail("PATCH", "/api/v1/uploads/", 460)
        endpoint = f"{server.url}/api/v1/uploads"
        sent = asyncio.run(direct.send_file(endpoint, Source(path), {"recordingId": "1"}, backoff=AT_ONCE))
        assert (sent.tries, sent.sent_bytes) == (2, 200_000)
        assert bytes(server.the_upload().data) == b"x" * 100_000
