"""A network that breaks all the time costs time and nothing else."""

from pathlib import Path

import pytest

from tests.support import longplay, media
from tests.support.processes import Program
from tests.support.proxy import Proxy
from tests.support.recorder import BIN, journal_rows
from tests.support.servers import Server

CUTS = 20


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of about 24 MB."""
    folder = tmp_path_factory.mktemp("heavy")
    short = media.make_recording(folder / "short.mp4", 2.0, size=(480, 270), quality=20, noise=True)
    file = folder / "heavy.mp4"
    file.write_bytes(b"".join(longplay.play(longplay.take_apart(short, 2.0), size=24_000_000)))
    return file


def test_twenty_cuts_in_one_upload_send_at_most_two_percent_twice(
    shared_server: Server, heavy: Path, heddle_home: Path
) -> None:
    size = heavy.stat().st_size
    with Proxy(shared_server.port) as proxy:
        # Not at round numbers: within bodies, and the last close to the end.
        proxy.cut_after(*(round(size * (index + 0.37) / CUTS) for index in range(CUTS)))
        env = {**shared_server.client_env, "HEDDLE_SERVER": proxy.url}
        with Program([BIN / "heddle", "upload", heavy], env=env) as program:
            code = program.wait(150)
            assert code == 0, program.stdout + program.stderr
        assert proxy.cuts == CUTS
        (row,) = journal_rows(heddle_home)
        recording = shared_server.recording(row["recording_id"])
        assert recording["sha256"] == media.sha256(heavy)
        assert proxy.bytes_up <= size * 1.02, f"{proxy.bytes_up / size - 1:.2%} more than the file"


def test_a_server_that_is_away_at_the_start_is_waited_for(
    shared_server: Server, sample: Path, heddle_home: Path
) -> None:
    with Proxy(shared_server.port) as proxy:
        proxy.refuse(True)
        env = {**shared_server.client_env, "HEDDLE_SERVER": proxy.url}
        with Program([BIN / "heddle", "upload", sample], env=env) as program:
            from tests.support.processes import wait_until

            wait_until(
                lambda: any(row["attempt"] >= 2 for row in journal_rows(heddle_home)),
                timeout_s=30,
                what="two attempts",
                poll_s=0.1,
            )
            proxy.refuse(False)
            assert program.wait(60) == 0, program.stdout + program.stderr
        (row,) = journal_rows(heddle_home)
        assert row["server_sha256"] == media.sha256(sample)


def test_a_network_that_goes_silent_is_noticed(shared_server: Server, heavy: Path, heddle_home: Path) -> None:
    """The connection stays open and nothing passes: only a time limit on the client's side helps."""
    from tests.support.processes import wait_until

    size = heavy.stat().st_size
    with Proxy(shared_server.port) as proxy:
        env = {**shared_server.client_env, "HEDDLE_SERVER": proxy.url}
        with Program([BIN / "heddle", "upload", heavy], env=env) as program:
            wait_until(lambda: proxy.bytes_up > size / 4, timeout_s=30, what="a quarter sent")
            proxy.pause(True)
            proxy.cut_now()
            proxy.pause(False)
            assert program.wait(90) == 0, program.stdout + program.stderr
        (row,) = journal_rows(heddle_home)
        assert row["server_sha256"] == media.sha256(heavy)
