"""The primitive of ISO BMFF (ISO/IEC 14496-12): a box is a size, a four-letter kind and a body.

Everything here reads hostile input: no value is trusted before it was compared with the bytes that are there,
and nothing but `FragmentError` is raised.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from media.errors import FragmentError

HEADER_BYTES = 8
LARGE_HEADER_BYTES = 16
MAX_DEPTH = 12
MAX_CHILDREN = 4096
_LARGE_SIZE = 1  # size 1 says: the real size follows as 64 bits
_HINT = "Record or export the video again and upload the new file."


def broken(detail: str) -> FragmentError:
    return FragmentError("This file is not a readable video", detail, _HINT)


@dataclass(frozen=True, slots=True)
class Header:
    """A box header. `size` counts the header itself."""

    kind: str
    size: int
    length: int

    @property
    def body_size(self) -> int:
        return self.size - self.length


def read_header(data: bytes | bytearray | memoryview) -> Header | None:
    """The header at the start of `data`; None when `data` ends before the header does."""
    if len(data) < HEADER_BYTES:
        return None
    size, raw_kind = struct.unpack_from(">I4s", data)
    kind = _kind(raw_kind)
    length = HEADER_BYTES
    if size == _LARGE_SIZE:
        if len(data) < LARGE_HEADER_BYTES:
            return None
        (size,) = struct.unpack_from(">Q", data, HEADER_BYTES)
        length = LARGE_HEADER_BYTES
    if size < length or size >= 1 << 63:
        raise broken(f"a box of kind {kind!r} gives the impossible size {size}")
    return Header(kind, size, length)


def _kind(raw: bytes) -> str:
    # 0xA9 starts the names of the old QuickTime text boxes; everything else is printable.
    if any(not (0x20 <= byte < 0x7F or byte == 0xA9) for byte in raw):
        raise broken(f"{raw.hex()} stands where the name of a box belongs")
    return raw.decode("latin-1")


@dataclass(frozen=True, slots=True)
class Box:
    """A whole box in memory."""

    kind: str
    body: memoryview
    depth: int = 0

    def children(self, skip: int = 0) -> Iterator["Box"]:
        """The boxes inside the body, after `skip` bytes of fields of its own."""
        if self.depth >= MAX_DEPTH:
            raise broken("boxes are nested too deeply")
        rest = self.body[skip:]
        for _ in range(MAX_CHILDREN):
            if len(rest) < HEADER_BYTES:
                return  # QuickTime ends some lists with four zero bytes
            header = read_header(rest)
            if header is None or header.size > len(rest):
                raise broken(f"a box inside {self.kind!r} is larger than its parent")
            yield Box(header.kind, rest[header.length : header.size], self.depth + 1)
            rest = rest[header.size :]
        raise broken(f"{self.kind!r} holds too many boxes")

    def child(self, kind: str) -> "Box | None":
        return next((box for box in self.children() if box.kind == kind), None)

    def need(self, kind: str) -> "Box":
        found = self.child(kind)
        if found is None:
            raise broken(f"{self.kind!r} has no {kind!r}")
        return found

    def number(self, offset: int, size: int) -> int:
        """An unsigned big-endian integer of `size` bytes."""
        if offset + size > len(self.body):
            raise broken(f"{self.kind!r} ends in the middle of a field")
        return int.from_bytes(self.body[offset : offset + size], "big")

    @property
    def version(self) -> int:
        return self.number(0, 1)

    @property
    def flags(self) -> int:
        return self.number(1, 3)
