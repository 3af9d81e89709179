"""From what this computer, the journal and the server each know to what the library shows. Pure.

A recording is recognised by its file: the newest upload of a file that was not cancelled says which recording
on the server it is. What no file stands for is a recording that the server alone has.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from desktop.i18n import tr
from desktop.models.library.edits import TRASHED, Edit, EditState, shown
from desktop.models.library.items import (
    FIELDS,
    Item,
    Remote,
    Sending,
    Standing,
    Step,
    Take,
    file_key,
    id_key,
)
from desktop.models.library.wording import step_words
from desktop.models.session import Problem
from media.manifest import TakeState
from uploader.states import UploadState

_WHOLE = 100
_LOOKING = {"probe", "first-poster", "live-transcript"}  # before anybody knows what there is to do
_STEPS_OF_VERSIONS = 7  # renditions, seeking pictures, preview, waveform, download, sound, scenes


def chosen(sendings: Iterable[Sending]) -> Sending | None:
    """Of the uploads of one file the one that counts: the newest that was not cancelled."""
    return max(
        (one for one in sendings if not one.cancelled), key=lambda one: (one.created_at, one.id), default=None
    )


def merge(
    take: Take | None,
    sending: Sending | None,
    remote: Remote | None,
    edit: Edit | None = None,
    *,
    gone: bool = False,
    binned_at: float | None = None,
) -> Item | None:
    """The one item of these three; None where there is nothing left to show.

    `gone`: the server was asked for everything, and does not have the recording that was sent to it.
    """
    if take is None and remote is None and (sending is None or (gone and not sending.here)):
        return None
    standing, percent, problem = _standing(take, sending, remote, gone=gone)
    fields = _fields(take, sending, remote)
    seen = {name: fields[name] for name in FIELDS if name in fields}
    fields = shown(edit, seen)
    return Item(
        key=_key(take, sending, remote),
        title=str(fields.get("title") or tr("Untitled recording")),
        description=str(fields.get("description") or ""),
        standing=standing,
        percent=percent,
        problem=problem,
        created_at=_created_at(take, sending, remote),
        duration_s=_duration(take, remote),
        size=_size(take, sending, remote),
        path=take.path if take else sending.path if sending and sending.here else None,
        upload_id=sending.id if sending else None,
        recording_id=None if gone else _recording_id(sending, remote),
        share_url=None if gone else _share_url(sending, remote),
        poster_url=remote.poster_url if remote else None,
        fields={name: fields[name] for name in FIELDS if name in fields},
        has_password=bool(remote and remote.has_password),
        updated_at=remote.updated_at if remote else "",
        trashed_at=_trashed_at(remote, edit, binned_at),
        views=remote.views if remote else 0,
        failed_steps=tuple(one.name for one in remote.steps if one.status == "failed") if remote else (),
        unsent=bool(edit and (remote or sending)),
        conflict=bool(edit and edit.state is not EditState.WAITING),
        refused=edit.problem if edit and edit.state is EditState.REFUSED else "",
    )


def percent_of(steps: Sequence[Step]) -> int | None:
    """How far processing is, all steps alike; None where none was told of yet.

    It does not go back when more becomes known: what only looks is not counted, and a file that must be
    converted first will have as many steps after that as others have from the start.
    """
    if not steps:
        return None
    counted = [one for one in steps if one.name not in _LOOKING]
    done = sum(_WHOLE if one.over else min(max(one.percent, 0), _WHOLE) for one in counted)
    to_come = _STEPS_OF_VERSIONS if any(one.name == "normalise" and not one.over for one in counted) else 0
    return math.floor(done / max(len(counted) + to_come, 1))


_Told = tuple[Standing, int | None, Problem | None]


def _standing(take: Take | None, sending: Sending | None, remote: Remote | None, *, gone: bool) -> _Told:
    if take is not None and take.state is TakeState.RECORDING and take.alive:
        return Standing.RECORDING, None, None
    if sending is not None and sending.state is not UploadState.DONE:
        return _on_its_way(sending)
    if remote is not None:
        return _on_the_server(remote)
    if gone and sending is not None:
        why = Problem(
            tr("It was removed from the server"), hint=tr("The file is here: upload it again for a new link.")
        )
        return Standing.LOCAL, None, why
    if sending is not None:
        return Standing.READY, None, None  # every byte was compared; the server was not asked since
    return Standing.LOCAL, None, _interrupted(take)


def _interrupted(take: Take | None) -> Problem | None:
    if take is None or take.state not in (TakeState.RECORDING, TakeState.INTERRUPTED):
        return None
    return Problem(
        tr("Its recording was interrupted"), tr("What was recorded until then plays."), severity="warning"
    )


def _on_its_way(sending: Sending) -> _Told:
    percent = None
    if sending.size:
        percent = min(_WHOLE, _WHOLE * sending.offset // sending.size)
    if sending.state is UploadState.FAILED:
        return Standing.FAILED, None, sending.problem or Problem(tr("The upload failed"))
    if sending.held or sending.state is UploadState.PAUSED:
        return Standing.HELD, percent, None
    if sending.state is UploadState.WAITING or sending.problem:
        return Standing.WAITING, percent, sending.problem
    return Standing.UPLOADING, percent, None


def _on_the_server(remote: Remote) -> _Told:
    if remote.status == "failed":
        why = Problem(tr("The server could not use the recording"), remote.error)
        return Standing.FAILED, None, why
    if remote.status == "processing":
        return Standing.PROCESSING, percent_of(remote.steps), None
    if remote.status == "completed":
        return Standing.READY, None, _step_problem(remote)
    if remote.status == "recording":
        return Standing.RECORDING, None, None
    return Standing.WAITING, None, None  # a link was made; its first byte is still to come, from elsewhere


def _step_problem(remote: Remote) -> Problem | None:
    failed = [one for one in remote.steps if one.status == "failed"]
    if not failed:
        return None
    names = ", ".join(step_words(one.name) for one in failed)
    return Problem(
        tr("A step of processing failed: {names}", names=names),
        failed[0].error,
        tr("The video plays. The step can be tried again."),
        severity="warning",
    )


def _fields(take: Take | None, sending: Sending | None, remote: Remote | None) -> Mapping[str, Any]:
    if remote is not None:
        return remote.fields
    title = (sending.title if sending else "") or (take.title if take else "")
    return {"title": title, "description": "", "folderId": None, "tags": ()}


def _key(take: Take | None, sending: Sending | None, remote: Remote | None) -> str:
    if take is not None:
        return file_key(take.path)
    if sending is not None:
        return file_key(sending.path)
    if remote is None:
        raise ValueError("nothing to name")
    return id_key(remote.id)


def _created_at(take: Take | None, sending: Sending | None, remote: Remote | None) -> float:
    return next(one.created_at for one in (take, remote, sending) if one is not None)


def _duration(take: Take | None, remote: Remote | None) -> float | None:
    """While it grows the file knows first; afterwards the server looked into it."""
    if take is not None and take.duration_s > 0:
        return take.duration_s
    return remote.duration_s if remote else None


def _size(take: Take | None, sending: Sending | None, remote: Remote | None) -> int | None:
    known = (take.size if take else None, sending.size if sending else None, remote.size if remote else None)
    return next((one for one in known if one), None)


def _recording_id(sending: Sending | None, remote: Remote | None) -> str | None:
    return remote.id if remote else sending.recording_id if sending else None


def _share_url(sending: Sending | None, remote: Remote | None) -> str | None:
    return (remote.share_url if remote else None) or (sending.share_url if sending else None)


def _trashed_at(remote: Remote | None, edit: Edit | None, binned_at: float | None) -> float | None:
    if edit is not None and TRASHED in edit.mine:
        return edit.at if edit.mine[TRASHED] else None
    return remote.trashed_at if remote else binned_at
