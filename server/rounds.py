"""What the server does by itself, again and again."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress

import structlog

_log = structlog.get_logger(__name__)

# `first_s` of what only clears away the old: it lets those be served first who waited for the start.
LATER_S = 60.0


class Rounds:
    """Does `work` at the start, where it finishes what a crash left, or `first_s` seconds later; then every
    `every_s` seconds, and whenever it is woken. A round that fails is logged; what it was to do stays for the
    next one.
    """

    def __init__(
        self, name: str, work: Callable[[], Awaitable[object]], *, every_s: float, first_s: float = 0.0
    ) -> None:
        self._name = name
        self._work = work
        self._every_s = every_s
        self._first_s = first_s
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def alive(self) -> bool:
        return self._task is not None and not self._task.done()

    def start(self, stack: AsyncExitStack) -> None:
        """Ends when the stack closes."""
        stack.push_async_callback(self.stop)
        self._task = asyncio.create_task(self._run(), name=self._name)

    def wake(self) -> None:
        """Something may be due: the next round begins as soon as this one has ended."""
        self._wake.set()

    async def stop(self) -> None:
        """Cuts off what is under way: it is done again at the next start. Idempotent."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    async def _run(self) -> None:
        if self._first_s:
            await self._pause(self._first_s)
        while True:
            self._wake.clear()
            try:
                await self._work()
            except Exception:  # noqa: BLE001 (logged; a full disk or a locked database passes)
                _log.exception("round_failed", name=self._name)
            await self._pause(self._every_s)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()
