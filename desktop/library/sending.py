"""Having files sent to the server by the upload worker, which goes on without whoever asked for it."""

from pathlib import Path

from desktop.models import transcripts
from desktop.models.private_server import is_private
from desktop.models.recovered import Sent
from desktop.models.transcripts import State
from uploader.journal import Journal
from uploader.manager import ensure_running
from uploader.model import Wish
from uploader.paths import home
from uploader.states import UploadState


def queue(path: Path, title: str, server: str) -> bool:
    """Queues a take unless the journal has it already: what was growing is finished by the worker itself.
    Whether it is on its way now."""
    with Journal() as journal:
        if any(row.path == path.absolute() and not row.ended for row in journal.all()):
            ensure_running(journal.path, server=server)
            return True
        if journal.find(path, server) is None:
            told = told_server(path)
            journal.add(path, title=title or path.stem, server=server, growing=False, settings=told)
            ensure_running(journal.path, server=server)
            return True
    return False


def told_server(path: Path) -> dict[str, str]:
    """The `settings` of a file's recording on the server, which need not listen where the text comes too."""
    job = transcripts.find(transcripts.load(home()), path)
    comes = job.state is not State.FAILED if job else transcripts.transcript_path(path).is_file()
    return {"transcription": "desktop"} if comes else {}


def go_on() -> Sent:
    """Has the worker take up what the last run of this computer left; what the journal knows of all files."""
    with Journal() as journal:
        if journal.pending():
            ensure_running(journal.path)
        return _known(journal)


def known() -> Sent:
    """What the journal knows now."""
    with Journal() as journal:
        return _known(journal)


def _known(journal: Journal) -> Sent:
    waiting = [row for row in journal.pending() if row.wish is not Wish.CANCEL]
    done = {row.path: row.share_url for row in journal.all() if row.state is UploadState.DONE}
    return Sent(
        frozenset(row.path for row in waiting),
        tuple(row.path for row in waiting if is_private(row.server)),
        {path: link for path, link in done.items() if link},
    )
