"""A codec child that is started before there is anything for it to do.

Most of the time between the first bytes of a recording and its poster goes into loading Python and FFmpeg.
When a recording is announced, one child does that beforehand.
"""

import asyncio
from asyncio.subprocess import Process
from contextlib import suppress

from server.processing import sandbox
from server.processing.steps import StepName

# Somebody may announce a recording and never begin.
KEPT_S = 600.0


class Spare:
    """One child at the most. It costs the memory of its libraries, and nothing else until it is taken."""

    def __init__(self) -> None:
        self._starting: asyncio.Task[Process] | None = None
        self._expiry: asyncio.Task[None] | None = None

    def prepare(self) -> None:
        """Has a child started, unless one is there."""
        if self._starting is None:
            self._starting = asyncio.create_task(sandbox.start(StepName.POSTER), name="spare-child")
            self._expiry = asyncio.create_task(self._expire(self._starting), name="spare-child-expiry")

    async def take(self) -> Process | None:
        """The child, which is the caller's now; None where there is none."""
        starting, expiry = self._starting, self._expiry
        self._starting = self._expiry = None
        if starting is None or expiry is None:
            return None
        expiry.cancel()
        try:
            process = await starting
        except OSError:
            return None  # whoever wanted it starts one of its own, and hears why that fails
        return process if process.returncode is None else None

    async def close(self) -> None:
        process = await self.take()
        if process is not None:
            await sandbox.end(process)

    async def _expire(self, starting: "asyncio.Task[Process]") -> None:
        await asyncio.sleep(KEPT_S)
        self._starting = self._expiry = None
        with suppress(OSError):
            await sandbox.end(await starting)
