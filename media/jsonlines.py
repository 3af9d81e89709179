"""JSON lines between processes: one object a line, whoever wrote it.

Standard library only. What is refused here no reader behind has to think of: JSON so deep that the parser
gives up, numbers so large that arithmetic does, and text that cannot be written anywhere.
"""

import json
from typing import Any

LONGEST = 1 << 20  # bytes of a line
ALL_WORDS = 64 << 20  # of one that holds what was said in a day, word by word
_LARGEST = 1 << 63


class Lines:
    """Bytes in, whole lines out. A line over `longest` bytes comes cut off there, and is no JSON any more."""

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest = longest
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that `data` ends, without their ends; those without a word are left out."""
        self._rest += data
        if b"\n" not in data:
            del self._rest[self._longest + 1 :]
            return []
        *whole, rest = bytes(self._rest).split(b"\n")
        self._rest = bytearray(rest[: self._longest + 1])
        return [line[: self._longest + 1] for line in whole if line.strip()]


def read_object(line: str | bytes, longest: int = LONGEST) -> dict[str, Any]:
    """The object of one line; ValueError says why there is none."""
    if len(line) > longest:
        raise ValueError(f"the line is longer than {longest} bytes")
    try:
        values = json.loads(line, parse_int=_whole)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(values, dict):
        raise ValueError("it is no object")
    # Half a surrogate pair is JSON, but no file and no stream takes it.
    json.dumps(values, ensure_ascii=False).encode()
    return values


def _whole(digits: str) -> int:
    number = int(digits)
    if not -_LARGEST <= number < _LARGEST:
        raise ValueError("a number is too large")
    return number
