"""Windows' sound as COM objects: one loudspeaker that plays, one that is silent. See fake_com for how.

From https://learn.microsoft.com/en-us/windows/win32/api/mmdeviceapi/, /audioclient/ and /propsys/.
"""

import ctypes
import struct
import threading
import time
from typing import Any, ClassVar

import numpy as np

from tests.support.fake_com import I64, U32, FakeObject, P, guid, put

ENUMERATOR_CLASS = guid("BCDE0395-E52F-467C-8E3D-C4579291692E")
AUDCLNT_E_DEVICE_INVALIDATED = -2004287484
LOOPBACK_AND_CONVERSION = 0x00020000 | 0x80000000 | 0x08000000
BLOCK = 480


class CaptureClient(FakeObject):
    """IAudioCaptureClient: GetBuffer, ReleaseBuffer, GetNextPacketSize."""

    ENTRIES: ClassVar = {3: ("get_buffer", (P,) * 5), 4: ("release_buffer", (U32,)), 5: ("next_size", (P,))}

    def __init__(self) -> None:
        super().__init__()
        self.playing, self.gone, self.lost = True, False, False
        self._begin = time.perf_counter()
        self._given = 0
        self._held: Any = None

    def next_size(self, out: int) -> int:
        if self.gone:
            return AUDCLNT_E_DEVICE_INVALIDATED
        due = int((time.perf_counter() - self._begin) * 48_000) - self._given
        put(out, U32, BLOCK if self.playing and due >= BLOCK else 0)
        return 0

    def get_buffer(self, data: int, count: int, flags: int, position: int, counter: int) -> int:
        at = (self._given + np.arange(BLOCK)) / 48_000
        tone = (0.25 * np.sin(2 * np.pi * 440 * at)).astype(np.float32)
        self._held = np.ascontiguousarray(np.column_stack([tone, tone]))
        put(data, P, self._held.ctypes.data)
        put(count, U32, BLOCK)
        put(flags, U32, 1 if self.lost else 0)
        put(position, ctypes.c_uint64, self._given)
        put(counter, ctypes.c_uint64, int((self._begin + self._given / 48_000) * 1e7))
        return 0

    def release_buffer(self, count: int) -> int:
        assert count == BLOCK
        assert self._held is not None, "released without being held"
        self._held = None
        self._given += count
        self.lost = False
        return 0


class AudioClient(FakeObject):
    """IAudioClient: Initialize, Start, Stop, GetService."""

    ENTRIES: ClassVar = {
        3: ("initialize", (U32, U32, I64, I64, P, P)),
        10: ("start", ()),
        11: ("stop", ()),
        14: ("get_service", (P, P)),
    }

    def __init__(self, capture: CaptureClient) -> None:
        super().__init__()
        self.capture, self.running = capture, False
        self.format: tuple[int, ...] = ()

    def initialize(self, *arguments: Any) -> int:
        mode, flags, duration, period, wanted, session = arguments
        assert (mode, flags, period, session) == (0, LOOPBACK_AND_CONVERSION, 0, None)
        assert duration > 0
        raw = ctypes.string_at(wanted, 40)
        self.format = struct.unpack_from("<HHIIHHHHI", raw)
        assert raw[24:] == guid("00000003-0000-0010-8000-00AA00389B71")
        return 0

    def start(self) -> int:
        self.running = True
        return 0

    def stop(self) -> int:
        self.running = False
        return 0

    def get_service(self, iid: int, out: int) -> int:
        assert ctypes.string_at(iid, 16) == guid("C8ADBD64-E71E-48A0-A4DE-185C395CD317")
        put(out, P, self.capture.hand_out())
        return 0


class Store(FakeObject):
    """IPropertyStore: GetValue of the friendly name."""

    ENTRIES: ClassVar = {5: ("get_value", (P, P))}

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = ctypes.create_unicode_buffer(text)

    def get_value(self, key: int, out: int) -> int:
        raw = ctypes.string_at(key, 20)
        assert raw[:16] == guid("A45C254E-DF1C-4EFD-8020-67D146A850E0")
        assert struct.unpack_from("<I", raw, 16) == (14,)
        put(out, ctypes.c_uint16, 31)
        put(out + 8, P, ctypes.addressof(self._text))
        return 0


class Device(FakeObject):
    """IMMDevice: Activate, OpenPropertyStore, GetId."""

    ENTRIES: ClassVar = {3: ("activate", (P, U32, P, P)), 4: ("open_store", (U32, P)), 5: ("get_id", (P,))}

    def __init__(self, device_id: str, name: str, client: AudioClient) -> None:
        super().__init__()
        self._id = ctypes.create_unicode_buffer(device_id)
        self.id, self.client, self.store = device_id, client, Store(name)

    def activate(self, iid: int, context: int, parameters: int, out: int) -> int:
        assert ctypes.string_at(iid, 16) == guid("1CB9AD4C-DBFA-4C32-B178-C2F568A703B2")
        assert (context, parameters) == (23, None)
        put(out, P, self.client.hand_out())
        return 0

    def open_store(self, access: int, out: int) -> int:
        assert access == 0
        put(out, P, self.store.hand_out())
        return 0

    def get_id(self, out: int) -> int:
        put(out, P, ctypes.addressof(self._id))
        return 0


class Collection(FakeObject):
    """IMMDeviceCollection: GetCount, Item."""

    ENTRIES: ClassVar = {3: ("count", (P,)), 4: ("item", (U32, P))}

    def __init__(self, devices: list[Device]) -> None:
        super().__init__()
        self._devices = devices

    def count(self, out: int) -> int:
        put(out, U32, len(self._devices))
        return 0

    def item(self, index: int, out: int) -> int:
        put(out, P, self._devices[index].hand_out())
        return 0


class Enumerator(FakeObject):
    """IMMDeviceEnumerator: EnumAudioEndpoints, GetDefaultAudioEndpoint, GetDevice."""

    ENTRIES: ClassVar = {
        3: ("endpoints", (U32, U32, P)),
        4: ("default", (U32, U32, P)),
        5: ("device", (ctypes.c_wchar_p, P)),
    }

    def __init__(self, devices: list[Device]) -> None:
        super().__init__()
        self.devices = devices
        self.collection = Collection(devices)

    def endpoints(self, flow: int, states: int, out: int) -> int:
        assert (flow, states) == (0, 1)
        put(out, P, self.collection.hand_out())
        return 0

    def default(self, flow: int, role: int, out: int) -> int:
        assert (flow, role) == (0, 0)
        if not self.devices:
            return -2147023728  # E_NOTFOUND
        put(out, P, self.devices[0].hand_out())
        return 0

    def device(self, device_id: str, out: int) -> int:
        put(out, P, next(one for one in self.devices if one.id == device_id).hand_out())
        return 0


class FakeWindowsSound:
    """`com.library` of a Windows with these devices. Answers for ole32."""

    def __init__(self) -> None:
        self.capture = CaptureClient()
        self.client = AudioClient(self.capture)
        quiet = Device("{0.0.0}.{b}", "Headphones (fake)", AudioClient(CaptureClient()))
        self.speaker = Device("{0.0.0}.{a}", "Speakers (fake)", self.client)
        self.enumerator = Enumerator([self.speaker, quiet])
        self.entered: dict[int, int] = {}

    def library(self, name: str) -> "FakeWindowsSound":
        assert name == "ole32", name
        return self

    def CoInitializeEx(self, reserved: None, model: int) -> int:
        assert model == 0
        self.entered[threading.get_ident()] = self.entered.get(threading.get_ident(), 0) + 1
        return 0

    def CoUninitialize(self) -> None:
        self.entered[threading.get_ident()] -= 1

    def CoCreateInstance(self, class_id: Any, outer: None, context: int, iid: Any, out: Any) -> int:
        assert self.entered.get(threading.get_ident()), "COM was not entered on this thread"
        assert bytes(class_id._obj) == ENUMERATOR_CLASS
        assert bytes(iid._obj) == guid("A95664D2-9614-4F35-A746-DE8DB63617E6")
        out._obj.value = self.enumerator.hand_out()
        return 0

    def CoTaskMemFree(self, address: Any) -> None:
        assert address.value

    def PropVariantClear(self, value: Any) -> int:
        return 0

    def held(self) -> list[str]:
        """What the caller never gave back."""
        objects: list[FakeObject] = [self.enumerator, self.enumerator.collection, self.client, self.capture]
        for device in self.enumerator.devices:
            objects += [device, device.store]
        return [type(one).__name__ for one in objects if one.references]
