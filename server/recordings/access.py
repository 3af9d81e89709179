"""Who may see a recording, and who may change it: asked here, decided by `server.identity.permissions`."""

from typing import cast

from starlette.requests import HTTPConnection

from server.errors import Forbidden
from server.identity.access import workspaces_of
from server.identity.permissions import Action, may, of_method
from server.identity.schemas import User
from server.recordings.schemas import Recording
from server.recordings.service import Recordings, no_recording


def recordings_of(connection: HTTPConnection) -> Recordings:
    return cast("Recordings", connection.app.state.services.recordings)


async def require_recording(
    connection: HTTPConnection,
    user: User,
    recording_id: str,
    *,
    action: Action | None = None,
    trashed: bool | None = False,
) -> Recording:
    """The recording, if `user` may do `action` with it; by default what the request's method means.

    `trashed`: whether it must lie in the trash; None takes it from either place. Raises NotFound where they
    may not even see it, Forbidden where they see it and may not do this.
    """
    wanted = action or of_method(connection.scope.get("method", "GET"))
    recording = await recordings_of(connection).find(recording_id)
    if recording is None or (trashed is not None and recording.trashed is not trashed):
        raise no_recording()
    role = await workspaces_of(connection).role(recording.workspace_id, user.id)
    own = recording.user_id == user.id
    if not may(role, Action.RECORDING_VIEW, own=own):
        raise no_recording()
    if not may(role, wanted, own=own):
        sentence = f"You may see this recording, but your role in its workspace ({role}) does not cover this."
        raise Forbidden(sentence, code="role_too_low")
    return recording


async def allowed(connection: HTTPConnection, user: User, recording: Recording, action: Action) -> bool:
    """Whether `user` may do `action` with a recording that they may see."""
    role = await workspaces_of(connection).role(recording.workspace_id, user.id)
    return may(role, action, own=recording.user_id == user.id)
