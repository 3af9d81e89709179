"""libpulse, as much of it as a recorder needs, by ctypes. PipeWire answers it too (pipewire-pulse).

Written after the client API's reference, https://freedesktop.org/software/pulseaudio/doxygen/ (introspect.h,
stream.h, def.h). Structures hold the fields up to the last one that is read; libpulse makes them, never we.
"""

from __future__ import annotations

import ctypes
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p
from functools import lru_cache
from typing import Any

LIBRARY = "libpulse.so.0"

CONTEXT_NOAUTOSPAWN = 0x0001
CONTEXT_READY, CONTEXT_FAILED, CONTEXT_TERMINATED = 4, 5, 6
STREAM_READY, STREAM_FAILED, STREAM_TERMINATED = 2, 3, 4
STREAM_INTERPOLATE_TIMING = 0x0002
STREAM_AUTO_TIMING_UPDATE = 0x0008
STREAM_DONT_MOVE = 0x0200
STREAM_ADJUST_LATENCY = 0x2000
SUBSCRIBE_SERVER = 0x0080
SAMPLE_FLOAT32LE = 5
NO_INDEX = 0xFFFFFFFF
_MOST_CHANNELS = 32


class SampleSpec(ctypes.Structure):
    _fields_ = (("format", c_int), ("rate", c_uint32), ("channels", c_uint8))


class BufferAttr(ctypes.Structure):
    _fields_ = tuple((field, c_uint32) for field in ("maxlength", "tlength", "prebuf", "minreq", "fragsize"))


class ChannelMap(ctypes.Structure):
    _fields_ = (("channels", c_uint8), ("map", c_int * _MOST_CHANNELS))


class Volume(ctypes.Structure):
    _fields_ = (("channels", c_uint8), ("values", c_uint32 * _MOST_CHANNELS))


class ServerInfo(ctypes.Structure):
    _fields_ = (
        ("user_name", c_char_p),
        ("host_name", c_char_p),
        ("server_version", c_char_p),
        ("server_name", c_char_p),
        ("sample_spec", SampleSpec),
        ("default_sink_name", c_char_p),
        ("default_source_name", c_char_p),
    )


class SourceInfo(ctypes.Structure):
    _fields_ = (
        ("name", c_char_p),
        ("index", c_uint32),
        ("description", c_char_p),
        ("sample_spec", SampleSpec),
        ("channel_map", ChannelMap),
        ("owner_module", c_uint32),
        ("volume", Volume),
        ("mute", c_int),
        ("monitor_of_sink", c_uint32),  # NO_INDEX: no monitor
        ("monitor_of_sink_name", c_char_p),
    )


ON_SERVER_INFO = CFUNCTYPE(None, c_void_p, POINTER(ServerInfo), c_void_p)
ON_SOURCE_INFO = CFUNCTYPE(None, c_void_p, POINTER(SourceInfo), c_int, c_void_p)
ON_CHANGE = CFUNCTYPE(None, c_void_p, c_int, c_uint32, c_void_p)

_P = c_void_p
_FUNCTIONS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "pa_mainloop_new": (_P, ()),
    "pa_mainloop_free": (None, (_P,)),
    "pa_mainloop_get_api": (_P, (_P,)),
    "pa_mainloop_iterate": (c_int, (_P, c_int, POINTER(c_int))),
    "pa_mainloop_wakeup": (None, (_P,)),
    "pa_context_new": (_P, (_P, c_char_p)),
    "pa_context_connect": (c_int, (_P, c_char_p, c_int, _P)),
    "pa_context_get_state": (c_int, (_P,)),
    "pa_context_errno": (c_int, (_P,)),
    "pa_context_disconnect": (None, (_P,)),
    "pa_context_unref": (None, (_P,)),
    "pa_context_get_server_info": (_P, (_P, ON_SERVER_INFO, _P)),
    "pa_context_get_source_info_list": (_P, (_P, ON_SOURCE_INFO, _P)),
    "pa_context_set_subscribe_callback": (None, (_P, ON_CHANGE, _P)),
    "pa_context_subscribe": (_P, (_P, c_int, _P, _P)),
    "pa_operation_unref": (None, (_P,)),
    "pa_stream_new": (_P, (_P, c_char_p, POINTER(SampleSpec), _P)),
    "pa_stream_connect_record": (c_int, (_P, c_char_p, POINTER(BufferAttr), c_int)),
    "pa_stream_get_state": (c_int, (_P,)),
    "pa_stream_readable_size": (c_size_t, (_P,)),
    "pa_stream_peek": (c_int, (_P, POINTER(c_void_p), POINTER(c_size_t))),
    "pa_stream_drop": (c_int, (_P,)),
    "pa_stream_get_latency": (c_int, (_P, POINTER(c_uint64), POINTER(c_int))),
    "pa_stream_disconnect": (c_int, (_P,)),
    "pa_stream_unref": (None, (_P,)),
    "pa_strerror": (c_char_p, (c_int,)),
}


@lru_cache(maxsize=1)
def load() -> Any:
    """The library with its functions typed; OSError when it is not installed."""
    library = ctypes.CDLL(LIBRARY)
    for name, (result, arguments) in _FUNCTIONS.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library
