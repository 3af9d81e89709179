"""Pictures through shared memory, from one process to another."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from capture.preview import HEADER, PREFIX, PreviewReader, PreviewWriter
from tests.support.processes import wait_until

# Every byte of picture n is n modulo 251, and sizes change: a torn one has two values or a wrong length.
WRITER = """
import sys
from pathlib import Path
from capture.preview import PreviewWriter
writer = PreviewWriter(320, 180, Path(sys.argv[1]))
print(writer.path, flush=True)
sizes = ((320, 180), (64, 36), (160, 90))
number = 0
while number < 5_000_000:  # ended by the reader, long before
    number += 1
    width, height = sizes[number % 3]
    room = writer.begin(width, height)
    room[:] = bytes([number % 251]) * (width * height * 4)
    room.release()
    writer.commit(number)
    if number % 500 == 0 and Path(sys.argv[2]).exists():
        break
writer.close()
print(number, flush=True)
"""


def _write(writer: PreviewWriter, value: int, width: int = 4, height: int = 2) -> None:
    with writer.begin(width, height) as room:
        room[:] = bytes([value]) * len(room)
    writer.commit(1.5)


def test_a_reader_gets_the_newest_picture_once(tmp_path: Path) -> None:
    writer = PreviewWriter(8, 8, tmp_path)
    with contextlib.closing(PreviewReader(writer.path)) as reader:
        assert reader.read() is None
        _write(writer, 1)
        _write(writer, 2, 8, 4)
        frame = reader.read()
        assert frame is not None
        assert (frame.sequence, frame.width, frame.height, frame.stride) == (2, 8, 4, 32)
        assert (frame.at_ns, frame.pixels) == (1_500_000_000, b"\2" * 128)
        assert reader.read(frame.sequence) is None
        assert not reader.ended
        writer.close()
        writer.close()
        assert reader.ended
        assert reader.read() == frame
    assert not writer.path.exists()


def test_a_picture_that_is_being_written_is_not_seen(tmp_path: Path) -> None:
    writer = PreviewWriter(8, 8, tmp_path)
    with contextlib.closing(PreviewReader(writer.path)) as reader:
        for value in range(1, 4):
            _write(writer, value)
        begun = writer.begin(4, 2)  # lies where picture 1 was
        assert reader.read().sequence == 3
        slot = HEADER + 3 % 3 * (HEADER + 256)
        writer._words[slot // 8] = 7  # as if the writer had come around to the newest
        assert reader.read() is None
        begun.release()
    writer.close()


def test_a_picture_larger_than_the_room_is_refused(tmp_path: Path) -> None:
    writer = PreviewWriter(8, 8, tmp_path)
    with pytest.raises(ValueError, match="does not fit"):
        writer.begin(9, 8)
    writer.close()


def test_something_else_is_no_preview(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"x" * 128)
    with pytest.raises(ValueError, match="no preview"):
        PreviewReader(tmp_path / "other")
    with pytest.raises(FileNotFoundError):
        PreviewReader(tmp_path / "none")


def test_what_a_killed_engine_left_is_swept_and_a_living_one_stays(tmp_path: Path) -> None:
    left = tmp_path / f"{PREFIX}left"
    left.write_bytes(b"x")
    living = PreviewWriter(8, 8, tmp_path)
    other = PreviewWriter(8, 8, tmp_path)
    assert not left.exists()
    assert living.path.exists()
    assert living.path.stat().st_mode & 0o077 == 0 or os.name == "nt"
    living.close()
    other.close()


def test_two_processes_never_see_a_torn_picture(tmp_path: Path) -> None:
    enough = tmp_path / "enough"
    command = [sys.executable, "-c", WRITER, str(tmp_path), str(enough)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        with contextlib.closing(PreviewReader(child.stdout.readline().strip())) as reader:
            seen, last = 0, 0
            until = time.monotonic() + 60
            while seen < 1500 and not reader.ended and time.monotonic() < until:
                frame = reader.read(last)
                if frame is not None:
                    value = bytes([frame.sequence % 251])
                    assert len(frame.pixels) == frame.stride * frame.height
                    assert frame.pixels.count(value) == len(frame.pixels), "torn"
                    assert frame.at_ns == frame.sequence * 1_000_000_000
                    seen, last = seen + 1, frame.sequence
            enough.touch()
            wait_until(lambda: reader.ended, timeout_s=30, what="the writer's end")
        written = int(child.stdout.readline())
    assert child.returncode == 0
    assert 100 < seen <= written
