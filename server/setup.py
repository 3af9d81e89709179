"""What a first start makes and every other start finds: folders, secrets, tables, the owner's account."""

import secrets
from pathlib import Path

from server import migrations
from server import secrets as server_secrets
from server.bus import Bus
from server.config import DATABASE_FILE, Settings
from server.db import Database
from server.errors import SetupError
from server.flags import FlagName, Flags
from server.identity.schemas import Role
from server.identity.service import Identity
from server.identity.sessions import signing

OWNER = "owner@localhost"
FIRST = "heddle-server serve"
SECRETS_FILE = "secrets.json"
PASSWORD_FILE = "owner-password"  # noqa: S105 (its name)


def prepare(settings: Settings) -> server_secrets.Secrets:
    """Folders, secrets and tables. Blocking; does nothing where all is there."""
    make_folder(settings.data)
    settings.media_root.mkdir(exist_ok=True, mode=0o700)
    kept = server_secrets.load_or_create(settings.data / SECRETS_FILE)
    signing.prepare(settings.data / signing.FILE)
    migrations.upgrade(settings.sqlalchemy_url)
    return kept


def find(settings: Settings) -> None:
    """Raises SetupError where no server ever kept anything: a mistyped folder is not made."""
    if not is_made(settings.data):
        there = "holds nothing of a server" if settings.data.is_dir() else "is no folder"
        raise SetupError(
            "No server keeps its data there",
            f"{settings.data} {there}",
            f"Name the server's folder with --data (or HEDDLE_DATA). `{FIRST}` makes a new one.",
        )


def is_made(data: Path) -> bool:
    """Whether a server keeps its data there. Raises OSError where that cannot be seen."""
    return any((data / name).exists() for name in (SECRETS_FILE, DATABASE_FILE))


def open_database(settings: Settings) -> Database:
    return Database(
        settings.sqlalchemy_url, pool=settings.database_pool, timeout_s=settings.database_timeout_s
    )


def open_flags(settings: Settings, db: Database, bus: Bus | None = None) -> Flags:
    """Without a `bus` it hears of no change, and looks again every now and then."""
    flags = Flags(db, {FlagName.AV1: settings.av1_renditions})
    if bus is not None:
        flags.start(bus)
    return flags


def make_folder(data: Path) -> None:
    """Raises SetupError when it cannot be made or is no folder."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        raise SetupError(
            "The data folder cannot be made",
            f"{data}: {problem.strerror or problem}",
            "Choose a folder you may write to with --data.",
        ) from problem


async def ensure_owner(identity: Identity, settings: Settings) -> bool:
    """The first start gives this machine's owner an account; True when it did just now."""
    if any(user.role is Role.OWNER for user in await identity.users()):
        return False
    password = secrets.token_urlsafe(15)
    # First the file: an account whose password nobody knows could not be replaced by starting again.
    server_secrets.write_private(settings.data / PASSWORD_FILE, password + "\n")
    await identity.add_user(OWNER, password, role=Role.OWNER)
    return True
