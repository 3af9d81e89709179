"""Which language is spoken, found out in the first windows."""

from collections import defaultdict
from collections.abc import Mapping

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
