"""The library on disk: one SQLite file beside the journal, from which everything is shown, also offline.

Who tells what: the folder of recordings its takes, the journal its uploads, the server its recordings and
transcripts, and the person changes. Each is written where it belongs, and the items that it touches follow in
the same transaction. Methods may be called from any thread, but not from one that must not wait for a disk.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from desktop.models.library import edits as changes
from desktop.models.library.edits import Edit
from desktop.models.library.following import Following
from desktop.models.library.items import Folder, Item, Moment, Remote, Sending, Standing, Take, id_key
from desktop.models.library.query import Query, moments_of, sql_of
from desktop.models.library.rows import edit_of, item_of, remote_of, take_of, to_row
from media.transcript import Transcript
from uploader import paths

_MOST_VALUES = 500  # of one statement
_MOST_EDITS = 200  # of one transaction


def default_path() -> Path:
    return paths.home() / "library.db"


class Store(Following):
    """Everything the library knows. See `Tables` for `told`."""

    def __init__(self, path: Path | None = None, told: Callable[[set[int]], object] = lambda _: None) -> None:
        super().__init__(path or default_path(), told)

    # What others tell.

    def put_takes(self, takes: Iterable[Take], *, all_of_them: bool = False) -> None:
        """Takes that are new or changed; with `all_of_them` those that are not among them are gone."""
        with self._write():
            kept = set()
            for take in takes:
                kept.add(str(take.path))
                if self._put("takes", "path", str(take.path), to_row(take)):
                    self._refresh_file(str(take.path))
            gone = set(self._column("SELECT path FROM takes")) - kept if all_of_them else ()
            for path in gone:
                self._do("DELETE FROM takes WHERE path = ?", path)
                self._refresh_file(path)

    def put_sendings(self, sendings: Iterable[Sending], *, all_of_them: bool = False) -> None:
        """As `put_takes`, for the journal's rows."""
        with self._write():
            kept = set()
            for one in sendings:
                kept.add(one.id)
                self._put_sending(one)
            gone = set(self._column("SELECT id FROM sendings")) - kept if all_of_them else ()
            for number in gone:
                path, recording_id = self._one("SELECT path, recording_id FROM sendings WHERE id = ?", number)
                self._do("DELETE FROM sendings WHERE id = ?", number)
                self._refresh_uploads(path)
                if recording_id:
                    self._refresh_recording(recording_id)

    def put_remotes(self, remotes: Iterable[Remote], *, complete_at: float | None = None) -> None:
        """Recordings as the server has them. With `complete_at`, the time when it was asked for all of them,
        there are no others: those were deleted.
        """
        with self._write():
            kept = set()
            if complete_at is not None:
                self._set_fact("complete_at", str(complete_at))
            for remote in remotes:
                kept.add(remote.id)
                if self._put("remotes", "id", remote.id, to_row(remote)):
                    self._refresh_recording(remote.id)
            if complete_at is not None:
                for number in set(self._column("SELECT id FROM remotes")) - kept:
                    self._forget(number)
                for number in self._column("SELECT DISTINCT recording_id FROM sendings"):
                    if number and number not in kept:
                        self._refresh_recording(number)

    def forget_remote(self, recording_id: str) -> None:
        """It was deleted for good."""
        with self._write():
            self._forget(recording_id)

    def change_remote(self, recording_id: str, change: Callable[[Remote], Remote]) -> bool:
        """Applies what an event told; False for a recording that is not known here."""
        with self._write():
            before = self.remote(recording_id)
            if before is None:
                return False
            if self._put("remotes", "id", recording_id, to_row(change(before))):
                self._refresh_recording(recording_id)
            return True

    def put_transcript(
        self, anchor: str, transcript: Transcript, *, etag: str = "", told_at: str = ""
    ) -> None:
        """What is said in a recording, under its item's `anchor`; `told_at` is its `updated_at` then."""
        with self._write():
            self._do(
                "INSERT OR REPLACE INTO transcripts (anchor, etag, told_at, text, data)"
                " VALUES (?, ?, ?, ?, ?)",
                anchor, etag, told_at, transcript.text, transcript.to_json(),
            )  # fmt: skip
            self._refresh(anchor)

    def note_transcript(self, anchor: str, told_at: str) -> None:
        """The transcript that is kept is still the server's."""
        with self._write():
            self._do("UPDATE transcripts SET told_at = ? WHERE anchor = ?", told_at, anchor)

    def put_folders(self, folders: Iterable[Folder]) -> None:
        """All of them."""
        with self._write():
            self._do("DELETE FROM folders")
            for one in folders:
                self._do("INSERT INTO folders VALUES (?, ?, ?)", one.id, one.parent_id, one.name)
            self._touched.add(0)

    def use_server(self, server: str) -> None:
        """Where another server was used before, what that one told is none of this one's business."""
        with self._write():
            if self.fact("server") == server:
                return
            known = self._column("SELECT id FROM remotes")
            for table in ("remotes", "folders", "facts"):
                self._do(f"DELETE FROM {table}")  # noqa: S608 - names of our own tables
            self._do("DELETE FROM transcripts WHERE anchor LIKE 'id:%'")
            self._set_fact("server", server)
            for number in known:
                self._refresh_recording(number)
            for path in self._column("SELECT DISTINCT path FROM sendings"):
                self._refresh_uploads(path)

    def note_time(self, fact: str, at: float) -> None:
        """When something was told or decided; another server begins anew."""
        with self._write():
            self._set_fact(fact, str(at))

    # What the person does.

    def edit(
        self, key: str, wanted: Mapping[str, Any], at: float, before: Mapping[str, Any] | None = None
    ) -> Item | None:
        """Changes fields (`trashed` is one) of a recording: shown at once, sent when the server can be had.

        `before` is what the person saw in fields when they began to write, where that may be otherwise now.
        None when there is no such item (any more).
        """
        with self._write():
            item = self.item(key)
            if item is None:
                return None
            if changes.TRASHED in wanted:
                self._bin(item, at if wanted[changes.TRASHED] else None)
                if item.recording_id is None and item.upload_id is None:
                    wanted = {name: value for name, value in wanted.items() if name != changes.TRASHED}
            if wanted:
                edit = changes.change(
                    self.edit_of(item.anchor), {**self.seen(item), **(before or {})}, wanted, at
                )
                self._put_edit(item.anchor, edit)
            self._refresh(item.key)
            return self.item(key)

    def edit_all(self, wanted: Sequence[tuple[str, Mapping[str, Any]]], at: float) -> None:
        """As `edit`, for many: a few transactions, between which others have their turn."""
        for begin in range(0, len(wanted), _MOST_EDITS):
            with self._write():
                for key, fields in wanted[begin : begin + _MOST_EDITS]:
                    self.edit(key, fields, at)

    def settle(self, key: str, keep: Collection[str]) -> None:
        """The person has decided a conflict: their own words for the fields in `keep`."""
        with self._write():
            item = self.item(key)
            edit = self.edit_of(item.anchor) if item else None
            if item is not None and edit is not None:
                self._put_edit(item.anchor, changes.settle(edit, keep))
                self._refresh(item.key)

    def put_edit(
        self, anchor: str, before: Edit, after: Edit | None, accepted: Mapping[str, Any], remote: Remote
    ) -> None:
        """What became of an edit that was sent, of which the server `accepted` some, and what it has now.

        Where the person changed it meanwhile, what is newer waits for the next time.
        """
        with self._write():
            self._put("remotes", "id", remote.id, to_row(remote))
            now = self.edit_of(anchor)
            if now is not None and now != before:
                after = changes.sent(now, accepted)
            self._put_edit(anchor, after if now is not None else None)
            self._refresh(anchor)

    # What is asked.

    def ids(self, query: Query) -> list[int]:
        """Of the items to show, in their order."""
        sql, values = sql_of(query)
        return self._column(sql, *values)

    def items(self, ids: Sequence[int]) -> dict[int, Item]:
        """Those that there still are."""
        found: dict[int, Item] = {}
        for at in range(0, len(ids), _MOST_VALUES):
            some = ids[at : at + _MOST_VALUES]
            marks = ", ".join("?" * len(some))
            rows = self._all(f"SELECT id, data FROM items WHERE id IN ({marks})", *some)  # noqa: S608 - marks
            found |= {number: item_of(data, number) for number, data in rows}
        return found

    def item(self, key: str) -> Item | None:
        row = self._one("SELECT id, data FROM items WHERE key = ?", key)
        return item_of(row[1], row[0]) if row else None

    def item_of_recording(self, recording_id: str) -> Item | None:
        row = self._one("SELECT id, data FROM items WHERE recording_id = ?", recording_id)
        return item_of(row[1], row[0]) if row else None

    def never_sent(self, known: str) -> dict[Path, str]:
        """The titles of recordings that lie here alone because there was no server, the newest first; without
        those that there were at the time of the fact `known`. See `note_time`."""
        found = self._all(
            "SELECT path, json_extract(data, '$.title') FROM items"
            " WHERE standing = ? AND trashed = 0 AND path IS NOT NULL AND size > 0"
            " AND created_at > ? AND NOT EXISTS (SELECT 1 FROM sendings WHERE sendings.path = items.path)"
            " ORDER BY created_at DESC",
            str(Standing.LOCAL), float(self.fact(known) or 0),
        )  # fmt: skip
        return {Path(path): title for path, title in found}

    def newest(self, count: int) -> list[Item]:
        """The last recordings, as a tray menu shows them."""
        return list(self.items(self.ids(Query())[:count]).values())

    def remotes(self) -> list[Remote]:
        return [remote_of(row) for row in self._column("SELECT data FROM remotes")]

    def takes(self) -> list[Take]:
        return [take_of(row) for row in self._column("SELECT data FROM takes")]

    def edits(self) -> list[tuple[str, Edit]]:
        """All of them by anchor, the oldest first."""
        found = [(anchor, edit_of(data)) for anchor, data in self._all("SELECT anchor, data FROM edits")]
        return sorted(found, key=lambda one: one[1].at)

    def seen(self, item: Item) -> dict[str, Any]:
        """The fields of an item without what was changed here."""
        remote = self.remote(item.recording_id) if item.recording_id else None
        if remote is not None:
            return {**remote.fields, changes.TRASHED: remote.trashed_at is not None}
        edit = self.edit_of(item.anchor)
        return {changes.TRASHED: False, **item.fields, **(edit.base if edit else {})}

    def transcript(self, item: Item) -> Transcript | None:
        """What is said in it, as far as anybody wrote it down; without segments where nothing is."""
        row = self._transcript(item, "data")
        return Transcript.from_json(row[0]) if row else None

    def transcript_known(self, anchor: str) -> tuple[str, str] | None:
        """The ETag of the transcript that is kept, and the recording's `updated_at` when it was asked for."""
        row = self._one("SELECT etag, told_at FROM transcripts WHERE anchor = ?", anchor)
        return (row[0], row[1]) if row else None

    def moments(self, item: Item, text: str) -> list[Moment]:
        """Where in a recording the words are said."""
        transcript = self.transcript(item)
        return moments_of(transcript.segments, text) if transcript else []

    def folders(self) -> list[Folder]:
        rows = self._all("SELECT id, parent_id, name FROM folders ORDER BY name COLLATE NOCASE")
        return [Folder(*row) for row in rows]

    def tags(self) -> list[tuple[str, int]]:
        """Each with the number of recordings that have it."""
        return self._all(
            "SELECT tag, count(*) FROM item_tags JOIN items ON items.id = item AND trashed = 0"
            " GROUP BY tag ORDER BY tag COLLATE NOCASE"
        )

    def _put_sending(self, one: Sending) -> None:
        before = self._one("SELECT recording_id, data FROM sendings WHERE id = ?", one.id)
        row = to_row(one)
        if before and before[1] == row:
            return
        self._do(
            "INSERT OR REPLACE INTO sendings (id, path, recording_id, data) VALUES (?, ?, ?, ?)",
            one.id, str(one.path), one.recording_id, row,
        )  # fmt: skip
        self._refresh_uploads(str(one.path))
        if before and before[0] and before[0] != one.recording_id:
            self._refresh_recording(before[0])

    def _bin(self, item: Item, at: float | None) -> None:
        """A file stays in the trash also when the server has erased its recording."""
        self._do("DELETE FROM bin WHERE key = ?", item.key)
        if at is not None and item.path is not None:
            self._do("INSERT INTO bin VALUES (?, ?)", item.key, at)

    def _forget(self, recording_id: str) -> None:
        self._do("DELETE FROM remotes WHERE id = ?", recording_id)
        self._do("DELETE FROM transcripts WHERE anchor = ?", id_key(recording_id))
        self._refresh_recording(recording_id)

    def _set_fact(self, name: str, value: str) -> None:
        self._do("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, value)
