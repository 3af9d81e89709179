"""The search index in SQLite's FTS5, in the same file as the rest: one commit, one backup.

Two indexes. One row a recording answers which recordings have all the words, with who may see them and the
filters in the same query; one row a piece then finds the moments in the few recordings that are shown.
Texts are folded and stemmed before they get here (`server.search.words`), so the tokenizer has only to split.
"""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from server.adapters.search_common import BEST_PIECES, key_of, narrowed, near, seen, slips_in, text_of
from server.db import Database
from server.ports.search import Document, Found, Piece, Query, Term
from server.search.words import stems

# A word of the title counts ten times one that was said; a stem half of the word itself.
_RANK = "bm25(search_recordings_fts, 10.0, 4.0, 1.0, 0.5)"
_HITS = "SELECT * FROM (SELECT rowid FROM search_pieces_fts WHERE search_pieces_fts MATCH :m{} LIMIT :most)"
_HITS_READ = 100  # of each term, for each recording that is shown, on average


class SqliteSearch:
    """A SearchIndex."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def put(self, document: Document) -> None:
        shown = await asyncio.to_thread(text_of, document, key_of)
        key = {"id": shown.facts["recording_id"]}
        async with self._db.write(document.recording_id) as session:
            await session.execute(text("DELETE FROM search_recordings WHERE recording_id = :id"), key)
            if await session.scalar(text("SELECT 1 FROM recording_sessions WHERE id = :id"), key) is None:
                return
            number = await _insert(session, "search_recordings", shown.facts)
            await session.execute(
                text("INSERT INTO search_recordings_fts (rowid, title, description, said, stems) "
                     "VALUES (:rowid, :title, :description, :said, :stems)"),
                {"rowid": number, "title": shown.title, "description": shown.description,
                 "said": shown.said, "stems": shown.stems},
            )  # fmt: skip
            for one in shown.pieces:
                piece = one.piece
                facts = {
                    "document": number, "kind": piece.kind, "text": piece.text,
                    "start_s": piece.start_s, "end_s": piece.end_s,
                }  # fmt: skip
                piece_number = await _insert(session, "search_pieces", facts)
                await session.execute(
                    text("INSERT INTO search_pieces_fts (rowid, recording, words, stems) "
                         "VALUES (:rowid, :recording, :words, :stems)"),
                    {"rowid": piece_number, "recording": _name(number), "words": one.words,
                     "stems": one.stems},
                )  # fmt: skip

    async def version(self, recording_id: str) -> str | None:
        query = text("SELECT version FROM search_recordings WHERE recording_id = :id")
        async with self._db.read() as session:
            found = await session.scalar(query, {"id": key_of(recording_id)})
        return None if found is None else str(found)

    async def clear(self) -> None:
        async with self._db.write() as session:
            await session.execute(text("DELETE FROM search_recordings"))

    async def search(self, query: Query, page: int, size: int) -> tuple[list[Found], int]:
        found, values = _found(query)
        async with self._db.read() as session:
            rows = (
                await session.execute(
                    text(
                        f"WITH found AS MATERIALIZED ({found}) "
                        "SELECT id, recording_id, language, count(*) OVER () AS total FROM found "
                        "ORDER BY rank, created_at DESC, id LIMIT :size OFFSET :skip"
                    ),
                    {**values, "size": size, "skip": page * size},
                )
            ).all()
            total = rows[0].total if rows else 0
            if not rows and page:
                total = await session.scalar(text(f"SELECT count(*) FROM ({found})"), values)
            places = await self._places(session, query, [row.id for row in rows])
        return [
            Found(str(UUID(row.recording_id)), row.language, tuple(places.get(row.id, ()))) for row in rows
        ], total

    async def _places(
        self, session: AsyncSession, query: Query, numbers: Sequence[int]
    ) -> dict[int, list[Piece]]:
        """The best moments of the recordings that are shown: those with the most of the terms, then the
        earliest.

        Without bm25(): it would count each word in the whole archive anew, for the sake of five moments. And
        no text is read of a piece but of those five.
        """
        if not query.wanted or not numbers:
            return {}
        shown = " OR ".join(map(_name, numbers))
        hits = " UNION ALL ".join(_HITS.format(n) for n in range(len(query.wanted)))
        rows = await session.execute(
            text(
                f"WITH hits (id) AS ({hits}), best AS ("
                "SELECT p.id, row_number() OVER (PARTITION BY p.document ORDER BY count(*) DESC, p.id) "
                "AS place FROM hits CROSS JOIN search_pieces p ON p.id = hits.id GROUP BY p.id) "
                "SELECT p.document, p.kind, p.text, p.start_s, p.end_s "
                "FROM best CROSS JOIN search_pieces p ON p.id = best.id "
                "WHERE best.place <= :best ORDER BY p.document, best.place"
            ),
            {
                **{
                    f"m{n}": f"recording : ({shown}) AND ({_match(term, 'words')})"
                    for n, term in enumerate(query.wanted)
                },
                "most": _HITS_READ * len(numbers),
                "best": BEST_PIECES,
            },
        )
        places: dict[int, list[Piece]] = {}
        for row in rows:
            places.setdefault(row.document, []).append(Piece(row.kind, row.text, row.start_s, row.end_s))
        return places

    async def similar(self, word: str, limit: int) -> tuple[str, ...]:
        slips = slips_in(word)
        if not slips:
            return ()
        async with self._db.read() as session:
            for known in stems(word):
                if await session.scalar(
                    text("SELECT 1 FROM search_words WHERE term >= :a AND term < :z LIMIT 1"),
                    {"a": known, "z": known + "\U0010ffff"},
                ):
                    return ()
            rows = await session.execute(
                text("SELECT term, doc FROM search_words WHERE length(term) BETWEEN :least AND :most"),
                {"least": len(word) - slips, "most": len(word) + slips},
            )
            known_words = [(row.term, row.doc) for row in rows]
        return tuple((await asyncio.to_thread(near, word, known_words, slips))[:limit])


def _found(query: Query) -> tuple[str, dict[str, Any]]:
    """The query for all recordings that fit, with their rank."""
    visible, values = seen(query.workspaces, key_of)
    conditions = [visible]
    for condition, parameters in narrowed(query.filters, key_of):
        conditions.append(condition)
        values |= parameters
    source, rank = "search_recordings r", "0.0"
    if query.wanted:
        # CROSS keeps the order of the tables: the words first, not each recording against the words.
        source, rank = "search_recordings_fts f CROSS JOIN search_recordings r ON r.id = f.rowid", _RANK
        conditions.append("search_recordings_fts MATCH :match")
        values["match"] = _expression(query)
    elif query.terms:
        unwanted = "SELECT rowid FROM search_recordings_fts WHERE search_recordings_fts MATCH :match"
        conditions.append(f"r.id NOT IN ({unwanted})")
        values["match"] = " OR ".join(_match(term, "title description said") for term in query.terms)
    where = " AND ".join(conditions)
    return (
        f"SELECT r.id, r.recording_id, r.language, r.created_at, {rank} AS rank FROM {source} WHERE {where}"
    ), values


def _expression(query: Query) -> str:
    columns = "title description said"
    wanted = " AND ".join(f"({_match(term, columns)})" for term in query.wanted)
    unwanted = " OR ".join(_match(term, columns) for term in query.terms if term.excluded)
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def _match(term: Term, columns: str) -> str:
    """FTS5's syntax. Words hold letters and digits alone, and stand in quotes all the same."""
    phrase = f'"{" ".join(term.words)}"'
    ways = [f"{{{columns}}} : {phrase}{' *' if term.open else ''}"]
    if len(term.words) == 1:
        ways += [f'stems : "{stem}"' for stem in sorted(stems(term.words[0]))]
    ways += [f'{{{columns}}} : "{word}"' for word in term.instead]
    return " OR ".join(ways)


async def _insert(session: AsyncSession, table: str, values: dict[str, Any]) -> int:
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    row = await session.execute(
        text(f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING id"),
        values,
    )
    return int(row.scalar_one())


def _name(number: int) -> str:
    """A recording as a word of the pieces' index."""
    return f"r{number}"
