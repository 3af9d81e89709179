"""What can be done with what is chosen in the library. Pure."""

from collections.abc import Sequence
from enum import StrEnum

from desktop.models.library.items import Item, Standing


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
    """What each of the items allows, and for several what makes sense for several."""
    if not items:
        return frozenset()
    common = frozenset.intersection(*map(_offered, items))
    return common if len(items) == 1 else common & _MANY


def _offered(item: Item) -> frozenset[Command]:
    if item.trashed_at is not None:
        return frozenset({Command.RESTORE, Command.ERASE})
    found = {Command.RENAME, Command.TAGS}
    playable = item.path is not None or item.standing in (
        Standing.READY,
        Standing.PROCESSING,
        Standing.RECORDING,
    )
    conditions = {
        Command.OPEN: playable,
        Command.EXPORT: playable and item.standing is not Standing.RECORDING,
        Command.KEEP: item.path is None and item.recording_id is not None and item.standing in _COMPLETE,
        Command.COPY_LINK: bool(item.share_url),
        Command.COPY_EMBED: bool(item.share_url),
        Command.QR: bool(item.share_url),
        Command.BROWSE: bool(item.share_url),
        Command.SHOW_FILE: item.path is not None,
        Command.MOVE: True,
        # What is being recorded is ended first, where it is recorded.
        Command.TRASH: item.standing is not Standing.RECORDING
        or (item.path is None and item.upload_id is None),
        Command.SHARE: item.recording_id is not None,
        Command.RETRY: item.standing is Standing.FAILED or bool(item.failed_steps),
        Command.HOLD: item.standing in _SENDING and item.upload_id is not None,
        Command.RESUME: item.standing is Standing.HELD,
        Command.UPLOAD: item.standing is Standing.LOCAL and item.path is not None,
        Command.CONFLICT: item.conflict,
    }
    return frozenset(found | {command for command, given in conditions.items() if given})
