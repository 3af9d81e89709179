"""The sentence that says what happened: the same in the app, in letters and in Slack. Plain text."""

from collections.abc import Callable, Mapping
from typing import Any

from server.db import now
from server.notifications.kinds import Kind
from server.plans.errors import amount
from server.plans.table import Quota
from server.recordings.schemas import Recording

Data = Mapping[str, Any]
LONGEST_QUOTE = 500
_UNTITLED = "your video"
_SOMEBODY = "Somebody"
_WHOLE = 100
_QUOTAS = {
    Quota.STORAGE: "its room for recordings",
    Quota.RECORDING: "its recording time of this month",
    Quota.TRANSCRIPTION: "its transcription time of this month",
    Quota.MEMBERS: "its places",
}
_KEPT = "What is under way completes; new recordings stay on the computer that makes them"
_SPENT = {
    Quota.STORAGE: f"{_KEPT} until recordings are deleted for good, or the plan is larger.",
    Quota.RECORDING: f"{_KEPT} until the next month, or until the plan is larger.",
    Quota.TRANSCRIPTION: "What is said is written down again next month, or with a larger plan.",
    Quota.MEMBERS: "Somebody else can be invited with a larger plan.",
}


def sentence(kind: Kind, data: Data, *, count: int = 1, title: str | None = None) -> str:
    """`title` is that of its recording, as it is now."""
    return _SENTENCES[kind](data, count, f"“{title}”" if title else _UNTITLED)


def advice(kind: Kind, data: Data) -> str:
    """What follows and what can be done, where that has to be said; else empty."""
    spent = kind is Kind.QUOTA_WARNING and int(data["percent"]) >= _WHOLE
    return _SPENT[Quota(data["quota"])] if spent else ""


def quote(data: Data) -> str:
    """What somebody wrote, for below the sentence; empty where it is not about words."""
    return str(data.get("body") or "")


def shortened(body: str) -> str:
    return body if len(body) <= LONGEST_QUOTE else body[: LONGEST_QUOTE - 1].rstrip() + "…"


def link(base: str, kind: Kind, recording: Recording | None, data: Data) -> str | None:
    """Its page, at the moment that somebody spoke of; None where there is no page to lead to."""
    if base and kind is Kind.QUOTA_WARNING:
        return f"{base}/billing?workspace={data['workspaceId']}"
    if not base or recording is None or not recording.link.works(now()):
        return None
    time = data.get("time")
    return f"{base}/s/{recording.slug}" + (f"?t={int(time)}" if time else "")


def _ready(data: Data, _count: int, title: str) -> str:
    if data.get("by"):
        return f"{_who(data)} has a new video: {title} is ready."
    return f"Your video is ready! {title[:1].upper()}{title[1:]} can be watched anywhere now."


def _failed(data: Data, _count: int, title: str) -> str:
    return f"{title[:1].upper()}{title[1:]} failed: {data.get('error') or 'it cannot be used.'}"


def _reacted(data: Data, count: int, title: str) -> str:
    emoji = {str(one): int(many) for one, many in (data.get("emoji") or {}).items()}
    if count == 1:
        return f"{_who(data)} reacted to {title} with {next(iter(emoji), 'an emoji')}."
    listed = " ".join(f"{one} {many}" for one, many in sorted(emoji.items(), key=lambda pair: -pair[1]))
    return f"{count} reactions to {title}: {listed}"


def _viewed(data: Data, count: int, title: str) -> str:
    if data.get("first"):
        once = f"{title[:1].upper()}{title[1:]} was watched for the first time"
        return f"{once}." if count == 1 else f"{once}, {count} times by now."
    return f"{title[:1].upper()}{title[1:]} was watched{'' if count == 1 else f' {count} times'}."


def _accepted(data: Data, _count: int, _title: str) -> str:
    where = data.get("workspaceName")
    return f"{_who(data)} accepted your invitation to {f'“{where}”' if where else 'this server'}."


def _webhook(data: Data, _count: int, _title: str) -> str:
    return f"The webhook{_named(data)} was disabled: {data.get('reason')}"


def _slack(data: Data, _count: int, _title: str) -> str:
    return f"The Slack channel{_named(data)} is told nothing any more: {data.get('reason')}"


def _storage(data: Data, _count: int, _title: str) -> str:
    free, total = int(data.get("freeBytes", 0)), int(data.get("totalBytes", 0))
    return f"The server's disk is nearly full: {free / 1e9:.1f} of {total / 1e9:.1f} GB are free."


def _quota(data: Data, _count: int, _title: str) -> str:
    quota, percent = Quota(data["quota"]), int(data["percent"])
    used, limit = (amount(quota, int(data[name])) for name in ("used", "limit"))
    where = f"“{data['workspaceName']}”" if data.get("workspaceName") else "Your workspace"
    if percent < _WHOLE:
        return f"{where} has used {percent} % of {_QUOTAS[quota]}: {used} of {limit}."
    return f"{where} has used all of {_QUOTAS[quota]}: {limit}."


def _who(data: Data) -> str:
    return str((data.get("by") or {}).get("name") or _SOMEBODY)


def _named(data: Data) -> str:
    return f" “{data['description']}”" if data.get("description") else ""


_SENTENCES: dict[Kind, Callable[[Data, int, str], str]] = {
    Kind.VIDEO_READY: _ready,
    Kind.VIDEO_FAILED: _failed,
    Kind.MENTION: lambda data, _count, title: f"{_who(data)} mentioned you at {title}.",
    Kind.REPLY: lambda data, _count, title: f"{_who(data)} replied to a thread of yours at {title}.",
    Kind.COMMENT: lambda data, _count, title: f"{_who(data)} commented on {title}.",
    Kind.REACTION: _reacted,
    Kind.VIEW: _viewed,
    Kind.INVITATION_ACCEPTED: _accepted,
    Kind.WEBHOOK_DISABLED: _webhook,
    Kind.SLACK_DISABLED: _slack,
    Kind.STORAGE_LOW: _storage,
    Kind.QUOTA_WARNING: _quota,
}
