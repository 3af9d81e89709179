"""Recordings that were made before there was a server: they lie here alone until somebody says otherwise."""

import time
from pathlib import Path

from desktop.library.local import Local
from desktop.models.library.store import Store
from uploader.journal import Journal

TOLD, DECIDED = "unsent_told", "unsent_decided"  # facts of the library: when


def news(folder: Path, server: str) -> int:
    """How many there are that nobody was told of yet; from now on somebody was. Reads files."""
    with Store() as store, Journal() as journal:
        store.use_server(server)
        Local(store, folder, journal).look_at_files()
        count = len(store.never_sent(TOLD))
        if count:
            store.note_time(TOLD, time.time())
    return count


def decide(store: Store, at: float) -> None:
    """Those that there were at that time have been asked about."""
    for fact in (TOLD, DECIDED):
        store.note_time(fact, at)
