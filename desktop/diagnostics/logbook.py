"""The app's log: a file in HEDDLE_HOME that is turned over, with what Qt and forgotten errors have to say."""

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from uploader.paths import home

FILE = "app.log"
_BYTES, _FILES = 1024 * 1024, 3
_log = logging.getLogger("desktop")


def path() -> Path:
    """Where it lies."""
    return home() / FILE


def open_log() -> RotatingFileHandler:
    """From now on everything that is logged goes there. The handler, for whoever closes it.

    Addresses in httpx's and websockets' own messages may hold tokens: they stay out.
    """
    home().mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = RotatingFileHandler(path(), maxBytes=_BYTES, backupCount=_FILES, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger("desktop").setLevel(logging.INFO)
    for noisy in ("httpx", "httpcore", "websockets"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    return handler


def note_qt(kind: object, _where: object, words: str) -> None:
    """For `qInstallMessageHandler`: Qt's warnings, which a terminal would show and an app has none."""
    name = str(getattr(kind, "name", ""))
    level = {"QtInfoMsg": logging.INFO, "QtDebugMsg": logging.DEBUG}.get(name, logging.WARNING)
    logging.getLogger("qt").log(level, "%s", words)


def note_forgotten_errors() -> None:
    """An error that nobody caught goes to the log too: an app without a terminal would lose it."""
    before = sys.excepthook

    def note(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _log.error("an error that nobody caught", exc_info=(kind, error, trace))
        before(kind, error, trace)

    sys.excepthook = note
