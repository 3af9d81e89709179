"""Databases for tests: with all tables from the start, and which tests both kinds must pass."""

import tempfile
from functools import cache
from pathlib import Path

import pytest

both_databases = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
# For tests that look into the file itself.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def put_migrated(data: Path) -> None:
    """Makes `data` a server's folder whose SQLite has all tables: to make them takes longer than most tests.

    (A new PostgreSQL has them too: the fixture `database_url`.)
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    (data / "heddle.db").write_bytes(_migrated())


@cache
def _migrated() -> bytes:
    """The file as all migrations left it."""
    from server.config import Settings  # not for tests that need no server
    from server.migrations import upgrade

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder), database_url="")
        upgrade(settings.sqlalchemy_url)
        return (settings.data / "heddle.db").read_bytes()
