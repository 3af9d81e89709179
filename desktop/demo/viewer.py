"""A viewer without a screen: follows a share link as a player does and notes when it plays."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx

from desktop.errors import DemoError
from desktop.i18n import tr

_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Stream:
    """Where the recording behind a share link plays."""

    page: str
    master_url: str
    media_url: str


class Viewer:
    """One viewer; every request goes to the server of the link and to no other."""

    def __init__(self, share_url: str, give_up: Callable[[], bool]) -> None:
        """`give_up` is asked between requests; when it says so, waiting ends with DemoError."""
        self._share_url = share_url
        self._give_up = give_up
        self._client = httpx.Client(timeout=10.0, trust_env=False, follow_redirects=True)

    def close(self) -> None:
        """Ends the connections."""
        self._client.close()

    def open(self) -> Stream:
        """Opens the page behind the link, then what the page itself asks for; waits until both answer."""
        page = self._get(self._share_url)
        if page.status_code != httpx.codes.OK or "text/html" not in page.headers.get("content-type", ""):
            raise DemoError(
                tr("The link does not open"),
                tr("{url} answers {status}", url=self._share_url, status=page.status_code),
                tr("Was the web page built? `make setup` does that."),
            )
        slug = urlsplit(self._share_url).path.rstrip("/").rpartition("/")[2]
        api = urljoin(self._share_url, f"/api/v1/shares/{slug}")
        for answer in self._asking(api):
            values = answer.json() if answer.status_code == httpx.codes.OK else {}
            if values.get("playlistUrl") and values.get("mediaPlaylistUrl"):
                return Stream(page.text, values["playlistUrl"], values["mediaPlaylistUrl"])
        raise AssertionError("asking never ends by itself")

    def wait_until_watchable(self, stream: Stream) -> float:
        """Unix time at which the first piece of the recording had been fetched."""
        for playlist in self._asking(stream.media_url):
            pieces = first_pieces(playlist.text) if playlist.status_code == httpx.codes.OK else []
            if pieces and all(self._fetched(urljoin(str(playlist.url), uri), span) for uri, span in pieces):
                return time.time()
        raise AssertionError("asking never ends by itself")

    def wait_until_final(self, stream: Stream) -> float:
        """Unix time at which the playlist was complete; the master has to lead to that playlist."""
        for playlist in self._asking(stream.media_url):
            if "#EXT-X-ENDLIST" in playlist.text:
                break
        final_at = time.time()
        master = self._get(stream.master_url)
        leads = [
            urljoin(str(master.url), line) for line in master.text.splitlines() if line[:1] not in {"", "#"}
        ]
        if urlsplit(stream.media_url).path not in {urlsplit(url).path for url in leads}:
            raise DemoError(tr("The master playlist does not lead to the recording"), master.text)
        return final_at

    def _asking(self, url: str) -> Iterator[httpx.Response]:
        while not self._give_up():
            yield self._get(url)
            time.sleep(_POLL_S)  # as a player asks again for a playlist
        raise DemoError(tr("The link did not play in time"), url)

    def _get(self, url: str) -> httpx.Response:
        try:
            return self._client.get(url)
        except httpx.HTTPError as error:
            raise DemoError(tr("The server does not answer"), f"{url}: {error!r}") from error

    def _fetched(self, url: str, span: tuple[int, int] | None) -> bool:
        headers = {"Range": f"bytes={span[0]}-{span[0] + span[1] - 1}"} if span else {}
        answer = self._client.get(url, headers=headers)
        return answer.is_success and (span is None or len(answer.content) == span[1])


def first_pieces(playlist: str) -> list[tuple[str, tuple[int, int] | None]]:
    """The initialisation and the first media piece as address and (offset, length), once both are there.

    RFC 8216bis: EXT-X-MAP, then EXT-X-PART or EXTINF with EXT-X-BYTERANGE.
    """
    start: tuple[str, tuple[int, int] | None] | None = None
    span: tuple[int, int] | None = None
    for line in playlist.splitlines():
        if line.startswith("#EXT-X-MAP:"):
            start = _piece(line)
        elif line.startswith("#EXT-X-PART:") and start:
            return [start, _piece(line)]
        elif line.startswith("#EXT-X-BYTERANGE:"):
            span = _span(line.partition(":")[2])
        elif line and not line.startswith("#") and start:
            return [start, (line, span)]
    return []


def _piece(line: str) -> tuple[str, tuple[int, int] | None]:
    span = _attribute(line, "BYTERANGE")
    return _attribute(line, "URI"), _span(span) if span else None


def _attribute(line: str, name: str) -> str:
    return line.partition(f'{name}="')[2].partition('"')[0]


def _span(text: str) -> tuple[int, int]:
    length, _, offset = text.partition("@")
    return int(offset or 0), int(length)
