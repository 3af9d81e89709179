"""Captions and chapters as streaming serves them; whoever makes them gives them as text."""

import re
import zlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from media.hls_master import CaptionTrack
from server.recordings.schemas import Recording

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
    """What is said in a recording: `text` is WebVTT, `language` a BCP 47 tag, `name` for a menu.

    `version` is another one with each change of the text, from which a page knows when to load it again.
    """

    language: str
    name: str
    text: str
    version: str = ""

    def __post_init__(self) -> None:
        if not _TAG.fullmatch(self.language):
            raise ValueError(f"not a language tag: {self.language!r}")

    @classmethod
    def of(cls, language: str, text: str, version: str = "") -> "Captions":
        """Named in the language itself where that is known; `und` (undetermined) for what is no language."""
        tag = language if _TAG.fullmatch(language) else "und"
        name = _NAMES.get(tag.split("-")[0].lower(), tag if tag != "und" else "Captions")
        return cls(tag, name, text, version)

    @property
    def file(self) -> str:
        return f"captions-{self.language}"

    @property
    def address(self) -> str:
        """Of the text, below the recording's ticket."""
        return versioned(f"{self.file}.vtt", self.version)

    @property
    def track(self) -> CaptionTrack:
        """For a master playlist."""
        return CaptionTrack(f"{self.file}.m3u8", self.language, self.name)

    @property
    def text_track(self) -> CaptionTrack:
        """For a DASH manifest, which refers to the text itself."""
        return CaptionTrack(f"{self.file}.vtt", self.language, self.name)


@dataclass(frozen=True, slots=True)
class Chapters:
    """What follows on what in a recording: `text` is a WebVTT track of the kind `chapters`."""

    text: str
    version: str

    @property
    def address(self) -> str:
        return versioned("chapters.vtt", self.version)


# The captions of a recording, one for each language; given by the module that makes them.
CaptionsOf = Callable[[str], Awaitable[Sequence[Captions]]]
# Its chapters, or None where there are none; given likewise.
ChaptersOf = Callable[[Recording], Awaitable[Chapters | None]]


async def no_captions(_recording_id: str) -> Sequence[Captions]:
    return ()


async def no_chapters(_recording: Recording) -> Chapters | None:
    return None


def versioned(file: str, version: str) -> str:
    """The version in a word that says nothing else."""
    return f"{file}?v={zlib.crc32(version.encode()):08x}" if version else file
