"""What an event means to whom: from what the modules below tell to notices, before anything is written.

Nobody is told of what they did themselves, nor of what they may not see.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.analytics.events import AnalyticsEventType
from server.bus import Event
from server.comments.events import CommentEventType
from server.comments.service import Comments
from server.identity.events import UserEventType
from server.identity.schemas import Role
from server.identity.service import Identity
from server.notifications.events import NotificationEventType
from server.notifications.kinds import Kind
from server.notifications.sight import Sight
from server.notifications.wording import shortened
from server.plans.events import BillingEventType
from server.processing.events import ProcessingEventType
from server.recordings.events import Change, RecordingEventType
from server.recordings.schemas import Recording
from server.recordings.states import Status
from server.webhooks.outcomes import WebhookEventType

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing for one person. `key` is the same however often it is told. A bundle has none: it grows."""

    kind: Kind
    user_id: str
    key: str
    data: dict[str, Any]
    caused_by: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """`notices` for people; `broadcast` for the channels of the recording's workspace."""

    notices: list[Notice] = field(default_factory=list)
    recording: Recording | None = None
    broadcast: Notice | None = None


NOTHING = Story()


class Stories:
    """`of` an event; what is not known here means nothing to anybody."""

    def __init__(self, identity: Identity, comments: Comments, sight: Sight) -> None:
        self._identity = identity
        self._comments = comments
        self._sight = sight
        self._tellers: dict[str, Callable[[Event], Awaitable[Story]]] = {
            ProcessingEventType.VIDEO_PROCESSED: self._ready,
            RecordingEventType.STATUS_UPDATE: self._failed,
            CommentEventType.CREATED: self._said,
            CommentEventType.UPDATED: self._mentioned_later,
            CommentEventType.REACTED: self._reacted,
            AnalyticsEventType.VIEWED: self._viewed,
            UserEventType.INVITATION_ACCEPTED: self._accepted,
            WebhookEventType.DISABLED: self._webhook,
            NotificationEventType.CHANNEL_DISABLED: self._channel,
            NotificationEventType.STORAGE_LOW: self._storage,
            BillingEventType.QUOTA_WARNING: self._quota,
        }

    @property
    def types(self) -> frozenset[str]:
        return frozenset(self._tellers)

    async def of(self, event: Event) -> Story:
        teller = self._tellers.get(event.type)
        return NOTHING if teller is None else await teller(event)

    async def _ready(self, event: Event) -> Story:
        """Once for a recording, however often it is processed again."""
        recording = await self._sight.recording(event.recording_id)
        if recording is None or recording.status is not Status.COMPLETED:
            return NOTHING
        return await self._of_owner(Kind.VIDEO_READY, recording, f"ready:{recording.id}")

    async def _failed(self, event: Event) -> Story:
        recording = await self._sight.recording(event.recording_id)
        if recording is None or event.data.get("change") != Change.FAILED:
            return NOTHING
        key = f"failed:{recording.id}:{event.id}"
        return await self._of_owner(Kind.VIDEO_FAILED, recording, key, error=event.data.get("error"))

    async def _of_owner(self, kind: Kind, recording: Recording, key: str, **data: Any) -> Story:
        owner = await self._identity.find(recording.user_id)
        notices = []
        if owner is not None and await self._sight.sees(owner.id, recording):
            notices.append(Notice(kind, owner.id, key, data))
        by = {"by": {"userId": recording.user_id, "name": owner.username if owner else "", "guest": False}}
        return Story(notices, recording, Notice(kind, "", key, data | by))

    async def _said(self, event: Event) -> Story:
        """To each one thing: whoever is mentioned hears of that, and not of the comment again."""
        recording = await self._sight.recording(event.recording_id)
        if recording is None:
            return NOTHING
        kinds: dict[str, Kind] = {recording.user_id: Kind.COMMENT}
        if event.data.get("parentId"):
            authors = await self._comments.authors_of_thread(event.data["parentId"])
            kinds |= dict.fromkeys(authors, Kind.REPLY)
        kinds |= dict.fromkeys(_mentioned(event.data), Kind.MENTION)
        return await self._about_comment(event, recording, kinds)

    async def _mentioned_later(self, event: Event) -> Story:
        recording = await self._sight.recording(event.recording_id)
        if recording is None:
            return NOTHING
        told = await self._about_comment(
            event, recording, dict.fromkeys(_mentioned(event.data), Kind.MENTION)
        )
        return Story(told.notices, recording)

    async def _about_comment(self, event: Event, recording: Recording, kinds: dict[str, Kind]) -> Story:
        by = _by(event.data)
        kinds.pop(by["userId"] or "", None)
        data = {
            "commentId": event.data["commentId"],
            "parentId": event.data.get("parentId"),
            "body": shortened(str(event.data.get("body") or "")),
            "time": event.data.get("time"),
            "by": by,
        }
        key = comment_key(event.data["commentId"])
        seeing = await self._sight.seeing(kinds, recording)
        notices = [Notice(kind, who, key, data, by["userId"]) for who, kind in kinds.items() if who in seeing]
        return Story(notices, recording, Notice(Kind.COMMENT, "", key, data, by["userId"]))

    async def _reacted(self, event: Event) -> Story:
        recording, by = await self._sight.recording(event.recording_id), _by(event.data)
        if recording is None or by["userId"] == recording.user_id:
            return NOTHING
        data = {"by": by, "emoji": {str(event.data.get("emoji")): 1}}
        return await self._bundled(Kind.REACTION, recording, data, by["userId"])

    async def _viewed(self, event: Event) -> Story:
        recording = await self._sight.recording(event.recording_id)
        if recording is None or event.data.get("byOwner"):
            return NOTHING
        return await self._bundled(Kind.VIEW, recording, {}, None)

    async def _bundled(
        self, kind: Kind, recording: Recording, data: dict[str, Any], caused_by: str | None
    ) -> Story:
        if not await self._sight.sees(recording.user_id, recording):
            return NOTHING
        return Story([Notice(kind, recording.user_id, "", data, caused_by)], recording)

    async def _accepted(self, event: Event) -> Story:
        if event.user_id is None:
            return NOTHING
        told = event.data
        by = {"userId": told["userId"], "name": told.get("username") or "", "guest": False}
        data = {"by": by, "workspaceId": told.get("workspaceId"), "workspaceName": told.get("workspaceName")}
        key = f"accepted:{told['invitationId']}"
        return Story([Notice(Kind.INVITATION_ACCEPTED, event.user_id, key, data, by["userId"])])

    async def _webhook(self, event: Event) -> Story:
        return _disabled(Kind.WEBHOOK_DISABLED, event, "webhookId")

    async def _channel(self, event: Event) -> Story:
        return _disabled(Kind.SLACK_DISABLED, event, "channelId")

    async def _storage(self, event: Event) -> Story:
        """Once a day, to those who can do something about it."""
        key = f"storage:{event.data['day']}"
        administrators = [user.id for user in await self._identity.users() if user.role is Role.OWNER]
        return Story([Notice(Kind.STORAGE_LOW, one, key, dict(event.data)) for one in administrators])

    async def _quota(self, event: Event) -> Story:
        """Each of its owners and administrators has an event of their own. A quota that is of no month is
        told of again when it was free in between."""
        if event.user_id is None:
            return NOTHING
        told = event.data
        when = told.get("month") or event.id
        key = f"quota:{told['workspaceId']}:{told['quota']}:{told['percent']}:{when}"
        return Story([Notice(Kind.QUOTA_WARNING, event.user_id, key, dict(told))])


def comment_key(comment_id: str) -> str:
    return f"comment:{comment_id}"


def _disabled(kind: Kind, event: Event, name: str) -> Story:
    if event.user_id is None:
        return NOTHING
    key = f"{kind}:{event.data[name]}:{event.id}"
    return Story([Notice(kind, event.user_id, key, dict(event.data))])


def _mentioned(data: Data) -> list[str]:
    return [str(one["userId"]) for one in data.get("mentions") or () if one.get("userId")]


def _by(data: Data) -> dict[str, Any]:
    """The account or the guest who spoke; nobody where the account is gone."""
    author = data.get("author") or {}
    return {
        "userId": author.get("userId"),
        "name": author.get("name") or "",
        "guest": bool(author.get("guest")),
    }
