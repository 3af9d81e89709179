"""The schema: the specification's queries, mutations and subscriptions, and the read side of the product."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import strawberry
import structlog
from graphql import GraphQLError
from pydantic import ValidationError
from strawberry.extensions import MaxAliasesLimiter, MaxTokensLimiter, QueryDepthLimiter
from strawberry.scalars import JSON
from strawberry.types import ExecutionContext

from server import cursors
from server.errors import InvalidRequest, NotFound
from server.graphql import described
from server.graphql.context import Info
from server.graphql.errors import Presentable, is_expected
from server.graphql.limits import CostLimit
from server.graphql.spreading import SpreadLimit
from server.graphql.types import (
    Account,
    RecordingConnection,
    RecordingEdge,
    RecordingNode,
    RecordingProgress,
    page_info,
    page_size,
    recordings_after,
)
from server.processing.events import ProcessingEventType
from server.recordings.events import RecordingEventType
from server.recordings.schemas import Action, RecordingType, StartRecordingRequest
from server.scope import Scope

MOST_DEPTH = 8
MOST_TOKENS = 1500
MOST_ALIASES = 20

_log = structlog.get_logger(__name__)


@strawberry.type
class Query:
    @described.field("Who is signed in; null for nobody.")
    def me(self, info: Info) -> Account | None:
        if info.context.user is None:
            return None
        user = info.context.needs(Scope.ACCOUNT_READ)
        return Account(id=UUID(user.id), email=user.email, username=user.username)

    @described.field("Null where there is none, or where it belongs to somebody else.")
    async def recording(self, info: Info, id: UUID) -> RecordingNode | None:
        try:
            return RecordingNode.of(await info.context.recording(str(id)))
        except NotFound:
            return None

    @described.field("Yours, newest first.")
    async def recordings(
        self, info: Info, first: int | None = 20, after: str | None = strawberry.UNSET
    ) -> RecordingConnection | None:
        found, more = await recordings_after(info.context, page_size(first), after or None)
        edges = [
            RecordingEdge(node=RecordingNode.of(one), cursor=cursors.encode(one.created_at, one.id))
            for one in found
        ]
        info_of_page = page_info([edge.cursor for edge in edges], more=more, before=bool(after))
        return RecordingConnection(edges=edges, page_info=info_of_page)


@strawberry.input
class ResolutionInput:
    width: int
    height: int


@strawberry.input
class RecordingSettingsInput:
    resolution: ResolutionInput | None = strawberry.UNSET
    frame_rate: int | None = strawberry.UNSET
    quality: str | None = strawberry.UNSET
    more: JSON | None = strawberry.field(
        default=strawberry.UNSET, description="Any other settings, as an object."
    )


@strawberry.input
class StartRecordingInput:
    title: str
    recording_type: RecordingType
    settings: RecordingSettingsInput | None = strawberry.UNSET


@strawberry.type
class StartRecordingPayload:
    recording: RecordingNode


@strawberry.input
class ControlRecordingInput:
    session_id: UUID
    action: Action


@strawberry.type
class ControlRecordingPayload:
    recording: RecordingNode


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def start_recording(self, info: Info, input: StartRecordingInput) -> StartRecordingPayload | None:
        user = info.context.needs(Scope.RECORDINGS_WRITE)
        try:
            request = StartRecordingRequest(
                title=input.title, recording_type=input.recording_type, settings=_settings(input.settings)
            )
        except ValidationError as problem:
            raise InvalidRequest(f"The recording cannot begin: {problem.errors()[0]['msg']}.") from problem
        made = await info.context.services.recordings.create(user.id, request)
        return StartRecordingPayload(recording=RecordingNode.of(made))

    @strawberry.mutation
    async def control_recording(
        self,
        info: Info,
        input: ControlRecordingInput,
    ) -> ControlRecordingPayload | None:
        known = await info.context.recording(str(input.session_id), Scope.RECORDINGS_WRITE)
        recording = await info.context.services.recordings.control(known.id, input.action)
        return ControlRecordingPayload(recording=RecordingNode.of(recording))


@strawberry.type
class Subscription:
    @described.subscription("The recording as it is now, and with every change.")
    async def recording_updated(self, info: Info, session_id: UUID) -> AsyncIterator[RecordingNode | None]:
        recording_id = str(session_id)
        first = await info.context.recording(recording_id)
        with info.context.live.feeds.watch(recording_id) as feed:
            yield RecordingNode.of(first)
            while True:
                event = await feed.get()
                if event.type == ProcessingEventType.PROGRESS:
                    continue
                recording = await info.context.still(recording_id)
                if recording is None:
                    return
                yield RecordingNode.of(recording)

    @described.subscription("How far the steps of its processing are, from now on.")
    async def recording_progress(
        self, info: Info, session_id: UUID
    ) -> AsyncIterator[RecordingProgress | None]:
        recording_id = str(session_id)
        await info.context.recording(recording_id)
        with info.context.live.feeds.watch(recording_id) as feed:
            while True:
                event = await feed.get()
                if event.type == RecordingEventType.DELETED:
                    return
                if event.type != ProcessingEventType.PROGRESS:
                    continue
                if await info.context.still(recording_id) is None:
                    return
                yield RecordingProgress.of(recording_id, event.data)


def _settings(given: RecordingSettingsInput | None) -> dict[str, Any]:
    """As REST keeps them."""
    if not given:
        return {}
    more: Any = given.more or {}
    if not isinstance(more, dict):
        raise InvalidRequest("`settings.more` must be an object.")
    settings: dict[str, Any] = dict(more)
    if given.resolution:
        settings["resolution"] = {"width": given.resolution.width, "height": given.resolution.height}
    if given.frame_rate:
        settings["frameRate"] = given.frame_rate
    if given.quality:
        settings["quality"] = given.quality
    return settings


class HeddleSchema(strawberry.Schema):
    def process_errors(
        self,
        errors: list[GraphQLError],
        execution_context: ExecutionContext | None = None,  # noqa: ARG002 (its base's)
    ) -> None:
        """What was expected is the client's business; anything else is ours."""
        for error in errors:
            if not is_expected(error):
                _log.error("graphql_failed", path=error.path, exc_info=error.original_error)


schema = HeddleSchema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    extensions=[
        Presentable,
        SpreadLimit,
        lambda: QueryDepthLimiter(MOST_DEPTH),
        lambda: MaxTokensLimiter(MOST_TOKENS),
        lambda: MaxAliasesLimiter(MOST_ALIASES),
        CostLimit,
    ],
)
