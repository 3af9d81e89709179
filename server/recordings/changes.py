"""Changes of a recording's row, and what the audit log is told of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from server.errors import InvalidRequest
from server.identity.acts import Act
from server.identity.audit import audit
from server.recordings.link import TOLD_AS, LinkChange, Visibility
from server.recordings.models import RecordingRow
from server.recordings.schemas import MarkerOut

# What a recorder calls the end may be a picture later than what the file has.
_BEHIND_S = 1.0
_OF_LINK = frozenset(LinkChange.__annotations__)


def switched(*, on: bool) -> Visibility:
    """What `shared` has always meant."""
    return Visibility.PUBLIC if on else Visibility.PRIVATE


def apply(session: AsyncSession, row: RecordingRow, changes: Mapping[str, Any], by: str | None) -> list[str]:
    """Values of columns; the names of what is another now, as events tell them."""
    shared = row.shared
    different = sorted(name for name, value in changes.items() if getattr(row, name) != value)
    for name in different:
        setattr(row, name, changes[name])
    if of_link := [_told(name) for name in different if name in _OF_LINK]:
        noted(session, Act.RECORDING_SHARING_CHANGED, row, by, **of_the_link(row), changed=of_link)
    return [_told(name) for name in different] + (["shared"] if row.shared is not shared else [])


def check_markers(row: RecordingRow, markers: Sequence[MarkerOut]) -> None:
    """Raises InvalidRequest for one that nobody could reach. A length that is not known yet refuses none."""
    if row.duration_ms is None:
        return
    length_s = row.duration_ms / 1000
    for one in markers:
        if one.time > length_s + _BEHIND_S:
            raise InvalidRequest(
                f"The marker {one.title!r} lies at {one.time:g} s, behind the end of the recording at"
                f" {length_s:g} s."
            )


def of_the_link(row: RecordingRow) -> dict[str, Any]:
    """How a recording is shared, as events and the log tell it: that there is a password, not which."""
    ends = row.share_expires_at
    return {
        "shared": row.shared,
        "visibility": row.visibility,
        "hasPassword": row.share_password_hash is not None,
        "expiresAt": None if ends is None else ends.isoformat(),
        "allowDownload": row.allow_download,
        "allowComments": row.allow_comments,
    }


def noted(session: AsyncSession, act: Act, row: RecordingRow, by: str | None, **details: Any) -> None:
    about = {"user_id": row.user_id, "workspace_id": row.workspace_id, "recording_id": row.id}
    audit(session, act, actor_id=by, **about, **details)


def _told(column: str) -> str:
    return TOLD_AS.get(column, column)
