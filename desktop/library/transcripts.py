"""Fetches what is said in the recordings, so that it is found without the server too."""

import asyncio
from dataclasses import replace
from typing import Any

from desktop.models.library.items import id_key
from desktop.models.library.store import Store
from media.errors import TranscriptError
from media.transcript import Transcript
from uploader.rest import ApiError, AsyncClient, NotFound, operations
from uploader.rest.call import Call, Reads

_NOT_MODIFIED = 304


async def fetch_transcripts(client: AsyncClient, store: Store) -> None:
    """Of all finished recordings that were changed since they were last asked; one after the other."""
    remotes = await asyncio.to_thread(store.remotes)
    for remote in sorted(remotes, key=lambda one: -one.created_at):
        known = store.transcript_known(id_key(remote.id))
        asked = known is not None and known[1] == remote.updated_at
        if remote.status == "completed" and remote.trashed_at is None and not asked:
            await fetch_transcript(client, store, remote.id)


async def fetch_transcript(client: AsyncClient, store: Store, recording_id: str) -> None:
    """One, if it is another than the one that is kept. What has none is remembered as empty."""
    anchor, remote = id_key(recording_id), store.remote(recording_id)
    if remote is None:
        return
    known = store.transcript_known(anchor)
    etag = known[0] if known and known[0] else None
    asked = operations.get_transcript(recording_id, if_none_match=etag)
    call: Call[Any] = replace(asked, reads=Reads.JSON)
    try:
        answer = await client.answer(call)
        transcript, etag = Transcript.from_dict(answer.value), answer.etag
    except NotFound:
        transcript, etag = Transcript("und"), None
    except TranscriptError:
        return
    except ApiError as error:
        if error.status != _NOT_MODIFIED:
            raise
        await asyncio.to_thread(store.note_transcript, anchor, remote.updated_at)
        return
    await asyncio.to_thread(
        store.put_transcript, anchor, transcript, etag=etag or "", told_at=remote.updated_at
    )
