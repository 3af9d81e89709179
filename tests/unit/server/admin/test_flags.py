"""Feature flags: the narrowest word counts, and every flag does what it says."""

from typing import Any

import httpx
import pytest

from server.ai.analysis.analyst import Analyst
from server.flags import TABLE, FlagName, Flags
from server.processing.steps import StepName
from server.wiring import Services
from tests.support.databases import both_databases

FLAGS = "/api/v1/admin/flags"


async def say(owner: httpx.AsyncClient, name: str, **body: Any) -> httpx.Response:
    return await owner.put(f"{FLAGS}/{name}", json=body)


@both_databases
async def test_the_narrowest_word_counts(
    owner: httpx.AsyncClient, ann: httpx.AsyncClient, services: Services
) -> None:
    made = (await ann.post("/api/v1/recordings", json={"recordingType": "screen"})).json()
    who = {"user_id": made["userId"], "workspace_id": made["workspaceId"]}
    on = services.admin.flags.on
    assert not await on(FlagName.AV1, **who)
    for reach, subject, enabled in (
        ("server", None, True),
        ("workspace", made["workspaceId"], False),
        ("person", made["userId"], True),
    ):
        answer = await say(owner, "av1", reach=reach, subjectId=subject, enabled=enabled)
        assert answer.status_code == 204, answer.text
        assert await on(FlagName.AV1, **who) is enabled
        (entry, *_) = (await owner.get("/api/v1/audit", params={"act": "flag.changed"})).json()["data"]
        assert entry["details"] == {"flag": "av1", "before": None, "after": enabled}
    (listed,) = [one for one in (await owner.get(FLAGS)).json()["data"] if one["name"] == "av1"]
    assert [(one["reach"], one["subject"]) for one in listed["said"]] == [
        ("person", "ann"),
        ("server", None),
        ("workspace", "Personal"),
    ]
    assert (listed["default"], listed["enabled"]) == (False, True)
    for reach, subject in (("person", made["userId"]), ("workspace", made["workspaceId"])):
        await say(owner, "av1", reach=reach, subjectId=subject, enabled=None)
    assert await on(FlagName.AV1, **who)
    log = (await owner.get("/api/v1/admin/audit", params={"act": "flag"})).json()["data"]
    assert log[0]["details"] == {"flag": "av1", "before": False, "after": None}
    assert len(log) == 5


async def test_what_cannot_be_said_is_refused(owner: httpx.AsyncClient, ann: httpx.AsyncClient) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    for name, body, status in (
        ("registration", {"reach": "person", "subjectId": nobody, "enabled": False}, 400),
        ("av1", {"reach": "server", "subjectId": nobody, "enabled": True}, 400),
        ("av1", {"reach": "person", "enabled": True}, 400),
        ("av1", {"reach": "person", "subjectId": nobody, "enabled": True}, 404),
        ("av1", {"reach": "workspace", "subjectId": "x", "enabled": True}, 404),
        ("nonsense", {"enabled": True}, 400),
    ):
        assert (await say(owner, name, **body)).status_code == status, (name, body)
    assert (await say(ann, "av1", enabled=True)).status_code == 403


async def test_another_process_hears_of_a_change_or_looks_again(
    owner: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    hearing, looking = Flags(services.db), Flags(services.db)
    hearing.start(services.bus)
    for one in (hearing, looking):
        assert await one.on(FlagName.LANGUAGE_MODEL)
    await say(owner, "language_model", enabled=False)
    while await services.dispatcher.deliver():
        pass
    assert not await hearing.on(FlagName.LANGUAGE_MODEL)
    assert await looking.on(FlagName.LANGUAGE_MODEL), "it has looked just now"
    monkeypatch.setattr("server.flags.FRESH_S", -1.0)
    assert not await looking.on(FlagName.LANGUAGE_MODEL)


async def test_registration_can_be_stopped_at_once(
    owner: httpx.AsyncClient, client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.people.registration, "_mode", "open")
    body = {"email": "new@example.org", "password": "password"}
    assert (await client.post("/auth/register", json=body)).json()["code"] == "weak_password"
    await say(owner, "registration", enabled=False)
    refused = await client.post("/auth/register", json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "registration_closed")


async def test_av1_is_planned_for_whom_it_is_on(
    owner: httpx.AsyncClient, ann: httpx.AsyncClient, services: Services
) -> None:
    from server.processing import outcomes
    from server.processing.plan import when_uploaded

    made = (await ann.post("/api/v1/recordings", json={"recordingType": "screen"})).json()
    async with services.db.write() as session:
        (job,) = await outcomes.enqueue(
            session, made["id"], made["userId"], (when_uploaded(made["id"], "mp4"),)
        )
    assert StepName.AV1 in await services.processing._without(job)
    await say(owner, "av1", reach="workspace", subjectId=made["workspaceId"], enabled=True)
    assert StepName.AV1 not in await services.processing._without(job)


async def test_nothing_is_sent_to_a_language_model_where_that_is_off() -> None:
    from tests.unit.server.ai.analysis.llm.conftest import material

    class Model:
        name = "a model"

        async def analyse(self, _material: object) -> Any:
            raise AssertionError("it was asked")

    async def no(_recording_id: str) -> bool:
        return False

    found = await Analyst(Model(), may_send=no).analyse(material())
    assert found.source == "builtin"
    assert not found.findings.notes or "language model" not in found.findings.notes[0]


def test_every_flag_says_what_it_does() -> None:
    assert set(TABLE) == set(FlagName)
    assert all(len(flag.description) > 40 for flag in TABLE.values())
