"""A Windows with one display and one window, whose graphics show a wall.

Its functions are those of the libraries that `capture.backends.com` loads: d3d11, dxgi, combase and winuser.h
(https://learn.microsoft.com/en-us/windows/win32/api/winuser/).
"""

import ctypes
from typing import Any

import pytest

from tests.support.fake_com import FakeObject, guid
from tests.support.fake_direct3d import S_OK, Adapter, Context, Graphics, Output, Texture
from tests.support.fake_wgc import (
    MONITOR,
    WINDOW,
    Item,
    ItemFactory,
    PoolFactory,
    SessionFactory,
)
from tests.support.walls import Wall, show_through_ddagrab


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

    def CoIncrementMTAUsage(self, cookie: Any) -> int:
        return S_OK

    def WindowsCreateString(self, text: Any, length: int, out: Any) -> int:
        assert len(text.value) == length
        out._obj.value = len(self._strings) + 1
        self._strings[out._obj.value] = text.value
        return S_OK

    def WindowsDeleteString(self, string: Any) -> int:
        del self._strings[string.value]
        return S_OK

    def RoGetActivationFactory(self, string: Any, iid: Any, out: Any) -> int:
        namespace, _, name = self._strings[string.value].rpartition(".")
        assert namespace == "Windows.Graphics.Capture"
        expected, factory = self._factories[name]
        assert bytes(iid._obj) == expected
        out._obj.value = factory.hand_out()
        return S_OK

    def D3D11CreateDevice(self, *arguments: Any) -> int:
        adapter, driver, software, flags, levels, count, version, device, level, context = arguments
        assert (adapter, software, levels, count, version, level) == (None, None, None, 0, 7, None)
        assert flags & 0x20, "the Windows Runtime takes only devices that know BGRA"
        if driver == 1:
            return -2005270524  # DXGI_ERROR_UNSUPPORTED: no graphics card, as in a virtual machine
        device._obj.value, context._obj.value = self.device.hand_out(), self.context.hand_out()
        return S_OK

    def CreateDirect3D11DeviceFromDXGIDevice(self, dxgi: Any, out: Any) -> int:
        out._obj.value = self.runtime.hand_out()
        return S_OK

    def CreateDXGIFactory1(self, iid: Any, out: Any) -> int:
        assert bytes(iid._obj) == guid("770AAE78-F26F-4DBA-A829-253C83D1B387")
        out._obj.value = self.factory.hand_out()
        return S_OK

    def SetThreadDpiAwarenessContext(self, context: Any) -> int:
        assert ctypes.c_int64(context.value).value == -4
        return 1

    def GetWindowThreadProcessId(self, handle: Any, process: Any) -> int:
        process._obj.value = 4242 if handle.value == WINDOW else 4
        return 1

    def QueryFullProcessImageNameW(self, process: Any, flags: int, text: Any, length: Any) -> int:
        text.value = r"C:\Program Files\Presenter\presenter.exe"
        return 1

    def CloseHandle(self, handle: Any) -> int:
        assert handle.value == 77
        return 1

    class OpenProcess:
        restype: Any = None

        def __new__(cls, access: int, inherit: int, process: int) -> Any:
            assert (access, inherit) == (0x1000, 0)
            return 77 if process == 4242 else None

    def EnumDisplayMonitors(self, context: None, clip: None, callback: Any, data: None) -> int:
        return int(callback(MONITOR, None, None, None))

    def GetMonitorInfoW(self, handle: Any, info: Any) -> int:
        assert handle.value == MONITOR
        assert info._obj.size == 104
        info._obj.monitor.right, info._obj.monitor.bottom = self.wall.width, self.wall.height
        info._obj.flags = 1
        name = r"\\.\DISPLAY1".encode("utf-16-le")
        ctypes.memmove(ctypes.addressof(info._obj) + 40, name, len(name))
        return 1

    def EnumWindows(self, callback: Any, data: None) -> int:
        return int(callback(0x99, None) and callback(WINDOW, None))

    def GetWindowTextW(self, handle: Any, text: Any, length: int) -> int:
        text.value = "Slides - Presenter" if handle.value == WINDOW else "Asleep"
        return len(text.value)

    def IsWindowVisible(self, handle: Any) -> int:
        return 1

    def IsWindow(self, handle: Any) -> int:
        return int(self.open and handle.value == WINDOW)

    def IsIconic(self, handle: Any) -> int:
        return int(self.minimised)

    def DwmGetWindowAttribute(self, handle: Any, number: int, out: Any, size: int) -> int:
        if number == 14:
            out._obj.value = 0 if handle.value == WINDOW else 2
        else:
            assert (number, size) == (9, 16)
            out._obj.right, out._obj.bottom = self.wall.width, self.wall.height
        return S_OK


def show_through_wgc(wall: Wall, patch: pytest.MonkeyPatch) -> FakeWindowsGraphics:
    system = FakeWindowsGraphics(wall)
    patch.setattr("sys.platform", "win32")
    patch.setattr("capture.backends.com.library", system.library)
    return system


def show_through_duplication(wall: Wall, patch: pytest.MonkeyPatch) -> None:
    show_through_wgc(wall, patch)
    show_through_ddagrab(wall, patch)
