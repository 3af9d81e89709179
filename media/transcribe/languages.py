"""Which language is spoken: those that Whisper knows, and which it is, found out in the first windows."""

from collections import defaultdict
from collections.abc import Mapping

# https://github.com/openai/whisper/blob/main/whisper/tokenizer.py (a test compares); older models lack `yue`.
CODES = (
    "af", "am", "ar", "as", "az", "ba", "be", "bg", "bn", "bo", "br", "bs", "ca", "cs", "cy", "da", "de",
    "el", "en", "es", "et", "eu", "fa", "fi", "fo", "fr", "gl", "gu", "ha", "haw", "he", "hi", "hr", "ht",
    "hu", "hy", "id", "is", "it", "ja", "jw", "ka", "kk", "km", "kn", "ko", "la", "lb", "ln", "lo", "lt",
    "lv", "mg", "mi", "mk", "ml", "mn", "mr", "ms", "mt", "my", "ne", "nl", "nn", "no", "oc", "pa", "pl",
    "ps", "pt", "ro", "ru", "sa", "sd", "si", "sk", "sl", "sn", "so", "sq", "sr", "su", "sv", "sw", "ta",
    "te", "tg", "th", "tk", "tl", "tr", "tt", "uk", "ur", "uz", "vi", "yi", "yo", "yue", "zh",
)  # fmt: skip
_SURE = 0.5
_MOST_VOTES = 3


class LanguageVote:
    """Settled by one sure window, else by the sum of three: music at the start decides nothing."""

    def __init__(self, known: str | None = None) -> None:
        self._sums: defaultdict[str, float] = defaultdict(float)
        self._votes = 0
        self.language = known
        self.settled = known is not None

    def add(self, chances: Mapping[str, float]) -> None:
        """`chances`: code to probability, of one window."""
        for code, chance in chances.items():
            self._sums[code] += chance
        self._votes += 1
        self.language = max(self._sums, key=self._sums.__getitem__, default=None)
        self.settled = self._votes >= _MOST_VOTES or max(chances.values(), default=0.0) >= _SURE
