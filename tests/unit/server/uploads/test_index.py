"""Live indexes: built from files, fed with committed bytes, shared by all who wait."""

import asyncio
from pathlib import Path

import pytest

from media.fragments import MAX_PIXELS, FragmentError
from server.uploads.index import LiveIndexes
from tests.support import films

FILM = films.growing(3.0)


class Disk:
    """What is committed, as the database would say."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sizes: dict[str, int] = {}
        self.finished = False
        self.asked = 0

    def write(self, name: str, data: bytes, committed: int | None = None) -> None:
        (self.folder / name).write_bytes(data)
        self.sizes[name] = len(data) if committed is None else committed

    async def committed(self, name: str) -> tuple[Path, int, bool] | None:
        self.asked += 1
        return (self.folder / name, self.sizes[name], self.finished) if name in self.sizes else None


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path)


@pytest.fixture
def indexes(disk: Disk) -> LiveIndexes:
    return LiveIndexes(disk.committed, MAX_PIXELS)


async def test_an_index_is_built_from_the_committed_bytes_alone(disk: Disk, indexes: LiveIndexes) -> None:
    disk.write("a", FILM, committed=len(FILM) // 2)
    index = await indexes.get("a")
    assert index is not None
    assert index.committed == len(FILM) // 2
    assert index.parser.fragments[-1].end <= index.committed


async def test_an_index_is_built_once_for_all_who_ask_at_once(disk: Disk, indexes: LiveIndexes) -> None:
    disk.write("a", FILM)
    found = await asyncio.gather(*(indexes.get("a") for _ in range(20)))
    assert all(one is found[0] for one in found)
    assert disk.asked == 1


async def test_there_is_no_index_of_nothing(indexes: LiveIndexes) -> None:
    assert await indexes.get("nothing") is None


async def test_everyone_who_waits_hears_of_the_next_fragment(disk: Disk, indexes: LiveIndexes) -> None:
    disk.write("a", FILM)
    index = indexes.begin("a")
    waiting = [asyncio.create_task(index.changed(index.revision)) for _ in range(50)]
    await index.read_on(disk.folder / "a", 1000)
    await asyncio.sleep(0)
    assert not any(task.done() for task in waiting)
    await index.read_on(disk.folder / "a", len(FILM))
    await asyncio.wait_for(asyncio.gather(*waiting), 1)
    await asyncio.wait_for(index.changed(0), 1)


async def test_who_waits_for_a_recording_that_goes_hears_of_that_too(indexes: LiveIndexes) -> None:
    index = indexes.begin("a")
    waiting = asyncio.create_task(index.changed(index.revision))
    await asyncio.sleep(0)
    indexes.drop("a")
    await asyncio.wait_for(waiting, 1)
    assert index.gone


async def test_growing_indexes_stay_and_finished_ones_make_room(
    disk: Disk, indexes: LiveIndexes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.uploads.index.MAX_FINISHED", 3)
    growing = indexes.begin("growing")
    disk.finished = True
    for number in range(8):
        disk.write(f"f{number}", FILM)
        await indexes.get(f"f{number}")
    assert await indexes.get("growing") is growing
    before = disk.asked
    await indexes.get("f7")
    assert disk.asked == before
    await indexes.get("f0")
    assert disk.asked == before + 1


async def test_a_broken_file_is_refused_when_it_is_read_again(disk: Disk, indexes: LiveIndexes) -> None:
    disk.write("a", FILM[:2000] + bytes(60_000))
    disk.write("b", FILM[:1305] + bytes(100))
    with pytest.raises(FragmentError):
        await indexes.get("b")
    with pytest.raises(FragmentError):
        await indexes.get("b")
