import asyncio
import hashlib
from pathlib import Path

import pytest

from uploader.errors import SourceChangedError, SourceMissingError, SourceShorterError
from uploader.source import Reach, RunningDigest, Source, fingerprint_of


async def test_a_growing_file_may_appear_later(tmp_path: Path) -> None:
    path = tmp_path / "later.mp4"
    source = Source(path, growing=True)
    waiting = asyncio.create_task(source.beyond(0))
    await asyncio.sleep(0)
    assert source.size() is None
    path.write_bytes(b"abc")
    assert await asyncio.wait_for(waiting, 2) == Reach(3, ended=False)


async def test_bytes_that_are_appended_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"abc")
    waiting = asyncio.create_task(Source(path, growing=True).beyond(3))
    await asyncio.sleep(0)
    with path.open("ab") as file:
        file.write(b"def")
    assert await asyncio.wait_for(waiting, 2) == Reach(6, ended=False)


async def test_the_end_wakes_whoever_waits_for_more(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"abc")
    source = Source(path, growing=True)
    waiting = asyncio.create_task(source.beyond(3))
    await asyncio.sleep(0)
    source.end()
    assert await asyncio.wait_for(waiting, 0.04) == Reach(3, ended=True)


async def test_a_file_shorter_than_what_the_server_has_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"abc")
    for growing in (True, False):
        with pytest.raises(SourceShorterError, match="3 bytes"):
            await Source(path, growing=growing).beyond(4)


async def test_a_finished_file_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceMissingError, match="nowhere"):
        await Source(tmp_path / "nowhere.mp4").beyond(0)


async def test_a_finished_file_that_changes_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"abc")
    source = Source(path, fingerprint=fingerprint_of(path))
    assert await source.beyond(0) == Reach(3, ended=True)
    path.write_bytes(b"abcd")
    with pytest.raises(SourceChangedError):
        await source.beyond(0)


def test_reading_past_the_end_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"abc")
    assert Source(path).read(1, 2) == b"bc"
    with pytest.raises(SourceShorterError):
        Source(path).read(1, 3)


def test_the_digest_takes_bodies_in_order_and_reads_what_it_missed(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    data = bytes(range(256)) * 9000
    path.write_bytes(data)
    digest = RunningDigest()
    digest.feed(0, data[:1000])
    digest.feed(500, data[500:2000])  # sent again after a cut: already counted
    digest.feed(5000, data[5000:6000])  # ahead of where it stands
    assert digest.position == 1000
    digest.catch_up(Source(path), len(data))
    assert digest.hexdigest() == hashlib.sha256(data).hexdigest()
