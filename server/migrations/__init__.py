"""The one history of the database's tables.

A start that finds the newest revision does not import Alembic at all: that takes longer than the rest of it.
"""

from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

_FOLDER = Path(__file__).parent


def newest() -> str:
    """Revisions are numbered and named `NNNN_words.py`."""
    return max(file.name[:4] for file in (_FOLDER / "versions").glob("[0-9]*.py"))


def upgrade(url: str, *, revision: str = "head") -> bool:
    """Brings the tables to the newest revision; True when something had to be done. Blocking.

    `url` is the asyncio one of the settings. The whole history is one transaction, so a start that is killed
    half way begins again from where it was.
    """
    engine = create_engine(_blocking(url), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            if revision == "head" and _current(connection) == newest():
                return False
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            connection.rollback()
            _run(connection, revision)
            connection.commit()
    finally:
        engine.dispose()
    return True


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _run(connection: Connection, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _blocking(url: str) -> str:
    parsed = make_url(url)
    driver = {"sqlite+aiosqlite": "sqlite", "postgresql+asyncpg": "postgresql+psycopg"}
    return parsed.set(drivername=driver.get(parsed.drivername, parsed.drivername)).render_as_string(False)
