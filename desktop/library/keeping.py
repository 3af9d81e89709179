"""A copy of a recording on this computer: fetched from the server byte for byte, checked, and from then on
its file, as if it had been recorded here: it plays without a network, and the storage page can make room of
it.

What has come lies in a hidden file beside where it belongs, named after the hash of the whole: what broke off
goes on from there, also days later.
"""

import asyncio
import os
import re
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path, PurePosixPath

import httpx

from desktop.errors import HeddleError
from desktop.i18n import tr
from desktop.library.files import Told
from desktop.library.keeper import Keeper
from desktop.library.storage import sha256_of
from desktop.models.library.items import Item
from desktop.models.words import size as size_words
from desktop.recorder.takes import new_file
from media import manifest
from media.manifest import Manifest, ManifestError, TakeState
from uploader import web
from uploader.errors import Transient
from uploader.journal import Journal
from uploader.rest import models, operations
from uploader.retry import Backoff

_ATTEMPTS = 6  # without a byte gained between them
_SPARE = 256 << 20  # bytes to leave on the disk
_SILENCE_S = 60.0
_HASH = re.compile(r"[0-9a-f]{64}")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")


async def keep(keeper: Keeper, item: Item, folder: Path, told: Told) -> Path:
    """Brings the recording's file here; where it is. Cancelled, it leaves what has come for the next time.

    `folder` is for recordings that were never here. HeddleError and UploadError say why not.
    """
    if keeper.sync is None or item.recording_id is None:
        raise HeddleError(tr("No server is set up"))
    recording = await keeper.sync.send(operations.get_recording(item.recording_id))
    sha256, size = recording["sha256"], recording["fileSizeBytes"]
    if not sha256 or not _HASH.fullmatch(sha256) or not size:
        raise _nothing_there()
    former = await asyncio.to_thread(_former, item.recording_id, keeper.sync.server)
    part = (former.parent if former else folder) / f".{sha256[:32]}.part"
    await asyncio.to_thread(_make_room, part, size)
    fetch = _Fetch(keeper, item.recording_id, part, size, told)
    try:
        await fetch.run(sha256)
        path = await asyncio.to_thread(_place, former, folder, item, fetch.suffix)
        await asyncio.to_thread(_settle, part, path, recording, await fetch.stream(), keeper.sync.server)
    except (Transient, OSError) as error:
        why = error.detail if isinstance(error, Transient) else error.strerror or str(error)
        hint = tr("What has come is kept: choose it again, and it goes on from there.")
        raise HeddleError(tr("The copy is not complete"), why, hint) from error
    return path


class _Fetch:
    """One file into `part`, patiently."""

    def __init__(self, keeper: Keeper, recording_id: str, part: Path, size: int, told: Told) -> None:
        self._keeper, self._recording_id = keeper, recording_id
        self._part, self._size, self._told = part, size, told
        self.suffix = ".mp4"  # of the file's name on the server

    async def run(self, sha256: str) -> None:
        """All of it, checked. What lay there of another file, or was damaged by a disk, is fetched anew."""
        resumed = await asyncio.to_thread(_size, self._part) > 0
        for attempt in (1, 2):
            await self._complete()
            if await asyncio.to_thread(sha256_of, self._part) == sha256:
                return
            await asyncio.to_thread(self._part.unlink)
            if not resumed or attempt > 1:
                break
        raise HeddleError(
            tr("The copy came damaged"),
            tr("What came is not what the server says it has."),
            tr("Try again later; something on the way may have changed it."),
        )

    async def stream(self) -> models.Stream:
        """What the server says of it now. Transient where it cannot be reached."""
        with web.reaching(self._keeper.sync.server if self._keeper.sync else ""):
            return await self._keeper.stream(self._recording_id)

    async def _complete(self) -> None:
        failures, delays = 0, Backoff()
        while (had := await asyncio.to_thread(_size, self._part)) < self._size:
            try:
                await self._append(had)
            except Transient:
                more = await asyncio.to_thread(_size, self._part) > had
                failures = 1 if more else failures + 1
                if failures >= _ATTEMPTS:
                    raise
                await asyncio.sleep(delays.delay(failures))  # the network may be back by then

    async def _append(self, had: int) -> None:
        """From where it is to the end, as far as it comes. The address, which ends in hours, is a new one."""
        sync, url = self._keeper.sync, (await self.stream())["originalUrl"]
        if url is None or sync is None:
            raise _nothing_there()
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={had}-"} if had else {})
        with web.reaching(sync.server):
            async with sync.http.stream(
                "GET", url, headers=headers, timeout=httpx.Timeout(_SILENCE_S), follow_redirects=True
            ) as answer:
                if not answer.is_success:
                    await answer.aread()
                    raise web.problem_of(answer)
                self.suffix = _suffix(answer)
                goes_on = answer.headers.get("Content-Range", "").startswith(f"bytes {had}-")
                await self._write(answer, had if goes_on else 0)

    async def _write(self, answer: httpx.Response, had: int) -> None:
        with await asyncio.to_thread(self._part.open, "ab" if had else "wb") as file:
            # In the pieces that come: what a larger block would hold back is lost when the line breaks.
            async for data in answer.aiter_raw():
                had += len(data)
                if had > self._size:
                    raise HeddleError(tr("The copy came damaged"), tr("More came than was announced."))
                await asyncio.to_thread(file.write, data)
                self._told(had / self._size)


def _place(former: Path | None, folder: Path, item: Item, suffix: str) -> Path:
    """Where the file goes: back, or under a free name."""
    if former:
        return former
    made_at = datetime.fromtimestamp(item.created_at).astimezone()
    path = new_file(folder, item.title, made_at).with_suffix(suffix)
    while path.exists():  # `new_file` looks for MP4 alone
        path = path.with_stem(f"{path.stem}+")
    return path


def _former(recording_id: str, server: str) -> Path | None:
    """Where it lay when it was sent from here: that is its file, should it come back."""
    with Journal() as journal:
        rows = (row for row in journal.all() if (row.recording_id, row.server) == (recording_id, server))
        return next((row.path for row in rows if row.wish != "cancel"), None)


def _make_room(part: Path, size: int) -> None:
    """HeddleError where the disk has not enough; OSError where there can be no folder."""
    part.parent.mkdir(parents=True, exist_ok=True)
    needed, free = size - _size(part) + _SPARE, shutil.disk_usage(part.parent).free
    if needed > free:
        raise HeddleError(
            tr("There is no room for the copy"),
            tr(
                "{needed} are needed in {folder}, {free} are free.",
                needed=size_words(needed),
                folder=part.parent,
                free=size_words(free),
            ),
            tr("Make room on the page Storage of the settings, or elsewhere on this disk."),
        )


def _settle(part: Path, path: Path, recording: models.Recording, stream: models.Stream, server: str) -> None:
    """Under its name, and known: first to the journal, so that nobody takes it for a new recording."""
    if path.exists():
        raise HeddleError(tr("There is a file of that name already"), str(path))
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(path)
    with Journal() as journal:
        journal.adopt(
            path,
            title=recording["title"],
            server=server,
            recording_id=recording["id"],
            share_url=recording["shareUrl"],
            sha256=recording["sha256"] or "",
            created_at=datetime.fromisoformat(recording["createdAt"]).timestamp(),
        )
    if path.suffix == ".mp4":
        with suppress(ManifestError):
            manifest.read(path)
            return
        manifest.write(path, _manifest(path, recording, stream))


def _manifest(path: Path, recording: models.Recording, stream: models.Stream) -> Manifest:
    """By what the server says of it."""
    source = next(iter(stream["quality"]), None)
    video, _, audio = (source["codecs"] if source else "").partition(",")
    return Manifest(
        id=recording["id"],
        file=path.name,
        title=recording["title"],
        state=TakeState.FINISHED,
        created_at=datetime.fromisoformat(recording["createdAt"]).astimezone(UTC).isoformat(),
        width=source["width"] if source else 0,
        height=source["height"] if source else 0,
        fps=round(source["frameRate"]) if source else 0,
        encoder="",  # nobody knows any more
        video_codec=video,
        audio_codec=audio or None,
        bytes_committed=path.stat().st_size,
        duration_s=recording["duration"] or 0.0,
        sha256=recording["sha256"],
    )


def _suffix(answer: httpx.Response) -> str:
    """Of the name that the server gives the file (RFC 6266)."""
    told = Message()
    told["Content-Disposition"] = answer.headers.get("Content-Disposition", "")
    suffix = PurePosixPath(told.get_filename("")).suffix.lower()
    return suffix if _SUFFIX.fullmatch(suffix) else ".mp4"


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _nothing_there() -> HeddleError:
    return HeddleError(tr("The server has no file of this recording yet"), hint=tr("Try again in a while."))
