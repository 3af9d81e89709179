"""How a plan says no: 402, with what is used, what there is and what can be done."""

from server.errors import ServerError
from server.plans.table import GIB, Feature, Plan, Quota

_SPENT = {
    Quota.STORAGE: "has room for {limit}, and {used} of it are taken",
    Quota.RECORDING: "has {limit} of recording a month, and {used} of them are used",
    Quota.TRANSCRIPTION: "has {limit} of transcription a month, and {used} of them are used",
    Quota.MEMBERS: "is for {limit} people, and {used} are in it or invited",
}
_WAY_OUT = {
    Quota.STORAGE: "Delete recordings for good, or take a larger plan.",
    Quota.RECORDING: "Wait for the next month, or take a larger plan.",
    Quota.TRANSCRIPTION: "Wait for the next month, or take a larger plan.",
    Quota.MEMBERS: "Remove somebody, or take a larger plan.",
}


_FEATURES = {
    Feature.ANALYTICS: "reports of how recordings are watched",
    Feature.LINK_PASSWORDS: "passwords for links",
}


class PaymentRequired(ServerError):
    status, code = 402, "quota_exceeded"


def exceeded(plan: Plan, quota: Quota, used: int, limit: int) -> PaymentRequired:
    spent = _SPENT[quota].format(limit=amount(quota, limit), used=amount(quota, used))
    return PaymentRequired(
        f"The plan of this workspace ({plan.name}) {spent}. {_WAY_OUT[quota]}",
        details={"plan": plan.id, "quota": quota, "used": used, "limit": limit},
    )


def too_long(plan: Plan, limit_s: int) -> PaymentRequired:
    return PaymentRequired(
        f"The plan of this workspace ({plan.name}) takes files of {limit_s // 60} minutes at most. "
        "Send a shorter one, or take a larger plan.",
        details={"plan": plan.id, "quota": "lengthSeconds", "limit": limit_s},
    )


def not_included(plan: Plan, feature: Feature) -> PaymentRequired:
    return PaymentRequired(
        f"The plan of this workspace ({plan.name}) does not include {_FEATURES[feature]}. Take a larger one.",
        code="feature_not_included",
        details={"plan": plan.id, "feature": feature},
    )


def amount(quota: Quota, count: int) -> str:
    """`count`, in the quota's unit, for people."""
    if quota is Quota.STORAGE:
        return f"{count / GIB:.1f} GiB"
    return str(count) if quota is Quota.MEMBERS else f"{count // 60} minutes"
