"""Finished files leave for the object storage, and everything works as if they had not."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import m3u8
import pytest

from server import mover as moving
from server.config import MediaDelivery, Settings
from server.errors import SetupError
from server.mover import Mover
from server.ports.blobs import Archive
from server.serve import serve
from server.wiring import Services
from tests.support import films
from tests.support.buckets import BUCKET, open_bucket_double
from tests.unit.server.streaming.test_api import Take

FILM = films.growing(6.0)


@pytest.fixture(scope="module")
def double() -> Iterator[dict[str, str]]:
    with open_bucket_double() as env:
        yield env


@pytest.fixture
def settings(tmp_path: Path, double: dict[str, str]) -> Settings:
    return Settings(
        data=tmp_path / "data",
        workers=0,
        min_free_bytes=0,
        log_level="error",
        blobs_url=f"s3://{BUCKET}/{tmp_path.name}",
        media_delivery=MediaDelivery.PRESIGNED,
    )


@pytest.fixture
def busy() -> set[str]:
    """Recordings that somebody works on."""
    return set()


@pytest.fixture
def mover(services: Services, settings: Settings, busy: set[str], monkeypatch: pytest.MonkeyPatch) -> Mover:
    """One that makes room for all but the last of what is large, however short ago it was used."""

    async def settled(recording_id: str) -> bool:
        return recording_id not in busy

    monkeypatch.setattr(moving, "SMALL_BYTES", 10_000)
    monkeypatch.setattr(moving, "UNUSED_S", -60)
    assert isinstance(services.blobs, Archive)
    return Mover(services.blobs, settled, settings.media_root, spool_bytes=1)


@pytest.fixture
async def take(ann: httpx.AsyncClient, services: Services) -> Take:
    take = await Take(ann).begin()
    await take.finish()
    folder = services.blobs.local_path(f"recordings/{take.id}")
    (folder / "480p.mp4").write_bytes(films.growing(2.0))
    (folder / "poster.jpg").write_bytes(b"picture")
    return take


@pytest.fixture
async def viewer() -> AsyncIterator[httpx.AsyncClient]:
    """Follows addresses to the bucket."""
    async with httpx.AsyncClient(trust_env=False) as viewer:
        yield viewer


async def test_what_has_left_plays_as_before(
    take: Take,
    mover: Mover,
    client: httpx.AsyncClient,
    viewer: httpx.AsyncClient,
    services: Services,
) -> None:
    folder = services.blobs.local_path(f"recordings/{take.id}")
    before = [(await client.get(one["playlistUrl"])).text for one in (await take.stream())["quality"]]
    await mover.move_all()
    assert sorted(path.name for path in folder.iterdir()) == ["poster.jpg"], "what is small stays"
    stream = await take.stream()
    assert [(await client.get(one["playlistUrl"])).text for one in stream["quality"]] == before
    sent = await client.get(stream["downloadUrl"])
    assert sent.status_code == 302
    assert sent.headers["cache-control"].startswith("private, max-age=")
    answer = await viewer.get(sent.headers["location"], headers={"Range": "bytes=10-19"})
    assert (answer.status_code, answer.content) == (206, FILM[10:20])
    assert (await client.get(f"{await take.root()}/dash/480p-video/0.m4s")).status_code == 200
    assert (folder / "480p.mp4").read_bytes() == films.growing(2.0), "it is back for whoever reads in it"
    assert not (folder / "source.mp4").exists()


async def test_the_index_of_a_source_that_left_is_read_anew(
    take: Take, mover: Mover, client: httpx.AsyncClient, services: Services
) -> None:
    await mover.move_all()
    services.uploads.indexes.drop(take.id)
    playlist = m3u8.loads((await client.get((await take.stream())["mediaPlaylistUrl"])).text)
    assert len(playlist.segments) == 3


async def test_what_somebody_works_on_stays(
    take: Take, mover: Mover, busy: set[str], client: httpx.AsyncClient, services: Services
) -> None:
    busy.add(take.id)
    await mover.move_all()
    assert services.blobs.local_path(f"recordings/{take.id}/source.mp4").exists()
    assert (await client.get((await take.stream())["downloadUrl"])).content == FILM


async def test_a_deleted_recording_is_gone_from_the_bucket_too(
    take: Take, mover: Mover, services: Services, viewer: httpx.AsyncClient
) -> None:
    await mover.move_all()
    assert isinstance(services.blobs, Archive)
    url = await services.blobs.signed_url(f"recordings/{take.id}/source.mp4", "GET", 60)
    assert url is not None
    assert (await viewer.get(url)).status_code == 200
    assert (await take.client.delete(f"/api/v1/recordings/{take.id}?permanent=true")).status_code == 204
    assert (await viewer.get(url)).status_code == 404
    assert await services.blobs.stat(f"recordings/{take.id}/source.mp4") is None


async def test_the_page_may_fetch_from_the_bucket(
    take: Take, client: httpx.AsyncClient, double: dict[str, str]
) -> None:
    page = await client.get(take.recording["shareUrl"])
    policy = page.headers["content-security-policy"]
    assert f"media-src 'self' blob: {double['AWS_ENDPOINT_URL']};" in policy
    assert f"connect-src 'self' {double['AWS_ENDPOINT_URL']};" in policy


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ({"blobs_url": "gs://elsewhere"}, "The object storage is of an unknown kind"),
        ({"blobs_url": "s3://"}, "The object storage has no name"),
        ({"blobs_url": "s3://not-there"}, "The object storage cannot be used"),
        ({"media_delivery": "presigned"}, "There is no object storage to send media from"),
    ],
)
def test_settings_that_cannot_work_end_the_start_with_a_word(
    given: dict[str, str], title: str, tmp_path: Path, double: dict[str, str]
) -> None:
    with pytest.raises(SetupError) as refused:
        serve(Settings(data=tmp_path / "data", port=0, **given))
    assert refused.value.title == title
