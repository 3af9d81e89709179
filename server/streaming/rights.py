"""Whether somebody may still see what they hold a ticket for.

A ticket lives for hours, and a player sends it with every range: the database is asked once in a while only,
and nobody who left a workspace watches much longer than that.
"""

import time
from collections.abc import Awaitable, Callable

from server.identity.permissions import Action, WorkspaceRole, may
from server.recordings.schemas import Recording

RECHECK_S = 30.0
_MOST_KEPT = 10_000

# The role of a person in a workspace: its id, then theirs.
RoleOf = Callable[[str | None, str], Awaitable[WorkspaceRole | None]]


class Rights:
    def __init__(self, role_of: RoleOf, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._role_of = role_of
        self._clock = clock
        self._known: dict[tuple[str | None, str], tuple[WorkspaceRole | None, float]] = {}

    async def may_view(self, user_id: str, recording: Recording) -> bool:
        """By what the person was `RECHECK_S` seconds ago at most, and where the recording lies now."""
        return await self._may(user_id, recording, Action.RECORDING_VIEW)

    async def may_keep(self, user_id: str | None, recording: Recording) -> bool:
        """Whether somebody may have it as a file; None is whoever has the link."""
        if recording.link.allow_download:
            return True
        return user_id is not None and await self._may(user_id, recording, Action.RECORDING_EDIT)

    async def _may(self, user_id: str, recording: Recording, action: Action) -> bool:
        role = await self._role(recording.workspace_id, user_id)
        return may(role, action, own=recording.user_id == user_id)

    async def _role(self, workspace_id: str | None, user_id: str) -> WorkspaceRole | None:
        key, at = (workspace_id, user_id), self._clock()
        role, until = self._known.get(key, (None, 0.0))
        if at < until:
            return role
        role = await self._role_of(workspace_id, user_id)
        if len(self._known) >= _MOST_KEPT:
            self._known.clear()
        self._known[key] = (role, at + RECHECK_S)
        return role
