"""Webhooks over HTTP."""

from datetime import timedelta
from math import ceil
from typing import Annotated, cast

from fastapi import APIRouter, Query, Request, Response

from server.given import given
from server.limits.access import limits_of
from server.limits.rules import Rule
from server.recordings.schemas import Pagination
from server.scope import Scope, User, allows
from server.webhooks import schemas as wire
from server.webhooks.events import PUBLISHED
from server.webhooks.models import DeliveryRow, SubscriptionRow
from server.webhooks.schemas import Status
from server.webhooks.service import Webhooks

router = APIRouter(prefix="/api/v1/webhooks", tags=["Webhooks"])

# Sent because somebody pressed a button, so as often as somebody presses buttons.
BY_HAND = Rule("webhook deliveries by hand", window_s=60, limit=30)


def _webhooks(request: Request) -> Webhooks:
    return cast("Webhooks", request.app.state.services.webhooks)


Service = Annotated[Webhooks, given(_webhooks)]
Reader = Annotated[User, allows(Scope.WEBHOOKS_READ)]
Writer = Annotated[User, allows(Scope.WEBHOOKS_WRITE)]
Page = Annotated[int, Query(ge=0, le=1_000_000)]
Size = Annotated[int, Query(ge=1, le=100)]


@router.get("", operation_id="listWebhooks", summary="List webhooks")
async def list_webhooks(user: Reader, webhooks: Service, page: Page = 0, size: Size = 20) -> wire.WebhookPage:
    rows = await webhooks.list(user.id)
    shown = [_out(row) for row in rows[page * size : (page + 1) * size]]
    return wire.WebhookPage(data=shown, pagination=_pagination(page, size, len(rows)))


@router.post("", status_code=201, operation_id="createWebhook", summary="Create a webhook")
async def create(body: wire.CreateWebhookRequest, user: Writer, webhooks: Service) -> wire.WebhookWithSecret:
    made = await webhooks.create(user.id, body)
    return wire.WebhookWithSecret(**dict(_out(made.row)), secret=made.secret)


@router.get("/events", operation_id="listWebhookEvents", summary="List the events webhooks can ask for")
async def list_events(_user: Reader) -> wire.EventList:
    told = {one.name: one.means for one in PUBLISHED}
    return wire.EventList(data=[wire.EventOut(name=name, description=text) for name, text in told.items()])


@router.get("/{webhook_id}", operation_id="getWebhook", summary="Get a webhook")
async def get(webhook_id: str, user: Reader, webhooks: Service) -> wire.WebhookOut:
    return _out(await webhooks.get(user.id, webhook_id))


@router.put("/{webhook_id}", operation_id="updateWebhook", summary="Change a webhook")
async def update(
    webhook_id: str, body: wire.UpdateWebhookRequest, user: Writer, webhooks: Service
) -> wire.WebhookOut:
    return _out(await webhooks.update(user.id, webhook_id, body))


@router.delete(
    "/{webhook_id}", status_code=204, operation_id="deleteWebhook", summary="Delete a webhook and its log"
)
async def delete(webhook_id: str, user: Writer, webhooks: Service) -> Response:
    await webhooks.delete(user.id, webhook_id)
    return Response(status_code=204)


@router.post(
    "/{webhook_id}/rotate-secret",
    operation_id="rotateWebhookSecret",
    summary="Replace the secret; the old one signs too for a while",
)
async def rotate(
    webhook_id: str, user: Writer, webhooks: Service, body: wire.RotateSecretRequest | None = None
) -> wire.WebhookWithSecret:
    keep = timedelta(hours=(body or wire.RotateSecretRequest()).keep_previous_hours)
    made = await webhooks.rotate(user.id, webhook_id, keep)
    return wire.WebhookWithSecret(**dict(_out(made.row)), secret=made.secret)


@router.post(
    "/{webhook_id}/enable", operation_id="enableWebhook", summary="Enable a webhook that was disabled"
)
async def enable(webhook_id: str, user: Writer, webhooks: Service) -> wire.WebhookOut:
    return _out(await webhooks.enable(user.id, webhook_id))


@router.post(
    "/{webhook_id}/test", status_code=202, operation_id="testWebhook", summary="Send a delivery as a test"
)
async def send_test(
    webhook_id: str,
    request: Request,
    user: Writer,
    webhooks: Service,
    body: wire.TestRequest | None = None,
) -> wire.DeliveryOut:
    await limits_of(request).hit(BY_HAND, user.id)
    return _delivery(await webhooks.test(user.id, webhook_id, (body or wire.TestRequest()).event))


@router.get(
    "/{webhook_id}/deliveries", operation_id="listWebhookDeliveries", summary="List deliveries, newest first"
)
async def list_deliveries(
    webhook_id: str,
    user: Reader,
    webhooks: Service,
    *,
    status: Status | None = None,
    event: Annotated[str | None, Query(max_length=64)] = None,
    page: Page = 0,
    size: Size = 20,
) -> wire.DeliveryPage:
    rows, total = await webhooks.deliveries(
        user.id, webhook_id, status=status, event=event, page=page, size=size
    )
    return wire.DeliveryPage(data=[_delivery(row) for row in rows], pagination=_pagination(page, size, total))


@router.get(
    "/{webhook_id}/deliveries/{delivery_id}",
    operation_id="getWebhookDelivery",
    summary="Get a delivery, with what was sent and answered",
)
async def get_delivery(
    webhook_id: str, delivery_id: str, user: Reader, webhooks: Service
) -> wire.DeliveryDetail:
    row, subscription = await webhooks.delivery(user.id, webhook_id, delivery_id)
    return wire.DeliveryDetail(
        **dict(_delivery(row)),
        request_url=row.request_url or subscription.url,
        request_headers=row.request_headers,
        request_body=row.payload,
        response_body=row.response_body,
        attempts=[wire.AttemptOut.model_validate(one) for one in row.attempts],
    )


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/redeliver",
    status_code=202,
    operation_id="redeliverWebhookDelivery",
    summary="Send a delivery again",
)
async def redeliver(
    webhook_id: str, delivery_id: str, request: Request, user: Writer, webhooks: Service
) -> wire.DeliveryOut:
    await limits_of(request).hit(BY_HAND, user.id)
    return _delivery(await webhooks.redeliver(user.id, webhook_id, delivery_id))


def _pagination(page: int, size: int, total: int) -> Pagination:
    return Pagination(page=page, size=size, total_pages=ceil(total / size), total_elements=total)


def _out(row: SubscriptionRow) -> wire.WebhookOut:
    return wire.WebhookOut(
        id=row.id,
        url=row.url,
        description=row.description,
        events=row.events,
        active=row.is_active,
        disabled_at=row.disabled_at,
        disabled_reason=row.disabled_reason,
        failures=row.failures,
        paused_until=row.open_until,
        last_success_at=row.last_success_at,
        previous_secret_until=row.previous_secret_until,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _delivery(row: DeliveryRow) -> wire.DeliveryOut:
    return wire.DeliveryOut(
        id=row.delivery_id,
        subscription_id=row.subscription_id,
        event=row.event,
        recording_id=row.recording_id,
        status=Status(row.status),
        attempt=row.attempt,
        http_status=row.http_status,
        error_message=row.error_message,
        duration_ms=row.duration_ms,
        created_at=row.created_at,
        delivered_at=row.delivered_at,
        next_attempt_at=row.next_attempt_at if row.status == Status.PENDING else None,
    )
