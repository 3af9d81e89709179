"""What takes the space, and what lies there for nothing: files that no row knows any more."""

import asyncio
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from server.admin.health import Health
from server.config import Settings
from server.db import Database, is_id, now
from server.errors import Conflict
from server.identity.acts import Act
from server.identity.audit import audit
from server.identity.models import UserRow
from server.ports.blobs import BlobStore
from server.recordings.service import Recordings

# Younger ones may be of something that is just being made.
YOUNGEST = timedelta(hours=1)
_AVATAR = re.compile(r"([0-9a-f]{32})\.webp")


@dataclass(frozen=True, slots=True)
class Orphan:
    """`key` is a folder or a file of the blobs that belongs to nothing."""

    key: str
    bytes: int
    changed_at: datetime


class Storage:
    """Looks at this machine's files; what is in object storage alone is not seen."""

    def __init__(
        self, db: Database, settings: Settings, blobs: BlobStore, recordings: Recordings, health: Health
    ) -> None:
        self._db = db
        self._media = settings.media_root
        self._blobs = blobs
        self._recordings = recordings
        self._health = health

    async def orphans(self) -> list[Orphan]:
        """The largest first. Deletes nothing."""
        folders = (await self._health.found(anew=True)).folders
        known = set(await self._recordings.ids())
        async with self._db.read() as session:
            pictures = set(await session.scalars(select(UserRow.avatar).where(UserRow.avatar.is_not(None))))
        lost = {name: size for name, size in folders.items() if is_id(name) and name not in known}
        found = await asyncio.to_thread(_orphans, self._media, lost, pictures)
        old = [one for one in found if one.changed_at < now() - YOUNGEST]
        return sorted(old, key=lambda one: (-one.bytes, one.key))

    async def remove(self, keys: list[str], *, by: str) -> tuple[int, int]:
        """How many went, and their bytes. Each is looked at again before.

        Raises Conflict, and removes nothing, where one of them is no orphan (any more).
        """
        orphans = {one.key: one for one in await self.orphans()}
        if stranger := next((key for key in keys if key not in orphans), None):
            raise Conflict(
                f"{stranger[:100]} belongs to something, or is gone: look again.", code="not_an_orphan"
            )
        wanted = [orphans[key] for key in dict.fromkeys(keys)]
        size = sum(one.bytes for one in wanted)
        async with self._db.write() as session:
            told: dict[str, Any] = {
                "count": len(wanted),
                "bytes": size,
                "keys": [one.key for one in wanted[:20]],
            }
            audit(session, Act.ORPHANS_REMOVED, actor_id=by, **told)
        for one in wanted:
            await self._blobs.delete(one.key)
        await self._health.found(anew=True)
        return len(wanted), size


def _orphans(media: Path, lost: dict[str, int], pictures: Collection[str | None]) -> list[Orphan]:
    found = [
        Orphan(f"recordings/{name}", size, _changed(media / "recordings" / name))
        for name, size in lost.items()
    ]
    for path in _files(media / "avatars"):
        named = _AVATAR.fullmatch(path.name)
        if named is not None and named[1] not in pictures:
            found.append(Orphan(f"avatars/{path.name}", path.stat().st_size, _changed(path)))
    return found


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []


def _changed(path: Path) -> datetime:
    """Of a folder the last change in it, one level deep. What vanished counts as young."""
    try:
        latest = max((one.stat().st_mtime for one in (path, *_inside(path))), default=0.0)
    except FileNotFoundError:
        return now()
    return datetime.fromtimestamp(latest, now().tzinfo)


def _inside(path: Path) -> list[Path]:
    return list(path.iterdir()) if path.is_dir() else []
