"""What the client's commands tell a person when something went wrong, and the exit code that goes with it."""

import errno
import sys
from enum import IntEnum

from desktop.i18n import tr
from desktop.sentences import say


class ExitCode(IntEnum):
    """What `heddle` answers to the shell; docs/reference/commands.md lists these."""

    OK = 0
    FAILED = 1  # nothing was recorded, or the command could not do its work
    USAGE = 2  # the command line makes no sense
    INTERRUPTED = 3  # the recording ended early; what was recorded is saved and plays
    UPLOAD_PENDING = 4  # recorded and saved; the upload goes on in the background
    UPLOAD_REFUSED = 5  # recorded and saved; the server refuses the upload
    CTRL_C = 130  # the person ended it; what a shell expects


class HeddleError(Exception):
    """Title: what happened. Detail: why. Hint: what to do. All in the user's language, whoever said it."""

    code = ExitCode.FAILED

    def __init__(self, title: str, detail: str = "", hint: str = "") -> None:
        super().__init__(title)
        self.title = say(title)
        self.detail = say(detail)
        self.hint = say(hint)

    def __str__(self) -> str:
        return "\n  ".join(part for part in (self.title, self.detail, self.hint) if part)


class UsageError(HeddleError):
    """What was asked for makes no sense."""

    code = ExitCode.USAGE


class ConfigError(HeddleError):
    """The settings file is broken."""


class EngineError(HeddleError):
    """The capture engine could not be started, or went away."""


class UpdateError(HeddleError):
    """News of versions that cannot be believed."""


class DemoError(HeddleError):
    """The demonstration did not do what it shows."""


def in_words(error: Exception) -> HeddleError | None:
    """Title, detail and hint; None for what is a bug."""
    if isinstance(error, HeddleError):
        return error
    if isinstance(title := getattr(error, "title", None), str):  # so are those of all our packages
        return HeddleError(title, getattr(error, "detail", ""), getattr(error, "hint", ""))
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        return HeddleError(
            tr("The system refused what Heddle needs"),
            f"{place}{error.strerror or error}",
            tr("Make room on this disk, then try again.") if full else "",
        )
    # Not imported for this: most commands end without it.
    sqlite = sys.modules.get("sqlite3")
    if sqlite is not None and isinstance(error, sqlite.Error):
        return HeddleError(
            tr("What Heddle keeps on this computer cannot be read or written"),
            str(error),
            tr("Make room if the disk is full; `heddle doctor` looks at the rest."),
        )
    return None
