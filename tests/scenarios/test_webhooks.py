"""kill -9 of the server while it delivers: nothing that was committed is lost, and order stays."""

import threading
from collections import defaultdict
from pathlib import Path

import pytest

from tests.support.processes import wait_until
from tests.support.receiver import Heard, Receiver, Reply
from tests.support.servers import Server

pytestmark = pytest.mark.scenario
ENV = {"HEDDLE_WEBHOOK_ALLOW": "127.0.0.1", "HEDDLE_TRANSCRIBE": "off", "HEDDLE_RATE_LIMITS": "off"}
ACTIONS = ("pause", "resume", "stop")
LIFE = [f"recording.{word}" for word in ("started", "paused", "resumed", "stopped")]


def test_a_server_killed_in_the_middle_of_deliveries_loses_none(tmp_path: Path) -> None:
    hold, first = threading.Event(), threading.Event()

    def answer(_heard: Heard) -> Reply:
        """Takes what comes and does not say so until the server has been killed."""
        first.set()
        hold.wait(60)
        return Reply()

    with Receiver() as receiver, Server(tmp_path / "data", env=ENV) as server:
        receiver.answer = answer
        body = {"url": receiver.url, "events": LIFE}
        webhook = server.api.post("/api/v1/webhooks", json=body).json()
        try:
            ids = [_live(server) for _ in range(6)]
            assert first.wait(30), "nothing was delivered"
            server.kill()
            unacknowledged = len(receiver.heard)
            assert unacknowledged >= 1
        finally:
            hold.set()
        server.restart()
        # The second death comes while the rest goes out.
        wait_until(lambda: len(receiver.heard) > unacknowledged + 4, timeout_s=60, what="deliveries go on")
        server.kill()
        server.restart()
        path = f"/api/v1/webhooks/{webhook['id']}/deliveries?size=100"

        def all_done() -> list[dict[str, str]] | None:
            rows = server.get(path)["data"]
            done = len(rows) == len(ids) * len(LIFE) and all(row["status"] == "success" for row in rows)
            return rows if done else None

        rows = wait_until(all_done, timeout_s=60, what="every delivery succeeds", poll_s=0.1)
    told: defaultdict[str, list[str]] = defaultdict(list)
    for heard in receiver.heard:
        assert heard.is_signed_with(webhook["secret"])
        told[heard.json["data"]["recordingId"]].append(heard.event)
    for recording_id in ids:
        # Heard twice is allowed, out of order or not at all is not.
        assert list(dict.fromkeys(told[recording_id])) == LIFE
    assert {heard.json["id"] for heard in receiver.heard} == {row["id"] for row in rows}


def _live(server: Server) -> str:
    recording_id = str(server.create_recording()["id"])
    for action in ACTIONS:
        answer = server.api.post(f"/api/v1/recordings/{recording_id}/control", json={"action": action})
        assert answer.status_code == 200, answer.text
    return recording_id
