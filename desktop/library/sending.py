"""Having files sent to the server by the upload worker, which goes on without whoever asked for it."""

from pathlib import Path

from uploader.journal import Journal
from uploader.manager import ensure_running


def queue(path: Path, title: str, server: str) -> bool:
    """Queues a take unless the journal has it already: what was growing is finished by the worker itself.
    Whether it is on its way now."""
    with Journal() as journal:
        if any(row.path == path.absolute() and not row.ended for row in journal.all()):
            ensure_running(journal.path, server=server)
            return True
        if journal.find(path, server) is None:
            journal.add(path, title=title or path.stem, server=server, growing=False)
            ensure_running(journal.path, server=server)
            return True
    return False


def go_on() -> frozenset[Path]:
    """Has the worker take up what the last run of this computer left; the files that are on their way."""
    with Journal() as journal:
        waiting = journal.pending()
        if waiting:
            ensure_running(journal.path)
    return frozenset(row.path for row in waiting)
