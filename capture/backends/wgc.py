"""Windows Graphics Capture: pictures of a window or a display, through the Windows Runtime by hand.

FFmpeg's `gfxcapture` does the same, but PyAV's wheels are built without it (`--disable-filter=gfxcapture`).
Source: https://learn.microsoft.com/en-us/windows/uwp/audio-video-camera/screen-capture,
https://learn.microsoft.com/en-us/windows/win32/api/windows.graphics.capture.interop/ and
windows.graphics.capture.h for the order of functions. Windows 10 1903 and later.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from capture.backends import com
from capture.backends.arrivals import paste
from capture.backends.com import ComError, Guid, Interface
from capture.backends.d3d11 import BGRA, Device, Staging, texture_size
from capture.model import Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NAMESPACE = "Windows.Graphics.Capture"
_IID_ITEM_INTEROP = Guid.of("3628e81b-3cac-4c60-b7f4-23ce0e0c3356")
_IID_ITEM = Guid.of("79c3f95b-31f7-4ec2-a464-632ef5d30760")
_IID_POOL_STATICS = Guid.of("589b103f-6bbc-5df5-a991-02e28b3b66d5")
_IID_SESSION_STATICS = Guid.of("2224a540-5974-49aa-b232-0882536f4cb5")
_IID_SESSION_CURSOR = Guid.of("2c39ae40-7d2e-5044-804e-8b6799d4cf9e")
_IID_SESSION_BORDER = Guid.of("f2cdd966-22ae-5ea1-9596-3a289344c3be")
_IID_DXGI_ACCESS = Guid.of("a9b3d012-3df2-4ee3-b8d1-8695f457d3c1")
_IID_TEXTURE = Guid.of("6f15aaf2-d208-4e89-9ab4-489535d34f9c")
_IID_CLOSABLE = Guid.of("30d5a829-7fa4-4026-83bb-d75bae4ea99e")
_FOR_WINDOW, _FOR_MONITOR = 3, 4
_BUFFERS = 2

_POINTER, _INT = ctypes.c_void_p, ctypes.c_int32


class Size(ctypes.Structure):
    """SizeInt32, passed by value."""

    _fields_ = (("width", ctypes.c_int32), ("height", ctypes.c_int32))


def supported() -> bool:
    """Whether this Windows can do it."""
    com.keep_apartment()
    answer = ctypes.c_uint8()
    with com.factory(f"{_NAMESPACE}.GraphicsCaptureSession", _IID_SESSION_STATICS) as statics:
        statics.call(6, (_POINTER,), ctypes.addressof(answer))
    return bool(answer.value)


class Arrived:
    """The newest picture, in a texture of ours: valid until the next one is taken."""

    redrawn: Sequence[Rect] | None = None

    def __init__(self, staging: Staging, size: tuple[int, int]) -> None:
        self._staging = staging
        self.width, self.height = size

    def copy(self, area: Rect, target: NDArray[np.uint8]) -> None:
        with self._staging.mapped() as pixels:
            paste(pixels[: self.height, : self.width], area, target)


class Capture:
    """An opened capture of a window (HWND) or display (HMONITOR). ComError where Windows refuses."""

    def __init__(self, handle: int, *, is_window: bool) -> None:
        com.keep_apartment()
        self._closing = contextlib.ExitStack()
        try:
            self._open(handle, _FOR_WINDOW if is_window else _FOR_MONITOR)
        except BaseException:
            self._closing.close()
            raise

    def _open(self, handle: int, entry: int) -> None:
        keep = self._closing
        self._device = Device()
        keep.callback(self._device.close)
        self._runtime = keep.enter_context(self._device.runtime_device())
        with com.factory(f"{_NAMESPACE}.GraphicsCaptureItem", _IID_ITEM_INTEROP) as interop:
            self._item = keep.enter_context(
                interop.get(
                    entry,
                    "IGraphicsCaptureItem",
                    (_POINTER, _POINTER),
                    *(handle, ctypes.addressof(_IID_ITEM)),
                )
            )
        self._size = Size()
        self._item.call(7, (_POINTER,), ctypes.addressof(self._size))
        with com.factory(f"{_NAMESPACE}.Direct3D11CaptureFramePool", _IID_POOL_STATICS) as statics:
            self._pool = keep.enter_context(
                statics.get(6, "IDirect3D11CaptureFramePool", *self._pool_arguments())
            )
        keep.callback(_close, self._pool)
        self._session = keep.enter_context(
            self._pool.get(10, "IGraphicsCaptureSession", (_POINTER,), self._item.address)
        )
        keep.callback(_close, self._session)
        _switch(self._session, _IID_SESSION_CURSOR, on=True)
        _switch(self._session, _IID_SESSION_BORDER, on=False)
        self._staging: Staging | None = None
        keep.callback(self._drop_staging)
        self._session.call(6)

    def newest(self) -> Arrived | None:
        """The newest picture, if one came since the last call. Never waits."""
        arrived = None
        while (frame := self._pool.find(7, "IDirect3D11CaptureFrame")) is not None:
            with frame:
                arrived = self._take(frame)
                _close(frame)
        return arrived

    def close(self) -> None:
        """Idempotent."""
        self._closing.close()

    def _take(self, frame: Interface) -> Arrived:
        size = Size()
        frame.call(8, (_POINTER,), ctypes.addressof(size))
        with (
            frame.get(6, "IDirect3DSurface") as surface,
            surface.query(_IID_DXGI_ACCESS, "IDirect3DDxgiInterfaceAccess") as access,
            access.get(3, "ID3D11Texture2D", (_POINTER,), ctypes.addressof(_IID_TEXTURE)) as texture,
        ):
            staging = self._staging_for(texture)
            staging.take(texture)
        # Pictures of a window that grew are cut off until the pool has its new size.
        shown = min(size.width, staging.width), min(size.height, staging.height)
        if (size.width, size.height) != (self._size.width, self._size.height) and min(shown) > 0:
            self._size = size
            types, *values = self._pool_arguments()
            self._pool.call(6, types, *values)
        return Arrived(staging, shown)

    def _pool_arguments(self) -> tuple[Any, ...]:
        return (_POINTER, _INT, _INT, Size), self._runtime.address, BGRA, _BUFFERS, self._size

    def _staging_for(self, texture: Interface) -> Staging:
        width, height = texture_size(texture)
        if self._staging is None or (self._staging.width, self._staging.height) != (width, height):
            self._drop_staging()
            self._staging = Staging(self._device, width, height)
        return self._staging

    def _drop_staging(self) -> None:
        if self._staging is not None:
            self._staging.close()
            self._staging = None


def _switch(session: Interface, iid: Guid, *, on: bool) -> None:
    """Set a property that later versions of Windows have: 2004 the pointer, 11 the border."""
    with contextlib.suppress(ComError), session.query(iid, "IGraphicsCaptureSession") as newer:
        newer.call(7, (ctypes.c_uint8,), int(on))


def _close(closable: Interface) -> None:
    """Give back what it holds, now and not when the last reference goes."""
    with contextlib.suppress(ComError), closable.query(_IID_CLOSABLE, "IClosable") as one:
        one.call(6)
