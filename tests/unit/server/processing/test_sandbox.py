"""The codec's process: it may break in any way, and nothing but its answer is lost."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from media import self_command
from media.facts import Rung
from server.processing import sandbox
from server.processing.protocol import Failure, Limits, Request
from server.processing.sandbox import ChildFailed, run_child
from tests.support.footage import RECORDED, every, patched, png_bomb, shoot

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Unix limits")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "work"
    path.mkdir()
    return path


@pytest.fixture(autouse=True)
def nobody_stays() -> Iterator[None]:
    yield
    left = [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]
    assert left == []


SMALL = Rung("small", 160, 90)
# More than any limit of time in these tests allows.
BIG = Rung("big", 1920, 1080)


def look(path: Path, **limits: float) -> Request:
    return Request("probe", str(path), "mp4", limits=replace(Limits(), **limits))


async def encode(film: Path, folder: Path, seconds: float, rung: Rung = BIG, **limits: float) -> Request:
    facts = await run_child(look(film), folder)
    return Request(
        "rendition",
        str(film),
        "mp4",
        facts=facts | {"duration_s": seconds},
        settings={"rungs": [asdict(rung)], "rate": 30},
        limits=replace(Limits(file=1 << 28), **limits),
    )


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """A file that never says anything: whoever opens it waits."""
    path = tmp_path / "pipe.mp4"
    os.mkfifo(path)
    return path


@asynccontextmanager
async def working(
    request: Request, folder: Path
) -> AsyncIterator[tuple[psutil.Process, "asyncio.Task[object]"]]:
    """A child that has begun, and the task that waits for it."""
    begun = asyncio.Event()
    task: asyncio.Task[object] = asyncio.create_task(run_child(request, folder))
    while not begun.is_set():
        await asyncio.sleep(0.01)
        for child in psutil.Process().children():
            with suppress(psutil.Error, IndexError):
                if "server.processing.child" in child.cmdline() and child.num_threads() > 1:
                    begun.set()
                    found = child
    try:
        yield found, task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, ChildFailed):
            await task


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def failure_of(request: Request, folder: Path) -> ChildFailed:
    with pytest.raises(ChildFailed) as failed:
        await run_child(request, folder)
    assert failed.value.title
    return failed.value


async def test_facts_come_back(tmp_path: Path, folder: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(2), options=RECORDED)
    facts = await run_child(look(film), folder)
    assert (facts["frames"], facts["fragmented"]) == (60, True)
    assert names_in(folder) == []


async def test_progress_comes_before_the_result(tmp_path: Path, folder: Path) -> None:
    seen: list[float] = []
    film = shoot(tmp_path / "a.mp4", every(4), options=RECORDED)
    made = await run_child(await encode(film, folder, 4.0, SMALL), folder, seen.append)
    assert made["encoded"][0]["pictures"] == 120
    assert seen == sorted(seen)
    assert seen


def comes_last(child: psutil.Process) -> bool:
    """By itself, and as a session where the system shares out the processor among these."""
    session = Path(f"/proc/{child.pid}/autogroup")
    return child.nice() == 10 and (not session.exists() or session.read_text().endswith("nice 10\n"))


async def test_a_child_knows_nothing_of_our_environment(
    pipe: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEDDLE_TOKEN", "secret")
    monkeypatch.setenv("http_proxy", "http://proxy.example.org")
    async with working(look(pipe), folder) as (child, _):
        names = set(child.environ())
        assert child.cwd() == str(folder)
        async with asyncio.timeout(20):
            while not comes_last(child):  # noqa: ASYNC110 (its limits come after it has begun, unannounced)
                await asyncio.sleep(0.01)
    assert not names & {"HEDDLE_TOKEN", "http_proxy", "HEDDLE_TEST_RUN", "PYTHONPATH", "PATH"}


async def test_a_child_without_a_sign_of_life_is_ended(pipe: Path, folder: Path) -> None:
    assert (await failure_of(look(pipe, stall_s=0.3), folder)).kind is Failure.STALLED


async def test_a_child_over_its_time_is_ended(tmp_path: Path, folder: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(60, 10), options=RECORDED)
    failure = await failure_of(await encode(film, folder, 60.0, wall_s=0.3), folder)
    assert failure.kind is Failure.TOO_LONG
    assert not failure.kind.worth_another_try


async def test_a_child_over_its_processor_time_is_ended(tmp_path: Path, folder: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(100, 10), size=(64, 36), options=RECORDED)
    failure = await failure_of(await encode(film, folder, 100.0, cpu_s=1), folder)
    assert failure.kind is Failure.TOO_LONG


async def test_a_child_that_fills_the_disk_is_stopped(tmp_path: Path, folder: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(4), options=RECORDED)
    failure = await failure_of(await encode(film, folder, 4.0, SMALL, file=4_000), folder)
    assert "could not be written" in failure.sentence
    assert (folder / "small.mp4").stat().st_size <= 4_000


async def test_a_child_that_breaks_down_is_a_failure_worth_another_try(pipe: Path, folder: Path) -> None:
    async with working(look(pipe), folder) as (child, task):
        child.kill()
        with pytest.raises(ChildFailed) as failed:
            await task
    assert failed.value.kind is Failure.CRASHED
    assert failed.value.kind.worth_another_try


async def test_too_little_memory_breaks_the_child_and_nothing_else(tmp_path: Path, folder: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(1))
    failure = await failure_of(look(film, memory=60 << 20), folder)
    assert failure.kind in (Failure.CRASHED, Failure.UNREADABLE)


async def test_cancelling_ends_the_child(pipe: Path, folder: Path) -> None:
    async with working(look(pipe), folder) as (child, task):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not child.is_running()


@pytest.mark.parametrize("later", range(4))
async def test_a_cancellation_that_comes_with_a_line_is_heard(later: int) -> None:
    said = asyncio.StreamReader()
    child: Any = SimpleNamespace(stdout=said)
    request = look(Path(), stall_s=0.2)
    task = asyncio.create_task(sandbox._listen(child, request, sandbox._nothing, sandbox._unheard))
    await asyncio.sleep(0)
    said.feed_data(b'{"event": "progress"}\n')
    for _ in range(later):  # steps of the loop
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_child_ends_with_its_parent(pipe: Path, folder: Path) -> None:
    """The parent may be killed at any moment: its end of the pipe closes then."""
    process = await asyncio.create_subprocess_exec(
        *self_command.command("server.processing.child", isolated=True),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=folder,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(look(pipe).to_line())
    assert json.loads(await process.stdout.readline())["event"] == "progress"
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), 20) == 1


SCRIPTS = {
    "concat script": "ffconcat version 1.0\nfile '{canary}'\n",
    "playlist": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{canary}\n#EXT-X-ENDLIST\n",
    "playlist of an address": "#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/canary.mp4\n#EXT-X-ENDLIST\n",
}


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS.keys())
async def test_what_a_script_names_is_not_read(tmp_path: Path, folder: Path, text: str) -> None:
    canary = shoot(tmp_path / "canary.mp4", every(1))
    os.utime(canary, (1, 1))
    film = tmp_path / "film.mp4"
    film.write_text(text.format(canary=canary))
    failure = await failure_of(look(film), folder)
    assert failure.kind is Failure.UNREADABLE
    assert canary.stat().st_atime == 1


async def test_hostile_pictures_end_in_a_sentence(tmp_path: Path, folder: Path) -> None:
    bomb = tmp_path / "bomb.mp4"
    bomb.write_bytes(png_bomb())
    huge = shoot(tmp_path / "huge.mp4", every(0.5))
    huge.write_bytes(patched(huge.read_bytes(), b"stsd", 40, b"\xea\x60\xea\x60"))
    wrapped = shoot(tmp_path / "png.mov", every(0.5), codec="png", pixel_format="rgb24")
    for film in (bomb, huge, wrapped):
        assert (await failure_of(look(film), folder)).kind is Failure.UNREADABLE


async def test_the_kernel_keeps_a_child_from_other_files(tmp_path: Path, folder: Path) -> None:
    """As a codec under foreign control would try it: straight, past every demuxer."""
    if not _has_landlock():
        pytest.skip("this kernel has no Landlock")
    film, other = tmp_path / "a.mp4", tmp_path / "b.mp4"
    film.write_bytes(b"mine")
    other.write_bytes(b"not mine")
    attempts = (
        f"assert open({str(film)!r}, 'rb').read() == b'mine'",
        "open('mine', 'wb').write(b'x')",
        *(
            f"denied(lambda: open({path!r}, {mode!r}))"
            for path, mode in ((str(other), "rb"), (str(film), "ab"))
        ),
        f"denied(lambda: open({str(tmp_path / 'new')!r}, 'wb'))",
        "denied(lambda: open('/etc/passwd'))",
        "denied(lambda: os.execv('/bin/true', ['true']))",
    )
    program = (
        "import os\nfrom server.processing.confinement import confine\n"
        f"assert confine(readable=[{str(film)!r}], writable=[os.getcwd()])\n"
        "def denied(attempt):\n"
        "    try: attempt()\n"
        "    except PermissionError: return\n"
        "    raise SystemExit('it was allowed')\n" + "\n".join(attempts)
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", program, cwd=folder, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said.decode()


def _has_landlock() -> bool:
    modules = Path("/sys/kernel/security/lsm")
    if modules.exists():
        return "landlock" in modules.read_text()
    import ctypes

    return int(ctypes.CDLL(None).syscall(444, None, 0, 1)) > 0
