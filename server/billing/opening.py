"""Opens billing: plans first, for all tiers ask them; the meter and the payments when all is there."""

from contextlib import AsyncExitStack

from server.billing.meter import Meter, UnderWay
from server.billing.service import Billing
from server.billing.subscriptions import Subscriptions
from server.bus import Bus
from server.config import Settings
from server.db import Database
from server.errors import SetupError
from server.identity.workspaces.service import Workspaces
from server.plans.service import Plans
from server.plans.table import OFF
from server.ports.payments import Payments
from server.recordings.service import Recordings
from server.rounds import LATER_S, Rounds

TIDY_EVERY_S = 3600.0
FOLLOW_EVERY_S = 15.0


def open_billing(
    settings: Settings,
    stack: AsyncExitStack,
    *,
    db: Database,
    bus: Bus,
    plans: Plans,
    workspaces: Workspaces,
    recordings: Recordings,
    under_way: UnderWay,
) -> Billing:
    """Raises SetupError for settings that cannot work."""
    meter = Meter(db, recordings, plans, under_way)
    meter.start(bus)
    if plans.sells:
        Rounds("billing-meter", meter.follow, every_s=FOLLOW_EVERY_S).start(stack)
    payments = open_payments(settings)
    subscriptions = None
    if payments is not None:
        stack.push_async_callback(payments.close)
        subscriptions = Subscriptions(db, plans, payments)
        Rounds("billing-tidy", subscriptions.tidy, every_s=TIDY_EVERY_S, first_s=LATER_S).start(stack)
    return Billing(
        db, plans, workspaces, recordings, meter=meter, payments=payments, subscriptions=subscriptions
    )


def open_payments(settings: Settings) -> Payments | None:
    """None where nothing is sold, or nobody can pay. Raises SetupError."""
    key = settings.stripe_key.get_secret_value()
    if settings.billing == OFF or not key:
        return None
    secret = settings.stripe_webhook_secret.get_secret_value()
    if not secret:
        raise SetupError(
            "Nobody could tell that a plan was paid for",
            "HEDDLE_STRIPE_KEY is set, but HEDDLE_STRIPE_WEBHOOK_SECRET is not.",
            "Add an endpoint for /api/v1/billing/stripe/webhook in Stripe, and set its signing secret.",
        )
    try:
        from server.adapters.payments_stripe import StripePayments  # noqa: PLC0415 (needs the extra `billing`)
    except ImportError as missing:
        raise SetupError(
            "Payments need another package",
            f"HEDDLE_STRIPE_KEY is set, but {missing.name} is not installed.",
            "Install Heddle with its extra `billing`.",
        ) from missing
    return StripePayments(key, secret, api=settings.stripe_api)
