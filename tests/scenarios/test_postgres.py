"""The whole life of a recording on PostgreSQL, while one of two workers is killed."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support import media, tus
from tests.support.postgres import Cluster
from tests.support.processes import Program, wait_until
from tests.support.servers import BIN, START_S, Server

SECONDS = 6.0
PATIENCE_S = 90.0
WORDS = "the walrus of the archive"


@pytest.fixture
def database(postgres: Cluster) -> Iterator[str]:
    name = postgres.create()
    yield name
    postgres.drop(name)


class Worker:
    """`heddle-server worker`, and its name."""

    def __init__(self, stack: ExitStack, data: Path, env: dict[str, str]) -> None:
        command = [BIN / "heddle-server", "worker", "--data", data]
        self.program = stack.enter_context(Program(command, env=env, log_folder=data.parent))

    @property
    def name(self) -> str:
        return self.program.says("Heddle's worker ", timeout_s=START_S).split()[2]


def test_a_recording_lives_on_postgresql_though_a_worker_is_killed(
    tmp_path: Path, postgres: Cluster, database: str
) -> None:
    film = media.make_recording(tmp_path / "film.mp4", SECONDS, size=(960, 540), fps=10, noise=True)
    env = {"HEDDLE_DATABASE_URL": postgres.url(database), "HEDDLE_WORKERS": "0"}
    (tmp_path / "server").mkdir()
    with Server(tmp_path / "server" / "data", env=env) as server, ExitStack() as stack:
        both = [Worker(stack, server.data, {**env, "HEDDLE_WORKERS": "1"}) for _ in range(2)]
        names = [worker.name for worker in both]
        recording = server.create_recording("Quarterly budget")["id"]
        upload = tus.create(server.api, recording, length=film.stat().st_size)
        assert upload.send(film.read_bytes()).is_success

        renditions = "processing_jobs WHERE settings->>'step' = 'rendition'"

        def holder() -> str:
            return postgres.ask(database, f"SELECT lease_owner FROM {renditions} AND status = 'processing'")

        held_by = wait_until(holder, timeout_s=PATIENCE_S, what="a worker holds the renditions")
        both[names.index(held_by)].program.kill_tree()
        assert postgres.ask(
            database,
            "UPDATE processing_jobs SET lease_until = now() - interval '1 minute' "  # as time would
            f"WHERE status = 'processing' AND lease_owner = '{held_by}' RETURNING 1",
        ), "it was killed in the middle of its work"
        made = server.data / "media" / "recordings" / recording
        wait_until((made / "360p.mp4").exists, timeout_s=PATIENCE_S, what="renditions of the other")
        assert server.wait_status(recording, "completed")["duration"] == pytest.approx(SECONDS, abs=0.2)
        attempts = postgres.ask(database, f"SELECT attempt, status FROM {renditions}")
        assert attempts == "2|completed"

        segment = {"start": 1.0, "end": 3.0, "text": f"Here is {WORDS}"}
        body = {"language": "en", "model": "small", "duration": SECONDS, "segments": [segment]}
        assert server.api.put(f"/api/v1/recordings/{recording}/transcript", json=body).status_code == 200

        def hits(q: str) -> list[dict[str, object]]:
            return list(server.get(f"/api/v1/search?q={q}")["data"])

        found = wait_until(
            lambda: hits("walruses"), timeout_s=PATIENCE_S, what="it is found by what was said"
        )
        assert found[0]["id"] == recording
        doctor = Program(
            [BIN / "heddle-server", "doctor", "--data", server.data], env=env, log_folder=tmp_path
        )
        with doctor:
            doctor.wait()
            assert "ok       PostgreSQL: " in doctor.stdout, doctor.stdout

        gone = server.api.delete(f"/api/v1/recordings/{recording}", params={"permanent": True})
        assert gone.status_code == 204
        assert hits("walruses") == []
        left = " UNION ALL ".join(
            f"SELECT count(*) FROM {table}"
            for table in (
                "processing_jobs",
                "uploads",
                "video_metadata",
                "video_transcriptions",
                "search_pieces",
            )
        )
        assert set(postgres.ask(database, left).split()) == {"0"}
        assert not made.exists()


def test_a_database_that_cannot_be_reached_is_said_in_a_sentence(tmp_path: Path) -> None:
    env = {"HEDDLE_DATABASE_URL": f"postgresql://u:secret@/x?host={tmp_path}"}
    command = [sys.executable, "-m", "server.cli", "serve", "--data", tmp_path / "data"]
    with Program(command, env=env, log_folder=tmp_path) as program:
        assert program.wait() == 1
        assert "The database cannot be reached." in program.stderr
        assert "secret" not in program.stderr
        assert "Traceback" not in program.stderr
