"""What belongs to a recording: its share, its transcript, what it is about, and what people say about it."""

from datetime import datetime
from uuid import UUID

import strawberry

from server.ai.analysis import schemas as analysis
from server.ai.schemas import Stored
from server.comments.schemas import AuthorOut, CommentOut
from server.recordings.link import Visibility

strawberry.enum(Visibility, description="Whom a link lets in.")


@strawberry.type(description="The link of a recording.")
class Share:
    slug: str
    url: str
    enabled: bool = strawberry.field(description="Whether the link is on: its visibility is not PRIVATE.")
    visibility: Visibility
    has_password: bool = strawberry.field(description="Whether it asks for a password.")
    expires_at: datetime | None = strawberry.field(description="When it ends; null: never.")
    allow_download: bool
    allow_comments: bool


@strawberry.type
class Tag:
    name: str
    color: str | None


@strawberry.type
class TranscriptSegment:
    id: int
    start: float
    end: float
    text: str
    edited: bool


@strawberry.type(description="What was said; times are seconds.")
class Transcript:
    language: str
    status: str = strawberry.field(
        description="partial while the recording is still listened to, or completed"
    )
    source: str
    revision: int
    text: str
    word_count: int
    duration: float
    updated_at: datetime
    stored: strawberry.Private[Stored]

    @strawberry.field
    def segments(self) -> list[TranscriptSegment]:
        return [
            TranscriptSegment(
                id=entry.segment.id,
                start=entry.segment.start,
                end=entry.segment.end,
                text=entry.segment.text,
                edited=entry.edited,
            )
            for entry in self.stored.entries
        ]

    @classmethod
    def of(cls, stored: Stored) -> "Transcript":
        shown = stored.transcript
        return cls(
            language=stored.language,
            status=stored.state.value,
            source=stored.source.value,
            revision=stored.revision,
            text=shown.text,
            word_count=shown.word_count,
            duration=stored.duration_s,
            updated_at=stored.updated_at,
            stored=stored,
        )


@strawberry.type
class Chapter:
    title: str
    start: float
    end: float


@strawberry.type
class Topic:
    text: str
    score: float
    count: int


@strawberry.type
class ActionItem:
    text: str
    assignee: str | None
    due: str | None
    due_date: str | None
    start: float
    end: float


@strawberry.type(description="What a recording is about.")
class Analysis:
    status: str
    source: str | None
    language: str | None
    title: str | None
    summary: str | None
    sentiment_score: float | None
    chapters: list[Chapter]
    topics: list[Topic]
    action_items: list[ActionItem]
    updated_at: datetime

    @classmethod
    def of(cls, found: analysis.AnalysisOut) -> "Analysis":
        return cls(
            status=found.status.value,
            source=None if found.source is None else found.source.value,
            language=found.language,
            title=found.title,
            summary=found.summary,
            sentiment_score=found.sentiment_score,
            chapters=[Chapter(title=one.title, start=one.start, end=one.end) for one in found.chapters],
            topics=[Topic(text=one.text, score=one.score, count=one.count) for one in found.topics],
            action_items=[
                ActionItem(
                    text=one.text,
                    assignee=one.assignee,
                    due=one.due,
                    due_date=one.due_date,
                    start=one.start,
                    end=one.end,
                )
                for one in found.action_items
            ],
            updated_at=found.updated_at,
        )


@strawberry.type
class CommentAuthor:
    user_id: UUID | None = strawberry.field(description="Null for a guest of a share.")
    name: str
    guest: bool

    @classmethod
    def of(cls, author: AuthorOut) -> "CommentAuthor":
        user_id = None if author.user_id is None else UUID(author.user_id)
        return cls(user_id=user_id, name=author.name, guest=author.guest)


@strawberry.type
class Comment:
    id: UUID
    parent_id: UUID | None = strawberry.field(description="The comment it replies to.")
    author: CommentAuthor | None
    body: str
    time: float | None = strawberry.field(description="Seconds from the start; null: about all of it.")
    end_time: float | None
    resolved: bool
    created_at: datetime
    edited_at: datetime | None

    @classmethod
    def of(cls, comment: CommentOut) -> "Comment":
        return cls(
            id=UUID(comment.id),
            parent_id=None if comment.parent_id is None else UUID(comment.parent_id),
            author=None if comment.author is None else CommentAuthor.of(comment.author),
            body=comment.body,
            time=comment.time,
            end_time=comment.end_time,
            resolved=comment.resolved,
            created_at=comment.created_at,
            edited_at=comment.edited_at,
        )
