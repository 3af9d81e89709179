"""Who may see what a notification is about: asked when it is made, when it is read and when it is sent."""

from collections.abc import Iterable
from dataclasses import dataclass

from server.db import now
from server.identity.permissions import Action, may
from server.identity.workspaces.service import Workspaces
from server.recordings.schemas import Recording
from server.recordings.service import Recordings


@dataclass(frozen=True, slots=True)
class Sight:
    recordings: Recordings
    workspaces: Workspaces

    async def recording(self, recording_id: str | None) -> Recording | None:
        """One that is there and not in the trash."""
        found = None if recording_id is None else await self.recordings.find(recording_id)
        return None if found is None or found.trashed else found

    async def sees(self, user_id: str, recording: Recording) -> bool:
        """By a role in its workspace, or by its link: whoever took part there may not be a member.

        Who knew a password once is not asked for it here, so behind one only members are told.
        """
        if recording.link.open_to_all(now()):
            return True
        role = await self.workspaces.role(recording.workspace_id, user_id)
        return may(role, Action.RECORDING_VIEW, own=recording.user_id == user_id)

    async def seeing(self, user_ids: Iterable[str], recording: Recording) -> set[str]:
        return {one for one in user_ids if await self.sees(one, recording)}
