"""Keeps the library up to date with the server: all of it at first, then by events, and by asking where none
come. Runs until it is cancelled; a server that is away is waited for, and nothing here ever waits on Qt.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

import httpx

from desktop.library.outgoing import send_edits
from desktop.library.transcripts import fetch_transcript, fetch_transcripts
from desktop.models.library.answers import after_progress, remote_of_answer, steps_of_stream
from desktop.models.library.items import Folder, Remote
from desktop.models.library.store import Store
from uploader import web
from uploader.errors import SignInNeededError, UploadError
from uploader.events import CONNECTED, LOST, RESUMED, ServerEvent, watch
from uploader.journal import Journal
from uploader.rest import Answer, ApiError, AsyncClient, Call, NotFound, NotSignedIn, operations
from uploader.retry import Backoff
from uploader.tokens import Tokens

T = TypeVar("T")
log = logging.getLogger(__name__)

# Without events the server is asked so often; with them, in case one was missed.
_ASK_S, _ASK_RARELY_S = 30.0, 900.0
_GATHER_S = 0.15  # events of one recording come in swarms
_PAGE = 100
_WHOLE_S = 24 * 3600.0  # after so long, everything is asked for again


class Reach(StrEnum):
    CONNECTING = "connecting"
    ONLINE = "online"
    OFFLINE = "offline"
    SIGNED_OUT = "signed_out"


@dataclass(frozen=True, slots=True)
class Contact:
    """How we stand with the server; `detail` says why not."""

    reach: Reach = Reach.CONNECTING
    detail: str = ""


class Sync:
    """One server. `told` hears how we stand with it, on the loop's thread."""

    def __init__(self, server: str, store: Store, told: Callable[[Contact], object]) -> None:
        self.server = server
        self._store, self._told = store, told
        self._tokens = Tokens(server)
        self._http: httpx.AsyncClient | None = None
        self._wanted, self._live = asyncio.Event(), False
        self._pending: set[str] = set()  # what is read again in a moment
        self._reading: set[asyncio.Task[None]] = set()
        self._contact = Contact()
        self._user = ""

    @property
    def http(self) -> httpx.AsyncClient:
        if self._http is None:
            raise RuntimeError("the sync does not run")
        return self._http

    @property
    def client(self) -> AsyncClient:
        return AsyncClient(self.http)

    async def run(self) -> None:
        """Until cancelled."""
        await asyncio.to_thread(self._store.use_server, self.server)
        async with web.open_client(self.server, self._tokens) as self._http, asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            tasks.create_task(self._ask())

    async def send(self, call: Call[T]) -> T:
        """Asks this server for something. Raises ApiError for what it refuses, and UploadError where it
        cannot be reached."""
        return (await self.answer(call)).value

    async def answer(self, call: Call[T]) -> Answer[T]:
        """As `send`, with the ETag."""
        with web.reaching(self.server):
            answer = await self.client.answer(call)
        self.wake()
        return answer

    def wake(self) -> None:
        """There is something to send, or the person wants to know. From the loop's thread."""
        self._wanted.set()

    async def _ask(self) -> None:
        attempt, delays = 0, Backoff()
        while True:
            self._wanted.clear()
            try:
                await self._pull()
                attempt = 0
                self._tell(Contact(Reach.ONLINE))
                wait_s = _ASK_RARELY_S if self._live else _ASK_S
            except (NotSignedIn, SignInNeededError) as error:
                self._tell(Contact(Reach.SIGNED_OUT, str(error)))
                wait_s = _ASK_S
            except (ApiError, UploadError, httpx.HTTPError, OSError) as error:
                attempt += 1
                self._tell(Contact(Reach.OFFLINE, _words(error)))
                wait_s = delays.delay(attempt)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), wait_s)

    async def _pull(self) -> None:
        """What changed here goes first: what is then read has it."""
        if not self._user:
            self._user = (await self.client.send(operations.get_me()))["id"]
        await send_edits(self.client, self._store)
        await self._pull_recordings()
        await self._pull_folders()
        await send_edits(self.client, self._store)  # of recordings that were not known before
        await fetch_transcripts(self.client, self._store)

    async def _pull_recordings(self) -> None:
        known = {remote.id: remote for remote in await asyncio.to_thread(self._store.remotes)}
        begun, complete_at = time.time(), float(self._store.fact("complete_at") or 0)
        binned = self.client.each(operations.list_trash(size=_PAGE))
        trash = {one["id"]: remote_of_answer(dict(one)) async for one in binned}
        found, total = await self._pull_pages(known, everything=begun - complete_at > _WHOLE_S)
        living = {one for one, remote in known.items() if remote.trashed_at is None} | found.keys()
        if len(found) < total and len(living - trash.keys()) != total:  # some are gone, and nobody told us
            found, total = await self._pull_pages(known, everything=True)
        whole = len(found) >= total
        await asyncio.to_thread(
            self._store.put_remotes, (trash | found).values(), complete_at=begun if whole else None
        )

    async def _pull_pages(
        self, known: dict[str, Remote], *, everything: bool
    ) -> tuple[dict[str, Remote], int]:
        """The recordings from the last changed on, until those that are known; and how many there are."""
        found: dict[str, Remote] = {}
        total = 0
        listing: Any = operations.list_recordings(size=_PAGE, sort="-updatedAt").first()
        while listing is not None:
            page = await self.client.send(listing)
            total = page["pagination"]["totalElements"]
            remotes = [await self._told_of(dict(one), known.get(one["id"])) for one in page["data"]]
            await asyncio.to_thread(self._store.put_remotes, remotes)
            found |= {one.id: one for one in remotes}
            same = bool(remotes) and all(
                one.id in known and known[one.id].updated_at == one.updated_at for one in remotes
            )
            listing = listing.after(page)
            if same and not everything:
                break
        return found, total

    async def _told_of(self, data: dict[str, Any], before: Remote | None) -> Remote:
        remote = remote_of_answer(data, before.steps if before else ())
        if remote.status == "processing" or (before and before.status != remote.status):
            with contextlib.suppress(ApiError):
                stream = await self.client.send(operations.get_stream(remote.id))
                remote = replace(remote, steps=steps_of_stream(dict(stream)))
        return remote

    async def _pull_folders(self) -> None:
        told = await self.client.send(operations.list_folders())
        folders = [Folder(one["id"], one["parentId"], one["name"]) for one in told["data"]]
        if sorted(folders, key=lambda one: one.id) != sorted(self._store.folders(), key=lambda one: one.id):
            await asyncio.to_thread(self._store.put_folders, folders)

    async def _listen(self) -> None:
        while True:
            try:
                async for event in watch(self.server, self._tokens):
                    self._live = event != LOST
                    await self._heard(event)
            except SignInNeededError as error:
                self._tell(Contact(Reach.SIGNED_OUT, error.detail))
            except UploadError as error:
                log.info("no events: %s", error.detail)
            self._live = False
            await asyncio.sleep(_ASK_S)  # until events are tried again; meanwhile the server is asked

    async def _heard(self, event: ServerEvent) -> None:
        recording_id = str(event.data.get("recordingId") or "")
        if event in (CONNECTED, RESUMED, LOST):
            self.wake()  # what is said of the server may be otherwise by now
        elif event.type in ("recording.deleted", "recording.removed"):
            await asyncio.to_thread(self._store.forget_remote, recording_id)
        elif event.type == "recording.trashed":
            await asyncio.to_thread(self._store.change_remote, recording_id, _trashed)
        elif event.type == "processing.progress":
            known = await asyncio.to_thread(
                self._store.change_remote, recording_id, lambda one: after_progress(one, event.data)
            )
            if not known or event.data.get("status") == "completed":  # there may be a poster now, or a length
                self._look_again(recording_id)
        elif event.type in ("transcription.completed", "transcription.updated"):
            self._look_again(recording_id, transcript=True)
        elif event.type.startswith("recording."):
            self._look_again(recording_id)
        elif event.type == "billing.updated":
            await asyncio.to_thread(_try_again, self.server)

    def _look_again(self, recording_id: str, *, transcript: bool = False) -> None:
        """Reads a recording anew, once for all that is told of it in a moment."""
        mark = f"{recording_id} transcript" if transcript else recording_id
        if not recording_id or mark in self._pending:
            return
        self._pending.add(mark)
        task = asyncio.get_running_loop().create_task(self._read(recording_id, mark, transcript=transcript))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _read(self, recording_id: str, mark: str, *, transcript: bool) -> None:
        await asyncio.sleep(_GATHER_S)  # for what else is told of it
        self._pending.discard(mark)
        try:
            if transcript:
                await fetch_transcript(self.client, self._store, recording_id)
            else:
                await self._read_recording(recording_id)
        except NotFound:
            self.wake()  # it lies in the trash, or is no more: the list knows
        except (ApiError, UploadError, httpx.HTTPError, OSError) as error:
            log.info("%s: not read again: %s", recording_id, error)

    async def _read_recording(self, recording_id: str) -> None:
        told = await self.client.send(operations.get_recording(recording_id))
        data: dict[str, Any] = {**told}
        if data["userId"] != self._user:
            return  # of a colleague in one of our workspaces: the library is of one's own
        remote = await self._told_of(data, self._store.remote(recording_id))
        await asyncio.to_thread(self._store.put_remotes, [remote])

    def _tell(self, contact: Contact) -> None:
        if contact != self._contact:
            self._contact = contact
            self._told(contact)


def _trashed(remote: Remote) -> Remote:
    return remote if remote.trashed_at is not None else replace(remote, trashed_at=time.time())


def _try_again(server: str) -> None:
    """What waits for room in the plan may have it now."""
    with Journal() as journal:
        journal.retry_now(server)


def _words(error: Exception) -> str:
    if isinstance(error, ApiError):
        return error.sentence
    return error.detail if isinstance(error, UploadError) else str(error) or type(error).__name__
