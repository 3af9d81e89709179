"""Whose recording is it: the checks that routes of the higher tiers begin with."""

from typing import cast

from starlette.requests import HTTPConnection

from server.identity.access import (
    CurrentUser,
    Person,
    allows,
    current_user,
    identity_of,
    perhaps_user,
    require,
    whose,
)
from server.identity.schemas import User
from server.identity.scopes import Scope
from server.recordings.schemas import Recording
from server.recordings.service import Recordings

__all__ = [
    "CurrentUser",
    "Person",
    "Scope",
    "User",
    "allows",
    "current_user",
    "identity_of",
    "perhaps_user",
    "recordings_of",
    "require",
    "require_recording",
    "whose",
]


def recordings_of(connection: HTTPConnection) -> Recordings:
    return cast("Recordings", connection.app.state.services.recordings)


async def require_recording(connection: HTTPConnection, user: User, recording_id: str) -> Recording:
    """The recording of `user`. Raises NotFound, also for one of somebody else."""
    return await recordings_of(connection).get(user.id, recording_id)
