"""How comments come to life: what they need of the tiers below."""

from server.bus import Bus
from server.comments.reactions import Reactions
from server.comments.service import Comments
from server.comments.talk import Talk
from server.db import Database
from server.identity.service import Identity
from server.recordings.service import Recordings


def open_talk(db: Database, bus: Bus, identity: Identity, recordings: Recordings) -> Talk:
    comments = Comments(db, identity, recordings)
    bus.subscribe(comments.on_user_deleted, ["user.deleted"])
    return Talk(comments, Reactions(db, identity))
