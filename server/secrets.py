"""The server's own secrets: made at the first start, readable by its user alone."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from server.errors import SetupError


@dataclass(frozen=True, slots=True)
class Secrets:
    # Signs the tickets in media addresses; a new one ends all that are out.
    ticket_key: str
    # Seals what the database must not know in clear: the secrets of second factors. A new one loses them.
    seal_key: str

    @classmethod
    def generate(cls) -> "Secrets":
        return cls(ticket_key=secrets.token_hex(32), seal_key=secrets.token_hex(32))


def load_or_create(path: Path) -> Secrets:
    """Raises SetupError for a file that is broken: replacing it would end links without a word.

    A file of an older version gets what it lacks.
    """
    fresh = asdict(Secrets.generate())
    try:
        kept: dict[str, str] = json.loads(path.read_text())
        found = Secrets(**{**fresh, "ticket_key": kept["ticket_key"], **kept})
    except FileNotFoundError:
        kept, found = {}, Secrets(**fresh)
    except (ValueError, TypeError, KeyError) as problem:
        raise SetupError(
            "The server's secrets cannot be read",
            f"{path} is not what this version wrote: {problem}",
            "Put the file back from a backup, or remove it: links to media then have to be opened anew.",
        ) from problem
    if len(kept) < len(fields(Secrets)):
        write_private(path, json.dumps(asdict(found), indent=2) + "\n")
    return found


def write_private(path: Path, text: str) -> None:
    """All of it or nothing, and never readable by others, not even while it is written."""
    half = path.with_name(f"{path.name}.{os.getpid()}.half")
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
