"""The database: one writer that never loses an update, readers that never block it.

SQLite with the driver's defaults loses writes silently when coroutines read, change and write back: the
transaction starts late and upgrades from a stale snapshot. So every writing transaction is BEGIN IMMEDIATE on
a pool of one connection (waiting is fair and in this process), and readers are query-only. On PostgreSQL
writers about different things run side by side; see `server.postgres`.
"""

import asyncio
import re
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    QueuePool,
    TypeDecorator,
    Uuid,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeEngine

from server import postgres, sqlite
from server.reads import Reading, Reads

T = TypeVar("T")

# Another process (`heddle-server user add`) may hold the write lock this long before we give up.
BUSY_TIMEOUT_S = 5
READERS = 4
# With PostgreSQL: connections of this process, and how long one waits for anything there.
POOL = 10
TIMEOUT_S = 30.0
_SIZE_POSTGRES = "SELECT pg_database_size(current_database())"
_SIZE_SQLITE = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON")


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC: SQLite has no time zones and would give back naive values."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """JSON, as JSONB where the database has it; its dialect is imported only there, as it takes a while."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "postgresql":
            return dialect.type_descriptor(JSON())
        from sqlalchemy.dialects.postgresql import JSONB  # noqa: PLC0415 (not with SQLite)

        return dialect.type_descriptor(JSONB())


class _Id(TypeDecorator[str]):
    """A UUID as text. What is none stands for nobody, so it is not found, whatever the database."""

    impl = Uuid(as_uuid=False)
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        if value is None:
            return None
        try:
            return str(UUID(str(value)))
        except ValueError:
            return NOBODY


NOBODY = str(UUID(int=0))
# Column type shared by every module's tables.
Id = _Id()


class Base(DeclarativeBase):
    """Tables belong to the module whose `models.py` maps them; nobody else queries them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def new_id() -> str:
    return str(uuid4())


def is_id(text: str) -> bool:
    """Whether it is spelt as an id; what is not names nothing."""
    return _ID.fullmatch(text) is not None


def now() -> datetime:
    return datetime.now(UTC)


class Waiting(StrEnum):
    """What a transaction can leave for somebody to take up as soon as it has committed."""

    EVENTS = "events"
    LETTERS = "letters"
    NOTICES = "notices"  # that a letter is to tell of
    POSTS = "posts"  # for channels such as Slack's
    TAKEOUTS = "takeouts"


_LEFT = "left waiting"


def leave(session: AsyncSession, waiting: Waiting) -> None:
    """Wakes whoever takes these up when the transaction of `session` has committed."""
    session.info.setdefault(_LEFT, set()).add(waiting)


class Database:
    """`read()` and `write()` give a session for one short transaction: never wait for a network in it.

    With PostgreSQL, `pool` is how many connections are kept at most, and `timeout_s` how long a statement, or
    the wait for its turn, may take.
    """

    def __init__(self, url: str, *, pool: int = POOL, timeout_s: float = TIMEOUT_S) -> None:
        self._postgres = postgres.is_postgres(url)
        self._reads: Reads | None = None
        if self._postgres:
            writers = max(1, pool // 2)
            readers = max(1, pool - writers)
            self._reader = postgres.open_engine(url, writer=False, size=readers, timeout_s=timeout_s)
            self._writer = postgres.open_engine(url, writer=True, size=writers, timeout_s=timeout_s)
        else:
            self._reader = _engine(url, writer=False)
            self._writer = _engine(url, writer=True)
            self._reads = Reads(_reading_engine(url), READERS)
        self._readers = async_sessionmaker(self._reader, expire_on_commit=False, autoflush=False)
        self._writers = async_sessionmaker(self._writer, expire_on_commit=False)
        self._listeners: dict[Waiting, list[Callable[[], None]]] = defaultdict(list)

    def on_commit(self, waiting: "Waiting", listener: Callable[[], None]) -> None:
        """Calls `listener` after each commit that left something `waiting` (see `leave`)."""
        self._listeners[waiting].append(listener)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A consistent snapshot; anything written in it is refused by SQLite and rolled back elsewhere."""
        async with self._readers() as session:
            if self._postgres:
                await postgres.connect(session)
            yield session

    async def fetch(self, reading: Reading[T]) -> T:
        """What `reading` finds, as within `read()`. It may wait for its session alone.

        On SQLite it costs a small part of `read()`; for what every request asks.
        """
        if self._reads is not None:
            return await self._reads.run(reading)
        async with self.read() as session:
            return await reading(session)

    def version(self) -> int | None:
        """Another number after each change by anybody; None where the database has no such counter.

        Only within the event loop.
        """
        return None if self._reads is None else self._reads.version()

    @property
    def is_postgres(self) -> bool:
        return self._postgres

    async def size_bytes(self) -> int:
        """What the tables and their indexes take on disk."""
        query = text(_SIZE_POSTGRES if self._postgres else _SIZE_SQLITE)
        async with self.read() as session:
            return int((await session.execute(query)).scalar_one())

    @asynccontextmanager
    async def write(self, *about: str) -> AsyncIterator[AsyncSession]:
        """Commits at the end, rolls back when the block raises. Only one runs at a time: do not nest.

        On PostgreSQL those `about` different things run side by side: `about` are the ids of the recordings
        or the person whose rows alone are read and changed in it, or the name of a queue. Rows that others
        may change meanwhile are locked where they are read (`with_for_update`).
        """
        async with self._writers() as session, session.begin():
            if self._postgres:
                await postgres.connect(session)
                await session.execute(postgres.turn(*about))
            yield session
        for waiting in session.info.get(_LEFT, ()):
            for listener in self._listeners[waiting]:
                listener()

    async def close(self) -> None:
        if self._reads is not None:
            await asyncio.to_thread(self._reads.close)
        await self._reader.dispose()
        await self._writer.dispose()


class _Connection(sqlite3.Connection):
    """Ends its transaction when it is closed. SQLite keeps a closed connection, with its lock, for as long as
    anybody holds one of its statements; a cancelled task's traceback does, until it is collected.
    """

    def close(self) -> None:
        if self.in_transaction:
            self.rollback()
        super().close()


def _engine(url: str, *, writer: bool) -> AsyncEngine:
    engine = create_async_engine(
        url,
        connect_args={
            "isolation_level": None,
            "timeout": BUSY_TIMEOUT_S,
            "factory": _Connection,
            "async_creator_fn": sqlite.connect,
        },
        pool_size=1 if writer else READERS,
        max_overflow=0,
    )
    _use_sqlite_well(engine.sync_engine, writer=writer)
    return engine


def _reading_engine(url: str) -> Engine:
    """For threads; each has one connection at a time."""
    plain = make_url(url).set(drivername="sqlite")
    options = {"isolation_level": None, "timeout": BUSY_TIMEOUT_S, "factory": _Connection}
    options["check_same_thread"] = False
    engine = create_engine(
        plain, connect_args=options, poolclass=QueuePool, pool_size=READERS + 1, max_overflow=0
    )
    _use_sqlite_well(engine, writer=False)
    return engine


def _set(connection: Any, *pragmas: str) -> None:
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _use_sqlite_well(engine: Engine, *, writer: bool) -> None:
    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        try:
            _set(connection, *_PRAGMAS, *(() if writer else ("query_only=ON",)))
        except Exception:
            connection.close()  # its pool will not: it never got it
            raise

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")
