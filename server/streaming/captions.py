"""Captions as streaming serves them; whoever makes them gives them as text."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from media.hls_master import CaptionTrack

_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")

# As speakers write them; of any other language a menu shows the tag.
_NAMES = {
    "ar": "العربية",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en": "English",
    "es": "Español",
    "fi": "Suomi",
    "fr": "Français",
    "he": "עברית",
    "hi": "हिन्दी",
    "hu": "Magyar",
    "id": "Bahasa Indonesia",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "nl": "Nederlands",
    "no": "Norsk",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "ru": "Русский",
    "sv": "Svenska",
    "tr": "Türkçe",
    "uk": "Українська",
    "vi": "Tiếng Việt",
    "zh": "中文",
}


@dataclass(frozen=True, slots=True)
class Captions:
    """What is said in a recording: `text` is WebVTT, `language` a BCP 47 tag, `name` for a menu."""

    language: str
    name: str
    text: str

    def __post_init__(self) -> None:
        if not _TAG.fullmatch(self.language):
            raise ValueError(f"not a language tag: {self.language!r}")

    @classmethod
    def of(cls, language: str, text: str) -> "Captions":
        """Named in the language itself where that is known; `und` (undetermined) for what is no language."""
        tag = language if _TAG.fullmatch(language) else "und"
        return cls(tag, _NAMES.get(tag.split("-")[0].lower(), tag if tag != "und" else "Captions"), text)

    @property
    def file(self) -> str:
        return f"captions-{self.language}"

    @property
    def track(self) -> CaptionTrack:
        """For a master playlist."""
        return CaptionTrack(f"{self.file}.m3u8", self.language, self.name)

    @property
    def text_track(self) -> CaptionTrack:
        """For a DASH manifest, which refers to the text itself."""
        return CaptionTrack(f"{self.file}.vtt", self.language, self.name)


# The captions of a recording, one for each language; given by the module that makes them.
CaptionsOf = Callable[[str], Awaitable[Sequence[Captions]]]


async def no_captions(_recording_id: str) -> Sequence[Captions]:
    return ()
