"""An analysis on the wire, which is also how its table keeps it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from media.silence import Suggestion, SuggestionKind
from server.ai.analysis.findings import (
    ActionItem,
    Chapter,
    Entity,
    EntityType,
    Mention,
    Quote,
    Topic,
)


class Status(StrEnum):
    QUEUED = "queued"
    COMPLETED = "completed"
    FAILED = "failed"


class Pending(StrEnum):
    """How much of a queued analysis is to be made."""

    ALL = "all"
    SCENES = "scenes"


class Source(StrEnum):
    BUILTIN = "builtin"
    LLM = "llm"


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class MentionOut(_Wire):
    start: float = Field(description="Seconds from the start of the recording.")
    end: float
    segment_ids: list[int] = Field(description="Segments of the transcript in which it was said.")

    @classmethod
    def of(cls, mention: Mention) -> "MentionOut":
        return cls(start=mention.start, end=mention.end, segment_ids=list(mention.segments))


class EntityOut(_Wire):
    type: EntityType
    text: str
    count: int
    mentions: list[MentionOut]


class TopicOut(_Wire):
    text: str
    score: float = Field(description="Against the strongest topic, which has 1.")
    count: int
    mentions: list[MentionOut]


class SentenceOut(MentionOut):
    text: str


class ActionItemOut(MentionOut):
    text: str
    assignee: str | None = Field(description="As it was said: a name, I, we or you.")
    due: str | None = Field(description="As it was said.")
    due_date: str | None = Field(description="The day that `due` means, where it can be told.")
    confidence: float


class ChapterOut(_Wire):
    title: str
    start: float
    end: float


class SuggestionOut(_Wire):
    kind: SuggestionKind
    start: float
    end: float
    reason: str


class AnalysisOut(_Wire):
    recording_id: str
    status: Status = Field(description="`queued` while a newer one is made; what was found before stays.")
    source: Source | None = Field(description="`llm` where a language model wrote it.")
    model: str | None
    language: str | None
    title: str | None = Field(description="A suggestion; the recording keeps its own.")
    summary: str | None
    sentences: list[SentenceOut] = Field(description="The summary with its sources.")
    topics: list[TopicOut]
    entities: list[EntityOut]
    sentiment_score: float | None = Field(description="-1 to 1; null where nobody can tell.")
    action_items: list[ActionItemOut]
    chapters: list[ChapterOut]
    suggestions: list[SuggestionOut] = Field(description="What could be cut; for the owner alone.")
    notes: list[str] = Field(description="What is missing, and why; for the owner alone.")
    transcript_revision: int | None
    error: str | None
    created_at: datetime
    updated_at: datetime

    @property
    def etag(self) -> str:
        return f'"{self.status[0]}{self.updated_at.timestamp():.6f}"'

    def for_viewers(self) -> "AnalysisOut":
        """Without what concerns the owner alone."""
        return self.model_copy(update={"suggestions": [], "notes": [], "error": None})


def entities_out(entities: Sequence[Entity]) -> list[dict[str, Any]]:
    return [_named(EntityOut, one, type=one.type) for one in entities]


def topics_out(topics: Sequence[Topic]) -> list[dict[str, Any]]:
    return [_named(TopicOut, one, score=one.score) for one in topics]


def sentences_out(quotes: Sequence[Quote]) -> list[dict[str, Any]]:
    return [_dump(SentenceOut(text=one.text, **dict(MentionOut.of(one.mention)))) for one in quotes]


def action_items_out(items: Sequence[ActionItem]) -> list[dict[str, Any]]:
    return [
        _dump(
            ActionItemOut(
                text=one.text,
                assignee=one.assignee,
                due=one.due,
                due_date=one.due_date,
                confidence=one.confidence,
                **dict(MentionOut.of(one.mention)),
            )
        )
        for one in items
    ]


def chapters_out(chapters: Sequence[Chapter]) -> list[dict[str, Any]]:
    return [asdict(one) for one in chapters]


def suggestions_out(suggestions: Sequence[Suggestion]) -> list[dict[str, Any]]:
    return [{**asdict(one), "kind": one.kind.value} for one in suggestions]


def _named(kind: type[EntityOut] | type[TopicOut], one: Entity | Topic, **more: Any) -> dict[str, Any]:
    mentions = [MentionOut.of(mention) for mention in one.mentions]
    return _dump(kind(text=one.text, count=one.count, mentions=mentions, **more))


def _dump(model: _Wire) -> dict[str, Any]:
    return model.model_dump(mode="json", by_alias=True)
