"""Paying by Stripe: pages to go to, and notices that come late, twice, in any order, or from others."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import delete, update

from server.config import Settings
from server.db import new_id, now
from server.identity.workspaces.models import WorkspaceRow
from server.plans.models import SubscriptionRow
from server.wiring import Services
from tests.support.databases import both_databases
from tests.support.people import Team
from tests.support.stripe_double import StripeDouble, event, signed
from tests.unit.server.billing.conftest import told

# Stripe's library hands forms to httpx in the way of before; both are locked to versions that understand it.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")
WEBHOOK = "/api/v1/billing/stripe/webhook"


async def hear(client: httpx.AsyncClient, body: str, **how: Any) -> httpx.Response:
    return await client.post(WEBHOOK, content=body, headers=signed(body, **how))


async def billing(team: Team) -> dict[str, Any]:
    answer = await team.clients["owner"].get(f"{team.url}/billing")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def tidy(services: Services) -> None:
    assert services.billing.subscriptions is not None
    await services.billing.subscriptions.tidy()


@both_databases
async def test_a_plan_is_paid_for_and_holds_when_stripe_says_so(
    team: Team, client: httpx.AsyncClient, provider: StripeDouble
) -> None:
    owner = team.clients["owner"]
    before = await billing(team)
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
    assert form["success_url"].startswith("https://video.test/")
    assert (await billing(team))["plan"]["id"] == "free"

    provider.subscribe(team.id)
    done = {"id": "cs_1", "object": "checkout.session", "subscription": "sub_1"}
    answer = await hear(client, event(done, what="checkout.session.completed"))
    assert answer.status_code == 204
    after = await billing(team)
    assert (after["plan"]["id"], after["status"], after["endsWithPeriod"]) == ("pro", "active", False)
    assert after["periodEnd"] is not None
    acts = (await owner.get("/api/v1/audit", params={"workspaceId": team.id})).json()["data"]
    changed = next(one for one in acts if one["act"] == "billing.plan_changed")
    assert (changed["details"], changed["actorId"]) == ({"before": "free", "after": "pro"}, None)


async def test_who_told_is_told_by_an_event(
    team: Team, client: httpx.AsyncClient, services: Services, provider: StripeDouble
) -> None:
    await hear(client, event(provider.subscribe(team.id)))
    events = await told(services, "billing.updated")
    assert {one for one, _ in events} == {team.ids["owner"], team.ids["admin"]}
    assert events[0][1] == {"workspaceId": team.id, "plan": "pro", "status": "active"}


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"secret": "whsec_of_somebody_else"}, "another secret"),
        ({"age_s": 301}, "too old"),
    ],
)
async def test_what_stripe_did_not_sign_just_now_changes_nothing(
    team: Team, client: httpx.AsyncClient, provider: StripeDouble, how: dict[str, Any], why: str
) -> None:
    body = event(provider.subscribe(team.id))
    answer = await hear(client, body, **how)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_signature"), why
    assert (await billing(team))["plan"]["id"] == "free"
    assert provider.asked == []
    assert (await hear(client, body, age_s=290)).status_code == 204


async def test_nonsense_is_refused(client: httpx.AsyncClient) -> None:
    body = event({"object": "subscription", "id": "sub_1"})
    others: tuple[tuple[str | bytes, dict[str, str]], ...] = (
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
    for content, headers in others:
        answer = await client.post(WEBHOOK, content=content, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_signature"), content


async def test_a_notice_that_comes_again_is_not_followed_up_again(
    team: Team, client: httpx.AsyncClient, provider: StripeDouble
) -> None:
    body = event(provider.subscribe(team.id))
    for _ in range(3):
        assert (await hear(client, body)).status_code == 204
    assert [path for _, path, _ in provider.asked] == ["/v1/subscriptions/sub_1"]


async def test_notices_in_the_wrong_order_come_to_what_stripe_says_now(
    team: Team, client: httpx.AsyncClient, provider: StripeDouble
) -> None:
    early = event(dict(provider.subscribe(team.id, status="incomplete")), named="evt_1")
    late = event(dict(provider.subscribe(team.id, status="active")), named="evt_2")
    for body in (late, early):
        assert (await hear(client, body)).status_code == 204
    assert (await billing(team))["status"] == "active"


async def test_invoices_lead_to_their_subscription_in_each_version_of_the_api(
    team: Team, client: httpx.AsyncClient, provider: StripeDouble
) -> None:
    now_of = {"object": "invoice", "parent": {"subscription_details": {"subscription": "sub_1"}}}
    provider.subscribe(team.id, status="trialing")
    assert (await hear(client, event(now_of, what="invoice.paid"))).status_code == 204
    assert (await billing(team))["status"] == "trialing"
    provider.subscribe(team.id)
    before = {"object": "invoice", "subscription": "sub_1", "parent": None}
    assert (await hear(client, event(before, named="evt_2"))).status_code == 204
    assert (await billing(team))["status"] == "active"


async def test_a_plan_outlasts_a_failed_payment_by_two_weeks_and_an_end_loses_nothing(
    team: Team, client: httpx.AsyncClient, services: Services, provider: StripeDouble
) -> None:
    recording = await team.clients["owner"].post(
        "/api/v1/recordings", json={"recordingType": "screen", "workspaceId": team.id}
    )
    await hear(client, event(provider.subscribe(team.id), named="evt_1"))
    await hear(client, event(provider.subscribe(team.id, status="past_due"), named="evt_2"))
    late = await billing(team)
    assert (late["plan"]["id"], late["status"]) == ("pro", "past_due")
    assert late["graceUntil"] is not None
    async with services.db.write() as session:
        since = now() - timedelta(days=15)
        await session.execute(update(SubscriptionRow).values(past_due_since=since))
    assert (await billing(team))["plan"]["id"] == "free"
    await hear(client, event(provider.subscribe(team.id, status="past_due"), named="evt_3"))
    assert (await billing(team))["plan"]["id"] == "free", "a second failure gives no second grace"
    await hear(client, event(provider.subscribe(team.id), named="evt_4"))
    assert (await billing(team))["plan"]["id"] == "pro"
    await hear(client, event(provider.subscribe(team.id, status="canceled"), named="evt_5"))
    over = await billing(team)
    assert (over["plan"]["id"], over["status"], over["graceUntil"]) == ("free", "canceled", None)
    seen = await team.clients["viewer"].get(f"/api/v1/recordings/{recording.json()['id']}")
    assert seen.status_code == 200


async def test_while_stripe_is_away_it_is_asked_to_send_the_notice_again(
    team: Team, client: httpx.AsyncClient, provider: StripeDouble
) -> None:
    body = event(provider.subscribe(team.id))
    provider.down = True
    answer = await hear(client, body)
    assert (answer.status_code, answer.json()["code"]) == (503, "payments_unavailable")
    answer = await team.clients["owner"].post(f"{team.url}/billing/checkout", json={"plan": "pro"})
    assert (answer.status_code, answer.json()["code"]) == (503, "payments_unavailable")
    provider.down = False
    assert (await hear(client, body)).status_code == 204
    assert (await billing(team))["plan"]["id"] == "pro"


async def test_a_price_that_stripe_does_not_know_is_said_to_whoever_runs_the_server(
    team: Team, provider: StripeDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider, "prices", {})
    answer = await team.clients["owner"].post(f"{team.url}/billing/checkout", json={"plan": "pro"})
    assert (answer.status_code, answer.json()["code"]) == (503, "payments_unavailable")


async def test_one_subscription_at_a_time_and_the_portal_for_the_rest(
    team: Team, client: httpx.AsyncClient, provider: StripeDouble
) -> None:
    owner, pay, portal = team.clients["owner"], f"{team.url}/billing/checkout", f"{team.url}/billing/portal"
    answer = await owner.post(portal)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_subscribed")
    for plan in ("gold", "free"):
        answer = await owner.post(pay, json={"plan": plan})
        assert (answer.status_code, answer.json()["code"]) == (404, "plan_not_found")
    await hear(client, event(provider.subscribe(team.id), named="evt_1"))
    answer = await owner.post(pay, json={"plan": "pro"})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_subscribed")
    assert (await owner.post(portal)).json() == {"url": "https://billing.stripe.test/p/session/bps_1"}
    assert provider.asked[-1][2] == {"customer": "cus_1", "return_url": "https://video.test/"}
    # A second one, of two pages that were open at once, changes nothing; nor does its end.
    provider.subscribe(team.id, named="sub_2", status="trialing")
    await hear(client, event({"object": "subscription", "id": "sub_2"}, named="evt_2"))
    assert (await billing(team))["status"] == "active"
    provider.subscribe(team.id, named="sub_2", status="canceled")
    await hear(client, event({"object": "subscription", "id": "sub_2"}, named="evt_3"))
    assert (await billing(team))["status"] == "active"
    provider.subscribe(team.id, status="canceled")
    await hear(client, event({"object": "subscription", "id": "sub_1"}, named="evt_4"))
    assert (await owner.post(pay, json={"plan": "pro"})).status_code == 200
    assert provider.asked[-1][2]["customer"] == "cus_1", "who comes back is known"


async def test_what_is_sold_beside_it_is_none_of_ours(
    team: Team, client: httpx.AsyncClient, services: Services, provider: StripeDouble
) -> None:
    for number, place in enumerate((None, "not-an-id", new_id())):
        body = event(provider.subscribe(place), named=f"evt_{number}")
        assert (await hear(client, body)).status_code == 204
    assert (await hear(client, event({"object": "charge", "id": "ch_1"}, named="evt_9"))).status_code == 204
    async with services.db.read() as session:
        assert await session.get(SubscriptionRow, team.id) is None
    await tidy(services)
    assert "DELETE" not in [method for method, _, _ in provider.asked]


async def test_a_price_of_no_plan_leaves_the_plan_as_it_is(
    team: Team, client: httpx.AsyncClient, provider: StripeDouble
) -> None:
    await hear(client, event(provider.subscribe(team.id, price="something_else"), named="evt_1"))
    assert (await billing(team))["plan"]["id"] == "free"


@both_databases
async def test_nobody_pays_for_a_workspace_that_is_gone(
    team: Team, client: httpx.AsyncClient, services: Services, provider: StripeDouble
) -> None:
    await hear(client, event(provider.subscribe(team.id)))
    async with services.db.write() as session:
        await session.execute(delete(WorkspaceRow).where(WorkspaceRow.id == team.id))
    provider.down = True
    await tidy(services)
    provider.down = False
    assert provider.subscriptions["sub_1"]["status"] == "active"
    await tidy(services)
    assert provider.subscriptions["sub_1"]["status"] == "canceled"
    async with services.db.read() as session:
        assert await session.get(SubscriptionRow, team.id) is None


async def test_a_notice_that_was_lost_is_made_up_for(
    team: Team, client: httpx.AsyncClient, services: Services, provider: StripeDouble
) -> None:
    await hear(client, event(provider.subscribe(team.id, period_s=-4 * 3600)))
    provider.subscribe(team.id, status="canceled", period_s=-4 * 3600)
    assert (await billing(team))["status"] == "active"
    await tidy(services)
    assert (await billing(team))["status"] == "canceled"


@pytest.mark.parametrize("role", ["owner", "admin", "member", "viewer", "stranger"])
async def test_owners_pay_and_administrators_see(team: Team, role: str) -> None:
    client = team.clients[role]
    hidden = 404 if role == "stranger" else 403
    sees = 200 if role in ("owner", "admin") else hidden
    assert (await client.get(f"{team.url}/billing")).status_code == sees
    assert (await client.get(f"{team.url}/usage")).status_code == sees
    pays = await client.post(f"{team.url}/billing/checkout", json={"plan": "pro"})
    assert pays.status_code == (200 if role == "owner" else hidden)
    assert (await client.post(f"{team.url}/billing/portal")).status_code == (
        409 if role == "owner" else hidden
    )


class TestWithoutStripe:
    """Plans hold, and nobody can pay for one."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"stripe_key": SecretStr("")})

    async def test_there_are_plans_and_no_payments(self, team: Team) -> None:
        assert (await billing(team))["takesPayments"] is False
        answer = await team.clients["owner"].post(f"{team.url}/billing/checkout", json={"plan": "pro"})
        assert (answer.status_code, answer.json()["code"]) == (409, "billing_off")
