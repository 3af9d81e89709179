"""What an API key may be allowed to do; a person who signed in may do all of it."""

from enum import StrEnum


class Scope(StrEnum):
    """One word for the thing and one for the act. Writing does not include reading."""

    RECORDINGS_READ = "recordings:read"
    RECORDINGS_WRITE = "recordings:write"
    UPLOADS_WRITE = "uploads:write"
    MEDIA_READ = "media:read"
    TRANSCRIPTS_READ = "transcripts:read"
    TRANSCRIPTS_WRITE = "transcripts:write"
    SEARCH_READ = "search:read"
    ANALYTICS_READ = "analytics:read"
    COMMENTS_READ = "comments:read"
    COMMENTS_WRITE = "comments:write"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"
    NOTIFICATIONS_READ = "notifications:read"
    NOTIFICATIONS_WRITE = "notifications:write"
    ACCOUNT_READ = "account:read"
    ACCOUNT_WRITE = "account:write"
    WORKSPACES_READ = "workspaces:read"
    WORKSPACES_WRITE = "workspaces:write"
    ADMIN = "admin"
    SCIM = "scim"


# For owners of this server alone, whatever a key says.
OWNERS_ONLY = frozenset({Scope.ADMIN, Scope.SCIM})
