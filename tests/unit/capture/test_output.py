"""The growing file is only appended to, and its manifest tells the truth about it."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from capture.errors import DiskFull, OutputRefused
from capture.health import Health
from capture.output import Notes, OutputFile
from media import manifest
from media.fragments import Fragment
from media.manifest import Manifest, TakeState
from media.muxer import Chunk
from tests.support.tmpfs import small_disk

FIRST = Manifest(
    "1", "take.mp4", "", TakeState.RECORDING, "2026-01-02T03:04:05+00:00", 64, 64, 30, "libx264", "h264", None
)


def chunk(number: int, size: int = 1000) -> Chunk:
    return Chunk(
        os.urandom(size), (Fragment(number * size, size, number * 0.5, 0.5, keyframe=number % 4 == 0),)
    )


def fill(output: OutputFile) -> None:
    for number in range(100):
        output.append(chunk(number, 300_000))


@pytest.fixture
def told() -> list[Health]:
    return []


@pytest.fixture
def create(told: list[Health]) -> Callable[[Path], OutputFile]:
    return lambda path: OutputFile(path, FIRST, Notes(lambda: ((1.0, 2.0),)), told.append)


def test_what_was_appended_is_in_the_file_and_in_the_manifest(
    tmp_path: Path, create: Callable[[Path], OutputFile]
) -> None:
    path = tmp_path / "takes" / "take.mp4"
    output = create(path)
    assert manifest.read(path).state is TakeState.RECORDING
    chunks = [chunk(number) for number in range(5)]
    for one in chunks:
        output.append(one)
    end = output.finish()
    data = b"".join(one.data for one in chunks)
    assert path.read_bytes() == data
    assert manifest.read(path) == end
    assert (end.state, end.bytes_committed, end.fragments) == (TakeState.FINISHED, 5000, 5)
    assert (end.duration_s, end.sha256) == (2.5, hashlib.sha256(data).hexdigest())
    assert end.pauses == ((1.0, 2.0),)
    assert output.finish() == end


def test_the_manifest_never_runs_ahead_of_the_file(
    tmp_path: Path, create: Callable[[Path], OutputFile]
) -> None:
    path = tmp_path / "take.mp4"
    output = create(path)
    for number in range(20):
        output.append(chunk(number))
        assert manifest.read(path).bytes_committed <= path.stat().st_size
    output.finish()


def test_an_existing_file_is_never_overwritten(tmp_path: Path, create: Callable[[Path], OutputFile]) -> None:
    (tmp_path / "take.mp4").write_bytes(b"precious")
    with pytest.raises(OutputRefused):
        create(tmp_path / "take.mp4")
    assert (tmp_path / "take.mp4").read_bytes() == b"precious"


def test_a_folder_that_cannot_be_made_is_refused_with_a_hint(
    tmp_path: Path, create: Callable[[Path], OutputFile]
) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputRefused) as caught:
        create(tmp_path / "file" / "take.mp4")
    assert caught.value.hint


def test_a_cancelled_take_is_put_aside_and_kept(tmp_path: Path, create: Callable[[Path], OutputFile]) -> None:
    for _ in range(2):
        output = create(tmp_path / "take.mp4")
        output.append(chunk(0))
        output.finish(TakeState.CANCELLED)
        assert output.path.stat().st_size == 1000
        assert manifest.read(output.path).state is TakeState.CANCELLED
    kept = sorted(path.name for path in (tmp_path / "cancelled").iterdir())
    assert kept == ["take-2.mp4", "take-2.mp4.json", "take.mp4", "take.mp4.json"]
    assert not (tmp_path / "take.mp4").exists()


def test_an_empty_file_leaves_nothing_behind(tmp_path: Path, create: Callable[[Path], OutputFile]) -> None:
    folder = tmp_path / "takes"
    create(folder / "take.mp4").discard()
    assert list(folder.iterdir()) == []


def test_a_full_disk_ends_in_an_error_and_a_file_of_whole_fragments(
    tmp_path: Path, create: Callable[[Path], OutputFile], told: list[Health]
) -> None:
    with small_disk(tmp_path / "disk", 4) as disk:
        output = create(disk / "take.mp4")
        with pytest.raises(DiskFull) as caught:
            fill(output)
        end = output.finish()
        assert end.bytes_committed == (disk / "take.mp4").stat().st_size
        assert end.bytes_committed == end.fragments * 300_000 > 0
        assert manifest.read(disk / "take.mp4").state is TakeState.FINISHED
    assert caught.value.code == "disk_full"
    assert "Make room" in caught.value.hint
    assert [health.code for health in told] == ["disk_low"]
