"""Runs of models in `ai_processing_results`: one row for each job, however often it is tried."""

from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from server.ai.models import ResultRow
from server.db import now


async def begin(session: AsyncSession, run_id: str, recording_id: str, processing_type: str) -> bool:
    """False when it has begun before."""
    if await session.get(ResultRow, run_id) is not None:
        return False
    session.add(
        ResultRow(
            id=run_id,
            session_id=recording_id,
            processing_type=processing_type,
            status="processing",
            created_at=now(),
        )
    )
    return True


async def end(
    session: AsyncSession,
    run_id: str,
    *,
    results: dict[str, Any],
    failed: bool = False,
    confidence: float | None = None,
    model: str = "",
) -> bool:
    """False when it is not known, or has ended before."""
    row = await session.get(ResultRow, run_id)
    if row is None or row.completed_at is not None:
        return False
    row.status = "failed" if failed else "completed"
    row.results, row.completed_at = results, now()
    row.processing_time_ms = int((row.completed_at - row.created_at).total_seconds() * 1000)
    row.model_version = model[:50] or None
    if not failed:
        row.progress = Decimal(100)
        row.confidence_score = None if confidence is None else Decimal(str(round(confidence, 4)))
    return True
