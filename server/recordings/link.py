"""What the link of a recording lets people do. Nothing here asks who they are: that is `server.sharing`."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypedDict

_SEAL_BYTES = 8


class Visibility(StrEnum):
    PUBLIC = "public"  # anybody with the link
    WORKSPACE = "workspace"  # members of its workspace, when they have signed in
    PRIVATE = "private"  # nobody: the link is off


@dataclass(frozen=True, slots=True)
class Link:
    """`expires_at` is the moment from which it leads nowhere; None for never."""

    visibility: Visibility = Visibility.PUBLIC
    password_hash: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None
    allow_download: bool = True
    allow_comments: bool = True

    @property
    def on(self) -> bool:
        return self.visibility is not Visibility.PRIVATE

    @property
    def locked(self) -> bool:
        return self.password_hash is not None

    @property
    def seal(self) -> bytes:
        """Of its present password, empty without one: another password has another."""
        hashed = self.password_hash
        return b"" if hashed is None else hashlib.sha256(hashed.encode()).digest()[:_SEAL_BYTES]

    def works(self, at: datetime) -> bool:
        """Whether it leads anybody anywhere."""
        return self.on and (self.expires_at is None or at < self.expires_at)

    def open_to_all(self, at: datetime) -> bool:
        """Whether having it is enough."""
        return self.admits(b"", at)

    def admits(self, seal: bytes, at: datetime) -> bool:
        """Whether it still lets in whoever is no member and once knew the password with this seal."""
        return self.visibility is Visibility.PUBLIC and seal == self.seal and self.works(at)


class LinkChange(TypedDict, total=False):
    """What shall be another; a password is hashed already, None takes it or the end away."""

    visibility: Visibility
    share_password_hash: str | None
    share_expires_at: datetime | None
    allow_download: bool
    allow_comments: bool


# Columns that are called otherwise where a change is told.
TOLD_AS = {"share_password_hash": "password", "share_expires_at": "expires_at"}
