"""COM objects made of Python: real tables of functions in memory, so that calls run as they would on Windows.

An object is a class whose `ENTRIES` say, by the number of the table's entry, which method answers and which C
types it takes. The numbers are written here a second time, from the vendor's headers, on purpose.
"""

import ctypes
import uuid
from typing import Any, ClassVar

P, U32, I64 = ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int64
_FUNCTION = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)
E_NOINTERFACE = -2147467262


def put(address: int, kind: Any, value: Any) -> None:
    """Write a value where the caller wants it."""
    kind.from_address(address).value = value


def guid(text: str) -> bytes:
    return uuid.UUID(text).bytes_le


class FakeObject:
    """One interface. `references` is what the caller still holds."""

    ENTRIES: ClassVar[dict[int, tuple[str, tuple[Any, ...]]]] = {}
    LENGTH = 32

    def __init__(self) -> None:
        self.references = 0
        self.interfaces: dict[bytes, FakeObject] = {}
        entries = {0: ("query", (P, P)), 1: ("add_ref", ()), 2: ("release", ()), **self.ENTRIES}
        self._functions: list[Any] = []
        table = (ctypes.c_void_p * self.LENGTH)()
        for index, (method, types) in entries.items():
            function = _FUNCTION(ctypes.c_int32, P, *types)(self._bound(method))
            self._functions.append(function)
            table[index] = ctypes.cast(function, ctypes.c_void_p).value
        self._table = table
        self._memory = ctypes.c_void_p(ctypes.addressof(table))

    def hand_out(self) -> int:
        """The pointer, with a reference for whoever gets it."""
        self.references += 1
        return ctypes.addressof(self._memory)

    def query(self, iid: int, out: int) -> int:
        found = self.interfaces.get(ctypes.string_at(iid, 16))
        if found is None:
            return E_NOINTERFACE
        put(out, P, found.hand_out())
        return 0

    def add_ref(self) -> int:
        self.references += 1
        return self.references

    def release(self) -> int:
        self.references -= 1
        return self.references

    def _bound(self, method: str) -> Any:
        function = getattr(self, method)
        return lambda _this, *arguments: function(*arguments)
