"""Opens webhooks: the intake on the bus, the sender behind it, and what routes ask."""

from collections.abc import Collection
from contextlib import AsyncExitStack

from server.bus import Bus
from server.config import Settings
from server.db import Database
from server.identity.schemas import Role
from server.identity.service import Identity
from server.recordings.service import Recordings
from server.webhooks.addresses import Allowed
from server.webhooks.intake import Intake
from server.webhooks.sender import Sender
from server.webhooks.service import Webhooks
from server.webhooks.transport import Client


def open_webhooks(
    settings: Settings,
    stack: AsyncExitStack,
    *,
    db: Database,
    bus: Bus,
    identity: Identity,
    recordings: Recordings,
) -> Webhooks:
    """Raises SetupError for an allow list that cannot be read."""
    allowed = Allowed.parse(settings.webhook_allow)
    client = Client(allowed)
    stack.push_async_callback(client.close)
    sender = Sender(db, client)

    async def administrators() -> list[str]:
        return [user.id for user in await identity.users() if user.role is Role.OWNER]

    async def active(user_ids: Collection[str]) -> Collection[str]:
        return [user.id for user in (await identity.find_all(user_ids)).values() if not user.disabled]

    intake = Intake(
        db,
        recording_of=recordings.find,
        administrators=administrators,
        active=active,
        public_url=settings.public_url,
        on_noted=sender.wake,
    )
    intake.start(bus)
    sender.start()
    stack.push_async_callback(sender.stop)
    return Webhooks(db, allowed=allowed, wake=sender.wake)
