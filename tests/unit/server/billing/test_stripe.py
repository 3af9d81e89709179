"""Paying by Stripe: pages to go to, and notices that come late, twice, in any order, or from others."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, update

from server.db import new_id, now
from server.identity.workspaces.models import WorkspaceRow
from server.plans.models import SubscriptionRow
from server.wiring import Services
from tests.support.databases import both_databases
from tests.support.people import Team
from tests.support.stripe_double import StripeDouble, event, signed
from tests.unit.server.billing.conftest import home, told

# Stripe's library hands forms to httpx in the way of before; both are locked to versions that understand it.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")
WEBHOOK = "/api/v1/billing/stripe/webhook"
URL = "/api/v1/workspaces"


@pytest.fixture
async def place(ann: httpx.AsyncClient) -> str:
    return await home(ann)


async def hear(client: httpx.AsyncClient, body: str, **how: Any) -> httpx.Response:
    return await client.post(WEBHOOK, content=body, headers=signed(body, **how))


async def billing(client: httpx.AsyncClient, place: str) -> dict[str, Any]:
    answer = await client.get(f"{URL}/{place}/billing")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def tidy(services: Services) -> None:
    assert services.billing.subscriptions is not None
    await services.billing.subscriptions.tidy()


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


@both_databases
async def test_a_plan_is_paid_for_and_holds_when_stripe_says_so(
    team: Team, client: httpx.AsyncClient, services: Services, provider: StripeDouble
) -> None:
    owner = team.clients["owner"]
    before = await billing(owner, team.id)
    assert (before["plan"]["id"], before["status"], before["takesPayments"]) == ("free", None, True)
    assert [one["id"] for one in before["plans"]] == ["free", "pro"]
    answer = await owner.post(f"{team.url}/billing/checkout", json={"plan": "pro"})
    assert answer.json() == {"url": "https://checkout.stripe.test/c/pay/cs_1"}
    (_, _, asked), (method, path, form) = provider.asked
    assert asked["lookup_keys[0]"] == "heddle_pro_month"
    assert (method, path) == ("POST", "/v1/checkout/sessions")
    assert form["line_items[0][price]"] == "price_pro"
    assert form["mode"] == "subscription"
    assert form["customer_email"] == "owner@example.org"
    assert form["subscription_data[metadata][heddle_workspace]"] == team.id
    assert form["success_url"] == f"https://video.test/billing?workspace={team.id}&checkout=done"
    assert (await billing(owner, team.id))["plan"]["id"] == "free"

    provider.subscribe(team.id)
    done = {"id": "cs_1", "object": "checkout.session", "subscription": "sub_1"}
    answer = await hear(client, event(done, what="checkout.session.completed"))
    assert answer.status_code == 204
    after = await billing(owner, team.id)
    assert (after["plan"]["id"], after["status"], after["endsWithPeriod"]) == ("pro", "active", False)
    assert after["periodEnd"] is not None
    acts = (await owner.get("/api/v1/audit", params={"workspaceId": team.id})).json()["data"]
    assert [one["act"] for one in acts][:2] == ["billing.plan_changed", "billing.checkout"]
    changed = acts[0]
    assert (changed["details"], changed["actorId"]) == ({"before": "free", "after": "pro"}, None)
    events = await told(services, "billing.updated")
    assert {one for one, _ in events} == {team.ids["owner"], team.ids["admin"]}
    assert events[0][1] == {"workspaceId": team.id, "plan": "pro", "status": "active"}


async def test_owners_pay_administrators_see_and_others_do_neither(team: Team) -> None:
    for role, client in team.clients.items():
        hidden = 404 if role == "stranger" else 403
        sees = 200 if role in ("owner", "admin") else hidden
        for page in ("billing", "usage"):
            assert (await client.get(f"{team.url}/{page}")).status_code == sees, role
        pays = await client.post(f"{team.url}/billing/checkout", json={"plan": "pro"})
        assert pays.status_code == (200 if role == "owner" else hidden), role
        portal = await client.post(f"{team.url}/billing/portal")
        assert portal.status_code == (409 if role == "owner" else hidden), role


async def test_what_stripe_did_not_sign_just_now_changes_nothing(
    ann: httpx.AsyncClient, place: str, client: httpx.AsyncClient, provider: StripeDouble
) -> None:
    body = event(provider.subscribe(place))
    sent: tuple[tuple[str | bytes, dict[str, str]], ...] = (
        (body, signed(body, secret="whsec_of_somebody_else")),
        (body, signed(body, age_s=301)),
        (body + " ", signed(body)),
        (body, {}),
        (body, {"Stripe-Signature": "t=now,v1=00"}),
        (body, {"Stripe-Signature": ",,,"}),
        ("{}", signed("{}")),
        ("[]", signed("[]")),
        ("no json", signed("no json")),
        ('{"id": 1, "data": {"object": 5}}', signed('{"id": 1, "data": {"object": 5}}')),
        (b"\xff\xfe", signed(body)),
    )
    for content, headers in sent:
        refused(await client.post(WEBHOOK, content=content, headers=headers), 400, "invalid_signature")
    assert (await billing(ann, place))["plan"]["id"] == "free"
    assert provider.asked == []
    assert (await hear(client, body, age_s=280)).status_code == 204
    assert (await billing(ann, place))["plan"]["id"] == "pro"


async def test_notices_twice_in_the_wrong_order_and_of_old_versions_come_to_what_stripe_says(
    ann: httpx.AsyncClient, place: str, client: httpx.AsyncClient, provider: StripeDouble
) -> None:
    early = event(dict(provider.subscribe(place, status="incomplete")), named="evt_1")
    late = event(dict(provider.subscribe(place, status="trialing")), named="evt_2")
    for body in (late, early, early, late):
        assert (await hear(client, body)).status_code == 204
    assert (await billing(ann, place))["status"] == "trialing"
    assert [path for _, path, _ in provider.asked] == ["/v1/subscriptions/sub_1"] * 2
    invoices: list[tuple[dict[str, Any], str]] = [
        ({"parent": {"subscription_details": {"subscription": "sub_1"}}}, "past_due"),
        ({"parent": None, "subscription": "sub_1"}, "active"),
    ]
    for invoice, status in invoices:
        provider.subscribe(place, status=status)
        await hear(client, event({"object": "invoice", **invoice}, named=f"evt_{status}"))
        assert (await billing(ann, place))["status"] == status


async def test_a_plan_outlasts_a_failed_payment_by_two_weeks_and_an_end_loses_nothing(
    ann: httpx.AsyncClient, place: str, client: httpx.AsyncClient, services: Services, provider: StripeDouble
) -> None:
    async def hears(number: int, status: str) -> dict[str, Any]:
        await hear(client, event(provider.subscribe(place, status=status), named=f"evt_{number}"))
        return await billing(ann, place)

    recording = await ann.post("/api/v1/recordings", json={"recordingType": "screen"})
    await hears(1, "active")
    late = await hears(2, "past_due")
    assert (late["plan"]["id"], late["status"]) == ("pro", "past_due")
    assert late["graceUntil"] is not None
    async with services.db.write() as session:
        since = now() - timedelta(days=15)
        await session.execute(update(SubscriptionRow).values(past_due_since=since))
    assert (await billing(ann, place))["plan"]["id"] == "free"
    assert (await hears(3, "past_due"))["plan"]["id"] == "free", "a second failure gives no second grace"
    assert (await hears(4, "active"))["plan"]["id"] == "pro"
    over = await hears(5, "canceled")
    assert (over["plan"]["id"], over["status"], over["graceUntil"]) == ("free", "canceled", None)
    assert (await ann.get(f"/api/v1/streams/{recording.json()['id']}")).status_code == 200


async def test_while_stripe_is_away_it_is_asked_to_send_the_notice_again(
    ann: httpx.AsyncClient,
    place: str,
    client: httpx.AsyncClient,
    provider: StripeDouble,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pay = f"{URL}/{place}/billing/checkout"
    body = event(provider.subscribe(place))
    provider.down = True
    refused(await hear(client, body), 503, "payments_unavailable")
    refused(await ann.post(pay, json={"plan": "pro"}), 503, "payments_unavailable")
    provider.down = False
    monkeypatch.setattr(provider, "prices", {})
    refused(await ann.post(pay, json={"plan": "pro"}), 503, "payments_unavailable")
    assert (await hear(client, body)).status_code == 204
    assert (await billing(ann, place))["plan"]["id"] == "pro"


async def test_one_subscription_at_a_time_and_the_portal_for_the_rest(
    ann: httpx.AsyncClient, place: str, client: httpx.AsyncClient, provider: StripeDouble
) -> None:
    pay, portal = f"{URL}/{place}/billing/checkout", f"{URL}/{place}/billing/portal"
    refused(await ann.post(portal), 409, "not_subscribed")
    for plan in ("gold", "free"):
        refused(await ann.post(pay, json={"plan": plan}), 404, "plan_not_found")
    await hear(client, event(provider.subscribe(place), named="evt_1"))
    refused(await ann.post(pay, json={"plan": "pro"}), 409, "already_subscribed")
    assert (await ann.post(portal)).json() == {"url": "https://billing.stripe.test/p/session/bps_1"}
    assert provider.asked[-1][2] == {
        "customer": "cus_1",
        "return_url": f"https://video.test/billing?workspace={place}",
    }
    acts = (await ann.get("/api/v1/audit")).json()["data"]
    assert acts[0]["act"] == "billing.portal"
    # A second one, of two pages that were open at once, changes nothing; nor does its end.
    for status in ("trialing", "canceled"):
        provider.subscribe(place, named="sub_2", status=status)
        second = {"object": "subscription", "id": "sub_2"}
        await hear(client, event(second, named=f"evt_{status}"))
        assert (await billing(ann, place))["status"] == "active"
    await hear(client, event(provider.subscribe(place, status="canceled"), named="evt_4"))
    assert (await ann.post(pay, json={"plan": "pro"})).status_code == 200
    assert provider.asked[-1][2]["customer"] == "cus_1", "who comes back is known"


async def test_what_is_sold_beside_it_is_none_of_ours(
    ann: httpx.AsyncClient, place: str, client: httpx.AsyncClient, services: Services, provider: StripeDouble
) -> None:
    for number, other in enumerate((None, "not-an-id", new_id())):
        body = event(provider.subscribe(other), named=f"evt_{number}")
        assert (await hear(client, body)).status_code == 204
    assert (await hear(client, event({"object": "charge", "id": "ch_1"}, named="evt_9"))).status_code == 204
    assert (await billing(ann, place))["status"] is None
    await tidy(services)
    assert "DELETE" not in [method for method, _, _ in provider.asked]
    await hear(client, event(provider.subscribe(place, price="something_else"), named="evt_10"))
    assert (await billing(ann, place))["plan"]["id"] == "free"


async def test_a_round_makes_up_for_lost_notices_and_ends_what_is_paid_for_nothing(
    ann: httpx.AsyncClient, place: str, client: httpx.AsyncClient, services: Services, provider: StripeDouble
) -> None:
    over = -4 * 3600
    await hear(client, event(provider.subscribe(place, period_s=over)))
    provider.subscribe(place, status="past_due", period_s=over)
    assert (await billing(ann, place))["status"] == "active"
    await tidy(services)
    assert (await billing(ann, place))["status"] == "past_due"

    async with services.db.write() as session:
        await session.execute(delete(WorkspaceRow).where(WorkspaceRow.id == place))
    provider.down = True
    await tidy(services)
    provider.down = False
    assert provider.subscriptions["sub_1"]["status"] == "past_due"
    await tidy(services)
    assert provider.subscriptions["sub_1"]["status"] == "canceled"
    async with services.db.read() as session:
        assert await session.get(SubscriptionRow, place) is None
