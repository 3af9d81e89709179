"""Who speaks: accounts, and guests of a share, who prove by a token that something is theirs.

A guest's token is the guest's id with a MAC of it, so the server keeps no token, and can tell the same one
again to a client that lost the answer (see `Idempotency-Key`).
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

from server.comments.schemas import AuthorOut, MentionOut
from server.comments.text import mentioned
from server.errors import InvalidRequest
from server.identity.schemas import User

_TOKEN = re.compile(r"([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\.([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who reads or writes. `inside`: reaches the recording without its link; `owner`: may also tidy up what
    others said."""

    user: User | None = None
    guest_id: str | None = None
    owner: bool = False
    inside: bool = False

    def wrote(self, user_id: str | None, guest_id: str | None) -> bool:
        if self.user is not None:
            return user_id == self.user.id
        return guest_id is not None and guest_id == self.guest_id


class GuestTokens:
    def __init__(self, key: str) -> None:
        self._key = hashlib.sha256(b"guest of a share\0" + key.encode()).digest()

    def of(self, guest_id: str) -> str:
        return f"{guest_id}.{self._mac(guest_id)}"

    def guest_of(self, token: str | None) -> str | None:
        """The guest's id, None without a token. Raises InvalidRequest for one that is not ours."""
        if not token:
            return None
        found = _TOKEN.fullmatch(token)
        if found is None or not hmac.compare_digest(found[2], self._mac(found[1])):
            raise InvalidRequest("X-Guest-Token is not a token of this server: send none to be a new guest.")
        return found[1]

    def _mac(self, guest_id: str) -> str:
        return hmac.new(self._key, guest_id.encode(), hashlib.sha256).hexdigest()


def author(
    user_id: str | None, guest_id: str | None, users: dict[str, User], guests: dict[str, str]
) -> AuthorOut | None:
    """None where the account is gone."""
    if guest_id is not None:
        return AuthorOut(user_id=None, name=guests.get(guest_id, ""), guest=True)
    user = users.get(user_id or "")
    return None if user is None else AuthorOut(user_id=user.id, name=user.username, guest=False)


def mentions_of(body: str, candidates: Sequence[User], *, strangers: bool) -> list[MentionOut]:
    """Whom a text means. A name that two people have means neither: their addresses tell them apart.

    With `strangers` also e-mail addresses of nobody here.
    """
    by_address = {user.email: user for user in candidates}
    found: list[MentionOut] = []
    for name in mentioned(body):
        same = [user for user in candidates if user.username.lower() == name]
        user = by_address.get(name) or (same[0] if len(same) == 1 else None)
        if user is not None:
            found.append(MentionOut(user_id=user.id, name=user.username))
        elif strangers and "@" in name:
            found.append(MentionOut(user_id=None, name=name))
    unique = {one.user_id or one.name: one for one in found}
    return list(unique.values())
