"""A failed step is tried again over HTTP, by the owner alone."""

import httpx

from server.processing import outcomes, repository
from server.processing.plan import when_uploaded
from server.processing.states import JobStatus
from server.processing.steps import Lane, StepName
from server.wiring import Services
from tests.unit.server.processing.test_queue import LEASE


async def failed_probe(services: Services, recording_id: str, user_id: str) -> None:
    async with services.db.write() as session:
        await outcomes.enqueue(session, recording_id, user_id, (when_uploaded(recording_id, "mp4"),))
        job = await repository.claim(session, "me", Lane.SHORT, LEASE)
        assert job is not None
        row = await repository.held(session, job)
        assert row is not None
        await outcomes.failed(session, row, "It broke.")


async def test_a_failed_step_is_tried_again_by_the_owner_alone(
    services: Services, ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    made = (await ann.post("/api/v1/recordings", json={"recordingType": "screen"})).json()
    recording = await services.recordings.find(made["id"])
    assert recording is not None
    url = f"/api/v1/recordings/{made['id']}/steps"
    assert (await ann.post(f"{url}/probe/retry")).status_code == 404
    assert (await ann.post(f"{url}/nonsense/retry")).status_code == 404
    await failed_probe(services, made["id"], recording.user_id)
    assert (await bob.post(f"{url}/probe/retry")).status_code == 404
    answer = await ann.post(f"{url}/probe/retry")
    assert (answer.status_code, answer.json()["status"]) == (202, "queued")
    assert (await ann.post(f"{url}/probe/retry")).status_code == 409
    (job,) = await services.processing.jobs_of(made["id"])
    assert (job.step, job.status, job.attempt) == (StepName.PROBE, JobStatus.QUEUED, 0)
