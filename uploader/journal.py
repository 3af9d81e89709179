"""The list of uploads, on disk before anything else happens, shared by every Heddle process of this user.

Who writes what: any process adds rows and writes `wanted`, `wish` and `growing`; the one worker moves `state`
and fills in the rest. The exception is `retry`, which wakes a row that the worker has finished with.
"""

import json
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from uploader import paths, states
from uploader.errors import BrokenJournalError, JournalError
from uploader.lock import FileLock, is_held
from uploader.model import Upload, Wanted, Wish
from uploader.schema import migrate
from uploader.source import fingerprint_of
from uploader.states import ENDED, UploadEvent, UploadState

BUSY_S = 10.0
_PRIMARY = 0xFF  # of SQLite's result codes; what is above it says more (https://www.sqlite.org/rescode.html)
COLUMNS = tuple(field.name for field in fields(Upload))
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM uploads"  # noqa: S608 - names of our own columns


class Journal:
    """One connection to the journal; its methods may be called from any thread.

    The process that adds a growing upload must keep its Journal open until `finish` or `cancel`: it holds the
    lock that tells the worker that the recorder is alive.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or paths.default_journal()
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._guard = threading.RLock()
        self._writers: dict[str, FileLock] = {}
        self._seen: int | None = None
        try:
            self._connection = _connect(self.path)
        except sqlite3.DatabaseError as error:
            raise BrokenJournalError(f"{self.path}: {error}") from error

    def add(
        self,
        path: Path,
        *,
        title: str,
        server: str,
        growing: bool,
        recording_type: str = "screen",
        settings: Mapping[str, Any] | None = None,
        limit_bps: float | None = None,
    ) -> str:
        """Queues a file and answers the upload's id. A growing one need not exist yet."""
        upload_id = str(uuid.uuid4())
        size, mtime_ns = (None, None) if growing else fingerprint_of(path)
        if growing:
            self._hold_writer(upload_id)
        values = {
            "id": upload_id,
            "path": str(path.absolute()),
            "title": title,
            "server": server.rstrip("/"),
            "state": UploadState.QUEUED,
            "growing": growing,
            "recording_type": recording_type,
            "settings": json.dumps(dict(settings or {})),
            "wanted": Wanted.RECORDING if growing else Wanted.STOPPED,
            "told": Wanted.RECORDING if growing else Wanted.STOPPED,
            "wish": Wish.SEND,
            "limit_bps": limit_bps,
            "size": size,
            "mtime_ns": mtime_ns,
            "created_at": time.time(),
        }
        self._insert(values)
        return upload_id

    def adopt(
        self,
        path: Path,
        *,
        title: str,
        server: str,
        recording_id: str,
        share_url: str,
        sha256: str,
        created_at: float,
    ) -> str:
        """Knows a file that came from the server as that recording, with nothing left to do; the upload's id.

        Where it was sent from here, the row that did is it again.
        """
        size, mtime_ns = fingerprint_of(path)
        whole = {"size": size, "mtime_ns": mtime_ns, "sha256": sha256, "server_sha256": sha256}
        with self._write():
            for row in self._rows("WHERE path = ? AND recording_id = ?", str(path.absolute()), recording_id):
                if row.state is UploadState.DONE:
                    self._set(row.id, **whole)
                    return row.id
            upload_id = str(uuid.uuid4())
            values = {
                "id": upload_id,
                "path": str(path.absolute()),
                "title": title,
                "server": server.rstrip("/"),
                "state": UploadState.DONE,
                "growing": False,
                "recording_type": "screen",
                "settings": "{}",
                "wanted": Wanted.STOPPED,
                "told": Wanted.STOPPED,
                "wish": Wish.SEND,
                "recording_id": recording_id,
                "share_url": share_url,
                "offset": size,
                "created_at": created_at,
                "done_at": time.time(),
            }
            self._insert(values | whole)
            return upload_id

    def get(self, upload_id: str) -> Upload:
        """JournalError when there is no such upload."""
        rows = self._rows("WHERE id = ?", upload_id)
        if not rows:
            raise JournalError(upload_id, title="There is no such upload")
        return rows[0]

    def all(self) -> list[Upload]:
        """Newest first."""
        return self._rows("ORDER BY created_at DESC")

    def pending(self) -> list[Upload]:
        """Those on which something is left to do, in the order in which to do it: live ones first, newest
        first among them; then the others as they came.
        """
        ended = ", ".join(f"'{state}'" for state in ENDED)
        return self._rows(
            f"WHERE state NOT IN ({ended}) OR (state = 'failed' AND wish = 'cancel')"
            " ORDER BY growing DESC, CASE WHEN growing THEN -created_at ELSE created_at END"
        )

    def find(self, path: Path, server: str) -> Upload | None:
        """The upload of exactly this version of a file to this server that is under way or done."""
        size, mtime_ns = fingerprint_of(path)
        rows = self._rows(
            "WHERE path = ? AND server = ? AND size = ? AND mtime_ns = ?"
            " AND wish != 'cancel' AND state != 'failed'"
            " ORDER BY created_at DESC LIMIT 1",
            str(path.absolute()), server.rstrip("/"), size, mtime_ns,
        )  # fmt: skip
        return rows[0] if rows else None

    def finish(self, upload_id: str) -> None:
        """The recorder is done: no byte will be added to the file."""
        self._set(upload_id, growing=False, wanted=Wanted.STOPPED)
        self._release_writer(upload_id)

    def want(self, upload_id: str, wanted: Wanted | str) -> None:
        """The recorder paused or goes on."""
        self._set(upload_id, wanted=Wanted(wanted))

    def hold(self, upload_id: str) -> None:
        """Keeps the upload (not the recording) back until `release`."""
        self._set(upload_id, wish=Wish.HOLD)

    def release(self, upload_id: str) -> None:
        self._set(upload_id, wish=Wish.SEND)

    def cancel(self, upload_id: str) -> None:
        """The upload and its recording are removed from the server; the file stays."""
        self._set(upload_id, wish=Wish.CANCEL, growing=False, wanted=Wanted.STOPPED)
        self._release_writer(upload_id)

    def retry(self, upload_id: str) -> None:
        """Another try for a failed upload; one that waits for its next try has it now."""
        upload = self.get(upload_id)
        if upload.state is UploadState.FAILED:
            self.advance(upload_id, UploadEvent.AGAIN, attempt=0, error=None, done_at=None)
        elif not upload.ended:
            self._set(upload_id, attempt=0)

    def retry_now(self, server: str) -> None:
        """Everything that waits for this server is tried at once, since something changed (a sign-in)."""
        with self._write() as connection:
            connection.execute(
                "UPDATE uploads SET attempt = 0 WHERE server = ? AND state = 'waiting'", (server.rstrip("/"),)
            )

    def has_writer(self, upload_id: str) -> bool:
        """Whether the process that added a growing upload is alive and has not finished it."""
        return upload_id in self._writers or is_held(paths.writer_lock(self.path, upload_id))

    def advance(self, upload_id: str, event: UploadEvent, **changes: Any) -> Upload:
        """Moves the state by the table and writes `changes` in the same transaction."""
        with self._write():
            state = states.advance(self.get(upload_id).state, event)
            self._set(upload_id, state=state, **changes)
            return self.get(upload_id)

    def note(self, upload_id: str, **changes: Any) -> None:
        """Writes columns other than the state."""
        self._set(upload_id, **changes)

    def changed(self) -> bool:
        """Whether another connection has written since the last call. True the first time. Costs
        microseconds.
        """
        with self._guard:
            version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        seen, self._seen = self._seen, version
        return version != seen

    def close(self) -> None:
        """Idempotent. Growing uploads lose their writer."""
        for upload_id in list(self._writers):
            self._release_writer(upload_id)
        with self._guard:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _insert(self, values: Mapping[str, object]) -> None:
        names, marks = ", ".join(f'"{name}"' for name in values), ", ".join("?" * len(values))
        with self._write() as connection:
            insert = f"INSERT INTO uploads ({names}) VALUES ({marks})"  # noqa: S608 - names of our own columns
            connection.execute(insert, tuple(values.values()))

    def _hold_writer(self, upload_id: str) -> None:
        lock = FileLock(paths.writer_lock(self.path, upload_id))
        lock.acquire()
        self._writers[upload_id] = lock

    def _release_writer(self, upload_id: str) -> None:
        if lock := self._writers.pop(upload_id, None):
            lock.release(remove=True)

    def _set(self, upload_id: str, **changes: Any) -> None:
        unknown = changes.keys() - set(COLUMNS)
        if unknown:
            raise JournalError(f"no such columns: {sorted(unknown)}")
        assignments = ", ".join(f"{name} = ?" for name in changes)
        values = [_to_column(value) for value in changes.values()]
        update = f"UPDATE uploads SET {assignments} WHERE id = ?"  # noqa: S608 - names of our own columns
        with self._write() as connection:
            done = connection.execute(update, (*values, upload_id))
        if done.rowcount == 0:
            raise JournalError(upload_id, title="There is no such upload")

    def _rows(self, where: str, *values: object) -> list[Upload]:
        with self._guard:
            rows = self._connection.execute(f"{_SELECT} {where}", values).fetchall()
        return [_from_row(row) for row in rows]

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        """A transaction, or a part of the one that is open."""
        with self._guard:
            if self._connection.in_transaction:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        _set_wal(connection)
        # A queued recording must outlive a power loss; the few writes a second that this costs are small.
        connection.execute("PRAGMA synchronous = FULL")
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_wal(connection: sqlite3.Connection) -> None:
    """Two processes that create the journal at once: the busy timeout does not cover the change to WAL."""
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & _PRIMARY == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(0.01)  # the other one needs about that long, and SQLite waits for nobody here


def _to_column(value: Any) -> Any:
    if isinstance(value, dict):
        return json.dumps(value)
    return str(value) if isinstance(value, Path) else value


def _from_row(row: tuple[Any, ...]) -> Upload:
    values = dict(zip(COLUMNS, row, strict=True))
    values["path"] = Path(values["path"])
    values["state"] = UploadState(values["state"])
    values["wanted"], values["told"] = Wanted(values["wanted"]), Wanted(values["told"])
    values["wish"] = Wish(values["wish"])
    values["growing"] = bool(values["growing"])
    values["settings"] = json.loads(values["settings"])
    values["error"] = json.loads(values["error"]) if values["error"] else None
    return Upload(**values)
