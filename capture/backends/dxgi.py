"""The displays of the first graphics card in DXGI's order, which is how `ddagrab` counts them.

Source: https://learn.microsoft.com/en-us/windows/win32/api/dxgi/ and dxgi.h for the order of functions.
"""

from __future__ import annotations

import ctypes

from capture.backends import com
from capture.backends.com import ComError, Guid, Interface

_IID_FACTORY = Guid.of("770aae78-f26f-4dba-a829-253c83d1b387")
NOT_FOUND = -2005270526  # DXGI_ERROR_NOT_FOUND: there are no more


class _OutputDescription(ctypes.Structure):
    """DXGI_OUTPUT_DESC."""

    _fields_ = (
        ("device", ctypes.c_uint16 * 32),
        ("area", ctypes.c_int32 * 4),
        ("attached", ctypes.c_int32),
        ("rotation", ctypes.c_uint32),
        ("monitor", ctypes.c_void_p),
    )


def output_names() -> list[str]:
    r"""What Windows calls them: "\\.\DISPLAY1". Those of a second graphics card are not among them."""
    out = ctypes.c_void_p()
    make = com.library("dxgi").CreateDXGIFactory1
    code = ctypes.c_int32(make(ctypes.byref(_IID_FACTORY), ctypes.byref(out))).value
    if code < 0:
        raise ComError("CreateDXGIFactory1", code)
    names: list[str] = []
    with (
        Interface(out.value, "IDXGIFactory1") as factory,
        factory.get(7, "IDXGIAdapter", (ctypes.c_uint32,), 0) as adapter,
    ):
        while (output := _output(adapter, len(names))) is not None:
            with output:
                names.append(_name(output))
    return names


def _output(adapter: Interface, index: int) -> Interface | None:
    try:
        return adapter.get(7, "IDXGIOutput", (ctypes.c_uint32,), index)
    except ComError as error:
        if error.code == NOT_FOUND:
            return None
        raise


def _name(output: Interface) -> str:
    found = _OutputDescription()
    output.call(7, (ctypes.c_void_p,), ctypes.addressof(found))
    return bytes(found.device).decode("utf-16-le").partition("\0")[0]
