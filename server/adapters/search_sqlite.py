"""The search index in SQLite's FTS5, in the same file as the rest: one commit, one backup.

Two indexes. One row a recording answers which recordings have all the words, with who may see them and the
filters in the same query; one row a piece then finds the moments in the few recordings that are shown.
Texts are folded and stemmed before they get here (`server.search.words`), so the tokenizer has only to split.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rapidfuzz.distance import OSA
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from server.db import Database
from server.ports.search import Document, Filters, Found, Piece, Query, Term
from server.search.words import folded, joined, stemmed, stems

# A word of the title counts ten times one that was said; a stem half of the word itself.
_RANK = "bm25(search_recordings_fts, 10.0, 4.0, 1.0, 0.5)"
_BEST_PIECES = 5
_PIECES_READ = 30  # for each recording that is shown, on average
_SHORTEST_SLIP = 4  # letters; among shorter words everything is near everything


class SqliteSearch:
    """A SearchIndex."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def put(self, document: Document) -> None:
        rows = await asyncio.to_thread(_rows, document)
        async with self._db.write() as session:
            await session.execute(
                text("DELETE FROM search_recordings WHERE recording_id = :id"), {"id": rows.key}
            )
            if not await _exists(session, rows.key):
                return
            number = await _insert(session, "search_recordings", rows.facts)
            await session.execute(
                text("INSERT INTO search_recordings_fts (rowid, title, description, said, stems) "
                     "VALUES (:rowid, :title, :description, :said, :stems)"),
                {"rowid": number, **rows.texts},
            )  # fmt: skip
            for piece in rows.pieces:
                piece_number = await _insert(session, "search_pieces", {**piece.facts, "document": number})
                await session.execute(
                    text("INSERT INTO search_pieces_fts (rowid, recording, words, stems) "
                         "VALUES (:rowid, :recording, :words, :stems)"),
                    {"rowid": piece_number, "recording": _name(number), **piece.texts},
                )  # fmt: skip

    async def version(self, recording_id: str) -> str | None:
        query = text("SELECT version FROM search_recordings WHERE recording_id = :id")
        async with self._db.read() as session:
            found = await session.scalar(query, {"id": _key(recording_id)})
        return None if found is None else str(found)

    async def clear(self) -> None:
        async with self._db.write() as session:
            await session.execute(text("DELETE FROM search_recordings"))

    async def search(self, query: Query, page: int, size: int) -> tuple[list[Found], int]:
        where, values = _where(query)
        source = "search_recordings r"
        order = "r.created_at DESC"
        if query.wanted:
            # CROSS keeps the order of the tables: the words first, not each recording against the words.
            source = "search_recordings_fts f CROSS JOIN search_recordings r ON r.id = f.rowid"
            order = f"{_RANK}, r.created_at DESC"
        async with self._db.read() as session:
            total = await session.scalar(text(f"SELECT count(*) FROM {source} WHERE {where}"), values)
            rows = await session.execute(
                text(
                    f"SELECT r.id, r.recording_id, r.language FROM {source} WHERE {where} "
                    f"ORDER BY {order}, r.id LIMIT :size OFFSET :skip"
                ),
                {**values, "size": size, "skip": page * size},
            )
            found = rows.all()
            places = await self._places(session, query, [row.id for row in found])
        return [
            Found(str(UUID(row.recording_id)), row.language, tuple(places.get(row.id, ()))) for row in found
        ], total or 0

    async def _places(
        self, session: AsyncSession, query: Query, numbers: Sequence[int]
    ) -> dict[int, list[Piece]]:
        """The best moments of the recordings that are shown."""
        if not query.wanted or not numbers:
            return {}
        asked = " OR ".join(_match(term, "words") for term in query.wanted)
        shown = " OR ".join(map(_name, numbers))
        # Without bm25(): it would count each word in the whole archive anew, for the sake of five moments.
        rows = await session.execute(
            text(
                "SELECT p.document, p.kind, p.text, p.start_s, p.end_s, f.words, f.stems "
                "FROM search_pieces_fts f CROSS JOIN search_pieces p ON p.id = f.rowid "
                "WHERE search_pieces_fts MATCH :match ORDER BY f.rowid LIMIT :most"
            ),
            {"match": f"recording : ({shown}) AND ({asked})", "most": _PIECES_READ * len(numbers)},
        )
        places: dict[int, list[tuple[int, Piece]]] = {}
        ways = _ways(query)
        for row in rows:
            has = {*row.words.split(), *row.stems.split()}
            matched = sum(not has.isdisjoint(one) for one in ways)
            piece = Piece(row.kind, row.text, row.start_s, row.end_s)
            places.setdefault(row.document, []).append((matched, piece))
        return {number: _best(held) for number, held in places.items()}

    async def similar(self, word: str, limit: int) -> tuple[str, ...]:
        if len(word) < _SHORTEST_SLIP:
            return ()
        slips = 1 if len(word) < 8 else 2
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
            near = await asyncio.to_thread(_near, word, rows.all(), slips)
        return tuple(near[:limit])


def _ways(query: Query) -> list[frozenset[str]]:
    """For each term the words by which a piece may have it."""
    return [
        frozenset({*term.instead, *(way for word in term.words for way in stems(word))})
        for term in query.wanted
    ]


def _best(held: list[tuple[int, Piece]]) -> list[Piece]:
    """Those with the most of what was asked for, then the earliest."""
    return [piece for _, piece in sorted(held, key=lambda one: -one[0])[:_BEST_PIECES]]


def _near(word: str, known: Iterable[Any], slips: int) -> list[str]:
    """Nearest first, then the more common."""
    ranked = []
    for term, documents in known:
        distance = OSA.distance(word, term, score_cutoff=slips)
        if distance <= slips:
            ranked.append((distance, -documents, term))
    return [term for _, _, term in sorted(ranked)]


def _where(query: Query) -> tuple[str, dict[str, Any]]:
    filters: Filters = query.filters
    parts = ["r.user_id = :user"]
    values: dict[str, Any] = {"user": _key(query.user_id)}
    for condition, name, value in (
        ("r.user_id = :owner", "owner", filters.owner_id and _key(filters.owner_id)),
        ("r.created_at >= :since", "since", filters.since and filters.since.timestamp()),
        ("r.created_at <= :until", "until", filters.until and filters.until.timestamp()),
        ("r.duration_s >= :shortest", "shortest", filters.min_duration_s),
        ("r.duration_s <= :longest", "longest", filters.max_duration_s),
        ("r.language = :language", "language", filters.language),
    ):
        if value is not None:
            parts.append(condition)
            values[name] = value
    if query.wanted:
        parts.append("search_recordings_fts MATCH :match")
        values["match"] = _expression(query)
    elif query.terms:
        unwanted = "SELECT rowid FROM search_recordings_fts WHERE search_recordings_fts MATCH :match"
        parts.append(f"r.id NOT IN ({unwanted})")
        values["match"] = " OR ".join(_match(term, "title description said") for term in query.terms)
    return " AND ".join(parts), values


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


@dataclass(frozen=True, slots=True)
class _Row:
    facts: dict[str, Any]
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Rows:
    key: str
    facts: dict[str, Any]
    texts: dict[str, str]
    pieces: list[_Row]


def _rows(document: Document) -> _Rows:
    """What is written of a document; folding and stemming take a while."""
    by_kind: dict[str, list[str]] = {"title": [], "description": [], "said": []}
    pieces, all_stems = [], []
    for piece in document.pieces:
        plain, reduced = folded(piece.text), stemmed(piece.text, document.language)
        by_kind[piece.kind if piece.kind in by_kind else "said"].append(plain)
        all_stems.append(reduced)
        facts = {"kind": piece.kind, "text": piece.text, "start_s": piece.start_s, "end_s": piece.end_s}
        pieces.append(_Row(facts, {"words": plain, "stems": reduced}))
    facts = {
        "recording_id": _key(document.recording_id),
        "user_id": _key(document.user_id),
        "language": document.language,
        "created_at": document.created_at.timestamp(),
        "duration_s": document.duration_s,
        "version": document.version,
    }
    texts = {kind: joined(parts) for kind, parts in by_kind.items()}
    return _Rows(_key(document.recording_id), facts, {**texts, "stems": joined(all_stems)}, pieces)


async def _exists(session: AsyncSession, key: str) -> bool:
    found = await session.scalar(text("SELECT 1 FROM recording_sessions WHERE id = :id"), {"id": key})
    return found is not None


async def _insert(session: AsyncSession, table: str, values: dict[str, Any]) -> int:
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    row = await session.execute(
        text(f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING id"),
        values,
    )
    return int(row.scalar_one())


def _key(identifier: str) -> str:
    """An id as SQLite's columns have it: 32 hexadecimal digits."""
    return UUID(identifier).hex


def _name(number: int) -> str:
    """A recording as a word of the pieces' index."""
    return f"r{number}"
