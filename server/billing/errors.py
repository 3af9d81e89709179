"""How billing says no."""

from server.errors import Conflict, InvalidRequest, NotFound, ServerError


class PaymentsDown(ServerError):
    status, code = 503, "payments_unavailable"


def billing_off() -> Conflict:
    return Conflict("This server takes no payments: ask whoever runs it.", code="billing_off")


def no_plan() -> NotFound:
    return NotFound("There is no such plan, or it costs nothing.", code="plan_not_found")


def already_subscribed() -> Conflict:
    return Conflict(
        "This workspace has a subscription: change or end it on the page of the payment provider.",
        code="already_subscribed",
    )


def not_subscribed() -> Conflict:
    return Conflict("This workspace has never had a subscription.", code="not_subscribed")


def wrong_signature() -> InvalidRequest:
    return InvalidRequest(
        "The signature does not fit, or is older than five minutes.", code="invalid_signature"
    )
