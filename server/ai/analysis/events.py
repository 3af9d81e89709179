"""What analysis tells."""

from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from server import outbox
from server.ai.analysis.models import AnalysisRow


class AnalysisEventType(StrEnum):
    COMPLETED = "analysis.completed"


def completed(session: AsyncSession, row: AnalysisRow, user_id: str) -> None:
    outbox.record(
        session,
        AnalysisEventType.COMPLETED,
        recording_id=row.session_id,
        user_id=user_id,
        data={
            "sessionId": row.session_id,
            "recordingId": row.session_id,
            "source": row.source,
            "model": row.model,
            "language": row.language,
            "title": row.title,
            "chapters": len(row.chapters or ()),
            "actionItems": len(row.action_items or ()),
            "revision": row.transcript_revision,
        },
    )
