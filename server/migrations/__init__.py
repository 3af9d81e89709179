"""The one history of the database's tables.

A start that finds the newest revision does not import Alembic at all: that takes longer than the rest of it.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from server import postgres
from server.errors import SetupError

T = TypeVar("T")
_FOLDER = Path(__file__).parent


def newest() -> str:
    """Revisions are numbered and named `NNNN_words.py`."""
    return max(file.name[:4] for file in (_FOLDER / "versions").glob("[0-9]*.py"))


def upgrade(url: str, *, revision: str = "head") -> bool:
    """Brings the tables to the newest revision; True when something had to be done. Blocking.

    `url` is the asyncio one of the settings. The whole history is one transaction, so a start that is killed
    half way begins again from where it was. Raises SetupError for a PostgreSQL that cannot be used.
    """
    if postgres.is_postgres(url):
        return _on_postgres(url, lambda connection: _upgrade_postgres(connection, revision))
    engine = create_engine(url.replace("sqlite+aiosqlite:", "sqlite:", 1), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            if revision == "head" and not _is_older(_current(connection)):
                return False
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            connection.rollback()
            _run(connection, revision)
            connection.commit()
    finally:
        engine.dispose()
    return True


def facts_of(url: str) -> postgres.Facts:
    """What a PostgreSQL is and can. Blocking. Raises SetupError where none answers."""
    return _on_postgres(url, postgres.look)


def revision_of(file: Path) -> str | None:
    """Of an SQLite file, which is only read; None without our tables. Raises sqlite3.Error."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
        tables = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
        if connection.execute(tables).fetchone() is None:
            return None
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return None if found is None else str(found[0])


def _on_postgres(url: str, work: Callable[[Connection], T]) -> T:
    try:
        return postgres.run(url, work)
    except ModuleNotFoundError as missing:
        raise SetupError(
            "PostgreSQL needs another package",
            f"HEDDLE_DATABASE_URL is set, but {missing.name} is not installed.",
            "Install Heddle with its extra `postgres`.",
        ) from missing
    except postgres.Unreachable as problem:
        raise SetupError(
            "The database cannot be reached",
            f"{place_of(url)}: {problem}.",
            "Is PostgreSQL running there, and do database, user and password of HEDDLE_DATABASE_URL exist?",
        ) from problem


def place_of(url: str) -> str:
    """The address for people: without the password."""
    return make_url(url).set(drivername=postgres.SCHEME).render_as_string(hide_password=True)


def _upgrade_postgres(connection: Connection, revision: str) -> bool:
    if revision == "head" and not _is_older(_current(connection)):
        return False
    if problem := postgres.shortcoming(postgres.look(connection)):
        raise SetupError(
            "This PostgreSQL cannot be used",
            problem,
            "Give HEDDLE_DATABASE_URL another server or database.",
        )
    connection.rollback()
    postgres.migrating(connection)
    if revision == "head" and _current(connection) == newest():
        return False  # another server was at it
    _run(connection, revision)
    return True


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _is_older(current: str | None) -> bool:
    """Whether there is something to do. Raises SetupError for tables that this version does not know."""
    if current is not None and current > newest():
        raise SetupError(
            "The database is of a newer Heddle",
            f"Its tables are of revision {current}, this program knows those up to {newest()}.",
            "Install the version that ran here last, or a newer one.",
        )
    return current != newest()


def _run(connection: Connection, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
