"""What webhooks refuse."""

from server.errors import Conflict, InvalidRequest, NotFound

MOST = 20


def no_webhook() -> NotFound:
    return NotFound("There is no such webhook.", code="webhook_not_found")


def no_delivery() -> NotFound:
    return NotFound("There is no such delivery of this webhook.", code="delivery_not_found")


def too_many() -> Conflict:
    return Conflict(
        f"You have {MOST} webhooks, which is the most: delete one first.", code="too_many_webhooks"
    )


def unknown_event() -> InvalidRequest:
    return InvalidRequest("There is no such event: GET /api/v1/webhooks/events lists them.")
