"""The parent's side of the codec child: started, listened to, ended."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import structlog

from media import self_command
from server.processing import devices
from server.processing.growth import Gone, Grown
from server.processing.protocol import Failure, Request

_log = structlog.get_logger(__name__)

# Between asking a child to end and ending it.
GRACE_S = 2.0
# Loading Python and FFmpeg: half a second, but on a machine with much to do it may take long.
START_S = 60.0
_LINE_LIMIT = 1 << 16
_MOST_LINES = 1_000_000
_STDERR_KEPT = 2000
_SIGXCPU = 24
# The loader and Windows need these; nothing of ours (secrets, tokens, proxies) reaches a codec.
_KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "SystemRoot", *devices.VARIABLES)
_GIVEN_UP = ("The upload was given up", "What was done with its beginning is put away.")
# What the child says beside its progress and its result.
Told = Callable[[dict[str, Any]], Awaitable[None]]
_HINT = "Open it in a player; if it plays there, export it again as MP4 (H.264 and AAC)."
_WORDS = {
    Failure.CRASHED: ("The video could not be processed", "The decoder broke down on this file."),
    Failure.STALLED: ("The video could not be processed", "Working on it came to a standstill."),
    Failure.TOO_LONG: ("The video could not be processed", "Working on it took longer than is allowed."),
}


class ChildFailed(Exception):
    """`title` and `detail` are sentences for the owner of the video."""

    def __init__(self, kind: Failure, title: str, detail: str = "", hint: str = "") -> None:
        super().__init__(f"{kind}: {title} ({detail})")
        self.kind = kind
        self.title = title
        self.detail = detail
        self.hint = hint
        # The end of what the child complained of, for whoever runs the server.
        self.said = ""

    @property
    def sentence(self) -> str:
        words = f"{self.title}: {self.detail}" if self.detail else self.title
        return words if words.endswith((".", "!", "?")) else f"{words}."


def _nothing(_fraction: float) -> None: ...


async def _unheard(_message: dict[str, Any]) -> None: ...


async def run_child(
    request: Request,
    folder: Path,
    on_progress: Callable[[float], None] = _nothing,
    *,
    on_told: Told = _unheard,
    growth: AsyncIterator[Grown] | None = None,
    process: Process | None = None,
) -> dict[str, Any]:
    """The child's result. `folder` is its own, for everything it writes; the caller removes it.

    `on_told` hears what else it says on the way; `growth` is passed on to it. `process` is a child that was
    started before (`start`).
    Raises ChildFailed. Cancelling the caller ends the child before the cancellation goes on.
    """
    request = replace(request, folder=str(folder))
    process = process or await start()
    complaints = asyncio.create_task(_last_of(process))
    feeder = asyncio.create_task(_feed(process, request, growth))
    try:
        return await _listen(process, request, on_progress, on_told)
    except ChildFailed as failure:
        if feeder.done() and isinstance(feeder.exception(), Gone):
            raise ChildFailed(Failure.UNREADABLE, *_GIVEN_UP) from None
        if failure.kind is not Failure.UNREADABLE:
            await end(process)
            said = failure.said = await complaints
            _log.warning("codec_child_failed", kind=failure.kind, code=process.returncode, said=said)
        raise
    finally:
        feeder.cancel()
        await asyncio.gather(feeder, return_exceptions=True)
        await end(process)
        await complaints


async def start(*works: str) -> Process:
    """A child that loads what these works need and waits for its request."""
    return await asyncio.create_subprocess_exec(
        *self_command.command("server.processing.child", *works, isolated=True),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env=_environment(),
        limit=_LINE_LIMIT,
        **_OWN_GROUP,
    )


async def _feed(process: Process, request: Request, growth: AsyncIterator[Grown] | None) -> None:
    """The request, then how far the source has grown. Raises Gone, after it has ended the child."""
    stream = process.stdin
    if stream is None:
        return
    with suppress(BrokenPipeError, ConnectionResetError):
        stream.write(request.to_line())
        await stream.drain()
        if growth is None:
            return
        try:
            async for grown in growth:
                stream.write(json.dumps(asdict(grown)).encode() + b"\n")
                await stream.drain()
        except Gone:
            stream.close()
            raise


async def _listen(
    process: Process, request: Request, on_progress: Callable[[float], None], on_told: Told
) -> dict[str, Any]:
    await _message(process, START_S)
    try:
        async with asyncio.timeout(request.limits.wall_s):
            for _ in range(_MOST_LINES):
                message = await _message(process, request.limits.stall_s)
                if message.get("event") in ("done", "failed"):
                    return _result(message)
                if message.get("event") == "progress":
                    on_progress(min(1.0, max(0.0, float(message.get("fraction", 0)))))
                else:
                    await on_told(message)
    except TimeoutError:
        pass
    raise ChildFailed(Failure.TOO_LONG, *_WORDS[Failure.TOO_LONG], _HINT)


async def _message(process: Process, stall_s: float) -> dict[str, Any]:
    """The next line. A child under foreign control may say anything: what is no message counts as a crash."""
    stream = process.stdout
    try:
        # Not `wait_for`: until Python 3.12 it loses a cancellation that comes together with a line.
        async with asyncio.timeout(stall_s):
            line = b"" if stream is None else await stream.readline()
    except TimeoutError:
        raise ChildFailed(Failure.STALLED, *_WORDS[Failure.STALLED], _HINT) from None
    except ValueError:
        line = b""
    try:
        message = json.loads(line)
    except ValueError:
        message = None
    if not isinstance(message, dict):
        raise await _crash(process)
    return message


async def _crash(process: Process) -> ChildFailed:
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), GRACE_S)
    # With SIGXCPU the kernel says that its CPU seconds are used up.
    kind = Failure.TOO_LONG if process.returncode == -_SIGXCPU else Failure.CRASHED
    return ChildFailed(kind, *_WORDS[kind], _HINT)


def _result(message: dict[str, Any]) -> dict[str, Any]:
    if message.get("event") == "done" and isinstance(message.get("result"), dict):
        return dict(message["result"])
    try:
        kind = Failure(message["kind"])
        words = [str(message.get(name, ""))[:500] for name in ("title", "detail", "hint")]
    except (KeyError, ValueError):
        raise ChildFailed(Failure.CRASHED, *_WORDS[Failure.CRASHED], _HINT) from None
    raise ChildFailed(kind, *words)


async def end(process: Process) -> None:
    """Asks first, then does not ask. Idempotent."""
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), GRACE_S)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _last_of(process: Process) -> str:
    """The end of what it complained of; read as it comes, so that the child never waits for us."""
    kept = b""
    while process.stderr is not None and (data := await process.stderr.read(_LINE_LIMIT)):
        kept = (kept + data)[-_STDERR_KEPT:]
    return kept.decode(errors="replace")


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {
        **kept,
        "LANG": "C.UTF-8",
        # Each thread's arena would take 64 MiB of the address space that the child is limited to.
        "MALLOC_ARENA_MAX": "2",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


# Ctrl-C in the server's terminal is for the server: it ends its children in order.
_OWN_GROUP: dict[str, Any] = (
    {"creationflags": 0x00000200} if sys.platform == "win32" else {"start_new_session": True}
)
