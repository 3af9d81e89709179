"""Copies of recordings on this computer: resumed where they broke off, checked, and known as their file."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.errors import HeddleError
from desktop.library import keeping
from desktop.library.keeper import Keeper
from desktop.library.keeping import keep
from desktop.library.local import Local
from desktop.library.storage import removable, usage
from desktop.library.sync import Sync
from desktop.models.library.items import Item, Remote, Standing
from desktop.models.library.query import Place, Query
from desktop.models.library.store import Store
from media import manifest
from tests.support.double import TOKEN, Double
from uploader import credentials, retry, web
from uploader.credentials import Credential
from uploader.journal import Journal
from uploader.tokens import Tokens

FILM = bytes(range(256)) * 4000
SHA256 = hashlib.sha256(FILM).hexdigest()


@pytest.fixture
def double(heddle_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Double]:
    """It has one recording, `r1`."""
    monkeypatch.setattr(retry, "BASE_S", 0.001)
    monkeypatch.setattr(keeping, "Backoff", lambda: retry.Backoff(base_s=0.001))
    with Double() as double:
        credentials.store(double.url, "ada@b.c", Credential(TOKEN))
        double.recordings["r1"] = {
            "id": "r1",
            "title": "What it is",
            "sha256": SHA256,
            "fileSizeBytes": len(FILM),
            "shareUrl": f"{double.url}/s/abc",
            "createdAt": "2026-11-20T10:00:00Z",
            "duration": 12.0,
        }
        double.originals["r1"] = FILM
        yield double


@pytest.fixture
def store(heddle_home: Path, double: Double) -> Iterator[Store]:
    with Store() as store:
        store.use_server(double.url)
        store.put_remotes([Remote("r1", "completed", {"title": "What it is"}, 1000.0, duration_s=12.0)])
        yield store


@pytest.fixture
def folder(heddle_home: Path) -> Path:
    return heddle_home / "recordings"


@pytest.fixture
async def keeper(double: Double, store: Store, folder: Path) -> AsyncIterator[Keeper]:
    made = Keeper(store, folder, double.url, contact=lambda _: None)
    made.sync = Sync(double.url, store, lambda _: None)
    async with web.open_client(double.url, Tokens(double.url)) as http:
        made.sync._http = http
        yield made


def item(store: Store, place: Place = Place.ALL) -> Item:
    [number] = store.ids(Query(place=place))
    return store.items([number])[number]


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def put(folder: Path, name: str, data: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / name).write_bytes(data)


def look(store: Store, folder: Path) -> None:
    with Journal() as journal:
        Local(store, folder, journal).look()


async def test_a_copy_is_the_recording_s_file_from_then_on(
    keeper: Keeper, store: Store, folder: Path, double: Double
) -> None:
    told: list[float] = []
    path = await keep(keeper, item(store), folder, told.append)
    assert path.read_bytes() == FILM
    assert (path.parent, path.suffix, told[-1]) == (folder, ".mp4", 1.0)
    look(store, folder)
    now = item(store, Place.HERE)
    assert (now.path, now.recording_id, now.standing) == (path, "r1", Standing.READY)
    assert now.share_url == f"{double.url}/s/abc"
    assert manifest.read(path).sha256 == SHA256
    with Journal() as journal:
        assert removable(usage(folder, journal))  # room can be made of it again
        assert journal.pending() == []
    path.unlink()
    manifest.manifest_path(path).unlink()
    look(store, folder)
    assert (item(store).path, item(store).standing) == (None, Standing.READY)
    # The second time it comes back to where it was.
    assert await keep(keeper, item(store), folder / "elsewhere", told.append) == path
    with Journal() as journal:
        assert len(journal.all()) == 1


async def test_what_breaks_off_goes_on_from_there(
    keeper: Keeper, store: Store, folder: Path, double: Double
) -> None:
    double.break_off = [300_000, 200_000]
    path = await keep(keeper, item(store), folder, lambda _: None)
    assert path.read_bytes() == FILM
    assert double.ranges == [0, 300_000, 500_000]


async def test_a_server_that_stays_away_leaves_what_has_come_for_the_next_time(
    keeper: Keeper, store: Store, folder: Path, double: Double
) -> None:
    double.break_off = [300_000] + [0] * 20
    with pytest.raises(HeddleError, match="not complete") as refused:
        await keep(keeper, item(store), folder, lambda _: None)
    assert "goes on from there" in refused.value.hint
    [part] = names(folder)
    assert (folder / part).stat().st_size == 300_000
    double.break_off, double.ranges = [], []
    path = await keep(keeper, item(store), folder, lambda _: None)
    assert double.ranges == [300_000]
    assert path.read_bytes() == FILM
    assert names(folder) == [path.name, f"{path.name}.json"]


async def test_what_a_disk_has_damaged_is_fetched_anew(
    keeper: Keeper, store: Store, folder: Path, double: Double
) -> None:
    put(folder, f".{SHA256[:32]}.part", b"\0" * 1000)
    path = await keep(keeper, item(store), folder, lambda _: None)
    assert path.read_bytes() == FILM
    assert double.ranges == [1000, 0]


async def test_other_bytes_than_the_server_has_are_refused(
    keeper: Keeper, store: Store, folder: Path, double: Double
) -> None:
    double.originals["r1"] = FILM[::-1]
    with pytest.raises(HeddleError, match="damaged"):
        await keep(keeper, item(store), folder, lambda _: None)
    assert names(folder) == []


@pytest.mark.parametrize("missing", [{"sha256": None}, {"sha256": "../../x"}, {"fileSizeBytes": None}])
async def test_what_is_not_all_there_yet_cannot_be_kept(
    keeper: Keeper, store: Store, folder: Path, double: Double, missing: dict[str, Any]
) -> None:
    double.recordings["r1"] |= missing
    with pytest.raises(HeddleError, match="no file"):
        await keep(keeper, item(store), folder, lambda _: None)


async def test_a_disk_without_room_is_said_before_anything_comes(
    keeper: Keeper, store: Store, folder: Path, double: Double
) -> None:
    double.recordings["r1"]["fileSizeBytes"] = 1 << 60
    with pytest.raises(HeddleError, match="no room"):
        await keep(keeper, item(store), folder, lambda _: None)
    assert double.ranges == []


def test_a_file_that_goes_is_missed_although_nobody_wrote_into_the_journal(
    store: Store, folder: Path, double: Double
) -> None:
    put(folder, "a.mp4", FILM)
    path = folder / "a.mp4"
    with Journal() as journal:
        given = {"title": "A", "server": double.url, "recording_id": "r1", "share_url": "", "sha256": SHA256}
        journal.adopt(path, created_at=0.0, **given)
        local = Local(store, folder, journal)
        local.look()
        assert item(store).path == path
        path.unlink()
        local.look()
        assert item(store).path is None
