"""H.264 as MP4 keeps it: the record of its parameter sets, and pictures in units with their length in front.

The record (`avcC`; ISO/IEC 14496-15, 5.3.3.1) may hold several sets, told apart by their ids: every picture
names the one that it was encoded with. So pictures of two encoders can stand in one track.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from media.errors import FragmentError

LENGTH_BYTES = 4  # of what stands before each unit, as every encoder here writes it
MOST_SETS = 31  # a record counts them in five bits
_MOST_PICTURE_SETS = 255
_IDR = 5  # nal_unit_type: a picture with which decoding can begin (ITU-T H.264, 7.4.1)
_LAST_KIND = 21  # what comes behind it is reserved or unspecified
_HEADER = 5
_ID_AT = 4  # of a sequence parameter set: after the unit's header, profile, constraints and level


@dataclass(frozen=True, slots=True)
class Record:
    """The parameter sets of a track; `rest` is what some profiles add at the end."""

    profile: int
    constraints: int
    level: int
    sequences: tuple[bytes, ...]
    pictures: tuple[bytes, ...]
    rest: bytes = b""

    @classmethod
    def read(cls, data: bytes) -> "Record":
        """Raises FragmentError for what is no record, or one of units with shorter lengths."""
        if len(data) < _HEADER + 2 or data[0] != 1 or data[4] & 3 != LENGTH_BYTES - 1:
            raise FragmentError("The parameter sets are of another form")
        sequences, at = _sets(data, _HEADER, data[_HEADER] & 0x1F)
        pictures, at = _sets(data, at, data[at] if at < len(data) else 0)
        if not sequences or not pictures:
            raise FragmentError("There are no parameter sets")
        return cls(data[1], data[2], data[3], sequences, pictures, data[at:])

    @property
    def ids(self) -> set[int]:
        """Those of both kinds of sets."""
        kinds = ((self.sequences, _ID_AT), (self.pictures, 1))
        return {_first_number(one[at:]) for sets, at in kinds for one in sets}

    @property
    def free_id(self) -> int | None:
        """One that no set has yet, from the far end: encoders count from 0."""
        if len(self.sequences) >= MOST_SETS or len(self.pictures) >= _MOST_PICTURE_SETS:
            return None
        return max(set(range(MOST_SETS + 1)) - self.ids, default=None)

    def joined(self, other: "Record") -> "Record":
        """With another encoder's sets behind its own; that one was held to this profile and level."""
        return replace(
            self,
            sequences=(*self.sequences, *other.sequences),
            pictures=(*self.pictures, *other.pictures),
        )

    def write(self) -> bytes:
        head = bytes((1, self.profile, self.constraints, self.level, 0xFC | LENGTH_BYTES - 1))
        counts = 0xE0 | len(self.sequences), len(self.pictures)
        sets = (self.sequences, self.pictures)
        return head + b"".join(map(_written, counts, sets)) + self.rest


def begins_anew(picture: bytes) -> bool:
    """Whether no picture behind this one is made from one before it."""
    return any(unit[0] & 0x1F == _IDR for unit in units(picture) if unit)


def is_whole(picture: bytes, length_bytes: int = LENGTH_BYTES) -> bool:
    """Whether units follow each other without a rest, each of a kind that is defined (ITU-T H.264, 7.4.1).

    Decoders of browsers give a film up at a picture that is not; one with wrong bits inside they show.
    """
    at = 0
    while at + length_bytes < len(picture):
        first = at + length_bytes
        kind, forbidden = picture[first] & 0x1F, picture[first] & 0x80
        if forbidden or not 0 < kind <= _LAST_KIND:
            return False
        at = first + int.from_bytes(picture[at:first], "big")
    return at == len(picture) > 0


def units(picture: bytes) -> Iterator[memoryview]:
    """The units of a picture, as far as their lengths make sense."""
    left = memoryview(picture)
    while len(left) > LENGTH_BYTES:
        end = LENGTH_BYTES + int.from_bytes(left[:LENGTH_BYTES], "big")
        yield left[LENGTH_BYTES:end]
        left = left[end:]


def _sets(data: bytes, at: int, count: int) -> tuple[tuple[bytes, ...], int]:
    """Sets with two bytes of length each, behind the byte that counts them."""
    found, at = [], at + 1
    for _ in range(count):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        one = data[at + 2 : end]
        if not one or end > len(data):
            raise FragmentError("The parameter sets are cut off")
        found.append(one)
        at = end
    return tuple(found), at


def _written(count: int, sets: tuple[bytes, ...]) -> bytes:
    return bytes((count,)) + b"".join(len(one).to_bytes(2, "big") + one for one in sets)


def _first_number(data: bytes) -> int:
    """An Exp-Golomb number (ITU-T H.264, 9.1) at the start of `data`. Ids are too small to meet the bytes
    that keep start codes out of a unit."""
    bits = int.from_bytes(data[:8].ljust(8, b"\0"), "big")
    zeros = 64 - bits.bit_length()
    if zeros > 31:
        raise FragmentError("A parameter set has no id")
    return (bits >> (64 - 2 * zeros - 1)) - 1
