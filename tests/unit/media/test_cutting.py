"""Pieces of a recording, and the program that makes files of them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from media.cutting import make_gif, make_trim
from media.errors import RenditionError
from media.export import main
from media.fragments import Layout, scan
from media.sniff import Container
from tests.support import films, media


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds with a key frame every second or two."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    path.write_bytes(films.growing(6.0))
    return path


def test_a_piece_begins_at_the_key_before_and_nothing_is_encoded(film: Path, tmp_path: Path) -> None:
    piece = make_trim(
        film, tmp_path / "piece.mp4", kind=Container.MP4, begin_s=2.6, end_s=5.0, duration_s=6.0
    )
    assert 0.0 <= 2.6 - piece.begin_s <= 2.6
    probe = media.probe(tmp_path / "piece.mp4")
    assert abs(probe.duration_s - (5.0 - piece.begin_s)) < 0.3
    assert probe.video_frames > 0


def test_a_piece_in_the_form_of_a_recording_streams_like_one(film: Path, tmp_path: Path) -> None:
    output = tmp_path / "piece.mp4"
    make_trim(film, output, kind=Container.MP4, begin_s=1.0, end_s=4.0, duration_s=6.0, growing_form=True)
    with output.open("rb") as file:
        assert scan(file).layout is Layout.FRAGMENTED


def test_nothing_between_two_moments_is_no_piece(film: Path, tmp_path: Path) -> None:
    for begin, end in ((3.0, 3.0), (4.0, 1.0), (50.0, 60.0)):
        with pytest.raises(RenditionError):
            make_trim(
                film, tmp_path / "x.mp4", kind=Container.MP4, begin_s=begin, end_s=end, duration_s=6.0,
                sound_only=True,
            )  # fmt: skip


def test_a_gif_lasts_as_long_as_its_piece(film: Path, tmp_path: Path) -> None:
    output = tmp_path / "piece.gif"
    told = make_gif(
        film, output, kind=Container.MP4, begin_s=1.0, end_s=2.0, duration_s=6.0, box=(120, 120), fps=5
    )
    with Image.open(output) as image:
        assert max(image.size) <= 120
        lasts = 0
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            lasts += image.info["duration"]
    assert told["pictures"] >= 1
    assert abs(lasts - 1000) <= 200


def test_the_program_tells_progress_and_the_end(film: Path, tmp_path: Path) -> None:
    output = tmp_path / "sound.m4a"
    command = [
        sys.executable,
        "-m",
        "media.export",
        "audio",
        str(film),
        str(output),
        "--from",
        "1",
        "--to",
        "3",
    ]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    *progress, done = [json.loads(line) for line in lines]
    assert all(0 <= one["progress"] <= 1 for one in progress)
    assert done["done"]["path"] == str(output)
    assert output.stat().st_size == done["done"]["bytes"]


def test_what_is_no_video_is_said_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.mp4").write_text("this is no film at all, only words")
    assert main(["mp4", str(tmp_path / "text.mp4"), str(tmp_path / "out.mp4")]) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["error"]["title"]
    assert {path.name for path in tmp_path.iterdir()} == {"text.mp4", "heddle-home"}
