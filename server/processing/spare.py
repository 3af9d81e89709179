"""A codec child that is started before there is anything for it to do.

Most of the time between the first bytes of a recording and its poster goes into loading Python and FFmpeg.
When a recording begins, one child does that beforehand.
"""

import asyncio
from asyncio.subprocess import Process

from server.processing import sandbox


class Spare:
    """One child at the most. It costs the memory of its libraries, and nothing else until it is taken."""

    def __init__(self) -> None:
        self._starting: asyncio.Task[Process] | None = None

    def prepare(self) -> None:
        """Has a child started, unless one is there."""
        if self._starting is None:
            self._starting = asyncio.create_task(sandbox.start(), name="spare-child")

    async def take(self) -> Process | None:
        """The child, which is the caller's now; None where there is none."""
        starting, self._starting = self._starting, None
        if starting is None:
            return None
        try:
            process = await starting
        except OSError:
            return None  # whoever wanted it starts one of its own, and hears why that fails
        return process if process.returncode is None else None

    async def close(self) -> None:
        process = await self.take()
        if process is not None:
            await sandbox.end(process)
