"""Where the keys of an X keyboard lie: keycodes and modifier bits, from the server's tables.

Core protocol of X11, GetKeyboardMapping and GetModifierMapping; keysyms from X11/keysymdef.h.
"""

import struct
from dataclasses import dataclass

from capture.backends.xcb import Connection
from desktop.models.chords import Chord, Modifier

_GET_KEYBOARD_MAPPING, _GET_MODIFIER_MAPPING = 101, 119
SHIFT, LOCK, CONTROL = 1, 2, 4
_ALT_KEYS = {0xFFE9, 0xFFEA, 0xFFE7, 0xFFE8}  # Alt and Meta, left and right
_META_KEYS = {0xFFEB, 0xFFEC}  # Super
_LOCK_KEYS = {0xFF7F, 0xFF14}  # Num Lock and Scroll Lock
_USUAL = {Modifier.ALT: 8, Modifier.META: 64}  # Mod1 and Mod4, where no key says so
# In XKB's order of the core protocol: the first level of two groups, then the second ones.
_COLUMNS = (0, 2, 1, 3)
_NAMED = {
    "Space": 0x20, "Tab": 0xFF09, "Enter": 0xFF0D, "Esc": 0xFF1B, "Backspace": 0xFF08, "Delete": 0xFFFF,
    "Insert": 0xFF63, "Home": 0xFF50, "End": 0xFF57, "PageUp": 0xFF55, "PageDown": 0xFF56, "Left": 0xFF51,
    "Up": 0xFF52, "Right": 0xFF53, "Down": 0xFF54, "Print": 0xFF61, "Pause": 0xFF13, "Menu": 0xFF67,
    **{f"F{number}": 0xFFBD + number for number in range(1, 25)},
}  # fmt: skip
# Where a keyboard has no Latin letters: their places on one that has (the keycodes of Linux).
_PLACES = {
    letter: first + index
    for first, row in ((24, "QWERTYUIOP"), (38, "ASDFGHJKL"), (52, "ZXCVBNM"))
    for index, letter in enumerate(row)
}


@dataclass(frozen=True, slots=True)
class Keyboard:
    """`symbols` are the keysyms of each key from `first` on; `locks` the bits that change no chord."""

    first: int
    symbols: tuple[tuple[int, ...], ...]
    bits: dict[Modifier, int]
    locks: int

    def place(self, chord: Chord) -> tuple[int, int] | None:
        """Keycode and modifier bits; None when this keyboard has no such key."""
        keycode = self._keycode(keysym(chord.key)) or _PLACES.get(chord.key)
        if keycode is None:
            return None
        return keycode, sum(self.bits[one] for one in chord.modifiers)

    def with_locks(self, bits: int) -> list[int]:
        """The bits together with each combination of locks: they are part of what X compares."""
        single = [1 << index for index in range(8) if self.locks >> index & 1]
        found = [bits]
        for lock in single:
            found += [one | lock for one in found]
        return found

    def _keycode(self, symbol: int) -> int | None:
        for column in _COLUMNS:
            for index, row in enumerate(self.symbols):
                if len(row) > column and row[column] == symbol:
                    return self.first + index
        return None


def keysym(key: str) -> int:
    """The keysym of one of `chords.KEYS`."""
    return _NAMED[key] if key in _NAMED else ord(key.lower())


def read(connection: Connection) -> Keyboard:
    """The keyboard as it is now."""
    first, last = connection.keycodes
    reply = connection.ask(_GET_KEYBOARD_MAPPING, 0, struct.pack("=BBxx", first, last - first + 1))
    width = reply[1]
    words = struct.unpack(f"={(len(reply) - 32) // 4}I", reply[32:])
    symbols = tuple(words[at : at + width] for at in range(0, len(words), width)) if width else ()
    held = connection.ask(_GET_MODIFIER_MAPPING, 0)
    return _with_modifiers(first, symbols, held[1], held[32:])


def _with_modifiers(first: int, symbols: tuple[tuple[int, ...], ...], each: int, keys: bytes) -> Keyboard:
    """`keys` are `each` keycodes for every one of the eight modifiers, 0 for none."""

    def bits(wanted: set[int]) -> int:
        found = 0
        for index in range(8):
            for keycode in keys[index * each : (index + 1) * each]:
                at = keycode - first
                if keycode and 0 <= at < len(symbols) and wanted & set(symbols[at]):
                    found |= 1 << index
        return found

    alt, meta = _lowest(bits(_ALT_KEYS)), _lowest(bits(_META_KEYS))
    modifiers = {
        Modifier.SHIFT: SHIFT,
        Modifier.CTRL: CONTROL,
        Modifier.ALT: alt or _USUAL[Modifier.ALT],
        Modifier.META: meta or _USUAL[Modifier.META],
    }
    locks = LOCK | bits(_LOCK_KEYS)
    return Keyboard(first, symbols, modifiers, locks & ~sum(modifiers.values()))


def _lowest(bits: int) -> int:
    return bits & -bits
