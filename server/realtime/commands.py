"""What a client may say about recordings: that one starts, pauses, goes on, ends. The same as over HTTP.

`recording.start` is a recorder's word, not one to it: nothing here turns on anybody's screen.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from starlette.requests import HTTPConnection

from server.errors import InvalidRequest
from server.identity.access import require, workspaces_of
from server.identity.permissions import Action
from server.identity.schemas import User
from server.identity.scopes import Scope
from server.limits.access import limits_of
from server.limits.service import Exceeded
from server.links import links_of
from server.recordings.access import recordings_of, require_recording
from server.recordings.schemas import Action as Control
from server.recordings.schemas import FreeSettings, Recording, RecordingType, StartRecordingRequest
from server.responses import invalid

_PATH = "/api/v1/recordings"


class _Session(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")

    session_id: str


class _Begin(_Session):
    settings: FreeSettings | None = None


class _Start(StartRecordingRequest):
    recording_type: RecordingType = RecordingType.SCREEN
    session_id: None = None


async def run(connection: HTTPConnection, user: User, type_: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What is answered. Raises ServerError with what is wrong."""
    command = _COMMANDS.get(type_)
    if command is None:
        known = ", ".join(sorted([*_COMMANDS, "auth", "ping"]))
        raise InvalidRequest(f"There is no such message. There are {known}.", code="unknown_message")
    require(user, [Scope.RECORDINGS_WRITE])
    try:
        recording = await command(connection, user, data)
    except ValidationError as problem:
        raise invalid(problem.errors(include_url=False), "message") from problem
    return {
        "type": type_,
        "sessionId": recording.id,
        "recordingId": recording.id,
        "status": recording.status,
        "title": recording.title,
        "shareUrl": links_of(connection).share(connection, recording.slug),
    }


async def _start(connection: HTTPConnection, user: User, data: Mapping[str, Any]) -> Recording:
    """One that was announced (`sessionId`), or a new one."""
    recordings = recordings_of(connection)
    if data.get("sessionId") is not None:
        wanted = _Begin.model_validate(data)
        await _admit(connection, user, f"{_PATH}/{wanted.session_id}/control")
        await require_recording(connection, user, wanted.session_id, action=Action.RECORDING_EDIT)
        return await recordings.begin(wanted.session_id, wanted.settings)
    request = _Start.model_validate(data)
    await _admit(connection, user, _PATH)
    if request.workspace_id is not None:
        await workspaces_of(connection).get(user.id, request.workspace_id, Action.RECORDING_CREATE)
    return await recordings.begin((await recordings.create(user.id, request)).id)


def _control(control: Control) -> "_Command":
    async def do(connection: HTTPConnection, user: User, data: Mapping[str, Any]) -> Recording:
        session_id = _Session.model_validate(data).session_id
        await _admit(connection, user, f"{_PATH}/{session_id}/control")
        await require_recording(connection, user, session_id, action=Action.RECORDING_EDIT)
        return await recordings_of(connection).control(session_id, control)

    return do


async def _admit(connection: HTTPConnection, user: User, path: str) -> None:
    """By the limits of the same thing over HTTP. Raises TooManyRequests."""
    try:
        await limits_of(connection).admit("POST", path, user_id=user.id, key_id=user.key_id)
    except Exceeded as exceeded:
        raise exceeded.answer from exceeded


_Command = Callable[[HTTPConnection, User, Mapping[str, Any]], Awaitable[Recording]]
_COMMANDS: dict[str, _Command] = {
    "recording.start": _start,
    **{f"recording.{control}": _control(control) for control in Control},
}
