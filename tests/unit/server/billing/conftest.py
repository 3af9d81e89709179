"""A server that sells plans, and Stripe's double that takes the money."""

from collections.abc import Awaitable, Callable, Iterator

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from server.config import Settings
from server.outbox import OutboxRow
from server.plans.service import spend
from server.plans.table import Quota
from server.recordings.models import RecordingRow
from server.wiring import Services
from tests.support.people import Team, make_team
from tests.support.stripe_double import SECRET, StripeDouble, stripe_double

SignIn = Callable[[str], Awaitable[httpx.AsyncClient]]
PLANS = """
[plans.free]
name = "Free"
storage_gib = 1
recording_minutes = 10
transcription_minutes = 5
members = 4
max_length_minutes = 1
max_height = 360
features = []

[plans.pro]
name = "Pro"
price = "heddle_pro_month"
storage_gib = 10
"""


@pytest.fixture(scope="module")
def running() -> Iterator[StripeDouble]:
    with stripe_double() as double:
        yield double


@pytest.fixture
def provider(running: StripeDouble) -> StripeDouble:
    running.forget()
    return running


@pytest.fixture
def settings(settings: Settings, provider: StripeDouble) -> Settings:
    plans = settings.data / "plans.toml"
    plans.write_text(PLANS)
    return settings.model_copy(
        update={
            "billing": str(plans),
            "stripe_key": SecretStr("sk_test_double"),
            "stripe_webhook_secret": SecretStr(SECRET),
            "stripe_api": provider.url,
            "public_url": "https://video.test",
        }
    )


@pytest.fixture
async def team(sign_in: SignIn, services: Services) -> Team:
    return await make_team(sign_in, services)


async def home(client: httpx.AsyncClient) -> str:
    """The id of a person's own workspace."""
    return str((await client.get("/api/v1/workspaces")).json()["data"][0]["id"])


async def use(services: Services, workspace_id: str, quota: Quota, minutes: float, key: str = "x") -> None:
    """As if that had been recorded or transcribed."""
    async with services.db.write() as session:
        name, seconds = f"{key}:{workspace_id}", minutes * 60
        await spend(session, name, workspace_id, quota, recording_id=workspace_id, seconds=seconds)


async def fill(services: Services, recording_id: str, size: int) -> None:
    """As if the recording had so many bytes."""
    async with services.db.write() as session:
        row = update(RecordingRow).where(RecordingRow.id == recording_id)
        await session.execute(row.values(file_size_bytes=size))


async def told(services: Services, type_: str) -> list[tuple[str, dict[str, object]]]:
    """Whom, and what, oldest first."""
    async with services.db.read() as session:
        rows = await session.scalars(select(OutboxRow).where(OutboxRow.type == type_).order_by(OutboxRow.id))
        return [(str(row.user_id), row.data) for row in rows]
