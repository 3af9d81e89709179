"""Keyboard shortcuts as people write them: `Ctrl+Shift+L`. They mean the same on every system.

As in Qt, `Ctrl` is the key that commands have, on a Mac Command; `Meta` is the key with the system's mark,
Windows or Super, and on a Mac Control.
"""

import sys
from dataclasses import dataclass
from enum import StrEnum

from desktop.errors import UsageError
from desktop.i18n import tr


class Modifier(StrEnum):
    """In the order in which they are written."""

    CTRL = "Ctrl"
    ALT = "Alt"
    SHIFT = "Shift"
    META = "Meta"


_LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_SIGNS = ",./;'[]\\-=`"
_FUNCTION = tuple(f"F{number}" for number in range(1, 25))
_NAMED = (
    "Space", "Tab", "Enter", "Esc", "Backspace", "Delete", "Insert", "Home", "End", "PageUp", "PageDown",
    "Left", "Right", "Up", "Down", "Print", "Pause", "Menu",
)  # fmt: skip
NONE = "none"
KEYS = (*_LETTERS_AND_DIGITS, *_SIGNS, *_FUNCTION, *_NAMED)
# Nobody types with these, so they may stand alone.
_ALONE = frozenset({*_FUNCTION, "Print", "Pause"})

_ALIASES = {
    "control": "Ctrl", "strg": "Ctrl", "cmd": "Ctrl", "command": "Ctrl", "option": "Alt", "opt": "Alt",
    "umschalt": "Shift", "entf": "Delete", "einfg": "Insert", "pos1": "Home", "ende": "End",
    "druck": "Print", "leertaste": "Space", "eingabe": "Enter",
    "super": "Meta", "win": "Meta", "windows": "Meta",
    "return": "Enter", "escape": "Esc", "del": "Delete", "ins": "Insert", "pgup": "PageUp",
    "pgdown": "PageDown", "page up": "PageUp", "page down": "PageDown", "printscreen": "Print",
    "comma": ",", "period": ".", "slash": "/", "semicolon": ";", "minus": "-", "equal": "=",
}  # fmt: skip
_WORDS = {word.lower(): word for word in (*Modifier, *KEYS)} | _ALIASES


@dataclass(frozen=True, slots=True)
class Chord:
    """A key with the modifiers held. `key` is one of `KEYS`: where it lies on the keyboard in use."""

    modifiers: frozenset[Modifier]
    key: str

    def __str__(self) -> str:
        return "+".join([*(one for one in Modifier if one in self.modifiers), self.key])

    def shown(self, system: str = sys.platform) -> str:
        """As the keyboards of this system are labelled."""
        if system == "darwin":
            marks = {Modifier.META: "⌃", Modifier.ALT: "⌥", Modifier.SHIFT: "⇧", Modifier.CTRL: "⌘"}
            return "".join(mark for one, mark in marks.items() if one in self.modifiers) + self.key
        meta = "Win" if system == "win32" else "Super"
        held = (_label(one, meta) for one in Modifier if one in self.modifiers)
        return "+".join([*held, _key_label(self.key)])


def parse(text: str) -> Chord | None:
    """The chord that `text` says; None for `none`. UsageError says what is wrong."""
    text = text.strip()
    if text.lower() in {"", NONE}:
        return None
    # The last plus of "Ctrl++" is the key; no keyboard has one without Shift, so it is refused below by name.
    parts = [part.strip() for part in text.split("+")]
    words = [_WORDS.get(part.lower()) for part in parts]
    modifiers = frozenset(Modifier(word) for word in words[:-1] if word in set(Modifier))
    key = words[-1]
    if key is None or key not in KEYS or len(modifiers) != len(parts) - 1:
        raise _wrong(text, tr("Write modifiers (Ctrl, Alt, Shift, Meta) and one key, joined by +."))
    chord = Chord(modifiers, key)
    if why := complaint(chord):
        raise _wrong(text, why)
    return chord


def complaint(chord: Chord) -> str:
    """Why this chord may not be taken from all programs; empty where it may."""
    if not chord.modifiers - {Modifier.SHIFT} and chord.key not in _ALONE:
        return tr("{chord} types or moves in every program; add Ctrl, Alt or Meta.", chord=chord.shown())
    if str(chord) in _EVERYBODYS:
        return tr("Every program needs {chord}.", chord=chord.shown())
    return ""


_EVERYBODYS = frozenset(
    {f"Ctrl+{key}" for key in "ACFNOPQSTVWXYZ"}
    | {"Ctrl+Shift+Z", "Alt+Tab", "Alt+Shift+Tab", "Alt+F4", "Alt+Space", "Ctrl+Alt+Delete", "Meta+L"}
    | {
        f"Ctrl+{key}"
        for key in ("Left", "Right", "Up", "Down", "Home", "End", "Backspace", "Delete", "Enter")
    }
)


def _label(modifier: Modifier, meta: str) -> str:
    labels = {Modifier.META: meta, Modifier.CTRL: tr("Ctrl"), Modifier.SHIFT: tr("Shift")}
    return labels.get(modifier, str(modifier))


def _key_label(key: str) -> str:
    labels = {
        "Space": tr("Space"), "Enter": tr("Enter"), "Backspace": tr("Backspace"), "Delete": tr("Del"),
        "Insert": tr("Ins"), "Home": tr("Home"), "End": tr("End"), "PageUp": tr("PageUp"),
        "PageDown": tr("PageDown"), "Left": tr("Left"), "Right": tr("Right"), "Up": tr("Up"),
        "Down": tr("Down"), "Print": tr("Print"),
    }  # fmt: skip
    return labels.get(key, key)


def _wrong(text: str, why: str) -> UsageError:
    return UsageError(
        tr("{given} is no usable keyboard shortcut", given=text), why, tr("For example: Ctrl+Shift+L, Alt+F9")
    )
