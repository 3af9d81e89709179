"""SQL statements compiled once for all databases of a run: SQLAlchemy keeps them for each engine, a test has
three engines, and to compile what it asks takes longer than to ask it.
"""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.util import LRUCache

# More than all statements of the server in all their forms.
STATEMENTS = 5000


def keep_statements() -> None:
    """From now on every engine for SQLite uses the statements of those before it."""
    kept: dict[type[Dialect], tuple[Dialect, LRUCache[Any, Any]]] = {}

    def share(kind: type[Dialect], engine: Engine) -> None:
        engine.dialect, engine._compiled_cache = kept.setdefault(kind, (engine.dialect, LRUCache(STATEMENTS)))
        engine.pool._dialect = engine.dialect

    setattr(SQLiteDialect, "engine_created", classmethod(share))  # noqa: B010 -- the stubs know it as a method
