"""What travels: bodies and answers, by the names on the wire. Written by `python installers/clients.py` from the server's description: change that, not this."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

AccountState = Literal["active", "disabled"]
Action = Literal["pause", "resume", "stop"]
Area = Literal["originals", "renditions", "pictures", "sound", "other", "spool", "exports", "models", "mail", "database"]
By = Literal["person", "workspace"]
CaptionFormat = Literal["vtt", "srt", "txt", "json"]
Email = Literal["off", "at_once", "daily"]
Emoji = Literal["👍", "❤️", "😂", "😮", "😢", "👏", "🎉", "🔥"]
EntityType = Literal["date", "email", "money", "name", "number", "organisation", "percent", "person", "place", "product", "ticket", "time", "url", "version"]
Feature = Literal["analytics", "link_passwords"]
FlagName = Literal["registration", "av1", "language_model"]
InvitationState = Literal["pending", "accepted", "declined", "revoked", "expired"]
JobStatus = Literal["queued", "processing", "completed", "failed"]
Lane = Literal["short", "long", "speech", "live", "spare"]
Quota = Literal["storageBytes", "recordingSeconds", "transcriptionSeconds", "members"]
Reach = Literal["server", "workspace", "person"]
RecordingSort = Literal["-createdAt", "createdAt", "-updatedAt", "title", "-duration", "duration"]
RecordingType = Literal["screen", "webcam", "screen_webcam"]
RevisionAction = Literal["created", "replaced", "edited", "rerun", "restored"]
Role = Literal["owner", "member"]
Scope = Literal["recordings:read", "recordings:write", "uploads:write", "media:read", "transcripts:read", "transcripts:write", "search:read", "analytics:read", "comments:read", "comments:write", "webhooks:read", "webhooks:write", "notifications:read", "notifications:write", "account:read", "account:write", "workspaces:read", "workspaces:write", "admin", "scim"]
Sort = Literal["created", "-created", "time"]
Standing = Literal["ok", "degraded", "failing"]
StepName = Literal["probe", "normalise", "poster", "first-poster", "rendition", "transcript", "live-transcript", "storyboard", "preview", "waveform", "download", "audio", "scenes", "rendition-piece", "av1", "av1-piece"]
SuggestionKind = Literal["silence", "filler", "repetition"]
Table = Literal["days", "names", "curves"]
Tool = Literal["pen", "highlighter", "line", "arrow", "rectangle", "ellipse"]
Visibility = Literal["public", "workspace", "private"]
WorkspaceRole = Literal["owner", "admin", "member", "viewer"]
AdminKind = Literal["jobs", "webhooks", "mail", "events"]
AdminSource = Literal["default", "environment", "command line"]
AnalysisSource = Literal["builtin", "llm"]
AnalysisStatus = Literal["queued", "completed", "failed"]
AiSource = Literal["server", "desktop", "edited"]
AiState = Literal["partial", "completed"]
WorkspacesKind = Literal["personal", "team"]
NotificationsKind = Literal["video_ready", "video_failed", "mention", "reply", "comment", "reaction", "view", "invitation_accepted", "webhook_disabled", "slack_disabled", "storage_low", "quota_warning"]
PlansStatus = Literal["trialing", "active", "past_due", "canceled"]
RecordingsStatus = Literal["preparing", "recording", "processing", "completed", "failed"]
TakeoutState = Literal["pending", "completed", "failed"]
WebhooksStatus = Literal["pending", "success", "failed"]


class About(TypedDict):
    id: str
    title: str
    slug: str
    """Its page is `/s/{slug}`, where it is shared."""
    shared: bool


class Accepted(TypedDict):
    accepted: int
    """Events that were taken; none where the viewer asks not to be tracked."""


class AccountDetails(TypedDict):
    id: str
    email: str
    username: str
    role: Role
    state: AccountState
    emailVerified: bool
    secondFactor: bool
    signIns: int
    """Devices that are signed in."""
    keys: int
    recordings: int
    bytes: int
    """Of their recordings as they were uploaded, the trash included."""
    lastSeenAt: str | None
    createdAt: str
    disabledAt: str | None
    trashed: int
    devices: list[SignIn]


class Account(TypedDict):
    id: str
    email: str
    username: str
    role: Role
    state: AccountState
    emailVerified: bool
    secondFactor: bool
    signIns: int
    """Devices that are signed in."""
    keys: int
    recordings: int
    bytes: int
    """Of their recordings as they were uploaded, the trash included."""
    lastSeenAt: str | None
    createdAt: str
    disabledAt: str | None


class AccountPage(TypedDict):
    data: list[Account]
    pagination: Pagination


class ActionItem(TypedDict):
    start: float
    """Seconds from the start of the recording."""
    end: float
    segmentIds: list[int]
    """Segments of the transcript in which it was said."""
    text: str
    assignee: str | None
    """As it was said: a name, I, we or you."""
    due: str | None
    """As it was said."""
    dueDate: str | None
    """The day that `due` means, where it can be told."""
    confidence: float


class Actor(TypedDict):
    userId: str | None
    """Null for guests."""
    name: str
    guest: bool


class Address(TypedDict):
    url: str
    """A page of the payment provider."""


class Allowance(TypedDict):
    workspaceId: str
    plan: str
    """Id of the plan that holds."""
    allowed: bool
    reason: str | None
    """Why not, and what can be done; null where it is allowed."""
    quota: Quota | None
    """Which one is used up."""
    secondsLeft: int | None
    """Of recording in this month; null: no limit."""


class Analysis(TypedDict):
    recordingId: str
    status: AnalysisStatus
    """`queued` while a newer one is made; what was found before stays."""
    source: AnalysisSource | None
    """`llm` where a language model wrote it."""
    model: str | None
    language: str | None
    title: str | None
    """A suggestion; the recording keeps its own."""
    summary: str | None
    sentences: list[Sentence]
    """The summary with its sources."""
    topics: list[Topic]
    entities: list[Entity]
    sentimentScore: float | None
    """-1 to 1; null where nobody can tell."""
    actionItems: list[ActionItem]
    chapters: list[Chapter]
    suggestions: list[Suggestion]
    """What could be cut; for the owner alone."""
    notes: list[str]
    """What is missing, and why; for the owner alone."""
    transcriptRevision: int | None
    error: str | None
    createdAt: str
    updatedAt: str


Analytics = TypedDict('Analytics', {"views": 'int', "uniqueViewers": 'int', "starts": 'int', "watchSeconds": 'float', "completions": 'int', "averageWatched": 'float | None', "recordingId": 'str', "from": 'str', "to": 'str', "duration": 'float | None', "completionRate": 'float | None', "averageWatchSeconds": 'float | None', "streamStarts": 'int', "retention": 'list[float]', "rewatches": 'list[float]', "dropOff": 'list[int]', "drops": 'list[Drop]', "referrers": 'list[Named]', "devices": 'list[Named]', "browsers": 'list[Named]', "systems": 'list[Named]', "countries": 'list[Named]', "qualities": 'list[QualityTime]', "qualitySwitches": 'int', "rebuffers": 'int', "rebufferSeconds": 'float', "days": 'list[Day]'})


class Attempt(TypedDict):
    at: str
    httpStatus: int | None
    error: str | None
    durationMs: int


class Audit(TypedDict):
    id: int
    at: str
    act: str
    actorId: str | None
    """Who did it; null: the server, or nobody who was signed in."""
    userId: str | None
    """Whose account or recording it is about."""
    workspaceId: str | None
    recordingId: str | None
    address: str | None
    """Network address of the request; of others only for administrators."""
    details: dict[str, Any]


class AuditPage(TypedDict):
    data: list[Audit]
    pagination: AuditPagination


class AuditPagination(TypedDict):
    page: int
    size: int
    totalPages: int
    totalElements: int


class Author(TypedDict):
    userId: str | None
    """Null for guests."""
    name: str
    guest: bool


class BeginPasskeyRequest(TypedDict):
    """Empty soon after a sign-in; later all factors once more."""
    password: NotRequired[str | None]
    code: NotRequired[str | None]
    """Of the second factor, if there is one."""


class Billing(TypedDict):
    workspaceId: str
    plan: Plan
    """The one that holds now."""
    status: PlansStatus | None
    """Of the subscription; null where there never was one."""
    periodEnd: str | None
    """Until when it is paid for."""
    endsWithPeriod: bool
    """It was cancelled, and lasts until then."""
    graceUntil: str | None
    """A payment failed: until when the plan stays."""
    takesPayments: bool
    """Whether this server takes money at all."""
    plans: list[Plan]
    """All that there are."""


class Captions(TypedDict):
    language: str
    """BCP 47."""
    label: str
    url: str
    """WebVTT."""


class ChangeAccountRequest(TypedDict):
    role: Role


class ChangeEmailAnswer(TypedDict):
    """`pending`: the other address has to confirm it too."""
    email: str
    pending: bool


class ChangeEmailRequest(TypedDict):
    email: str
    password: NotRequired[str | None]
    """Your present one, unless the account has none."""
    code: NotRequired[str | None]
    """Of your authenticator app, or a recovery code, where the second factor is on."""


class ChannelList(TypedDict):
    data: list[Channel]


class Channel(TypedDict):
    id: str
    workspaceId: str | None
    description: str
    url: str
    """Its host and its end: whoever knows all of it can write there."""
    kinds: list[NotificationsKind] | None
    """Of a workspace's; null: what you chose for Slack."""
    active: bool
    failures: int
    disabledAt: str | None
    disabledReason: str | None
    lastSuccessAt: str | None
    createdAt: str


class Chapter(TypedDict):
    title: str
    start: float
    end: float


class CheckoutRequest(TypedDict):
    plan: str


class ChoiceRequest(TypedDict):
    """What is left out stays as it is."""
    inApp: NotRequired[bool | None]
    email: NotRequired[Email | None]
    slack: NotRequired[bool | None]


class CodeRequest(TypedDict):
    code: str


class CommentHistory(TypedDict):
    data: list[CommentRevision]


class Comment(TypedDict):
    id: str
    recordingId: str
    parentId: str | None
    author: Author | None
    """Null where it was deleted."""
    body: str
    """Plain text; empty where it was deleted and only its replies are left."""
    time: float | None
    endTime: float | None
    drawing: Drawing | None
    mentions: list[CommentsMention]
    mine: bool
    """Whether who asks wrote it."""
    deleted: bool
    resolved: bool
    resolvedAt: str | None
    editedAt: str | None
    createdAt: str
    version: int
    """Its ETag is this number in quotes."""


class CommentRequest(TypedDict):
    body: str
    """Plain text."""
    time: NotRequired[float | None]
    """Seconds from the start; null: about all of it."""
    endTime: NotRequired[float | None]
    """Where it is about a stretch of the video."""
    drawing: NotRequired[Drawing | None]
    """On the frame at `time`."""
    parentId: NotRequired[str | None]
    """The comment this is a reply to; a reply's stands for its own."""


class CommentRevision(TypedDict):
    version: int
    body: str
    time: float | None
    endTime: float | None
    drawing: Drawing | None
    replacedAt: str


class ConfirmRequest(TypedDict):
    token: str


class ConfirmedRequest(TypedDict):
    """What taking a factor away needs: both factors."""
    password: str
    code: str
    """Of the app, or a recovery code."""


class ControlRequest(TypedDict):
    action: Action


class Count(TypedDict):
    unread: int


class CreateChannelRequest(TypedDict):
    url: str
    description: NotRequired[str]
    workspaceId: NotRequired[str | None]
    """Left out: it is your own, and is told what you are."""
    kinds: NotRequired[list[NotificationsKind]]
    """What a workspace's channel is told."""


class CreateKeyRequest(TypedDict):
    name: str
    scopes: list[Scope]
    """What it may be used for."""
    expiresAt: NotRequired[str | None]
    """Null: it does not end by itself."""


class CreatePasskeyRequest(TypedDict):
    credential: NewCredential
    name: NotRequired[str]


class CreateWebhookRequest(TypedDict):
    url: str
    events: NotRequired[list[str]]
    description: NotRequired[str]


class CreateWorkspaceRequest(TypedDict):
    name: str


class CreatedKey(TypedDict):
    id: str
    name: str
    keyPrefix: str
    """The eight characters after `loom_`, to know it by."""
    userId: str
    scopes: list[Scope]
    lastUsedAt: str | None
    """To within a minute."""
    expiresAt: str | None
    createdAt: str
    isActive: bool
    key: str
    """The key itself. It is shown this once."""


class Database(TypedDict):
    kind: str
    sizeBytes: int | None
    migration: str | None
    newestMigration: str


class Day(TypedDict):
    date: str
    views: int
    uniqueViewers: int
    starts: int
    watchSeconds: float
    completions: int


class DeliveryDetail(TypedDict):
    """With what was sent and answered, the last time."""
    id: str
    """The payload's `id` and the header X-Loom-Delivery."""
    subscriptionId: str
    event: str
    recordingId: str | None
    status: WebhooksStatus
    attempt: int
    """Tries so far."""
    httpStatus: int | None
    errorMessage: str | None
    durationMs: int | None
    createdAt: str
    deliveredAt: str | None
    nextAttemptAt: str | None
    """Null when there is none to come."""
    requestUrl: str
    requestHeaders: dict[str, str] | None
    requestBody: str
    responseBody: str | None
    """Its first 4,096 bytes."""
    attempts: list[Attempt]


class Delivery(TypedDict):
    id: str
    """The payload's `id` and the header X-Loom-Delivery."""
    subscriptionId: str
    event: str
    recordingId: str | None
    status: WebhooksStatus
    attempt: int
    """Tries so far."""
    httpStatus: int | None
    errorMessage: str | None
    durationMs: int | None
    createdAt: str
    deliveredAt: str | None
    nextAttemptAt: str | None
    """Null when there is none to come."""


class DeliveryPage(TypedDict):
    data: list[Delivery]
    pagination: Pagination


class Disk(TypedDict):
    freeBytes: int
    totalBytes: int
    areas: list[Usage]
    lookedAt: str
    """When the files were counted."""


class Drawing(TypedDict):
    strokes: list[Stroke]


class Drop(TypedDict):
    """A place where many stop watching."""
    at: float
    """Seconds."""
    views: int
    """Views that went no further."""


class EditCommentRequest(TypedDict):
    """Fields left out stay as they are; null removes a time or a drawing."""
    body: NotRequired[str | None]
    time: NotRequired[float | None]
    endTime: NotRequired[float | None]
    drawing: NotRequired[Drawing | None]


class EditSegment(TypedDict):
    text: str
    """Empty removes it."""


class Encoders(TypedDict):
    wanted: str
    chosen: dict[str, str]
    """By codec, as far as one was needed since the start."""
    rejected: dict[str, str]
    """With the reason."""


class Entitlements(TypedDict):
    """Null: no limit."""
    storageBytes: int | None
    recordingSeconds: int | None
    """In a calendar month (UTC)."""
    transcriptionSeconds: int | None
    """In a calendar month (UTC)."""
    members: int | None
    maxLengthSeconds: int | None
    """Of a file that is uploaded."""
    maxHeight: int | None
    """Lines of the picture that viewers are offered."""
    features: list[Feature]


class Entity(TypedDict):
    type: EntityType
    text: str
    count: int
    mentions: list[AnalysisMention]


class Entry(TypedDict):
    id: int
    at: str
    act: str
    actorId: str | None
    actor: str | None
    """Their name, while there is the account."""
    userId: str | None
    user: str | None
    workspaceId: str | None
    recordingId: str | None
    address: str | None
    details: dict[str, Any]


class EntryPage(TypedDict):
    data: list[Entry]
    pagination: Pagination


class ErasureOrdered(TypedDict):
    """Its receipt is at `GET /api/v1/erasures/{id}`."""
    id: str
    state: TakeoutState


class Erasure(TypedDict):
    """The receipt: keep its id, it is all that leads here."""
    id: str
    state: TakeoutState
    removed: dict[str, Any]
    """How much of each kind."""
    createdAt: str
    finishedAt: str | None


class ErasureRequest(TypedDict):
    password: NotRequired[str | None]
    """Your present one, unless the account has none."""
    code: NotRequired[str | None]
    """Of your authenticator app, or a recovery code, where the second factor is on."""


class Error(TypedDict):
    """Every answer with a status of 400 or more has this body."""
    error: str
    """One sentence for people."""
    code: str
    """Stable, for programs."""
    details: NotRequired[dict[str, Any] | list[Any] | None]
    requestId: str
    """Where to look in the server's log."""
    retry_after: NotRequired[int | None]
    """Seconds to wait; only with 429."""


class EventList(TypedDict):
    data: list[Event]


class Event(TypedDict):
    name: str
    description: str


class Examination(TypedDict):
    ok: bool
    findings: list[Finding]


class ExportList(TypedDict):
    data: list[Export]


class Export(TypedDict):
    id: str
    state: TakeoutState
    withMedia: bool
    sizeBytes: int | None
    error: str | None
    createdAt: str
    finishedAt: str | None
    expiresAt: str | None


class ExportRequest(TypedDict):
    withMedia: NotRequired[bool]
    """Also the videos; else a list of them."""


class Factors(TypedDict):
    totp: bool
    """Whether an authenticator app is asked at the sign-in."""
    totpSince: str | None
    recoveryCodes: int
    """How many are left."""


class Failure(TypedDict):
    at: str
    attempt: int
    kind: str
    error: str
    said: str
    """The end of what the codec's process complained of."""


class Finding(TypedDict):
    what: str
    ok: bool
    detail: str
    hint: str
    """What to do where it is not well."""


class FlagList(TypedDict):
    data: list[Flag]


class Flag(TypedDict):
    name: FlagName
    description: str
    default: bool
    enabled: bool
    """For whoever nothing else was said about."""
    reaches: list[Reach]
    """For whom it can be said by itself."""
    said: list[FlagWord]


class FlagWord(TypedDict):
    reach: Reach
    subjectId: str | None
    """Of the workspace or the person; null for the server."""
    subject: str | None
    """Its name."""
    enabled: bool
    changedAt: str
    changedBy: str | None


class FolderList(TypedDict):
    data: list[Folder]
    """The whole tree, by name; `parentId` says where each one lies."""


class Folder(TypedDict):
    id: str
    workspaceId: str
    parentId: str | None
    name: str
    recordings: int
    """In it itself, not in the folders below."""
    createdAt: str
    updatedAt: str


class FolderRequest(TypedDict):
    name: str
    parentId: NotRequired[str | None]
    """The folder it lies in; null: at the top."""


class ForgottenRequest(TypedDict):
    email: str


class GraphQLAnswer(TypedDict):
    data: dict[str, Any] | None
    errors: NotRequired[list[dict[str, Any]] | None]
    extensions: NotRequired[dict[str, Any] | None]


class GraphQLRequest(TypedDict):
    query: str
    variables: NotRequired[dict[str, Any] | None]
    operationName: NotRequired[str | None]


class Group(TypedDict):
    id: str
    name: str
    externalId: str | None
    members: int
    workspaceId: str | None
    workspaceName: str | None
    role: WorkspaceRole


class GroupPage(TypedDict):
    data: list[Group]
    pagination: Pagination


class GuestComment(TypedDict):
    id: str
    recordingId: str
    parentId: str | None
    author: Author | None
    """Null where it was deleted."""
    body: str
    """Plain text; empty where it was deleted and only its replies are left."""
    time: float | None
    endTime: float | None
    drawing: Drawing | None
    mentions: list[CommentsMention]
    mine: bool
    """Whether who asks wrote it."""
    deleted: bool
    resolved: bool
    resolvedAt: str | None
    editedAt: str | None
    createdAt: str
    version: int
    """Its ETag is this number in quotes."""
    editToken: str | None
    """For guests: send it as `X-Guest-Token` to change or delete what you wrote, and to be the same guest in further comments. Told with the first thing a guest says, and never again."""


class GuestCommentRequest(TypedDict):
    body: str
    """Plain text."""
    time: NotRequired[float | None]
    """Seconds from the start; null: about all of it."""
    endTime: NotRequired[float | None]
    """Where it is about a stretch of the video."""
    drawing: NotRequired[Drawing | None]
    """On the frame at `time`."""
    parentId: NotRequired[str | None]
    """The comment this is a reply to; a reply's stands for its own."""
    name: NotRequired[str | None]
    """How a guest wants to be called; not for those who are signed in."""


class GuestReaction(TypedDict):
    id: str
    recordingId: str
    author: Author | None
    emoji: Emoji
    time: float
    mine: bool
    createdAt: str
    editToken: str | None
    """As of a comment."""


class GuestReactionRequest(TypedDict):
    emoji: Emoji
    time: NotRequired[float]
    name: NotRequired[str | None]


class Health(TypedDict):
    standing: Standing
    reasons: list[Reason]
    checks: list[Finding]
    version: str
    startedAt: str
    uptimeSeconds: float
    database: Database
    disk: Disk
    lanes: list[LaneOut]
    workers: list[Worker]
    queues: list[Queue]
    rateLimits: RateLimits
    encoders: Encoders
    speech: Finding
    errors: list[Trouble]
    """The last fifty of this process, the last first."""


class Hit(TypedDict):
    """A recording that has all the words; `moments` are its best places, best first."""
    id: str
    title: str
    description: str
    status: str
    duration: float | None
    language: str
    createdAt: str
    shareUrl: str
    shared: bool
    """Whether anyone with the link may watch."""
    posterUrl: str | None
    titleParts: list[Part]
    moments: list[Moment]


class Holder(TypedDict):
    recordings: int
    bytes: int
    trashed: int
    trashedBytes: int
    seconds: float
    id: str
    name: str


class HolderPage(TypedDict):
    data: list[Holder]
    pagination: Pagination


class IdentityList(TypedDict):
    data: list[Identity]


class Identity(TypedDict):
    id: str
    provider: str
    providerName: str
    email: str | None
    """As the provider said it last."""
    createdAt: str
    lastUsedAt: str | None


class InvitationList(TypedDict):
    data: list[Invitation]


class Invitation(TypedDict):
    id: str
    workspaceId: str | None
    workspaceName: str | None
    email: str
    role: WorkspaceRole
    state: InvitationState
    createdAt: str
    expiresAt: str


class InviteRequest(TypedDict):
    email: str
    role: NotRequired[WorkspaceRole]


class JobDetails(TypedDict):
    id: str
    recordingId: str
    userId: str
    """Whose recording it is."""
    step: StepName
    type: str
    lane: Lane
    status: JobStatus
    progress: float
    """Percent."""
    attempt: int
    maxAttempts: int
    error: str | None
    worker: str | None
    """Who is at it."""
    cancelRequested: bool
    notBefore: str | None
    createdAt: str
    startedAt: str | None
    completedAt: str | None
    input: str
    output: str
    log: list[Failure]
    """Its last failed tries, also those before it was tried again."""


class Job(TypedDict):
    id: str
    recordingId: str
    userId: str
    """Whose recording it is."""
    step: StepName
    type: str
    lane: Lane
    status: JobStatus
    progress: float
    """Percent."""
    attempt: int
    maxAttempts: int
    error: str | None
    worker: str | None
    """Who is at it."""
    cancelRequested: bool
    notBefore: str | None
    createdAt: str
    startedAt: str | None
    completedAt: str | None


class JobPage(TypedDict):
    data: list[Job]
    pagination: Pagination


class KeyList(TypedDict):
    data: list[Key]


class Key(TypedDict):
    id: str
    name: str
    keyPrefix: str
    """The eight characters after `loom_`, to know it by."""
    userId: str
    scopes: list[Scope]
    lastUsedAt: str | None
    """To within a minute."""
    expiresAt: str | None
    createdAt: str
    isActive: bool


class LaneOut(TypedDict):
    lane: Lane
    queued: int
    processing: int
    oldest: str | None
    """When the one that waits longest was made."""
    workers: int
    """In this process."""


class Large(TypedDict):
    id: str
    title: str
    userId: str
    workspaceId: str | None
    status: RecordingsStatus
    bytes: int
    seconds: float | None
    createdAt: str
    deletedAt: str | None


class LargePage(TypedDict):
    data: list[Large]
    pagination: Pagination


class Letter(TypedDict):
    kind: AdminKind
    id: str
    what: str
    """A step, an event's name, a subject."""
    about: str
    """A recording, an address."""
    error: str
    attempts: int
    failedAt: str | None
    recordingId: str | None


class LetterPage(TypedDict):
    data: list[Letter]
    pagination: Pagination


class LinkAnswer(TypedDict):
    address: str
    """Where the browser has to go now: the page that asked, at once."""


class LinkRequest(TypedDict):
    """`password` and `code` as for a new passkey."""
    provider: str
    password: NotRequired[str | None]
    code: NotRequired[str | None]
    next: NotRequired[str]
    """Where the browser goes in the end."""


class Live(TypedDict):
    status: Literal["ok"]
    server: str
    """Which server answers: `Heddle`."""
    version: str
    """Its version, also told in `/openapi.json`."""


class LoginAnswer(TypedDict):
    token: str
    """Send it as `Authorization: Bearer <token>`. The same as `accessToken`."""
    accessToken: str
    refreshToken: str | None
    """For `POST /auth/refresh`, once; null where the browser keeps it in a cookie."""
    tokenType: NotRequired[str]
    expiresIn: int
    """Seconds that the access token is valid."""
    expiresAt: str
    refreshExpiresAt: str
    user: User


class LoginRequest(TypedDict):
    email: str
    password: str
    deviceName: NotRequired[str | None]
    """To know it by in the list of devices."""
    cookie: NotRequired[bool]
    """For pages of this server: the refresh token is not answered, the browser keeps it in a cookie that no script can read. Needs the header `X-Heddle-Session: 1`."""


class MapRequest(TypedDict):
    workspaceId: str | None
    """A team's, in which you may manage members; null: none."""
    role: NotRequired[Literal["admin", "member", "viewer"]]


class Marker(TypedDict):
    time: float
    """Seconds from the start."""
    title: str


class MemberList(TypedDict):
    data: list[Member]


class Member(TypedDict):
    userId: str
    email: str
    username: str
    role: WorkspaceRole
    since: str
    fromDirectory: bool
    """By a group of a directory: who leaves that leaves here."""


class MfaLoginRequest(TypedDict):
    mfaToken: str
    code: str
    deviceName: NotRequired[str | None]
    cookie: NotRequired[bool]
    """For pages of this server: the refresh token is not answered, the browser keeps it in a cookie that no script can read. Needs the header `X-Heddle-Session: 1`."""


class Moment(TypedDict):
    """Where something was found. Seconds; null for what belongs to the whole recording."""
    kind: str
    parts: list[Part]
    start: float | None
    end: float | None


class MoveRequest(TypedDict):
    workspaceId: str


class Named(TypedDict):
    name: str
    views: int


class NewAccountRequest(TypedDict):
    email: str
    username: NotRequired[str | None]
    role: NotRequired[Role]
    password: NotRequired[str | None]
    """Without one, a link to choose it is sent; it is good for a week."""


class NewCredential(TypedDict):
    """Of `navigator.credentials.create()`."""
    id: str
    rawId: str
    type: NotRequired[Literal["public-key"]]
    response: Attestation


class Notification(TypedDict):
    id: str
    kind: NotificationsKind
    text: str
    """What happened, in a sentence."""
    quote: str
    """What somebody wrote, at most 500 characters of it; else empty."""
    actor: Actor | None
    """Who did it, where that is one person and known."""
    recording: About | None
    data: dict[str, Any]
    """By kind: `commentId parentId time`, `emoji`, `error`, …"""
    count: int
    """How many things it stands for: reactions and views are bundled."""
    read: bool
    createdAt: str
    updatedAt: str
    """When the last of them happened."""


class NotificationPage(TypedDict):
    data: list[Notification]
    pagination: NotificationsCursorPagination
    unread: int


class OptionsAnswer(TypedDict):
    """`publicKey` goes to `navigator.credentials`, which wants its bytes decoded from base64url."""
    publicKey: dict[str, Any]
    expiresAt: str


class OrphanList(TypedDict):
    data: list[Orphan]
    bytes: int


class Orphan(TypedDict):
    key: str
    bytes: int
    changedAt: str


Overview = TypedDict('Overview', {"from": 'str', "to": 'str', "total": 'Summary', "days": 'list[Day]', "data": 'list[RecordingFigures]', "pagination": 'Pagination'})


class Owner(TypedDict):
    username: str


class Pagination(TypedDict):
    page: int
    size: int
    totalPages: int
    totalElements: int
    nextCursor: NotRequired[str | None]
    """Where a list was asked for with `cursor`: what leads to the next page, if there is one."""


class Part(TypedDict):
    """Text as it is; `match` where it is what was asked for."""
    text: str
    match: bool


class PasskeyList(TypedDict):
    data: list[Passkey]


class PasskeyLoginRequest(TypedDict):
    credential: UsedCredential
    deviceName: NotRequired[str | None]
    cookie: NotRequired[bool]
    """For pages of this server: the refresh token is not answered, the browser keeps it in a cookie that no script can read. Needs the header `X-Heddle-Session: 1`."""


class Passkey(TypedDict):
    id: str
    name: str
    createdAt: str
    lastUsedAt: str | None
    backedUp: bool
    """Whether its authenticator keeps copies, such as a password manager."""
    copiedAt: str | None
    """When a sign-in was refused because somebody may hold a copy of it; null: never."""


class PasswordChange(TypedDict):
    currentPassword: str
    newPassword: str
    """12 characters or more, and not a common one."""


class PasswordRequest(TypedDict):
    password: str
    """Yours, once more."""


class Plan(TypedDict):
    id: str
    name: str
    free: bool
    entitlements: Entitlements


class Preference(TypedDict):
    inApp: bool
    email: Email
    slack: bool
    kind: NotificationsKind
    description: str


class Preferences(TypedDict):
    data: list[Preference]
    digestHour: int
    quietFrom: str | None
    quietUntil: str | None
    timeZone: str
    """Of your profile; these hours are by its clock."""
    emailAvailable: bool
    """Whether this server sends letters, and to your address."""


class PreferencesRequest(TypedDict):
    """What is left out stays as it is; quiet hours that are null end."""
    kinds: NotRequired[dict[str, ChoiceRequest]]
    digestHour: NotRequired[int | None]
    quietFrom: NotRequired[str | None]
    quietUntil: NotRequired[str | None]


class Profile(TypedDict):
    id: str
    email: str
    emailVerified: bool
    username: str
    role: Role
    timeZone: str | None
    language: str | None
    avatarUrl: str | None
    createdAt: str


class Provider(TypedDict):
    id: str
    name: str
    """For a button."""
    startPath: str
    """Where a browser goes to sign in that way, with `next`, an address of this server."""


class Quality(TypedDict):
    name: str
    width: int
    height: int
    bandwidth: int
    """Bits per second, at the peak."""
    averageBandwidth: int
    """Bits per second."""
    frameRate: float
    """Pictures a second, at the most; 0 without a picture."""
    codecs: str
    """As RFC 6381 names them."""
    playlistUrl: str
    """The HLS playlist of this version alone."""


class QualityTime(TypedDict):
    name: str
    seconds: float


class Queue(TypedDict):
    name: str
    waiting: int
    oldest: str | None
    dead: int


class QuotaOut(TypedDict):
    quota: Quota
    used: int
    limit: int | None
    percent: int | None


class RateLimits(TypedDict):
    countedIn: str
    reachable: bool


class Reaction(TypedDict):
    id: str
    recordingId: str
    author: Author | None
    emoji: Emoji
    time: float
    mine: bool
    createdAt: str


class ReactionPage(TypedDict):
    data: list[Reaction]
    counts: dict[str, int]
    """Of all, not only of this page."""
    pagination: CommentsCursorPagination


class ReactionRequest(TypedDict):
    emoji: Emoji
    time: NotRequired[float]


class ReadAll(TypedDict):
    changed: int
    unread: int


class ReadAllRequest(TypedDict):
    until: NotRequired[str | None]
    """Only what happened until then: what came since stays unread."""


class ReadRequest(TypedDict):
    read: NotRequired[bool]


class Ready(TypedDict):
    status: Literal["ok", "unavailable"]
    checks: dict[str, ReadyPart]


class ReadyPart(TypedDict):
    ok: bool
    detail: str


class Reason(TypedDict):
    standing: Standing
    what: str
    detail: str
    hint: str


class RecordingFigures(TypedDict):
    views: int
    uniqueViewers: int
    starts: int
    """Players that began, also those that stopped before it was a view."""
    watchSeconds: float
    """With what was watched again."""
    completions: int
    """Views that saw nearly all of it."""
    averageWatched: float | None
    """Part of the recording that a view saw, 0 to 1."""
    id: str
    title: str
    duration: float | None


class Recording(TypedDict):
    id: str
    userId: str
    """Who made it."""
    workspaceId: str | None
    title: str
    description: str
    status: RecordingsStatus
    recordingType: RecordingType
    settings: dict[str, Any]
    duration: float | None
    """Seconds; null until it is known."""
    fileSizeBytes: int | None
    sha256: str | None
    """Of the whole file, once all of it is here."""
    shareUrl: str
    shared: bool
    """Whether the link is on: `visibility` is not `private`."""
    visibility: Visibility
    hasPassword: bool
    """Whether the link asks for a password."""
    expiresAt: str | None
    """When the link ends."""
    allowDownload: bool
    allowComments: bool
    markers: list[Marker]
    posterUrl: str | None
    viewCount: int
    """Counted views; see analytics."""
    error: str | None
    createdAt: str
    updatedAt: str
    startedAt: str | None
    endedAt: str | None
    deletedAt: str | None
    """Since when it lies in the trash."""
    folderId: str | None
    tags: list[str]


class RecordingPage(TypedDict):
    data: list[Recording]
    pagination: Pagination


class RecoveryCodes(TypedDict):
    recoveryCodes: list[str]
    """Each good for one sign-in. They are shown this once."""


class RefreshRequest(TypedDict):
    refreshToken: NotRequired[str | None]


class RegisterAnswer(TypedDict):
    """`userId` is null until the link in the mail has been opened."""
    email: str
    userId: str | None
    verificationSent: bool


class RegisterRequest(TypedDict):
    email: str
    password: str
    username: NotRequired[str | None]
    invitation: NotRequired[str | None]
    """From the link in the mail, where there is one."""


class RemoveRequest(TypedDict):
    keys: list[str]
    """As `GET` has listed them."""


class Removed(TypedDict):
    removed: int
    bytes: int


class RenamePasskeyRequest(TypedDict):
    name: str


class Rerun(TypedDict):
    jobId: str
    status: str


class RerunRequest(TypedDict):
    language: NotRequired[str | None]
    """What is spoken; without it, it is found out."""
    translate: NotRequired[bool]
    """Into English."""
    vocabulary: NotRequired[list[str]]
    """Names and terms, spelled as they should come out."""


class ResetRequest(TypedDict):
    token: str
    password: str


class RestoreRequest(TypedDict):
    revision: int


class Retention(TypedDict):
    workspaceId: str
    name: str
    days: int


class Retried(TypedDict):
    retried: int
    refused: int
    """Those that cannot be tried again."""
    left: int
    """Dead ones of this kind that are there now."""


class Revision(TypedDict):
    revision: int
    action: RevisionAction
    userId: str | None
    """Null for the machine."""
    username: str | None
    segmentId: int | None
    """Null where the whole transcript changed."""
    before: str | None
    """The segment's text before."""
    after: str | None
    createdAt: str


class RevisionPage(TypedDict):
    data: list[Revision]
    totalElements: int


class RoleRequest(TypedDict):
    role: WorkspaceRole


class RotateSecretRequest(TypedDict):
    keepPreviousHours: NotRequired[float]
    """For how long the secret that is replaced signs too."""


class SayRequest(TypedDict):
    reach: NotRequired[Reach]
    subjectId: NotRequired[str | None]
    enabled: bool | None
    """null takes back what was said."""


class Search(TypedDict):
    """`corrected`: the words that were searched instead, where nothing has those that were typed."""
    data: list[Hit]
    pagination: Pagination
    corrected: str | None


class SeenWorkspaceDetails(TypedDict):
    id: str
    name: str
    kind: WorkspacesKind
    members: int
    owners: list[str]
    """Addresses of those who could sign in; empty: it needs another."""
    recordings: int
    bytes: int
    retentionDays: int | None
    createdAt: str
    trashed: int
    people: list[Member]


class SeenWorkspace(TypedDict):
    id: str
    name: str
    kind: WorkspacesKind
    members: int
    owners: list[str]
    """Addresses of those who could sign in; empty: it needs another."""
    recordings: int
    bytes: int
    retentionDays: int | None
    createdAt: str


class SeenWorkspacePage(TypedDict):
    data: list[SeenWorkspace]
    pagination: Pagination


class Segment(TypedDict):
    id: int
    start: float
    """Seconds from the start of the recording."""
    end: float
    text: str
    """Empty where somebody removed what the machine heard."""
    confidence: float
    """0 to 1."""
    edited: bool
    original: NotRequired[str | None]
    """What the machine heard; for the owner alone."""
    words: list[Word]


class Sentence(TypedDict):
    start: float
    """Seconds from the start of the recording."""
    end: float
    segmentIds: list[int]
    """Segments of the transcript in which it was said."""
    text: str


class ServerInviteRequest(TypedDict):
    email: str


class SessionList(TypedDict):
    data: list[Session]


class Session(TypedDict):
    id: str
    deviceName: str
    """As it was given at the sign-in."""
    client: str
    """The program, as it named itself."""
    createdAt: str
    lastUsedAt: str
    """To within five minutes."""
    expiresAt: str
    """When it ends unless it is used before."""
    current: bool
    """The one that asks."""


class SettingList(TypedDict):
    data: list[Setting]


class Setting(TypedDict):
    name: str
    value: str | None
    """A secret is only said to be there."""
    source: AdminSource
    secret: bool


class Share(TypedDict):
    recordingId: str
    title: str
    status: RecordingsStatus
    live: bool
    """Bytes may still arrive; the playlist has no end yet."""
    duration: float | None
    """Seconds, so far; null until something can be played."""
    playlistUrl: str | None
    """The HLS master playlist; null until something can be played."""
    mediaPlaylistUrl: str | None
    """The HLS playlist of the source itself."""
    dashUrl: str | None
    """The DASH manifest, once all of the recording is here."""
    downloadUrl: str | None
    """A file to keep: MP4 once it is made, before that the file as it was uploaded; null where downloads are off, but for those who may change the recording."""
    originalUrl: str | None
    """The file as it was recorded or uploaded, byte for byte, by ranges: its hash is the recording's `sha256`. Null until all of it is here, and where there is no `downloadUrl`."""
    audioUrl: str | None
    """The sound alone."""
    posterUrl: str | None
    previewUrl: str | None
    """A short moving picture."""
    storyboardUrl: str | None
    """WebVTT that names small pictures by their times."""
    waveformUrl: str | None
    captions: list[Captions]
    chaptersUrl: str | None
    """WebVTT of the kind `chapters`; null where there are none."""
    quality: list[Quality]
    processing: list[Step]
    transcription: Transcription
    expiresAt: str
    """When the addresses above end."""
    error: str | None
    slug: str
    description: str
    shareUrl: str
    createdAt: str
    owner: Owner | None
    guarded: bool
    """Whether having the link is not enough to see this."""
    allowDownload: bool
    """Whether the one who asks may keep it as a file."""
    allowComments: bool
    """Whether viewers may comment and react."""
    mayEdit: bool
    """Whether the one who asks may change it."""


class ShareSettings(TypedDict):
    """How a recording is shared."""
    shareUrl: str
    embedUrl: str
    shared: bool
    """Whether the link is on: `visibility` is not `private`."""
    visibility: Visibility
    hasPassword: bool
    """Whether the link asks for a password."""
    expiresAt: str | None
    """When the link ends; null: never."""
    allowDownload: bool
    allowComments: bool


class ShareSettingsRequest(TypedDict):
    """Fields left out stay as they are."""
    visibility: NotRequired[Visibility | None]
    """`public`: whoever has the link; `workspace`: members of its workspace; `private`: nobody."""
    password: NotRequired[str | None]
    """8 characters or more, told to nobody again; null takes it away. Another one ends the entry of all who knew the one before."""
    expiresAt: NotRequired[str | None]
    """From then on the link leads nowhere; null: never. Must lie ahead."""
    allowDownload: NotRequired[bool | None]
    """Whether viewers are offered files. Whoever can watch can record."""
    allowComments: NotRequired[bool | None]
    """Whether viewers may comment and react."""


class SignIn(TypedDict):
    id: str
    deviceName: str
    client: str
    createdAt: str
    lastUsedAt: str
    expiresAt: str


class SingleLogoutAnswer(TypedDict):
    address: str | None
    """Where the browser goes to be signed out at the provider, too; null: nowhere."""


class StartRecordingRequest(TypedDict):
    recordingType: RecordingType
    title: NotRequired[str]
    description: NotRequired[str]
    settings: NotRequired[dict[str, Any]]
    shared: NotRequired[bool]
    """false: the link is off, as with `visibility: private`."""
    visibility: NotRequired[Visibility | None]
    """Whom the link lets in; counts before `shared`."""
    allowComments: NotRequired[bool]
    """Whether they may also comment and react."""
    workspaceId: NotRequired[str | None]
    """Left out: your personal one."""


class Step(TypedDict):
    step: str
    status: str
    progress: float | None
    """Percent."""
    error: str | None


class StepState(TypedDict):
    """Where a step stands."""
    step: str
    status: str
    progress: float
    """Percent."""
    error: str | None


class StepUpAnswer(TypedDict):
    """The password was right; a second factor is still owed."""
    mfaRequired: NotRequired[Literal[True]]
    mfaToken: str
    """For `POST /auth/login/mfa`, with a code."""
    expiresAt: str


class Storage(TypedDict):
    disk: Disk
    recordings: Total
    trash: Trash
    trashDays: int
    retention: list[Retention]
    """Workspaces that keep recordings for a time only."""


class Stream(TypedDict):
    recordingId: str
    title: str
    status: RecordingsStatus
    live: bool
    """Bytes may still arrive; the playlist has no end yet."""
    duration: float | None
    """Seconds, so far; null until something can be played."""
    playlistUrl: str | None
    """The HLS master playlist; null until something can be played."""
    mediaPlaylistUrl: str | None
    """The HLS playlist of the source itself."""
    dashUrl: str | None
    """The DASH manifest, once all of the recording is here."""
    downloadUrl: str | None
    """A file to keep: MP4 once it is made, before that the file as it was uploaded; null where downloads are off, but for those who may change the recording."""
    originalUrl: str | None
    """The file as it was recorded or uploaded, byte for byte, by ranges: its hash is the recording's `sha256`. Null until all of it is here, and where there is no `downloadUrl`."""
    audioUrl: str | None
    """The sound alone."""
    posterUrl: str | None
    previewUrl: str | None
    """A short moving picture."""
    storyboardUrl: str | None
    """WebVTT that names small pictures by their times."""
    waveformUrl: str | None
    captions: list[Captions]
    chaptersUrl: str | None
    """WebVTT of the kind `chapters`; null where there are none."""
    quality: list[Quality]
    processing: list[Step]
    transcription: Transcription
    expiresAt: str
    """When the addresses above end."""
    error: str | None


class Stroke(TypedDict):
    tool: NotRequired[Tool]
    color: str
    width: NotRequired[float]
    points: list[list[Any]]
    """The way of a pen; the two ends, or two opposite corners, of any other tool."""


class Suggestion(TypedDict):
    kind: SuggestionKind
    start: float
    end: float
    reason: str


class Summary(TypedDict):
    views: int
    uniqueViewers: int
    starts: int
    """Players that began, also those that stopped before it was a view."""
    watchSeconds: float
    """With what was watched again."""
    completions: int
    """Views that saw nearly all of it."""
    averageWatched: float | None
    """Part of the recording that a view saw, 0 to 1."""


class TagList(TypedDict):
    data: list[Tag]


class Tag(TypedDict):
    id: str
    workspaceId: str
    name: str
    color: str | None


class TagRequest(TypedDict):
    name: str
    color: NotRequired[str | None]


class TemplateList(TypedDict):
    data: list[Template]


class Template(TypedDict):
    id: str
    name: str
    description: str
    settings: dict[str, Any]
    isDefault: bool
    createdAt: str


class TemplateRequest(TypedDict):
    name: str
    description: NotRequired[str]
    settings: dict[str, Any]
    isDefault: NotRequired[bool]


class TestRequest(TypedDict):
    event: NotRequired[str]
    """The event to pretend."""


class Thread(TypedDict):
    id: str
    recordingId: str
    parentId: str | None
    author: Author | None
    """Null where it was deleted."""
    body: str
    """Plain text; empty where it was deleted and only its replies are left."""
    time: float | None
    endTime: float | None
    drawing: Drawing | None
    mentions: list[CommentsMention]
    mine: bool
    """Whether who asks wrote it."""
    deleted: bool
    resolved: bool
    resolvedAt: str | None
    editedAt: str | None
    createdAt: str
    version: int
    """Its ETag is this number in quotes."""
    replies: list[Comment]
    """Oldest first."""


class ThreadPage(TypedDict):
    data: list[Thread]
    pagination: CommentsCursorPagination


class TokenRequest(TypedDict):
    token: str
    """From the link in the mail."""


class Topic(TypedDict):
    text: str
    score: float
    """Against the strongest topic, which has 1."""
    count: int
    mentions: list[AnalysisMention]


class Total(TypedDict):
    recordings: int
    bytes: int
    trashed: int
    trashedBytes: int
    seconds: float


class TotpSecret(TypedDict):
    secret: str
    """To type into an authenticator app."""
    uri: str
    """The same as a QR code carries it."""


class Transcript(TypedDict):
    recordingId: str
    language: str
    """A code such as `en`; `und` where nobody knows."""
    status: AiState
    source: AiSource
    revision: int
    model: str
    text: str
    confidence: float
    wordCount: int
    duration: float
    edited: bool
    segments: list[Segment]
    createdAt: str
    updatedAt: str


class Transcription(TypedDict):
    status: str
    """`none`, `off`, `queued`, `processing`, `partial`, `completed` or `failed`."""
    detail: str | None
    """Why, where that is not plain."""
    hint: str | None
    """What the owner can do about it."""


class TransferRequest(TypedDict):
    userId: str
    """A member, who becomes the owner."""


class Trash(TypedDict):
    recordings: int
    bytes: int
    oldest: str | None
    nextErasedAt: str | None
    """When the oldest goes for good."""


class Trial(TypedDict):
    delivered: bool
    status: int | None
    """Of the answer; null where there was none."""
    problem: str | None


class Trouble(TypedDict):
    at: str
    event: str
    detail: str


class Unlock(TypedDict):
    token: str
    """For the header `X-Share-Token` of what is asked about this share, where no cookie reaches."""
    expiresAt: str


class UnlockRequest(TypedDict):
    password: str


class UpdateChannelRequest(TypedDict):
    """What is left out stays as it is. `active` true forgives the past failures."""
    url: NotRequired[str | None]
    description: NotRequired[str | None]
    kinds: NotRequired[list[NotificationsKind] | None]
    active: NotRequired[bool | None]


class UpdateFolderRequest(TypedDict):
    """Fields left out stay as they are; `parentId` null moves it to the top."""
    name: NotRequired[str | None]
    parentId: NotRequired[str | None]


class UpdateKeyRequest(TypedDict):
    """What is left out stays."""
    name: NotRequired[str | None]
    scopes: NotRequired[list[Scope] | None]
    expiresAt: NotRequired[str | None]
    isActive: NotRequired[bool | None]
    """A key that is not active is refused, until it is again."""


class UpdateProfileRequest(TypedDict):
    """Fields left out stay as they are; null empties one."""
    username: NotRequired[str | None]
    timeZone: NotRequired[str | None]
    language: NotRequired[str | None]


class UpdateRecordingRequest(TypedDict):
    """Fields left out stay as they are."""
    title: NotRequired[str | None]
    description: NotRequired[str | None]
    settings: NotRequired[dict[str, Any] | None]
    shared: NotRequired[bool | None]
    """false: the link is off (`private`); true: on again, for all who have it."""
    allowComments: NotRequired[bool | None]
    markers: NotRequired[list[Marker] | None]
    """Places to find again; they begin chapters."""
    folderId: NotRequired[str | None]
    """Of its workspace; null: at the top."""
    tags: NotRequired[list[str] | None]
    """All that it shall have, by name; new ones are made in its workspace."""


class UpdateTagRequest(TypedDict):
    """Fields left out stay as they are; `color` null takes it away."""
    name: NotRequired[str | None]
    color: NotRequired[str | None]


class UpdateTemplateRequest(TypedDict):
    """Fields left out stay as they are."""
    name: NotRequired[str | None]
    description: NotRequired[str | None]
    settings: NotRequired[dict[str, Any] | None]
    isDefault: NotRequired[bool | None]


class UpdateWebhookRequest(TypedDict):
    """Fields left out stay as they are."""
    url: NotRequired[str | None]
    events: NotRequired[list[str] | None]
    description: NotRequired[str | None]
    active: NotRequired[bool | None]
    """False: nothing is noted or sent until it is true."""


class UpdateWorkspaceRequest(TypedDict):
    """Fields left out stay as they are; `retentionDays` null keeps recordings for ever."""
    name: NotRequired[str | None]
    retentionDays: NotRequired[int | None]


class Usage(TypedDict):
    area: Area
    files: int
    bytes: int


class UsedCredential(TypedDict):
    """Of `navigator.credentials.get()`."""
    id: str
    rawId: str
    type: NotRequired[Literal["public-key"]]
    response: Assertion


class User(TypedDict):
    id: str
    email: str
    username: str
    role: Role


class VerifyAnswer(TypedDict):
    userId: str
    email: str


class VerifyRequest(TypedDict):
    token: str
    password: NotRequired[str | None]
    """The one that was chosen, to finish a registration."""


class Ways(TypedDict):
    """How one may sign in to this server."""
    password: bool
    passkeys: bool
    """Not where the server has no name of its own, or no https."""
    providers: list[Provider]


class Webhook(TypedDict):
    id: str
    url: str
    description: str
    events: list[str]
    active: bool
    disabledAt: str | None
    """Since when the server sends nothing any more."""
    disabledReason: str | None
    failures: int
    """Tries that failed in a row."""
    pausedUntil: str | None
    """Nothing is sent before, because too many tries failed."""
    lastSuccessAt: str | None
    previousSecretUntil: str | None
    """Until when the replaced secret signs too."""
    createdAt: str
    updatedAt: str


class WebhookPage(TypedDict):
    data: list[Webhook]
    pagination: Pagination


class WebhookPayload(TypedDict):
    """The body of a delivery, signed as its headers say."""
    id: str
    """The same in every try of a delivery."""
    event: str
    timestamp: str
    """When it happened."""
    data: dict[str, Any]
    """What happened; of recordings with `recordingId` and `sessionId` (the same)."""
    subscription_id: str
    """Id of the webhook."""


class WebhookWithSecret(TypedDict):
    id: str
    url: str
    description: str
    events: list[str]
    active: bool
    disabledAt: str | None
    """Since when the server sends nothing any more."""
    disabledReason: str | None
    failures: int
    """Tries that failed in a row."""
    pausedUntil: str | None
    """Nothing is sent before, because too many tries failed."""
    lastSuccessAt: str | None
    previousSecretUntil: str | None
    """Until when the replaced secret signs too."""
    createdAt: str
    updatedAt: str
    secret: str
    """Shown this once. It signs every delivery."""


class Word(TypedDict):
    start: float
    end: float
    text: str
    confidence: float


class Worker(TypedDict):
    name: str
    jobs: int


class WorkspaceList(TypedDict):
    data: list[Workspace]


class Workspace(TypedDict):
    id: str
    name: str
    kind: WorkspacesKind
    role: WorkspaceRole
    """Yours."""
    retentionDays: int | None
    createdAt: str


class WorkspaceUsage(TypedDict):
    workspaceId: str
    month: str
    """The month that minutes are counted in (UTC)."""
    plan: str
    """Id of the plan that holds."""
    quotas: list[QuotaOut]


class Assertion(TypedDict):
    clientDataJSON: str
    authenticatorData: str
    signature: str
    userHandle: NotRequired[str | None]


class Attestation(TypedDict):
    clientDataJSON: str
    attestationObject: str
    transports: NotRequired[list[str]]


class AnalysisMention(TypedDict):
    start: float
    """Seconds from the start of the recording."""
    end: float
    segmentIds: list[int]
    """Segments of the transcript in which it was said."""


class CommentsCursorPagination(TypedDict):
    size: int
    totalElements: int
    nextCursor: str | None
    """For the next page; null on the last."""


class CommentsMention(TypedDict):
    userId: str | None
    """Null for an e-mail address without an account here."""
    name: str


class NotificationsCursorPagination(TypedDict):
    size: int
    totalElements: int
    nextCursor: str | None
