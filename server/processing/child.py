"""`server.processing.child`, a part that `media.self_command` starts: the process in which the codec runs.

It reads one request from its standard input, loads what that needs, limits itself, works, and answers in
lines. Its arguments name what it is likely to be asked, which is loaded beforehand.
When the input closes its parent is gone, and so is it. Everything a codec could break is inside here.
"""

import os
import sys
from typing import Any

from media.errors import MediaError
from server.processing import confinement, devices, limits, work
from server.processing.given import Work
from server.processing.parent import Parent
from server.processing.protocol import Failure, Request


def main() -> None:
    # It may have been started long before there was anything to do.
    for name in sys.argv[1:]:
        work.find(name)
    line = sys.stdin.buffer.readline()
    if not line:
        return
    request = Request.from_line(line)
    if request.folder:
        _move_to(request.folder)
    do = work.find(request.work)  # before this process may read nothing but the video
    parent = Parent()
    parent.listen()
    limits.apply(request.limits)
    _confine(request)
    parent.tell("progress", fraction=0.0)  # the clock of the work starts now
    parent.tell(**_answer(do, request, parent))
    sys.stdout.flush()
    # No clean-up: whatever a hostile file has done to this process ends here.
    os._exit(0)


def _confine(request: Request) -> None:
    encoder = str(request.settings.get("encoder", ""))
    files = [path for path in (request.source, *request.reads) if path]
    confinement.confine(
        readable=[*files, *devices.facts_of(encoder)],
        writable=[os.getcwd()],  # noqa: PTH109 (a string is wanted)
        devices=[*devices.nodes_of(encoder)],
    )


def _move_to(folder: str) -> None:
    """Where libraries look for a place of their own, they get this one."""
    os.chdir(folder)
    os.environ.update(dict.fromkeys(("HOME", "TMPDIR", "TEMP"), folder))


def _answer(do: Work, request: Request, parent: Parent) -> dict[str, Any]:
    try:
        return {"event": "done", "result": do(request, parent)}
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
