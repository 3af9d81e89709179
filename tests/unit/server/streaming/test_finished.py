"""What is offered of a finished recording: versions, key frames, captions, and the files beside the video."""

from collections.abc import Sequence

import httpx
import m3u8
import pytest

from server.streaming.captions import Captions
from server.wiring import Services
from tests.support import films
from tests.unit.server.streaming.test_api import Take

SAID = "WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"


@pytest.fixture
async def take(ann: httpx.AsyncClient, services: Services) -> Take:
    """A finished recording with one smaller version."""
    take = await Take(ann).begin()
    await take.finish()
    write(services, take, "480p.mp4", films.growing(2.0))
    return take


def write(services: Services, take: Take, name: str, data: bytes) -> None:
    services.blobs.local_path(f"recordings/{take.id}/{name}").write_bytes(data)


@pytest.fixture
def captioned(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    async def captions_of(recording_id: str) -> Sequence[Captions]:
        return [Captions("en", "English", SAID), Captions("pt-BR", "Português", SAID)]

    monkeypatch.setattr(services.streaming, "_captions_of", captions_of)


async def test_each_quality_says_what_it_is_and_where(take: Take, client: httpx.AsyncClient) -> None:
    source, lesser = (await take.stream())["quality"]
    assert (source["name"], lesser["name"]) == ("source", "480p")
    for one in (source, lesser):
        assert (one["width"], one["height"], one["frameRate"]) == (192, 108, 30.0)
        assert one["codecs"] == "avc1.42c00b,mp4a.40.2"
        assert 0 < one["averageBandwidth"] <= one["bandwidth"]
        assert m3u8.loads((await client.get(one["playlistUrl"])).text).segments


async def test_the_master_playlist_lists_key_frames_of_each_version(
    take: Take, client: httpx.AsyncClient
) -> None:
    master = m3u8.loads((await client.get((await take.stream())["playlistUrl"])).text)
    assert [one.uri for one in master.iframe_playlists] == ["iframes.m3u8", "iframes-480p.m3u8"]
    assert [one.iframe_stream_info.codecs for one in master.iframe_playlists] == ["avc1.42c00b"] * 2
    for one, count in zip(master.iframe_playlists, (3, 1), strict=True):
        keys = m3u8.loads((await client.get(f"{await take.root()}/{one.uri}")).text)
        assert keys.is_i_frames_only
        assert len(keys.segments) == count
    assert (await client.get(f"{await take.root()}/iframes-720p.m3u8")).status_code == 404


async def test_a_growing_recording_lists_neither_key_frames_nor_captions(
    ann: httpx.AsyncClient, client: httpx.AsyncClient, captioned: None
) -> None:
    take = await Take(ann).begin()
    await take.grow(len(take.data) // 2)
    stream = await take.stream()
    master = m3u8.loads((await client.get(stream["playlistUrl"])).text)
    assert (len(master.playlists), master.iframe_playlists, master.media) == (1, [], [])
    assert (stream["dashUrl"], stream["audioUrl"], stream["previewUrl"]) == (None, None, None)
    for name in ("iframes.m3u8", "manifest.mpd", "captions-en.m3u8"):
        assert (await client.get(f"{await take.root()}/{name}")).status_code == 404


async def test_captions_are_a_group_of_the_master_playlist(
    take: Take, client: httpx.AsyncClient, captioned: None
) -> None:
    stream = await take.stream()
    assert [(one["language"], one["label"]) for one in stream["captions"]] == [
        ("en", "English"),
        ("pt-BR", "Português"),
    ]
    text = await client.get(stream["captions"][1]["url"])
    assert text.headers["content-type"] == "text/vtt; charset=utf-8"
    assert text.text == SAID
    again = await client.get(stream["captions"][1]["url"], headers={"If-None-Match": text.headers["etag"]})
    assert again.status_code == 304
    master = m3u8.loads((await client.get(stream["playlistUrl"])).text)
    assert [one.uri for one in master.media] == ["captions-en.m3u8", "captions-pt-BR.m3u8"]
    playlist = m3u8.loads((await client.get(f"{await take.root()}/captions-pt-BR.m3u8")).text)
    assert [(one.uri, one.duration) for one in playlist.segments] == [("captions-pt-BR.vtt", 6.0)]
    for name in ("captions-de.vtt", "captions-de.m3u8"):
        assert (await client.get(f"{await take.root()}/{name}")).status_code == 404


async def test_a_transcript_gives_the_captions(take: Take, client: httpx.AsyncClient) -> None:
    said = {"language": "de", "segments": [{"start": 1.0, "end": 2.0, "text": "Guten Tag"}]}
    answer = await take.client.put(f"/api/v1/recordings/{take.id}/transcript", json=said)
    assert answer.status_code == 200, answer.text
    (captions,) = (await take.stream())["captions"]
    assert (captions["language"], captions["label"]) == ("de", "Deutsch")
    assert "Guten Tag" in (await client.get(captions["url"])).text
    assert "captions-de.m3u8" in (await client.get((await take.stream())["playlistUrl"])).text


async def test_captions_have_another_address_once_they_change(take: Take, client: httpx.AsyncClient) -> None:
    """A page that is open loads them again when its player is given another address."""
    urls = []
    for text in ("Guten Tag", "Guten Abend"):
        said = {"language": "de", "segments": [{"start": 1.0, "end": 2.0, "text": text}]}
        await take.client.put(f"/api/v1/recordings/{take.id}/transcript", json=said)
        (captions,) = (await take.stream())["captions"]
        assert (await take.stream())["captions"] == [captions]
        assert text in (await client.get(captions["url"])).text
        urls.append(captions["url"])
    assert urls[0] != urls[1]


async def test_markers_are_chapters_for_whoever_plays_it(take: Take, client: httpx.AsyncClient) -> None:
    assert (await take.stream())["chaptersUrl"] is None
    assert (await client.get(f"{await take.root()}/chapters.vtt")).status_code == 404
    markers = [{"time": 4.0, "title": "Menus & <more>"}, {"time": 6.5, "title": "At the end"}]
    too_far = [*markers, {"time": 99.0, "title": "After it"}]
    refused = await take.client.put(f"/api/v1/recordings/{take.id}", json={"markers": too_far})
    assert (refused.status_code, "'After it' lies at 99 s" in refused.text) == (400, True), refused.text
    answer = await take.client.put(f"/api/v1/recordings/{take.id}", json={"markers": markers})
    assert answer.json()["markers"] == markers
    url = (await take.stream())["chaptersUrl"]
    track = await client.get(url)
    assert track.headers["content-type"] == "text/vtt; charset=utf-8"
    assert track.text.split("\n\n")[1:] == [
        f"1\n00:00:00.000 --> 00:00:04.000\n{answer.json()['title']}",
        "2\n00:00:04.000 --> 00:00:06.000\nMenus &amp; &lt;more&gt;\n",
    ]
    assert (await client.get(url, headers={"If-None-Match": track.headers["etag"]})).status_code == 304
    slug = answer.json()["shareUrl"].rsplit("/", 1)[1]
    assert (await client.get(f"/api/v1/shares/{slug}/chapters.vtt")).text == track.text
    await take.client.put(f"/api/v1/recordings/{take.id}", json={"shared": False})
    assert (await client.get(f"/api/v1/shares/{slug}/chapters.vtt")).status_code == 404


@pytest.mark.parametrize(
    ("language", "tag", "name"),
    [("en", "en", "English"), ("pt-BR", "pt-BR", "Português"), ("", "und", "Captions"), ("cy", "cy", "cy")],
)
def test_captions_are_named_in_their_language(language: str, tag: str, name: str) -> None:
    made = Captions.of(language, SAID)
    assert (made.language, made.name) == (tag, name)


async def test_without_captions_there_is_no_group(take: Take, client: httpx.AsyncClient) -> None:
    stream = await take.stream()
    assert stream["captions"] == []
    assert "SUBTITLES" not in (await client.get(stream["playlistUrl"])).text


async def test_sound_alone_plays_and_has_no_key_frames(
    ann: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    take = await Take(ann).begin(films.growing(4.0, video=""))
    await take.finish()
    stream = await take.stream()
    (quality,) = stream["quality"]
    assert (quality["codecs"], quality["width"], quality["frameRate"]) == ("mp4a.40.2", 0, 0.0)
    master = m3u8.loads((await client.get(stream["playlistUrl"])).text)
    assert master.iframe_playlists == []
    assert master.playlists[0].stream_info.resolution is None
    assert m3u8.loads((await client.get(stream["mediaPlaylistUrl"])).text).segments
    assert (await client.get(f"{await take.root()}/iframes.m3u8")).status_code == 404


# The field of the stream that names the file, and its media type.
EXTRAS = {
    "storyboard.vtt": ("storyboardUrl", "text/vtt; charset=utf-8"),
    "storyboard-12.jpg": ("", "image/jpeg"),
    "preview.webp": ("previewUrl", "image/webp"),
    "preview.gif": ("", "image/gif"),
    "waveform.json": ("waveformUrl", "application/json"),
    "audio.m4a": ("audioUrl", "audio/mp4"),
    "download.mp4": ("downloadUrl", "video/mp4"),
}


async def test_what_processing_made_is_offered_once_it_is_there(
    take: Take, client: httpx.AsyncClient, services: Services
) -> None:
    root = await take.root()
    for name in EXTRAS:
        assert (await client.get(f"{root}/{name}")).status_code == 404, name
        write(services, take, name, b"made of it")
    stream = await take.stream()
    for name, (field, media_type) in EXTRAS.items():
        answer = await client.get(f"{root}/{name}")
        assert (answer.status_code, answer.content) == (200, b"made of it")
        assert answer.headers["content-type"] == media_type
        assert not field or stream[field] == f"{root}/{name}"
        attached = answer.headers["content-disposition"].startswith("attachment")
        assert attached is (name == "download.mp4")


async def test_other_files_of_the_recording_are_nobodys(
    take: Take, client: httpx.AsyncClient, services: Services
) -> None:
    for name in ("transcript.json", "scenes.json", "480p.mp4.half", "storyboard-x.jpg"):
        write(services, take, name, b"inner")
        assert (await client.get(f"{await take.root()}/{name}")).status_code == 404, name
