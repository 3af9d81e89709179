"""Between a small program of the recorder's and whoever started it: JSON lines out, and an end when our input
ends."""

import json
import sys
import threading
from typing import Any


def end_of_input() -> threading.Event:
    """Set when standard input has ended: whoever started us wants no more, or is gone."""
    ended = threading.Event()

    def wait() -> None:
        sys.stdin.buffer.read()
        ended.set()

    threading.Thread(target=wait, name="stdin", daemon=True).start()
    return ended


def tell(**values: Any) -> None:
    """One line."""
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()
