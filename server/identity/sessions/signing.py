"""The keys that tokens are signed with: the newest signs, older ones are believed until they are dropped.

They lie in a file of their own beside the server's other secrets. A running server looks at it every minute,
and when it meets a key that it does not know, so a rotation needs no restart.
"""

import asyncio
import json
import secrets
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import structlog
from joserfc.jwk import OctKey

from server.errors import SetupError
from server.secrets import write_private

FILE = "token-keys.json"
KEY_BYTES = 32
# A token that names a key nobody has must not make us read the file as often as somebody sends it.
LOOK_AGAIN_S = 1.0
LOOK_EVERY_S = 60.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Two secrets under one name (`kid`), so that a refresh token never passes for an access token.

    Moments are Unix time.
    """

    kid: str
    access: str
    refresh: str
    made_at: float
    retired_at: float | None = None

    @classmethod
    def generate(cls) -> "SigningKey":
        access, refresh = secrets.token_hex(KEY_BYTES), secrets.token_hex(KEY_BYTES)
        return cls(secrets.token_hex(4), access, refresh, time.time())


class KeyRing:
    """Read once; `current` signs, `find` answers every key that is still believed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._looked_at = time.monotonic()
        self._keys = _read(path)
        self._jwks = _imported(self._keys)
        self.edition = 0  # how often other keys were found

    @property
    def current(self) -> str:
        return self._keys[0].kid

    def access(self, kid: str) -> OctKey | None:
        return self._jwks.get((kid, "access"))

    def refresh(self, kid: str) -> OctKey | None:
        return self._jwks.get((kid, "refresh"))

    async def look(self, *, within_s: float = LOOK_EVERY_S) -> None:
        """Reads the file again unless that was done lately. What cannot be read changes nothing."""
        if time.monotonic() - self._looked_at < within_s:
            return
        self._looked_at = time.monotonic()
        try:
            keys = await asyncio.to_thread(_read, self._path)
        except SetupError as problem:
            _log.error("token_keys_unreadable", problem=str(problem))  # those in memory go on
            return
        self.edition += keys != self._keys
        self._keys = keys
        self._jwks = _imported(self._keys)


def prepare(path: Path) -> None:
    """Makes the first key where there is no file. Blocking."""
    if not path.exists():
        _write(path, [SigningKey.generate()])


def rotate(path: Path, *, keep_s: float, drop_others: bool = False) -> list[SigningKey]:
    """A new key signs from now on; the answer lists it first, then those that are still believed.

    The others stay for `keep_s` seconds, as long as a token that they signed may live; with `drop_others`
    none stays, and every sign-in ends. Blocking.
    """
    now = time.time()
    older = [replace(key, retired_at=key.retired_at or now) for key in _read(path)]
    believed = [] if drop_others else [key for key in older if now - (key.retired_at or now) < keep_s]
    keys = [SigningKey.generate(), *believed]
    _write(path, keys)
    return keys


def listed(path: Path) -> list[SigningKey]:
    """All keys, the one that signs first. Blocking."""
    return _read(path)


def _read(path: Path) -> list[SigningKey]:
    try:
        keys = [SigningKey(**one) for one in json.loads(path.read_text("utf-8"))["keys"]]
    except (ValueError, TypeError, KeyError, OSError) as problem:
        raise _broken(path, problem) from problem
    if not keys:
        raise _broken(path, "it holds no key")
    return keys


def _write(path: Path, keys: list[SigningKey]) -> None:
    write_private(path, json.dumps({"keys": [asdict(key) for key in keys]}, indent=2) + "\n")


def _imported(keys: list[SigningKey]) -> dict[tuple[str, str], OctKey]:
    found: dict[tuple[str, str], OctKey] = {}
    for key in keys:
        found[key.kid, "access"] = OctKey.import_key(bytes.fromhex(key.access))
        found[key.kid, "refresh"] = OctKey.import_key(bytes.fromhex(key.refresh))
    return found


def _broken(path: Path, problem: object) -> SetupError:
    return SetupError(
        "The keys that sign tokens cannot be read",
        f"{path}: {problem}",
        "Put the file back from a backup, or remove it: everybody then signs in anew.",
    )
