"""Long videos are encoded in pieces, some while they still arrive, and nothing of that is left in the end."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from media.probe import probe
from media.sniff import Container
from server.processing import sandbox
from server.processing.protocol import Request
from server.processing.schemas import Job
from server.processing.states import JobStatus
from server.processing.steps import StepName
from server.recordings.events import source_key
from server.uploads.index import LiveIndex
from tests.support.media import decode_errors, make_recording
from tests.unit.server.processing.conftest import Bench, Open, files_of, until


@pytest.fixture(autouse=True)
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five seconds are a long video here."""
    monkeypatch.setattr("media.cuts.PIECE_S", 2.0)


@pytest.fixture(scope="module")
def long_film(films: Path) -> bytes:
    film = make_recording(films / "long.mp4", 5, size=(960, 540), fps=5, noise=True, quality=36)
    return film.read_bytes()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    """What codecs were asked for, in order."""
    requests: list[Request] = []

    async def run_child(request: Request, folder: Path, *more: Any, **named: Any) -> dict[str, Any]:
        requests.append(request)
        return await sandbox.run_child(request, folder, *more, **named)

    monkeypatch.setattr("server.processing.runner.run_child", run_child)
    return requests


def encoded(asked: list[Request], codec: str = "x264") -> list[int]:
    """Numbers of the pieces that were asked for, in order."""
    made = [request for request in asked if request.work == StepName.PIECE]
    return [one.settings["cut"]["number"] for one in made if codec in one.settings["encoder"]]


async def pieces_of(bench: Bench, recording_id: str) -> list[Job]:
    jobs = await bench.services.processing.jobs_of(recording_id)
    return [job for job in jobs if job.is_piece]


async def is_tidy(bench: Bench, recording_id: str) -> None:
    """No piece is left, neither row nor file."""

    async def gone() -> bool:
        left = {"pieces", "av1-pieces"} & files_of(bench, recording_id)
        return not await pieces_of(bench, recording_id) and not left

    await until(gone)


async def begin_live(bench: Bench, data: bytes) -> tuple[str, LiveIndex]:
    recording_id = await bench.begin()
    await bench.services.blobs.append(source_key(recording_id), 0, b"")
    index = bench.services.uploads.indexes.begin(recording_id)
    await bench.services.recordings.bytes_arrived(recording_id)
    await arrive(bench, recording_id, index, data, 0)
    return recording_id, index


async def arrive(bench: Bench, recording_id: str, index: LiveIndex, data: bytes, offset: int) -> None:
    blobs = bench.services.blobs
    await blobs.append(source_key(recording_id), offset, data)
    await index.read_on(blobs.local_path(source_key(recording_id)), offset + len(data))


async def test_a_long_video_is_encoded_in_pieces_and_joined(
    bench: Bench, long_film: bytes, asked: list[Request]
) -> None:
    recording_id = await bench.upload(long_film)
    jobs = await bench.done(recording_id)
    assert encoded(asked) == [0, 1, 2]
    assert jobs["rendition"].status is JobStatus.COMPLETED
    path = bench.media / "recordings" / recording_id / "360p.mp4"
    facts = await asyncio.to_thread(probe, path, kind=Container.MP4)
    assert (facts.width, facts.height, facts.frames) == (640, 360, 25)
    assert await asyncio.to_thread(decode_errors, path) == ""
    await is_tidy(bench, recording_id)


async def test_pieces_are_encoded_while_a_recording_arrives_and_not_again(
    open_bench: Open, long_film: bytes, asked: list[Request]
) -> None:
    """Also when the server was stopped in between."""
    half = len(long_film) * 3 // 4
    async with open_bench() as bench:
        recording_id, _ = await begin_live(bench, long_film[:half])

        async def one_done() -> bool:
            done = [job for job in await pieces_of(bench, recording_id) if job.made]
            return len(done) == 1

        await until(one_done)
        shown = await bench.services.processing.steps_of(recording_id)
        assert {one.step for one in shown} <= {"first-poster"}
    async with open_bench() as bench:
        await bench.services.blobs.append(source_key(recording_id), half, long_film[half:])
        await bench.complete(recording_id, long_film)
        jobs = await bench.done(recording_id)
        assert jobs["rendition"].status is JobStatus.COMPLETED
        await is_tidy(bench, recording_id)
    assert sorted(encoded(asked)) == [0, 1, 2]


async def test_pieces_of_an_upload_that_was_given_up_are_not_used(
    bench: Bench, long_film: bytes, asked: list[Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    recording_id, _ = await begin_live(bench, long_film[: len(long_film) * 3 // 4])

    async def begun() -> bool:
        return bool(encoded(asked))

    await until(begun)
    uploads = bench.services.uploads

    async def another(_recording_id: str) -> str:
        return "another upload"

    monkeypatch.setattr(uploads, "upload_of", another)
    await bench.services.blobs.append(source_key(recording_id), 0, long_film)
    await bench.complete(recording_id, long_film)
    jobs = await bench.done(recording_id)
    assert jobs["rendition"].status is JobStatus.COMPLETED
    assert encoded(asked)[-3:] == [0, 1, 2]


async def test_where_a_piece_fails_the_whole_is_encoded_at_once(
    bench: Bench, long_film: bytes, asked: list[Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.services.processing._runner._backoff = lambda _job: timedelta(0)

    async def run_child(request: Request, folder: Path, *more: Any, **named: Any) -> dict[str, Any]:
        if request.work == StepName.PIECE and request.settings["cut"]["number"] == 1:
            request = replace(request, source=str(bench.media))
        asked.append(request)
        return await sandbox.run_child(request, folder, *more, **named)

    monkeypatch.setattr("server.processing.runner.run_child", run_child)
    recording_id = await bench.upload(long_film)
    jobs = await bench.done(recording_id)
    assert jobs["rendition"].status is JobStatus.COMPLETED
    assert "parts" not in jobs["rendition"].settings
    assert "360p.mp4" in files_of(bench, recording_id)
    await is_tidy(bench, recording_id)


async def test_cancelling_leaves_no_piece(
    bench: Bench, long_film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = asyncio.Event()

    async def run_child(request: Request, folder: Path, *more: Any, **named: Any) -> dict[str, Any]:
        if request.work == StepName.PIECE and request.settings["cut"]["number"] == 1:
            second.set()
            await asyncio.Event().wait()
        return await sandbox.run_child(request, folder, *more, **named)

    monkeypatch.setattr("server.processing.runner.run_child", run_child)
    recording_id = await bench.upload(long_film)
    await asyncio.wait_for(second.wait(), 60)
    await bench.services.processing.cancel(recording_id)
    await bench.done(recording_id)
    shown = {one.step: one for one in await bench.services.processing.steps_of(recording_id)}
    assert (shown["rendition"].status, shown["rendition"].error) == ("failed", "Cancelled.")
    assert not {"360p.mp4", "pieces"} & files_of(bench, recording_id)
    again = await bench.services.processing.retry(recording_id, StepName.RENDITION)
    assert "parts" not in again.settings


@pytest.fixture(scope="module")
def small_film(films: Path) -> bytes:
    """Too small for versions in H.264, and heavy enough for one in AV1."""
    film = make_recording(films / "small.mp4", 5, size=(320, 180), fps=5, noise=True, quality=15)
    return film.read_bytes()


async def begin_one_piece(bench: Bench, arrived: bytes) -> str:
    """The id of a recording that still arrives, and has a first piece."""
    recording_id, _ = await begin_live(bench, arrived)

    async def one_done() -> bool:
        return any(job.made for job in await pieces_of(bench, recording_id))

    await until(one_done)
    return recording_id


async def test_av1_comes_in_pieces_too_while_a_recording_arrives(
    open_bench: Open, small_film: bytes, asked: list[Request]
) -> None:
    """What was encoded before the server was stopped is not encoded again."""
    most = len(small_film) * 3 // 4
    async with open_bench(av1_renditions=True) as bench:
        recording_id = await begin_one_piece(bench, small_film[:most])
        done = [job.settings["cut"]["number"] for job in await pieces_of(bench, recording_id) if job.made]
    known = len(asked)
    async with open_bench(av1_renditions=True) as bench:
        await bench.services.blobs.append(source_key(recording_id), most, small_film[most:])
        await bench.complete(recording_id, small_film)
        jobs = await bench.done(recording_id)
        assert jobs["av1"].status is JobStatus.COMPLETED
        assert "parts" in jobs["av1"].settings
        assert not set(done) & set(encoded(asked[known:], "av1"))
        assert sorted(set(encoded(asked, "av1"))) == [0, 1, 2]
        path = bench.media / "recordings" / recording_id / "av1.mp4"
        facts = await asyncio.to_thread(probe, path, kind=Container.MP4)
        assert (facts.codec, facts.width, facts.height, facts.frames) == ("av1", 320, 180, 25)
        assert await asyncio.to_thread(decode_errors, path) == ""
        await is_tidy(bench, recording_id)


async def test_pieces_in_av1_that_nobody_wants_any_more_are_not_kept(
    open_bench: Open, small_film: bytes, asked: list[Request]
) -> None:
    most = len(small_film) * 3 // 4
    async with open_bench(av1_renditions=True) as bench:
        recording_id = await begin_one_piece(bench, small_film[:most])
    async with open_bench() as bench:
        await bench.services.blobs.append(source_key(recording_id), most, small_film[most:])
        await bench.complete(recording_id, small_film)
        assert "av1" not in await bench.done(recording_id)
        await is_tidy(bench, recording_id)
        assert "av1.mp4" not in files_of(bench, recording_id)
