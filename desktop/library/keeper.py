"""Keeps the library while the app runs: looks at files and journal, and syncs with the server. No Qt.

`run` is for the background loop. Everything else of it may be called from there or from its threads; what it
has to tell comes from those too.
"""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

import httpx

from desktop.library.exporting import ExportError, make
from desktop.library.local import Local
from desktop.library.sync import Contact, Reach, Sync
from desktop.library.turns import Turns
from desktop.models.library.answers import steps_of_stream
from desktop.models.library.items import Item
from desktop.models.library.pictures import Pictures, picture_name
from desktop.models.library.store import Store
from uploader.errors import UploadError
from uploader.journal import Journal
from uploader.rest import ApiError, models, operations

log = logging.getLogger(__name__)

# How often files and journal are looked at while somebody looks at the library, and while nobody does.
_LOOK_S, _GLANCE_S = 0.5, 30.0
_FILES_EVERY = 4
_AT_ONCE = 3  # pictures


class Keeper:
    """One for the app, from the first look at the library on."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        server: str | None,
        *,
        contact: Callable[[Contact], object],
        recording: Callable[[], Collection[Path]] = lambda: (),
    ) -> None:
        self.store, self.pictures = store, Pictures()
        self._folder, self._server = folder, server
        self._contact, self._recording = contact, recording
        self._looked_at, self._again = False, asyncio.Event()
        self._turns = Turns(_AT_ONCE)
        self.sync: Sync | None = None

    async def run(self) -> None:
        """Until cancelled."""
        if self._server is None:
            self._contact(Contact(Reach.OFFLINE))
            await self._look()
            return
        self.sync = Sync(self._server, self.store, self._contact)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._look())
            tasks.create_task(self.sync.run())

    async def watch(self, *, closely: bool) -> None:
        """Somebody looks at the library, or nobody does any more."""
        self._looked_at = closely
        self._again.set()

    async def wake(self) -> None:
        """Something is to be sent, or the person wants to know how it stands."""
        self._again.set()
        if self.sync:
            self.sync.wake()

    async def poster(self, item: Item) -> Path | None:
        """The file of its poster; None where there is none to be had now."""
        name = picture_name(item, "poster")
        if known := await asyncio.to_thread(self.pictures.find, name):
            return known
        async with self._turns:
            if item.poster_url and self.sync:
                with contextlib.suppress(ApiError, UploadError, httpx.HTTPError, OSError, RuntimeError):
                    return await self._fetch(item.poster_url, name)
            return await self._made(item, "poster", name)

    async def preview(self, item: Item) -> Path | None:
        """The file of its moving picture, made here where the server has none."""
        name = picture_name(item, "preview")
        if known := await asyncio.to_thread(self.pictures.find, name):
            return known
        async with self._turns:
            if item.recording_id and self.sync:
                with contextlib.suppress(ApiError, UploadError, httpx.HTTPError, OSError, RuntimeError):
                    stream = await self.stream(item.recording_id)
                    if url := stream["previewUrl"]:
                        return await self._fetch(url, name)
            return await self._made(item, "preview", name)

    async def stream(self, recording_id: str) -> models.Stream:
        """Where it plays; what of it is still made is noted. Raises what the server and the network do."""
        if self.sync is None:
            raise UploadError("No server is set up.")
        told = await self.sync.client.send(operations.get_stream(recording_id))
        steps = steps_of_stream({**told})
        await asyncio.to_thread(self.store.change_remote, recording_id, lambda one: replace(one, steps=steps))
        return told

    async def _fetch(self, url: str, name: str) -> Path:
        """Raises for any answer that is no picture."""
        if self.sync is None:
            raise UploadError("No server is set up.")
        answer = await self.sync.http.get(url)
        answer.raise_for_status()
        return await asyncio.to_thread(self.pictures.put, name, answer.content)

    async def _made(self, item: Item, kind: str, name: str) -> Path | None:
        """From the file that is here."""
        if item.path is None or not item.duration_s:
            return None
        target = self.pictures.folder / f"making-{item.id}.{kind}"
        try:
            await asyncio.to_thread(self.pictures.folder.mkdir, parents=True, exist_ok=True)
            await make(kind, item.path, target)
            return await asyncio.to_thread(self._keep, target, name)
        except (ExportError, OSError) as error:
            log.info("%s: no %s: %s", item.path, kind, error)
            return None

    def _keep(self, made: Path, name: str) -> Path:
        kept = self.pictures.put(name, made.read_bytes())
        made.unlink()
        return kept

    async def _look(self) -> None:
        journal = await asyncio.to_thread(Journal)
        try:
            local = Local(self.store, self._folder, journal)
            turn = 0
            while True:
                try:
                    if turn % _FILES_EVERY == 0 or not self._looked_at or self._again.is_set():
                        self._again.clear()
                        await asyncio.to_thread(local.look, recording=self._recording())
                    else:
                        await asyncio.to_thread(local.look_at_journal)
                except (OSError, UploadError, sqlite3.Error) as error:  # a folder that is away, a full disk
                    log.warning("files and uploads could not be looked at: %s", error)
                turn += 1
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._again.wait(), _LOOK_S if self._looked_at else _GLANCE_S)
        finally:
            journal.close()
