"""How sharing comes to life; called by `wiring`, which stays a list."""

from server.config import Settings
from server.db import Database
from server.identity.service import Identity
from server.limits.service import Limits
from server.recordings.service import Recordings
from server.sharing.proofs import Proofs
from server.sharing.service import Sharing
from server.sharing.unlocking import Unlocking
from server.streaming.service import Streaming


def open_sharing(
    settings: Settings,
    db: Database,
    *,
    recordings: Recordings,
    streaming: Streaming,
    identity: Identity,
    limits: Limits,
    secret: str,
) -> Sharing:
    """A password opens a link for as long as the addresses of media last that are told behind it."""
    proofs = Proofs(secret, settings.ticket_hours)
    unlocking = Unlocking(db, identity.passwords, limits, proofs)
    return Sharing(recordings, streaming, identity, proofs=proofs, unlocking=unlocking)
