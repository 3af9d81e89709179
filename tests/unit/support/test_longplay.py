"""A stretched recording is a good recording of the wanted length."""

from pathlib import Path

import pytest

from tests.support import longplay, media


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> longplay.Loop:
    short = media.make_recording(tmp_path_factory.mktemp("short") / "short.mp4", 4.0)
    return longplay.take_apart(short, 4.0)


def test_a_stretched_recording_decodes_and_lasts_as_long_as_asked(
    loop: longplay.Loop, tmp_path: Path
) -> None:
    long = tmp_path / "long.mp4"
    long.write_bytes(b"".join(longplay.play(loop, seconds=60)))
    assert media.decode_errors(long) == ""
    found = media.probe(long)
    assert found.last_video_s == pytest.approx(60, abs=0.1)
    assert found.video_frames == 60 * 30


def test_a_recording_is_stretched_to_a_size(loop: longplay.Loop) -> None:
    size = sum(len(piece) for piece in longplay.play(loop, size=3_000_000))
    assert 2_800_000 < size <= 3_000_000
