"""A child that was started before there was anything to do is like any other, only sooner."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.processing.protocol import Request
from server.processing.sandbox import run_child
from server.processing.spare import Spare
from tests.support.footage import RECORDED, every, shoot


@pytest.fixture
async def spare() -> AsyncIterator[Spare]:
    spare = Spare()
    yield spare
    await spare.close()


async def test_it_does_what_it_is_asked_in_the_folder_it_is_given(tmp_path: Path, spare: Spare) -> None:
    film, folder = shoot(tmp_path / "a.mp4", every(1), options=RECORDED), tmp_path / "work"
    folder.mkdir()
    spare.prepare()
    process = await spare.take()
    assert process is not None
    request = Request("poster", str(film), "mp4", output="poster.jpg")
    poster = await run_child(request, folder, process=process)
    assert poster["width"] == 320
    assert process.returncode is not None, "it is ended, in whatever way was first"
    assert [path.name for path in folder.iterdir()] == ["poster.jpg"]


async def test_there_is_one_at_the_most_and_it_is_taken_once(spare: Spare) -> None:
    assert await spare.take() is None
    spare.prepare()
    spare.prepare()
    first = await spare.take()
    assert first is not None
    assert await spare.take() is None
    assert first.stdin is not None
    first.stdin.close()
    assert await asyncio.wait_for(first.wait(), 60) == 0, "it ends with its parent"


async def test_one_that_nobody_takes_ends(spare: Spare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.processing.spare.KEPT_S", 0.0)
    spare.prepare()
    starting, expiry = spare._starting, spare._expiry
    assert starting is not None
    assert expiry is not None
    await expiry
    assert (await starting).returncode is not None
    assert await spare.take() is None


async def test_one_that_died_waiting_is_no_child(spare: Spare) -> None:
    spare.prepare()
    starting = spare._starting
    assert starting is not None
    process = await starting
    process.kill()
    await process.wait()
    assert await spare.take() is None
