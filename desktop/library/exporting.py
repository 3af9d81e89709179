"""Files made from a recording by a child process, whose progress is told and which can be ended."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from desktop.errors import HeddleError
from desktop.i18n import tr
from desktop.models.told import facts, number, text
from media import self_command
from media.jsonlines import Lines, read_object

_END_S = 5.0
_CHUNK = 1 << 16  # bytes


class ExportError(HeddleError):
    """The file could not be made."""


async def make(
    kind: str,
    source: Path,
    output: Path,
    *,
    begin_s: float = 0.0,
    end_s: float | None = None,
    told: Callable[[float], object] = lambda _: None,
) -> dict[str, Any]:
    """Makes a file as `media.export` describes; what was made. ExportError says why not.

    Cancelled, it ends the child and leaves nothing behind.
    """
    options: list[str] = ["--from", str(begin_s), *(["--to", str(end_s)] if end_s is not None else [])]
    process = await _start(self_command.command("media.export", kind, str(source), str(output), *options))
    answer = Answer(told)
    try:
        assert process.stdout is not None  # noqa: S101 - as it was asked for
        lines = Lines()
        while data := await process.stdout.read(_CHUNK):
            for line in lines.feed(data):
                answer.hear(line)
        await process.wait()
    finally:
        await _end(process)
        output.with_name(f".{output.name}.part").unlink(missing_ok=True)
    return answer.made()


class Answer:
    """What a child says, line by line; `told` hears of its progress."""

    def __init__(self, told: Callable[[float], object]) -> None:
        self._told = told
        self._last: dict[str, Any] = {}

    def hear(self, line: bytes) -> None:
        try:
            self._last = read_object(line)
        except ValueError:  # a library that prints
            return
        if (done := number(self._last, "progress", None)) is not None:
            self._told(done)

    def made(self) -> dict[str, Any]:
        """Raises ExportError."""
        if (made := facts(self._last, "done")) is not None:
            return dict(made)
        error = facts(self._last, "error") or {}
        title = text(error, "title", tr("The file could not be made"))
        raise ExportError(title, text(error, "detail", ""), text(error, "hint", ""))


async def _start(command: Sequence[str]) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError as error:
        raise ExportError(tr("The file could not be made"), error.strerror or str(error)) from error


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _END_S)
        except TimeoutError:
            process.kill()
            await process.wait()
