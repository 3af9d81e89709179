"""What the server does by itself, again and again."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import structlog

_log = structlog.get_logger(__name__)


class Rounds:
    """Does `work` at the start, where it finishes what a crash left, and then every `every_s` seconds."""

    def __init__(self, name: str, work: Callable[[], Awaitable[object]], *, every_s: float) -> None:
        self._name = name
        self._work = work
        self._every_s = every_s
        self._task: asyncio.Task[None] | None = None

    def start(self, stack: AsyncExitStack) -> None:
        """Ends when the stack closes."""
        stack.push_async_callback(self._stop)
        self._task = asyncio.create_task(self._run(), name=self._name)

    async def _stop(self) -> None:
        """What is under way is done again at the next start."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    async def _run(self) -> None:
        while True:
            try:
                await self._work()
            except Exception:  # noqa: BLE001 (logged; a full disk or a locked database passes)
                _log.exception("round_failed", name=self._name)
            await asyncio.sleep(self._every_s)
