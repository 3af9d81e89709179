"""The private server as the app runs it: started, signed in to, found again, ended. All of it is real."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from desktop import programs
from desktop.accounts import last_out, own_server
from desktop.accounts.own_server import OWNER, OwnServer
from desktop.errors import HeddleError
from desktop.models import private_server as model
from desktop.models.private_server import Phase, ServerState
from media import self_command
from uploader import credentials, paths
from uploader.journal import Journal
from uploader.lock import FileLock

PATIENCE_S = 60.0


@asynccontextmanager
async def kept(server: OwnServer) -> AsyncIterator[None]:
    task = asyncio.create_task(server.run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - another process decides it
            await asyncio.sleep(0.02)


def serving(home: Path, states: list[ServerState], port: int | None = None) -> OwnServer:
    variables = model.environment(os.environ, home / "models", app_transcribes=True)
    return OwnServer(home, programs.find_server(), variables, port, states.append)


async def test_it_is_started_signed_in_to_found_again_and_ended(heddle_home: Path) -> None:
    states: list[ServerState] = []
    first = serving(heddle_home, states)
    async with kept(first):
        await until(lambda: states and states[-1].phase is Phase.RUNNING)
    assert [state.phase for state in states] == [Phase.STARTING, Phase.RUNNING]
    url = states[-1].url
    assert model.is_private(url)
    assert credentials.email_for(url) == OWNER
    assert (heddle_home / "server" / "heddle.db").is_file()

    # The next start of the app finds it, and its sign-in still holds.
    token, again = credentials.token_for(url), list[ServerState]()
    second = serving(heddle_home, again, model.port_of(url))
    async with kept(second):
        await until(lambda: again)
    assert again == [ServerState(Phase.RUNNING, url)]
    assert credentials.token_for(url) == token

    # With an upload under way it goes on until that has arrived, or another app is there.
    video = heddle_home / "a.mp4"
    video.write_bytes(b"video")
    app, worker = FileLock(heddle_home / "app.lock"), FileLock(paths.worker_lock(paths.default_journal()))
    assert worker.acquire()
    with Journal() as journal:
        upload = journal.add(video, title="T", server=url, growing=True)
        assert not second.stop()
        await asyncio.sleep(3 * last_out.LOOK_S)  # that it does nothing is told by nobody
        assert second._lives()
        journal.cancel(upload)
        journal.note(upload, state="cancelled")
    await until(lambda: not second._lives())
    worker.release()
    assert app.acquire()
    app.release()


async def test_it_is_left_to_an_app_that_is_started_meanwhile(heddle_home: Path) -> None:
    app, server = FileLock(heddle_home / "app.lock"), FileLock(model.lock_file(heddle_home))
    server.path.parent.mkdir()
    assert server.acquire()
    waiting = await asyncio.create_subprocess_exec(*self_command.command("desktop.accounts.last_out"))
    await asyncio.sleep(2 * last_out.LOOK_S)  # as above
    assert waiting.returncode is None  # it has no card yet
    assert app.acquire()
    assert await asyncio.wait_for(waiting.wait(), PATIENCE_S) == 0
    app.release()
    server.release()


async def test_one_that_is_not_wanted_any_more_ends_before_it_has_begun(
    heddle_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait = "import signal; print('here', flush=True); signal.pause()"
    monkeypatch.setattr(model, "command", lambda *_: [sys.executable, "-c", wait])
    server = OwnServer(heddle_home, "heddle-server", os.environ, 1, lambda _: None)
    async with kept(server):
        await until(lambda: "here" in server._log_tail())
    assert server.stop()
    assert server._process is not None
    assert await asyncio.to_thread(server._process.wait, 30) == -signal.SIGTERM


async def test_one_that_is_not_installed_says_how_to_install_it(heddle_home: Path) -> None:
    states: list[ServerState] = []
    await OwnServer(heddle_home, None, {}, None, states.append).run()
    assert states[0].phase is Phase.FAILED
    assert states[0].problem
    assert "pip install" in states[0].problem.hint


async def test_one_that_does_not_start_is_told_with_its_last_words(
    heddle_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "command", lambda *_: [sys.executable, "-c", "raise SystemExit('no disk')"])
    server = OwnServer(heddle_home, "heddle-server", os.environ, None, lambda _: None)
    with pytest.raises(HeddleError, match="does not start") as caught:
        await server.ensure()
    assert "no disk" in caught.value.detail


async def test_what_fails_again_and_again_is_left_alone(
    heddle_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "command", lambda *_: [sys.executable, "-c", "raise SystemExit(1)"])
    monkeypatch.setattr(model, "wait_s", lambda _failures: 0.0)
    monkeypatch.setattr(model, "MOST_FAILURES", 2)
    monkeypatch.setattr(own_server, "LOOK_S", 0.01)
    states: list[ServerState] = []
    await OwnServer(heddle_home, "heddle-server", os.environ, None, states.append).run()
    assert [state.phase for state in states].count(Phase.FAILED) == 2
