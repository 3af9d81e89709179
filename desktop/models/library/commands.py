"""What can be done with what is chosen in the library. Pure."""

from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from desktop.models.library.items import Item, Standing, waits_for_plan


class Command(StrEnum):
    OPEN = "open"
    COPY_LINK = "copy_link"
    COPY_EMBED = "copy_embed"
    QR = "qr"
    BROWSE = "browse"
    SHOW_FILE = "show_file"
    RENAME = "rename"
    TAGS = "tags"
    MOVE = "move"
    SHARE = "share"
    EXPORT = "export"
    KEEP = "keep"
    TRANSCRIBE = "transcribe"
    STOP_TRANSCRIBING = "stop_transcribing"
    TRANSCRIPT = "transcript"
    RETRY = "retry"
    HOLD = "hold"
    RESUME = "resume"
    UPLOAD = "upload"
    CONFLICT = "conflict"
    TRASH = "trash"
    RESTORE = "restore"
    ERASE = "erase"


# What makes sense for several at once.
_MANY = frozenset(
    {
        Command.COPY_LINK,
        Command.TAGS,
        Command.MOVE,
        Command.KEEP,
        Command.RETRY,
        Command.HOLD,
        Command.RESUME,
        Command.UPLOAD,
        Command.TRASH,
        Command.RESTORE,
        Command.ERASE,
    }
)
_COMPLETE = frozenset({Standing.READY, Standing.PROCESSING})  # every byte is on the server
_SENDING = frozenset({Standing.UPLOADING, Standing.WAITING})


def offered(items: Sequence[Item]) -> frozenset[Command]:
    """What each of the items allows, and for several what makes sense for several. What is written down of
    them is another matter: see `speech.py`."""
    if not items:
        return frozenset()
    # Ten thousand recordings are of a few kinds.
    common = frozenset.intersection(*map(_offered, {_kind(item) for item in items}))
    return common if len(items) == 1 else common & _MANY


class _Kind(NamedTuple):
    """What decides about a recording's commands."""

    standing: Standing
    trashed: bool
    here: bool
    sent: bool  # from this computer
    on_server: bool
    linked: bool
    steps_failed: bool
    waits_for_plan: bool
    conflict: bool


def _kind(item: Item) -> _Kind:
    return _Kind(
        item.standing,
        item.trashed_at is not None,
        item.path is not None,
        item.upload_id is not None,
        item.recording_id is not None,
        bool(item.share_url),
        bool(item.failed_steps),
        waits_for_plan(item),
        item.conflict,
    )


@cache
def _offered(kind: _Kind) -> frozenset[Command]:
    if kind.trashed:
        return frozenset({Command.RESTORE, Command.ERASE})
    found = {Command.RENAME, Command.TAGS}
    playable = kind.here or kind.standing in (Standing.READY, Standing.PROCESSING, Standing.RECORDING)
    conditions = {
        Command.OPEN: playable,
        Command.EXPORT: playable and kind.standing is not Standing.RECORDING,
        Command.KEEP: not kind.here and kind.on_server and kind.standing in _COMPLETE,
        Command.COPY_LINK: kind.linked,
        Command.COPY_EMBED: kind.linked,
        Command.QR: kind.linked,
        Command.BROWSE: kind.linked,
        Command.SHOW_FILE: kind.here,
        Command.MOVE: True,
        # What is being recorded is ended first, where it is recorded.
        Command.TRASH: kind.standing is not Standing.RECORDING or not (kind.here or kind.sent),
        Command.SHARE: kind.on_server,
        Command.RETRY: kind.standing is Standing.FAILED or kind.steps_failed or kind.waits_for_plan,
        Command.HOLD: kind.standing in _SENDING and kind.sent,
        Command.RESUME: kind.standing is Standing.HELD,
        # Also what failed: of a file that is another by now nothing can be tried again.
        Command.UPLOAD: kind.standing in (Standing.LOCAL, Standing.FAILED) and kind.here,
        Command.CONFLICT: kind.conflict,
    }
    return frozenset(found | {command for command, given in conditions.items() if given})
