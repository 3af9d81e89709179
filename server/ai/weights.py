"""`heddle-server models`: the speech models of this server, and those that can be fetched."""

import sys
import time

from media.errors import MediaError
from media.transcribe.catalogue import catalogue
from media.transcribe.download import download
from media.transcribe.listing import HUB
from server.ai.speech import store
from server.config import Settings
from server.errors import SetupError

_TELL_EVERY_S = 1.0


def manage(settings: Settings, action: str, model: str) -> None:
    """`list`, `download` or `remove`; tells on standard output. Raises SetupError."""
    try:
        if action == "list":
            _list(settings)
        elif action == "download":
            wanted = model or settings.transcribe_model
            folder = download(wanted, store(settings), progress=_Told(), hub=settings.models_url or HUB)
            sys.stdout.write(f"{folder}\n")
        else:
            freed = store(settings).remove(model)
            sys.stdout.write(f"{freed / 1e6:.0f} MB are free again.\n")
    except MediaError as error:
        raise SetupError(error.title, error.detail, error.hint) from error


def _list(settings: Settings) -> None:
    held = store(settings)
    here = {model.name: model.size / 1e6 for model in held.installed()}
    known = {model.name: float(model.size_mb) for model in catalogue().models}
    for name in [*known, *(name for name in here if name not in known)]:
        mark = "*" if name == settings.transcribe_model else " "
        megabytes = here.get(name, known.get(name, 0.0))
        sys.stdout.write(f"{mark} {name:<18} {megabytes:>5.0f} MB  {'here' if name in here else ''}\n")
    sys.stdout.write(f"They lie in {held.folder}.\n")


class _Told:
    """A line now and then: an administrator may read it in a log."""

    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _TELL_EVERY_S
            of = f" of {total / 1e6:.0f}" if total else ""
            sys.stdout.write(f"{done / 1e6:.0f}{of} MB\n")
            sys.stdout.flush()
