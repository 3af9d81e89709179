"""Notifications over HTTP: what you were told, how you want to be told, and Slack channels."""

from typing import Annotated, cast

from fastapi import APIRouter, Query, Request, Response

from server.given import given
from server.limits.access import limits_of
from server.limits.rules import Rule
from server.notifications import channel_service
from server.notifications import schemas as wire
from server.notifications.channel_service import Channels
from server.notifications.kinds import Kind
from server.notifications.opening import Notified
from server.notifications.service import Notifications
from server.scope import Scope, User, allows

router = APIRouter(prefix="/api/v1/notifications", tags=["Notifications"])

# Sent because somebody pressed a button, so as often as somebody presses buttons.
TRIALS = Rule("messages to Slack by hand", window_s=60, limit=20)


def _notified(request: Request) -> Notified:
    return cast("Notified", request.app.state.services.notified)


def _notifications(request: Request) -> Notifications:
    return _notified(request).notifications


def _channels(request: Request) -> Channels:
    return _notified(request).channels


Service = Annotated[Notifications, given(_notifications)]
ChannelService = Annotated[Channels, given(_channels)]
Reader = Annotated[User, allows(Scope.NOTIFICATIONS_READ)]
Writer = Annotated[User, allows(Scope.NOTIFICATIONS_WRITE)]
WorkspaceId = Annotated[str | None, Query(alias="workspaceId", max_length=36)]


@router.get("", operation_id="listNotifications", summary="What you were told, the last first")
async def list_notifications(
    user: Reader,
    service: Service,
    *,
    unread: Annotated[bool, Query(description="Only what you have not read.")] = False,
    kind: Kind | None = None,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
    size: Annotated[int, Query(ge=1, le=100)] = 20,
) -> wire.NotificationPage:
    found = await service.page(user.id, unread=unread, kind=kind, cursor=cursor, size=size)
    return wire.NotificationPage(
        data=found.shown,
        pagination=wire.CursorPagination(size=size, total_elements=found.total, next_cursor=found.cursor),
        unread=found.unread,
    )


@router.get("/count", operation_id="countNotifications", summary="How many you have not read")
async def count(user: Reader, service: Service) -> wire.CountOut:
    return wire.CountOut(unread=await service.unread(user.id))


@router.post("/read", operation_id="readAllNotifications", summary="Mark all as read")
async def read_all(
    user: Writer, service: Service, body: wire.ReadAllRequest | None = None
) -> wire.ReadAllOut:
    changed, left = await service.mark_all(user.id, body.until if body else None)
    return wire.ReadAllOut(changed=changed, unread=left)


@router.get(
    "/preferences", operation_id="getNotificationPreferences", summary="Of what you are told, and how"
)
async def preferences(user: Reader, service: Service) -> wire.PreferencesOut:
    return await service.preferences(user.id)


@router.patch(
    "/preferences", operation_id="setNotificationPreferences", summary="Choose of what you are told, and how"
)
async def choose(body: wire.PreferencesRequest, user: Writer, service: Service) -> wire.PreferencesOut:
    return await service.choose(user.id, body)


@router.get("/slack", operation_id="listSlackChannels", summary="Your Slack channels, or a workspace's")
async def list_channels(
    user: Reader, channels: ChannelService, workspace_id: WorkspaceId = None
) -> wire.ChannelList:
    found = await channels.list(user.id, workspace_id)
    return wire.ChannelList(data=[channel_service.shown(row) for row in found])


@router.post(
    "/slack", status_code=201, operation_id="createSlackChannel", summary="Have a Slack channel told"
)
async def create_channel(
    body: wire.CreateChannelRequest, user: Writer, channels: ChannelService
) -> wire.ChannelOut:
    """By an incoming webhook of Slack, Mattermost, Rocket.Chat or whatever takes the same."""
    return channel_service.shown(await channels.create(user.id, body))


@router.patch("/slack/{channel_id}", operation_id="updateSlackChannel", summary="Change a Slack channel")
async def update_channel(
    channel_id: str, body: wire.UpdateChannelRequest, user: Writer, channels: ChannelService
) -> wire.ChannelOut:
    return channel_service.shown(await channels.update(user.id, channel_id, body))


@router.delete(
    "/slack/{channel_id}",
    status_code=204,
    operation_id="deleteSlackChannel",
    summary="Forget a Slack channel",
)
async def delete_channel(channel_id: str, user: Writer, channels: ChannelService) -> Response:
    await channels.delete(user.id, channel_id)
    return Response(status_code=204)


@router.post(
    "/slack/{channel_id}/test", operation_id="testSlackChannel", summary="Write to a Slack channel now"
)
async def test_channel(
    channel_id: str, request: Request, user: Writer, channels: ChannelService
) -> wire.TrialOut:
    await limits_of(request).hit(TRIALS, user.id)
    return await channels.trial(user.id, channel_id)


@router.patch("/{notification_id}", operation_id="markNotification", summary="Mark one as read, or unread")
async def mark(
    notification_id: str, body: wire.ReadRequest, user: Writer, service: Service
) -> wire.NotificationOut:
    return await service.mark(user.id, notification_id, read=body.read)


@router.delete("/{notification_id}", status_code=204, operation_id="deleteNotification", summary="Delete one")
async def delete(notification_id: str, user: Writer, service: Service) -> Response:
    await service.delete(user.id, notification_id)
    return Response(status_code=204)
