"""Windows' capture classes as COM objects that show a wall: items, frame pools and sessions.

From windows.graphics.capture.h. Every table has its numbers written here a second time, on purpose. See
fake_com for how.
"""

import ctypes
import struct
from typing import TYPE_CHECKING, Any, ClassVar

from tests.support.fake_com import FakeObject, P, guid, put
from tests.support.fake_direct3d import E_INVALIDARG, I32, S_OK, U8, Texture
from tests.support.walls import Wall

if TYPE_CHECKING:
    from tests.support.fake_windows import FakeWindowsGraphics

WINDOW, MONITOR = 0x1234, 0x77


class SizeInt32(ctypes.Structure):
    _fields_ = (("width", I32), ("height", I32))


class Frame(FakeObject):
    """IDirect3D11CaptureFrame, its surface, and that surface's access to the texture, in one."""

    ENTRIES: ClassVar = {6: ("surface", (P,)), 8: ("content_size", (P,))}

    def __init__(self, pool: "Pool", texture: Texture, size: tuple[int, int]) -> None:
        super().__init__()
        self.texture, self._size, self.closable = texture, size, Closable(pool.give_back)
        access = Access(texture)
        surface = FakeObject()
        surface.interfaces = {guid("A9B3D012-3DF2-4EE3-B8D1-8695F457D3C1"): access}
        self._surface = surface
        self.interfaces = {guid("30D5A829-7FA4-4026-83BB-D75BAE4EA99E"): self.closable}
        self.parts = [self, access, surface, self.closable, texture]

    def surface(self, out: int) -> int:
        put(out, P, self._surface.hand_out())
        return S_OK

    def content_size(self, out: int) -> int:
        ctypes.memmove(out, struct.pack("<ii", *self._size), 8)
        return S_OK


class Access(FakeObject):
    """IDirect3DDxgiInterfaceAccess: GetInterface."""

    ENTRIES: ClassVar = {3: ("interface", (P, P))}

    def __init__(self, texture: Texture) -> None:
        super().__init__()
        self._texture = texture

    def interface(self, iid: int, out: int) -> int:
        assert ctypes.string_at(iid, 16) == guid("6F15AAF2-D208-4E89-9AB4-489535D34F9C")
        put(out, P, self._texture.hand_out())
        return S_OK


class Closable(FakeObject):
    """IClosable: Close."""

    ENTRIES: ClassVar = {6: ("close", ())}

    def __init__(self, act: Any) -> None:
        super().__init__()
        self._act = act
        self.closed = False

    def close(self) -> int:
        assert not self.closed
        self.closed = True
        self._act()
        return S_OK


class Pool(FakeObject):
    """IDirect3D11CaptureFramePool: Recreate, TryGetNextFrame, CreateCaptureSession. It has two buffers."""

    ENTRIES: ClassVar = {
        6: ("recreate", (P, I32, I32, SizeInt32)),
        7: ("next", (P,)),
        10: ("session", (P, P)),
    }

    def __init__(self, system: "FakeWindowsGraphics", size: tuple[int, int]) -> None:
        super().__init__()
        self._system, self.size, self.out = system, size, 0
        self._serial = 0
        self.closable = Closable(lambda: None)
        self.interfaces = {guid("30D5A829-7FA4-4026-83BB-D75BAE4EA99E"): self.closable}

    def recreate(self, device: int, kind: int, buffers: int, size: SizeInt32) -> int:
        assert (kind, buffers) == (87, 2)
        self.size = size.width, size.height
        self._serial = 0
        return S_OK

    def next(self, out: int) -> int:
        wall = self._system.wall
        if wall.broken:
            return -2005270523  # DXGI_ERROR_DEVICE_REMOVED
        if wall.serial == self._serial or not self._system.started:
            put(out, P, None)
            return S_OK
        assert self.out < 2, "a frame was not given back"
        self._serial, pixels = wall.picture()
        texture = Texture(*self.size)
        height, width = min(pixels.shape[0], self.size[1]), min(pixels.shape[1], self.size[0])
        texture.pixels[:height, :width] = pixels[:height, :width]
        frame = Frame(self, texture, (pixels.shape[1], pixels.shape[0]))
        for part in frame.parts:
            self._system.add(part)
        self.out += 1
        put(out, P, frame.hand_out())
        return S_OK

    def give_back(self) -> None:
        self.out -= 1

    def session(self, item: int, out: int) -> int:
        session = Session(self._system)
        self._system.add(session, session.closable, *session.interfaces.values())
        put(out, P, session.hand_out())
        return S_OK


class Switch(FakeObject):
    """IGraphicsCaptureSession2 and 3: a property each."""

    ENTRIES: ClassVar = {7: ("put", (U8,))}

    def __init__(self) -> None:
        super().__init__()
        self.on: int | None = None

    def put(self, value: int) -> int:
        self.on = value
        return S_OK


class Session(FakeObject):
    """IGraphicsCaptureSession: StartCapture. Windows 10's: it can hide the pointer, not its border."""

    ENTRIES: ClassVar = {6: ("start", ())}

    def __init__(self, system: "FakeWindowsGraphics") -> None:
        super().__init__()
        self._system = system
        self.closable = Closable(self._stop)
        self.cursor = Switch()
        self.interfaces = {
            guid("30D5A829-7FA4-4026-83BB-D75BAE4EA99E"): self.closable,
            guid("2C39AE40-7D2E-5044-804E-8B6799D4CF9E"): self.cursor,
        }

    def start(self) -> int:
        assert self.cursor.on == 1
        self._system.started = True
        return S_OK

    def _stop(self) -> None:
        self._system.started = False


class Item(FakeObject):
    """IGraphicsCaptureItem: Size."""

    ENTRIES: ClassVar = {7: ("size", (P,))}

    def __init__(self, wall: Wall) -> None:
        super().__init__()
        self._wall = wall

    def size(self, out: int) -> int:
        ctypes.memmove(out, struct.pack("<ii", self._wall.width, self._wall.height), 8)
        return S_OK


class ItemFactory(FakeObject):
    """IGraphicsCaptureItemInterop: CreateForWindow, CreateForMonitor."""

    ENTRIES: ClassVar = {3: ("for_window", (P, P, P)), 4: ("for_monitor", (P, P, P))}

    def __init__(self, item: Item) -> None:
        super().__init__()
        self._item = item

    def for_window(self, handle: int, iid: int, out: int) -> int:
        return self._make(handle, WINDOW, iid, out)

    def for_monitor(self, handle: int, iid: int, out: int) -> int:
        return self._make(handle, MONITOR, iid, out)

    def _make(self, handle: int, expected: int, iid: int, out: int) -> int:
        assert ctypes.string_at(iid, 16) == guid("79C3F95B-31F7-4EC2-A464-632EF5D30760")
        if handle != expected:
            return E_INVALIDARG
        put(out, P, self._item.hand_out())
        return S_OK


class PoolFactory(FakeObject):
    """IDirect3D11CaptureFramePoolStatics2: CreateFreeThreaded."""

    ENTRIES: ClassVar = {6: ("create", (P, I32, I32, SizeInt32, P))}

    def __init__(self, system: "FakeWindowsGraphics") -> None:
        super().__init__()
        self._system = system

    def create(self, device: int, kind: int, buffers: int, size: SizeInt32, out: int) -> int:
        assert (kind, buffers) == (87, 2)
        pool = Pool(self._system, (size.width, size.height))
        self._system.add(pool, pool.closable)
        put(out, P, pool.hand_out())
        return S_OK


class SessionFactory(FakeObject):
    """IGraphicsCaptureSessionStatics: IsSupported."""

    ENTRIES: ClassVar = {6: ("supported", (P,))}

    def supported(self, out: int) -> int:
        put(out, U8, 1)
        return S_OK
