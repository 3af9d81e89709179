"""Items follow from what is known: after each change those that it touches are made anew, and no others."""

import json
import zlib
from dataclasses import replace

from desktop.models.library import edits as changes
from desktop.models.library.edits import Edit
from desktop.models.library.items import Item, Remote, Sending, id_key
from desktop.models.library.merge import chosen, merge
from desktop.models.library.query import fold
from desktop.models.library.rows import edit_of, remote_of, sending_of, take_of, to_row
from desktop.models.library.tables import Tables
from uploader.states import UploadState


class Following(Tables):
    """Called within a transaction."""

    def remote(self, recording_id: str) -> Remote | None:
        row = self._one("SELECT data FROM remotes WHERE id = ?", recording_id)
        return remote_of(row[0]) if row else None

    def edit_of(self, anchor: str) -> Edit | None:
        row = self._one("SELECT data FROM edits WHERE anchor = ?", anchor)
        return edit_of(row[0]) if row else None

    def fact(self, name: str) -> str | None:
        """Something kept about the library as a whole."""
        row = self._one("SELECT value FROM facts WHERE name = ?", name)
        return row[0] if row else None

    def _refresh(self, anchor: str) -> None:
        """The item of this key or anchor."""
        kind, _, name = anchor.partition(":")
        if kind == "id":
            self._refresh_recording(name)
        else:
            self._refresh_file(name)

    def _refresh_recording(self, recording_id: str) -> None:
        """The item of a recording: that of the file that was sent as it, or one of its own."""
        key = id_key(recording_id)
        for path in self._column("SELECT path FROM sendings WHERE recording_id = ?", recording_id):
            sending = self._chosen(path)
            if sending is not None and sending.recording_id == recording_id:
                self._drop(key)
                self._refresh_file(path)
                return
        self._show(key, merge(None, None, self.remote(recording_id), self.edit_of(key)))

    def _refresh_file(self, path: str) -> None:
        row = self._one("SELECT data FROM takes WHERE path = ?", path)
        take, sending, key = take_of(row[0]) if row else None, self._chosen(path), f"file:{path}"
        recording_id = sending.recording_id if sending else None
        remote = self.remote(recording_id) if recording_id else None
        if recording_id:
            self._adopt(key, id_key(recording_id))
            self._drop(id_key(recording_id))
        edit = self.edit_of(id_key(recording_id) if recording_id else key)
        gone = sending is not None and remote is None and self._is_gone(sending)
        binned = self._one("SELECT at FROM bin WHERE key = ?", key)
        self._show(
            key, merge(take, sending, remote, edit, gone=gone, binned_at=binned[0] if binned else None)
        )

    def _refresh_uploads(self, path: str) -> None:
        """The item of a file, and those of the recordings that it was sent as before."""
        self._refresh_file(path)
        now = self._chosen(path)
        for one in self._column("SELECT DISTINCT recording_id FROM sendings WHERE path = ?", path):
            if one and (now is None or now.recording_id != one):
                self._refresh_recording(one)

    def _chosen(self, path: str) -> Sending | None:
        return chosen(map(sending_of, self._column("SELECT data FROM sendings WHERE path = ?", path)))

    def _is_gone(self, sending: Sending) -> bool:
        """Only from the server that was asked for everything, and only what was there before that."""
        return (
            sending.state is UploadState.DONE
            and sending.server == self.fact("server")
            and float(self.fact("complete_at") or 0) > sending.ended_at
        )

    def _adopt(self, key: str, anchor: str) -> None:
        """What was changed under the file's name, while it had no recording, belongs to the recording now."""
        early = self.edit_of(key)
        if early is not None:
            self._put_edit(key, None)
            self._put_edit(anchor, changes.join(self.edit_of(anchor), early))

    def _put_edit(self, anchor: str, edit: Edit | None) -> None:
        self._do("DELETE FROM edits WHERE anchor = ?", anchor)
        if edit is not None:
            self._do("INSERT INTO edits VALUES (?, ?)", anchor, to_row(edit))

    def _show(self, key: str, item: Item | None) -> None:
        if item is None:
            self._drop(key)
            return
        said = self._said(item)
        item = replace(item, said=zlib.crc32(said.encode()))
        row = to_row(item)
        found_by = json.dumps([item.title, item.description, item.tags, item.said, len(said)])
        known = self._one("SELECT id, data, found_by FROM items WHERE key = ?", key)
        if known and known[1] == row and known[2] == found_by:
            return
        number = self._put_item(item, row, found_by)
        self._touched.add(number)
        if known is None or known[2] != found_by:
            self._do("DELETE FROM words WHERE rowid = ?", number)
            self._do(
                "INSERT INTO words (rowid, title, description, tags, said) VALUES (?, ?, ?, ?, ?)",
                number, item.title, item.description, " ".join(item.tags), said,
            )  # fmt: skip

    def _put_item(self, item: Item, row: str, found_by: str) -> int:
        values = {
            "key": item.key,
            "recording_id": item.recording_id,
            "path": str(item.path) if item.path else None,
            "sort_title": fold(item.title),
            "standing": str(item.standing),
            "trashed": item.trashed_at is not None,
            "conflict": item.conflict,
            "created_at": item.created_at,
            "duration_s": item.duration_s,
            "size": item.size,
            "folder_id": item.folder_id,
            "found_by": found_by,
            "data": row,
        }
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        updates = ", ".join(f"{name} = excluded.{name}" for name in values)
        sql = (
            f"INSERT INTO items ({names}) VALUES ({marks})"  # noqa: S608 - names of our own columns
            f" ON CONFLICT (key) DO UPDATE SET {updates} RETURNING id"
        )
        [number] = self._column(sql, *values.values())
        self._do("DELETE FROM item_tags WHERE item = ?", number)
        for tag in item.tags:
            self._do("INSERT OR IGNORE INTO item_tags VALUES (?, ?)", number, tag)
        return int(number)

    def _said(self, item: Item) -> str:
        row = self._transcript(item, "text")
        return str(row[0]) if row else ""

    def _transcript(self, item: Item, columns: str) -> tuple[str, ...] | None:
        """The server's, else what was written down here; `columns` are names of ours."""
        row: tuple[str, ...] | None = self._one(
            f"SELECT {columns} FROM transcripts WHERE anchor IN (?, ?)"  # noqa: S608 - names of our own columns
            " ORDER BY text != '' DESC, anchor = ? DESC",
            item.anchor, item.key, item.anchor,
        )  # fmt: skip
        return row

    def _drop(self, key: str) -> None:
        row = self._one("SELECT id FROM items WHERE key = ?", key)
        if row:
            for sql in (
                "DELETE FROM items WHERE id = ?",
                "DELETE FROM item_tags WHERE item = ?",
                "DELETE FROM words WHERE rowid = ?",
            ):
                self._do(sql, row[0])
            self._touched.add(row[0])
