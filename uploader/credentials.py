"""Where the sign-in of each server is kept: the system's keyring where there is one, else a file only the
user can read. HEDDLE_TOKEN (an API key, or an access token) comes before both, for scripts. Nothing here ever
prints or logs a token.
"""

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from uploader.errors import CredentialsError, KeyringLockedError
from uploader.paths import home

SETTING = "HEDDLE_TOKEN"
SERVICE = "heddle"


@dataclass(frozen=True, slots=True)
class Credential:
    """What signs in: a token, and for one that ends, what to get the next one with and when (Unix time)."""

    token: str
    refresh: str | None = None
    renew_at: float | None = None

    def __repr__(self) -> str:
        return f"Credential(renew_at={self.renew_at})"  # a token must not reach a log

    def as_text(self) -> str:
        if self.refresh is None:
            return self.token
        return json.dumps({"token": self.token, "refresh": self.refresh, "renewAt": self.renew_at})

    @classmethod
    def from_text(cls, text: str) -> "Credential":
        """Also a bare token, as older versions kept it."""
        if not text.startswith("{"):
            return cls(text)
        try:
            kept = json.loads(text)
            return cls(str(kept["token"]), kept["refresh"], float(kept["renewAt"]))
        except (ValueError, KeyError, TypeError):
            return cls("")  # the server refuses it, and asks for a sign-in


def credential_for(server: str) -> Credential | None:
    """How to sign in to a server; None when nobody has. KeyringLockedError when it cannot be had now."""
    if token := os.environ.get(SETTING):
        return Credential(token)
    server = server.rstrip("/")
    entry = _read_file().get(server)
    if entry is None:
        return None
    if "token" in entry:
        return Credential.from_text(entry["token"])
    text = _from_keyring(server)
    return Credential.from_text(text) if text else None


def token_for(server: str) -> str | None:
    """The token for a server as it is kept: it may have ended, see `uploader.tokens`."""
    credential = credential_for(server)
    return credential.token if credential else None


def store(server: str, email: str, credential: Credential) -> str:
    """Keeps a sign-in and answers where, in words for the user."""
    server = server.rstrip("/")
    text = credential.as_text()
    kept_in_keyring = _to_keyring(server, text)
    entry = {"email": email} if kept_in_keyring else {"email": email, "token": text}
    _write_file({**_read_file(), server: entry})
    return kept_in(server)


def kept_in(server: str) -> str:
    """Where the sign-in to a server lies, in words for the user; empty where there is none."""
    entry = _read_file().get(server.rstrip("/"))
    if entry is None:
        return ""
    return str(credentials_file()) if "token" in entry else "the system's keyring"


def forget(server: str) -> bool:
    """Removes what is kept for a server; False when there was nothing."""
    server = server.rstrip("/")
    entries = _read_file()
    if entries.pop(server, None) is None:
        return False
    if keyring := _keyring():
        with contextlib.suppress(Exception):  # backends raise whatever their system raises
            keyring.delete_password(SERVICE, server)
    _write_file(entries)
    return True


def servers() -> list[str]:
    """Those that somebody signed in to."""
    return list(_read_file())


def email_for(server: str) -> str | None:
    """Who signed in to a server."""
    return _read_file().get(server.rstrip("/"), {}).get("email")


def credentials_file() -> Path:
    """Holds who signed in where, and the tokens that no keyring would take."""
    return home() / "credentials.json"


def _from_keyring(server: str) -> str | None:
    keyring = _keyring()
    try:
        return keyring.get_password(SERVICE, server) if keyring else None
    except Exception as error:
        raise KeyringLockedError(str(error)) from error


def _to_keyring(server: str, token: str) -> bool:
    keyring = _keyring()
    if keyring is None:
        return False
    try:
        keyring.set_password(SERVICE, server, token)
        return bool(keyring.get_password(SERVICE, server) == token)
    except Exception:  # noqa: BLE001 - backends raise whatever their system raises
        return False


def _keyring() -> ModuleType | None:
    """The keyring library if it has a backend that can keep something; loading it takes a tenth of a
    second.
    """
    try:
        import keyring  # noqa: PLC0415 (loading it takes a tenth of a second)
        from keyring.backends import fail  # noqa: PLC0415 (part of the slow library)
    except ImportError:
        return None
    return None if isinstance(keyring.get_keyring(), fail.Keyring) else keyring


def _read_file() -> dict[str, dict[str, str]]:
    try:
        entries: dict[str, Any] = json.loads(credentials_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise CredentialsError(
            f"{credentials_file()}: {error}",
            title="The saved sign-in cannot be read",
            hint="Delete the file and sign in again.",
        ) from error
    return entries


def _write_file(entries: dict[str, dict[str, str]]) -> None:
    path = credentials_file()
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Created with its mode: there is no moment at which others could read it.
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(entries, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise CredentialsError(f"{path}: {error.strerror or error}") from error
