"""How many seconds of a recording are not on the server yet."""

from collections import deque

_KEPT = 4096  # half an hour of half seconds; what lies further back counts as the oldest of these


class UploadLag:
    """Remembers how long the file was at which media time, to say what an acknowledged byte is worth."""

    def __init__(self) -> None:
        self._sizes: deque[tuple[int, float]] = deque([(0, 0.0)], maxlen=_KEPT)

    def observe(self, size: int, time_s: float, offset: int) -> float:
        """The file has `size` bytes at media time `time_s`, `offset` of them acknowledged; seconds behind."""
        if size > self._sizes[-1][0]:
            self._sizes.append((size, time_s))
        while len(self._sizes) > 1 and self._sizes[1][0] <= offset:
            self._sizes.popleft()
        if offset >= self._sizes[-1][0]:
            return 0.0  # what is on this disk is there too
        return max(0.0, time_s - self._sizes[0][1])
