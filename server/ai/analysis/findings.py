"""What an analysis says. Everything it names points to where it was said: seconds, ids of segments."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from server.ai.analysis.sentences import Sentence

SHORTEST_VIDEO_S = 60.0  # a shorter one has no chapters


class EntityType(StrEnum):
    DATE = "date"
    EMAIL = "email"
    MONEY = "money"
    NAME = "name"  # a person, a product, a place: rules cannot tell them apart
    NUMBER = "number"
    ORGANISATION = "organisation"
    PERCENT = "percent"
    PERSON = "person"
    PLACE = "place"
    PRODUCT = "product"
    TICKET = "ticket"
    TIME = "time"
    URL = "url"
    VERSION = "version"


@dataclass(frozen=True, slots=True)
class Mention:
    """Where something was said."""

    start: float
    end: float
    segments: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    type: EntityType
    text: str
    count: int
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """`score` is relative to the strongest topic, which has 1."""

    text: str
    score: float
    count: int
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of the summary with its source. Of a model's own words the source is what they rest on."""

    text: str
    mention: Mention


@dataclass(frozen=True, slots=True)
class ActionItem:
    """`assignee` and `due` as they were said; `due_date` (ISO 8601) where the words allow it."""

    text: str
    mention: Mention
    assignee: str | None = None
    due: str | None = None
    due_date: str | None = None
    confidence: float = 0.5


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Findings:
    """`sentiment` is -1 to 1, None where nobody can tell; `notes` say what is missing and why."""

    language: str
    title: str | None = None
    summary: tuple[Quote, ...] = ()
    topics: tuple[Topic, ...] = ()
    entities: tuple[Entity, ...] = ()
    action_items: tuple[ActionItem, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    sentiment: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def summary_text(self) -> str:
        return " ".join(quote.text for quote in self.summary)


@dataclass
class Counted:
    """Mentions of one thing while they are collected; the first `most` are kept, all are counted."""

    text: str
    most: int = 8
    count: int = 0
    mentions: list[Mention] = field(default_factory=list)

    def add(self, mention: Mention) -> None:
        self.count += 1
        if len(self.mentions) < self.most and mention not in self.mentions:
            self.mentions.append(mention)


def mention_of(sentence: Sentence) -> Mention:
    return Mention(round(sentence.start, 3), round(sentence.end, 3), sentence.segments)


def plain(thing: Any) -> dict[str, Any]:
    """A finding as JSON carries it."""
    return asdict(thing)


def tidy(text: str, *, end: bool = True) -> str:
    """Said words as a written sentence: a capital first, a full stop last."""
    text = text.strip(" ,;:\u2013\u2014-")
    if not text:
        return text
    text = text[0].upper() + text[1:]
    return text + "." if end and text[-1].isalnum() else text


def shortened(text: str, most: int) -> str:
    """At most so many characters, cut between words."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:.\u2013\u2014-") + "…"
