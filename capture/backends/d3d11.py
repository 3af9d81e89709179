"""The little of Direct3D 11 that brings a texture from the graphics card into main memory.

Source: https://learn.microsoft.com/en-us/windows/win32/api/d3d11/ and d3d11.h for the order of functions.
"""

from __future__ import annotations

import ctypes
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from capture.backends import com
from capture.backends.com import ComError, Guid, Interface

if TYPE_CHECKING:
    from numpy.typing import NDArray

BGRA = 87  # DXGI_FORMAT_B8G8R8A8_UNORM, and DirectXPixelFormat's name for it
_HARDWARE, _WARP = 1, 5
_BGRA_SUPPORT, _SDK_VERSION = 0x20, 7
_STAGING, _CPU_READ, _MAP_READ = 3, 0x20000, 1
_IID_DXGI_DEVICE = Guid.of("54ec77fa-1377-44e6-8c32-88fd5f44c84c")

_POINTER, _UINT = ctypes.c_void_p, ctypes.c_uint32


class TextureDescription(ctypes.Structure):
    """D3D11_TEXTURE2D_DESC."""

    _fields_ = tuple(
        (name, ctypes.c_uint32)
        for name in (
            *("width", "height", "mips", "layers", "format", "samples", "quality"),
            *("usage", "bind", "cpu", "misc"),
        )
    )


class _Mapped(ctypes.Structure):
    """D3D11_MAPPED_SUBRESOURCE."""

    _fields_ = (("data", ctypes.c_void_p), ("row", ctypes.c_uint32), ("depth", ctypes.c_uint32))


class Device:
    """A graphics card, the software renderer where there is none. One thread at a time."""

    def __init__(self) -> None:
        self.device, self.context = _create(_HARDWARE)

    def runtime_device(self) -> Interface:
        """The same device as the Windows Runtime knows it.

        https://learn.microsoft.com/windows/win32/api/windows.graphics.directx.direct3d11.interop/
        """
        out = ctypes.c_void_p()
        with self.device.query(_IID_DXGI_DEVICE, "IDXGIDevice") as dxgi:
            code = ctypes.c_int32(
                com.library("d3d11").CreateDirect3D11DeviceFromDXGIDevice(
                    ctypes.c_void_p(dxgi.address), ctypes.byref(out)
                )
            ).value
        if code < 0:
            raise ComError("CreateDirect3D11DeviceFromDXGIDevice", code)
        return Interface(out.value, "IDirect3DDevice")

    def close(self) -> None:
        self.context.release()
        self.device.release()


def _create(driver: int) -> tuple[Interface, Interface]:
    device, context = ctypes.c_void_p(), ctypes.c_void_p()
    code = ctypes.c_int32(
        com.library("d3d11").D3D11CreateDevice(
            *(None, driver, None, _BGRA_SUPPORT, None, 0, _SDK_VERSION),
            *(ctypes.byref(device), None, ctypes.byref(context)),
        )
    ).value
    if code < 0 and driver == _HARDWARE:
        return _create(_WARP)
    if code < 0:
        raise ComError("D3D11CreateDevice", code)
    return Interface(device.value, "ID3D11Device"), Interface(context.value, "ID3D11DeviceContext")


class Staging:
    """A texture that the CPU can read, of the size of those that are copied into it."""

    def __init__(self, device: Device, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._context = device.context
        wanted = TextureDescription(
            *(width, height, 1, 1, BGRA, 1, 0), usage=_STAGING, bind=0, cpu=_CPU_READ, misc=0
        )
        self._texture = device.device.get(
            5, "ID3D11Texture2D", (_POINTER, _POINTER), ctypes.addressof(wanted), None
        )

    def take(self, texture: Interface) -> None:
        """Have the graphics card copy `texture` into this one."""
        self._context.ask(47, (_POINTER, _POINTER), self._texture.address, texture.address)

    def mapped(self) -> _Reading:
        return _Reading(self._context, self._texture, self.width, self.height)

    def close(self) -> None:
        self._texture.release()


class _Reading:
    """The texture's pixels (BGRA) for as long as the `with` lasts; waits until the copy is done."""

    def __init__(self, context: Interface, texture: Interface, width: int, height: int) -> None:
        self._context, self._texture, self._size = context, texture, (width, height)

    def __enter__(self) -> NDArray[np.uint8]:
        mapped = _Mapped()
        types: tuple[Any, ...] = (_POINTER, _UINT, _UINT, _UINT, _POINTER)
        self._context.call(14, types, self._texture.address, 0, _MAP_READ, 0, ctypes.addressof(mapped))
        width, height = self._size
        memory = (ctypes.c_uint8 * (mapped.row * height)).from_address(mapped.data or 0)
        rows: NDArray[np.uint8] = np.ctypeslib.as_array(memory).reshape(height, mapped.row)
        return rows[:, : width * 4].reshape(height, width, 4)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._context.ask(15, (_POINTER, _UINT), self._texture.address, 0)


def texture_size(texture: Interface) -> tuple[int, int]:
    """Of an ID3D11Texture2D, in pixels."""
    found = TextureDescription()
    texture.ask(10, (_POINTER,), ctypes.addressof(found))
    return found.width, found.height
