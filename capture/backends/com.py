"""The little of COM that Windows' sound and graphics take: tables of functions that are called by number.

An interface is a pointer to a pointer to a table; entries 0 to 2 are those of IUnknown. Results are HRESULTs:
negative means failure. No library is needed, and none is loaded before a function is called.
Source: https://learn.microsoft.com/en-us/windows/win32/com/com-technical-overview; the entries' order is that
of the headers which each interface's documentation names.
"""

from __future__ import annotations

import ctypes
import uuid
from functools import lru_cache
from types import TracebackType
from typing import Any

# Windows' calling convention; x64 and ARM64 have but one, so elsewhere (tests) the plain one is the same.
FUNCTION: Any = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)

QUERY_INTERFACE, ADD_REF, RELEASE = 0, 1, 2
CLSCTX_ALL = 23
COINIT_MULTITHREADED = 0
RPC_E_CHANGED_MODE = -2147417850  # the thread has another apartment already, which does as well


class ComError(OSError):
    """A function of Windows failed; `code` is its HRESULT."""

    def __init__(self, what: str, code: int) -> None:
        super().__init__(f"{what} failed with {code & 0xFFFFFFFF:#010x}")
        self.code = code


class Guid(ctypes.Structure):
    """128 bits in the order of uuid.UUID.bytes_le."""

    _fields_ = (("bytes", ctypes.c_uint8 * 16),)

    @classmethod
    def of(cls, text: str) -> Guid:
        return cls.from_buffer_copy(uuid.UUID(text).bytes_le)

    def __str__(self) -> str:
        return str(uuid.UUID(bytes_le=bytes(self.bytes)))


class Interface:
    """An interface that we hold one reference of; given back once, by `release` or at the end of a `with`."""

    def __init__(self, address: int | None, what: str) -> None:
        if not address:
            raise ComError(what, -2147467261)  # E_POINTER
        self.address, self._what = address, what

    def call(self, index: int, types: tuple[Any, ...] = (), *arguments: Any) -> int:
        """The function's HRESULT; ComError when it says failure."""
        code = self.ask(index, types, *arguments)
        if code < 0:
            raise ComError(f"{self._what}[{index}]", code)
        return code

    def ask(self, index: int, types: tuple[Any, ...] = (), *arguments: Any) -> int:
        """As `call`, failures too are answers."""
        table = ctypes.c_void_p.from_address(self.address).value or 0
        entry = ctypes.c_void_p.from_address(table + index * ctypes.sizeof(ctypes.c_void_p)).value
        function = FUNCTION(ctypes.c_int32, ctypes.c_void_p, *types)(entry)
        return int(function(self.address, *arguments))

    def get(self, index: int, what: str, types: tuple[Any, ...] = (), *arguments: Any) -> Interface:
        """The interface that the function writes into its last argument."""
        out = ctypes.c_void_p()
        self.call(index, (*types, ctypes.c_void_p), *arguments, ctypes.addressof(out))
        return Interface(out.value, what)

    def find(self, index: int, what: str, types: tuple[Any, ...] = (), *arguments: Any) -> Interface | None:
        """As `get`; None when there is nothing at present."""
        out = ctypes.c_void_p()
        self.call(index, (*types, ctypes.c_void_p), *arguments, ctypes.addressof(out))
        return Interface(out.value, what) if out.value else None

    def query(self, iid: Guid, what: str) -> Interface:
        return self.get(QUERY_INTERFACE, what, (ctypes.c_void_p,), ctypes.addressof(iid))

    def release(self) -> None:
        if self.address:
            self.ask(RELEASE)
            self.address = 0

    def __enter__(self) -> Interface:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def library(name: str) -> Any:
    """A DLL of Windows."""
    return ctypes.WinDLL(name)  # type: ignore[attr-defined, unused-ignore]  # exists on Windows alone


def enter() -> bool:
    """Make this thread one that may use COM; whether `leave` has to be called for it."""
    code = ctypes.c_int32(library("ole32").CoInitializeEx(None, COINIT_MULTITHREADED)).value
    if code < 0 and code != RPC_E_CHANGED_MODE:
        raise ComError("CoInitializeEx", code)
    return code >= 0


def leave() -> None:
    library("ole32").CoUninitialize()


@lru_cache(maxsize=1)
def keep_apartment() -> None:
    """Let every thread of this process use free-threaded objects, for as long as it lives.

    https://learn.microsoft.com/en-us/windows/win32/api/combaseapi/nf-combaseapi-coincrementmtausage
    """
    cookie = ctypes.c_void_p()
    code = ctypes.c_int32(library("ole32").CoIncrementMTAUsage(ctypes.byref(cookie))).value
    if code < 0:
        raise ComError("CoIncrementMTAUsage", code)


def factory(class_name: str, iid: Guid) -> Interface:
    """The activation factory of a class of the Windows Runtime.

    https://learn.microsoft.com/en-us/windows/win32/api/roapi/nf-roapi-rogetactivationfactory
    """
    runtime = library("combase")
    name, out = ctypes.c_void_p(), ctypes.c_void_p()
    code = ctypes.c_int32(
        runtime.WindowsCreateString(ctypes.c_wchar_p(class_name), len(class_name), ctypes.byref(name))
    ).value
    if code >= 0:
        code = ctypes.c_int32(
            runtime.RoGetActivationFactory(name, ctypes.byref(iid), ctypes.byref(out))
        ).value
        runtime.WindowsDeleteString(name)
    if code < 0:
        raise ComError(class_name, code)
    return Interface(out.value, class_name)


def create(class_id: Guid, iid: Guid, what: str) -> Interface:
    """A new object of a registered class. https://learn.microsoft.com/windows/win32/api/combaseapi/"""
    out = ctypes.c_void_p()
    code = ctypes.c_int32(
        library("ole32").CoCreateInstance(
            ctypes.byref(class_id), None, CLSCTX_ALL, ctypes.byref(iid), ctypes.byref(out)
        )
    ).value
    if code < 0:
        raise ComError(what, code)
    return Interface(out.value, what)


def free(address: int | None) -> None:
    """Give back memory that a function allocated for us."""
    if address:
        library("ole32").CoTaskMemFree(ctypes.c_void_p(address))
