"""Growing uploads whose recorder is gone. Without this a crash would leave a link "live" for ever.

The process that adds a growing upload holds a lock while it lives (see Journal). While the lock is held
that process alone says when the file has ended. Without it, the manifest may say that the take is over; a
file that nobody has touched for a while is over in any case, and so is one that was touched in the future:
the computer's clock was set back since.
"""

import time
from pathlib import Path

from media import manifest
from media.manifest import ManifestError, TakeState
from uploader.journal import Journal
from uploader.model import Upload

SILENT_S = 10.0  # a living recorder writes twice a second; a paused one has its host alive
CHECK_EVERY_S = 1.0


def adopt_orphans(journal: Journal, now: float | None = None) -> list[str]:
    """Finishes (or, where nothing was recorded, cancels) the growing uploads that nobody writes to any more.

    Answers their ids. `now` is Unix time.
    """
    adopted = []
    for upload in journal.pending():
        if upload.growing and not journal.has_writer(upload.id):
            if _was_cancelled(upload.path) or _never_began(upload, now or time.time()):
                journal.cancel(upload.id)
                adopted.append(upload.id)
            elif _is_over(upload, now or time.time()):
                journal.finish(upload.id)
                adopted.append(upload.id)
    return adopted


def _was_cancelled(path: Path) -> bool:
    return not path.exists() and (path.parent / "cancelled" / path.name).exists()


def _never_began(upload: Upload, now: float) -> bool:
    return not upload.path.exists() and upload.offset == 0 and abs(now - upload.created_at) > SILENT_S


def _is_over(upload: Upload, now: float) -> bool:
    try:
        silent_s = now - upload.path.stat().st_mtime
    except FileNotFoundError:
        return upload.offset > 0  # it had bytes and was taken away: the upload will say so
    return abs(silent_s) > SILENT_S or _manifest_says_so(upload.path)


def _manifest_says_so(path: Path) -> bool:
    try:
        return manifest.read(path).state is not TakeState.RECORDING
    except ManifestError:
        return False
