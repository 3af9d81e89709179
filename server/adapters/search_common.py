"""What both search indexes do alike: what is kept of a document, how filters narrow, which word was meant."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rapidfuzz.distance import OSA

from server.db import NOBODY, is_id
from server.ports.search import Document, Filters, Piece
from server.search.words import folded, joined, stemmed

BEST_PIECES = 5
_SHORTEST_SLIP = 4  # letters; among shorter words everything is near everything
_LONG_WORD = 8  # from here on two slips are one word still

Conditions = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class PieceText:
    """A piece with its words, folded, and their stems, both with spaces between them."""

    piece: Piece
    words: str
    stems: str


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A document as it is searched. `facts` are columns; the words of each column of the index are joined."""

    facts: dict[str, Any]
    title: str
    description: str
    said: str
    stems: str
    pieces: tuple[PieceText, ...]


def text_of(document: Document, key: Callable[[str], Any]) -> DocumentText:
    """Folding and stemming take a while. `key` makes a column's value of an id."""
    by_kind: dict[str, list[str]] = {"title": [], "description": [], "said": []}
    pieces = []
    for piece in document.pieces:
        words, stems = folded(piece.text), stemmed(piece.text, document.language)
        by_kind[piece.kind if piece.kind in by_kind else "said"].append(words)
        pieces.append(PieceText(piece, words, stems))
    facts = {
        "recording_id": key(document.recording_id),
        "user_id": key(document.user_id),
        "language": document.language,
        "created_at": document.created_at.timestamp(),
        "duration_s": document.duration_s,
        "version": document.version,
    }
    texts = {kind: joined(parts) for kind, parts in by_kind.items()}
    return DocumentText(facts, **texts, stems=joined(one.stems for one in pieces), pieces=tuple(pieces))


def key_of(identifier: str) -> str:
    """An id as SQLite's columns have it: 32 hexadecimal digits. What is none names nothing, so nobody's."""
    return UUID(identifier if is_id(identifier) else NOBODY).hex


_IN_FOLDER = (
    "EXISTS (SELECT 1 FROM recording_sessions s WHERE s.id = r.recording_id AND s.folder_id = :folder)"
)
_WITH_TAG = (
    "EXISTS (SELECT 1 FROM recording_tags g JOIN tags t ON t.id = g.tag_id "
    "WHERE g.recording_id = r.recording_id AND t.key = :tag)"
)


def seen(
    workspaces: Collection[str], key: Callable[[str], Any], shape: str = ":{}"
) -> tuple[str, dict[str, Any]]:
    """The condition that a recording lies in one of these and not in the trash; `shape` is a parameter's.

    The recordings' own table is asked: what is moved or deleted is elsewhere at once.
    """
    values = {f"space{number}": key(one) for number, one in enumerate(sorted(workspaces))}
    places = ", ".join(shape.format(name) for name in values) or "NULL"
    condition = (
        "EXISTS (SELECT 1 FROM recording_sessions s WHERE s.id = r.recording_id "
        f"AND s.deleted_at IS NULL AND s.workspace_id IN ({places}))"
    )
    return condition, values


def narrowed(filters: Filters, key: Callable[[str], Any]) -> Conditions:
    """Conditions on `search_recordings r`, each with its parameters."""
    found: Conditions = []
    for condition, name, value in (
        ("r.user_id = :owner", "owner", filters.owner_id and key(filters.owner_id)),
        ("r.created_at >= :since", "since", filters.since and filters.since.timestamp()),
        ("r.created_at <= :until", "until", filters.until and filters.until.timestamp()),
        ("r.duration_s >= :shortest", "shortest", filters.min_duration_s),
        ("r.duration_s <= :longest", "longest", filters.max_duration_s),
        (_IN_FOLDER, "folder", filters.folder_id and key(filters.folder_id)),
        (_WITH_TAG, "tag", filters.tag and filters.tag.casefold()),
    ):
        if value is not None:
            found.append((condition, {name: value}))
    if filters.language:
        plain = filters.language.lower()
        condition = "(lower(r.language) = :language OR lower(r.language) LIKE :regional)"
        found.append((condition, {"language": plain, "regional": f"{plain}-%"}))
    return found


def slips_in(word: str) -> int:
    """How many letters of it may be wrong; 0 where nothing can be told."""
    if len(word) < _SHORTEST_SLIP:
        return 0
    return 1 if len(word) < _LONG_WORD else 2


def near(word: str, known: Iterable[tuple[str, int]], slips: int) -> list[str]:
    """Of words with the number of recordings that have them: nearest first, then the more common."""
    ranked = []
    for term, documents in known:
        distance = OSA.distance(word, term, score_cutoff=slips)
        if distance <= slips:
            ranked.append((distance, -documents, term))
    return [term for _, _, term in sorted(ranked)]
