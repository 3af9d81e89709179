"""What uploads may take just now: the cap and the wish for metered connections, from the environment and the
client's settings file. Both may change while the worker runs.
"""

import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uploader.errors import UploadError
from uploader.metered import is_metered
from uploader.paths import config_path
from uploader.rates import parse_rate

SETTING = "HEDDLE_UPLOAD_LIMIT"
WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Allowed:
    """`rate` in bytes a second for all uploads together, None without a cap; `wait` sends nothing at all."""

    rate: float | None = None
    wait: bool = False


class Allowance:
    """Asked every second or so; the file is read again when it is another one."""

    def __init__(self, path: Path | None = None, metered: Callable[[], bool] = is_metered) -> None:
        self._path = path or config_path()
        self._metered = metered
        self._seen: tuple[int, ...] | None = None
        self._told: dict[str, Any] = {}
        self._cap = rate_from_environment()

    def look(self) -> Allowed:
        """May wait for the system's word on the connection, for as long as `is_metered` does. Never raises: a
        setting that is none counts as not set, as everywhere in the client."""
        self._read()
        rate = self._cap if os.environ.get(SETTING, "").strip() else _rate(self._told.get("upload_limit"))
        return Allowed(rate, self._told.get("metered") == WAIT and self._metered())

    def _read(self) -> None:
        try:
            at = self._path.stat()
            seen = (at.st_mtime_ns, at.st_size, at.st_ino)
            if seen != self._seen:
                self._told = tomllib.loads(self._path.read_text(encoding="utf-8"))
                self._seen = seen
        except FileNotFoundError:
            self._told, self._seen = {}, None
        except (OSError, ValueError):  # being edited by hand: what was said before stays
            return


def rate_from_environment() -> float | None:
    """The cap that a script sets; UploadError when it is none."""
    return parse_rate(os.environ.get(SETTING, ""))


def _rate(text: object) -> float | None:
    try:
        return parse_rate(text) if isinstance(text, str) else None
    except UploadError:
        return None
