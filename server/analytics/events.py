"""What analytics tells, by the name of the specification."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from server import outbox


class AnalyticsEventType(StrEnum):
    # Enough was watched for a view; once for each.
    VIEWED = "video.viewed"


def viewed(
    session: AsyncSession, *, view_id: str, recording_id: str, owner_id: str, by_owner: bool, at: datetime
) -> None:
    """Says nothing of who it was, but whether it was the owner (whose views count only by setting)."""
    data = {
        "recordingId": recording_id,
        "viewId": view_id,
        "viewedAt": at.isoformat(),
        "byOwner": by_owner,
    }
    outbox.record(session, AnalyticsEventType.VIEWED, recording_id=recording_id, user_id=owner_id, data=data)
