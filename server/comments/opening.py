"""How comments come to life: what they need of the tiers below."""

from collections.abc import Collection

from server.bus import Bus
from server.comments.limits import SayLimits
from server.comments.reactions import Reactions
from server.comments.service import Comments
from server.comments.talk import Talk
from server.db import Database
from server.identity.schemas import User
from server.identity.service import Identity
from server.recordings.schemas import Recording
from server.recordings.service import Recordings


def open_talk(db: Database, bus: Bus, identity: Identity, recordings: Recordings) -> Talk:
    async def named(_recording: Recording, names: Collection[str]) -> list[User]:
        return await identity.named(names)

    comments = Comments(db, identity, recordings, named)
    bus.subscribe(comments.on_user_deleted, ["user.deleted"])
    return Talk(comments, Reactions(db, identity), SayLimits())
