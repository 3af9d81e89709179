"""`python -m server.processing.child`: the process in which the codec runs.

It reads one request from its standard input, limits itself, works, and answers in lines. When the input
closes its parent is gone, and so is it. Everything a codec could break is inside here.
"""

import json
import os
import sys
import threading
import time
from typing import Any

from server.processing import confinement, limits
from server.processing.protocol import Failure, Request

_TELL_EVERY_S = 0.25


def main() -> None:
    request = Request.from_line(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    limits.apply(request.limits)
    # After the limits: FFmpeg's libraries run code when they load.
    from server.processing import work  # noqa: PLC0415 (see above)

    confinement.confine(readable=[request.source, *request.reads], writable=[os.getcwd()])  # noqa: PTH109 (a string is wanted)
    _say({"event": "progress", "fraction": 0.0})  # the clock of the work starts now
    _say(_answer(work, request))
    sys.stdout.flush()
    # No clean-up: whatever a hostile file has done to this process ends here.
    os._exit(0)


def _answer(work: Any, request: Request) -> dict[str, Any]:
    from media.errors import MediaError  # noqa: PLC0415 (after the limits, like all of media)

    try:
        return {"event": "done", "result": work.do(request, _Progress())}
    except MediaError as error:
        return _failure(Failure.UNREADABLE, error.title, error.detail, error.hint)
    except MemoryError:
        return _failure(
            Failure.UNREADABLE, "The video is too large to decode", "It needs more memory than is allowed."
        )
    except OSError as error:
        return _failure(Failure.MACHINE, "The server could not do it now", error.strerror or str(error))


def _failure(kind: Failure, title: str, detail: str, hint: str = "") -> dict[str, Any]:
    return {"event": "failed", "kind": kind, "title": title, "detail": detail, "hint": hint}


class _Progress:
    """A Watch: tells the parent a few times a second."""

    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self, fraction: float) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _TELL_EVERY_S
            _say({"event": "progress", "fraction": round(fraction, 4)})


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main()
