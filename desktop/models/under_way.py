"""Which takes the app has under way, on disk: one that is still there at the next start was cut short."""

import contextlib
import json
from collections.abc import Collection
from pathlib import Path

from desktop.models.session import ENDED, Phase, Session

FILE = "under-way.json"


class UnderWay:
    """One for the app; `left` is what its last run left. A disk that refuses keeps nobody from recording."""

    def __init__(self, home: Path) -> None:
        self._file = home / FILE
        self.left = _read(self._file)
        self._noted = list(self.left)
        self._now: Path | None = None

    def follow(self, session: Session) -> None:
        """Of the app's own recorder. What fails stays noted, for it did not come to its end."""
        if session.phase is Phase.RECORDING and session.path and Path(session.path) != self._now:
            before, self._now = self._now, Path(session.path)
            # A take that was begun again has put the one before aside.
            self._keep([one for one in self._noted if one != before] + [self._now])
        elif session.phase in ENDED:
            if session.phase is not Phase.FAILED and self._now:
                self.forget([self._now])
            self._now = None

    def forget(self, takes: Collection[Path]) -> None:
        """They came to their end, or were offered."""
        self._keep([one for one in self._noted if one not in takes])

    def _keep(self, takes: list[Path]) -> None:
        if takes == self._noted:
            return
        self._noted = takes
        temporary = self._file.with_suffix(".new")
        with contextlib.suppress(OSError):
            temporary.write_text(json.dumps([str(one) for one in takes]) + "\n", encoding="utf-8")
            temporary.replace(self._file)


def _read(file: Path) -> tuple[Path, ...]:
    """Nothing where nothing can be read."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return ()
    return tuple(Path(one) for one in told if isinstance(one, str)) if isinstance(told, list) else ()
