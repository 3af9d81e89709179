"""Windows' graphics as COM objects that show a wall: Direct3D 11, the capture classes, the desktop.

From https://learn.microsoft.com/en-us/windows/win32/api/d3d11/, windows.graphics.capture.h and winuser.h.
Every table's numbers are written here a second time, on purpose. See fake_com for how.
"""

import ctypes
import struct
from typing import Any, ClassVar

import numpy as np

from tests.support.fake_com import U32, FakeObject, P, guid, put
from tests.support.walls import Wall

WINDOW, MONITOR = 0x1234, 0x77
I32, U8 = ctypes.c_int32, ctypes.c_uint8
S_OK, E_INVALIDARG = 0, -2147024809


class SizeInt32(ctypes.Structure):
    _fields_ = (("width", I32), ("height", I32))


class Texture(FakeObject):
    """ID3D11Texture2D: GetDesc."""

    ENTRIES: ClassVar = {10: ("describe", (P,))}

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self.width, self.height = width, height
        self.pixels = np.zeros((height, width, 4), dtype=np.uint8)

    def describe(self, out: int) -> int:
        ctypes.memmove(out, struct.pack("<11I", self.width, self.height, 1, 1, 87, 1, 0, 0, 0, 0, 0), 44)
        return 0


class Graphics(FakeObject):
    """ID3D11Device: CreateTexture2D. Also answers for its DXGI device."""

    ENTRIES: ClassVar = {5: ("create_texture", (P, P, P))}

    def __init__(self, system: "FakeWindowsGraphics") -> None:
        super().__init__()
        self._system = system
        self.interfaces = {guid("54EC77FA-1377-44E6-8C32-88FD5F44C84C"): self}

    def create_texture(self, wanted: int, initial: int, out: int) -> int:
        width, height, mips, layers, kind, samples, quality, usage, bind, cpu, misc = struct.unpack(
            "<11I", ctypes.string_at(wanted, 44)
        )
        assert (mips, layers, kind, samples, quality) == (1, 1, 87, 1, 0)
        assert (usage, bind, cpu, misc, initial) == (3, 0, 0x20000, 0, None)
        texture = Texture(width, height)
        self._system.add(texture)
        put(out, P, texture.hand_out())
        return S_OK


class Context(FakeObject):
    """ID3D11DeviceContext: Map, Unmap, CopyResource. Rows are padded, as graphics cards do."""

    ENTRIES: ClassVar = {14: ("map", (P, U32, U32, U32, P)), 15: ("unmap", (P, U32)), 47: ("copy", (P, P))}
    LENGTH = 64

    def __init__(self, system: "FakeWindowsGraphics") -> None:
        super().__init__()
        self._system = system
        self.mapped: dict[int, Any] = {}

    def map(self, texture: int, part: int, how: int, flags: int, out: int) -> int:
        assert (part, how, flags) == (0, 1, 0)
        source = self._system.texture_at(texture)
        pitch = source.width * 4 + 64
        memory = np.zeros((source.height, pitch), dtype=np.uint8)
        memory[:, : source.width * 4] = source.pixels.reshape(source.height, -1)
        self.mapped[texture] = memory
        put(out, P, memory.ctypes.data)
        put(out + 8, U32, pitch)
        return S_OK

    def unmap(self, texture: int, part: int) -> int:
        self.mapped.pop(texture)[:] = 0  # whoever still reads sees that it is over
        return -1  # it returns nothing

    def copy(self, target: int, source: int) -> int:
        to, of = self._system.texture_at(target), self._system.texture_at(source)
        assert to.pixels.shape == of.pixels.shape
        to.pixels[:] = of.pixels
        return -1


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


class Output(FakeObject):
    """IDXGIOutput: GetDesc."""

    ENTRIES: ClassVar = {7: ("describe", (P,))}

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name.encode("utf-16-le")

    def describe(self, out: int) -> int:
        ctypes.memmove(out, self._name.ljust(64, b"\0"), 64)
        return S_OK


class Adapter(FakeObject):
    """IDXGIAdapter: EnumOutputs. As a factory, EnumAdapters gives itself; both are entry 7."""

    ENTRIES: ClassVar = {7: ("outputs", (U32, P))}

    def __init__(self, outputs: list[FakeObject]) -> None:
        super().__init__()
        self._outputs = outputs

    def outputs(self, index: int, out: int) -> int:
        if index >= len(self._outputs):
            return -2005270526  # DXGI_ERROR_NOT_FOUND
        put(out, P, self._outputs[index].hand_out())
        return S_OK


class FakeWindowsGraphics:
    """`com.library` of a Windows with one display, and one window as large as the wall."""

    def __init__(self, wall: Wall) -> None:
        self.wall, self.started = wall, False
        self.open, self.minimised = True, False
        self._objects: dict[int, FakeObject] = {}
        self.device, self.context, self.runtime = Graphics(self), Context(self), FakeObject()
        self.item = Item(wall)
        self._factories: dict[str, tuple[bytes, FakeObject]] = {
            "GraphicsCaptureItem": (guid("3628E81B-3CAC-4C60-B7F4-23CE0E0C3356"), ItemFactory(self.item)),
            "Direct3D11CaptureFramePool": (guid("589B103F-6BBC-5DF5-A991-02E28B3B66D5"), PoolFactory(self)),
            "GraphicsCaptureSession": (guid("2224A540-5974-49AA-B232-0882536F4CB5"), SessionFactory()),
        }
        self.add(self.device, self.context, self.runtime, self.item)
        self.add(*(one for _, one in self._factories.values()))
        self._strings: dict[int, str] = {}
        # DXGI's order is its own: the primary display is its second output.
        outputs = [Output(r"\\.\DISPLAY2"), Output(r"\\.\DISPLAY1")]
        self.adapter = Adapter([*outputs])
        self.factory = Adapter([self.adapter])
        self.add(*outputs, self.adapter, self.factory)

    def add(self, *objects: FakeObject) -> None:
        self._objects |= {ctypes.addressof(one._memory): one for one in objects}

    def texture_at(self, address: int) -> Texture:
        found = self._objects[address]
        assert isinstance(found, Texture)
        return found

    def held(self) -> list[str]:
        """What the caller never gave back."""
        return [type(one).__name__ for one in self._objects.values() if one.references]

    def library(self, name: str) -> "FakeWindowsGraphics":
        assert name in ("ole32", "combase", "d3d11", "dxgi", "user32", "kernel32", "dwmapi"), name
        return self

    def CoIncrementMTAUsage(self, cookie: Any) -> int:  # noqa: N802 - these names are Windows'
        return S_OK

    def WindowsCreateString(self, text: Any, length: int, out: Any) -> int:  # noqa: N802
        assert len(text.value) == length
        out._obj.value = len(self._strings) + 1
        self._strings[out._obj.value] = text.value
        return S_OK

    def WindowsDeleteString(self, string: Any) -> int:  # noqa: N802
        del self._strings[string.value]
        return S_OK

    def RoGetActivationFactory(self, string: Any, iid: Any, out: Any) -> int:  # noqa: N802
        namespace, _, name = self._strings[string.value].rpartition(".")
        assert namespace == "Windows.Graphics.Capture"
        expected, factory = self._factories[name]
        assert bytes(iid._obj) == expected
        out._obj.value = factory.hand_out()
        return S_OK

    def D3D11CreateDevice(self, *arguments: Any) -> int:  # noqa: N802
        adapter, driver, software, flags, levels, count, version, device, level, context = arguments
        assert (adapter, software, levels, count, version, level) == (None, None, None, 0, 7, None)
        assert flags & 0x20, "the Windows Runtime takes only devices that know BGRA"
        if driver == 1:
            return -2005270524  # DXGI_ERROR_UNSUPPORTED: no graphics card, as in a virtual machine
        device._obj.value, context._obj.value = self.device.hand_out(), self.context.hand_out()
        return S_OK

    def CreateDirect3D11DeviceFromDXGIDevice(self, dxgi: Any, out: Any) -> int:  # noqa: N802
        out._obj.value = self.runtime.hand_out()
        return S_OK

    def CreateDXGIFactory1(self, iid: Any, out: Any) -> int:  # noqa: N802
        assert bytes(iid._obj) == guid("770AAE78-F26F-4DBA-A829-253C83D1B387")
        out._obj.value = self.factory.hand_out()
        return S_OK

    def SetThreadDpiAwarenessContext(self, context: Any) -> int:  # noqa: N802
        assert ctypes.c_int64(context.value).value == -4
        return 1

    def GetWindowThreadProcessId(self, handle: Any, process: Any) -> int:  # noqa: N802
        process._obj.value = 4242 if handle.value == WINDOW else 4
        return 1

    def QueryFullProcessImageNameW(self, process: Any, flags: int, text: Any, length: Any) -> int:  # noqa: N802
        text.value = r"C:\Program Files\Presenter\presenter.exe"
        return 1

    def CloseHandle(self, handle: Any) -> int:  # noqa: N802
        assert handle.value == 77
        return 1

    class OpenProcess:
        restype: Any = None

        def __new__(cls, access: int, inherit: int, process: int) -> Any:
            assert (access, inherit) == (0x1000, 0)
            return 77 if process == 4242 else None

    def EnumDisplayMonitors(self, context: None, clip: None, callback: Any, data: None) -> int:  # noqa: N802
        return int(callback(MONITOR, None, None, None))

    def GetMonitorInfoW(self, handle: Any, info: Any) -> int:  # noqa: N802
        assert handle.value == MONITOR
        assert info._obj.size == 104
        info._obj.monitor.right, info._obj.monitor.bottom = self.wall.width, self.wall.height
        info._obj.flags = 1
        name = r"\\.\DISPLAY1".encode("utf-16-le")
        ctypes.memmove(ctypes.addressof(info._obj) + 40, name, len(name))
        return 1

    def EnumWindows(self, callback: Any, data: None) -> int:  # noqa: N802
        return int(callback(0x99, None) and callback(WINDOW, None))

    def GetWindowTextW(self, handle: Any, text: Any, length: int) -> int:  # noqa: N802
        text.value = "Slides - Presenter" if handle.value == WINDOW else "Asleep"
        return len(text.value)

    def IsWindowVisible(self, handle: Any) -> int:  # noqa: N802
        return 1

    def IsWindow(self, handle: Any) -> int:  # noqa: N802
        return int(self.open and handle.value == WINDOW)

    def IsIconic(self, handle: Any) -> int:  # noqa: N802
        return int(self.minimised)

    def DwmGetWindowAttribute(self, handle: Any, number: int, out: Any, size: int) -> int:  # noqa: N802
        if number == 14:
            out._obj.value = 0 if handle.value == WINDOW else 2
        else:
            assert (number, size) == (9, 16)
            out._obj.right, out._obj.bottom = self.wall.width, self.wall.height
        return S_OK
