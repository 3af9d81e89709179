"""The database: one writer that never loses an update, readers that never block it.

SQLite with the driver's defaults loses writes silently when coroutines read, change and write back: the
transaction starts late and upgrades from a stale snapshot. So every writing transaction is BEGIN IMMEDIATE on
a pool of one connection (waiting is fair and in this process), and readers are query-only.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, Connection, DateTime, Dialect, MetaData, TypeDecorator, Uuid, event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeEngine

# Another process (`heddle-server user add`) may hold the write lock this long before we give up.
BUSY_TIMEOUT_S = 5
READERS = 4
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


# Column type shared by every module's tables.
Id = Uuid(as_uuid=False)


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


def new_id() -> str:
    return str(uuid4())


def now() -> datetime:
    return datetime.now(UTC)


class Database:
    """`read()` and `write()` give a session for one short transaction: never wait for a network in it."""

    def __init__(self, url: str) -> None:
        self._reader = _engine(url, writer=False)
        self._writer = _engine(url, writer=True)
        self._readers = async_sessionmaker(self._reader, expire_on_commit=False, autoflush=False)
        self._writers = async_sessionmaker(self._writer, expire_on_commit=False)
        self._listeners: list[Callable[[], None]] = []

    def on_events(self, listener: Callable[[], None]) -> None:
        """Calls `listener` after each commit that recorded events (see `outbox.record`)."""
        self._listeners.append(listener)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A consistent snapshot; anything written in it is refused by SQLite and rolled back elsewhere."""
        async with self._readers() as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """Commits at the end, rolls back when the block raises. Only one runs at a time: do not nest."""
        async with self._writers() as session, session.begin():
            yield session
        if session.info.get("events"):
            for listener in self._listeners:
                listener()

    async def close(self) -> None:
        await self._reader.dispose()
        await self._writer.dispose()


def _engine(url: str, *, writer: bool) -> AsyncEngine:
    if not url.startswith("sqlite"):
        return create_async_engine(url, pool_pre_ping=True)
    engine = create_async_engine(
        url,
        connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT_S},
        pool_size=1 if writer else READERS,
        max_overflow=0,
    )
    _use_sqlite_well(engine, writer=writer)
    return engine


def _set(connection: Any, *pragmas: str) -> None:
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _use_sqlite_well(engine: AsyncEngine, *, writer: bool) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        try:
            _set(connection, *_PRAGMAS, *(() if writer else ("query_only=ON",)))
        except Exception:
            connection.close()  # its pool will not: it never got it
            raise

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")
