"""Playlists and bytes as a player asks for them, while a recording grows and after."""

import asyncio
import gzip
import re
import time
from typing import Any
from urllib.parse import urlsplit

import httpx
import m3u8
import pytest

from server.wiring import Services
from tests.support import films

URL = "/api/v1/uploads"
TUS = {"Tus-Resumable": "1.0.0"}
BODY = {"Content-Type": "application/offset+octet-stream"}
FILM = films.growing(6.0)


class Take:
    """A recording that grows as the test says."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.offset = 0

    async def begin(self, data: bytes = FILM) -> "Take":
        body = {"recordingType": "screen", "title": 'A "take"'}
        self.recording = (await self.client.post("/api/v1/recordings", json=body)).json()
        self.id = self.recording["id"]
        from tests.support.tus import metadata

        headers = TUS | {"Upload-Defer-Length": "1", "Upload-Metadata": metadata({"recordingId": self.id})}
        self.data, self.location = data, (await self.client.post(URL, headers=headers)).headers["location"]
        return self

    async def grow(self, end: int) -> None:
        headers = TUS | BODY | {"Upload-Offset": str(self.offset)}
        piece = self.data[self.offset : end]
        assert (await self.client.patch(self.location, headers=headers, content=piece)).status_code == 204
        self.offset = end

    async def finish(self) -> None:
        headers = TUS | BODY | {"Upload-Offset": str(self.offset), "Upload-Length": str(len(self.data))}
        piece = self.data[self.offset :]
        answer = await self.client.patch(self.location, headers=headers, content=piece)
        assert answer.status_code == 204, answer.text

    async def stream(self) -> dict[str, Any]:
        answer = await self.client.get(f"/api/v1/streams/{self.id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def root(self) -> str:
        return str((await self.stream())["playlistUrl"]).rsplit("/", 1)[0]


@pytest.fixture
async def take(ann: httpx.AsyncClient) -> Take:
    return await Take(ann).begin()


async def test_before_the_first_fragment_there_is_nothing_to_play(take: Take) -> None:
    stream = await take.stream()
    assert (stream["live"], stream["playlistUrl"], stream["duration"]) == (True, None, None)


async def test_a_growing_recording_plays_from_its_first_fragments(
    take: Take, client: httpx.AsyncClient
) -> None:
    await take.grow(len(FILM) // 2)
    stream = await take.stream()
    assert stream["live"] is True
    assert (stream["downloadUrl"], stream["originalUrl"]) == (None, None)
    assert 2 <= stream["duration"] < 4
    master = m3u8.loads((await client.get(stream["playlistUrl"])).text)
    assert master.playlists[0].stream_info.codecs == "avc1.42c00b,mp4a.40.2"
    assert master.playlists[0].stream_info.resolution == (192, 108)
    answer = await client.get(stream["mediaPlaylistUrl"])
    assert answer.headers["content-type"] == "application/vnd.apple.mpegurl"
    assert answer.headers["cache-control"] == "no-store"
    assert "#EXT-X-ENDLIST" not in answer.text


@pytest.mark.parametrize(
    ("video", "codecs"),
    [
        ("libx265", r"hvc1\.1\.6\.L\d+(\.[0-9A-F]{1,2})*,mp4a\.40\.2"),
        ("libsvtav1", r"av01\.0\.\d\dM\.08,mp4a\.40\.2"),
    ],
)
async def test_a_live_take_in_another_codec_is_named_as_rfc_6381_wants(
    video: str, codecs: str, ann: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    """A player that cannot decode it sees that before it loads a byte."""
    data = films.growing(4.0, video=video)
    take = await Take(ann).begin(data)
    await take.grow(len(data) * 3 // 4)
    master = m3u8.loads((await client.get((await take.stream())["playlistUrl"])).text)
    assert re.fullmatch(codecs, master.playlists[0].stream_info.codecs)


async def test_the_ranges_of_the_playlist_are_the_bytes_of_the_file(
    take: Take, client: httpx.AsyncClient
) -> None:
    await take.finish()
    stream = await take.stream()
    playlist = m3u8.loads((await client.get(stream["mediaPlaylistUrl"])).text)
    root = await take.root()
    got = b""
    for part in [playlist.segment_map[0], *playlist.segments]:
        size, start = map(int, part.byterange.split("@"))
        headers = {"Range": f"bytes={start}-{start + size - 1}"}
        answer = await client.get(f"{root}/{part.uri}", headers=headers)
        assert (answer.status_code, len(answer.content)) == (206, size)
        got += answer.content
    assert FILM.startswith(got)
    assert playlist.is_endlist


async def test_a_blocking_reload_answers_when_the_part_is_there(
    take: Take, client: httpx.AsyncClient
) -> None:
    await take.grow(len(FILM) // 2)
    url = (await take.stream())["mediaPlaylistUrl"]
    playlist = m3u8.loads((await client.get(url)).text)
    whole = sum(1 for segment in playlist.segments if segment.uri)
    parts = len(playlist.segments[-1].parts)
    asked = client.get(url, params={"_HLS_msn": whole, "_HLS_part": parts})
    waiting = asyncio.create_task(asked)
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await take.grow(len(FILM) - 1)
    answer = await asyncio.wait_for(waiting, 2)
    assert answer.headers["cache-control"].startswith("private, max-age")
    assert len(m3u8.loads(answer.text).segments) >= whole + 1


async def test_a_blocking_reload_does_not_wait_for_ever(
    take: Take, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.streaming.playlists.HOLD_S", 0.1)
    await take.grow(len(FILM) // 2)
    url = (await take.stream())["mediaPlaylistUrl"]
    started = time.monotonic()
    answer = await client.get(url, params={"_HLS_msn": 2, "_HLS_part": 0})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert time.monotonic() - started < 2


async def test_a_blocking_reload_hears_of_the_end(take: Take, client: httpx.AsyncClient) -> None:
    await take.grow(len(FILM) - 1)
    url = (await take.stream())["mediaPlaylistUrl"]
    waiting = asyncio.create_task(client.get(url, params={"_HLS_msn": 3}))
    await asyncio.sleep(0.05)
    await take.finish()
    assert "#EXT-X-ENDLIST" in (await asyncio.wait_for(waiting, 2)).text


@pytest.mark.parametrize("query", ["_HLS_msn=99", "_HLS_part=1", "_HLS_msn=-1", "_HLS_msn=x"])
async def test_directives_that_make_no_sense_are_refused(
    query: str, take: Take, client: httpx.AsyncClient
) -> None:
    await take.grow(len(FILM) // 2)
    url = (await take.stream())["mediaPlaylistUrl"]
    assert (await client.get(f"{url}?{query}")).status_code == 400


async def test_a_range_beyond_what_is_committed_is_not_there_yet(
    take: Take, client: httpx.AsyncClient
) -> None:
    await take.grow(len(FILM) // 2)
    url = f"{await take.root()}/source.mp4"
    answer = await client.get(url, headers={"Range": f"bytes={take.offset}-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{take.offset}"
    assert answer.headers["cache-control"] == "no-store"
    edge = await client.get(url, headers={"Range": f"bytes={take.offset - 10}-{take.offset + 10}"})
    assert (edge.status_code, edge.content) == (206, FILM[take.offset - 10 : take.offset])
    assert "etag" not in edge.headers


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-99", 206, FILM[:100]),
        ("bytes=100-", 206, FILM[100:]),
        ("bytes=-100", 206, FILM[-100:]),
        ("bytes=0-", 206, FILM),
        ("bytes=5-4", 200, FILM),
        ("bytes=0-1,5-6", 200, FILM),
        ("items=0-1", 200, FILM),
        ("bytes=99999999-", 416, b""),
        ("bytes=-0", 416, b""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_ranges_of_a_finished_file(
    asked: str, status: int, part: bytes, take: Take, client: httpx.AsyncClient
) -> None:
    await take.finish()
    url = (await take.stream())["downloadUrl"]
    answer = await client.get(url, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (status, part)


async def test_finished_bytes_are_cached_for_ever_and_revalidated_by_their_hash(
    take: Take, client: httpx.AsyncClient
) -> None:
    await take.finish()
    url = (await take.stream())["downloadUrl"]
    head = await client.head(url)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(FILM)), b"")
    assert "immutable" in head.headers["cache-control"]
    assert head.headers["accept-ranges"] == "bytes"
    etag = head.headers["etag"]
    assert (await client.get(url, headers={"If-None-Match": etag})).status_code == 304
    resumed = await client.get(url, headers={"Range": "bytes=10-19", "If-Range": etag})
    assert (resumed.status_code, resumed.content) == (206, FILM[10:20])
    changed = await client.get(url, headers={"Range": "bytes=10-19", "If-Range": '"other"'})
    assert (changed.status_code, changed.content) == (200, FILM)
    assert "A%20%22take%22.mp4" in head.headers["content-disposition"]


async def test_playlists_are_compressed_for_who_can_read_that(take: Take, ann: httpx.AsyncClient) -> None:
    await take.finish()
    url = (await take.stream())["mediaPlaylistUrl"]
    plain = await ann.get(url, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == "Accept-Encoding"
    again = await ann.get(url, headers={"If-None-Match": plain.headers["etag"]})
    assert again.status_code == 304
    text = "#EXTM3U\n" * 500
    from server.streaming.playlists import Text

    assert gzip.decompress(Text.of(text).zipped or b"") == text.encode()


async def test_a_ticket_opens_one_recording_and_cannot_be_forged(
    take: Take, ann: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    await take.finish()
    other = await Take(ann).begin()
    await other.finish()
    mine, theirs = (await take.stream())["downloadUrl"], (await other.stream())["downloadUrl"]
    ticket = urlsplit(mine).path.split("/")[5]
    assert (await client.get(theirs.replace(urlsplit(theirs).path.split("/")[5], ticket))).status_code == 404
    # The last character's lowest bits mean nothing, but only one of its spellings is the ticket.
    others = [ticket[:-1] + last for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_" if last != ticket[-1]]
    for forged in (*others, "x", "ä", ticket + "AAAA", ticket[4:]):
        assert (await client.get(mine.replace(ticket, forged))).status_code == 404, forged


async def test_a_ticket_ends(take: Take, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    await take.finish()
    url = (await take.stream())["downloadUrl"]
    later = time.time() + 14 * 3600
    monkeypatch.setattr("server.streaming.tickets.time.time", lambda: later)
    assert (await client.get(url)).status_code == 404


async def test_the_same_viewer_gets_the_same_address_for_a_while(take: Take) -> None:
    await take.finish()
    assert (await take.stream())["playlistUrl"] == (await take.stream())["playlistUrl"]


async def test_streams_of_others_and_of_deleted_recordings_are_not_there(
    take: Take, bob: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    await take.finish()
    url = (await take.stream())["downloadUrl"]
    assert (await bob.get(f"/api/v1/streams/{take.id}")).status_code == 404
    assert (await client.get(f"/api/v1/streams/{take.id}")).status_code == 401
    assert (await take.client.delete(f"/api/v1/recordings/{take.id}")).status_code == 204
    assert (await client.get(url)).status_code == 404


async def test_a_rendition_is_listed_once_its_file_is_there(
    take: Take, client: httpx.AsyncClient, services: Services
) -> None:
    await take.finish()
    folder = services.blobs.local_path(f"recordings/{take.id}")
    (folder / "480p.mp4").write_bytes(films.growing(2.0))
    stream = await take.stream()
    assert [one["name"] for one in stream["quality"]] == ["source", "480p"]
    master = m3u8.loads((await client.get(stream["playlistUrl"])).text)
    assert [one.uri for one in master.playlists] == ["video.m3u8", "480p.m3u8"]
    playlist = m3u8.loads((await client.get(f"{await take.root()}/480p.m3u8")).text)
    assert playlist.segments[0].uri == "480p.mp4"
    assert (await client.get(f"{await take.root()}/480p.mp4")).content == films.growing(2.0)
    for name in ("720p.m3u8", "720p.mp4", "..%2fsource.mp4", "source.json", "poster.jpg"):
        assert (await client.get(f"{await take.root()}/{name}")).status_code == 404, name


async def test_a_plain_file_plays_through_its_normalised_version(
    ann: httpx.AsyncClient, client: httpx.AsyncClient, services: Services
) -> None:
    take = await Take(ann).begin(films.plain(2.0))
    await take.finish()
    assert (await take.stream())["playlistUrl"] is None
    folder = services.blobs.local_path(f"recordings/{take.id}")
    (folder / "normalised.mp4").write_bytes(films.growing(2.0))
    stream = await take.stream()
    playlist = m3u8.loads((await client.get(stream["mediaPlaylistUrl"])).text)
    assert playlist.segments[0].uri == "normalised.mp4"
    assert (await client.get(stream["downloadUrl"])).content == films.plain(2.0)
    (folder / "download.mp4").write_bytes(b"made to be kept")
    stream = await take.stream()
    assert (await client.get(stream["downloadUrl"])).content == b"made to be kept"
    assert (await client.get(stream["originalUrl"])).content == films.plain(2.0)
    master = m3u8.loads((await client.get(stream["playlistUrl"])).text)
    assert master.playlists[0].uri == "video.m3u8"


async def test_a_normalised_version_is_played_instead_of_a_streamable_source_that_needed_one(
    take: Take, client: httpx.AsyncClient, services: Services
) -> None:
    folder = services.blobs.local_path(f"recordings/{take.id}")
    await take.finish()
    (folder / "normalised.mp4").write_bytes(films.growing(2.0))
    playlist = m3u8.loads((await client.get((await take.stream())["mediaPlaylistUrl"])).text)
    assert playlist.segments[0].uri == "normalised.mp4"


async def test_a_recording_without_bytes_has_no_media(take: Take, services: Services) -> None:
    found = await services.recordings.find(take.id)
    assert found is not None
    assert await services.streaming.master(found) is None
    assert await services.streaming.poster(found) is None
