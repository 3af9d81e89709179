"""A file that is read while it is written: nothing is missed, and its end is the end."""

import threading
from pathlib import Path

from media.growing import GrowingFile, open_growing
from media.growth import Growth
from media.sniff import Container
from tests.support import films


def packets(path: Path, growth: Growth) -> int:
    with open_growing(path, growth, lambda: None, kind=Container.MP4) as container:
        return sum(packet.size > 0 for packet in container.demux(container.streams.audio[0]))


def test_a_recording_read_while_it_grows_has_all_its_sound(tmp_path: Path) -> None:
    film = films.growing(3.0)
    whole = tmp_path / "whole.mp4"
    whole.write_bytes(film)
    expected = packets(whole, Growth(len(film), ended=True))
    path, growth = tmp_path / "growing.mp4", Growth()
    path.touch()

    def write() -> None:
        with path.open("ab", buffering=0) as file:
            for start in range(0, len(film), 7777):
                # More lies on the disk than is committed: that may be taken back.
                file.write(film[start : start + 7777])
                growth.grew(start)
        growth.grew(len(film))
        growth.end()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert packets(path, growth) == expected > 100
    finally:
        writer.join()


def test_a_reader_waits_for_what_is_committed_and_no_further(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    growth = Growth(4)
    file = GrowingFile(path, growth, growth.end)  # the first time it has to wait, the file ends
    file._PATIENCE_S = 0.01  # type: ignore[misc]  # a constant, shortened here
    try:
        assert file.read(100) == b"0123"
        growth.grew(6)
        growth.grew(5)  # old news
        assert file.read(1) == b"4"
        assert file.read(100) == b"5"
        assert file.read(100) == b""
    finally:
        file.close()
