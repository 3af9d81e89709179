"""What people are told of, by which ways, and what they get who chose nothing: one table.

The store, the API, the letters and the documentation all read it.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    VIDEO_READY = "video_ready"
    VIDEO_FAILED = "video_failed"
    MENTION = "mention"
    REPLY = "reply"
    COMMENT = "comment"
    REACTION = "reaction"
    VIEW = "view"
    INVITATION_ACCEPTED = "invitation_accepted"
    WEBHOOK_DISABLED = "webhook_disabled"
    SLACK_DISABLED = "slack_disabled"
    STORAGE_LOW = "storage_low"
    QUOTA_WARNING = "quota_warning"


class Email(StrEnum):
    OFF = "off"
    AT_ONCE = "at_once"
    # One letter a day with all of it, at the hour that the person chose.
    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class Choice:
    """By which ways a person hears of one kind."""

    in_app: bool
    email: Email
    slack: bool


@dataclass(frozen=True, slots=True)
class About:
    """One kind: `means` for people, `otherwise` what holds without a choice.

    `settles` is how long it collects before a letter that goes at once: what comes in bursts is one letter.
    """

    kind: Kind
    means: str
    otherwise: Choice
    settles: timedelta = timedelta()


_BURST = timedelta(minutes=5)

TABLE: tuple[About, ...] = (
    About(Kind.VIDEO_READY, "Your video is ready", Choice(in_app=True, email=Email.AT_ONCE, slack=True)),
    About(
        Kind.VIDEO_FAILED,
        "Your video could not be received or processed",
        Choice(in_app=True, email=Email.AT_ONCE, slack=True),
    ),
    About(Kind.MENTION, "Somebody mentioned you", Choice(in_app=True, email=Email.AT_ONCE, slack=True)),
    About(
        Kind.REPLY,
        "Somebody replied in a thread you take part in",
        Choice(in_app=True, email=Email.AT_ONCE, slack=True),
    ),
    About(
        Kind.COMMENT,
        "Somebody commented on your video",
        Choice(in_app=True, email=Email.AT_ONCE, slack=True),
    ),
    About(
        Kind.REACTION,
        "Somebody reacted to your video",
        Choice(in_app=True, email=Email.DAILY, slack=False),
        settles=_BURST,
    ),
    About(
        Kind.VIEW,
        "Your video was watched",
        Choice(in_app=True, email=Email.DAILY, slack=False),
        settles=_BURST,
    ),
    About(
        Kind.INVITATION_ACCEPTED,
        "Somebody accepted your invitation",
        Choice(in_app=True, email=Email.DAILY, slack=False),
    ),
    About(
        Kind.WEBHOOK_DISABLED,
        "A webhook of yours was disabled",
        Choice(in_app=True, email=Email.AT_ONCE, slack=False),
    ),
    About(
        Kind.SLACK_DISABLED,
        "Messages to a Slack channel were disabled",
        Choice(in_app=True, email=Email.AT_ONCE, slack=False),
    ),
    About(
        Kind.STORAGE_LOW,
        "The server's disk is nearly full (administrators)",
        Choice(in_app=True, email=Email.AT_ONCE, slack=True),
    ),
    About(
        Kind.QUOTA_WARNING,
        "A workspace of yours has used most of its plan (its owners and administrators)",
        Choice(in_app=True, email=Email.AT_ONCE, slack=True),
    ),
)
ABOUT: dict[Kind, About] = {one.kind: one for one in TABLE}
# What grows while nobody has read it, instead of being told again each time.
BUNDLED = frozenset({Kind.REACTION, Kind.VIEW})
# What a workspace's channel can be told: what happens to its videos, whoever did it.
FOR_WORKSPACES = (Kind.VIDEO_READY, Kind.VIDEO_FAILED, Kind.COMMENT)
