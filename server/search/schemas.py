"""What a search answers, on the wire."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from server.recordings.schemas import Pagination


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class PartOut(_Wire):
    """Text as it is; `match` where it is what was asked for."""

    text: str
    match: bool


class MomentOut(_Wire):
    """Where something was found. Seconds; null for what belongs to the whole recording."""

    kind: str
    parts: list[PartOut]
    start: float | None
    end: float | None


class HitOut(_Wire):
    """A recording that has all the words; `moments` are its best places, best first."""

    id: str
    title: str
    description: str
    status: str
    duration: float | None
    language: str
    created_at: datetime
    share_url: str
    shared: bool = Field(description="Whether anyone with the link may watch.")
    poster_url: str | None
    title_parts: list[PartOut]
    moments: list[MomentOut]


class SearchOut(_Wire):
    """`corrected`: the words that were searched instead, where nothing has those that were typed."""

    data: list[HitOut]
    pagination: Pagination
    corrected: str | None
