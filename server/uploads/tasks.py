"""What the server does about uploads by itself."""

import asyncio

import structlog

from server.uploads.service import Uploads

SWEEP_EVERY_S = 60.0

_log = structlog.get_logger(__name__)


class Sweeper:
    """Sweeps at the start, where it finishes what a crash interrupted, and then each minute."""

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="uploads-sweeper")

    async def stop(self) -> None:
        """Idempotent. What is under way is done again at the next start."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    async def _run(self) -> None:
        while True:
            try:
                await self._uploads.sweep()
            except Exception:  # noqa: BLE001 (logged; whatever it is, uploads go on)
                # A full disk or a locked database passes; the next round tries again.
                _log.exception("upload_sweep_failed")
            await asyncio.sleep(SWEEP_EVERY_S)
