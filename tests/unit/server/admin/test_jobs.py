"""Jobs of everybody: listed, explained, tried again, given up; and what was given up for good."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import select, update

from server.db import now
from server.identity.accounts.models import AuditRow
from server.mail.models import MailRow
from server.outbox import MAX_ATTEMPTS, OutboxRow, record
from server.processing import outcomes, repository
from server.processing.plan import when_uploaded
from server.processing.steps import Lane
from server.webhooks.models import DeliveryRow, SubscriptionRow
from server.wiring import Services
from tests.support.databases import both_databases

ADMIN = "/api/v1/admin"


async def with_job(client: httpx.AsyncClient, services: Services, *, failed: bool) -> tuple[str, str]:
    """A recording with a job; one that failed once and for all, where it `failed`. Both ids."""
    made = (await client.post("/api/v1/recordings", json={"recordingType": "screen"})).json()
    async with services.db.write() as session:
        (job,) = await outcomes.enqueue(
            session, made["id"], made["userId"], (when_uploaded(made["id"], "mp4"),)
        )
        if failed:
            claimed = await repository.claim(session, "somebody", Lane.SHORT, timedelta(minutes=1))
            assert claimed is not None
            row = await repository.held(session, claimed)
            assert row is not None
            repository.note(row, "crashed", "It broke.", "Segmentation fault")
            await outcomes.failed(session, row, "It broke.")
    return made["id"], job.id


async def acts(services: Services) -> list[str]:
    async with services.db.read() as session:
        return list(await session.scalars(select(AuditRow.act).order_by(AuditRow.id)))


async def listed(client: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get(f"{ADMIN}/jobs", params=query)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["data"]]


@both_databases
async def test_jobs_are_found_by_state_step_and_recording(
    owner: httpx.AsyncClient, ann: httpx.AsyncClient, services: Services
) -> None:
    recording, broken = await with_job(ann, services, failed=True)
    _, waiting = await with_job(ann, services, failed=False)
    assert await listed(owner) == [waiting, broken]
    assert await listed(owner, status="failed") == [broken]
    assert await listed(owner, recordingId=recording, step="probe") == [broken]
    assert await listed(owner, step="poster") == []
    page = (await owner.get(f"{ADMIN}/jobs", params={"size": 1, "page": 1})).json()
    assert [one["id"] for one in page["data"]] == [broken]
    assert page["pagination"] == {"page": 1, "size": 1, "totalPages": 2, "totalElements": 2}


async def test_a_failed_job_says_what_went_wrong_and_is_tried_again(
    owner: httpx.AsyncClient, ann: httpx.AsyncClient, services: Services
) -> None:
    _, broken = await with_job(ann, services, failed=True)
    told = (await owner.get(f"{ADMIN}/jobs/{broken}")).json()
    assert (told["status"], told["error"]) == ("failed", "It broke.")
    (failure,) = told["log"]
    assert (failure["kind"], failure["said"]) == ("crashed", "Segmentation fault")
    again = await owner.post(f"{ADMIN}/jobs/{broken}/retry")
    assert (again.status_code, again.json()["status"]) == (202, "queued")
    now_there = (await owner.get(f"{ADMIN}/jobs/{again.json()['id']}")).json()
    assert now_there["log"] == told["log"], "what went wrong before is still told"
    assert (await owner.post(f"{ADMIN}/jobs/{now_there['id']}/retry")).status_code == 409
    assert (await owner.post(f"{ADMIN}/jobs/{broken}/retry")).json()["code"] == "job_not_found"
    assert (await acts(services)).count("job.retried") == 1, "what was refused is not in the log"


async def test_a_job_is_given_up_once(
    owner: httpx.AsyncClient, ann: httpx.AsyncClient, services: Services
) -> None:
    _, waiting = await with_job(ann, services, failed=False)
    done = await owner.post(f"{ADMIN}/jobs/{waiting}/cancel")
    assert (done.status_code, done.json()["error"]) == (202, "Cancelled.")
    assert (await owner.post(f"{ADMIN}/jobs/{waiting}/cancel")).status_code == 409
    assert "job.cancelled" in await acts(services)
    dead = (await owner.get(f"{ADMIN}/dead-letters/jobs")).json()
    assert dead["data"] == [], "nobody has to look at what somebody gave up"


async def test_dead_jobs_are_tried_again_all_at_once(
    owner: httpx.AsyncClient, ann: httpx.AsyncClient, services: Services
) -> None:
    for _ in range(2):
        await with_job(ann, services, failed=True)
    dead = (await owner.get(f"{ADMIN}/dead-letters/jobs")).json()["data"]
    assert [(one["what"], one["error"], one["attempts"]) for one in dead] == [("probe", "It broke.", 1)] * 2
    done = await owner.post(f"{ADMIN}/dead-letters/jobs/retry")
    assert done.json() == {"retried": 2, "refused": 0, "left": 0}


async def test_a_delivery_that_was_given_up_is_sent_once_more(
    owner: httpx.AsyncClient, ann: httpx.AsyncClient, services: Services
) -> None:
    me = (await ann.get("/api/v1/me")).json()["id"]
    async with services.db.write() as session:
        hook = SubscriptionRow(user_id=me, url="https://x.example", events=["*"], secret="s", is_active=False)
        session.add(hook)
        await session.flush()
        about = {"subscription_id": hook.id, "event": "video.viewed", "payload": "{}", "status": "failed"}
        session.add_all([DeliveryRow(**about, event_id=7), DeliveryRow(**about, event_id=None)])
    (letter,) = (await owner.get(f"{ADMIN}/dead-letters/webhooks")).json()["data"]
    url = f"{ADMIN}/dead-letters/webhooks/{letter['id']}/retry"
    assert (await owner.post(url)).status_code == 202
    async with services.db.read() as session:
        row = (await session.scalars(select(DeliveryRow).where(DeliveryRow.event_id == 7))).one()
        assert row.manual
    assert "webhook.delivery_retried" in await acts(services)


async def test_an_event_that_was_set_aside_is_delivered_again(
    owner: httpx.AsyncClient, services: Services
) -> None:
    heard, told = set(), asyncio.Event()

    async def hear(event: Any) -> None:
        heard.add(event.data["n"])
        told.set()

    services.bus.subscribe(hear, ["test.event"])
    async with services.db.write() as session:
        record(session, "test.event", recording_id=None, user_id=None, data={"n": 1})
        await session.flush()
        values = {"delivered_at": now(), "attempt": MAX_ATTEMPTS, "error": "ValueError('x')"}
        await session.execute(update(OutboxRow).where(OutboxRow.type == "test.event").values(**values))
    (letter,) = (await owner.get(f"{ADMIN}/dead-letters/events")).json()["data"]
    assert (letter["what"], letter["error"]) == ("test.event", "ValueError('x')")
    url = f"{ADMIN}/dead-letters/events/{letter['id']}/retry"
    assert (await owner.post(url)).status_code == 202
    async with asyncio.timeout(20):
        await told.wait()
    assert heard == {1}
    (entry,) = (await owner.get("/api/v1/audit", params={"act": "event.retried"})).json()["data"]
    assert entry["details"] == {"event": "test.event"}
    assert (await owner.post(url)).json()["code"] == "letter_not_found"
    for nonsense in ("x", "9" * 40):
        assert (await owner.post(f"{ADMIN}/dead-letters/events/{nonsense}/retry")).status_code == 404


async def test_a_letter_of_mail_is_listed_and_says_why_it_cannot_be_sent_again(
    owner: httpx.AsyncClient, services: Services
) -> None:
    async with services.db.write() as session:
        about = {"recipient": "a@example.org", "subject": "Hello", "text": "", "html": "", "headers": {}}
        session.add(MailRow(**about, dead_at=now(), error="550 no such mailbox"))
    (letter,) = (await owner.get(f"{ADMIN}/dead-letters/mail")).json()["data"]
    assert (letter["what"], letter["about"]) == ("Hello", "a@example.org")
    refused = await owner.post(f"{ADMIN}/dead-letters/mail/{letter['id']}/retry")
    assert (refused.status_code, refused.json()["code"]) == (409, "letter_forgotten")
    done = (await owner.post(f"{ADMIN}/dead-letters/mail/retry")).json()
    assert done == {"retried": 0, "refused": 1, "left": 1}


async def test_nonsense_is_refused(owner: httpx.AsyncClient) -> None:
    for path in ("dead-letters/nonsense", "jobs?status=nonsense", "jobs?size=0"):
        assert (await owner.get(f"{ADMIN}/{path}")).status_code == 400
