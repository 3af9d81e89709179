"""Whose recording is it, and who may do what: the checks that routes of the higher tiers begin with."""

from server.identity.access import (
    CurrentUser,
    Person,
    allows,
    current_user,
    identity_of,
    perhaps_user,
    require,
    whose,
    workspaces_of,
)
from server.identity.permissions import Action
from server.identity.schemas import User
from server.identity.scopes import Scope
from server.recordings.access import allowed, recordings_of, require_recording

__all__ = [
    "Action",
    "CurrentUser",
    "Person",
    "Scope",
    "User",
    "allowed",
    "allows",
    "current_user",
    "identity_of",
    "perhaps_user",
    "recordings_of",
    "require",
    "require_recording",
    "whose",
    "workspaces_of",
]
