"""A copy of all that is kept of a person: a zip of JSON, and of their videos if they want them."""

import asyncio
import json
import shutil
import zipfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Database, Waiting, is_id, leave, now
from server.errors import Conflict, NotFound
from server.identity.acts import Act
from server.identity.audit import audit
from server.ports.blobs import BlobError, BlobStore
from server.recordings.events import source_key
from server.takeout import rows
from server.takeout.models import ExportRow
from server.takeout.schemas import State

KEPT = timedelta(days=7)
_README = """What this Heddle server keeps of you.

data/<table>.json  one file a table, one object a row; keys and passwords are left out
media.json         your recordings, and where their video is in this archive
media/<id>.mp4     the videos, if you asked for them
"""

_log = structlog.get_logger(__name__)


class Exports:
    """`folder` is theirs alone."""

    def __init__(self, db: Database, blobs: BlobStore, folder: Path) -> None:
        self._db = db
        self._blobs = blobs
        self._folder = folder

    async def ask(self, user_id: str, *, with_media: bool) -> ExportRow:
        """Raises Conflict while another is being made."""
        async with self._db.write(user_id) as session:
            waiting = select(ExportRow.id).where(
                ExportRow.user_id == user_id, ExportRow.state == State.PENDING
            )
            if await session.scalar(waiting.limit(1)):
                raise Conflict("An export is being made already: wait for it.", code="export_running")
            row = ExportRow(user_id=user_id, state=State.PENDING, with_media=with_media)
            session.add(row)
            audit(session, Act.EXPORT_ASKED, actor_id=user_id, user_id=user_id, media=with_media)
            leave(session, Waiting.TAKEOUTS)
            await session.flush()
            return row

    async def of(self, user_id: str) -> Sequence[ExportRow]:
        query = select(ExportRow).where(ExportRow.user_id == user_id).order_by(ExportRow.created_at.desc())
        async with self._db.read() as session:
            return (await session.scalars(query)).all()

    async def get(self, user_id: str, export_id: str) -> ExportRow:
        async with self._db.read() as session:
            row = await session.get(ExportRow, export_id) if is_id(export_id) else None
        if row is None or row.user_id != user_id:
            raise no_export()
        return row

    async def file(self, user_id: str, export_id: str) -> Path:
        """Raises NotFound until it is ready, and when its time is over."""
        row = await self.get(user_id, export_id)
        path = self._path(row.id)
        if row.state != State.COMPLETED or not await asyncio.to_thread(path.is_file):
            raise no_export()
        async with self._db.write(user_id) as session:
            audit(session, Act.EXPORT_FETCHED, actor_id=user_id, user_id=user_id, exportId=row.id)
        return path

    async def make_next(self) -> bool:
        """Makes one that waits. False where none does."""
        query = select(ExportRow).where(ExportRow.state == State.PENDING).order_by(ExportRow.created_at)
        async with self._db.read() as session:
            row = (await session.scalars(query.limit(1))).one_or_none()
        if row is None:
            return False
        values: dict[str, Any] = {"finished_at": now()}
        try:
            values |= {"state": State.COMPLETED, "size_bytes": await self._make(row)}
        except OSError as problem:
            _log.warning("export_failed", export=row.id, error=str(problem))
            values |= {"state": State.FAILED, "error": "The server could not write it: ask again later."}
        async with self._db.write(row.user_id) as session:
            await session.execute(update(ExportRow).where(ExportRow.id == row.id).values(**values))
        return True

    async def prune(self) -> None:
        """What is too old goes, and what no row knows."""
        async with self._db.write("exports") as session:
            await session.execute(delete(ExportRow).where(ExportRow.created_at < now() - KEPT))
            known = set((await session.scalars(select(ExportRow.id))).all())
        await asyncio.to_thread(_keep_only, self._folder, {f"{one}.zip" for one in known})

    async def _make(self, row: ExportRow) -> int:
        async with self._db.read() as session:
            found = await rows.of_person(session, row.user_id)
        media = await self._media(found, row) if row.with_media else {}
        return await asyncio.to_thread(self._write, self._path(row.id), found, media)

    async def _media(self, found: dict[str, list[dict[str, Any]]], row: ExportRow) -> dict[str, Path]:
        """Files of the person's own recordings that are all here."""
        held: dict[str, Path] = {}
        for recording in found.get("recording_sessions", []):
            if recording["user_id"] == row.user_id and recording["sha256"]:
                try:
                    held[recording["id"]] = await self._blobs.fetch(source_key(recording["id"]))
                except (BlobError, OSError):
                    _log.warning("export_without_media", recording=recording["id"])
        return held

    def _write(self, path: Path, found: dict[str, list[dict[str, Any]]], media: dict[str, Path]) -> int:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = path.with_suffix(".part")
        listed = [
            {
                "id": one["id"],
                "title": one["title"],
                "bytes": one["file_size_bytes"],
                "sha256": one["sha256"],
                "file": f"media/{one['id']}.mp4" if one["id"] in media else None,
            }
            for one in found.get("recording_sessions", [])
        ]
        half.touch(mode=0o600)
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", _README)
            archive.writestr("media.json", _json(listed))
            for table, held in found.items():
                archive.writestr(f"data/{table}.json", _json(held))
            for recording_id, file in media.items():
                # Video does not become smaller.
                with (
                    file.open("rb") as source,
                    archive.open(_stored(f"media/{recording_id}.mp4"), "w", force_zip64=True) as target,
                ):
                    shutil.copyfileobj(source, target, 1 << 20)
        half.replace(path)
        return path.stat().st_size

    def _path(self, export_id: str) -> Path:
        return self._folder / f"{export_id}.zip"


async def forget(session: AsyncSession, user_id: str) -> None:
    await session.execute(delete(ExportRow).where(ExportRow.user_id == user_id))


def no_export() -> NotFound:
    return NotFound(
        "There is no such export, or it is not ready, or its time is over.", code="export_not_found"
    )


def _stored(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_STORED
    return info


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _keep_only(folder: Path, names: set[str]) -> None:
    if folder.is_dir():
        for path in folder.iterdir():
            if path.name not in names and path.suffix == ".zip":
                path.unlink(missing_ok=True)
