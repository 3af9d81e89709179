"""`heddle-server user invite`: an invitation from the command line, also while the server runs."""

import asyncio

from server.config import Settings
from server.errors import SetupError
from server.identity.workspaces.invitations import Invitations
from server.identity.workspaces.service import Workspaces
from server.setup import open_database, prepare


async def invite(settings: Settings, email: str) -> None:
    """Raises SetupError, InvalidRequest or Conflict."""
    if not settings.public_url:
        raise SetupError(
            "The link of an invitation would lead nowhere",
            "HEDDLE_PUBLIC_URL is not set, and the command line has no other address of this server.",
            "Set it to the address that people use, such as https://video.example.org.",
        )
    await asyncio.to_thread(prepare, settings)
    db = open_database(settings)
    try:
        invitations = Invitations(db, Workspaces(db, count_in=_none))
        await invitations.invite_to_server(None, email, base=settings.public_url.rstrip("/"))
    finally:
        await db.close()


async def _none(_workspace_id: str) -> int:
    return 0
