"""The server listens: to finished recordings, to growing ones, and to nobody's when it cannot."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from sqlalchemy import select

from media.transcript import Segment, Transcript
from server.ai.models import ResultRow
from server.ai.queueing import queue
from server.bus import Event
from server.config import SKIPPABLE, Settings
from server.processing.sandbox import ChildFailed
from server.processing.schemas import Job
from server.processing.steps import StepName
from server.wiring import Services
from tests.support.speech import MODEL, Said
from tests.support.spoken import found, spoken_recording
from tests.support.uploading import TUS, create, patch, record, send
from tests.unit.server.processing.conftest import until

SENTENCES = ("please open the settings and change your password", "then we click the red button")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[Said]]:
    path = tmp_path_factory.mktemp("spoken") / "spoken.mp4"
    said = spoken_recording(path, *SENTENCES)
    return path.read_bytes(), said


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """Workers run; `@pytest.mark.parametrize("settings", [{...}], indirect=True)` changes the rest."""
    values: dict[str, Any] = {"transcribe_model": str(MODEL), "transcribe_language": "en", "workers": 1}
    values["skip_steps"] = ",".join(SKIPPABLE)  # other tests' business
    more = getattr(request, "param", {})
    return Settings(data=tmp_path / "data", min_free_bytes=0, log_level="error", **{**values, **more})


@pytest.fixture
async def told(services: Services) -> list[Event]:
    heard: list[Event] = []

    async def hear(event: Event) -> None:
        if event.type.startswith("transcription."):
            heard.append(event)

    services.bus.subscribe(hear)
    return heard


async def complete(client: httpx.AsyncClient, url: str) -> dict[str, Any]:
    async def probe() -> bool:
        answer = await client.get(url)
        return answer.status_code == 200 and answer.json()["status"] == "completed"

    await until(probe)
    return dict((await client.get(url)).json())


async def steps(services: Services, recording_id: str) -> set[StepName]:
    return {job.step for job in await services.processing.jobs_of(recording_id)}


async def settled(services: Services, recording_id: str) -> bool:
    jobs = await services.processing.jobs_of(recording_id)
    return bool(jobs) and all(job.status.over for job in jobs)


async def test_a_finished_recording_is_heard_and_corrections_survive_a_second_hearing(
    ann: httpx.AsyncClient, services: Services, told: list[Event], film: tuple[bytes, list[Said]]
) -> None:
    data, said = film
    recording, answer = await send(ann, data)
    assert answer.status_code == 204
    url = f"/api/v1/recordings/{recording['id']}/transcript"
    transcript = await complete(ann, url)
    assert found(said, transcript) >= 0.6, transcript["text"]
    expected = {"source": "server", "model": MODEL.name, "language": "en", "revision": 1}
    assert expected.items() <= transcript.items()

    async def complete_is_told() -> bool:
        return "transcription.completed" in {event.type for event in told}

    await until(complete_is_told)
    kinds = [event.type for event in told if event.type != "transcription.progress"]
    assert kinds == ["transcription.started", "transcription.completed"]
    stream = (await ann.get(f"/api/v1/streams/{recording['id']}")).json()
    assert stream["transcription"]["status"] == "completed"
    assert [one["language"] for one in stream["captions"]] == ["en"]
    async with services.db.read() as session:
        (run,) = (await session.scalars(select(ResultRow))).all()
    assert (run.processing_type, run.status, run.model_version) == ("transcription", "completed", MODEL.name)
    assert run.processing_time_ms is not None
    assert run.confidence_score is not None

    number = transcript["segments"][0]["id"]
    assert (await ann.patch(f"{url}/segments/{number}", json={"text": "Corrected!"})).status_code == 200
    again = await ann.post(f"{url}/rerun", json={"language": "en"})
    assert again.status_code == 202, again.text

    async def heard_again() -> bool:
        return bool((await ann.get(url)).json()["revision"] == 3)

    await until(heard_again)
    kept = (await ann.get(url)).json()
    assert kept["segments"][0]["text"] == "Corrected!"
    texts = [[one["text"] for one in shown["segments"][1:]] for shown in (kept, transcript)]
    assert texts[0] == texts[1]
    history = (await ann.get(f"{url}/history")).json()["data"]
    assert [(one["action"], one["username"]) for one in history] == [
        ("rerun", None),
        ("edited", "ann"),
        ("created", None),
    ]


async def test_a_recorders_own_transcript_ends_the_listening(
    ann: httpx.AsyncClient, services: Services, told: list[Event], film: tuple[bytes, list[Said]]
) -> None:
    data, _ = film
    recording = await record(ann)
    location = (await create(ann, recording["id"], None)).headers["location"]
    half = len(data) // 2
    assert (await patch(ann, location, 0, data[:half])).status_code == 204

    async def listening() -> bool:
        return StepName.LIVE_TRANSCRIPT in await steps(services, recording["id"])

    await until(listening)
    url = f"/api/v1/recordings/{recording['id']}/transcript"
    sent = {"language": "en", "segments": [{"start": 0, "end": 1, "text": "Mine"}]}
    assert (await ann.put(url, json=sent)).status_code == 200
    rest = await patch(ann, location, half, data[half:], Upload_Length=str(len(data)))
    assert rest.status_code == 204
    await until(lambda: settled(services, recording["id"]))
    assert StepName.TRANSCRIPT not in await steps(services, recording["id"])
    shown = (await ann.get(url)).json()
    assert (shown["text"], shown["source"], shown["revision"]) == ("Mine", "desktop", 1)
    assert "transcription.failed" not in {event.type for event in told}


async def test_nothing_is_kept_of_an_upload_that_was_given_up(
    ann: httpx.AsyncClient, services: Services, told: list[Event], film: tuple[bytes, list[Said]]
) -> None:
    recording = await record(ann)
    location = (await create(ann, recording["id"], None)).headers["location"]
    assert (await patch(ann, location, 0, film[0][: len(film[0]) // 2])).status_code == 204

    async def listening() -> bool:
        return "transcription.started" in {event.type for event in told}

    await until(listening)
    part = Transcript("en", (Segment(0, 0.0, 1.0, "Half of it"),), "tiny", 1.0)
    await services.transcripts.settle(recording["id"], part)
    url = f"/api/v1/recordings/{recording['id']}/transcript"
    assert (await ann.get(url)).json()["status"] == "partial"
    assert (await ann.patch(f"{url}/segments/0", json={"text": "x"})).json()["code"] == "transcript_partial"
    assert (await ann.delete(location, headers=TUS)).status_code == 204

    async def forgotten() -> bool:
        jobs = await services.processing.jobs_of(recording["id"])
        live = [job for job in jobs if job.step is StepName.LIVE_TRANSCRIPT]
        return all(job.status.over for job in live) and (await ann.get(url)).status_code == 404

    await until(forgotten)


async def test_a_child_that_says_nonsense_is_not_believed(services: Services) -> None:
    job = cast("Job", SimpleNamespace(id="a", recording_id="b", user_id="c", settings={}))
    for message in ({"event": "segment"}, {"event": "settled", "transcript": 7}, {"event": "?"}):
        with pytest.raises(ChildFailed, match="could not be transcribed"):
            await services.transcription.told(job, message)


@pytest.mark.parametrize("settings", [{"transcribe_model": "tiny"}], indirect=True)
async def test_without_a_model_nothing_fails_and_the_owner_hears_what_to_do(
    ann: httpx.AsyncClient, client: httpx.AsyncClient, services: Services, film: tuple[bytes, list[Said]]
) -> None:
    recording, _ = await send(ann, film[0])
    await until(lambda: settled(services, recording["id"]))
    assert not {StepName.TRANSCRIPT, StepName.LIVE_TRANSCRIPT} & await steps(services, recording["id"])
    stream = (await ann.get(f"/api/v1/streams/{recording['id']}")).json()
    assert stream["transcription"]["status"] == "off"
    assert str(services.settings.models_root / "tiny") in stream["transcription"]["detail"]
    assert "heddle-server models download tiny" in stream["transcription"]["hint"]
    slug = recording["shareUrl"].rsplit("/", 1)[1]
    viewer = (await client.get(f"/api/v1/shares/{slug}")).json()
    assert viewer["transcription"] == {"status": "off", "detail": None, "hint": None}
    answer = await ann.post(f"/api/v1/recordings/{recording['id']}/transcript/rerun")
    assert (answer.status_code, answer.json()["code"]) == (409, "transcription_off")
    # The model comes: what was recorded before is done by the command.
    settings = services.settings.model_copy(update={"transcribe_model": str(MODEL)})
    assert await queue(settings, None) == 1
    assert StepName.TRANSCRIPT in await steps(services, recording["id"])


@pytest.mark.parametrize("settings", [{"workers": 0}], indirect=True)
async def test_who_asks_for_none_gets_none(
    ann: httpx.AsyncClient, services: Services, film: tuple[bytes, list[Said]]
) -> None:
    for wish in ("off", "desktop"):
        body = {"recordingType": "screen", "settings": {"transcription": wish}}
        recording = (await ann.post("/api/v1/recordings", json=body)).json()
        found = await services.recordings.find(recording["id"])
        assert found is not None
        assert not await services.transcription._wanted(found)
    answer = await ann.post(f"/api/v1/recordings/{recording['id']}/transcript/rerun")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
