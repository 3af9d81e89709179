"""The codec child's side of the conversation: what its work says, and what it hears while it works.

In come, for a file that still grows, `{"committed": BYTES}` and at last `{"ended": true}`.
"""

import json
import os
import sys
import threading
import time
from typing import Any

from media.growth import Growth

_TELL_EVERY_S = 0.25


class Parent:
    """A Watch (see `media.untrusted`), and more. When the input closes, this process ends too."""

    def __init__(self) -> None:
        self.growth = Growth()
        self._fraction = 0.0
        self._next = 0.0

    def listen(self) -> None:
        threading.Thread(target=self._hear, name="parent", daemon=True).start()

    def __call__(self, fraction: float) -> None:
        """Progress, which reaches the parent a few times a second."""
        self._fraction = fraction
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _TELL_EVERY_S
            self.tell("progress", fraction=round(fraction, 4))

    def waiting(self) -> None:
        """A sign of life while there is nothing to do."""
        self(self._fraction)

    def tell(self, event: str, **data: Any) -> None:
        sys.stdout.write(json.dumps({"event": event, **data}) + "\n")
        sys.stdout.flush()

    def _hear(self) -> None:
        for line in sys.stdin.buffer:
            news = json.loads(line)
            self.growth.grew(int(news.get("committed", 0)))
            if news.get("ended"):
                self.growth.end()
        os._exit(1)
