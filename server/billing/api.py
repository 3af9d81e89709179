"""Billing and usage of workspaces over HTTP, and where the payment provider sends its notices."""

from collections.abc import Sequence
from typing import Annotated, cast

from fastapi import APIRouter, Header, Query, Request, Response

from server.admin.access import Administrator, admin_of
from server.billing import schemas as wire
from server.billing.service import Billing
from server.billing.usage import Measure
from server.db import now
from server.given import given
from server.links import links_of
from server.plans.service import month_of
from server.plans.table import Plan
from server.scope import Scope, User, allows

router = APIRouter(prefix="/api/v1", tags=["Billing"])


def _billing(request: Request) -> Billing:
    return cast("Billing", request.app.state.services.billing)


Service = Annotated[Billing, given(_billing)]
Reader = Annotated[User, allows(Scope.WORKSPACES_READ)]
Writer = Annotated[User, allows(Scope.WORKSPACES_WRITE)]
Recorder = Annotated[User, allows(Scope.RECORDINGS_READ)]
WorkspaceId = Annotated[
    str | None, Query(alias="workspaceId", max_length=36, description="Left out: your personal one.")
]


@router.get(
    "/me/allowance", operation_id="getAllowance", summary="Whether your next recording would be taken"
)
async def allowance(user: Recorder, billing: Service, workspace_id: WorkspaceId = None) -> wire.AllowanceOut:
    """To be asked before it is made: what has begun completes, whatever the plan says."""
    found = await billing.allowance(user.id, workspace_id)
    no = found.refusal
    details = no.details if no is not None and isinstance(no.details, dict) else {}
    return wire.AllowanceOut(
        workspace_id=found.workspace_id,
        plan=found.plan.id,
        allowed=no is None,
        reason=None if no is None else no.sentence,
        quota=details.get("quota"),
        seconds_left=found.seconds_left,
    )


@router.get(
    "/workspaces/{workspace_id}/usage",
    operation_id="getUsage",
    summary="How much of its plan a workspace uses",
)
async def usage(workspace_id: str, user: Reader, billing: Service) -> wire.WorkspaceUsageOut:
    return _usage(workspace_id, *await billing.usage(user.id, workspace_id))


@router.get(
    "/admin/workspaces/{workspace_id}/usage",
    tags=["Admin"],
    operation_id="adminGetUsage",
    summary="How much of its plan any workspace uses",
)
async def usage_of_any(
    workspace_id: str, request: Request, _user: Administrator, billing: Service
) -> wire.WorkspaceUsageOut:
    seen, _ = await admin_of(request).workspaces.get(workspace_id)
    return _usage(seen.workspace.id, *await billing.usage_of_any(seen.workspace.id))


@router.get(
    "/workspaces/{workspace_id}/billing", operation_id="getBilling", summary="The plan of a workspace"
)
async def billing_of(workspace_id: str, user: Reader, billing: Service) -> wire.BillingOut:
    account = await billing.account(user.id, workspace_id)
    return wire.BillingOut(
        workspace_id=workspace_id,
        plan=_plan(account.plan),
        status=account.status,
        period_end=account.period_end,
        ends_with_period=account.ends_with_period,
        grace_until=account.grace_until,
        takes_payments=billing.takes_payments,
        plans=[_plan(one) for one in billing.offered],
    )


@router.post("/workspaces/{workspace_id}/billing/checkout", operation_id="checkout", summary="Pay for a plan")
async def checkout(
    workspace_id: str, body: wire.CheckoutRequest, request: Request, user: Writer, billing: Service
) -> wire.AddressOut:
    """The page to pay at. The plan holds as soon as the payment provider says that it was paid for."""
    base = links_of(request).for_mail(request)
    return wire.AddressOut(url=await billing.checkout(user, workspace_id, body.plan, base=base))


@router.post(
    "/workspaces/{workspace_id}/billing/portal",
    operation_id="billingPortal",
    summary="Change or end a subscription",
)
async def portal(workspace_id: str, request: Request, user: Writer, billing: Service) -> wire.AddressOut:
    """The page where that is done, also for cards and invoices."""
    base = links_of(request).for_mail(request)
    return wire.AddressOut(url=await billing.portal(user, workspace_id, base=base))


@router.post(
    "/billing/stripe/webhook", status_code=204, operation_id="stripeWebhook", summary="Notices of Stripe"
)
async def stripe_webhook(
    request: Request,
    billing: Service,
    signature: Annotated[str, Header(alias="Stripe-Signature", description="Of the body.")] = "",
) -> Response:
    """For Stripe alone: what it sends is signed."""
    await billing.hear(await request.body(), signature)
    return Response(status_code=204)


def _usage(workspace_id: str, plan: Plan, measures: Sequence[Measure]) -> wire.WorkspaceUsageOut:
    quotas = [
        wire.QuotaOut(quota=one.quota, used=one.used, limit=one.limit, percent=one.percent)
        for one in measures
    ]
    return wire.WorkspaceUsageOut(
        workspace_id=workspace_id, month=month_of(now()), plan=plan.id, quotas=quotas
    )


def _plan(plan: Plan) -> wire.PlanOut:
    entitled = plan.entitlements
    return wire.PlanOut(
        id=plan.id,
        name=plan.name,
        free=plan.price is None,
        entitlements=wire.EntitlementsOut(
            storage_bytes=entitled.storage_bytes,
            recording_seconds=entitled.recording_s,
            transcription_seconds=entitled.transcription_s,
            members=entitled.members,
            max_length_seconds=entitled.max_length_s,
            max_height=entitled.max_height,
            features=sorted(entitled.features),
        ),
    )
