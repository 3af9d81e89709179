"""Comments and reactions on the wire."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from server.comments.drawing import Drawing
from server.comments.text import Body, GuestName

Seconds = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False, examples=[12.5])]


class Sort(StrEnum):
    OLDEST = "created"
    NEWEST = "-created"
    MOMENT = "time"


class Emoji(StrEnum):
    """What one can react with; a page that shows them knows them all."""

    THUMBS_UP = "👍"
    HEART = "❤️"
    LAUGH = "😂"
    WOW = "😮"
    SAD = "😢"
    CLAP = "👏"
    PARTY = "🎉"
    FIRE = "🔥"


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class _Said(_Wire):
    body: Body = Field(description="Plain text.", examples=["Nice! @ann, is this the final colour?"])
    time: Seconds | None = Field(default=None, description="Seconds from the start; null: about all of it.")
    end_time: Seconds | None = Field(default=None, description="Where it is about a stretch of the video.")
    drawing: Drawing | None = Field(default=None, description="On the frame at `time`.")

    @model_validator(mode="after")
    def _in_time(self) -> Self:
        check_place(self.time, self.end_time, drawn=self.drawing is not None)
        return self


class CommentRequest(_Said):
    parent_id: str | None = Field(
        default=None,
        max_length=36,
        description="The comment this is a reply to; a reply's stands for its own.",
    )


class GuestCommentRequest(CommentRequest):
    name: GuestName | None = Field(
        default=None, description="How a guest wants to be called; not for those who are signed in."
    )


class EditCommentRequest(_Wire):
    """Fields left out stay as they are; null removes a time or a drawing."""

    body: Body | None = None
    time: Seconds | None = None
    end_time: Seconds | None = None
    drawing: Drawing | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("nothing to change was named")
        if "body" in self.model_fields_set and self.body is None:
            raise ValueError("a comment cannot be without a body: delete it instead")
        return self


class ReactionRequest(_Wire):
    emoji: Emoji
    time: Seconds = 0.0


class GuestReactionRequest(ReactionRequest):
    name: GuestName | None = None


class AuthorOut(_Wire):
    user_id: str | None = Field(description="Null for guests.")
    name: str
    guest: bool


class MentionOut(_Wire):
    user_id: str | None = Field(description="Null for an e-mail address without an account here.")
    name: str


class CommentOut(_Wire):
    id: str
    recording_id: str
    parent_id: str | None
    author: AuthorOut | None = Field(description="Null where it was deleted.")
    body: str = Field(description="Plain text; empty where it was deleted and only its replies are left.")
    time: float | None
    end_time: float | None
    drawing: Drawing | None
    mentions: list[MentionOut]
    mine: bool = Field(description="Whether who asks wrote it.")
    deleted: bool
    resolved: bool
    resolved_at: datetime | None
    edited_at: datetime | None
    created_at: datetime
    version: int = Field(description="Its ETag is this number in quotes.")

    @property
    def etag(self) -> str:
        return f'"{self.version}"'


class ThreadOut(CommentOut):
    replies: list[CommentOut] = Field(description="Oldest first.")


class GuestCommentOut(CommentOut):
    edit_token: str | None = Field(
        description="For guests: send it as `X-Guest-Token` to change or delete what you wrote, and to be "
        "the same guest in further comments. Told with the first thing a guest says, and never again."
    )


class CursorPagination(_Wire):
    size: int
    total_elements: int
    next_cursor: str | None = Field(description="For the next page; null on the last.")


class ThreadPage(_Wire):
    data: list[ThreadOut]
    pagination: CursorPagination


class CommentRevisionOut(_Wire):
    version: int
    body: str
    time: float | None
    end_time: float | None
    drawing: Drawing | None
    replaced_at: datetime


class CommentHistory(_Wire):
    data: list[CommentRevisionOut]


class ReactionOut(_Wire):
    id: str
    recording_id: str
    author: AuthorOut | None
    emoji: Emoji
    time: float
    mine: bool
    created_at: datetime


class GuestReactionOut(ReactionOut):
    edit_token: str | None = Field(description="As of a comment.")


class ReactionPage(_Wire):
    data: list[ReactionOut]
    counts: dict[Emoji, int] = Field(description="Of all, not only of this page.")
    pagination: CursorPagination


def check_place(time: float | None, end_time: float | None, *, drawn: bool) -> None:
    """Raises ValueError for a stretch that ends before it begins, and for a drawing on no frame."""
    if end_time is not None and (time is None or end_time < time):
        raise ValueError("endTime needs a time that is not after it")
    if drawn and time is None:
        raise ValueError("a drawing needs the time of its frame")


def to_ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


def to_seconds(ms: int | None) -> float | None:
    return None if ms is None or ms < 0 else ms / 1000


def kept(drawing: Drawing | None) -> dict[str, Any] | None:
    return None if drawing is None else drawing.model_dump(mode="json")
