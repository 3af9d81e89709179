"""Recordings and people in GraphQL, by the names of the specification."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import strawberry
from fastapi import Request
from strawberry.scalars import JSON

from server import cursors
from server.errors import InvalidRequest
from server.graphql import described
from server.graphql.content import Analysis, Comment, Share, Tag, Transcript
from server.graphql.context import Context, Info
from server.graphql.loaders import FirstComments
from server.identity import permissions
from server.identity.workspaces.schemas import Reachable
from server.recordings.library.schemas import Folder
from server.recordings.listing import Listing
from server.recordings.schemas import Action, Recording, RecordingType
from server.recordings.states import Status
from server.scope import Scope

MOST = 100  # of one page

# The specification's names for them.
strawberry.enum(Status, name="RecordingStatus")
strawberry.enum(RecordingType, name="RecordingType")
strawberry.enum(Action, name="RecordingAction")


@strawberry.type
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type
class CommentEdge:
    node: Comment
    cursor: str


@strawberry.type
class CommentConnection:
    edges: list[CommentEdge]
    page_info: PageInfo


@strawberry.type(description="Somebody with an account here.")
class Person:
    id: UUID
    username: str


@strawberry.type(name="Folder")
class FolderNode:
    id: UUID
    name: str
    folder: strawberry.Private[Folder]

    @classmethod
    def of(cls, folder: Folder) -> "FolderNode":
        return cls(id=UUID(folder.id), name=folder.name, folder=folder)

    @strawberry.field
    async def parent(self, info: Info) -> "FolderNode | None":
        if self.folder.parent_id is None:
            return None
        found = await info.context.loaders.folders.load(self.folder.parent_id)
        return None if found is None else FolderNode.of(found)


@strawberry.type(name="Recording")
class RecordingNode:
    id: UUID
    title: str
    description: str
    status: Status
    recording_type: RecordingType
    duration: float | None = strawberry.field(description="Seconds; null until it is known.")
    settings: JSON
    file_size_bytes: float | None
    sha256: str | None
    error: str | None
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    recording: strawberry.Private[Recording]

    @classmethod
    def of(cls, recording: Recording) -> "RecordingNode":
        return cls(
            id=UUID(recording.id),
            title=recording.title,
            description=recording.description,
            status=recording.status,
            recording_type=recording.recording_type,
            duration=recording.duration_s,
            settings=cast("JSON", recording.settings),
            file_size_bytes=recording.file_size_bytes,
            sha256=recording.sha256,
            error=recording.error,
            created_at=recording.created_at,
            updated_at=recording.updated_at,
            started_at=recording.started_at,
            ended_at=recording.ended_at,
            recording=recording,
        )

    @strawberry.field
    def share(self, info: Info) -> Share:
        links, link = info.context.services.links, self.recording.link
        return Share(
            slug=self.recording.slug,
            url=links.share(info.context.connection, self.recording.slug),
            enabled=link.on,
            visibility=link.visibility,
            has_password=link.locked,
            expires_at=link.expires_at,
            allow_download=link.allow_download,
            allow_comments=link.allow_comments,
        )

    @strawberry.field
    async def tags(self, info: Info) -> list[Tag]:
        found = await info.context.loaders.tags.load(self.recording.id)
        return [Tag(name=one.name, color=one.color) for one in found]

    @strawberry.field
    async def folder(self, info: Info) -> FolderNode | None:
        if self.recording.folder_id is None:
            return None
        found = await info.context.loaders.folders.load(self.recording.folder_id)
        return None if found is None else FolderNode.of(found)

    @strawberry.field
    def poster_url(self, info: Info) -> str | None:
        # Only its address is asked for, which a WebSocket's request has as well.
        request, user = cast("Request", info.context.connection), info.context.user
        return None if user is None else info.context.services.poster_link(request, user, self.recording)

    @strawberry.field
    async def owner(self, info: Info) -> Person | None:
        user = await info.context.loaders.users.load(self.recording.user_id)
        return None if user is None else Person(id=UUID(user.id), username=user.username)

    @strawberry.field
    async def transcript(self, info: Info) -> Transcript | None:
        info.context.needs(Scope.TRANSCRIPTS_READ)
        stored = await info.context.loaders.transcripts.load(self.recording.id)
        return None if stored is None else Transcript.of(stored)

    @strawberry.field
    async def analysis(self, info: Info) -> Analysis | None:
        info.context.needs(Scope.TRANSCRIPTS_READ)
        found = await info.context.loaders.analyses.load(self.recording.id)
        return None if found is None else Analysis.of(found)

    @described.field("Oldest first, replies among them.")
    async def comments(
        self, info: Info, first: int | None = 20, after: str | None = strawberry.UNSET
    ) -> CommentConnection:
        info.context.needs(Scope.COMMENTS_READ)
        size = page_size(first)
        if after:
            place = cursors.decode(after, datetime, UUID)
            comments = info.context.services.talk.comments
            found = (await comments.of_recordings([self.recording.id], size + 1, after=place))[
                self.recording.id
            ]
        else:
            found = await info.context.loaders.comments.load(FirstComments(self.recording.id, size + 1))
        edges = [
            CommentEdge(node=Comment.of(one), cursor=cursors.encode(one.created_at, one.id))
            for one in found[:size]
        ]
        return CommentConnection(
            edges=edges,
            page_info=page_info([edge.cursor for edge in edges], more=len(found) > size, before=bool(after)),
        )


@strawberry.type
class RecordingEdge:
    node: RecordingNode
    cursor: str


@strawberry.type
class RecordingConnection:
    edges: list[RecordingEdge]
    page_info: PageInfo


@strawberry.type(name="User")
class Account:
    id: UUID
    email: str
    username: str

    @described.field("Newest first.")
    async def recordings(self, info: Info, first: int | None = 20) -> list[RecordingNode]:
        found, _ = await recordings_after(info.context, page_size(first), None)
        return [RecordingNode.of(one) for one in found]


@strawberry.type(description="How far a step of processing is.")
class RecordingProgress:
    session_id: UUID
    job_id: UUID | None
    step: str
    status: str
    progress: float = strawberry.field(description="Percent.")
    error: str | None

    @classmethod
    def of(cls, recording_id: str, data: dict[str, Any]) -> "RecordingProgress":
        return cls(
            session_id=UUID(recording_id),
            job_id=UUID(data["jobId"]) if data.get("jobId") else None,
            step=str(data.get("step", "")),
            status=str(data.get("status", "")),
            progress=float(data.get("progress") or 0),
            error=data.get("error"),
        )


async def recordings_after(context: Context, size: int, after: str | None) -> tuple[list[Recording], bool]:
    """Of the user, newest first, and whether there are more."""
    user = context.needs(Scope.RECORDINGS_READ)
    seen = await context.services.workspaces.reach(user.id, permissions.Action.RECORDING_VIEW)
    own = Reachable(frozenset(), seen.everything)
    page = await context.services.recordings.page_after(user.id, own, Listing(), after, size)
    return page.recordings, page.cursor is not None


def page_size(first: int | None) -> int:
    """Raises InvalidRequest."""
    size = 20 if first is None else first
    if not 1 <= size <= MOST:
        raise InvalidRequest(f"`first` must be from 1 to {MOST}.")
    return size


def page_info(found: Sequence[str], *, more: bool, before: bool) -> PageInfo:
    return PageInfo(
        has_next_page=more,
        has_previous_page=before,
        start_cursor=found[0] if found else None,
        end_cursor=found[-1] if found else None,
    )
