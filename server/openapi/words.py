"""Words of the description that no route says."""

from collections.abc import Mapping

DESCRIPTION = """Record the screen, share the link while it is still recording.

**Signing in.** Sign in with `POST /auth/login` and send the token as `Authorization: Bearer <token>`, or
make a key with `POST /api/v1/keys` and send it as `X-API-Key`. The scopes that a key needs stand under
`security` of each operation. Addresses of media carry a ticket, which is a right in itself, as is the link of
a share.

**Errors.** Every refusal has the same body: `error` is a sentence for people, `code` is stable for programs.
What belongs to somebody else is answered as if it did not exist. Failures of the server (5XX) have it too.

**Lists.** `page` (from 0) and `size` choose a page, and `pagination` says how many there are. Lists that grow
at their head also take a `cursor`: send it empty to begin, then `pagination.nextCursor`, until there is none.

**Changes.** An `ETag` names the version of a thing. With `If-Match`, a change is only made to the version
that was seen (412 otherwise).

**Sending again.** With an `Idempotency-Key`, a request that is sent twice is done once, and answered twice.

**Limits.** Requests are counted; `X-RateLimit-*` say where you stand, and a 429 has `Retry-After`.

Files travel by tus 1.0.0 at `/api/v1/uploads`. Events come over a WebSocket (`/ws`) and as webhooks.
"""

TAGS = [
    {"name": "Identity", "description": "Signing in and out, second factors, sign-in of programs."},
    {"name": "API keys", "description": "For programs: shown once, with scopes."},
    {"name": "Accounts", "description": "Registration, profile, exports and erasure, the audit log."},
    {"name": "Workspaces", "description": "Teams, their members, and who is asked to come."},
    {"name": "Billing", "description": "Plans, what they entitle to, and how much of it is used."},
    {"name": "Recordings", "description": "Recordings and templates."},
    {"name": "Folders and tags", "description": "Order among recordings."},
    {"name": "Uploads", "description": "tus 1.0.0: the way of a growing file to the server."},
    {"name": "Streams", "description": "Playlists and files, at addresses that carry a ticket."},
    {"name": "Shares", "description": "What whoever has the link sees."},
    {"name": "Processing", "description": "Steps that are done with a video."},
    {"name": "Transcripts", "description": "What was said, captions, corrections."},
    {"name": "Analysis", "description": "What it is about: summary, chapters, tasks."},
    {"name": "Search", "description": "Recordings by their words."},
    {"name": "Comments", "description": "Comments and reactions, of members and of guests."},
    {"name": "Analytics", "description": "How recordings are watched."},
    {"name": "Notifications", "description": "What people are told, and how."},
    {"name": "Webhooks", "description": "Events for other programs."},
    {"name": "GraphQL", "description": "The same in one request."},
    {"name": "Admin", "description": "For owners of this server."},
    {"name": "Health", "description": "For supervisors and balancers."},
]

# Ids are of what their names say, such as `recording_id`.
PARAMETERS: Mapping[str, str] = {
    "ticket": "The right to this media, from `GET /api/v1/streams/{id}` or a share. It ends.",
    "slug": "The last part of a share's link.",
    "user_id": "Id of a person.",
    "segment_id": "Number of a segment of the transcript.",
    "erasure_id": "Id of an erasure; whoever has it may read its receipt.",
    "step": "Name of a step of processing.",
    "form": "The form of a file.",
    "name": "Name of a file or of a version, as it stands in a playlist.",
    "version": "A version of the video, such as `720p`.",
    "kind": "Of which kind.",
    "cursor": "`nextCursor` of the page before.",
    "number": "Number of a segment, from 0.",
    "language": "Language, by BCP 47.",
    "_HLS_msn": "Wait for the segment of this number (RFC 8216bis, 6.2.5.2).",
    "_HLS_part": "And for this part of it.",
    "_HLS_skip": "`YES`: what is old may be left out.",
    "page": "Number of the page, from 0.",
    "size": "How many on a page.",
    "workspaceId": "Id of a workspace.",
    "status": "Only those of this status.",
    "event": "Only those of this event.",
    "act": "Only this act.",
    "sort": "The order of the list.",
    "recordingId": "Id of a recording.",
    "actorId": "Id of who did it.",
    "role": "Only those with this role on the server.",
    "state": "Only those in this state.",
    "by": "By person or by workspace.",
    "from": "Not before this moment (ISO 8601).",
    "to": "Not after this moment.",
    "minDuration": "Seconds at least.",
    "maxDuration": "Seconds at most.",
    "user_code": "The code that the device shows.",
}
