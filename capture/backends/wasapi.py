"""WASAPI in loopback mode: what a Windows output device plays, read as if it were a microphone.

Through COM of our own: the PortAudio inside sounddevice's wheel (19.7.0) has no loopback devices.
Source: https://learn.microsoft.com/en-us/windows/win32/coreaudio/loopback-recording,
https://learn.microsoft.com/en-us/windows/win32/api/audioclient/ and mmdeviceapi.h for the order of functions.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

from capture.backends import com
from capture.backends.com import Guid, Interface

RATE = 48_000
CHANNELS = 2
BUFFER_100NS = 2_000_000  # 0.2 s: read every 10 ms, and may be late

_ENUMERATOR = Guid.of("bcde0395-e52f-467c-8e3d-c4579291692e")
_IID_ENUMERATOR = Guid.of("a95664d2-9614-4f35-a746-de8db63617e6")
_IID_AUDIO_CLIENT = Guid.of("1cb9ad4c-dbfa-4c32-b178-c2f568a703b2")
_IID_CAPTURE_CLIENT = Guid.of("c8adbd64-e71e-48a0-a4de-185c395cd317")
_FLOAT = Guid.of("00000003-0000-0010-8000-00aa00389b71")  # KSDATAFORMAT_SUBTYPE_IEEE_FLOAT

_RENDER, _CONSOLE, _ACTIVE = 0, 0, 1
_SHARED = 0
_LOOPBACK, _CONVERT, _GOOD_QUALITY = 0x00020000, 0x80000000, 0x08000000
_GAP, _SILENT = 0x1, 0x2
_READ, _VT_LPWSTR = 0, 31
_FRONT_LEFT_RIGHT = 0x3

_DWORD, _POINTER = ctypes.c_uint32, ctypes.c_void_p


class _WaveFormat(ctypes.Structure):
    """WAVEFORMATEXTENSIBLE: packed as in mmreg.h."""

    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (
        ("tag", ctypes.c_uint16),
        ("channels", ctypes.c_uint16),
        ("rate", ctypes.c_uint32),
        ("bytes_per_second", ctypes.c_uint32),
        ("block", ctypes.c_uint16),
        ("bits", ctypes.c_uint16),
        ("size", ctypes.c_uint16),
        ("valid_bits", ctypes.c_uint16),
        ("mask", ctypes.c_uint32),
        ("kind", Guid),
    )


class _PropertyKey(ctypes.Structure):
    _fields_ = (("kind", Guid), ("id", ctypes.c_uint32))


class _Variant(ctypes.Structure):
    """PROPVARIANT, of which only a string is read."""

    _fields_ = (
        ("type", ctypes.c_uint16),
        ("reserved", ctypes.c_uint16 * 3),
        ("text", ctypes.c_void_p),
        ("more", ctypes.c_void_p),
    )


_FRIENDLY_NAME = _PropertyKey(Guid.of("a45c254e-df1c-4efd-8020-67d146a850e0"), 14)


@dataclass(frozen=True, slots=True)
class Output:
    """An output device: `id` as Windows calls it, `name` as people do."""

    id: str
    name: str
    default: bool = False


@dataclass(frozen=True, slots=True)
class Packet:
    """Float32 samples of CHANNELS channels. `at_100ns`: the performance counter at the first one, in units of
    100 ns; 0 when the device did not say."""

    samples: bytes
    at_100ns: int
    after_loss: bool


def outputs() -> list[Output]:
    """The active output devices, the default one first. The thread has entered COM."""
    with _enumerator() as enumerator:
        with enumerator.get(4, "IMMDevice", (_DWORD, _DWORD), _RENDER, _CONSOLE) as device:
            default = _describe(device, default=True)
        found = [default]
        with enumerator.get(3, "IMMDeviceCollection", (_DWORD, _DWORD), _RENDER, _ACTIVE) as devices:
            count = _DWORD()
            devices.call(3, (_POINTER,), ctypes.addressof(count))
            for index in range(count.value):
                with devices.get(4, "IMMDevice", (_DWORD,), index) as device:
                    one = _describe(device, default=False)
                if one.id != default.id:
                    found.append(one)
        return found


class Loopback:
    """An opened loopback stream; ComError from any call when the device went away. Belongs to one thread."""

    def __init__(self, output_id: str) -> None:
        self._capture: Interface | None = None
        with (
            _enumerator() as enumerator,
            enumerator.get(5, "IMMDevice", (ctypes.c_wchar_p,), output_id) as device,
        ):
            self._client = device.get(
                3,
                "IAudioClient",
                (_POINTER, _DWORD, _POINTER),
                *(ctypes.addressof(_IID_AUDIO_CLIENT), com.CLSCTX_ALL, None),
            )
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def _start(self) -> None:
        """Shared mode; the mixer converts to our rate and channels (AUDCLNT_STREAMFLAGS_AUTOCONVERTPCM)."""
        wanted = _WaveFormat(
            tag=0xFFFE,
            channels=CHANNELS,
            rate=RATE,
            bytes_per_second=RATE * CHANNELS * 4,
            block=CHANNELS * 4,
            bits=32,
            size=22,
            valid_bits=32,
            mask=_FRONT_LEFT_RIGHT,
            kind=_FLOAT,
        )
        self._client.call(
            3,
            (_DWORD, _DWORD, ctypes.c_int64, ctypes.c_int64, _POINTER, _POINTER),
            *(_SHARED, _LOOPBACK | _CONVERT | _GOOD_QUALITY, BUFFER_100NS, 0, ctypes.addressof(wanted), None),
        )
        iid = ctypes.addressof(_IID_CAPTURE_CLIENT)
        self._capture = self._client.get(14, "IAudioCaptureClient", (_POINTER,), iid)
        self._client.call(10)

    def read(self) -> list[Packet]:
        """What was played since the last call; nothing while nothing plays. Never waits."""
        packets: list[Packet] = []
        count = _DWORD()
        while self._capture is not None:
            self._capture.call(5, (_POINTER,), ctypes.addressof(count))
            if not count.value:
                break
            packets.append(self._packet(self._capture))
        return packets

    def close(self) -> None:
        if self._capture is not None:
            self._client.ask(11)
            self._capture.release()
            self._capture = None
        self._client.release()

    def _packet(self, capture: Interface) -> Packet:
        data, count, flags = ctypes.c_void_p(), _DWORD(), _DWORD()
        position, counter = ctypes.c_uint64(), ctypes.c_uint64()
        out = [ctypes.addressof(one) for one in (data, count, flags, position, counter)]
        capture.call(3, (_POINTER,) * 5, *out)
        size = count.value * CHANNELS * 4
        silent = flags.value & _SILENT or not data.value
        samples = bytes(size) if silent else ctypes.string_at(data.value or 0, size)
        capture.call(4, (_DWORD,), count.value)
        return Packet(samples, counter.value, bool(flags.value & _GAP))


def _enumerator() -> Interface:
    return com.create(_ENUMERATOR, _IID_ENUMERATOR, "IMMDeviceEnumerator")


def _describe(device: Interface, *, default: bool) -> Output:
    text = ctypes.c_void_p()
    device.call(5, (_POINTER,), ctypes.addressof(text))
    output_id = _text(text.value)
    com.free(text.value)
    value = _Variant()
    with device.get(4, "IPropertyStore", (_DWORD,), _READ) as store:
        store.call(5, (_POINTER, _POINTER), ctypes.addressof(_FRIENDLY_NAME), ctypes.addressof(value))
    name = _text(value.text) if value.type == _VT_LPWSTR else output_id
    com.library("ole32").PropVariantClear(ctypes.byref(value))
    return Output(output_id, name, default)


def _text(address: int | None) -> str:
    return ctypes.wstring_at(address) if address else ""
