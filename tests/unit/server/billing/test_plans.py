"""Plans as data, and when one holds."""

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from server.billing.opening import open_payments
from server.config import Settings
from server.db import now
from server.errors import SetupError
from server.plans.models import SubscriptionRow
from server.plans.service import NOTHING_SOLD, Plans
from server.plans.states import GRACE, Status
from server.plans.table import GIB, UNLIMITED, Entitlements, Feature, Quota, table_of
from tests.unit.server.billing.conftest import PLANS


def row(status: Status, late_for: timedelta | None = None, plan: str = "pro") -> SubscriptionRow:
    since = None if late_for is None else now() - late_for
    return SubscriptionRow(plan=plan, status=status, past_due_since=since)


def test_where_nothing_is_sold_there_is_one_plan_without_limits() -> None:
    assert table_of("off") is None
    assert NOTHING_SOLD.in_force(None) is NOTHING_SOLD.in_force(row(Status.CANCELED)) is UNLIMITED
    assert all(UNLIMITED.entitlements.limit(quota) is None for quota in Quota)
    assert UNLIMITED.entitlements.features == frozenset(Feature)


def test_the_plans_that_come_along_grow_with_their_price() -> None:
    table = table_of("on")
    assert table is not None
    assert [plan.id for plan in table.plans] == ["free", "pro", "team"]
    assert (table.free.id, table.free.price) == ("free", None)
    for quota in Quota:
        limits = [plan.entitlements.limit(quota) for plan in table.plans]
        endless = [10**18 if limit is None else limit for limit in limits]
        assert endless == sorted(endless)


def test_plans_of_a_file_take_the_place_of_those(tmp_path: Path) -> None:
    file = tmp_path / "plans.toml"
    file.write_text(PLANS)
    table = table_of(str(file))
    assert table is not None
    assert table.free.entitlements == Entitlements(GIB, 600, 300, 4, 60, 360, frozenset())
    pro = table.priced("heddle_pro_month")
    assert pro is not None
    assert pro.entitlements == Entitlements(10 * GIB)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "Expected"),
        ("", "plans"),
        ("[plans.pro]\nname = 'Pro'\nprice = 'p'", "one plan, and only one, must have no price"),
        ("[plans.a]\nname = 'A'\n[plans.b]\nname = 'B'", "one plan, and only one, must have no price"),
        (PLANS + "[plans.x]\nname='X'\nprice='heddle_pro_month'", "two plans have the same price"),
        ("[plans.free]\nname = 'Free'\nmembers = 'four'", "plans.free.members"),
        ("[plans.free]\nname = 'Free'\nfeatures = ['magic']", "plans.free.features"),
        ("[plans.'No such id']\nname = 'Free'", "plans.No such id"),
    ],
)
def test_a_file_that_makes_no_sense_stops_the_start(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "plans.toml"
    file.write_text(text)
    with pytest.raises(SetupError) as stopped:
        table_of(str(file))
    assert said in stopped.value.detail
    assert "HEDDLE_BILLING" in stopped.value.hint


def test_a_file_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="nowhere"):
        table_of(str(tmp_path / "nowhere.toml"))


@pytest.mark.parametrize(
    ("status", "late_for", "plan"),
    [
        (Status.TRIALING, None, "pro"),
        (Status.ACTIVE, None, "pro"),
        (Status.PAST_DUE, timedelta(0), "pro"),
        (Status.PAST_DUE, GRACE - timedelta(minutes=1), "pro"),
        (Status.PAST_DUE, GRACE, "free"),
        (Status.CANCELED, None, "free"),
    ],
)
def test_a_plan_holds_while_it_is_paid_for_and_two_weeks_longer(
    status: Status, late_for: timedelta | None, plan: str
) -> None:
    assert Plans(table_of("on")).in_force(row(status, late_for)).id == plan


def test_a_plan_that_is_no_more_is_the_free_one() -> None:
    assert Plans(table_of("on")).in_force(row(Status.ACTIVE, plan="gold")).id == "free"


def test_payments_need_the_secret_of_their_webhook(settings: Settings) -> None:
    assert open_payments(settings.model_copy(update={"stripe_key": SecretStr("")})) is None
    assert open_payments(settings.model_copy(update={"billing": "off"})) is None
    with pytest.raises(SetupError, match="STRIPE_WEBHOOK_SECRET"):
        open_payments(settings.model_copy(update={"stripe_webhook_secret": SecretStr("")}))
