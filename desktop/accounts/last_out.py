"""Ends the private server once what is on its way to it has arrived: `python -m desktop.accounts.last_out`.

An app that quits in the middle of an upload leaves its server behind, and this with it. The next app that is
started takes the server over.
"""

import os
import signal
import time
from contextlib import suppress

from desktop.models import private_server as model
from uploader import manager, paths
from uploader.journal import Journal
from uploader.lock import is_held

LOOK_S = 0.5  # a look is a try at a lock, and a question to a file
LEAVES_S = 60.0  # an app that still holds its lock after that is another one


def main() -> None:
    """Until the server has ended, or another app has it."""
    home = paths.home()
    app, deadline = home / "app.lock", time.monotonic() + LEAVES_S
    while is_held(app) and time.monotonic() < deadline:
        time.sleep(LOOK_S)  # a lock tells nobody when it goes
    while not is_held(app) and is_held(model.lock_file(home)):
        card = model.card(home)
        if card is not None and not (uploads_to(card.url) and manager.is_running()):
            with suppress(OSError):
                os.kill(card.pid, signal.SIGTERM)
            return
        time.sleep(LOOK_S)  # as above


def uploads_to(url: str | None) -> bool:
    """Whether something is on its way there; None for a server that has not said its address yet."""
    journal = paths.default_journal()
    if not journal.exists():
        return False
    with Journal(journal) as opened:
        return any(
            upload.server == url if url else model.is_private(upload.server) for upload in opened.pending()
        )


if __name__ == "__main__":
    main()
