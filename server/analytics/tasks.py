"""What analytics does by itself: forget, once an hour."""

import asyncio

import structlog

from server.analytics.service import Analytics

SWEEP_EVERY_S = 3600.0

_log = structlog.get_logger(__name__)


class Sweeper:
    def __init__(self, analytics: Analytics) -> None:
        self._analytics = analytics
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="analytics-sweeper")

    async def stop(self) -> None:
        """Idempotent."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    async def _run(self) -> None:
        while True:
            try:
                await self._analytics.sweep()
            except Exception:  # noqa: BLE001 (logged; the next round tries again)
                # A locked database passes.
                _log.exception("analytics_sweep_failed")
            await asyncio.sleep(SWEEP_EVERY_S)
