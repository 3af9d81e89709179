"""The languages that are understood, in their own words, which whoever speaks one finds."""

from PySide6.QtCore import QLocale

from desktop.models.devices import Choice
from media.transcribe.languages import CODES

# What Qt calls by a country's own variety, or not at all.
_NAMES = {"en": "English", "es": "español", "zh": "中文", "jw": "Basa Jawa"}


def spoken() -> tuple[Choice, ...]:
    """By code, in the order of their names."""
    names = sorted(((name_of(code), code) for code in CODES), key=lambda one: one[0].casefold())
    return tuple(Choice(code, f"{name} ({code})") for name, code in names)


def name_of(code: str) -> str:
    """In the language's own words; the code itself where nobody knows it."""
    return _NAMES.get(code) or QLocale(code).nativeLanguageName() or code
