"""Pictures of people, made in the codec child: a picture is a stranger's bytes as much as a video is."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from server.errors import ServerError, TooManyRequests, UnreadableMedia
from server.processing.protocol import PORTRAIT, Failure, Limits, Request
from server.processing.sandbox import ChildFailed, run_child

MIB = 1 << 20
LIMITS = Limits(cpu_s=20, file=MIB, wall_s=30.0, stall_s=20.0)
AT_ONCE = 2
_WAITING = 8


class Portraits:
    """`folder` is for temporary files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def make(self, data: bytes) -> bytes:
        """A small square WebP. Raises UnreadableMedia, or TooManyRequests while many others are made."""
        if self._waiting >= _WAITING:
            raise TooManyRequests(
                "Many pictures are being made: try again soon.", headers={"Retry-After": "5"}
            )
        self._waiting += 1
        try:
            async with self._turns:
                return await self._make(data)
        finally:
            self._waiting -= 1

    async def _make(self, data: bytes) -> bytes:
        folder = await asyncio.to_thread(self._prepare, data)
        try:
            source, output = folder / "source", folder / "portrait.webp"
            request = Request(work=PORTRAIT, source=str(source), kind="", output=output.name, limits=LIMITS)
            await run_child(request, folder)
            return await asyncio.to_thread(output.read_bytes)
        except ChildFailed as failure:
            if failure.kind is Failure.MACHINE:
                raise ServerError(
                    "The picture could not be made now: try again later.", status=503
                ) from failure
            raise UnreadableMedia(
                f"{failure.title}: {failure.detail}" if failure.detail else failure.title
            ) from failure
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    def _prepare(self, data: bytes) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        (folder / "source").write_bytes(data)
        return folder
