"""Sends what a person changed, field by field, and never over what somebody else wrote meanwhile."""

import time
from dataclasses import replace
from typing import Any

from desktop.models.library.answers import remote_of_answer
from desktop.models.library.edits import TRASHED, Edit, EditState, conflicting, decide
from desktop.models.library.items import Remote
from desktop.models.library.store import Store
from uploader.rest import ApiError, AsyncClient, Changed, NotFound, operations

# How often one may be overtaken between looking and writing, before it waits for the next time.
_TRIES = 3
_BUSY = 500


async def send_edits(client: AsyncClient, store: Store) -> None:
    """All that wait, of recordings that this server has. Raises what a network does; nothing is lost then."""
    for anchor, edit in store.edits():
        kind, _, recording_id = anchor.partition(":")
        remote = store.remote(recording_id) if kind == "id" else None
        if remote is not None and edit.state is EditState.WAITING:
            await _send(client, store, anchor, edit, remote)


async def _send(client: AsyncClient, store: Store, anchor: str, edit: Edit, remote: Remote) -> None:
    for _ in range(_TRIES):
        try:
            await _try(client, store, anchor, edit, remote)
        except Changed:
            continue
        except NotFound:
            store.put_edit(anchor, edit, _refused(edit, "The server has no such recording."), {}, remote)
        except ApiError as error:
            if error.status >= _BUSY or error.status in (401, 429):
                raise  # of the server, not of this change
            store.put_edit(anchor, edit, _refused(edit, error.sentence), {}, remote)
        return


async def _try(client: AsyncClient, store: Store, anchor: str, edit: Edit, remote: Remote) -> None:
    """Raises Changed where somebody was faster between looking and writing."""
    recording = remote.id
    if remote.trashed_at is not None:
        if edit.mine.get(TRASHED, True):
            if set(edit.mine) == {TRASHED}:
                store.put_edit(anchor, edit, None, edit.mine, remote)
            return  # what else was changed waits until it is taken out of the trash
        await client.send(operations.restore_recording(recording))
    answer = await client.answer(operations.get_recording(recording))
    now: dict[str, Any] = {**answer.value, TRASHED: False}
    decision = decide(edit, now)
    fields = {name: value for name, value in decision.send.items() if name != TRASHED}
    if fields:
        body: Any = fields
        answer = await client.answer(operations.patch_recording(recording, body, if_match=answer.etag))
    after = remote_of_answer(dict(answer.value), remote.steps)
    if decision.send.get(TRASHED):
        await client.send(operations.delete_recording(recording))
        after = replace(after, trashed_at=time.time())
    left = conflicting(edit, decision.conflicts) if decision.conflicts else None
    store.put_edit(anchor, edit, left, {**edit.mine, **decision.send}, after)


def _refused(edit: Edit, why: str) -> Edit:
    return replace(edit, state=EditState.REFUSED, problem=why)
