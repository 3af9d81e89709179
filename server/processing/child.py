"""`python -m server.processing.child`: the process in which the codec runs.

It reads one request from its standard input, limits itself, works, and answers in lines. When the input
closes its parent is gone, and so is it. Everything a codec could break is inside here.
"""

import os
import sys
from typing import Any

from server.processing import confinement, limits
from server.processing.parent import Parent
from server.processing.protocol import Failure, Request


def main() -> None:
    request = Request.from_line(sys.stdin.buffer.readline())
    parent = Parent()
    parent.listen()
    limits.apply(request.limits)
    # After the limits: FFmpeg's libraries run code when they load.
    from server.processing import work  # noqa: PLC0415 (see above)

    confinement.confine(readable=[request.source, *request.reads], writable=[os.getcwd()])  # noqa: PTH109 (a string is wanted)
    parent.tell("progress", fraction=0.0)  # the clock of the work starts now
    parent.tell(**_answer(work, request, parent))
    sys.stdout.flush()
    # No clean-up: whatever a hostile file has done to this process ends here.
    os._exit(0)


def _answer(work: Any, request: Request, parent: Parent) -> dict[str, Any]:
    from media.errors import MediaError  # noqa: PLC0415 (after the limits, like all of media)

    try:
        return {"event": "done", "result": work.do(request, parent)}
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


if __name__ == "__main__":
    main()
