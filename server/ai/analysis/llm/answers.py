"""What a model may answer, and what of it is believed.

A transcript may hold anything, also orders to the model. So its answer is a stranger's, too: it names
sentences by their numbers and the times are ours; what it calls an entity must have been said; links that
nobody spoke of are thrown out; lengths and counts are bounded.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ValidationError

from media.transcript import clean
from server.ai.analysis.analyst import LanguageModelFailed
from server.ai.analysis.findings import (
    SHORTEST_VIDEO_S,
    ActionItem,
    Chapter,
    Entity,
    EntityType,
    Findings,
    Mention,
    Quote,
    Topic,
    shortened,
)
from server.ai.analysis.sentences import Sentence

_SHORTEST_CHAPTER_S = 5.0
_MOST_CITED = 20
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s)>\]]+|[\w.+-]+@[\w-]+\.[\w.]+|\b(?:[\w-]+\.)+[a-z]{2,}\b", re.IGNORECASE
)
# Characters that turn the direction of writing, and with it what a reader believes to read.
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_SPEAKERS = frozenset({"i", "we", "you"})
_WRONG = "Its answer was not what was asked for."


def _text(most: int) -> Any:
    def cut(value: object) -> object:
        return shortened(clean(value.translate(_TURNS)), most) if isinstance(value, str) else value

    return BeforeValidator(cut)


def _first(most: int) -> Any:
    return BeforeValidator(lambda value: value[:most] if isinstance(value, list) else value)


Numbers = Annotated[list[int], _first(_MOST_CITED)]


class _Named(BaseModel):
    text: Annotated[str, _text(80)]
    sentences: Numbers


class _Quote(BaseModel):
    text: Annotated[str, _text(500)]
    sentences: Numbers


class _Entity(_Named):
    type: str


class _Item(BaseModel):
    text: Annotated[str, _text(300)]
    assignee: Annotated[str | None, _text(80)] = None
    due: Annotated[str | None, _text(80)] = None
    due_date: str | None = None
    sentences: Numbers


class _Chapter(BaseModel):
    title: Annotated[str, _text(80)]
    sentence: int


class Answer(BaseModel):
    """As the schema in `prompts` asks for it."""

    title: Annotated[str, _text(120)]
    summary: Annotated[list[_Quote], _first(8)]
    topics: Annotated[list[_Named], _first(10)]
    entities: Annotated[list[_Entity], _first(60)]
    action_items: Annotated[list[_Item], _first(30)]
    chapters: Annotated[list[_Chapter], _first(60)]
    sentiment: float | None


@dataclass(frozen=True, slots=True)
class Source:
    """What the model was told: all sentences by number, and how long the video is."""

    sentences: Sequence[Sentence]
    duration_s: float
    language: str


def parse(answer: dict[str, Any]) -> Answer:
    """Raises LanguageModelFailed for another form."""
    try:
        return Answer.model_validate(answer)
    except ValidationError:
        raise LanguageModelFailed(_WRONG) from None


def believed(answer: Answer, source: Source) -> Findings:
    """The findings in an answer. Raises LanguageModelFailed when its summary rests on nothing said."""
    check = _Check(source)
    summary = tuple(
        Quote(one.text, check.mention(one.sentences))
        for one in answer.summary
        if one.text and check.cites(one.sentences) and check.knows_links(one.text)
    )
    if not summary:
        raise LanguageModelFailed("Its summary rested on nothing that was said.")
    mood = answer.sentiment
    return Findings(
        language=source.language,
        title=answer.title if answer.title and check.knows_links(answer.title) else None,
        summary=summary,
        topics=check.topics(answer.topics),
        entities=check.entities(answer.entities),
        action_items=check.items(answer.action_items),
        chapters=check.chapters(answer.chapters),
        sentiment=round(max(-1.0, min(1.0, mood)), 2) if mood is not None and math.isfinite(mood) else None,
    )


class _Check:
    """Holds an answer against what was said."""

    def __init__(self, source: Source) -> None:
        self._sentences = source.sentences
        self._duration = source.duration_s
        self._said = " ".join(sentence.text for sentence in source.sentences).casefold()

    def cites(self, numbers: Sequence[int]) -> bool:
        return any(0 <= number < len(self._sentences) for number in numbers)

    def mention(self, numbers: Sequence[int]) -> Mention:
        """Where the first of the cited sentences is; the ids of all."""
        cited = sorted({number for number in numbers if 0 <= number < len(self._sentences)})
        first = self._sentences[cited[0]]
        ids = dict.fromkeys(one for number in cited for one in self._sentences[number].segments)
        return Mention(round(first.start, 3), round(first.end, 3), tuple(ids))

    def mentions(self, numbers: Sequence[int]) -> tuple[Mention, ...]:
        cited = sorted({number for number in numbers if 0 <= number < len(self._sentences)})
        return tuple(self.mention([number]) for number in cited)

    def was_said(self, text: str) -> bool:
        return bool(text) and text.casefold() in self._said

    def knows_links(self, text: str) -> bool:
        return all(self.was_said(link.rstrip(".,;:!?")) for link in _LINK.findall(text))

    def topics(self, topics: Sequence[_Named]) -> tuple[Topic, ...]:
        kept = [
            one for one in topics if one.text and self.cites(one.sentences) and self.knows_links(one.text)
        ]
        return tuple(
            Topic(one.text, round(1 - place / (len(kept) + 1), 3), len(found), found)
            for place, one in enumerate(kept)
            if (found := self.mentions(one.sentences))
        )

    def entities(self, entities: Sequence[_Entity]) -> tuple[Entity, ...]:
        kinds = {kind.value for kind in EntityType}
        found: dict[tuple[str, str], Entity] = {}
        for one in entities:
            kind = one.type if one.type in kinds else EntityType.NAME.value
            if self.was_said(one.text) and self.cites(one.sentences):
                places = self.mentions(one.sentences)
                entity = Entity(EntityType(kind), one.text, len(places), places)
                found.setdefault((kind, one.text.casefold()), entity)
        return tuple(found.values())

    def items(self, items: Sequence[_Item]) -> tuple[ActionItem, ...]:
        return tuple(
            ActionItem(
                text=one.text,
                mention=self.mention(one.sentences),
                assignee=self._assignee(one.assignee),
                due=one.due if one.due and self.was_said(one.due) else None,
                due_date=_day(one.due_date),
                confidence=0.8,
            )
            for one in items
            if one.text and self.cites(one.sentences) and self.knows_links(one.text)
        )

    def _assignee(self, name: str | None) -> str | None:
        if name is None or not (name.casefold() in _SPEAKERS or self.was_said(name)):
            return None
        return name

    def chapters(self, chapters: Sequence[_Chapter]) -> tuple[Chapter, ...]:
        """They cover the video: the first begins at its start, each ends where the next begins."""
        if self._duration < SHORTEST_VIDEO_S:
            return ()
        starts: list[tuple[float, str]] = []
        for one in sorted(chapters, key=lambda one: one.sentence):
            if not (one.title and self.cites([one.sentence]) and self.knows_links(one.title)):
                continue
            at = min(self._duration, self._sentences[one.sentence].start) if starts else 0.0
            if (
                not starts
                or _SHORTEST_CHAPTER_S <= at - starts[-1][0] <= self._duration - _SHORTEST_CHAPTER_S
            ):
                starts.append((at, one.title))
        if len(starts) < 2:
            return ()
        ends = [*(at for at, _ in starts[1:]), self._duration]
        return tuple(
            Chapter(title, round(at, 3), round(end, 3)) for (at, title), end in zip(starts, ends, strict=True)
        )


def _day(value: str | None) -> str | None:
    try:
        return date.fromisoformat(value or "").isoformat()
    except ValueError:
        return None
