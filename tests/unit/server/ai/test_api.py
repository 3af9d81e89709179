"""Transcripts over HTTP: sent, read, corrected with history, and shown to viewers."""

from itertools import product
from typing import Any

import httpx
import pytest

from server.ai.events import TranscriptionEventType
from server.bus import Event
from server.wiring import Services

SPOKEN: dict[str, Any] = {
    "language": "en",
    "model": "small",
    "duration": 9.5,
    "segments": [
        {
            "start": 1.0,
            "end": 2.0,
            "text": "Open the seedings",
            "confidence": 0.5,
            "words": [
                {"start": 1.0, "end": 1.3, "text": "Open", "confidence": 0.9},
                {"start": 1.3, "end": 1.5, "text": "the", "confidence": 0.9},
                {"start": 1.5, "end": 2.0, "text": "seedings", "confidence": 0.2},
            ],
        },
        {"start": 4.0, "end": 5.5, "text": "and <close> them."},
    ],
}


@pytest.fixture
async def recording(ann: httpx.AsyncClient) -> dict[str, Any]:
    made = await ann.post("/api/v1/recordings", json={"recordingType": "screen", "title": "Talk é"})
    return dict(made.json())


@pytest.fixture
def url(recording: dict[str, Any]) -> str:
    return f"/api/v1/recordings/{recording['id']}/transcript"


@pytest.fixture
async def sent(ann: httpx.AsyncClient, url: str) -> httpx.Response:
    answer = await ann.put(url, json=SPOKEN)
    assert answer.status_code == 200, answer.text
    return answer


def share(recording: dict[str, Any]) -> str:
    return "/api/v1/shares/" + str(recording["shareUrl"]).rsplit("/", 1)[1]


async def test_what_a_recorder_sends_is_used_as_it_is(ann: httpx.AsyncClient, url: str, sent: Any) -> None:
    shown = (await ann.get(url)).json()
    assert shown["text"] == "Open the seedings and <close> them."
    assert shown["wordCount"] == 6
    expected = {
        "language": "en",
        "status": "completed",
        "source": "desktop",
        "revision": 1,
        "model": "small",
        "duration": 9.5,
        "edited": False,
    }
    assert expected.items() <= shown.items()
    assert [segment["id"] for segment in shown["segments"]] == [0, 1]
    assert shown["segments"][0]["words"] == SPOKEN["segments"][0]["words"]
    light = (await ann.get(url, params={"words": "false"})).json()
    assert light["segments"][0]["words"] == []


async def test_before_there_is_one_the_answer_says_so(ann: httpx.AsyncClient, url: str) -> None:
    for path in (url, f"{url}/history", url.replace("transcript", "captions.vtt")):
        answer = await ann.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "transcript_not_found")


async def test_nobody_else_reads_or_changes_it(bob: httpx.AsyncClient, url: str, sent: Any) -> None:
    for method, path, body in (
        ("GET", url, None),
        ("PUT", url, SPOKEN),
        ("GET", f"{url}/history", None),
        ("POST", f"{url}/restore", {"revision": 1}),
        ("PATCH", f"{url}/segments/0", {"text": "x"}),
        ("GET", url.replace("transcript", "captions.txt"), None),
    ):
        answer = await bob.request(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "recording_not_found"), path


FORMATS = [
    ("vtt", "text/vtt; charset=utf-8", "00:00:04.000 --> "),
    ("srt", "application/x-subrip; charset=utf-8", "00:00:04,000 --> "),
    ("txt", "text/plain; charset=utf-8", "and <close> them."),
    ("json", "application/json", '"text":"and <close> them."'),
]


async def test_captions_come_in_each_format_for_owner_and_viewer(
    ann: httpx.AsyncClient, client: httpx.AsyncClient, recording: dict[str, Any], sent: Any
) -> None:
    paths = ((ann, f"/api/v1/recordings/{recording['id']}"), (client, share(recording)))
    for (asker, path), (form, media_type, part) in product(paths, FORMATS):
        answer = await asker.get(f"{path}/captions.{form}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == media_type
        assert "Talk%20%C3%A9." + form in answer.headers["content-disposition"]
        assert part in answer.text
        again = await asker.get(f"{path}/captions.{form}", headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert (await ann.get(f"{paths[0][1]}/captions.ass")).status_code == 400


async def test_a_correction_keeps_times_and_what_was_heard(
    ann: httpx.AsyncClient, client: httpx.AsyncClient, recording: dict[str, Any], url: str, sent: Any
) -> None:
    headers = {"If-Match": sent.headers["etag"]}
    answer = await ann.patch(f"{url}/segments/0", json={"text": " Open the\nsettings "}, headers=headers)
    assert answer.status_code == 200
    segment = answer.json()["segments"][0]
    assert (segment["text"], segment["original"]) == ("Open the settings", "Open the seedings")
    assert [(word["text"], word["start"]) for word in segment["words"]] == [
        ("Open", 1.0),
        ("the", 1.3),
        ("settings", 1.5),
    ]
    assert answer.json()["edited"]
    assert answer.headers["etag"] != sent.headers["etag"]
    viewer = (await client.get(f"{share(recording)}/transcript")).json()
    assert viewer["segments"][0]["text"] == "Open the settings"
    assert viewer["segments"][0]["original"] is None


async def test_a_change_on_top_of_something_unseen_is_refused(
    ann: httpx.AsyncClient, url: str, sent: Any
) -> None:
    old = {"If-Match": sent.headers["etag"]}
    assert (await ann.patch(f"{url}/segments/1", json={"text": "mine"}, headers=old)).status_code == 200
    for answer in (
        await ann.patch(f"{url}/segments/1", json={"text": "yours"}, headers=old),
        await ann.put(url, json=SPOKEN, headers=old),
        await ann.put(url, json=SPOKEN, headers={"If-None-Match": "*"}),
        await ann.post(f"{url}/restore", json={"revision": 1}, headers=old),
    ):
        assert (answer.status_code, answer.json()["code"]) == (412, "transcript_changed")
        assert answer.headers["etag"] == '"2-2"'
    assert (await ann.get(url)).json()["segments"][1]["text"] == "mine"


async def test_history_says_who_changed_what_and_brings_any_of_it_back(
    ann: httpx.AsyncClient, url: str, sent: Any
) -> None:
    await ann.patch(f"{url}/segments/1", json={"text": "first"})
    await ann.patch(f"{url}/segments/0", json={"text": ""})
    await ann.put(url, json={"source": "edited", "segments": [{"start": 0, "end": 1, "text": "anew"}]})
    await ann.patch(f"{url}/segments/0", json={"text": "anew!"})
    page = (await ann.get(f"{url}/history")).json()
    assert page["totalElements"] == 5
    assert [(one["revision"], one["action"], one["username"]) for one in page["data"]] == [
        (5, "edited", "ann"),
        (4, "replaced", "ann"),
        (3, "edited", "ann"),
        (2, "edited", "ann"),
        (1, "created", "ann"),
    ]
    assert (page["data"][3]["before"], page["data"][3]["after"]) == ("and <close> them.", "first")
    back = (await ann.post(f"{url}/restore", json={"revision": 2})).json()
    assert back["text"] == "Open the seedings first"
    assert (back["revision"], back["source"], back["duration"]) == (6, "desktop", 9.5)
    assert back["segments"][1]["original"] == "and <close> them."
    first = (await ann.post(f"{url}/restore", json={"revision": 1})).json()
    assert first["text"] == sent.json()["text"]
    assert not first["edited"]
    answer = await ann.post(f"{url}/restore", json={"revision": 99})
    assert (answer.status_code, answer.json()["code"]) == (404, "revision_not_found")


async def test_a_segment_that_is_not_there_is_not_found(ann: httpx.AsyncClient, url: str, sent: Any) -> None:
    for number in ("7", "x", "-1", "9" * 30):
        answer = await ann.patch(f"{url}/segments/{number}", json={"text": "x"})
        assert (answer.status_code, answer.json()["code"]) == (404, "segment_not_found")


async def test_a_file_of_captions_becomes_the_transcript(ann: httpx.AsyncClient, url: str) -> None:
    vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Hello &amp; welcome\n"
    answer = await ann.put(
        url, content=vtt.encode(), params={"language": "en-GB"}, headers={"Content-Type": "text/vtt"}
    )
    assert answer.status_code == 200, answer.text
    assert (answer.json()["text"], answer.json()["source"]) == ("Hello & welcome", "edited")
    assert answer.json()["language"] == "en-GB"


NOT_TRANSCRIPTS = {
    "no json": (b"{", "application/json", 400),
    "a list": (b"[]", "application/json", 400),
    "no segments": (b"{}", "application/json", 400),
    "no times": (b'{"segments": [{"text": "x"}]}', "application/json", 400),
    "backwards": (b'{"segments": [{"start": 2, "end": 1, "text": "x"}]}', "application/json", 400),
    "never": (b'{"segments": [{"start": 0, "end": 1e999, "text": "x"}]}', "application/json", 400),
    "source": (b'{"segments": [], "source": "server"}', "application/json", 400),
    "captions": (b"WEBVTT\n\nnothing", "text/vtt", 400),
    "bytes": (b"\xff\xfe\x00", "text/vtt", 400),
    "type": (b"x", "application/pdf", 415),
}


async def test_what_is_no_transcript_is_refused_and_leaves_nothing(ann: httpx.AsyncClient, url: str) -> None:
    for case, (body, kind, status) in NOT_TRANSCRIPTS.items():
        answer = await ann.put(url, content=body, headers={"Content-Type": kind})
        assert answer.status_code == status, (case, answer.text)
    assert (await ann.get(url)).status_code == 404


async def test_a_long_transcript_fits_and_an_endless_one_does_not(ann: httpx.AsyncClient, url: str) -> None:
    segments = [{"start": n, "end": n + 1, "text": "word " * 100} for n in range(3000)]
    assert (await ann.put(url, json={"segments": segments})).status_code == 200
    answer = await ann.put(url, content=b"x" * (17 << 20), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


async def test_the_news_goes_to_the_owner(
    ann: httpx.AsyncClient, services: Services, url: str, sent: Any
) -> None:
    heard: list[Event] = []

    async def hear(event: Event) -> None:
        heard.append(event)

    services.bus.subscribe(hear, list(TranscriptionEventType))
    await ann.patch(f"{url}/segments/0", json={"text": "Open the settings"})
    while await services.dispatcher.deliver():
        pass
    updated = [event for event in heard if event.type == TranscriptionEventType.UPDATED]
    assert updated[0].data["revision"] == 2
    assert updated[0].user_id == (await ann.get("/api/v1/me")).json()["id"]


async def test_it_goes_with_its_recording_and_with_its_sharing(
    ann: httpx.AsyncClient, client: httpx.AsyncClient, recording: dict[str, Any], url: str, sent: Any
) -> None:
    path = f"/api/v1/recordings/{recording['id']}"
    await ann.put(path, json={"shared": False})
    for part in ("transcript", "captions.vtt"):
        answer = await client.get(f"{share(recording)}/{part}")
        assert (answer.status_code, answer.json()["code"]) == (404, "share_not_found")
    assert (await ann.delete(path)).status_code == 204
    assert (await ann.get(url)).json()["code"] == "recording_not_found"
