"""Payments by Stripe: Checkout, the customer portal, and its signed webhooks.

Of a webhook only ids are read. The object in it is as it was then, and in the version of the API that the
endpoint happens to have; what holds is asked for.
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import stripe

from server.plans.states import Status
from server.ports.payments import Notice, Order, PaymentsUnavailable, Subscription, WrongSignature

TIMEOUT_S = 20.0
TOLERANCE_S = 300
# Where Stripe keeps what we send along, and sends it back.
_WORKSPACE = "heddle_workspace"
# What is not listed has ended, or has never begun (`incomplete`).
_STATUS = {"trialing": Status.TRIALING, "active": Status.ACTIVE, "past_due": Status.PAST_DUE}


class StripePayments:
    """Payments. `api` is the address of Stripe's API, where it is another than its own."""

    def __init__(self, key: str, webhook_secret: str, *, api: str = "") -> None:
        self._secret = webhook_secret
        self._http = stripe.HTTPXClient(timeout=TIMEOUT_S)
        self._client = stripe.StripeClient(
            key,
            http_client=self._http,
            max_network_retries=1,
            base_addresses={"api": api} if api else None,
        )

    async def checkout(self, order: Order) -> str:
        about = {_WORKSPACE: order.workspace_id}
        params: dict[str, Any] = {
            "mode": "subscription",
            "line_items": [{"price": await self._price(order.price), "quantity": 1}],
            "success_url": order.done,
            "cancel_url": order.left,
            "client_reference_id": order.workspace_id,
            "metadata": about,
            "subscription_data": {"metadata": about},
        }
        params |= {"customer": order.customer} if order.customer else {"customer_email": order.email}
        async with _asking():
            session = await self._client.v1.checkout.sessions.create_async(params)  # type: ignore[arg-type] # built in two steps
        if not session.url:
            raise PaymentsUnavailable("Stripe made a checkout without an address")
        return session.url

    async def portal(self, customer: str, back: str) -> str:
        async with _asking():
            session = await self._client.v1.billing_portal.sessions.create_async(
                {"customer": customer, "return_url": back}
            )
        return session.url

    async def subscription(self, subscription_id: str) -> Subscription | None:
        try:
            async with _asking():
                found = await self._client.v1.subscriptions.retrieve_async(subscription_id)
        except _Missing:
            return None
        return _subscription(json.loads(str(found)))

    async def cancel(self, subscription_id: str) -> None:
        try:
            async with _asking():
                await self._client.v1.subscriptions.cancel_async(subscription_id)
        except _Missing:
            return

    def hear(self, body: bytes, signature: str) -> Notice:
        try:
            stripe.WebhookSignature.verify_header(body, signature, self._secret, TOLERANCE_S)
            event = json.loads(body)
            return Notice(str(event["id"])[:255], _subscription_of(dict(event["data"]["object"])))
        except stripe.SignatureVerificationError as wrong:
            raise WrongSignature(str(wrong)) from wrong
        except (ValueError, KeyError, TypeError) as nonsense:
            raise WrongSignature("This is no event of Stripe's") from nonsense

    async def close(self) -> None:
        await self._http.close_async()  # type: ignore[no-untyped-call] # Stripe gives it no types

    async def _price(self, lookup_key: str) -> str:
        async with _asking():
            found = await self._client.v1.prices.list_async({"lookup_keys": [lookup_key], "active": True})
        if not found.data:
            raise PaymentsUnavailable(f"Stripe knows no active price with the lookup key {lookup_key}")
        return found.data[0].id


class _Missing(PaymentsUnavailable):
    """Stripe knows no such thing, or has ended it already."""


@asynccontextmanager
async def _asking() -> AsyncIterator[None]:
    try:
        yield
    except stripe.InvalidRequestError as refused:
        if refused.http_status == 404 or refused.code == "resource_missing":
            raise _Missing(str(refused)) from refused
        raise PaymentsUnavailable(str(refused)) from refused
    except stripe.StripeError as failed:
        raise PaymentsUnavailable(f"{type(failed).__name__}: {failed}") from failed


def _subscription(found: Mapping[str, Any]) -> Subscription:
    item: Mapping[str, Any] = next(iter(found.get("items", {}).get("data", ())), {})
    # Since 2025 a period is an item's; before, the subscription's.
    ends = item.get("current_period_end") or found.get("current_period_end")
    customer = found["customer"]
    return Subscription(
        id=found["id"],
        customer=customer if isinstance(customer, str) else customer["id"],
        workspace_id=(found.get("metadata") or {}).get(_WORKSPACE),
        price=(item.get("price") or {}).get("lookup_key"),
        status=_STATUS.get(found["status"], Status.CANCELED),
        period_end=None if ends is None else datetime.fromtimestamp(ends, UTC),
        ends_with_period=bool(found.get("cancel_at_period_end") or found.get("cancel_at")),
    )


def _subscription_of(thing: Mapping[str, Any]) -> str | None:
    """The id of the subscription that a subscription, a checkout or an invoice is about."""
    if thing.get("object") == "subscription":
        return str(thing["id"])
    details = (thing.get("parent") or {}).get("subscription_details") or {}
    named = thing.get("subscription") or details.get("subscription")
    return named if isinstance(named, str) else None
