"""Direct3D 11 and DXGI as COM objects: textures that hold a wall's picture, and the displays that exist.

From https://learn.microsoft.com/en-us/windows/win32/api/d3d11/ and .../dxgi/. Every table has its numbers
written here a second time, on purpose. See fake_com for how.
"""

import ctypes
import struct
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from tests.support.fake_com import U32, FakeObject, P, guid, put

if TYPE_CHECKING:
    from tests.support.fake_windows import FakeWindowsGraphics

I32, U8 = ctypes.c_int32, ctypes.c_uint8
S_OK, E_INVALIDARG = 0, -2147024809


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
