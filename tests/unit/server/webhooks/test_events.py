"""The table of events has all 21 names of the specification, and says where each one comes from."""

import ast
from pathlib import Path

import pytest

import server
from server.bus import Event
from server.db import now
from server.webhooks.events import NAMES, PUBLISHED, Audience, published, timestamp, told

SPECIFIED = [
    "recording.started",
    "recording.paused",
    "recording.resumed",
    "recording.stopped",
    "recording.completed",
    "recording.failed",
    "processing.started",
    "processing.progress",
    "processing.completed",
    "processing.failed",
    "video.created",
    "video.updated",
    "video.deleted",
    "video.shared",
    "video.viewed",
    "transcription.started",
    "transcription.completed",
    "transcription.failed",
    "user.created",
    "user.updated",
    "user.deleted",
]
# Told by modules that may not be there yet: analytics counts views, accounts keeps people.
AWAITED = {"video.viewed", "user.created", "user.updated", "user.deleted"}


def _emitted() -> set[str]:
    """Every type that a module of the server writes to the outbox, as text in its source."""
    folder = Path(server.__file__).parent
    files = [file for file in folder.rglob("*.py") if "webhooks" not in file.relative_to(folder).parts]
    trees = (ast.parse(file.read_text("utf-8")) for file in files)
    nodes = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {node.value for node in nodes if isinstance(node.value, str) and len(node.value) < 64}


def happened(type_: str, **data: object) -> list[str]:
    return [one.name for one in published(Event(1, type_, "r", "u", data, now()))]


def test_the_names_are_those_of_the_specification() -> None:
    assert len(SPECIFIED) == 21
    assert sorted(NAMES) == sorted(SPECIFIED)


def test_every_name_comes_from_an_event_that_some_module_tells_of() -> None:
    emitted = _emitted()
    missing = {one.name for one in PUBLISHED if one.source not in emitted}
    assert missing <= AWAITED


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("started", "recording.started"),
        ("paused", "recording.paused"),
        ("resumed", "recording.resumed"),
        ("stopped", "recording.stopped"),
        ("completed", "recording.completed"),
        ("failed", "recording.failed"),
    ],
)
def test_a_status_update_is_named_by_what_changed(change: str, name: str) -> None:
    assert happened("recording.status_update", change=change, status="recording") == [name]


def test_what_has_no_name_outside_is_not_told() -> None:
    assert happened("recording.status_update", change="created") == []
    assert happened("recording.status_update") == []
    assert happened("identity.signed_out") == []
    assert happened("transcription.progress") == []


def test_a_video_is_shared_when_it_is_there_or_when_sharing_is_turned_on() -> None:
    assert happened("raw_video_uploaded", shared=True) == ["video.created", "video.shared"]
    assert happened("raw_video_uploaded", shared=False) == ["video.created"]
    on = {"shared": True, "uploaded": True, "changed": ["shared"]}
    assert happened("recording.updated", **on) == ["video.updated", "video.shared"]
    for less in ({"shared": False}, {"uploaded": False}, {"changed": ["title"]}):
        assert happened("recording.updated", **{**on, **less}) == ["video.updated"]


def test_people_are_the_administrators_business() -> None:
    for one in PUBLISHED:
        assert (one.audience is Audience.ADMINISTRATORS) == one.name.startswith("user.")


def test_where_files_lie_stays_inside() -> None:
    assert told({"path": "recordings/x", "outputs": {}, "sha256": "a"}) == {"sha256": "a"}


def test_moments_are_written_as_javascript_writes_them() -> None:
    assert timestamp(now().replace(microsecond=7_999))[-5:] == ".007Z"
