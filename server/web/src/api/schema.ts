/** What travels, and what the server does. Written by `python installers/clients.py` from the server's description: change that, not this. */

export interface About {
  id: string;
  title: string;
  /** Its page is `/s/{slug}`, where it is shared. */
  slug: string;
  shared: boolean;
}

export interface Accepted {
  /** Events that were taken; none where the viewer asks not to be tracked. */
  accepted: number;
}

export interface AccountDetails {
  id: string;
  email: string;
  username: string;
  role: Role;
  state: AccountState;
  emailVerified: boolean;
  secondFactor: boolean;
  /** Devices that are signed in. */
  signIns: number;
  keys: number;
  recordings: number;
  /** Of their recordings as they were uploaded, the trash included. */
  bytes: number;
  lastSeenAt: string | null;
  createdAt: string;
  disabledAt: string | null;
  trashed: number;
  devices: SignIn[];
}

export interface Account {
  id: string;
  email: string;
  username: string;
  role: Role;
  state: AccountState;
  emailVerified: boolean;
  secondFactor: boolean;
  /** Devices that are signed in. */
  signIns: number;
  keys: number;
  recordings: number;
  /** Of their recordings as they were uploaded, the trash included. */
  bytes: number;
  lastSeenAt: string | null;
  createdAt: string;
  disabledAt: string | null;
}

export interface AccountPage {
  data: Account[];
  pagination: Pagination;
}

export type AccountState = "active" | "disabled";

export type Action = "pause" | "resume" | "stop";

export interface ActionItem {
  /** Seconds from the start of the recording. */
  start: number;
  end: number;
  /** Segments of the transcript in which it was said. */
  segmentIds: number[];
  text: string;
  /** As it was said: a name, I, we or you. */
  assignee: string | null;
  /** As it was said. */
  due: string | null;
  /** The day that `due` means, where it can be told. */
  dueDate: string | null;
  confidence: number;
}

export interface Actor {
  /** Null for guests. */
  userId: string | null;
  name: string;
  guest: boolean;
}

export interface Address {
  /** A page of the payment provider. */
  url: string;
}

export interface Allowance {
  workspaceId: string;
  /** Id of the plan that holds. */
  plan: string;
  allowed: boolean;
  /** Why not, and what can be done; null where it is allowed. */
  reason: string | null;
  /** Which one is used up. */
  quota: Quota | null;
  /** Of recording in this month; null: no limit. */
  secondsLeft: number | null;
}

export interface Analysis {
  recordingId: string;
  /** `queued` while a newer one is made; what was found before stays. */
  status: AnalysisStatus;
  /** `llm` where a language model wrote it. */
  source: AnalysisSource | null;
  model: string | null;
  language: string | null;
  /** A suggestion; the recording keeps its own. */
  title: string | null;
  summary: string | null;
  /** The summary with its sources. */
  sentences: Sentence[];
  topics: Topic[];
  entities: Entity[];
  /** -1 to 1; null where nobody can tell. */
  sentimentScore: number | null;
  actionItems: ActionItem[];
  chapters: Chapter[];
  /** What could be cut; for the owner alone. */
  suggestions: Suggestion[];
  /** What is missing, and why; for the owner alone. */
  notes: string[];
  transcriptRevision: number | null;
  error: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface Analytics {
  views: number;
  uniqueViewers: number;
  /** Players that began, also those that stopped before it was a view. */
  starts: number;
  /** With what was watched again. */
  watchSeconds: number;
  /** Views that saw nearly all of it. */
  completions: number;
  /** Part of the recording that a view saw, 0 to 1. */
  averageWatched: number | null;
  recordingId: string;
  from: string;
  to: string;
  duration: number | null;
  /** Completions by views. */
  completionRate: number | null;
  averageWatchSeconds: number | null;
  /** Times somebody signed in asked for the addresses of the video. */
  streamStarts: number;
  /** Part of the views that saw each hundredth, 0 to 1. */
  retention: number[];
  /** How often each hundredth was watched again. */
  rewatches: number[];
  /** Views whose furthest place is in each hundredth. */
  dropOff: number[];
  /** The three places before the end where most stop. */
  drops: Drop[];
  referrers: Named[];
  devices: Named[];
  browsers: Named[];
  systems: Named[];
  countries: Named[];
  qualities: QualityTime[];
  qualitySwitches: number;
  rebuffers: number;
  rebufferSeconds: number;
  days: Day[];
}

export type Area = "originals" | "renditions" | "pictures" | "sound" | "other" | "spool" | "exports" | "models" | "mail" | "database";

export interface Attempt {
  at: string;
  httpStatus: number | null;
  error: string | null;
  durationMs: number;
}

export interface Audit {
  id: number;
  at: string;
  act: string;
  /** Who did it; null: the server, or nobody who was signed in. */
  actorId: string | null;
  /** Whose account or recording it is about. */
  userId: string | null;
  workspaceId: string | null;
  recordingId: string | null;
  /** Network address of the request; of others only for administrators. */
  address: string | null;
  details: Record<string, unknown>;
}

export interface AuditPage {
  data: Audit[];
  pagination: AuditPagination;
}

export interface AuditPagination {
  page: number;
  size: number;
  totalPages: number;
  totalElements: number;
}

export interface Author {
  /** Null for guests. */
  userId: string | null;
  name: string;
  guest: boolean;
}

/** Empty soon after a sign-in; later all factors once more. */
export interface BeginPasskeyRequest {
  password?: string | null;
  /** Of the second factor, if there is one. */
  code?: string | null;
}

export interface Billing {
  workspaceId: string;
  /** The one that holds now. */
  plan: Plan;
  /** Of the subscription; null where there never was one. */
  status: PlansStatus | null;
  /** Until when it is paid for. */
  periodEnd: string | null;
  /** It was cancelled, and lasts until then. */
  endsWithPeriod: boolean;
  /** A payment failed: until when the plan stays. */
  graceUntil: string | null;
  /** Whether this server takes money at all. */
  takesPayments: boolean;
  /** All that there are. */
  plans: Plan[];
}

export type By = "person" | "workspace";

/** Also the file name's extension. */
export type CaptionFormat = "vtt" | "srt" | "txt" | "json";

export interface Captions {
  /** BCP 47. */
  language: string;
  label: string;
  /** WebVTT. */
  url: string;
}

export interface ChangeAccountRequest {
  role: Role;
}

/** `pending`: the other address has to confirm it too. */
export interface ChangeEmailAnswer {
  email: string;
  pending: boolean;
}

export interface ChangeEmailRequest {
  email: string;
  /** Your present one, unless the account has none. */
  password?: string | null;
  /** Of your authenticator app, or a recovery code, where the second factor is on. */
  code?: string | null;
}

export interface ChannelList {
  data: Channel[];
}

export interface Channel {
  id: string;
  workspaceId: string | null;
  description: string;
  /** Its host and its end: whoever knows all of it can write there. */
  url: string;
  /** Of a workspace's; null: what you chose for Slack. */
  kinds: NotificationsKind[] | null;
  active: boolean;
  failures: number;
  disabledAt: string | null;
  disabledReason: string | null;
  lastSuccessAt: string | null;
  createdAt: string;
}

export interface Chapter {
  title: string;
  start: number;
  end: number;
}

export interface CheckoutRequest {
  plan: string;
}

/** What is left out stays as it is. */
export interface ChoiceRequest {
  inApp?: boolean | null;
  email?: Email | null;
  slack?: boolean | null;
}

export interface CodeRequest {
  code: string;
}

export interface CommentHistory {
  data: CommentRevision[];
}

export interface Comment {
  id: string;
  recordingId: string;
  parentId: string | null;
  /** Null where it was deleted. */
  author: Author | null;
  /** Plain text; empty where it was deleted and only its replies are left. */
  body: string;
  time: number | null;
  endTime: number | null;
  drawing: Drawing | null;
  mentions: CommentsMention[];
  /** Whether who asks wrote it. */
  mine: boolean;
  deleted: boolean;
  resolved: boolean;
  resolvedAt: string | null;
  editedAt: string | null;
  createdAt: string;
  /** Its ETag is this number in quotes. */
  version: number;
}

export interface CommentRequest {
  /** Plain text. */
  body: string;
  /** Seconds from the start; null: about all of it. */
  time?: number | null;
  /** Where it is about a stretch of the video. */
  endTime?: number | null;
  /** On the frame at `time`. */
  drawing?: Drawing | null;
  /** The comment this is a reply to; a reply's stands for its own. */
  parentId?: string | null;
}

export interface CommentRevision {
  version: number;
  body: string;
  time: number | null;
  endTime: number | null;
  drawing: Drawing | null;
  replacedAt: string;
}

export interface ConfirmRequest {
  token: string;
}

/** What taking a factor away needs: both factors. */
export interface ConfirmedRequest {
  password: string;
  /** Of the app, or a recovery code. */
  code: string;
}

export interface ControlRequest {
  action: Action;
}

export interface Count {
  unread: number;
}

export interface CreateChannelRequest {
  url: string;
  description?: string;
  /** Left out: it is your own, and is told what you are. */
  workspaceId?: string | null;
  /** What a workspace's channel is told. */
  kinds?: NotificationsKind[];
}

export interface CreateKeyRequest {
  name: string;
  /** What it may be used for. */
  scopes: Scope[];
  /** Null: it does not end by itself. */
  expiresAt?: string | null;
}

export interface CreatePasskeyRequest {
  credential: NewCredential;
  name?: string;
}

export interface CreateWebhookRequest {
  url: string;
  events?: string[];
  description?: string;
}

export interface CreateWorkspaceRequest {
  name: string;
}

export interface CreatedKey {
  id: string;
  name: string;
  /** The eight characters after `loom_`, to know it by. */
  keyPrefix: string;
  userId: string;
  scopes: Scope[];
  /** To within a minute. */
  lastUsedAt: string | null;
  expiresAt: string | null;
  createdAt: string;
  isActive: boolean;
  /** The key itself. It is shown this once. */
  key: string;
}

export interface Database {
  kind: string;
  sizeBytes: number | null;
  migration: string | null;
  newestMigration: string;
}

export interface Day {
  date: string;
  views: number;
  uniqueViewers: number;
  starts: number;
  watchSeconds: number;
  completions: number;
}

/** With what was sent and answered, the last time. */
export interface DeliveryDetail {
  /** The payload's `id` and the header X-Loom-Delivery. */
  id: string;
  subscriptionId: string;
  event: string;
  recordingId: string | null;
  status: WebhooksStatus;
  /** Tries so far. */
  attempt: number;
  httpStatus: number | null;
  errorMessage: string | null;
  durationMs: number | null;
  createdAt: string;
  deliveredAt: string | null;
  /** Null when there is none to come. */
  nextAttemptAt: string | null;
  requestUrl: string;
  requestHeaders: Record<string, string> | null;
  requestBody: string;
  /** Its first 4,096 bytes. */
  responseBody: string | null;
  attempts: Attempt[];
}

export interface Delivery {
  /** The payload's `id` and the header X-Loom-Delivery. */
  id: string;
  subscriptionId: string;
  event: string;
  recordingId: string | null;
  status: WebhooksStatus;
  /** Tries so far. */
  attempt: number;
  httpStatus: number | null;
  errorMessage: string | null;
  durationMs: number | null;
  createdAt: string;
  deliveredAt: string | null;
  /** Null when there is none to come. */
  nextAttemptAt: string | null;
}

export interface DeliveryPage {
  data: Delivery[];
  pagination: Pagination;
}

export interface Disk {
  freeBytes: number;
  totalBytes: number;
  areas: Usage[];
  /** When the files were counted. */
  lookedAt: string;
}

export interface Drawing {
  strokes: Stroke[];
}

/** A place where many stop watching. */
export interface Drop {
  /** Seconds. */
  at: number;
  /** Views that went no further. */
  views: number;
}

/** Fields left out stay as they are; null removes a time or a drawing. */
export interface EditCommentRequest {
  body?: string | null;
  time?: number | null;
  endTime?: number | null;
  drawing?: Drawing | null;
}

export interface EditSegment {
  /** Empty removes it. */
  text: string;
}

export type Email = "off" | "at_once" | "daily";

/** What one can react with; a page that shows them knows them all. */
export type Emoji = "👍" | "❤️" | "😂" | "😮" | "😢" | "👏" | "🎉" | "🔥";

export interface Encoders {
  wanted: string;
  /** By codec, as far as one was needed since the start. */
  chosen: Record<string, string>;
  /** With the reason. */
  rejected: Record<string, string>;
}

/** Null: no limit. */
export interface Entitlements {
  storageBytes: number | null;
  /** In a calendar month (UTC). */
  recordingSeconds: number | null;
  /** In a calendar month (UTC). */
  transcriptionSeconds: number | null;
  members: number | null;
  /** Of a file that is uploaded. */
  maxLengthSeconds: number | null;
  /** Lines of the picture that viewers are offered. */
  maxHeight: number | null;
  features: Feature[];
}

export interface Entity {
  type: EntityType;
  text: string;
  count: number;
  mentions: AnalysisMention[];
}

export type EntityType = "date" | "email" | "money" | "name" | "number" | "organisation" | "percent" | "person" | "place" | "product" | "ticket" | "time" | "url" | "version";

export interface Entry {
  id: number;
  at: string;
  act: string;
  actorId: string | null;
  /** Their name, while there is the account. */
  actor: string | null;
  userId: string | null;
  user: string | null;
  workspaceId: string | null;
  recordingId: string | null;
  address: string | null;
  details: Record<string, unknown>;
}

export interface EntryPage {
  data: Entry[];
  pagination: Pagination;
}

/** Its receipt is at `GET /api/v1/erasures/{id}`. */
export interface ErasureOrdered {
  id: string;
  state: TakeoutState;
}

/** The receipt: keep its id, it is all that leads here. */
export interface Erasure {
  id: string;
  state: TakeoutState;
  /** How much of each kind. */
  removed: Record<string, unknown>;
  createdAt: string;
  finishedAt: string | null;
}

export interface ErasureRequest {
  /** Your present one, unless the account has none. */
  password?: string | null;
  /** Of your authenticator app, or a recovery code, where the second factor is on. */
  code?: string | null;
}

/** Every answer with a status of 400 or more has this body. */
export interface Error {
  /** One sentence for people. */
  error: string;
  /** Stable, for programs. */
  code: string;
  details?: Record<string, unknown> | unknown[] | null;
  /** Where to look in the server's log. */
  requestId: string;
  /** Seconds to wait; only with 429. */
  retry_after?: number | null;
}

export interface EventList {
  data: Event[];
}

export interface Event {
  name: string;
  description: string;
}

export interface Examination {
  ok: boolean;
  findings: Finding[];
}

export interface ExportList {
  data: Export[];
}

export interface Export {
  id: string;
  state: TakeoutState;
  withMedia: boolean;
  sizeBytes: number | null;
  error: string | null;
  createdAt: string;
  finishedAt: string | null;
  expiresAt: string | null;
}

export interface ExportRequest {
  /** Also the videos; else a list of them. */
  withMedia?: boolean;
}

export interface Factors {
  /** Whether an authenticator app is asked at the sign-in. */
  totp: boolean;
  totpSince: string | null;
  /** How many are left. */
  recoveryCodes: number;
}

export interface Failure {
  at: string;
  attempt: number;
  kind: string;
  error: string;
  /** The end of what the codec's process complained of. */
  said: string;
}

/** What a plan has or has not. */
export type Feature = "analytics" | "link_passwords";

export interface Finding {
  what: string;
  ok: boolean;
  detail: string;
  /** What to do where it is not well. */
  hint: string;
}

export interface FlagList {
  data: Flag[];
}

export type FlagName = "registration" | "av1" | "language_model";

export interface Flag {
  name: FlagName;
  description: string;
  default: boolean;
  /** For whoever nothing else was said about. */
  enabled: boolean;
  /** For whom it can be said by itself. */
  reaches: Reach[];
  said: FlagWord[];
}

export interface FlagWord {
  reach: Reach;
  /** Of the workspace or the person; null for the server. */
  subjectId: string | null;
  /** Its name. */
  subject: string | null;
  enabled: boolean;
  changedAt: string;
  changedBy: string | null;
}

export interface FolderList {
  /** The whole tree, by name; `parentId` says where each one lies. */
  data: Folder[];
}

export interface Folder {
  id: string;
  workspaceId: string;
  parentId: string | null;
  name: string;
  /** In it itself, not in the folders below. */
  recordings: number;
  createdAt: string;
  updatedAt: string;
}

export interface FolderRequest {
  name: string;
  /** The folder it lies in; null: at the top. */
  parentId?: string | null;
}

export interface ForgottenRequest {
  email: string;
}

export interface GraphQLAnswer {
  data: Record<string, unknown> | null;
  errors?: (Record<string, unknown>)[] | null;
  extensions?: Record<string, unknown> | null;
}

export interface GraphQLRequest {
  query: string;
  variables?: Record<string, unknown> | null;
  operationName?: string | null;
}

export interface Group {
  id: string;
  name: string;
  externalId: string | null;
  members: number;
  workspaceId: string | null;
  workspaceName: string | null;
  role: WorkspaceRole;
}

export interface GroupPage {
  data: Group[];
  pagination: Pagination;
}

export interface GuestComment {
  id: string;
  recordingId: string;
  parentId: string | null;
  /** Null where it was deleted. */
  author: Author | null;
  /** Plain text; empty where it was deleted and only its replies are left. */
  body: string;
  time: number | null;
  endTime: number | null;
  drawing: Drawing | null;
  mentions: CommentsMention[];
  /** Whether who asks wrote it. */
  mine: boolean;
  deleted: boolean;
  resolved: boolean;
  resolvedAt: string | null;
  editedAt: string | null;
  createdAt: string;
  /** Its ETag is this number in quotes. */
  version: number;
  /** For guests: send it as `X-Guest-Token` to change or delete what you wrote, and to be the same guest in further comments. Told with the first thing a guest says, and never again. */
  editToken: string | null;
}

export interface GuestCommentRequest {
  /** Plain text. */
  body: string;
  /** Seconds from the start; null: about all of it. */
  time?: number | null;
  /** Where it is about a stretch of the video. */
  endTime?: number | null;
  /** On the frame at `time`. */
  drawing?: Drawing | null;
  /** The comment this is a reply to; a reply's stands for its own. */
  parentId?: string | null;
  /** How a guest wants to be called; not for those who are signed in. */
  name?: string | null;
}

export interface GuestReaction {
  id: string;
  recordingId: string;
  author: Author | null;
  emoji: Emoji;
  time: number;
  mine: boolean;
  createdAt: string;
  /** As of a comment. */
  editToken: string | null;
}

export interface GuestReactionRequest {
  emoji: Emoji;
  time?: number;
  name?: string | null;
}

export interface Health {
  standing: Standing;
  reasons: Reason[];
  checks: Finding[];
  version: string;
  startedAt: string;
  uptimeSeconds: number;
  database: Database;
  disk: Disk;
  lanes: LaneOut[];
  workers: Worker[];
  queues: Queue[];
  rateLimits: RateLimits;
  encoders: Encoders;
  speech: Finding;
  /** The last fifty of this process, the last first. */
  errors: Trouble[];
}

/** A recording that has all the words; `moments` are its best places, best first. */
export interface Hit {
  id: string;
  title: string;
  description: string;
  status: string;
  duration: number | null;
  language: string;
  createdAt: string;
  shareUrl: string;
  /** Whether anyone with the link may watch. */
  shared: boolean;
  posterUrl: string | null;
  titleParts: Part[];
  moments: Moment[];
}

export interface Holder {
  recordings: number;
  bytes: number;
  trashed: number;
  trashedBytes: number;
  seconds: number;
  id: string;
  name: string;
}

export interface HolderPage {
  data: Holder[];
  pagination: Pagination;
}

export interface IdentityList {
  data: Identity[];
}

export interface Identity {
  id: string;
  provider: string;
  providerName: string;
  /** As the provider said it last. */
  email: string | null;
  createdAt: string;
  lastUsedAt: string | null;
}

export interface InvitationList {
  data: Invitation[];
}

export interface Invitation {
  id: string;
  workspaceId: string | null;
  workspaceName: string | null;
  email: string;
  role: WorkspaceRole;
  state: InvitationState;
  createdAt: string;
  expiresAt: string;
}

export type InvitationState = "pending" | "accepted" | "declined" | "revoked" | "expired";

export interface InviteRequest {
  email: string;
  role?: WorkspaceRole;
}

export interface JobDetails {
  id: string;
  recordingId: string;
  /** Whose recording it is. */
  userId: string;
  step: StepName;
  type: string;
  lane: Lane;
  status: JobStatus;
  /** Percent. */
  progress: number;
  attempt: number;
  maxAttempts: number;
  error: string | null;
  /** Who is at it. */
  worker: string | null;
  cancelRequested: boolean;
  notBefore: string | null;
  createdAt: string;
  startedAt: string | null;
  completedAt: string | null;
  input: string;
  output: string;
  /** Its last failed tries, also those before it was tried again. */
  log: Failure[];
}

export interface Job {
  id: string;
  recordingId: string;
  /** Whose recording it is. */
  userId: string;
  step: StepName;
  type: string;
  lane: Lane;
  status: JobStatus;
  /** Percent. */
  progress: number;
  attempt: number;
  maxAttempts: number;
  error: string | null;
  /** Who is at it. */
  worker: string | null;
  cancelRequested: boolean;
  notBefore: string | null;
  createdAt: string;
  startedAt: string | null;
  completedAt: string | null;
}

export interface JobPage {
  data: Job[];
  pagination: Pagination;
}

export type JobStatus = "queued" | "processing" | "completed" | "failed";

export interface KeyList {
  data: Key[];
}

export interface Key {
  id: string;
  name: string;
  /** The eight characters after `loom_`, to know it by. */
  keyPrefix: string;
  userId: string;
  scopes: Scope[];
  /** To within a minute. */
  lastUsedAt: string | null;
  expiresAt: string | null;
  createdAt: string;
  isActive: boolean;
}

/** Each has workers of its own: a link's poster never waits for an hour of encoding. */
export type Lane = "short" | "long" | "speech" | "live" | "spare";

export interface LaneOut {
  lane: Lane;
  queued: number;
  processing: number;
  /** When the one that waits longest was made. */
  oldest: string | null;
  /** In this process. */
  workers: number;
}

export interface Large {
  id: string;
  title: string;
  userId: string;
  workspaceId: string | null;
  status: RecordingsStatus;
  bytes: number;
  seconds: number | null;
  createdAt: string;
  deletedAt: string | null;
}

export interface LargePage {
  data: Large[];
  pagination: Pagination;
}

export interface Letter {
  kind: AdminKind;
  id: string;
  /** A step, an event's name, a subject. */
  what: string;
  /** A recording, an address. */
  about: string;
  error: string;
  attempts: number;
  failedAt: string | null;
  recordingId: string | null;
}

export interface LetterPage {
  data: Letter[];
  pagination: Pagination;
}

export interface LinkAnswer {
  /** Where the browser has to go now: the page that asked, at once. */
  address: string;
}

/** `password` and `code` as for a new passkey. */
export interface LinkRequest {
  provider: string;
  password?: string | null;
  code?: string | null;
  /** Where the browser goes in the end. */
  next?: string;
}

export interface Live {
  status: "ok";
  /** Which server answers: `Heddle`. */
  server: string;
  /** Its version, also told in `/openapi.json`. */
  version: string;
}

export interface LoginAnswer {
  /** Send it as `Authorization: Bearer <token>`. The same as `accessToken`. */
  token: string;
  accessToken: string;
  /** For `POST /auth/refresh`, once; null where the browser keeps it in a cookie. */
  refreshToken: string | null;
  tokenType?: string;
  /** Seconds that the access token is valid. */
  expiresIn: number;
  expiresAt: string;
  refreshExpiresAt: string;
  user: User;
}

export interface LoginRequest {
  email: string;
  password: string;
  /** To know it by in the list of devices. */
  deviceName?: string | null;
  /** For pages of this server: the refresh token is not answered, the browser keeps it in a cookie that no script can read. Needs the header `X-Heddle-Session: 1`. */
  cookie?: boolean;
}

export interface MapRequest {
  /** A team's, in which you may manage members; null: none. */
  workspaceId: string | null;
  role?: "admin" | "member" | "viewer";
}

export interface Marker {
  /** Seconds from the start. */
  time: number;
  title: string;
}

export interface MemberList {
  data: Member[];
}

export interface Member {
  userId: string;
  email: string;
  username: string;
  role: WorkspaceRole;
  since: string;
  /** By a group of a directory: who leaves that leaves here. */
  fromDirectory: boolean;
}

export interface MfaLoginRequest {
  mfaToken: string;
  code: string;
  deviceName?: string | null;
  /** For pages of this server: the refresh token is not answered, the browser keeps it in a cookie that no script can read. Needs the header `X-Heddle-Session: 1`. */
  cookie?: boolean;
}

/** Where something was found. Seconds; null for what belongs to the whole recording. */
export interface Moment {
  kind: string;
  parts: Part[];
  start: number | null;
  end: number | null;
}

export interface MoveRequest {
  workspaceId: string;
}

export interface Named {
  name: string;
  views: number;
}

export interface NewAccountRequest {
  email: string;
  username?: string | null;
  role?: Role;
  /** Without one, a link to choose it is sent; it is good for a week. */
  password?: string | null;
}

/** Of `navigator.credentials.create()`. */
export interface NewCredential {
  id: string;
  rawId: string;
  type?: "public-key";
  response: Attestation;
}

export interface Notification {
  id: string;
  kind: NotificationsKind;
  /** What happened, in a sentence. */
  text: string;
  /** What somebody wrote, at most 500 characters of it; else empty. */
  quote: string;
  /** Who did it, where that is one person and known. */
  actor: Actor | null;
  recording: About | null;
  /** By kind: `commentId parentId time`, `emoji`, `error`, … */
  data: Record<string, unknown>;
  /** How many things it stands for: reactions and views are bundled. */
  count: number;
  read: boolean;
  createdAt: string;
  /** When the last of them happened. */
  updatedAt: string;
}

export interface NotificationPage {
  data: Notification[];
  pagination: NotificationsCursorPagination;
  unread: number;
}

/** `publicKey` goes to `navigator.credentials`, which wants its bytes decoded from base64url. */
export interface OptionsAnswer {
  publicKey: Record<string, unknown>;
  expiresAt: string;
}

export interface OrphanList {
  data: Orphan[];
  bytes: number;
}

export interface Orphan {
  key: string;
  bytes: number;
  changedAt: string;
}

export interface Overview {
  from: string;
  to: string;
  total: Summary;
  days: Day[];
  /** The most watched first. */
  data: RecordingFigures[];
  pagination: Pagination;
}

export interface Owner {
  username: string;
}

export interface Pagination {
  page: number;
  size: number;
  totalPages: number;
  totalElements: number;
  /** Where a list was asked for with `cursor`: what leads to the next page, if there is one. */
  nextCursor?: string | null;
}

/** Text as it is; `match` where it is what was asked for. */
export interface Part {
  text: string;
  match: boolean;
}

export interface PasskeyList {
  data: Passkey[];
}

export interface PasskeyLoginRequest {
  credential: UsedCredential;
  deviceName?: string | null;
  /** For pages of this server: the refresh token is not answered, the browser keeps it in a cookie that no script can read. Needs the header `X-Heddle-Session: 1`. */
  cookie?: boolean;
}

export interface Passkey {
  id: string;
  name: string;
  createdAt: string;
  lastUsedAt: string | null;
  /** Whether its authenticator keeps copies, such as a password manager. */
  backedUp: boolean;
  /** When a sign-in was refused because somebody may hold a copy of it; null: never. */
  copiedAt: string | null;
}

export interface PasswordChange {
  currentPassword: string;
  /** 12 characters or more, and not a common one. */
  newPassword: string;
}

export interface PasswordRequest {
  /** Yours, once more. */
  password: string;
}

export interface Plan {
  id: string;
  name: string;
  free: boolean;
  entitlements: Entitlements;
}

export interface Preference {
  inApp: boolean;
  email: Email;
  slack: boolean;
  kind: NotificationsKind;
  description: string;
}

export interface Preferences {
  data: Preference[];
  digestHour: number;
  quietFrom: string | null;
  quietUntil: string | null;
  /** Of your profile; these hours are by its clock. */
  timeZone: string;
  /** Whether this server sends letters, and to your address. */
  emailAvailable: boolean;
}

/** What is left out stays as it is; quiet hours that are null end. */
export interface PreferencesRequest {
  kinds?: Record<string, ChoiceRequest>;
  digestHour?: number | null;
  quietFrom?: string | null;
  quietUntil?: string | null;
}

export interface Profile {
  id: string;
  email: string;
  emailVerified: boolean;
  username: string;
  role: Role;
  timeZone: string | null;
  language: string | null;
  avatarUrl: string | null;
  createdAt: string;
}

export interface Provider {
  id: string;
  /** For a button. */
  name: string;
  /** Where a browser goes to sign in that way, with `next`, an address of this server. */
  startPath: string;
}

export interface Quality {
  name: string;
  width: number;
  height: number;
  /** Bits per second, at the peak. */
  bandwidth: number;
  /** Bits per second. */
  averageBandwidth: number;
  /** Pictures a second, at the most; 0 without a picture. */
  frameRate: number;
  /** As RFC 6381 names them. */
  codecs: string;
  /** The HLS playlist of this version alone. */
  playlistUrl: string;
}

export interface QualityTime {
  name: string;
  seconds: number;
}

export interface Queue {
  name: string;
  waiting: number;
  oldest: string | null;
  dead: number;
}

/** What is measured in a workspace. The values are the names on the wire. */
export type Quota = "storageBytes" | "recordingSeconds" | "transcriptionSeconds" | "members";

export interface QuotaOut {
  quota: Quota;
  used: number;
  limit: number | null;
  percent: number | null;
}

export interface RateLimits {
  countedIn: string;
  reachable: boolean;
}

/** Whom a word about a flag is for. */
export type Reach = "server" | "workspace" | "person";

export interface Reaction {
  id: string;
  recordingId: string;
  author: Author | null;
  emoji: Emoji;
  time: number;
  mine: boolean;
  createdAt: string;
}

export interface ReactionPage {
  data: Reaction[];
  /** Of all, not only of this page. */
  counts: Record<string, number>;
  pagination: CommentsCursorPagination;
}

export interface ReactionRequest {
  emoji: Emoji;
  time?: number;
}

export interface ReadAll {
  changed: number;
  unread: number;
}

export interface ReadAllRequest {
  /** Only what happened until then: what came since stays unread. */
  until?: string | null;
}

export interface ReadRequest {
  read?: boolean;
}

export interface Ready {
  status: "ok" | "unavailable";
  checks: Record<string, ReadyPart>;
}

export interface ReadyPart {
  ok: boolean;
  detail: string;
}

export interface Reason {
  standing: Standing;
  what: string;
  detail: string;
  hint: string;
}

export interface RecordingFigures {
  views: number;
  uniqueViewers: number;
  /** Players that began, also those that stopped before it was a view. */
  starts: number;
  /** With what was watched again. */
  watchSeconds: number;
  /** Views that saw nearly all of it. */
  completions: number;
  /** Part of the recording that a view saw, 0 to 1. */
  averageWatched: number | null;
  id: string;
  title: string;
  duration: number | null;
}

export interface Recording {
  id: string;
  /** Who made it. */
  userId: string;
  workspaceId: string | null;
  title: string;
  description: string;
  status: RecordingsStatus;
  recordingType: RecordingType;
  settings: Record<string, unknown>;
  /** Seconds; null until it is known. */
  duration: number | null;
  fileSizeBytes: number | null;
  /** Of the whole file, once all of it is here. */
  sha256: string | null;
  shareUrl: string;
  /** Whether the link is on: `visibility` is not `private`. */
  shared: boolean;
  visibility: Visibility;
  /** Whether the link asks for a password. */
  hasPassword: boolean;
  /** When the link ends. */
  expiresAt: string | null;
  allowDownload: boolean;
  allowComments: boolean;
  markers: Marker[];
  posterUrl: string | null;
  /** Counted views; see analytics. */
  viewCount: number;
  error: string | null;
  createdAt: string;
  updatedAt: string;
  startedAt: string | null;
  endedAt: string | null;
  /** Since when it lies in the trash. */
  deletedAt: string | null;
  folderId: string | null;
  tags: string[];
}

export interface RecordingPage {
  data: Recording[];
  pagination: Pagination;
}

/** A minus turns the order around. */
export type RecordingSort = "-createdAt" | "createdAt" | "-updatedAt" | "title" | "-duration" | "duration";

export type RecordingType = "screen" | "webcam" | "screen_webcam";

export interface RecoveryCodes {
  /** Each good for one sign-in. They are shown this once. */
  recoveryCodes: string[];
}

export interface RefreshRequest {
  refreshToken?: string | null;
}

/** `userId` is null until the link in the mail has been opened. */
export interface RegisterAnswer {
  email: string;
  userId: string | null;
  verificationSent: boolean;
}

export interface RegisterRequest {
  email: string;
  password: string;
  username?: string | null;
  /** From the link in the mail, where there is one. */
  invitation?: string | null;
}

export interface RemoveRequest {
  /** As `GET` has listed them. */
  keys: string[];
}

export interface Removed {
  removed: number;
  bytes: number;
}

export interface RenamePasskeyRequest {
  name: string;
}

export interface Rerun {
  jobId: string;
  status: string;
}

export interface RerunRequest {
  /** What is spoken; without it, it is found out. */
  language?: string | null;
  /** Into English. */
  translate?: boolean;
  /** Names and terms, spelled as they should come out. */
  vocabulary?: string[];
}

export interface ResetRequest {
  token: string;
  password: string;
}

export interface RestoreRequest {
  revision: number;
}

export interface Retention {
  workspaceId: string;
  name: string;
  days: number;
}

export interface Retried {
  retried: number;
  /** Those that cannot be tried again. */
  refused: number;
  /** Dead ones of this kind that are there now. */
  left: number;
}

/** What made a revision. */
export type RevisionAction = "created" | "replaced" | "edited" | "rerun" | "restored";

export interface Revision {
  revision: number;
  action: RevisionAction;
  /** Null for the machine. */
  userId: string | null;
  username: string | null;
  /** Null where the whole transcript changed. */
  segmentId: number | null;
  /** The segment's text before. */
  before: string | null;
  after: string | null;
  createdAt: string;
}

export interface RevisionPage {
  data: Revision[];
  totalElements: number;
}

export type Role = "owner" | "member";

export interface RoleRequest {
  role: WorkspaceRole;
}

export interface RotateSecretRequest {
  /** For how long the secret that is replaced signs too. */
  keepPreviousHours?: number;
}

export interface SayRequest {
  reach?: Reach;
  subjectId?: string | null;
  /** null takes back what was said. */
  enabled: boolean | null;
}

/** One word for the thing and one for the act. Writing does not include reading. */
export type Scope = "recordings:read" | "recordings:write" | "uploads:write" | "media:read" | "transcripts:read" | "transcripts:write" | "search:read" | "analytics:read" | "comments:read" | "comments:write" | "webhooks:read" | "webhooks:write" | "notifications:read" | "notifications:write" | "account:read" | "account:write" | "workspaces:read" | "workspaces:write" | "admin" | "scim";

/** `corrected`: the words that were searched instead, where nothing has those that were typed. */
export interface Search {
  data: Hit[];
  pagination: Pagination;
  corrected: string | null;
}

export interface SeenWorkspaceDetails {
  id: string;
  name: string;
  kind: WorkspacesKind;
  members: number;
  /** Addresses of those who could sign in; empty: it needs another. */
  owners: string[];
  recordings: number;
  bytes: number;
  retentionDays: number | null;
  createdAt: string;
  trashed: number;
  people: Member[];
}

export interface SeenWorkspace {
  id: string;
  name: string;
  kind: WorkspacesKind;
  members: number;
  /** Addresses of those who could sign in; empty: it needs another. */
  owners: string[];
  recordings: number;
  bytes: number;
  retentionDays: number | null;
  createdAt: string;
}

export interface SeenWorkspacePage {
  data: SeenWorkspace[];
  pagination: Pagination;
}

export interface Segment {
  id: number;
  /** Seconds from the start of the recording. */
  start: number;
  end: number;
  /** Empty where somebody removed what the machine heard. */
  text: string;
  /** 0 to 1. */
  confidence: number;
  edited: boolean;
  /** What the machine heard; for the owner alone. */
  original?: string | null;
  words: Word[];
}

export interface Sentence {
  /** Seconds from the start of the recording. */
  start: number;
  end: number;
  /** Segments of the transcript in which it was said. */
  segmentIds: number[];
  text: string;
}

export interface ServerInviteRequest {
  email: string;
}

export interface SessionList {
  data: Session[];
}

export interface Session {
  id: string;
  /** As it was given at the sign-in. */
  deviceName: string;
  /** The program, as it named itself. */
  client: string;
  createdAt: string;
  /** To within five minutes. */
  lastUsedAt: string;
  /** When it ends unless it is used before. */
  expiresAt: string;
  /** The one that asks. */
  current: boolean;
}

export interface SettingList {
  data: Setting[];
}

export interface Setting {
  name: string;
  /** A secret is only said to be there. */
  value: string | null;
  source: AdminSource;
  secret: boolean;
}

export interface Share {
  recordingId: string;
  title: string;
  status: RecordingsStatus;
  /** Bytes may still arrive; the playlist has no end yet. */
  live: boolean;
  /** Seconds, so far; null until something can be played. */
  duration: number | null;
  /** The HLS master playlist; null until something can be played. */
  playlistUrl: string | null;
  /** The HLS playlist of the source itself. */
  mediaPlaylistUrl: string | null;
  /** The DASH manifest, once all of the recording is here. */
  dashUrl: string | null;
  /** A file to keep: MP4 once it is made, before that the file as it was uploaded; null where downloads are off, but for those who may change the recording. */
  downloadUrl: string | null;
  /** The file as it was recorded or uploaded, byte for byte, by ranges: its hash is the recording's `sha256`. Null until all of it is here, and where there is no `downloadUrl`. */
  originalUrl: string | null;
  /** The sound alone. */
  audioUrl: string | null;
  posterUrl: string | null;
  /** A short moving picture. */
  previewUrl: string | null;
  /** WebVTT that names small pictures by their times. */
  storyboardUrl: string | null;
  waveformUrl: string | null;
  captions: Captions[];
  /** WebVTT of the kind `chapters`; null where there are none. */
  chaptersUrl: string | null;
  quality: Quality[];
  processing: Step[];
  transcription: Transcription;
  /** When the addresses above end. */
  expiresAt: string;
  error: string | null;
  slug: string;
  description: string;
  shareUrl: string;
  createdAt: string;
  owner: Owner | null;
  /** Whether having the link is not enough to see this. */
  guarded: boolean;
  /** Whether the one who asks may keep it as a file. */
  allowDownload: boolean;
  /** Whether viewers may comment and react. */
  allowComments: boolean;
  /** Whether the one who asks may change it. */
  mayEdit: boolean;
}

/** How a recording is shared. */
export interface ShareSettings {
  shareUrl: string;
  embedUrl: string;
  /** Whether the link is on: `visibility` is not `private`. */
  shared: boolean;
  visibility: Visibility;
  /** Whether the link asks for a password. */
  hasPassword: boolean;
  /** When the link ends; null: never. */
  expiresAt: string | null;
  allowDownload: boolean;
  allowComments: boolean;
}

/** Fields left out stay as they are. */
export interface ShareSettingsRequest {
  /** `public`: whoever has the link; `workspace`: members of its workspace; `private`: nobody. */
  visibility?: Visibility | null;
  /** 8 characters or more, told to nobody again; null takes it away. Another one ends the entry of all who knew the one before. */
  password?: string | null;
  /** From then on the link leads nowhere; null: never. Must lie ahead. */
  expiresAt?: string | null;
  /** Whether viewers are offered files. Whoever can watch can record. */
  allowDownload?: boolean | null;
  /** Whether viewers may comment and react. */
  allowComments?: boolean | null;
}

export interface SignIn {
  id: string;
  deviceName: string;
  client: string;
  createdAt: string;
  lastUsedAt: string;
  expiresAt: string;
}

export interface SingleLogoutAnswer {
  /** Where the browser goes to be signed out at the provider, too; null: nowhere. */
  address: string | null;
}

export type Sort = "created" | "-created" | "time";

export type Standing = "ok" | "degraded" | "failing";

export interface StartRecordingRequest {
  recordingType: RecordingType;
  title?: string;
  description?: string;
  settings?: Record<string, unknown>;
  /** false: the link is off, as with `visibility: private`. */
  shared?: boolean;
  /** Whom the link lets in; counts before `shared`. */
  visibility?: Visibility | null;
  /** Whether they may also comment and react. */
  allowComments?: boolean;
  /** Left out: your personal one. */
  workspaceId?: string | null;
}

export type StepName = "probe" | "normalise" | "poster" | "first-poster" | "rendition" | "transcript" | "live-transcript" | "storyboard" | "preview" | "waveform" | "download" | "audio" | "scenes" | "rendition-piece" | "av1" | "av1-piece";

export interface Step {
  step: string;
  status: string;
  /** Percent. */
  progress: number | null;
  error: string | null;
}

/** Where a step stands. */
export interface StepState {
  step: string;
  status: string;
  /** Percent. */
  progress: number;
  error: string | null;
}

/** The password was right; a second factor is still owed. */
export interface StepUpAnswer {
  mfaRequired?: true;
  /** For `POST /auth/login/mfa`, with a code. */
  mfaToken: string;
  expiresAt: string;
}

export interface Storage {
  disk: Disk;
  recordings: Total;
  trash: Trash;
  trashDays: number;
  /** Workspaces that keep recordings for a time only. */
  retention: Retention[];
}

export interface Stream {
  recordingId: string;
  title: string;
  status: RecordingsStatus;
  /** Bytes may still arrive; the playlist has no end yet. */
  live: boolean;
  /** Seconds, so far; null until something can be played. */
  duration: number | null;
  /** The HLS master playlist; null until something can be played. */
  playlistUrl: string | null;
  /** The HLS playlist of the source itself. */
  mediaPlaylistUrl: string | null;
  /** The DASH manifest, once all of the recording is here. */
  dashUrl: string | null;
  /** A file to keep: MP4 once it is made, before that the file as it was uploaded; null where downloads are off, but for those who may change the recording. */
  downloadUrl: string | null;
  /** The file as it was recorded or uploaded, byte for byte, by ranges: its hash is the recording's `sha256`. Null until all of it is here, and where there is no `downloadUrl`. */
  originalUrl: string | null;
  /** The sound alone. */
  audioUrl: string | null;
  posterUrl: string | null;
  /** A short moving picture. */
  previewUrl: string | null;
  /** WebVTT that names small pictures by their times. */
  storyboardUrl: string | null;
  waveformUrl: string | null;
  captions: Captions[];
  /** WebVTT of the kind `chapters`; null where there are none. */
  chaptersUrl: string | null;
  quality: Quality[];
  processing: Step[];
  transcription: Transcription;
  /** When the addresses above end. */
  expiresAt: string;
  error: string | null;
}

export interface Stroke {
  tool?: Tool;
  color: string;
  width?: number;
  /** The way of a pen; the two ends, or two opposite corners, of any other tool. */
  points: unknown[][];
}

export type SuggestionKind = "silence" | "filler" | "repetition";

export interface Suggestion {
  kind: SuggestionKind;
  start: number;
  end: number;
  reason: string;
}

export interface Summary {
  views: number;
  uniqueViewers: number;
  /** Players that began, also those that stopped before it was a view. */
  starts: number;
  /** With what was watched again. */
  watchSeconds: number;
  /** Views that saw nearly all of it. */
  completions: number;
  /** Part of the recording that a view saw, 0 to 1. */
  averageWatched: number | null;
}

export type Table = "days" | "names" | "curves";

export interface TagList {
  data: Tag[];
}

export interface Tag {
  id: string;
  workspaceId: string;
  name: string;
  color: string | null;
}

export interface TagRequest {
  name: string;
  color?: string | null;
}

export interface TemplateList {
  data: Template[];
}

export interface Template {
  id: string;
  name: string;
  description: string;
  settings: Record<string, unknown>;
  isDefault: boolean;
  createdAt: string;
}

export interface TemplateRequest {
  name: string;
  description?: string;
  settings: Record<string, unknown>;
  isDefault?: boolean;
}

export interface TestRequest {
  /** The event to pretend. */
  event?: string;
}

export interface Thread {
  id: string;
  recordingId: string;
  parentId: string | null;
  /** Null where it was deleted. */
  author: Author | null;
  /** Plain text; empty where it was deleted and only its replies are left. */
  body: string;
  time: number | null;
  endTime: number | null;
  drawing: Drawing | null;
  mentions: CommentsMention[];
  /** Whether who asks wrote it. */
  mine: boolean;
  deleted: boolean;
  resolved: boolean;
  resolvedAt: string | null;
  editedAt: string | null;
  createdAt: string;
  /** Its ETag is this number in quotes. */
  version: number;
  /** Oldest first. */
  replies: Comment[];
}

export interface ThreadPage {
  data: Thread[];
  pagination: CommentsCursorPagination;
}

export interface TokenRequest {
  /** From the link in the mail. */
  token: string;
}

export type Tool = "pen" | "highlighter" | "line" | "arrow" | "rectangle" | "ellipse";

export interface Topic {
  text: string;
  /** Against the strongest topic, which has 1. */
  score: number;
  count: number;
  mentions: AnalysisMention[];
}

export interface Total {
  recordings: number;
  bytes: number;
  trashed: number;
  trashedBytes: number;
  seconds: number;
}

export interface TotpSecret {
  /** To type into an authenticator app. */
  secret: string;
  /** The same as a QR code carries it. */
  uri: string;
}

export interface Transcript {
  recordingId: string;
  /** A code such as `en`; `und` where nobody knows. */
  language: string;
  status: AiState;
  source: AiSource;
  revision: number;
  model: string;
  text: string;
  confidence: number;
  wordCount: number;
  duration: number;
  edited: boolean;
  segments: Segment[];
  createdAt: string;
  updatedAt: string;
}

export interface Transcription {
  /** `none`, `off`, `queued`, `processing`, `partial`, `completed` or `failed`. */
  status: string;
  /** Why, where that is not plain. */
  detail: string | null;
  /** What the owner can do about it. */
  hint: string | null;
}

export interface TransferRequest {
  /** A member, who becomes the owner. */
  userId: string;
}

export interface Trash {
  recordings: number;
  bytes: number;
  oldest: string | null;
  /** When the oldest goes for good. */
  nextErasedAt: string | null;
}

export interface Trial {
  delivered: boolean;
  /** Of the answer; null where there was none. */
  status: number | null;
  problem: string | null;
}

export interface Trouble {
  at: string;
  event: string;
  detail: string;
}

export interface Unlock {
  /** For the header `X-Share-Token` of what is asked about this share, where no cookie reaches. */
  token: string;
  expiresAt: string;
}

export interface UnlockRequest {
  password: string;
}

/** What is left out stays as it is. `active` true forgives the past failures. */
export interface UpdateChannelRequest {
  url?: string | null;
  description?: string | null;
  kinds?: NotificationsKind[] | null;
  active?: boolean | null;
}

/** Fields left out stay as they are; `parentId` null moves it to the top. */
export interface UpdateFolderRequest {
  name?: string | null;
  parentId?: string | null;
}

/** What is left out stays. */
export interface UpdateKeyRequest {
  name?: string | null;
  scopes?: Scope[] | null;
  expiresAt?: string | null;
  /** A key that is not active is refused, until it is again. */
  isActive?: boolean | null;
}

/** Fields left out stay as they are; null empties one. */
export interface UpdateProfileRequest {
  username?: string | null;
  timeZone?: string | null;
  language?: string | null;
}

/** Fields left out stay as they are. */
export interface UpdateRecordingRequest {
  title?: string | null;
  description?: string | null;
  settings?: Record<string, unknown> | null;
  /** false: the link is off (`private`); true: on again, for all who have it. */
  shared?: boolean | null;
  allowComments?: boolean | null;
  /** Places to find again; they begin chapters. */
  markers?: Marker[] | null;
  /** Of its workspace; null: at the top. */
  folderId?: string | null;
  /** All that it shall have, by name; new ones are made in its workspace. */
  tags?: string[] | null;
}

/** Fields left out stay as they are; `color` null takes it away. */
export interface UpdateTagRequest {
  name?: string | null;
  color?: string | null;
}

/** Fields left out stay as they are. */
export interface UpdateTemplateRequest {
  name?: string | null;
  description?: string | null;
  settings?: Record<string, unknown> | null;
  isDefault?: boolean | null;
}

/** Fields left out stay as they are. */
export interface UpdateWebhookRequest {
  url?: string | null;
  events?: string[] | null;
  description?: string | null;
  /** False: nothing is noted or sent until it is true. */
  active?: boolean | null;
}

/** Fields left out stay as they are; `retentionDays` null keeps recordings for ever. */
export interface UpdateWorkspaceRequest {
  name?: string | null;
  retentionDays?: number | null;
}

export interface Usage {
  area: Area;
  files: number;
  bytes: number;
}

/** Of `navigator.credentials.get()`. */
export interface UsedCredential {
  id: string;
  rawId: string;
  type?: "public-key";
  response: Assertion;
}

export interface User {
  id: string;
  email: string;
  username: string;
  role: Role;
}

export interface VerifyAnswer {
  userId: string;
  email: string;
}

export interface VerifyRequest {
  token: string;
  /** The one that was chosen, to finish a registration. */
  password?: string | null;
}

export type Visibility = "public" | "workspace" | "private";

/** How one may sign in to this server. */
export interface Ways {
  password: boolean;
  /** Not where the server has no name of its own, or no https. */
  passkeys: boolean;
  providers: Provider[];
}

export interface Webhook {
  id: string;
  url: string;
  description: string;
  events: string[];
  active: boolean;
  /** Since when the server sends nothing any more. */
  disabledAt: string | null;
  disabledReason: string | null;
  /** Tries that failed in a row. */
  failures: number;
  /** Nothing is sent before, because too many tries failed. */
  pausedUntil: string | null;
  lastSuccessAt: string | null;
  /** Until when the replaced secret signs too. */
  previousSecretUntil: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface WebhookPage {
  data: Webhook[];
  pagination: Pagination;
}

/** The body of a delivery, signed as its headers say. */
export interface WebhookPayload {
  /** The same in every try of a delivery. */
  id: string;
  event: string;
  /** When it happened. */
  timestamp: string;
  /** What happened; of recordings with `recordingId` and `sessionId` (the same). */
  data: Record<string, unknown>;
  /** Id of the webhook. */
  subscription_id: string;
}

export interface WebhookWithSecret {
  id: string;
  url: string;
  description: string;
  events: string[];
  active: boolean;
  /** Since when the server sends nothing any more. */
  disabledAt: string | null;
  disabledReason: string | null;
  /** Tries that failed in a row. */
  failures: number;
  /** Nothing is sent before, because too many tries failed. */
  pausedUntil: string | null;
  lastSuccessAt: string | null;
  /** Until when the replaced secret signs too. */
  previousSecretUntil: string | null;
  createdAt: string;
  updatedAt: string;
  /** Shown this once. It signs every delivery. */
  secret: string;
}

export interface Word {
  start: number;
  end: number;
  text: string;
  confidence: number;
}

export interface Worker {
  name: string;
  jobs: number;
}

export interface WorkspaceList {
  data: Workspace[];
}

export interface Workspace {
  id: string;
  name: string;
  kind: WorkspacesKind;
  /** Yours. */
  role: WorkspaceRole;
  retentionDays: number | null;
  createdAt: string;
}

export type WorkspaceRole = "owner" | "admin" | "member" | "viewer";

export interface WorkspaceUsage {
  workspaceId: string;
  /** The month that minutes are counted in (UTC). */
  month: string;
  /** Id of the plan that holds. */
  plan: string;
  quotas: QuotaOut[];
}

export interface Assertion {
  clientDataJSON: string;
  authenticatorData: string;
  signature: string;
  userHandle?: string | null;
}

export interface Attestation {
  clientDataJSON: string;
  attestationObject: string;
  transports?: string[];
}

export type AdminKind = "jobs" | "webhooks" | "mail" | "events";

export type AdminSource = "default" | "environment" | "command line";

export interface AnalysisMention {
  /** Seconds from the start of the recording. */
  start: number;
  end: number;
  /** Segments of the transcript in which it was said. */
  segmentIds: number[];
}

export type AnalysisSource = "builtin" | "llm";

export type AnalysisStatus = "queued" | "completed" | "failed";

/** Where a transcript came from. */
export type AiSource = "server" | "desktop" | "edited";

export type AiState = "partial" | "completed";

export interface CommentsCursorPagination {
  size: number;
  totalElements: number;
  /** For the next page; null on the last. */
  nextCursor: string | null;
}

export interface CommentsMention {
  /** Null for an e-mail address without an account here. */
  userId: string | null;
  name: string;
}

export type WorkspacesKind = "personal" | "team";

export type NotificationsKind = "video_ready" | "video_failed" | "mention" | "reply" | "comment" | "reaction" | "view" | "invitation_accepted" | "webhook_disabled" | "slack_disabled" | "storage_low" | "quota_warning";

export interface NotificationsCursorPagination {
  size: number;
  totalElements: number;
  nextCursor: string | null;
}

export type PlansStatus = "trialing" | "active" | "past_due" | "canceled";

export type RecordingsStatus = "preparing" | "recording" | "processing" | "completed" | "failed";

export type TakeoutState = "pending" | "completed" | "failed";

/** Of a delivery. */
export type WebhooksStatus = "pending" | "success" | "failed";

/** What each operation takes and answers. */
export interface Operations {
  /** Start a recording */
  "POST /api/v1/recordings": { header?: { "Idempotency-Key"?: string }; body: StartRecordingRequest; answer: Recording };
  /** List recordings, newest first */
  "GET /api/v1/recordings": { query?: { page?: number; size?: number; cursor?: string | null; workspaceId?: string | null; folder?: string | null; tag?: string | null; status?: RecordingsStatus | null; q?: string | null; from?: string | null; to?: string | null; sort?: RecordingSort; fields?: string | null }; answer: RecordingPage };
  /** What lies in the trash, the last first */
  "GET /api/v1/recordings/trash": { query?: { page?: number; size?: number }; answer: RecordingPage };
  /** List templates */
  "GET /api/v1/recordings/templates": { answer: TemplateList };
  /** Create a template */
  "POST /api/v1/recordings/templates": { header?: { "Idempotency-Key"?: string }; body: TemplateRequest; answer: Template };
  /** Get a template */
  "GET /api/v1/recordings/templates/{template_id}": { path: { template_id: string }; answer: Template };
  /** Change a template */
  "PUT /api/v1/recordings/templates/{template_id}": { path: { template_id: string }; body: UpdateTemplateRequest; answer: Template };
  /** Delete a template */
  "DELETE /api/v1/recordings/templates/{template_id}": { path: { template_id: string }; answer: null };
  /** Get a recording */
  "GET /api/v1/recordings/{recording_id}": { path: { recording_id: string }; query?: { fields?: string | null }; answer: Recording };
  /** Change title, text, place or sharing */
  "PUT /api/v1/recordings/{recording_id}": { path: { recording_id: string }; header?: { "If-Match"?: string }; body: UpdateRecordingRequest; answer: Recording };
  /** The same as PUT */
  "PATCH /api/v1/recordings/{recording_id}": { path: { recording_id: string }; header?: { "If-Match"?: string }; body: UpdateRecordingRequest; answer: Recording };
  /** Put a recording into the trash */
  "DELETE /api/v1/recordings/{recording_id}": { path: { recording_id: string }; query?: { permanent?: boolean }; answer: null };
  /** Take it out of the trash */
  "POST /api/v1/recordings/{recording_id}/restore": { path: { recording_id: string }; header?: { "Idempotency-Key"?: string }; answer: Recording };
  /** Move to another workspace */
  "POST /api/v1/recordings/{recording_id}/move": { path: { recording_id: string }; header?: { "Idempotency-Key"?: string }; body: MoveRequest; answer: Recording };
  /** Pause, resume or stop */
  "POST /api/v1/recordings/{recording_id}/control": { path: { recording_id: string }; header?: { "Idempotency-Key"?: string }; body: ControlRequest; answer: Recording };
  /** Create an upload */
  "POST /api/v1/uploads": { header: { "Tus-Resumable": string; "Upload-Length"?: string; "Upload-Defer-Length"?: string; "Upload-Metadata"?: string }; answer: null };
  /** What this tus server can do */
  "OPTIONS /api/v1/uploads": { answer: null };
  /** How far an upload is */
  "HEAD /api/v1/uploads/{upload_id}": { path: { upload_id: string }; header: { "Tus-Resumable": string }; answer: null };
  /** Append bytes */
  "PATCH /api/v1/uploads/{upload_id}": { path: { upload_id: string }; header: { "Tus-Resumable": string; "Upload-Offset": string; "Upload-Length"?: string; "Upload-Checksum"?: string }; answer: null };
  /** Give an upload up */
  "DELETE /api/v1/uploads/{upload_id}": { path: { upload_id: string }; header: { "Tus-Resumable": string }; answer: null };
  /** Where to play a recording */
  "GET /api/v1/streams/{recording_id}": { path: { recording_id: string }; answer: Stream };
  /** All qualities there are */
  "GET /api/v1/streams/{recording_id}/{ticket}/master.m3u8": { path: { recording_id: string; ticket: string }; header?: { "If-None-Match"?: string }; answer: string };
  /** All qualities in all codecs, for players that can change from one to another */
  "GET /api/v1/streams/{recording_id}/{ticket}/everything.m3u8": { path: { recording_id: string; ticket: string }; header?: { "If-None-Match"?: string }; answer: string };
  /** The same for DASH players */
  "GET /api/v1/streams/{recording_id}/{ticket}/manifest.mpd": { path: { recording_id: string; ticket: string }; header?: { "If-None-Match"?: string }; answer: string };
  /** A segment of the picture or the sound alone */
  "GET /api/v1/streams/{recording_id}/{ticket}/dash/{version}-{kind}/{number}.m4s": { path: { version: string; kind: "video" | "audio"; number: number; recording_id: string; ticket: string }; answer: Blob };
  /** Key frames alone */
  "GET /api/v1/streams/{recording_id}/{ticket}/iframes.m3u8": { path: { recording_id: string; ticket: string }; header?: { "If-None-Match"?: string }; answer: string };
  /** Key frames of a smaller version */
  "GET /api/v1/streams/{recording_id}/{ticket}/iframes-{name}.m3u8": { path: { name: string; recording_id: string; ticket: string }; header?: { "If-None-Match"?: string }; answer: string };
  /** Captions for HLS players */
  "GET /api/v1/streams/{recording_id}/{ticket}/captions-{language}.m3u8": { path: { language: string; recording_id: string; ticket: string }; header?: { "If-None-Match"?: string }; answer: string };
  /** Captions as WebVTT */
  "GET /api/v1/streams/{recording_id}/{ticket}/captions-{language}.vtt": { path: { language: string; recording_id: string; ticket: string }; header?: { "If-None-Match"?: string }; answer: string };
  /** Chapters as WebVTT */
  "GET /api/v1/streams/{recording_id}/{ticket}/chapters.vtt": { path: { recording_id: string; ticket: string }; header?: { "If-None-Match"?: string }; answer: string };
  /** The recording itself, live and after */
  "GET /api/v1/streams/{recording_id}/{ticket}/video.m3u8": { path: { recording_id: string; ticket: string }; query?: { _HLS_msn?: number | null; _HLS_part?: number | null; _HLS_skip?: string | null }; header?: { "If-None-Match"?: string }; answer: string };
  /** A smaller version */
  "GET /api/v1/streams/{recording_id}/{ticket}/{name}.m3u8": { path: { name: string; recording_id: string; ticket: string }; header?: { "If-None-Match"?: string }; answer: string };
  /** Bytes of a file, by ranges: a version, a picture, the sound */
  "GET /api/v1/streams/{recording_id}/{ticket}/{name}": { path: { name: string; ticket: string; recording_id: string }; header?: { "If-None-Match"?: string; Range?: string }; answer: Blob };
  /** Sign in */
  "POST /auth/login": { body: LoginRequest; answer: LoginAnswer | StepUpAnswer };
  /** Sign in with the second factor */
  "POST /auth/login/mfa": { body: MfaLoginRequest; answer: LoginAnswer };
  /** Who is signed in */
  "GET /api/v1/me": { answer: User };
  /** Get a new pair of tokens */
  "POST /auth/refresh": { header?: { "Idempotency-Key"?: string | null; "X-Heddle-Session"?: string }; body?: RefreshRequest | null; answer: LoginAnswer };
  /** Sign out */
  "POST /auth/logout": { header?: { "Idempotency-Key"?: string }; answer: null };
  /** Sign out on all devices */
  "POST /auth/logout-all": { header?: { "Idempotency-Key"?: string }; answer: null };
  /** Where you are signed in */
  "GET /api/v1/auth/sessions": { answer: SessionList };
  /** Sign out on all other devices */
  "DELETE /api/v1/auth/sessions": { answer: null };
  /** Sign out on one device */
  "DELETE /api/v1/auth/sessions/{session_id}": { path: { session_id: string }; answer: null };
  /** Change your password */
  "POST /api/v1/auth/password": { header?: { "Idempotency-Key"?: string }; body: PasswordChange; answer: null };
  /** Your second factors */
  "GET /api/v1/auth/mfa": { answer: Factors };
  /** Get a secret for an authenticator app */
  "POST /api/v1/auth/mfa/totp": { header?: { "Idempotency-Key"?: string }; body: PasswordRequest; answer: TotpSecret };
  /** Switch the authenticator app on */
  "POST /api/v1/auth/mfa/totp/confirm": { header?: { "Idempotency-Key"?: string }; body: CodeRequest; answer: RecoveryCodes };
  /** Switch the second factor off */
  "POST /api/v1/auth/mfa/totp/remove": { header?: { "Idempotency-Key"?: string }; body: ConfirmedRequest; answer: null };
  /** Get new recovery codes */
  "POST /api/v1/auth/mfa/recovery-codes": { header?: { "Idempotency-Key"?: string }; body: ConfirmedRequest; answer: RecoveryCodes };
  /** Begin to sign in by passkey */
  "POST /auth/login/passkey/options": { answer: OptionsAnswer };
  /** Sign in by passkey */
  "POST /auth/login/passkey": { body: PasskeyLoginRequest; answer: LoginAnswer };
  /** Your passkeys */
  "GET /api/v1/auth/passkeys": { answer: PasskeyList };
  /** Make a passkey */
  "POST /api/v1/auth/passkeys": { header?: { "Idempotency-Key"?: string }; body: CreatePasskeyRequest; answer: Passkey };
  /** Begin to make a passkey */
  "POST /api/v1/auth/passkeys/options": { header?: { "Idempotency-Key"?: string }; body: BeginPasskeyRequest; answer: OptionsAnswer };
  /** Rename a passkey */
  "PATCH /api/v1/auth/passkeys/{passkey_id}": { path: { passkey_id: string }; body: RenamePasskeyRequest; answer: Passkey };
  /** Remove a passkey */
  "DELETE /api/v1/auth/passkeys/{passkey_id}": { path: { passkey_id: string }; answer: null };
  /** How one may sign in here */
  "GET /auth/ways": { answer: Ways };
  /** Sign out here and elsewhere */
  "POST /auth/single-logout": { header?: { "Idempotency-Key"?: string }; answer: SingleLogoutAnswer };
  /** Your accounts elsewhere */
  "GET /api/v1/auth/identities": { answer: IdentityList };
  /** Connect an account elsewhere */
  "POST /api/v1/auth/identities": { header?: { "Idempotency-Key"?: string }; body: LinkRequest; answer: LinkAnswer };
  /** Disconnect an account elsewhere */
  "DELETE /api/v1/auth/identities/{identity_id}": { path: { identity_id: string }; answer: null };
  /** Your API keys */
  "GET /api/v1/keys": { answer: KeyList };
  /** Make an API key */
  "POST /api/v1/keys": { header?: { "Idempotency-Key"?: string }; body: CreateKeyRequest; answer: CreatedKey };
  /** Rename, limit, disable or enable an API key */
  "PATCH /api/v1/keys/{key_id}": { path: { key_id: string }; body: UpdateKeyRequest; answer: Key };
  /** Delete an API key */
  "DELETE /api/v1/keys/{key_id}": { path: { key_id: string }; answer: null };
  /** Make an account */
  "POST /auth/register": { body: RegisterRequest; answer: RegisterAnswer };
  /** Answer the mail to an address */
  "POST /auth/verify-email": { body: VerifyRequest; answer: VerifyAnswer };
  /** Have a link to a new password sent */
  "POST /auth/password/forgotten": { body: ForgottenRequest; answer: null };
  /** Choose a new password */
  "POST /auth/password/reset": { body: ResetRequest; answer: null };
  /** Confirm a change of address */
  "POST /auth/email/confirm": { body: ConfirmRequest; answer: ChangeEmailAnswer };
  /** Your profile */
  "GET /api/v1/users/me": { answer: Profile };
  /** Change your profile */
  "PATCH /api/v1/users/me": { body: UpdateProfileRequest; answer: Profile };
  /** Use another address */
  "POST /api/v1/users/me/email": { header?: { "Idempotency-Key"?: string }; body: ChangeEmailRequest; answer: null };
  /** Have a mail sent to verify your address */
  "POST /api/v1/users/me/verification": { header?: { "Idempotency-Key"?: string }; answer: null };
  /** Upload a picture of yourself */
  "PUT /api/v1/users/me/avatar": { body: Blob; answer: Profile };
  /** Remove your picture */
  "DELETE /api/v1/users/me/avatar": { answer: null };
  /** Who did what, the last first */
  "GET /api/v1/audit": { query?: { everything?: boolean; workspaceId?: string | null; act?: string | null; page?: number; size?: number }; answer: AuditPage };
  /** Workspaces you are in, your own first */
  "GET /api/v1/workspaces": { answer: WorkspaceList };
  /** Create a team's workspace */
  "POST /api/v1/workspaces": { header?: { "Idempotency-Key"?: string }; body: CreateWorkspaceRequest; answer: Workspace };
  /** Get a workspace */
  "GET /api/v1/workspaces/{workspace_id}": { path: { workspace_id: string }; answer: Workspace };
  /** Change name or retention */
  "PATCH /api/v1/workspaces/{workspace_id}": { path: { workspace_id: string }; body: UpdateWorkspaceRequest; answer: Workspace };
  /** Delete an empty workspace */
  "DELETE /api/v1/workspaces/{workspace_id}": { path: { workspace_id: string }; answer: null };
  /** Who is in a workspace */
  "GET /api/v1/workspaces/{workspace_id}/members": { path: { workspace_id: string }; answer: MemberList };
  /** Give a member another role */
  "PATCH /api/v1/workspaces/{workspace_id}/members/{user_id}": { path: { workspace_id: string; user_id: string }; body: RoleRequest; answer: null };
  /** Remove a member */
  "DELETE /api/v1/workspaces/{workspace_id}/members/{user_id}": { path: { workspace_id: string; user_id: string }; answer: null };
  /** Leave a workspace */
  "POST /api/v1/workspaces/{workspace_id}/leave": { path: { workspace_id: string }; header?: { "Idempotency-Key"?: string }; answer: null };
  /** Make another member the owner in your place */
  "POST /api/v1/workspaces/{workspace_id}/transfer": { path: { workspace_id: string }; header?: { "Idempotency-Key"?: string }; body: TransferRequest; answer: null };
  /** Who was asked to come, newest first */
  "GET /api/v1/workspaces/{workspace_id}/invitations": { path: { workspace_id: string }; answer: InvitationList };
  /** Invite somebody by mail */
  "POST /api/v1/workspaces/{workspace_id}/invitations": { path: { workspace_id: string }; header?: { "Idempotency-Key"?: string }; body: InviteRequest; answer: Invitation };
  /** Take an invitation back */
  "DELETE /api/v1/workspaces/{workspace_id}/invitations/{invitation_id}": { path: { workspace_id: string; invitation_id: string }; answer: null };
  /** Invitations that wait for you */
  "GET /api/v1/invitations": { answer: InvitationList };
  /** Invite somebody to this server */
  "POST /api/v1/invitations": { header?: { "Idempotency-Key"?: string }; body: ServerInviteRequest; answer: Invitation };
  /** What the link in a mail is for */
  "POST /api/v1/invitations/look": { body: TokenRequest; answer: Invitation };
  /** Come into the workspace */
  "POST /api/v1/invitations/accept": { header?: { "Idempotency-Key"?: string }; body: TokenRequest; answer: Workspace | null };
  /** Say no to an invitation */
  "POST /api/v1/invitations/decline": { body: TokenRequest; answer: null };
  /** The folders of a workspace */
  "GET /api/v1/folders": { query?: { workspaceId?: string | null }; answer: FolderList };
  /** Make a folder */
  "POST /api/v1/folders": { query?: { workspaceId?: string | null }; header?: { "Idempotency-Key"?: string }; body: FolderRequest; answer: Folder };
  /** One folder */
  "GET /api/v1/folders/{folder_id}": { path: { folder_id: string }; answer: Folder };
  /** Rename or move a folder */
  "PATCH /api/v1/folders/{folder_id}": { path: { folder_id: string }; header?: { "If-Match"?: string }; body: UpdateFolderRequest; answer: Folder };
  /** Delete a folder; what lies in it moves up */
  "DELETE /api/v1/folders/{folder_id}": { path: { folder_id: string }; answer: null };
  /** The tags of a workspace */
  "GET /api/v1/tags": { query?: { workspaceId?: string | null }; answer: TagList };
  /** Make a tag */
  "POST /api/v1/tags": { query?: { workspaceId?: string | null }; header?: { "Idempotency-Key"?: string }; body: TagRequest; answer: Tag };
  /** Change a tag */
  "PATCH /api/v1/tags/{tag_id}": { path: { tag_id: string }; body: UpdateTagRequest; answer: Tag };
  /** Delete a tag */
  "DELETE /api/v1/tags/{tag_id}": { path: { tag_id: string }; answer: null };
  /** Try a failed step again */
  "POST /api/v1/recordings/{recording_id}/steps/{step}/retry": { path: { recording_id: string; step: string }; header?: { "Idempotency-Key"?: string }; answer: StepState };
  /** A shared recording */
  "GET /api/v1/shares/{slug}": { path: { slug: string }; header?: { "X-Share-Token"?: string }; answer: Share };
  /** How it is shared */
  "GET /api/v1/recordings/{recording_id}/share": { path: { recording_id: string }; answer: ShareSettings };
  /** Change whom the link lets in, and until when */
  "PATCH /api/v1/recordings/{recording_id}/share": { path: { recording_id: string }; header?: { "If-Match"?: string }; body: ShareSettingsRequest; answer: ShareSettings };
  /** Get in by a link's password */
  "POST /api/v1/shares/{slug}/unlock": { path: { slug: string }; body: UnlockRequest; answer: Unlock };
  /** What was said, with times */
  "GET /api/v1/recordings/{recording_id}/transcript": { path: { recording_id: string }; query?: { words?: boolean }; header?: { "If-None-Match"?: string }; answer: null };
  /** Use this transcript as it is */
  "PUT /api/v1/recordings/{recording_id}/transcript": { path: { recording_id: string }; query?: { language?: string }; header?: { "If-Match"?: string }; body: Blob; answer: Transcript };
  /** Correct one segment */
  "PATCH /api/v1/recordings/{recording_id}/transcript/segments/{segment_id}": { path: { recording_id: string; segment_id: string }; header?: { "If-Match"?: string }; body: EditSegment; answer: Transcript };
  /** Who changed what */
  "GET /api/v1/recordings/{recording_id}/transcript/history": { path: { recording_id: string }; query?: { page?: number; size?: number }; answer: RevisionPage };
  /** Bring back how it was at a revision */
  "POST /api/v1/recordings/{recording_id}/transcript/restore": { path: { recording_id: string }; header?: { "Idempotency-Key"?: string; "If-Match"?: string }; body: RestoreRequest; answer: Transcript };
  /** Have the server listen again */
  "POST /api/v1/recordings/{recording_id}/transcript/rerun": { path: { recording_id: string }; header?: { "Idempotency-Key"?: string }; body?: RerunRequest | null; answer: Rerun };
  /** Captions as a file */
  "GET /api/v1/recordings/{recording_id}/captions.{form}": { path: { recording_id: string; form: CaptionFormat }; header?: { "If-None-Match"?: string }; answer: string };
  /** What was said, for viewers */
  "GET /api/v1/shares/{slug}/transcript": { path: { slug: string }; query?: { words?: boolean }; header?: { "X-Share-Token"?: string; "If-None-Match"?: string }; answer: null };
  /** Captions, for viewers */
  "GET /api/v1/shares/{slug}/captions.{form}": { path: { form: CaptionFormat; slug: string }; header?: { "X-Share-Token"?: string; "If-None-Match"?: string }; answer: string };
  /** What it is about */
  "GET /api/v1/recordings/{recording_id}/analysis": { path: { recording_id: string }; header?: { "If-None-Match"?: string }; answer: Analysis };
  /** Have it analysed anew */
  "POST /api/v1/recordings/{recording_id}/analysis/rerun": { path: { recording_id: string }; header?: { "Idempotency-Key"?: string }; answer: Analysis };
  /** Chapters as a WebVTT track */
  "GET /api/v1/recordings/{recording_id}/chapters.vtt": { path: { recording_id: string }; header?: { "If-None-Match"?: string }; answer: string };
  /** What it is about, for viewers */
  "GET /api/v1/shares/{slug}/analysis": { path: { slug: string }; header?: { "X-Share-Token"?: string; "If-None-Match"?: string }; answer: Analysis };
  /** Chapters, for viewers */
  "GET /api/v1/shares/{slug}/chapters.vtt": { path: { slug: string }; header?: { "X-Share-Token"?: string; "If-None-Match"?: string }; answer: string };
  /** Find recordings by their words */
  "GET /api/v1/search": { query?: { q?: string; person?: string | null; workspaceId?: string | null; from?: string | null; to?: string | null; minDuration?: number | null; maxDuration?: number | null; language?: string | null; folder?: string | null; tag?: string | null; page?: number; size?: number }; answer: Search };
  /** Comments with their replies */
  "GET /api/v1/recordings/{recording_id}/comments": { path: { recording_id: string }; query?: { sort?: Sort; cursor?: string | null; size?: number; resolved?: boolean | null }; answer: ThreadPage };
  /** Comment on a recording, or reply */
  "POST /api/v1/recordings/{recording_id}/comments": { path: { recording_id: string }; header?: { "Idempotency-Key"?: string }; body: CommentRequest; answer: Comment };
  /** One comment */
  "GET /api/v1/comments/{comment_id}": { path: { comment_id: string }; answer: Comment };
  /** Change what you wrote */
  "PATCH /api/v1/comments/{comment_id}": { path: { comment_id: string }; header?: { "If-Match"?: string }; body: EditCommentRequest; answer: Comment };
  /** Delete a comment */
  "DELETE /api/v1/comments/{comment_id}": { path: { comment_id: string }; header?: { "If-Match"?: string }; answer: null };
  /** What it said before */
  "GET /api/v1/comments/{comment_id}/history": { path: { comment_id: string }; answer: CommentHistory };
  /** Settle a thread */
  "POST /api/v1/comments/{comment_id}/resolve": { path: { comment_id: string }; header?: { "Idempotency-Key"?: string; "If-Match"?: string }; answer: Comment };
  /** Open it again */
  "POST /api/v1/comments/{comment_id}/reopen": { path: { comment_id: string }; header?: { "Idempotency-Key"?: string; "If-Match"?: string }; answer: Comment };
  /** Reactions, by their moments */
  "GET /api/v1/recordings/{recording_id}/reactions": { path: { recording_id: string }; query?: { cursor?: string | null; size?: number }; answer: ReactionPage };
  /** React to a moment */
  "POST /api/v1/recordings/{recording_id}/reactions": { path: { recording_id: string }; header?: { "Idempotency-Key"?: string }; body: ReactionRequest; answer: Reaction };
  /** Take a reaction back */
  "DELETE /api/v1/reactions/{reaction_id}": { path: { reaction_id: string }; answer: null };
  /** Comments, for viewers */
  "GET /api/v1/shares/{slug}/comments": { path: { slug: string }; query?: { sort?: Sort; cursor?: string | null; size?: number; resolved?: boolean | null }; header?: { "X-Guest-Token"?: string | null; "X-Share-Token"?: string }; answer: ThreadPage };
  /** Comment as a viewer */
  "POST /api/v1/shares/{slug}/comments": { path: { slug: string }; header?: { "X-Guest-Token"?: string | null; "Idempotency-Key"?: string; "X-Share-Token"?: string }; body: GuestCommentRequest; answer: GuestComment };
  /** One comment, for viewers */
  "GET /api/v1/shares/{slug}/comments/{comment_id}": { path: { comment_id: string; slug: string }; header?: { "X-Guest-Token"?: string | null; "X-Share-Token"?: string }; answer: Comment };
  /** Change what you wrote as a viewer */
  "PATCH /api/v1/shares/{slug}/comments/{comment_id}": { path: { comment_id: string; slug: string }; header?: { "X-Guest-Token"?: string | null; "X-Share-Token"?: string; "If-Match"?: string }; body: EditCommentRequest; answer: Comment };
  /** Delete what you wrote as a viewer */
  "DELETE /api/v1/shares/{slug}/comments/{comment_id}": { path: { comment_id: string; slug: string }; header?: { "X-Guest-Token"?: string | null; "X-Share-Token"?: string; "If-Match"?: string }; answer: null };
  /** Settle a thread you began */
  "POST /api/v1/shares/{slug}/comments/{comment_id}/resolve": { path: { comment_id: string; slug: string }; header?: { "X-Guest-Token"?: string | null; "Idempotency-Key"?: string; "X-Share-Token"?: string; "If-Match"?: string }; answer: Comment };
  /** Open a thread you began again */
  "POST /api/v1/shares/{slug}/comments/{comment_id}/reopen": { path: { comment_id: string; slug: string }; header?: { "X-Guest-Token"?: string | null; "Idempotency-Key"?: string; "X-Share-Token"?: string; "If-Match"?: string }; answer: Comment };
  /** Reactions, for viewers */
  "GET /api/v1/shares/{slug}/reactions": { path: { slug: string }; query?: { cursor?: string | null; size?: number }; header?: { "X-Guest-Token"?: string | null; "X-Share-Token"?: string }; answer: ReactionPage };
  /** React as a viewer */
  "POST /api/v1/shares/{slug}/reactions": { path: { slug: string }; header?: { "X-Guest-Token"?: string | null; "Idempotency-Key"?: string; "X-Share-Token"?: string }; body: GuestReactionRequest; answer: GuestReaction };
  /** Take back your reaction as a viewer */
  "DELETE /api/v1/shares/{slug}/reactions/{reaction_id}": { path: { reaction_id: string; slug: string }; header?: { "X-Guest-Token"?: string | null; "X-Share-Token"?: string }; answer: null };
  /** List webhooks */
  "GET /api/v1/webhooks": { query?: { page?: number; size?: number }; answer: WebhookPage };
  /** Create a webhook */
  "POST /api/v1/webhooks": { header?: { "Idempotency-Key"?: string }; body: CreateWebhookRequest; answer: WebhookWithSecret };
  /** List the events webhooks can ask for */
  "GET /api/v1/webhooks/events": { answer: EventList };
  /** Get a webhook */
  "GET /api/v1/webhooks/{webhook_id}": { path: { webhook_id: string }; answer: Webhook };
  /** Change a webhook */
  "PUT /api/v1/webhooks/{webhook_id}": { path: { webhook_id: string }; body: UpdateWebhookRequest; answer: Webhook };
  /** Delete a webhook and its log */
  "DELETE /api/v1/webhooks/{webhook_id}": { path: { webhook_id: string }; answer: null };
  /** Replace the secret; the old one signs too for a while */
  "POST /api/v1/webhooks/{webhook_id}/rotate-secret": { path: { webhook_id: string }; header?: { "Idempotency-Key"?: string }; body?: RotateSecretRequest | null; answer: WebhookWithSecret };
  /** Enable a webhook that was disabled */
  "POST /api/v1/webhooks/{webhook_id}/enable": { path: { webhook_id: string }; header?: { "Idempotency-Key"?: string }; answer: Webhook };
  /** Send a delivery as a test */
  "POST /api/v1/webhooks/{webhook_id}/test": { path: { webhook_id: string }; header?: { "Idempotency-Key"?: string }; body?: TestRequest | null; answer: Delivery };
  /** List deliveries, newest first */
  "GET /api/v1/webhooks/{webhook_id}/deliveries": { path: { webhook_id: string }; query?: { status?: WebhooksStatus | null; event?: string | null; page?: number; size?: number }; answer: DeliveryPage };
  /** Get a delivery, with what was sent and answered */
  "GET /api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}": { path: { webhook_id: string; delivery_id: string }; answer: DeliveryDetail };
  /** Send a delivery again */
  "POST /api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver": { path: { webhook_id: string; delivery_id: string }; header?: { "Idempotency-Key"?: string }; answer: Delivery };
  /** What you were told, the last first */
  "GET /api/v1/notifications": { query?: { unread?: boolean; kind?: NotificationsKind | null; cursor?: string | null; size?: number }; answer: NotificationPage };
  /** How many you have not read */
  "GET /api/v1/notifications/count": { answer: Count };
  /** Mark all as read */
  "POST /api/v1/notifications/read": { header?: { "Idempotency-Key"?: string }; body?: ReadAllRequest | null; answer: ReadAll };
  /** Of what you are told, and how */
  "GET /api/v1/notifications/preferences": { answer: Preferences };
  /** Choose of what you are told, and how */
  "PATCH /api/v1/notifications/preferences": { body: PreferencesRequest; answer: Preferences };
  /** Your Slack channels, or a workspace's */
  "GET /api/v1/notifications/slack": { query?: { workspaceId?: string | null }; answer: ChannelList };
  /** Have a Slack channel told */
  "POST /api/v1/notifications/slack": { header?: { "Idempotency-Key"?: string }; body: CreateChannelRequest; answer: Channel };
  /** Change a Slack channel */
  "PATCH /api/v1/notifications/slack/{channel_id}": { path: { channel_id: string }; body: UpdateChannelRequest; answer: Channel };
  /** Forget a Slack channel */
  "DELETE /api/v1/notifications/slack/{channel_id}": { path: { channel_id: string }; answer: null };
  /** Write to a Slack channel now */
  "POST /api/v1/notifications/slack/{channel_id}/test": { path: { channel_id: string }; header?: { "Idempotency-Key"?: string }; answer: Trial };
  /** Mark one as read, or unread */
  "PATCH /api/v1/notifications/{notification_id}": { path: { notification_id: string }; body: ReadRequest; answer: Notification };
  /** Delete one */
  "DELETE /api/v1/notifications/{notification_id}": { path: { notification_id: string }; answer: null };
  /** Your exports, newest first */
  "GET /api/v1/users/me/exports": { answer: ExportList };
  /** Have a copy made of all that is kept of you */
  "POST /api/v1/users/me/exports": { header?: { "Idempotency-Key"?: string }; body: ExportRequest; answer: Export };
  /** How far an export is */
  "GET /api/v1/users/me/exports/{export_id}": { path: { export_id: string }; answer: Export };
  /** The export as a zip */
  "GET /api/v1/users/me/exports/{export_id}/file": { path: { export_id: string }; answer: Blob };
  /** Have your account erased */
  "POST /api/v1/users/me/erasure": { header?: { "Idempotency-Key"?: string }; body: ErasureRequest; answer: Erasure };
  /** The receipt of an erasure */
  "GET /api/v1/erasures/{erasure_id}": { path: { erasure_id: string }; answer: Erasure };
  /** Tell what was watched */
  "POST /api/v1/analytics/events": { body: Blob; answer: Accepted };
  /** How it was watched */
  "GET /api/v1/recordings/{recording_id}/analytics": { path: { recording_id: string }; query?: { from?: string | null; to?: string | null }; answer: Analytics };
  /** The same as CSV */
  "GET /api/v1/recordings/{recording_id}/analytics.csv": { path: { recording_id: string }; query?: { table?: Table; from?: string | null; to?: string | null }; answer: string };
  /** How your recordings were watched */
  "GET /api/v1/analytics": { query?: { page?: number; size?: number; from?: string | null; to?: string | null }; answer: Overview };
  /** Whether your next recording would be taken */
  "GET /api/v1/me/allowance": { query?: { workspaceId?: string | null }; answer: Allowance };
  /** How much of its plan a workspace uses */
  "GET /api/v1/workspaces/{workspace_id}/usage": { path: { workspace_id: string }; answer: WorkspaceUsage };
  /** How much of its plan any workspace uses */
  "GET /api/v1/admin/workspaces/{workspace_id}/usage": { path: { workspace_id: string }; answer: WorkspaceUsage };
  /** The plan of a workspace */
  "GET /api/v1/workspaces/{workspace_id}/billing": { path: { workspace_id: string }; answer: Billing };
  /** Pay for a plan */
  "POST /api/v1/workspaces/{workspace_id}/billing/checkout": { path: { workspace_id: string }; header?: { "Idempotency-Key"?: string }; body: CheckoutRequest; answer: Address };
  /** Change or end a subscription */
  "POST /api/v1/workspaces/{workspace_id}/billing/portal": { path: { workspace_id: string }; header?: { "Idempotency-Key"?: string }; answer: Address };
  /** Notices of Stripe */
  "POST /api/v1/billing/stripe/webhook": { header?: { "Stripe-Signature"?: string }; answer: null };
  /** How the server is */
  "GET /api/v1/admin/health": { answer: Health };
  /** What heddle-server doctor says */
  "POST /api/v1/admin/health/examination": { header?: { "Idempotency-Key"?: string }; answer: Examination };
  /** Jobs of everybody, the newest first */
  "GET /api/v1/admin/jobs": { query?: { status?: JobStatus | null; step?: StepName | null; recordingId?: string | null; page?: number; size?: number }; answer: JobPage };
  /** A job with what went wrong in it */
  "GET /api/v1/admin/jobs/{job_id}": { path: { job_id: string }; answer: JobDetails };
  /** Try a failed job again */
  "POST /api/v1/admin/jobs/{job_id}/retry": { path: { job_id: string }; header?: { "Idempotency-Key"?: string }; answer: Job };
  /** Give a job up */
  "POST /api/v1/admin/jobs/{job_id}/cancel": { path: { job_id: string }; header?: { "Idempotency-Key"?: string }; answer: Job };
  /** What was given up, the last first */
  "GET /api/v1/admin/dead-letters/{kind}": { path: { kind: AdminKind }; query?: { page?: number; size?: number }; answer: LetterPage };
  /** Try all of a kind again */
  "POST /api/v1/admin/dead-letters/{kind}/retry": { path: { kind: AdminKind }; header?: { "Idempotency-Key"?: string }; answer: Retried };
  /** Try one again */
  "POST /api/v1/admin/dead-letters/{kind}/{letter_id}/retry": { path: { kind: AdminKind; letter_id: string }; header?: { "Idempotency-Key"?: string }; answer: null };
  /** Accounts, the newest first */
  "GET /api/v1/admin/users": { query?: { q?: string | null; role?: Role | null; state?: AccountState | null; page?: number; size?: number }; answer: AccountPage };
  /** Make an account */
  "POST /api/v1/admin/users": { header?: { "Idempotency-Key"?: string }; body: NewAccountRequest; answer: Account };
  /** An account with its devices */
  "GET /api/v1/admin/users/{user_id}": { path: { user_id: string }; answer: AccountDetails };
  /** Change somebody's role on this server */
  "PATCH /api/v1/admin/users/{user_id}": { path: { user_id: string }; body: ChangeAccountRequest; answer: AccountDetails };
  /** Erase an account */
  "DELETE /api/v1/admin/users/{user_id}": { path: { user_id: string }; answer: ErasureOrdered };
  /** Let nobody in with an account */
  "POST /api/v1/admin/users/{user_id}/disable": { path: { user_id: string }; header?: { "Idempotency-Key"?: string }; answer: AccountDetails };
  /** Let them in again */
  "POST /api/v1/admin/users/{user_id}/enable": { path: { user_id: string }; header?: { "Idempotency-Key"?: string }; answer: AccountDetails };
  /** Have a link to a new password sent */
  "POST /api/v1/admin/users/{user_id}/password-link": { path: { user_id: string }; header?: { "Idempotency-Key"?: string }; answer: null };
  /** Remove a second factor whose device is lost */
  "DELETE /api/v1/admin/users/{user_id}/mfa": { path: { user_id: string }; answer: null };
  /** Sign all devices out */
  "DELETE /api/v1/admin/users/{user_id}/sessions": { path: { user_id: string }; answer: null };
  /** Workspaces, by name */
  "GET /api/v1/admin/workspaces": { query?: { q?: string | null; kind?: WorkspacesKind | null; orphaned?: boolean; page?: number; size?: number }; answer: SeenWorkspacePage };
  /** A workspace with its members */
  "GET /api/v1/admin/workspaces/{workspace_id}": { path: { workspace_id: string }; answer: SeenWorkspaceDetails };
  /** Delete a team's workspace */
  "DELETE /api/v1/admin/workspaces/{workspace_id}": { path: { workspace_id: string }; query?: { erase?: boolean }; answer: null };
  /** Give a workspace whose owners are gone another */
  "POST /api/v1/admin/workspaces/{workspace_id}/transfer": { path: { workspace_id: string }; header?: { "Idempotency-Key"?: string }; body: TransferRequest; answer: SeenWorkspaceDetails };
  /** Groups of a directory, by name */
  "GET /api/v1/admin/groups": { query?: { page?: number; size?: number }; answer: GroupPage };
  /** Lead a group into another workspace */
  "PUT /api/v1/admin/groups/{group_id}": { path: { group_id: string }; body: MapRequest; answer: Group };
  /** What takes the space */
  "GET /api/v1/admin/storage": { answer: Storage };
  /** Who, or which workspace, has the most */
  "GET /api/v1/admin/storage/shares/{by}": { path: { by: By }; query?: { page?: number; size?: number }; answer: HolderPage };
  /** Recordings, the largest first */
  "GET /api/v1/admin/storage/largest": { query?: { page?: number; size?: number }; answer: LargePage };
  /** Files that no row knows */
  "GET /api/v1/admin/storage/orphans": { answer: OrphanList };
  /** Delete such files */
  "POST /api/v1/admin/storage/orphans/remove": { header?: { "Idempotency-Key"?: string }; body: RemoveRequest; answer: Removed };
  /** Who did what, the last first */
  "GET /api/v1/admin/audit": { query?: { page?: number; size?: number; act?: string | null; actorId?: string | null; userId?: string | null; workspaceId?: string | null; from?: string | null; to?: string | null }; answer: EntryPage };
  /** The same as a file, all of it */
  "GET /api/v1/admin/audit.csv": { query?: { act?: string | null; actorId?: string | null; userId?: string | null; workspaceId?: string | null; from?: string | null; to?: string | null }; answer: string };
  /** The settings in force, and who said so */
  "GET /api/v1/admin/settings": { answer: SettingList };
  /** Feature flags and what was said about them */
  "GET /api/v1/admin/flags": { answer: FlagList };
  /** Turn a feature on or off */
  "PUT /api/v1/admin/flags/{name}": { path: { name: FlagName }; body: SayRequest; answer: null };
  /** A GraphQL query or mutation */
  "POST /graphql": { body: GraphQLRequest; answer: GraphQLAnswer };
  /** The process runs, and which server it is */
  "GET /health/live": { answer: Live };
  /** The server can do its work */
  "GET /health/ready": { answer: Ready };
}
