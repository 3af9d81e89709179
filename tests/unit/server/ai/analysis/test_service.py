"""Analyses on a real server: made when there is a transcript, kept while made anew, shown to viewers."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from server.ai.analysis import seen, service
from server.ai.analysis.analyst import Analyst, Material, snapped
from server.ai.analysis.findings import Chapter
from server.ai.analysis.models import AnalysisRow
from server.ai.analysis.schemas import ChapterOut
from server.ai.analysis.seen import Seen
from server.ai.analysis.track import merged
from server.ai.schemas import Source
from server.app import create_app
from server.bus import Event
from server.config import Settings
from server.db import now
from server.recordings.schemas import Marker, RecordingType, StartRecordingRequest
from server.wiring import Services
from tests.support.talks import DEPLOYMENT, said
from tests.unit.server.ai.analysis.conftest import analysed, send_talk, until
from tests.unit.server.processing.conftest import _somebody


async def row_of(services: Services) -> AnalysisRow:
    async with services.db.read() as session:
        return (await session.scalars(select(AnalysisRow))).one()


async def test_a_transcript_is_analysed_when_it_comes(
    analysis: dict[str, Any], recording: dict[str, Any]
) -> None:
    assert analysis["recordingId"] == recording["id"]
    assert (analysis["status"], analysis["source"], analysis["model"]) == (
        "completed",
        "builtin",
        "extractive-1",
    )
    assert (analysis["language"], analysis["transcriptRevision"]) == ("en", 1)
    assert analysis["title"] == "How to deploy the billing service to our cluster"
    assert " ".join(one["text"] for one in analysis["sentences"]) == analysis["summary"]
    assert all(one["segmentIds"] and one["start"] < one["end"] for one in analysis["sentences"])
    assert analysis["topics"][0]["text"] == "billing service"
    assert {"type", "text", "count", "mentions"} <= analysis["entities"][0].keys()
    assert [one["assignee"] for one in analysis["actionItems"]][1:4] == ["I", "Tom", "Maria"]
    assert len(analysis["chapters"]) >= 3
    assert -1 <= analysis["sentimentScore"] <= 1


def moments(found: Any) -> list[float]:
    """Every time that an analysis names, wherever it stands."""
    if isinstance(found, dict):
        own = [float(found[name]) for name in ("start", "end") if name in found]
        return own + [one for value in found.values() for one in moments(value)]
    return [one for value in found for one in moments(value)] if isinstance(found, list) else []


async def test_nothing_points_past_the_end_of_the_video(
    services: Services, ann: httpx.AsyncClient, url: str, recording: dict[str, Any]
) -> None:
    end = said(DEPLOYMENT).segments[-1].end - 5.0
    await services.recordings.measured(recording["id"], end)
    await send_talk(ann, url)
    found = await analysed(ann, url)
    assert min(map(len, (found["chapters"], found["sentences"], found["entities"], found["actionItems"]))) > 0
    assert max(moments(found)) <= round(end, 3)
    assert found["chapters"][-1]["end"] == round(end, 3)


async def test_chapters_that_were_found_before_the_length_was_known_end_with_it() -> None:
    material = Material("id", said("Hello."), 30.0, Seen())
    chapters = [Chapter("a", 0.0, 20.0), Chapter("b", 20.0, 40.0), Chapter("c", 40.0, 60.0)]
    kept = (await Analyst().look_again(material, chapters)).findings.chapters
    assert [(one.start, one.end) for one in kept] == [(0.0, 20.0), (20.0, 30.0)]


async def test_it_is_told_when_it_is_done(
    services: Services, ann: httpx.AsyncClient, url: str, recording: dict[str, Any]
) -> None:
    heard: list[Event] = []

    async def hear(event: Event) -> None:
        heard.append(event)

    services.bus.subscribe(hear, ["analysis.completed"])
    await send_talk(ann, url)

    async def told() -> list[Event]:
        return heard

    [event] = await until(told)
    assert event.recording_id == recording["id"]
    assert event.data["source"] == "builtin"
    assert event.data["actionItems"] == 5
    assert event.data["revision"] == 1


async def test_without_a_transcript_there_is_none_to_see_and_none_to_make(
    ann: httpx.AsyncClient, url: str
) -> None:
    answer = await ann.get(f"{url}/analysis")
    assert (answer.status_code, answer.json()["code"]) == (404, "analysis_not_found")
    assert (await ann.get(f"{url}/chapters.vtt")).status_code == 404
    answer = await ann.post(f"{url}/analysis/rerun")
    assert (answer.status_code, answer.json()["code"]) == (404, "transcript_not_found")


async def test_nobody_else_sees_or_changes_it(
    bob: httpx.AsyncClient, client: httpx.AsyncClient, url: str, analysis: dict[str, Any]
) -> None:
    for method, path in (("GET", "analysis"), ("POST", "analysis/rerun"), ("GET", "chapters.vtt")):
        assert (await bob.request(method, f"{url}/{path}")).json()["code"] == "recording_not_found"
        assert (await client.request(method, f"{url}/{path}")).status_code == 401


async def test_viewers_see_it_without_what_is_for_the_owner_alone(
    ann: httpx.AsyncClient, client: httpx.AsyncClient, url: str, shared: str
) -> None:
    await send_talk(ann, url, DEPLOYMENT + "\n\nSo, um, this is the end of the the video.")
    mine = await analysed(ann, url)
    assert {one["kind"] for one in mine["suggestions"]} >= {"filler", "repetition", "silence"}
    seen_by_all = (await client.get(f"{shared}/analysis")).json()
    assert seen_by_all == {**mine, "suggestions": [], "notes": [], "error": None}
    await ann.put(url, json={"shared": False})
    for path in ("analysis", "chapters.vtt"):
        assert (await client.get(f"{shared}/{path}")).json()["code"] == "share_not_found"


async def test_chapters_are_a_track(
    ann: httpx.AsyncClient, client: httpx.AsyncClient, url: str, shared: str, analysis: dict[str, Any]
) -> None:
    for asker, path in ((ann, url), (client, shared)):
        answer = await asker.get(f"{path}/chapters.vtt")
        assert answer.headers["content-type"] == "text/vtt; charset=utf-8"
        blocks = answer.text.strip().split("\n\n")
        assert blocks[0] == "WEBVTT"
        assert len(blocks) == 1 + len(analysis["chapters"])
        assert blocks[1].startswith("1\n00:00:00.000 --> ")
        again = await asker.get(f"{path}/chapters.vtt", headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304


async def test_a_correction_is_looked_at_later_and_what_was_found_stays(
    services: Services,
    ann: httpx.AsyncClient,
    url: str,
    analysis: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await ann.patch(f"{url}/transcript/segments/0", json={"text": "Today we talk about the new printer."})

    async def queued() -> dict[str, Any] | None:
        shown: dict[str, Any] = (await ann.get(f"{url}/analysis")).json()
        return shown if shown["status"] == "queued" else None

    shown = await until(queued)
    assert shown["title"] == analysis["title"]
    row = await row_of(services)
    assert row.not_before is not None
    assert timedelta(0) < row.not_before - now() <= service.AFTER_EDIT
    async with services.db.write() as session:
        (await session.get_one(AnalysisRow, row.id)).not_before = now()
    services.analyses._wake.set()
    after = await analysed(ann, url)
    assert after["title"] != analysis["title"]
    assert after["transcriptRevision"] == 2


async def test_a_rerun_right_after_the_last_one_waits(
    services: Services, ann: httpx.AsyncClient, url: str, analysis: dict[str, Any]
) -> None:
    for _ in range(3):
        answer = await ann.post(f"{url}/analysis/rerun")
        assert (answer.status_code, answer.json()["status"]) == (202, "queued")
    row = await row_of(services)
    assert row.not_before is not None
    assert row.not_before > now()


async def test_scenes_place_chapters_and_silences_become_suggestions(
    services: Services, ann: httpx.AsyncClient, url: str, recording: dict[str, Any], analysis: dict[str, Any]
) -> None:
    second = analysis["chapters"][1]["start"]
    look = {
        "duration": 130.0,
        "scenes": [{"time": second - 1.0, "score": 9.0}],
        "silences": [{"start": second - 2.6, "end": second - 0.1}],
        "complete": True,
    }
    path = services.blobs.local_path(f"recordings/{recording['id']}/scenes.json")
    await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
    await asyncio.to_thread(path.write_text, json.dumps(look))
    data = {"status": "completed", "step": "scenes"}
    event = Event(0, "processing.progress", recording["id"], None, data, now())
    await services.bus.publish(event)

    async def moved() -> list[dict[str, Any]] | None:
        shown = await analysed(ann, url)
        return shown["suggestions"] if shown["chapters"][1]["start"] == round(second - 1.0, 3) else None

    suggestions = await until(moved)
    assert [one["reason"] for one in suggestions if one["kind"] == "silence"] == ["2.5 s of silence"]


async def test_what_is_wanted_is_made_by_the_next_life(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle = settings.model_copy(update={"workers": 0})
    app = create_app(idle)
    async with app.router.lifespan_context(app):
        services: Services = app.state.services
        user_id = await _somebody(services)
        request = StartRecordingRequest(recording_type=RecordingType.SCREEN)
        recording = await services.recordings.create(user_id, request)
        await services.transcripts.put(
            recording, said(DEPLOYMENT), Source.DESKTOP, user_id=user_id, expected=lambda _: None
        )

        async def noted() -> bool:
            async with services.db.read() as session:
                return await session.scalar(select(AnalysisRow)) is not None

        await until(noted)
        assert (await row_of(services)).status == "queued"
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        services = app.state.services

        async def made() -> bool:
            return (await row_of(services)).status == "completed"

        await until(made)
        assert (await row_of(services)).title


async def test_an_analysis_that_breaks_is_tried_again_and_then_said(
    services: Services, ann: httpx.AsyncClient, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[None] = []

    async def broken(self: Analyst, material: object) -> None:
        tries.append(None)
        raise RuntimeError("a secret of the machine")

    monkeypatch.setattr(service, "_BACKOFF", timedelta(0))
    with monkeypatch.context() as patched:
        patched.setattr(Analyst, "analyse", broken)
        await send_talk(ann, url)
        shown = await analysed(ann, url)
    assert len(tries) == 3
    assert (shown["status"], shown["source"]) == ("failed", None)
    assert "secret" not in shown["error"]
    await ann.post(f"{url}/analysis/rerun")
    async with services.db.write() as session:
        (await session.scalars(select(AnalysisRow))).one().not_before = None
    services.analyses._wake.set()
    assert (await analysed(ann, url))["source"] == "builtin"


async def test_a_recording_that_goes_takes_its_analysis_with_it(
    services: Services, ann: httpx.AsyncClient, url: str, analysis: dict[str, Any]
) -> None:
    assert (await ann.delete(url, params={"permanent": True})).status_code == 204
    async with services.db.read() as session:
        assert (await session.scalars(select(AnalysisRow))).all() == []
    assert await services.analyses.make_next() is False


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", '{"scenes": 3, "silences": null}', '{"scenes": [{"time": NaN}], "silences": null}'),
        *('{"scenes": [{"time": "x"}], "silences": []}', "[" * 100_000),
    ],
)
def test_scenes_that_make_no_sense_are_as_none(text: str) -> None:
    assert seen.parse(text.encode(), 10.0) == Seen()


def test_scenes_lie_inside_the_video() -> None:
    look = {
        "scenes": [{"time": 99}, {"time": -3}, {"time": 4}],
        "silences": [{"start": 8, "end": 99}, {"start": 5, "end": 2}],
    }
    found = seen.parse(json.dumps(look).encode(), 10.0)
    assert found.scenes == (0.0, 4.0, 10.0)
    assert [(one.start, one.end) for one in found.silences or ()] == [(8.0, 10.0)]


def test_markers_win_over_chapters_that_were_found_near_them() -> None:
    found = [
        ChapterOut(title=title, start=start, end=start + 30)
        for title, start in (("a", 0), ("b", 30), ("c", 60))
    ]
    marks = [Marker(36.0, "mine"), Marker(50.0, "too"), Marker(95.0, "late")]
    shown = merged(found, marks, 90.0, "Talk")
    assert [(one.title, one.start, one.end) for one in shown] == [
        ("a", 0, 36),
        ("mine", 36, 50),
        ("too", 50, 90),
    ]
    assert merged(found, [], 90.0, "Talk") == found
    alone = merged([], [Marker(0.5, "first"), Marker(20.0, "last")], None, "Talk")
    assert [(one.title, one.start) for one in alone] == [("first", 0.5), ("last", 20.0)]
    assert alone[-1].end > 20


def test_chapters_move_to_changes_of_the_picture_that_are_near() -> None:
    chapters = [Chapter("a", 0.0, 20.0), Chapter("b", 20.0, 40.0), Chapter("c", 40.0, 60.0)]
    moved = snapped(chapters, [0.5, 18.5, 21.0, 45.0])
    assert [(one.start, one.end) for one in moved] == [(0.0, 21.0), (21.0, 40.0), (40.0, 60.0)]
    assert snapped([], [1.0]) == ()
