"""One line per thing that happened: readable on a terminal, JSON everywhere else."""

import logging
import sys
from collections import deque
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

import structlog

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
KEPT = 50
_LONGEST = 500
# What every line has, and an entry has in places of its own.
_COMMON = frozenset({"event", "level", "timestamp", "exc_info", "exception"})


@dataclass(frozen=True, slots=True)
class Trouble:
    """A line of the log that tells of an error. `at` is ISO 8601."""

    at: str
    event: str
    detail: str


class Recent:
    """The last errors of this process, in memory, for whoever runs the server."""

    def __init__(self, most: int = KEPT) -> None:
        self._kept: deque[Trouble] = deque(maxlen=most)

    def __call__(self, _logger: object, _method: str, line: MutableMapping[str, Any]) -> Any:
        """A processor of structlog: remembers and passes on."""
        if line.get("level") in ("error", "critical"):
            said = [f"{name}={value}" for name, value in line.items() if name not in _COMMON]
            detail = " ".join([*said, _exception(line.get("exc_info"))]).strip()
            self._kept.append(Trouble(str(line.get("timestamp", "")), str(line["event"]), detail[:_LONGEST]))
        return line

    def all(self) -> list[Trouble]:
        """The last first."""
        return list(reversed(self._kept))


RECENT = Recent()


def _exception(info: object) -> str:
    found = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    return f"{type(found).__name__}: {found}" if isinstance(found, BaseException) else ""


def configure(level: str, style: str = "") -> None:
    """Sets up structlog and the standard loggers of the libraries; both write to stderr."""
    threshold = LEVELS.get(level.lower(), logging.INFO)
    readable = style == "console" or (style != "json" and sys.stderr.isatty())
    # Plain tracebacks: the pretty ones print local variables, and with them passwords and tokens.
    console = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    renderer = console if readable else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            RECENT,
            *([] if readable else [structlog.processors.format_exc_info]),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )
