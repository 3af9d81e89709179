"""How notifications come to life; called by `wiring`, which stays a list."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

from server.bus import Bus
from server.comments.service import Comments
from server.config import Settings
from server.db import Database
from server.identity.mfa.codes import Seal
from server.identity.service import Identity
from server.identity.workspaces.service import Workspaces
from server.notifications.channel_service import Channels
from server.notifications.courier import Courier
from server.notifications.disk_watch import LOOK_EVERY_S, DiskWatch
from server.notifications.intake import Intake
from server.notifications.ledger import Ledger
from server.notifications.letters import Letters
from server.notifications.people import Directory
from server.notifications.poster import Poster
from server.notifications.service import Notifications
from server.notifications.sight import Sight
from server.notifications.stories import Stories
from server.notifications.unsubscribing import LeaveLinks
from server.recordings.service import Recordings
from server.rounds import LATER_S, Rounds
from server.secrets import Secrets
from server.webhooks.addresses import Allowed
from server.webhooks.transport import Client

FORGET_EVERY_S = 3600.0


@dataclass(frozen=True, slots=True)
class Notified:
    """What the module offers, opened together."""

    notifications: Notifications
    channels: Channels
    leave_links: LeaveLinks


def open_notifications(
    settings: Settings,
    stack: AsyncExitStack,
    *,
    db: Database,
    bus: Bus,
    secrets: Secrets,
    identity: Identity,
    workspaces: Workspaces,
    recordings: Recordings,
    comments: Comments,
) -> Notified:
    """Letters are written where there is a mail server, and an address that their links can lead to."""
    base = settings.public_url.rstrip("/")
    mails = bool(settings.mail_url.get_secret_value() and base)
    sight, directory = Sight(recordings, workspaces), Directory(db, identity, workspaces)
    leave_links = LeaveLinks(secrets.ticket_key, base)
    Intake(db, Stories(identity, comments, sight), directory, Ledger(mails=mails)).start(bus)

    allowed, seal = Allowed.parse(settings.webhook_allow), Seal(secrets.seal_key)
    client = Client(allowed)
    stack.push_async_callback(client.close)
    poster = Poster(db, client, sight, seal, base=base)
    poster.rounds.start(stack)
    if mails:
        courier = Courier(db, directory, sight, Letters(base, leave_links))
        courier.rounds.start(stack)

    notifications = Notifications(db, directory, recordings, mails=mails)
    watch = DiskWatch(db, settings.data, settings.min_free_bytes)
    Rounds("notifications-sweeper", notifications.sweep, every_s=FORGET_EVERY_S, first_s=LATER_S).start(stack)
    Rounds("disk-watch", watch.look, every_s=LOOK_EVERY_S).start(stack)
    channels = Channels(db, workspaces, poster, seal, allowed=allowed, wake=poster.rounds.wake)
    return Notified(notifications, channels, leave_links)
