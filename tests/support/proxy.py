"""A TCP proxy on loopback that misbehaves on demand: cuts, refuses, holds back, and counts what passes."""

import asyncio
import contextlib
import socket
import struct
import threading
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self

CHUNK = 64 * 1024


class Proxy:
    """Forwards 127.0.0.1:`port` to 127.0.0.1:`target`; its methods may be called from any thread.

    `bytes_up` counts what clients sent and was forwarded, `bytes_down` the answers, `connections` those
    accepted, `cuts` those that were broken on purpose.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self.bytes_up = self.bytes_down = self.connections = self.cuts = 0
        self._cut_at: list[int] = []
        self._refusing = False
        self._hold_at: int | None = None
        self._mute_at: int | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._flowing, self._answering = asyncio.Event(), asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy")

    def __enter__(self) -> Self:
        self._thread.start()
        self._call(self._start())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._call(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut_after(self, *totals: int) -> None:
        """Break the connection that carries `bytes_up` over each of these totals, at exactly that byte."""
        self._call(self._set_cuts(sorted(totals)))

    def cut_now(self) -> None:
        """Break every open connection with a reset."""
        self._call(self._cut_all())

    def refuse(self, on: bool) -> None:
        """While on: every new connection is closed at once, open ones are broken."""
        self._refusing = on
        if on:
            self.cut_now()

    def pause(self, on: bool) -> None:
        """While on: connections stay open and nothing passes, as on a network that went silent."""
        self._loop.call_soon_threadsafe(self._flowing.clear if on else self._flowing.set)

    def hold_after(self, total: int) -> None:
        """Pause by itself once `bytes_up` has reached this total: the client is then within a request."""
        self._hold_at = total

    @property
    def holding(self) -> bool:
        """Whether nothing passes now."""
        return not self._flowing.is_set()

    def mute(self, on: bool) -> None:
        """While on: requests pass, answers are kept back."""
        self._loop.call_soon_threadsafe(self._answering.clear if on else self._answering.set)

    def mute_after(self, total: int) -> None:
        """Mute by itself once `bytes_up` has reached this total: the answer to that request is then kept
        back.
        """
        self._mute_at = total

    @property
    def muted(self) -> bool:
        """Whether answers are kept back now."""
        return not self._answering.is_set()

    def _call(self, work: Any) -> Any:
        future: Future[Any] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return future.result(timeout=10)

    async def _start(self) -> None:
        self._flowing.set()
        self._answering.set()
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        self._server.close()
        await self._cut_all()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _set_cuts(self, totals: list[int]) -> None:
        self._cut_at = totals

    async def _cut_all(self) -> None:
        for writer in list(self._open):
            _reset(writer)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refusing:
            _reset(writer)
            return
        self.connections += 1
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            _reset(writer)
            return
        self._open |= {writer, far_writer}
        try:
            await asyncio.gather(self._up(reader, far_writer, writer), self._down(far_reader, writer))
        except asyncio.CancelledError:  # the proxy closes; the stream's own callback cannot bear it
            pass
        finally:
            self._open -= {writer, far_writer}
            far_writer.close()
            writer.close()

    async def _up(
        self, reader: asyncio.StreamReader, far: asyncio.StreamWriter, near: asyncio.StreamWriter
    ) -> None:
        try:
            while data := await reader.read(CHUNK):
                await self._flowing.wait()
                if self._cut_at and self.bytes_up + len(data) >= self._cut_at[0]:
                    await self._forward_and_cut(data, far, near)
                    return
                self.bytes_up += len(data)
                if self._mute_at is not None and self.bytes_up >= self._mute_at:
                    self._mute_at = None
                    self._answering.clear()
                far.write(data)
                await far.drain()
                if self._hold_at is not None and self.bytes_up >= self._hold_at:
                    self._hold_at = None
                    self._flowing.clear()
            if far.can_write_eof():
                far.write_eof()
        except (ConnectionError, OSError):
            _reset(near)
            _reset(far)

    async def _forward_and_cut(
        self, data: bytes, far: asyncio.StreamWriter, near: asyncio.StreamWriter
    ) -> None:
        """The target gets the bytes up to the cut; the client gets a reset and knows nothing of how many."""
        allowed = max(0, self._cut_at.pop(0) - self.bytes_up)
        far.write(data[:allowed])
        await far.drain()
        self.bytes_up += allowed
        self.cuts += 1
        _reset(near)
        far.close()

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(CHUNK):
                await self._flowing.wait()
                await self._answering.wait()
                self.bytes_down += len(data)
                writer.write(data)
                await writer.drain()
            if writer.can_write_eof():
                writer.write_eof()
        except (ConnectionError, OSError):
            _reset(writer)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with a reset instead of an orderly end."""
    with contextlib.suppress(OSError):  # already closed
        writer.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
    writer.transport.abort()
