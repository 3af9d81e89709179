"""All rows that are about a person, whichever module they belong to.

Elsewhere a module's tables are its own. Here the question is what this server keeps of somebody, and an
answer that every module has to remember would be wrong as soon as one forgets: so the tables are asked what
they hold. A table is about a person through a column that names one, or through a recording of theirs.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Base
from server.recordings.models import RecordingRow

_PERSON = ("user_id", "actor_id", "owner_id", "author_id", "personal_of", "invited_by", "created_by")
# Keys and what opens them, and the search index, which only repeats the rest.
_SECRET = re.compile(r"hash|secret|token|password|sealed|salt|nonce|private|challenge|recovery|credential")
_LEFT_OUT = re.compile(r"search_.*|outbox|mails|processing_jobs|erasures|account_keys|pending_sign_ins")
MOST_ROWS = 100_000  # of one table


def tables() -> Iterator[tuple[Table, list[str]]]:
    """Each table that may hold something of a person, with the columns that name them."""
    for table in Base.metadata.sorted_tables:
        if _LEFT_OUT.fullmatch(table.name):
            continue
        names = [name for name in _PERSON if name in table.columns]
        if table.name == "users":
            names = ["id"]
        if names or _recording_column(table) is not None:
            yield table, names


async def of_person(session: AsyncSession, user_id: str) -> dict[str, list[dict[str, Any]]]:
    """By table, as JSON has them; without secrets, and without tables that hold nothing."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table, names in tables():
        columns = [column for column in table.columns if not _SECRET.search(column.name)]
        rows = await session.execute(select(*columns).where(about(table, names, user_id)).limit(MOST_ROWS))
        plain = [{name: _plain(value) for name, value in row.items()} for row in rows.mappings()]
        for one in plain:
            if one.get("actor_id", user_id) != user_id:
                one["address"] = None  # from where somebody else did it is theirs
        if plain:
            found[table.name] = plain
    return found


def about(table: Table, names: list[str], user_id: str) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [table.columns[name] == user_id for name in names]
    recording = _recording_column(table)
    if recording is not None:
        mine = select(RecordingRow.id).where(RecordingRow.user_id == user_id)
        conditions.append(table.columns[recording].in_(mine))
    return or_(*conditions)


def _recording_column(table: Table) -> str | None:
    """The column that leads to a recording, if there is one."""
    for column in table.columns:
        if any(key.column.table.name == RecordingRow.__tablename__ for key in column.foreign_keys):
            return str(column.name)
    return None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (str, int, float, bool, list, dict)) or value is None:
        return value
    return str(value) if not isinstance(value, bytes) else value.hex()
