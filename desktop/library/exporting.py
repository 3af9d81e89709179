"""Files made from a recording by a child process, whose progress is told and which can be ended."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from desktop.errors import HeddleError
from desktop.i18n import tr
from media import self_command

_END_S = 5.0
_LONGEST_LINE = 1 << 16


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
    result: dict[str, Any] = {}
    try:
        assert process.stdout is not None  # noqa: S101 - as it was asked for
        async for line in process.stdout:
            with contextlib.suppress(ValueError):
                result = json.loads(line)
                if "progress" in result:
                    told(float(result["progress"]))
        await process.wait()
    finally:
        await _end(process)
        output.with_name(f".{output.name}.part").unlink(missing_ok=True)
    if "done" in result:
        return dict(result["done"])
    error = result.get("error") or {"title": tr("The file could not be made")}
    raise ExportError(error["title"], error.get("detail", ""), error.get("hint", ""))


async def _start(command: Sequence[str]) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_LONGEST_LINE,
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
