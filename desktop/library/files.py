"""Files that a person asks for of a recording: made from the one that is here, or from the server's."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx

from desktop.errors import HeddleError
from desktop.i18n import tr
from desktop.library.exporting import ExportError, make
from desktop.library.keeper import Keeper
from desktop.models.library.items import Item
from desktop.models.library.playing import Form, Range
from media import manifest
from media.captions import CaptionFormat, render
from media.manifest import ManifestError, TakeState
from media.transcript import Transcript
from uploader import web

_CHUNK = 1 << 18
_FETCH_PART = 0.6  # of the work, where the file has to come from the server first


Told = Callable[[float], object]  # how much of the work is done, 0 to 1
_KINDS = {Form.MP4: "mp4", Form.GIF: "gif", Form.SOUND: "audio"}


@dataclass(frozen=True, slots=True)
class Order:
    """What to make, of what, where to."""

    item: Item
    form: Form
    target: Path
    range: Range = field(default_factory=Range)


async def export(keeper: Keeper, order: Order, told: Told) -> Path:
    """Makes the file; cancelled, it leaves nothing. HeddleError and UploadError say why not."""
    recorded = order.item.path
    if recorded is not None and await asyncio.to_thread(_is_same, recorded, order.target):
        raise HeddleError(
            tr("This is the recording itself"),
            str(order.target),
            tr("Choose another name or folder: nothing is written over what was recorded."),
        )
    if order.form in (Form.SRT, Form.VTT, Form.TXT):
        await asyncio.to_thread(_write_captions, keeper, order)
        return order.target
    begin, end = order.range.begin or 0.0, order.range.end
    async with _source(keeper, order, told) as (path, rest):
        await make(_KINDS[order.form], path, order.target, begin_s=begin, end_s=end, told=rest)
    return order.target


async def trim(keeper: Keeper, order: Order, told: Told) -> Path:
    """Makes a recording of its own of a piece: a file in the form of a recorder's, with its manifest. The one
    it was cut from stays as it is.
    """
    async with _source(keeper, order, told) as (path, rest):
        begin, end = order.range.begin or 0.0, order.range.end
        made = await make("trim", path, order.target, begin_s=begin, end_s=end, told=rest)
    await asyncio.to_thread(_describe, order, float(made["begin_s"]), float(made["duration_s"]))
    return order.target


@contextlib.asynccontextmanager
async def _source(keeper: Keeper, order: Order, told: Told) -> AsyncIterator[tuple[Path, Told]]:
    """A file to work on, and whom to tell of the work; a fetched one goes when the work is done."""
    if order.item.path is not None:
        yield order.item.path, told
        return
    fetched = order.target.with_name(f".{order.target.name}.{uuid4().hex[:8]}.download")
    try:
        await _fetch(keeper, order.item, fetched, lambda part: told(part * _FETCH_PART))
        yield fetched, lambda part: told(_FETCH_PART + part * (1 - _FETCH_PART))
    finally:
        await asyncio.to_thread(fetched.unlink, missing_ok=True)


async def _fetch(keeper: Keeper, item: Item, target: Path, told: Told) -> None:
    stream = await keeper.stream(item.recording_id or "")
    url, sync = stream["downloadUrl"], keeper.sync
    if url is None or sync is None:
        raise ExportError(
            tr("The server has no file of this recording yet"), hint=tr("Try again in a while.")
        )
    with web.reaching(sync.server):
        # A server may keep its files in a bucket, and then names the place there.
        async with sync.http.stream("GET", url, timeout=httpx.Timeout(60.0), follow_redirects=True) as answer:
            if not answer.is_success:
                await answer.aread()
                raise web.problem_of(answer)
            size, done = int(answer.headers.get("Content-Length") or item.size or 0), 0
            with await asyncio.to_thread(target.open, "wb") as file:
                async for data in answer.aiter_bytes(_CHUNK):
                    await asyncio.to_thread(file.write, data)
                    done += len(data)
                    told(min(1.0, done / size) if size else 0.0)


def _write_captions(keeper: Keeper, order: Order) -> None:
    transcript = keeper.store.transcript(order.item)
    if transcript is None or not transcript.segments:
        raise HeddleError(tr("Nothing has been written down of this recording"))
    text = render(_between(transcript, order.range), CaptionFormat(order.form.value))
    part = order.target.with_name(f".{order.target.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(order.target)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise HeddleError(tr("The file could not be written"), error.strerror or str(error)) from error


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there
        return False


def _between(transcript: Transcript, chosen: Range) -> Transcript:
    """What is said in a piece, by its own time."""
    if chosen.whole:
        return transcript
    begin, end = chosen.begin or 0.0, chosen.end if chosen.end is not None else float("inf")
    kept = [one for one in transcript.segments if one.start < end and one.end > begin]
    moved = [
        replace(
            one,
            start=max(0.0, one.start - begin),
            end=min(one.end, end) - begin,
            words=tuple(
                replace(word, start=max(0.0, word.start - begin), end=max(0.0, min(word.end, end) - begin))
                for word in one.words
                if word.start < end and word.end > begin
            ),
        )
        for one in kept
    ]
    return replace(transcript, segments=tuple(moved))


def _describe(order: Order, begin_s: float, duration_s: float) -> None:
    """The manifest of the piece, after that of the whole where there is one."""
    try:
        whole = manifest.read(order.item.path) if order.item.path else None
    except ManifestError:
        whole = None
    if whole is None:
        return  # it lies in the folder as any video does, and is uploaded like one
    markers = tuple(
        replace(one, at_s=one.at_s - begin_s)
        for one in whole.markers
        if 0 <= one.at_s - begin_s <= duration_s
    )
    manifest.write(
        order.target,
        replace(
            whole,
            id=str(uuid4()),
            file=order.target.name,
            title=tr("{title} (cut)", title=order.item.title),
            state=TakeState.FINISHED,
            created_at=datetime.now(UTC).isoformat(),
            bytes_committed=order.target.stat().st_size,
            fragments=0,
            duration_s=duration_s,
            sha256=None,
            pauses=(),
            markers=markers,
            receipt=None,
        ),
    )
