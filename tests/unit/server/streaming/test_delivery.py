"""Ranges, conditions and caching, alike whoever sends the bytes: the server, nginx for it, or a bucket."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import httpx
import pytest
from websockets import Subprotocol
from websockets.sync.client import connect

from tests.support import films, tus
from tests.support.buckets import BUCKET, open_bucket_double
from tests.support.nginx import documented, free_port, open_nginx
from tests.support.processes import wait_until
from tests.support.servers import Server

FILM = films.growing(6.0)
LAST = len(FILM) - 1


@dataclass(frozen=True, slots=True)
class Way:
    """A server with media going out one way; `client` is a viewer, who carries no token."""

    name: str
    server: Server
    base: str
    client: httpx.Client

    def stream(self, recording_id: str) -> dict[str, str]:
        stream = self.server.get(f"/api/v1/streams/{recording_id}")
        return {
            key: value.replace(self.server.url, self.base)
            for key, value in stream.items()
            if isinstance(value, str)
        }


@pytest.fixture(scope="module", params=["server", "x-accel", "presigned"])
def way(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    folder, name = tmp_path_factory.mktemp("delivery"), request.param
    env = {"HEDDLE_WORKERS": "0", "HEDDLE_MEDIA_DELIVERY": name, "HEDDLE_CORS_ORIGINS": "*"}
    with ExitStack() as stack:
        if name == "presigned":
            env |= stack.enter_context(open_bucket_double())
            env |= {"HEDDLE_BLOBS_URL": f"s3://{BUCKET}/media", "HEDDLE_WORKERS": "1"}
        server = stack.enter_context(Server(folder / "data", env=env))
        base = server.url
        if name == "x-accel":
            base = f"http://127.0.0.1:{(port := free_port())}"
            conf = documented(port, server.port, server.data / "media")
            stack.enter_context(open_nginx(folder / "nginx", conf))
        client = stack.enter_context(httpx.Client(trust_env=False, follow_redirects=True))
        yield Way(name, server, base, client)


@pytest.fixture(scope="module")
def url(way: Way) -> str:
    """Of the bytes of a finished recording."""
    recording = way.server.create_recording("Sent")
    upload = tus.create(way.server.api, recording["id"], length=len(FILM), filename="film.mp4")
    assert upload.send(FILM).status_code == 204
    source = f"{way.stream(recording['id'])['playlistUrl'].rpartition('/')[0]}/source.mp4"
    if way.name == "presigned":
        # The server moves what is finished as soon as it is processed.
        wait_until(lambda: way.client.get(source).history, timeout_s=60, what="the file is in the bucket")
    return source


def test_a_finished_file_comes_whole_and_may_be_kept(way: Way, url: str) -> None:
    answer = way.client.get(url, headers={"Origin": "https://elsewhere.example"})
    assert (answer.status_code, answer.content) == (200, FILM)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["accept-ranges"] == "bytes"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["access-control-allow-origin"] in {"*", "https://elsewhere.example"}
    head = way.client.head(url)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(FILM)), b"")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, LAST),
        ("bytes=100-999999999", 100, LAST),
        ("bytes=-7", LAST - 6, LAST),
        ("bytes=-999999999", 0, LAST),
    ],
)
def test_a_range_is_answered_with_its_place_in_the_file(
    asked: str, first: int, last: int, way: Way, url: str
) -> None:
    answer = way.client.get(url, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (206, FILM[first : last + 1])
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(FILM)}"


@pytest.mark.parametrize("asked", ["bytes=0-9,20-29", "bytes=0-0,-1"])
def test_several_ranges_at_once_get_the_whole(asked: str, way: Way, url: str) -> None:
    answer = way.client.get(url, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (200, FILM)


@pytest.mark.parametrize("asked", ["bytes=9-5", "bytes=x-y", "bytes=", "pages=1-2"])
def test_what_is_no_range_is_passed_over_or_refused(asked: str, way: Way, url: str) -> None:
    """RFC 9110, 14.2 leaves the choice."""
    if way.name == "presigned" and asked.startswith("pages"):
        pytest.skip("the double of the bucket takes any unit for bytes")
    answer = way.client.get(url, headers={"Range": asked})
    assert answer.status_code == 416 or (answer.status_code, answer.content) == (200, FILM)


@pytest.mark.parametrize("asked", [f"bytes={len(FILM)}-", "bytes=-0"])
def test_a_range_behind_the_end_is_refused(asked: str, way: Way, url: str) -> None:
    answer = way.client.get(url, headers={"Range": asked})
    assert answer.status_code == 416
    if way.name == "presigned":
        return  # the double leaves out what a bucket says of the size
    assert answer.headers["content-range"] == f"bytes */{len(FILM)}"


def test_what_a_viewer_has_is_not_sent_again(way: Way, url: str) -> None:
    etag = way.client.head(url).headers["etag"]
    # The double of the bucket compares the header as a whole, and no list.
    lists = [] if way.name == "presigned" else [f'"another", {etag}', f"W/{etag}", "*"]
    for tags in (etag, *lists):
        known = way.client.get(url, headers={"If-None-Match": tags, "Range": "bytes=5-9"})
        assert (known.status_code, known.content) == (304, b""), tags
    assert way.client.get(url, headers={"If-None-Match": '"another"'}).content == FILM


def test_a_download_goes_on_only_where_the_file_is_the_same(way: Way, url: str) -> None:
    if way.name == "presigned":
        pytest.skip("the double of the bucket does not know If-Range, which is the bucket's to answer")
    etag = way.client.head(url).headers["etag"]
    resumed = way.client.get(url, headers={"Range": "bytes=5-9", "If-Range": etag})
    assert (resumed.status_code, resumed.content) == (206, FILM[5:10])
    for other in ('"another"', f"W/{etag}", "Sat, 01 Jan 2000 00:00:00 GMT", "nonsense"):
        changed = way.client.get(url, headers={"Range": "bytes=5-9", "If-Range": other})
        assert (changed.status_code, changed.content) == (200, FILM), other


def test_a_growing_file_ends_at_what_is_committed(way: Way) -> None:
    recording = way.server.create_recording("Growing")
    upload, there = tus.create(way.server.api, recording["id"], length=None), len(FILM) // 2
    assert upload.send(FILM[:there]).status_code == 204
    source = way.stream(recording["id"])["mediaPlaylistUrl"].replace("video.m3u8", "source.mp4")
    answer = way.client.get(source)
    assert (answer.content, answer.headers["cache-control"]) == (FILM[:there], "no-store")
    assert way.client.get(source, headers={"Range": f"bytes={there}-"}).status_code == 416


def test_without_a_ticket_there_is_no_way_to_the_bytes(way: Way, url: str) -> None:
    recording_id, ticket = url.split("/")[-3:-1]
    assert way.client.get(url.replace(ticket, "x" * len(ticket))).status_code == 404
    for path in ("_media", "media"):
        direct = way.client.get(f"{way.base}/{path}/recordings/{recording_id}/source.mp4")
        assert direct.status_code == 404


@pytest.mark.parametrize(("path", "protocol"), [("/ws", None), ("/graphql", "graphql-transport-ws")])
def test_websockets_come_through_to_events_and_to_graphql(way: Way, path: str, protocol: str | None) -> None:
    spoken = [Subprotocol(protocol)] if protocol else None
    with connect(f"ws{way.base.removeprefix('http')}{path}", subprotocols=spoken, proxy=None) as socket:
        assert socket.subprotocol == protocol
    # The same address is also asked without one.
    if protocol:
        answer = way.client.post(f"{way.base}{path}", json={"query": "{ __typename }"})
        assert answer.json()["data"] == {"__typename": "Query"}
