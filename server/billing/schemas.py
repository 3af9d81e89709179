"""Billing and usage on the wire."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from server.plans.states import Status
from server.plans.table import Feature, Quota


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class EntitlementsOut(_Wire):
    """Null: no limit."""

    storage_bytes: int | None
    recording_seconds: int | None = Field(description="In a calendar month (UTC).")
    transcription_seconds: int | None = Field(description="In a calendar month (UTC).")
    members: int | None
    max_length_seconds: int | None = Field(description="Of a file that is uploaded.")
    max_height: int | None = Field(description="Lines of the picture that viewers are offered.")
    features: list[Feature]


class PlanOut(_Wire):
    id: str = Field(examples=["pro"])
    name: str = Field(examples=["Pro"])
    free: bool
    entitlements: EntitlementsOut


class BillingOut(_Wire):
    workspace_id: str
    plan: PlanOut = Field(description="The one that holds now.")
    status: Status | None = Field(description="Of the subscription; null where there never was one.")
    period_end: datetime | None = Field(description="Until when it is paid for.")
    ends_with_period: bool = Field(description="It was cancelled, and lasts until then.")
    grace_until: datetime | None = Field(description="A payment failed: until when the plan stays.")
    takes_payments: bool = Field(description="Whether this server takes money at all.")
    plans: list[PlanOut] = Field(description="All that there are.")


class QuotaOut(_Wire):
    quota: Quota
    used: int
    limit: int | None
    percent: int | None


class WorkspaceUsageOut(_Wire):
    workspace_id: str
    month: str = Field(description="The month that minutes are counted in (UTC).", examples=["2026-11"])
    plan: str = Field(description="Id of the plan that holds.", examples=["pro"])
    quotas: list[QuotaOut]


class AllowanceOut(_Wire):
    workspace_id: str
    plan: str = Field(description="Id of the plan that holds.", examples=["pro"])
    allowed: bool
    reason: str | None = Field(description="Why not, and what can be done; null where it is allowed.")
    quota: Quota | None = Field(description="Which one is used up.")
    seconds_left: int | None = Field(description="Of recording in this month; null: no limit.")


class CheckoutRequest(_Wire):
    plan: str = Field(max_length=30, examples=["pro"])


class AddressOut(_Wire):
    url: str = Field(
        description="A page of the payment provider.", examples=["https://checkout.stripe.com/c/pay/cs_test"]
    )
