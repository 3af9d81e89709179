"""Keyboard shortcuts are read, written and judged the same on every system."""

import pytest

from desktop.errors import UsageError
from desktop.models.chords import KEYS, NONE, Chord, Modifier, complaint, parse


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Ctrl+Shift+L", "Ctrl+Shift+L"),
        (" shift + ctrl+l ", "Ctrl+Shift+L"),
        ("Cmd+Option+PgUp", "Ctrl+Alt+PageUp"),
        ("win+return", "Meta+Enter"),
        ("Alt+-", "Alt+-"),
        ("ctrl+comma", "Ctrl+,"),
        ("F9", "F9"),
        ("print", "Print"),
    ],
)
def test_what_people_write_is_one_chord(text: str, written: str) -> None:
    chord = parse(text)
    assert str(chord) == written
    assert parse(str(chord)) == chord


@pytest.mark.parametrize("text", ["", "  ", NONE, "None"])
def test_no_key_can_be_said(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("A", "types"),
        ("Shift+A", "types"),
        ("Enter", "types"),
        ("Ctrl+C", "Every program"),
        ("Alt+Tab", "Every program"),
        ("Ctrl+", "joined by +"),
        ("Ctrl++", "joined by +"),
        ("Ctrl+Ctrl+A", "joined by +"),
        ("Ctrl+A+B", "joined by +"),
        ("Ctrl+Shift", "joined by +"),
        ("Hyper+A", "joined by +"),
    ],
)
def test_what_would_hurt_or_means_nothing_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert why in caught.value.detail
    assert text.strip() in caught.value.title


def test_keys_are_shown_as_the_keyboard_has_them() -> None:
    chord = parse("Ctrl+Alt+Shift+Meta+K")
    assert chord is not None
    assert chord.shown("linux") == "Ctrl+Alt+Shift+Super+K"
    assert chord.shown("win32") == "Ctrl+Alt+Shift+Win+K"
    assert chord.shown("darwin") == "⌃⌥⇧⌘K"


def test_every_key_survives_being_written() -> None:
    for key in KEYS:
        chord = Chord(frozenset({Modifier.META, Modifier.SHIFT}), key)
        if not complaint(chord):
            assert parse(str(chord)) == chord


def test_in_german_keys_have_the_names_that_german_keyboards_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEDDLE_LANGUAGE", "de")
    chord = parse("Strg+Umschalt+PageUp")
    assert chord is not None
    assert chord.shown("linux") == "Strg+Umschalt+Bild auf"
    assert str(chord) == "Ctrl+Shift+PageUp"
