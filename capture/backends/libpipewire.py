"""libpipewire-0.3 by ctypes: the structures and functions a reader of video needs.

Layouts from pipewire/stream.h, spa/buffer/{buffer,meta}.h and spa/utils/hook.h; the library's ABI is stable
since 0.3.0. https://docs.pipewire.org/group__pw__stream.html
"""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Sequence
from ctypes import POINTER, c_char_p, c_int, c_int32, c_int64, c_uint32, c_uint64, c_void_p
from functools import lru_cache
from typing import Any

NAME = "libpipewire-0.3.so.0"
DIRECTION_INPUT = 0
FLAG_AUTOCONNECT, FLAG_MAP_BUFFERS, FLAG_DONT_RECONNECT = 1 << 0, 1 << 2, 1 << 7
STATE_ERROR, STATE_UNCONNECTED, STATE_PAUSED, STATE_STREAMING = -1, 0, 2, 3
HEADER_CORRUPTED = 1 << 1
CHUNK_CORRUPTED = 1 << 0


class Chunk(ctypes.Structure):
    """Which bytes of the memory hold the frame."""

    _fields_ = (("offset", c_uint32), ("size", c_uint32), ("stride", c_int32), ("flags", c_int32))


class Data(ctypes.Structure):
    _fields_ = (
        ("type", c_uint32),
        ("flags", c_uint32),
        ("fd", c_int64),
        ("mapoffset", c_uint32),
        ("maxsize", c_uint32),
        ("data", c_void_p),
        ("chunk", POINTER(Chunk)),
    )


class Meta(ctypes.Structure):
    _fields_ = (("type", c_uint32), ("size", c_uint32), ("data", c_void_p))


class MetaHeader(ctypes.Structure):
    _fields_ = (
        ("flags", c_uint32),
        ("offset", c_uint32),
        ("pts", c_int64),
        ("dts_offset", c_int64),
        ("seq", c_uint64),
    )


class Region(ctypes.Structure):
    _fields_ = (("x", c_int32), ("y", c_int32), ("width", c_uint32), ("height", c_uint32))


class SpaBuffer(ctypes.Structure):
    _fields_ = (
        ("n_metas", c_uint32),
        ("n_datas", c_uint32),
        ("metas", POINTER(Meta)),
        ("datas", POINTER(Data)),
    )


class Buffer(ctypes.Structure):
    """The beginning of pw_buffer, the same in all versions."""

    _fields_ = (("buffer", POINTER(SpaBuffer)), ("user_data", c_void_p), ("size", c_uint64))


class Hook(ctypes.Structure):
    """Where the library keeps a listener: the caller's memory, six pointers."""

    _fields_ = (("pointers", c_void_p * 6),)


STATE_CHANGED = ctypes.CFUNCTYPE(None, c_void_p, c_int, c_int, c_char_p)
PARAM_CHANGED = ctypes.CFUNCTYPE(None, c_void_p, c_uint32, c_void_p)
REMOVE_BUFFER = ctypes.CFUNCTYPE(None, c_void_p, c_void_p)
PROCESS = ctypes.CFUNCTYPE(None, c_void_p)


class StreamEvents(ctypes.Structure):
    """pw_stream_events, version 0: `destroy`, `control_info`, `io_changed` and `add_buffer` stay null."""

    _fields_ = (
        ("version", c_uint32),
        ("destroy", c_void_p),
        ("state_changed", STATE_CHANGED),
        ("control_info", c_void_p),
        ("io_changed", c_void_p),
        ("param_changed", PARAM_CHANGED),
        ("add_buffer", c_void_p),
        ("remove_buffer", REMOVE_BUFFER),
        ("process", PROCESS),
        ("drained", c_void_p),
    )


@lru_cache(maxsize=1)
def library() -> Any:
    """The library, initialised. OSError when this system has none."""
    found = ctypes.CDLL(NAME)
    for function, result, *arguments in _PROTOTYPES:
        getattr(found, function).restype = result
        getattr(found, function).argtypes = arguments
    found.pw_init(None, None)
    return found


class Params:
    """Pods as the library takes them: an array of pointers, and the bytes they point to."""

    def __init__(self, pods: Sequence[bytes]) -> None:
        # 64-bit integers, for pods must lie on multiples of 8.
        self._pods = [
            (c_uint64 * (len(pod) // 8)).from_buffer_copy(pod) for pod in pods
        ]  # pods are padded to 8
        self.count = len(pods)
        self.array = (c_void_p * len(pods))(*(ctypes.addressof(pod) for pod in self._pods))


def pod_bytes(address: int) -> bytes:
    """The pod at an address the library gave."""
    size = c_uint32.from_address(address).value
    return ctypes.string_at(address, 8 + size)


_PARAMS = POINTER(c_void_p)
_PROTOTYPES: tuple[tuple[Any, ...], ...] = (
    ("pw_init", None, c_void_p, c_void_p),
    ("pw_thread_loop_new", c_void_p, c_char_p, c_void_p),
    ("pw_thread_loop_get_loop", c_void_p, c_void_p),
    ("pw_thread_loop_start", c_int, c_void_p),
    ("pw_thread_loop_stop", None, c_void_p),
    ("pw_thread_loop_lock", None, c_void_p),
    ("pw_thread_loop_unlock", None, c_void_p),
    ("pw_thread_loop_destroy", None, c_void_p),
    ("pw_context_new", c_void_p, c_void_p, c_void_p, ctypes.c_size_t),
    ("pw_context_connect_fd", c_void_p, c_void_p, c_int, c_void_p, ctypes.c_size_t),
    ("pw_context_destroy", None, c_void_p),
    ("pw_core_disconnect", c_int, c_void_p),
    ("pw_properties_new_string", c_void_p, c_char_p),
    ("pw_stream_new", c_void_p, c_void_p, c_char_p, c_void_p),
    ("pw_stream_add_listener", None, c_void_p, POINTER(Hook), POINTER(StreamEvents), c_void_p),
    ("pw_stream_connect", c_int, c_void_p, c_int, c_uint32, c_uint32, _PARAMS, c_uint32),
    ("pw_stream_update_params", c_int, c_void_p, _PARAMS, c_uint32),
    ("pw_stream_dequeue_buffer", POINTER(Buffer), c_void_p),
    ("pw_stream_queue_buffer", c_int, c_void_p, POINTER(Buffer)),
    ("pw_stream_destroy", None, c_void_p),
)
