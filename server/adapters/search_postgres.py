"""The search index in PostgreSQL, in the same database as the rest: one commit, one backup.

Texts come folded and stemmed by `server.search.words`, as for every database, so a `tsvector` is written here
and not parsed from text there: words as they are, stems with `=` before them. GIN indexes over them answer
unfinished words too. A phrase is looked for in the text of what has all its words: positions in a `tsvector`
end at 16383.
"""

import asyncio
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from server.adapters.search_common import BEST_PIECES, key_of, narrowed, near, seen, slips_in, text_of
from server.db import Database
from server.ports.search import Document, Filters, Found, Piece, Query, Term
from server.search.words import stems

# Of a word that was said, a stem, a word of the description, a word of the title: weights D, C, B and A.
_RANK = "ts_rank('{0.1, 0.05, 0.4, 1.0}', r.words, CAST(:match AS tsquery), 1)"
_LONGEST_WORD = 100  # characters; what is longer was never a word
_LAST_POSITION = 16_383
_MOST_POSITIONS = 4  # of a word: enough to tell often from once
_MOST_BYTES = 900_000  # of a tsvector, which may have a megabyte
# Letters that pg_trgm sees in any locale. What it compares is coarse: the letters themselves decide.
_ALIKE = 0.1
_MOST_ALIKE = 2_000


class PostgresSearch:
    """A SearchIndex."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._trigrams: bool | None = None

    async def put(self, document: Document) -> None:
        facts, whole, pieces, words = await asyncio.to_thread(_written, document)
        key = {"id": facts["recording_id"]}
        async with self._db.write(document.recording_id) as session:
            await session.execute(
                text("DELETE FROM search_recordings WHERE recording_id = CAST(:id AS uuid)"), key
            )
            if not await _exists(session, key):
                return
            number = await session.scalar(
                text(
                    "INSERT INTO search_recordings (recording_id, user_id, language, created_at, "
                    "duration_s, version, words, folded) VALUES "
                    "(CAST(:recording_id AS uuid), CAST(:user_id AS uuid), :language, :created_at, "
                    ":duration_s, :version, CAST(:words AS tsvector), :folded) RETURNING id"
                ),
                {**facts, **whole},
            )
            await session.execute(
                text(
                    "INSERT INTO search_pieces (document, kind, text, start_s, end_s, words) "
                    "SELECT :document, kind, text, start_s, end_s, CAST(words AS tsvector) FROM unnest("
                    "CAST(:kinds AS text[]), CAST(:texts AS text[]), CAST(:starts AS float8[]), "
                    "CAST(:ends AS float8[]), CAST(:words AS text[])) "
                    "WITH ORDINALITY AS p (kind, text, start_s, end_s, words, place) ORDER BY place"
                ),
                {"document": number, **pieces},
            )
            # In order, so that two who write the same words never wait for each other.
            await session.execute(
                text("INSERT INTO search_words (term) SELECT unnest(CAST(:words AS text[])) "
                     "ON CONFLICT DO NOTHING"),
                {"words": words},
            )  # fmt: skip

    async def version(self, recording_id: str) -> str | None:
        query = text("SELECT version FROM search_recordings WHERE recording_id = CAST(:id AS uuid)")
        async with self._db.read() as session:
            found = await session.scalar(query, {"id": key_of(recording_id)})
        return None if found is None else str(found)

    async def clear(self) -> None:
        async with self._db.write() as session:
            await session.execute(text("DELETE FROM search_recordings"))
            await session.execute(text("DELETE FROM search_words"))

    async def search(self, query: Query, page: int, size: int) -> tuple[list[Found], int]:
        found, values = _found(query)
        async with self._db.read() as session:
            rows = (
                await session.execute(
                    text(
                        f"WITH found AS ({found}) "
                        "SELECT id, recording_id, language, count(*) OVER () AS total FROM found "
                        "ORDER BY rank DESC, created_at DESC, id LIMIT :size OFFSET :skip"
                    ),
                    {**values, "size": size, "skip": page * size},
                )
            ).all()
            total = rows[0].total if rows else 0
            if not rows and page:
                total = await session.scalar(text(f"SELECT count(*) FROM ({found}) AS found"), values)
            places = await _places(session, query, [row.id for row in rows])
        return [
            Found(str(row.recording_id), row.language, tuple(places.get(row.id, ()))) for row in rows
        ], total

    async def similar(self, word: str, limit: int) -> tuple[str, ...]:
        slips = slips_in(word)
        if not slips:
            return ()
        own = " | ".join(f"{_quoted(known)}:* | {_quoted('=' + known)}:*" for known in sorted(stems(word)))
        async with self._db.read() as session:
            if await session.scalar(
                text("SELECT 1 FROM search_recordings WHERE words @@ CAST(:own AS tsquery) LIMIT 1"),
                {"own": own},
            ):
                return ()
            known = await self._alike(session, word, slips)
            close = await asyncio.to_thread(near, word, [(term, 0) for term in known], slips)
            # A word stays known when the last recording with it is gone.
            counted = await session.execute(
                text(
                    "SELECT term, (SELECT count(*) FROM search_recordings r WHERE r.words @@ "
                    "CAST(quote_literal(term) AS tsquery)) AS recordings "
                    "FROM unnest(CAST(:terms AS text[])) AS t (term)"
                ),
                {"terms": close[: 10 * limit]},
            )
            in_use = [(row.term, row.recordings) for row in counted if row.recordings]
        return tuple(near(word, in_use, slips)[:limit])

    async def _alike(self, session: AsyncSession, word: str, slips: int) -> Sequence[str]:
        """Words of about that length; by their trigrams where the database can, else all of them."""
        values: dict[str, Any] = {"least": len(word) - slips, "most": len(word) + slips}
        lengths = "length(term) BETWEEN :least AND :most"
        if not word.isascii() or not await self._has_trigrams(session):
            rows = await session.scalars(text(f"SELECT term FROM search_words WHERE {lengths}"), values)
            return rows.all()
        await session.execute(
            text("SELECT set_config('pg_trgm.similarity_threshold', :least, true)"), {"least": str(_ALIKE)}
        )
        query = f"SELECT term FROM search_words WHERE term % :word AND {lengths} "
        query += "ORDER BY similarity(term, :word) DESC LIMIT :limit"
        return (await session.scalars(text(query), {**values, "word": word, "limit": _MOST_ALIKE})).all()

    async def _has_trigrams(self, session: AsyncSession) -> bool:
        if self._trigrams is None:
            query = text("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
            self._trigrams = await session.scalar(query) is not None
        return self._trigrams


async def _places(session: AsyncSession, query: Query, numbers: Sequence[int]) -> dict[int, list[Piece]]:
    """The best moments of what is shown: those with the most of the terms, then the earliest."""
    if not query.wanted or not numbers:
        return {}
    terms = {f"t{n}": _way(term) for n, term in enumerate(query.wanted)}
    matched = " + ".join(f"CAST(p.words @@ CAST(:{name} AS tsquery) AS integer)" for name in terms)
    rows = await session.execute(
        text(
            "SELECT document, kind, text, start_s, end_s FROM ("
            f"SELECT p.*, row_number() OVER (PARTITION BY p.document ORDER BY {matched} DESC, p.id) AS place "
            "FROM search_pieces p WHERE p.document = ANY(CAST(:shown AS integer[])) "
            "AND p.words @@ CAST(:asked AS tsquery)) AS found "
            "WHERE place <= :best ORDER BY document, place"
        ),
        {**terms, "shown": list(numbers), "asked": _any(terms.values()), "best": BEST_PIECES},
    )
    places: dict[int, list[Piece]] = {}
    for row in rows:
        places.setdefault(row.document, []).append(Piece(row.kind, row.text, row.start_s, row.end_s))
    return places


def _found(query: Query) -> tuple[str, dict[str, Any]]:
    """The query for all recordings that fit, with their rank."""
    visible, values = seen(query.workspaces, key_of, "CAST(:{} AS uuid)")
    conditions = [visible]
    for condition, parameters in _narrowed(query.filters):
        conditions.append(condition)
        values |= parameters
    rank = "0.0"
    if query.wanted:
        rank = _RANK
        conditions.append("r.words @@ CAST(:match AS tsquery)")
        values["match"] = " & ".join(f"({_all(term)})" for term in query.wanted)
    for number, term in enumerate(query.terms):
        phrase = _phrase(term)
        if term.excluded and phrase is None:
            conditions.append(f"NOT r.words @@ CAST(:not{number} AS tsquery)")
            values[f"not{number}"] = _all(term)
        elif phrase is not None:
            no = "NOT " if term.excluded else ""
            conditions.append(f"{no}strpos(r.folded, :phrase{number}) > 0")
            values[f"phrase{number}"] = phrase
    where = " AND ".join(conditions)
    return (
        f"SELECT r.id, r.recording_id, r.language, r.created_at, {rank} AS rank "
        f"FROM search_recordings r WHERE {where}"
    ), values


def _narrowed(filters: Filters) -> Iterator[tuple[str, dict[str, Any]]]:
    for condition, parameters in narrowed(filters, key_of):
        yield re.sub(r":(owner|folder)\b", r"CAST(:\1 AS uuid)", condition), parameters


def _all(term: Term) -> str:
    """A `tsquery` for what a whole recording must have: of a phrase all words, wherever they are."""
    if len(term.words) == 1:
        return _way(term)
    *first, last = term.words
    return " & ".join([*map(_quoted, first), _open(last, term)])


def _way(term: Term) -> str:
    """A `tsquery` for a stretch of text."""
    *first, last = term.words
    ways = [" <-> ".join([*map(_quoted, first), _open(last, term)])]
    if not first:
        ways += [_quoted("=" + stem) for stem in sorted(stems(last))]
    ways += [_quoted(word) for word in term.instead]
    return _any(ways)


def _any(ways: Iterable[str]) -> str:
    return " | ".join(f"({way})" for way in ways)


def _open(word: str, term: Term) -> str:
    return _quoted(word) + (":*" if term.open else "")


def _phrase(term: Term) -> str | None:
    """What `folded` must have of a phrase."""
    if len(term.words) == 1:
        return None
    return f" {' '.join(term.words)}" + ("" if term.open else " ")


def _quoted(word: str) -> str:
    """A lexeme, whatever characters a word has after folding."""
    plain = word[:_LONGEST_WORD].replace("\\", "\\\\").replace("'", "''")
    return f"'{plain}'"


def _written(
    document: Document,
) -> tuple[dict[str, Any], dict[str, str], dict[str, list[Any]], list[str]]:
    """Columns of the recording, its words, columns of its pieces, and all its words once."""
    shown = text_of(document, key_of)
    columns = ((shown.title, "A"), (shown.description, "B"), (shown.said, ""))
    words = [(word, weight) for column, weight in columns for word in column.split()]
    marked = [(f"={stem}", "C") for stem in shown.stems.split()]
    # Between the columns stands what is no word: no phrase goes from one into the next.
    folded = "|".join(f" {column} " for column, _ in columns)
    whole = {"words": _vector((*enumerate(words, 1), *enumerate(marked, 1))), "folded": folded}
    pieces: dict[str, list[Any]] = {"kinds": [], "texts": [], "starts": [], "ends": [], "words": []}
    for one in shown.pieces:
        said = enumerate(((word, "") for word in one.words.split()), 1)
        reduced = enumerate(((f"={stem}", "") for stem in one.stems.split()), 1)
        pieces["kinds"].append(one.piece.kind)
        pieces["texts"].append(one.piece.text.replace("\0", ""))
        pieces["starts"].append(one.piece.start_s)
        pieces["ends"].append(one.piece.end_s)
        pieces["words"].append(_vector((*said, *reduced), most=_LAST_POSITION))
    known = sorted({word for word, _ in words if len(word) <= _LONGEST_WORD})
    return shown.facts, whole, pieces, known


def _vector(placed: Iterable[tuple[int, tuple[str, str]]], *, most: int = _MOST_POSITIONS) -> str:
    """A `tsvector` as text, of words with their weights; `most` positions of each are kept."""
    entries: dict[str, list[str]] = {}
    size = 0
    for position, (word, weight) in placed:
        held = entries.get(word)
        if held is None:
            size += len(word.encode()) + 3
            if size > _MOST_BYTES:
                continue
            held = entries[word] = []
        if len(held) < most:
            size += 2
            held.append(f"{min(position, _LAST_POSITION)}{weight}")
    return " ".join(f"{_quoted(word)}:{','.join(places)}" for word, places in entries.items())


async def _exists(session: AsyncSession, key: dict[str, Any]) -> bool:
    query = text("SELECT 1 FROM recording_sessions WHERE id = CAST(:id AS uuid)")
    return await session.scalar(query, key) is not None
