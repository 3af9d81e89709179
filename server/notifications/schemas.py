"""Notifications on the wire."""

from datetime import datetime, time
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.alias_generators import to_camel

from server.notifications import wording
from server.notifications.kinds import FOR_WORKSPACES, Email, Kind
from server.notifications.models import NotificationRow
from server.recordings.schemas import Recording, WorkspaceId
from server.webhooks.schemas import Text, Url


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class ActorOut(_Wire):
    user_id: str | None = Field(description="Null for guests.")
    name: str
    guest: bool


class AboutOut(_Wire):
    id: str
    title: str
    slug: str = Field(description="Its page is `/s/{slug}`, where it is shared.")
    shared: bool


class NotificationOut(_Wire):
    id: str
    kind: Kind
    text: str = Field(description="What happened, in a sentence.", examples=["Bob commented on “Plan”."])
    quote: str = Field(description="What somebody wrote, at most 500 characters of it; else empty.")
    actor: ActorOut | None = Field(description="Who did it, where that is one person and known.")
    recording: AboutOut | None
    data: dict[str, Any] = Field(description="By kind: `commentId parentId time`, `emoji`, `error`, …")
    count: int = Field(description="How many things it stands for: reactions and views are bundled.")
    read: bool
    created_at: datetime
    updated_at: datetime = Field(description="When the last of them happened.")


class CursorPagination(_Wire):
    size: int
    total_elements: int
    next_cursor: str | None


class NotificationPage(_Wire):
    data: list[NotificationOut]
    pagination: CursorPagination
    unread: int


class CountOut(_Wire):
    unread: int


class ReadRequest(_Wire):
    read: bool = True


class ReadAllRequest(_Wire):
    until: datetime | None = Field(
        default=None, description="Only what happened until then: what came since stays unread."
    )

    @model_validator(mode="after")
    def _in_a_zone(self) -> Self:
        if self.until is not None and self.until.tzinfo is None:
            raise ValueError("until needs a time zone")
        return self


class ReadAllOut(_Wire):
    changed: int
    unread: int


class ChoiceOut(_Wire):
    in_app: bool
    email: Email
    slack: bool


class PreferenceOut(ChoiceOut):
    kind: Kind
    description: str


class PreferencesOut(_Wire):
    data: list[PreferenceOut]
    digest_hour: int
    quiet_from: time | None
    quiet_until: time | None
    time_zone: str = Field(description="Of your profile; these hours are by its clock.")
    email_available: bool = Field(description="Whether this server sends letters, and to your address.")


class ChoiceRequest(_Wire):
    """What is left out stays as it is."""

    in_app: bool | None = None
    email: Email | None = None
    slack: bool | None = None


def _to_the_minute(clock: time) -> time:
    if clock.tzinfo is not None:
        raise ValueError("must have no time zone: it is by the clock of your profile's")
    return clock.replace(second=0, microsecond=0)


Clock = Annotated[time, AfterValidator(_to_the_minute)]


class PreferencesRequest(_Wire):
    """What is left out stays as it is; quiet hours that are null end."""

    kinds: dict[Kind, ChoiceRequest] = Field(default_factory=dict, examples=[{"comment": {"email": "daily"}}])
    digest_hour: Annotated[int, Field(ge=0, le=23)] | None = None
    quiet_from: Clock | None = Field(default=None, examples=["22:00"])
    quiet_until: Clock | None = Field(default=None, examples=["07:00"])

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        named = {"quiet_from", "quiet_until"} & self.model_fields_set
        if len(named) == 1 or (self.quiet_from is None) != (self.quiet_until is None):
            raise ValueError("quietFrom and quietUntil belong together")
        return self


def _for_a_workspace(kinds: list[Kind]) -> list[Kind]:
    if any(one not in FOR_WORKSPACES for one in kinds):
        raise ValueError(f"can be {', '.join(FOR_WORKSPACES)}")
    return [one for one in FOR_WORKSPACES if one in kinds]


Kinds = Annotated[list[Kind], Field(min_length=1, max_length=20), AfterValidator(_for_a_workspace)]
Description = Annotated[Text, StringConstraints(max_length=100)]


class CreateChannelRequest(_Wire):
    url: Url = Field(examples=["https://hooks.slack.com/services/T00000000/B00000000/XXXX"])
    description: Description = Field(default="", examples=["#videos"])
    workspace_id: WorkspaceId | None = Field(
        default=None, description="Left out: it is your own, and is told what you are."
    )
    kinds: Kinds = Field(default=list(FOR_WORKSPACES), description="What a workspace's channel is told.")


class UpdateChannelRequest(_Wire):
    """What is left out stays as it is. `active` true forgives the past failures."""

    url: Url | None = None
    description: Description | None = None
    kinds: Kinds | None = None
    active: bool | None = None


class ChannelOut(_Wire):
    id: str
    workspace_id: str | None
    description: str
    url: str = Field(description="Its host and its end: whoever knows all of it can write there.")
    kinds: list[Kind] | None = Field(description="Of a workspace's; null: what you chose for Slack.")
    active: bool
    failures: int
    disabled_at: datetime | None
    disabled_reason: str | None
    last_success_at: datetime | None
    created_at: datetime


class ChannelList(_Wire):
    data: list[ChannelOut]


class TrialOut(_Wire):
    delivered: bool
    status: int | None = Field(description="Of the answer; null where there was none.")
    problem: str | None


_KEPT_APART = frozenset({"by", "body", "first"})


def shown(row: NotificationRow, recording: Recording | None) -> NotificationOut:
    """As its person sees it; `recording` is what it is about."""
    kind, by = Kind(row.kind), row.data.get("by")
    title = None if recording is None else recording.title
    said = wording.sentence(kind, row.data, count=row.count, title=title)
    about = (
        None
        if recording is None
        else AboutOut(id=recording.id, title=recording.title, slug=recording.slug, shared=recording.shared)
    )
    return NotificationOut(
        id=row.id,
        kind=kind,
        text=" ".join(filter(None, [said, wording.advice(kind, row.data)])),
        quote=wording.quote(row.data),
        actor=ActorOut.model_validate(by) if by and row.count == 1 else None,
        recording=about,
        data={name: value for name, value in row.data.items() if name not in _KEPT_APART},
        count=row.count,
        read=row.read_at is not None,
        created_at=row.created_at,
        updated_at=row.at,
    )
