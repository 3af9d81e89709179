"""A video stream of PipeWire. Frames stay where the compositor wrote them until the recorder looks.

On PipeWire's thread the newest frame is kept and older ones go back at once; the recorder's thread copies
from it at its next tick, and gives it back. So a screen of 144 Hz filmed at 30 costs 30 copies, and
what nobody looks at costs none. The thread loop's lock is the only lock: while it is held, PipeWire unmaps
nothing.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from capture.backends import libpipewire as pw
from capture.backends import spa
from capture.errors import ScreenLost
from capture.model import Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

_PROPERTIES = b"media.type=Video media.category=Capture media.role=Screen node.name=heddle"


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Four bytes a pixel (rows, columns, 4), rows perhaps apart; valid inside of `Stream.frame` only.

    `damage` is what changed since the frame before it, None when nobody said.
    """

    pixels: Pixels
    swapped: bool
    damage: tuple[Rect, ...] | None


class Stream:
    """A connected stream. `frame` and `close` belong to one thread; the rest may be read from any."""

    def __init__(self, fd: int, node: int, fps: int) -> None:
        """Takes the descriptor of a connection over, whatever happens. ScreenLost when it cannot be used."""
        self._library = _library(fd)
        self.arrived = threading.Event()  # a first frame, or the end
        self.ended: str | None = None
        self.paused = False
        self._format: spa.VideoFormat | None = None
        self._held: Any = None
        self._damage: tuple[Rect, ...] | None = ()
        self._closed = False
        self._stream = self._core = self._context = None
        self._loop = self._library.pw_thread_loop_new(b"heddle-pipewire", None)
        try:
            self._connect(fd, node, fps)
        except BaseException:
            self.close()
            raise

    @contextlib.contextmanager
    def frame(self, *, keep: bool = False) -> Iterator[Frame | None]:
        """The newest frame nobody has seen, None when there is none. It goes back in the end, unless it is to
        be kept for the next time."""
        with self._locked():
            held = self._held
            yield None if held is None else self._view(held, self._damage)
            if held is not None and not keep:
                self._held, self._damage = None, ()
                self._library.pw_stream_queue_buffer(self._stream, held)

    def close(self) -> None:
        """Disconnect. Idempotent."""
        if self._closed:
            return
        self._closed = True
        library = self._library
        if self._loop:
            library.pw_thread_loop_stop(self._loop)
        if self._stream:
            library.pw_stream_destroy(self._stream)
        if self._core:
            library.pw_core_disconnect(self._core)
        if self._context:
            library.pw_context_destroy(self._context)
        if self._loop:
            library.pw_thread_loop_destroy(self._loop)

    def _connect(self, fd: int, node: int, fps: int) -> None:
        library = self._library
        self._context = library.pw_context_new(library.pw_thread_loop_get_loop(self._loop), None, 0)
        if not self._context:
            os.close(fd)
            raise _lost("PipeWire's client settings (client.conf) cannot be read.")
        if library.pw_thread_loop_start(self._loop) < 0:
            os.close(fd)
            raise _lost("PipeWire's thread does not start.")
        with self._locked():
            self._core = library.pw_context_connect_fd(self._context, fd, None, 0)  # closes it if it fails
            if not self._core:
                raise _lost("PipeWire does not answer on the portal's connection.")
            self._stream = library.pw_stream_new(
                self._core, b"heddle", library.pw_properties_new_string(_PROPERTIES)
            )
            self._listen()
            # Else a session manager offers another source when this one ends: a camera, say.
            flags = pw.FLAG_AUTOCONNECT | pw.FLAG_MAP_BUFFERS | pw.FLAG_DONT_RECONNECT
            offered = pw.Params(spa.offered_formats(fps))
            answer = library.pw_stream_connect(
                self._stream, pw.DIRECTION_INPUT, node, flags, offered.array, offered.count
            )
        if answer < 0:
            raise _lost(f"PipeWire refuses the stream: {os.strerror(-answer)}.")

    def _listen(self) -> None:
        self._hook = pw.Hook()
        self._events = pw.StreamEvents(
            state_changed=pw.STATE_CHANGED(self._on_state),
            param_changed=pw.PARAM_CHANGED(self._on_param),
            remove_buffer=pw.REMOVE_BUFFER(self._on_remove),
            process=pw.PROCESS(self._on_process),
        )
        self._library.pw_stream_add_listener(
            self._stream, ctypes.byref(self._hook), ctypes.byref(self._events), None
        )

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        self._library.pw_thread_loop_lock(self._loop)
        try:
            yield
        finally:
            self._library.pw_thread_loop_unlock(self._loop)

    # What follows up to `_view` runs on PipeWire's thread, which holds the loop's lock.

    def _on_state(self, _data: Any, old: int, new: int, error: bytes | None) -> None:
        self.paused = new == pw.STATE_PAUSED and old == pw.STATE_STREAMING
        if new == pw.STATE_ERROR:
            self._end(f"PipeWire says: {(error or b'an error').decode(errors='replace')}.")
        elif new == pw.STATE_UNCONNECTED and old != pw.STATE_UNCONNECTED:
            self._end("PipeWire closed the connection.")

    def _end(self, why: str) -> None:
        self.ended = self.ended or why
        self.arrived.set()

    def _on_param(self, _data: Any, name: int, pod: int | None) -> None:
        if name != spa.PARAM_FORMAT or not pod:
            return
        self._format = spa.read_format(pw.pod_bytes(pod))
        self._damage = None  # another format is another picture
        wanted = pw.Params([spa.wanted_buffers(), *spa.wanted_metas()])
        self._library.pw_stream_update_params(self._stream, wanted.array, wanted.count)

    def _on_remove(self, _data: Any, buffer: int) -> None:
        if self._held is not None and ctypes.addressof(self._held.contents) == buffer:
            self._held = None

    def _on_process(self, _data: Any) -> None:
        while True:
            buffer = self._library.pw_stream_dequeue_buffer(self._stream)
            if not buffer:
                return
            if not _whole(buffer.contents.buffer.contents):
                self._library.pw_stream_queue_buffer(self._stream, buffer)
                continue
            if self._held is not None:
                self._library.pw_stream_queue_buffer(self._stream, self._held)
            self._held = buffer
            self._damage = _joined(self._damage, _damage(buffer.contents.buffer.contents))
            self.arrived.set()

    def _view(self, held: Any, damage: tuple[Rect, ...] | None) -> Frame | None:
        form = self._format
        if form is None or form.order is None:
            return None
        buffer = held.contents.buffer.contents
        whole = Rect(0, 0, form.width, form.height)
        crop = _crop(buffer).clip(whole) if _crop(buffer).width else whole
        pixels = _pixels(buffer.datas[0], form) if crop else None
        if pixels is None or crop is None:
            return None
        if damage is not None:
            damage = tuple(Rect(one.x - crop.x, one.y - crop.y, one.width, one.height) for one in damage)
        return Frame(pixels[crop.y : crop.bottom, crop.x : crop.right], form.order.swapped, damage)


def _library(fd: int) -> Any:
    try:
        return pw.library()
    except OSError as error:
        os.close(fd)
        raise _lost(f"PipeWire's library is not installed: {error}.") from error


def _lost(why: str) -> ScreenLost:
    return ScreenLost(
        "The screen's picture does not come",
        why,
        "See that PipeWire runs: `systemctl --user status pipewire`.",
    )


def _whole(buffer: pw.SpaBuffer) -> bool:
    """Whether there are new pixels: compositors also send buffers with nothing but news of the pointer."""
    if not buffer.n_datas or not buffer.datas[0].data or not buffer.datas[0].chunk:
        return False
    chunk = buffer.datas[0].chunk.contents
    header = _meta(buffer, spa.META_HEADER, ctypes.sizeof(pw.MetaHeader))
    broken = header is not None and pw.MetaHeader.from_address(header[0]).flags & pw.HEADER_CORRUPTED
    return bool(chunk.size and not chunk.flags & pw.CHUNK_CORRUPTED and not broken)


def _pixels(data: pw.Data, form: spa.VideoFormat) -> Pixels | None:
    """The whole frame; None when the memory cannot hold what the chunk promises."""
    chunk = data.chunk.contents
    stride = chunk.stride or form.width * 4
    needed = chunk.offset + stride * (form.height - 1) + form.width * 4
    if stride < form.width * 4 or needed > data.maxsize:
        return None
    memory = (ctypes.c_uint8 * data.maxsize).from_address(data.data)
    shape, strides = (form.height, form.width, 4), (stride, 4, 1)
    return np.ndarray(shape, np.uint8, memory, chunk.offset, strides)


def _meta(buffer: pw.SpaBuffer, kind: int, size: int) -> tuple[int, int] | None:
    """Address and size of a piece of news that came with the frame, if it holds `size` bytes at least."""
    for index in range(buffer.n_metas):
        meta = buffer.metas[index]
        if meta.type == kind and meta.data and meta.size >= size:
            return meta.data, meta.size
    return None


def _crop(buffer: pw.SpaBuffer) -> Rect:
    """The part of the frame that counts (windows come in frames as large as the screen); empty: all."""
    found = _meta(buffer, spa.META_CROP, ctypes.sizeof(pw.Region))
    return Rect(0, 0, 0, 0) if found is None else _rect(pw.Region.from_address(found[0]))


def _damage(buffer: pw.SpaBuffer) -> tuple[Rect, ...] | None:
    """What changed, up to the first empty region; a list without any says nothing."""
    size = ctypes.sizeof(pw.Region)
    found = _meta(buffer, spa.META_DAMAGE, size)
    if found is None:
        return None
    regions: list[Rect] = []
    for index in range(found[1] // size):
        rect = _rect(pw.Region.from_address(found[0] + index * size))
        if not rect.width or not rect.height:
            break
        regions.append(rect)
    return tuple(regions) or None


def _rect(region: pw.Region) -> Rect:
    return Rect(region.x, region.y, region.width, region.height)


def _joined(one: tuple[Rect, ...] | None, other: tuple[Rect, ...] | None) -> tuple[Rect, ...] | None:
    return None if one is None or other is None or len(one) + len(other) > 64 else one + other
