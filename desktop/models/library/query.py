"""What of the library is shown, and in which order: a value, and the SQL that it means. Pure.

Words are found from their beginning (`recor` finds "recording"), whatever their accents and case, in titles,
descriptions, tags and in what is said; all of them must be there.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from desktop.models.library.items import Moment, Standing
from media.transcript import Segment

_MOST_MOMENTS = 5
# How much a word counts where it stands: title, description, tags, transcript.
_WEIGHTS = "10.0, 4.0, 6.0, 1.0"


class Sort(StrEnum):
    BEST = "best"  # where words are searched, else the newest
    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"
    LONGEST = "longest"
    SHORTEST = "shortest"
    LARGEST = "largest"


class Place(StrEnum):
    ALL = "all"
    HERE = "here"  # those whose file is on this computer
    CONFLICTS = "conflicts"
    TRASH = "trash"


_ORDERS = {
    Sort.NEWEST: "created_at DESC",
    Sort.OLDEST: "created_at",
    Sort.TITLE: "sort_title",
    Sort.LONGEST: "coalesce(duration_s, 0) DESC",
    Sort.SHORTEST: "coalesce(duration_s, 1e12)",
    Sort.LARGEST: "coalesce(size, 0) DESC",
}


@dataclass(frozen=True, slots=True)
class Query:
    """None and empty mean: whatever. Seconds, Unix time."""

    text: str = ""
    place: Place = Place.ALL
    folder: str | None = None
    tags: tuple[str, ...] = field(default=())  # all of them
    standings: frozenset[Standing] = frozenset()
    since: float | None = None
    until: float | None = None
    shortest_s: float | None = None
    longest_s: float | None = None
    sort: Sort = Sort.BEST

    @property
    def filtered(self) -> bool:
        """Whether something beside the place limits what is shown."""
        limits = (self.since, self.until, self.shortest_s, self.longest_s)
        return bool(words_of(self.text) or self.standings or any(limit is not None for limit in limits))


def fold(text: str) -> str:
    """Without accents and case, as the index keeps words."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char))


def words_of(text: str) -> list[str]:
    """The words to look for, folded; what holds no letter and no digit is none."""
    spaced = "".join(char if char.isalnum() else " " for char in fold(text))
    return spaced.split()


def match_of(text: str) -> str:
    """For FTS5's MATCH; empty where there is nothing to look for. In quotes a word is text, never syntax."""
    return " ".join(f'"{word}"*' for word in words_of(text))


def sql_of(query: Query) -> tuple[str, list[object]]:
    """Selects the ids of the rows, in order."""
    source, where, values = "items", [], list[object]()
    match = match_of(query.text)
    if match:
        source = "words JOIN items ON items.id = words.rowid"
        where.append("words MATCH ?")
        values.append(match)
    for clause, given in _conditions(query):
        where.append(clause)
        values += given
    best = f"bm25(words, {_WEIGHTS}), created_at DESC" if match else _ORDERS[Sort.NEWEST]
    order = best if query.sort is Sort.BEST else _ORDERS[query.sort]
    names = f"{source} WHERE {' AND '.join(where)} ORDER BY {order}, items.id"
    return f"SELECT items.id FROM {names}", values  # noqa: S608 - names and orders are ours; words are parameters


def _conditions(query: Query) -> list[tuple[str, Sequence[object]]]:
    found: list[tuple[str, Sequence[object]]] = [("trashed = ?", [query.place is Place.TRASH])]
    if query.place is Place.HERE:
        found.append(("path IS NOT NULL", []))
    if query.place is Place.CONFLICTS:
        found.append(("conflict = 1", []))
    if query.folder is not None:
        found.append(("folder_id = ?", [query.folder]))
    found += [
        ("EXISTS (SELECT 1 FROM item_tags WHERE item = items.id AND tag = ?)", [tag]) for tag in query.tags
    ]
    if query.standings:
        marks = ", ".join("?" * len(query.standings))
        found.append((f"standing IN ({marks})", sorted(query.standings)))
    limits = {
        "created_at >= ?": query.since,
        "created_at < ?": query.until,
        "duration_s >= ?": query.shortest_s,
        "duration_s <= ?": query.longest_s,
    }
    return found + [(clause, [limit]) for clause, limit in limits.items() if limit is not None]


def moments_of(segments: Sequence[Segment], text: str, *, most: int = _MOST_MOMENTS) -> list[Moment]:
    """Where the words are said: the segments with most of them first, then by time."""
    wanted = words_of(text)
    found = []
    for segment in segments:
        starts = [_said_at(segment, word) for word in wanted]
        heard = [at for at in starts if at is not None]
        if heard:
            found.append((-len(heard), min(heard), segment.text))
    return [Moment(at_s, said) for _, at_s, said in sorted(found)[:most]]


def _said_at(segment: Segment, wanted: str) -> float | None:
    """When a word that begins so is said; the segment's start where its words have no times."""
    for word in segment.words:
        if any(part.startswith(wanted) for part in words_of(word.text)):
            return word.start
    if any(part.startswith(wanted) for part in words_of(segment.text)):
        return segment.start
    return None
