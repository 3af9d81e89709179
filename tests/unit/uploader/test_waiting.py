"""What an upload waits for, and then goes on by itself: sign-in, server, line, room in the plan."""

import json
from pathlib import Path

import pytest

from tests.support.double import Double
from tests.support.working import digest, ended, until, working
from uploader import worker as worker_module
from uploader.allowance import Allowed
from uploader.errors import PlanFullError
from uploader.journal import Journal
from uploader.retry import Backoff
from uploader.states import UploadState

S = UploadState


async def test_without_a_sign_in_it_waits_and_goes_on_after_it(
    server: Double, journal: Journal, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEDDLE_TOKEN", "expired")
    upload_id = journal.add(video, title="T", server=server.url, growing=False)
    async with working(journal, Backoff(base_s=60, cap_s=60, random=lambda: 1.0)):
        row = await until(journal, upload_id, lambda row: row.error is not None)
        assert row.state is S.WAITING
        assert (row.error or {})["title"] == "You are not signed in to the server"
        assert "expired" not in json.dumps(row.error)
        monkeypatch.setenv("HEDDLE_TOKEN", server.token)
        journal.retry_now(server.url)
        row = await ended(journal, upload_id)
    assert row.state is S.DONE


async def test_a_held_upload_stands_still_until_it_is_released(
    server: Double, journal: Journal, video: Path
) -> None:
    upload_id = journal.add(video, title="T", server=server.url, growing=False, limit_bps=200_000)
    async with working(journal):
        await until(journal, upload_id, lambda row: row.state is S.SENDING)
        journal.hold(upload_id)
        await until(journal, upload_id, lambda row: row.state is S.PAUSED)
        journal.release(upload_id)
        row = await ended(journal, upload_id)
    assert row.state is S.DONE
    assert row.server_sha256 == digest(video)


async def test_a_server_that_is_away_is_waited_for(
    journal: Journal, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Double() as before:
        port = before.port
    upload_id = journal.add(video, title="T", server=f"http://127.0.0.1:{port}", growing=False)
    async with working(journal):
        row = await until(journal, upload_id, lambda row: row.attempt > 3)
        assert (row.state, (row.error or {})["title"]) == (S.WAITING, "The server cannot be reached")


async def test_nothing_is_sent_while_the_connection_is_metered_and_all_of_it_after(
    server: Double, journal: Journal, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "ALLOWED_S", 0.01)
    now = [Allowed(rate=200_000.0)]
    upload_id = journal.add(video, title="Metered", server=server.url, growing=False)
    async with working(journal, allowed=lambda: now[0]):
        await until(journal, upload_id, lambda row: row.sent_bytes > 0 or row.offset > 0)
        now[0] = Allowed(wait=True)
        waiting = await until(journal, upload_id, lambda row: row.error is not None)
        assert waiting.error is not None
        assert "metered" in waiting.error["title"]
        assert not waiting.ended
        now[0] = Allowed()
        done = await ended(journal, upload_id)
    assert done.state is S.DONE
    assert done.error is None


@pytest.mark.parametrize("refused", ["/api/v1/recordings", "/api/v1/uploads"])
async def test_what_the_plan_has_no_room_for_waits_and_goes_when_there_is(
    server: Double, journal: Journal, video: Path, refused: str
) -> None:
    server.fail("POST", refused, 402, code="quota_exceeded", sentence="300 minutes are used. Wait.")
    upload_id = journal.add(video, title="T", server=server.url, growing=True)
    async with working(journal):
        row = await until(journal, upload_id, lambda row: row.error is not None)
        assert (row.state, row.attempt) == (S.WAITING, 1)
        assert row.error == {
            "title": PlanFullError.title,
            "detail": "300 minutes are used. Wait.",
            "hint": PlanFullError.hint,
            "code": "plan_full",
        }
        # Somebody is still recording it, and stops in peace.
        with video.open("ab") as file:
            file.write(b"more")
        journal.finish(upload_id)
        asked = server.requests.count(("POST", "/api/v1/recordings"))
        journal.retry_now(server.url)
        row = await ended(journal, upload_id)
    assert (row.state, row.error, row.offset) == (S.DONE, None, 300_004)
    assert row.server_sha256 == digest(video)
    assert len(server.recordings) == 1
    assert asked == 1, "it is not asked again and again"


async def test_what_no_plan_mends_is_a_failure(server: Double, journal: Journal, video: Path) -> None:
    server.fail("POST", "/api/v1/recordings", 402, code="feature_not_included")
    upload_id = journal.add(video, title="T", server=server.url, growing=False)
    async with working(journal):
        row = await ended(journal, upload_id)
    assert row.state is S.FAILED
