"""Downloads a model: what broke off goes on where it was, and only what was checked enters the store."""

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from media.errors import SpeechError
from media.transcribe.listing import HUB, RemoteFile, list_files, refuse
from media.transcribe.store import ModelStore, unfinished

# Called with bytes done and bytes in all (0 where unknown); whatever it raises stops the download, which goes
# on from there the next time.
Progress = Callable[[int, int], None]

_ATTEMPTS = 6  # without a byte gained between them
_LONGEST_PAUSE_S = 20.0
_SPARE = 64 << 20  # bytes to leave on the disk
_LARGEST = 8 << 30  # of a file whose size the server did not tell


def download(
    model: str,
    store: ModelStore,
    *,
    progress: Progress,
    hub: str = HUB,
    http: httpx.Client | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> Path:
    """The folder of the model, which is then complete and checked. Raises SpeechError.

    `hub` is the address of a mirror; `pause` waits between attempts.
    """
    folder = store.folder_of(model)
    with _client(http) as client, _reaching(hub if "://" not in model else model):
        files = _patiently(lambda: list_files(client, model, hub), pause)
        part = unfinished(folder)
        part.mkdir(parents=True, exist_ok=True)
        _check_room(files, part)
        _Download(client, files, part, progress, pause).run()
    if folder.exists():
        shutil.rmtree(folder)
    part.replace(folder)
    return folder


class _Download:
    """One model's files, one after the other, into the folder `part`."""

    def __init__(
        self,
        client: httpx.Client,
        files: Sequence[RemoteFile],
        part: Path,
        progress: Progress,
        pause: Callable[[float], None],
    ) -> None:
        self._client, self._files, self._part = client, files, part
        self._progress, self._pause = progress, pause
        self._total = sum(file.size for file in files) if all(file.size for file in files) else 0
        self._before = 0  # bytes of the files that are complete

    def run(self) -> None:
        for file in self._files:
            path = self._part / file.name
            if not path.is_file():
                self._fetch(file, path)
            self._before += path.stat().st_size
            self._progress(self._before, self._total)

    def _fetch(self, file: RemoteFile, path: Path) -> None:
        growing = path.with_name(path.name + ".growing")
        resumed = growing.exists()
        self._complete(file, growing)
        if resumed and not file.matches(growing):
            # What lay there was of another version, or a disk's fault: once more from nothing.
            growing.unlink()
            self._complete(file, growing)
        if not file.matches(growing):
            growing.unlink()
            raise SpeechError(
                "The speech model came damaged",
                f"{file.name} is not what {file.url} should give.",
                "Try again later; a mirror or a proxy on the way may have changed it.",
            )
        growing.replace(path)

    def _complete(self, file: RemoteFile, growing: Path) -> None:
        failures = 0
        while True:
            had = _size(growing)
            try:
                self._append(file, growing)
                return
            except httpx.HTTPError:
                failures = 1 if _size(growing) > had else failures + 1
                if failures >= _ATTEMPTS:
                    raise
                self._pause(min(_LONGEST_PAUSE_S, 2.0**failures / 2))

    def _append(self, file: RemoteFile, growing: Path) -> None:
        had = _size(growing)
        if file.size and had >= file.size:
            return
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={had}-"} if had else {})
        with self._client.stream("GET", file.url, headers=headers) as response:
            if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                return  # all of it is here, or too much: the hash tells
            refuse(response)
            if not _goes_on(response, had):
                had = 0
            self._write(response, file, growing, had)

    def _write(self, response: httpx.Response, file: RemoteFile, growing: Path, had: int) -> None:
        most = file.size or _LARGEST
        with growing.open("ab" if had else "wb") as out:
            # In the pieces that come: what a larger block would hold back is lost when the line breaks.
            for block in response.iter_bytes():
                had += len(block)
                if had > most:
                    raise SpeechError(
                        "The speech model came damaged", f"{file.url} sends more than it announced."
                    )
                out.write(block)
                self._progress(self._before + had, self._total)
            out.flush()
            os.fsync(out.fileno())


def _goes_on(response: httpx.Response, had: int) -> bool:
    """Whether the answer continues what is here; else it begins anew."""
    return response.status_code == httpx.codes.PARTIAL_CONTENT and response.headers.get(
        "Content-Range", ""
    ).startswith(f"bytes {had}-")


def _patiently(ask: Callable[[], list[RemoteFile]], pause: Callable[[float], None]) -> list[RemoteFile]:
    for failures in range(1, _ATTEMPTS):
        try:
            return ask()
        except httpx.HTTPError:
            pause(min(_LONGEST_PAUSE_S, 2.0**failures / 2))
    return ask()


def _check_room(files: Sequence[RemoteFile], part: Path) -> None:
    there = sum(path.stat().st_size for path in part.iterdir() if path.is_file())
    needed = sum(file.size for file in files) - there + _SPARE
    free = shutil.disk_usage(part).free
    if needed > free:
        raise SpeechError(
            "There is no room for the speech model",
            f"{needed >> 20} MiB are needed in {part.parent}, {free >> 20} MiB are free.",
            "Free some space, or keep the models elsewhere.",
        )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


@contextmanager
def _client(given: httpx.Client | None) -> Iterator[httpx.Client]:
    """The hub sends its large files from another address: redirects are followed."""
    if given is not None:
        yield given
        return
    with httpx.Client(follow_redirects=True, timeout=httpx.Timeout(30.0, connect=10.0)) as client:
        yield client


@contextmanager
def _reaching(address: str) -> Iterator[None]:
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SpeechError(
            "The speech model cannot be downloaded",
            f"{address}: {error or type(error).__name__}",
            "What is here is kept: run it again. Without a network, copy the model's folder by hand.",
        ) from error
    except ValueError as error:
        raise SpeechError(
            "The speech model cannot be downloaded", f"{address} does not answer in JSON."
        ) from error
