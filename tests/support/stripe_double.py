"""Stripe as a test needs it: its API over real HTTP, and webhooks signed as it signs them."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import stripe
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.support.processes import wait_until

SECRET = "whsec_of_the_double"
PERIOD_S = 30 * 86_400


@dataclass
class StripeDouble:
    """`subscriptions` are objects of its API by id, `asked` requests with their forms; `down` fails all."""

    url: str = ""
    prices: dict[str, str] = field(default_factory=lambda: {"heddle_pro_month": "price_pro"})
    subscriptions: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    down: bool = False

    def forget(self) -> None:
        self.subscriptions.clear()
        self.asked.clear()
        self.down = False

    def subscribe(
        self, workspace_id: str | None, *, named: str = "sub_1", status: str = "active", **more: Any
    ) -> dict[str, Any]:
        """As Stripe has it from now on, in the shape of its API of 2025."""
        price = {"id": "price_pro", "object": "price", "lookup_key": more.pop("price", "heddle_pro_month")}
        ends = int(time.time()) + more.pop("period_s", PERIOD_S)
        item = {"id": "si_1", "object": "subscription_item", "price": price, "current_period_end": ends}
        self.subscriptions[named] = {
            "id": named,
            "object": "subscription",
            "customer": "cus_1",
            "status": status,
            "cancel_at_period_end": False,
            "cancel_at": None,
            "metadata": {} if workspace_id is None else {"heddle_workspace": workspace_id},
            "items": {"object": "list", "data": [item]},
            **more,
        }
        return self.subscriptions[named]


def event(thing: dict[str, Any], *, named: str = "evt_1", what: str = "customer.subscription.updated") -> str:
    """The body of a webhook, as recorded but for what it is about."""
    return json.dumps(
        {
            "id": named,
            "object": "event",
            "api_version": "2025-09-30.clover",
            "created": int(time.time()),
            "data": {"object": thing, "previous_attributes": {"status": "incomplete"}},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": what,
        }
    )


def signed(body: str, *, secret: str = SECRET, age_s: int = 0) -> dict[str, str]:
    """The headers of a webhook, by Stripe's own library."""
    at = int(time.time()) - age_s
    value = stripe.WebhookSignature.generate_signature_header(body, secret, at)
    return {"Stripe-Signature": value, "Content-Type": "application/json; charset=utf-8"}


@contextmanager
def stripe_double() -> Iterator[StripeDouble]:
    """Serves on a free port of loopback until the end of the block."""
    double = StripeDouble()
    config = uvicorn.Config(_app(double), host="127.0.0.1", port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="stripe-double")
    thread.start()
    try:
        wait_until(lambda: server.started, what="Stripe's double listens", timeout_s=30)
        double.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        yield double
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(30)


def _app(double: StripeDouble) -> Starlette:
    async def answer(request: Request) -> JSONResponse:
        form = dict(parse_qsl((await request.body()).decode()))
        double.asked.append((request.method, request.url.path, dict(request.query_params) | form))
        if double.down:
            return _error(500, "api_error", "It is down.")
        known = request.headers.get("authorization") == "Bearer sk_test_double"
        return _answer(double, request) if known else _error(401, "invalid_request_error", "Who?")

    paths = ("/v1/prices", "/v1/checkout/sessions", "/v1/billing_portal/sessions", "/v1/subscriptions/{id}")
    return Starlette(routes=[Route(path, answer, methods=["GET", "POST", "DELETE"]) for path in paths])


def _answer(double: StripeDouble, request: Request) -> JSONResponse:
    if request.url.path == "/v1/prices":
        found = double.prices.get(request.query_params.get("lookup_keys[0]", ""))
        data = [] if found is None else [{"id": found, "object": "price"}]
        return JSONResponse({"object": "list", "data": data, "has_more": False, "url": "/v1/prices"})
    if request.url.path == "/v1/checkout/sessions":
        url = "https://checkout.stripe.test/c/pay/cs_1"
        return JSONResponse({"id": "cs_1", "object": "checkout.session", "url": url})
    if request.url.path == "/v1/billing_portal/sessions":
        url = "https://billing.stripe.test/p/session/bps_1"
        return JSONResponse({"id": "bps_1", "object": "billing_portal.session", "url": url})
    thing = double.subscriptions.get(request.path_params["id"])
    if thing is None:
        return _error(404, "invalid_request_error", "No such subscription", code="resource_missing")
    if request.method == "DELETE":
        thing["status"] = "canceled"
    return JSONResponse(thing)


def _error(status: int, kind: str, message: str, **more: str) -> JSONResponse:
    return JSONResponse({"error": {"type": kind, "message": message, **more}}, status)
