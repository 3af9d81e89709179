"""PostgreSQL in place of SQLite: its connections, who writes beside whom, and a look at what is there.

All of the server was written for one writer at a time, which is what SQLite has. Here a transaction that says
what it is about (a recording, a person) runs beside those about something else; one that does not say runs
alone. Both are advisory locks: they end with the transaction, and with the connection of whoever is killed.
"""

import asyncio
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ARRAY, BigInteger, Connection, Executable, TextClause, bindparam, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

SCHEME = "postgresql"
OLDEST = 130000  # as `server_version_num` has it; before, the owner of a database may not create pg_trgm
# Numbers of advisory locks. What transactions are about has hashes, which never meet these in practice.
_WRITING = 0x6865_6464_6C65_0001
_MIGRATING = 0x6865_6464_6C65_0002
_CONNECT_S = 10.0
# A connection that a firewall forgot is not found out by the first who needs it.
_RECYCLE_S = 1800
_SETTINGS = {"application_name": "heddle", "timezone": "UTC", "jit": "off"}

T = TypeVar("T")


class Unreachable(Exception):
    """There is no connection to be had; the text says why."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a server is and can. `number` is `server_version_num`; `revision` None without our tables."""

    version: str
    number: int
    encoding: str
    database: str
    trigrams: bool
    revision: str | None


def is_postgres(url: str) -> bool:
    return url.startswith(SCHEME)


def open_engine(url: str, *, writer: bool, size: int, timeout_s: float) -> AsyncEngine:
    """A pool of `size` connections. Readers see one snapshot in each transaction and cannot write.

    A statement, the wait for a lock and the wait for a free connection end after `timeout_s`.
    """
    limit = str(round(timeout_s * 1000))
    settings = {**_SETTINGS, "statement_timeout": limit, "idle_in_transaction_session_timeout": limit}
    return create_async_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=timeout_s,
        pool_pre_ping=True,
        pool_recycle=_RECYCLE_S,
        isolation_level="READ COMMITTED" if writer else "REPEATABLE READ",
        execution_options={} if writer else {"postgresql_readonly": True},
        connect_args={"timeout": _CONNECT_S, "server_settings": settings},
    )


async def connect(session: AsyncSession) -> None:
    """Begins its transaction. Raises Unreachable where no server answers."""
    try:
        await session.connection()
    except (OSError, NoConnection) as problem:
        raise Unreachable(_reason(problem)) from problem


def turn(*about: str) -> Executable:
    """The first statement of a writing transaction: waits until it may begin.

    READ COMMITTED, so the statements after it see all that those before it in the queue have committed.
    Several things are locked in the order of their numbers, so that nobody waits in a circle.
    """
    if not about:
        return _ALONE
    if len(about) == 1:
        return _BESIDE.bindparams(one=_number(about[0]))
    return _BESIDE_SEVERAL.bindparams(several=sorted({_number(one) for one in about}))


def _lock(query: str) -> TextClause:
    return text(query).bindparams(bindparam("all", _WRITING, BigInteger))


_ALONE = _lock("SELECT pg_advisory_xact_lock(:all)")
_BESIDE = _lock("SELECT pg_advisory_xact_lock_shared(:all), pg_advisory_xact_lock(:one)").bindparams(
    bindparam("one", type_=BigInteger)
)
# The shared one first: whoever runs alone waits for it, and must not be waited for with half of the others.
_BESIDE_SEVERAL = _lock(
    "WITH first AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(:all)) "
    "SELECT pg_advisory_xact_lock(one) FROM first, unnest(CAST(:several AS bigint[])) AS one"
).bindparams(bindparam("several", type_=ARRAY(BigInteger)))


def _number(about: str) -> int:
    return int.from_bytes(hashlib.sha256(about.encode("utf-8", "surrogatepass")).digest()[:8], signed=True)


def migrating(connection: Connection) -> None:
    """Servers that start together migrate one after the other; until the end of the transaction."""
    connection.execute(_lock("SELECT pg_advisory_xact_lock(:all)").bindparams(all=_MIGRATING))


def run(url: str, work: Callable[[Connection], T]) -> T:
    """`work` on a connection of its own, committed. Blocking, also where a loop runs in this thread.

    Raises Unreachable, and ModuleNotFoundError without the driver.
    """

    async def within() -> T:
        args: dict[str, Any] = {"timeout": _CONNECT_S, "server_settings": _SETTINGS}
        engine = create_async_engine(url, poolclass=NullPool, connect_args=args)
        try:
            connection = engine.connect()
            try:
                await connection.start()
            except (DBAPIError, OSError, TypeError, ValueError) as problem:  # of an address, too
                raise Unreachable(_reason(problem)) from problem
            try:
                done = await connection.run_sync(work)
                await connection.commit()
            finally:
                await connection.close()
        finally:
            await engine.dispose()
        return done

    with ThreadPoolExecutor(1, "postgres") as thread:
        return thread.submit(asyncio.run, within()).result()


def look(connection: Connection) -> Facts:
    def ask(query: str) -> str:
        return str(connection.execute(text(query)).scalar())

    known = connection.execute(text("SELECT to_regclass('alembic_version')")).scalar() is not None
    return Facts(
        version=ask("SHOW server_version"),
        number=int(ask("SHOW server_version_num")),
        encoding=ask("SHOW server_encoding"),
        database=ask("SELECT current_database()"),
        trigrams=ask("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'") != "0",
        revision=ask("SELECT version_num FROM alembic_version") if known else None,
    )


def shortcoming(facts: Facts) -> str:
    """Why this server will not do; empty where it will."""
    if facts.number < OLDEST:
        return f"It is version {facts.version}; {OLDEST // 10000} or newer is needed."
    if facts.encoding != "UTF8":
        return f"The database {facts.database} keeps text as {facts.encoding}; it must be made with UTF8."
    return ""


def _reason(problem: Exception) -> str:
    """Without the address, which may have the password in it."""
    if isinstance(problem, TimeoutError):
        return f"nothing answered within {_CONNECT_S:.0f} s"
    return str(problem.orig if isinstance(problem, DBAPIError) else problem) or type(problem).__name__
