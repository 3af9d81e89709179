"""Pieces of a recording, to the picture, and the program that makes files of them."""

import json
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from media.avc import Record
from media.cutting import Piece, make_trim
from media.errors import RenditionError
from media.export import main
from media.facts import Probe
from media.fragments import Layout, scan
from media.gifs import make_gif
from media.probe import probe
from media.sniff import SNIFF_BYTES, Container, sniff
from tests.support import counted, films, media
from tests.support.counted import Seen

EVEN = [number / 30 for number in range(5 * 30)]
# As a recorder leaves them: some close, some half a second apart, a key every two seconds.
UNEVEN = [0.0, 0.5, 1.0, 1.4, *(1.4 + n / 60 for n in range(1, 30)), 2.0, 2.5, 2.55, 3.0, 3.4, 3.9, 4.0, 4.5]


@dataclass(frozen=True)
class Film:
    path: Path
    facts: Probe
    shown: list[Seen]
    beeps: list[float]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("films")


def known(path: Path) -> Film:
    kind = sniff(path.read_bytes()[:SNIFF_BYTES])
    assert kind is not None
    facts = probe(path, kind=kind)
    return Film(path, facts, counted.pictures(path), counted.beeps(path) if facts.has_audio else [])


@pytest.fixture(scope="module")
def recorded(folder: Path) -> Film:
    return known(counted.shoot(folder / "recorded.mp4", EVEN))


@pytest.fixture(scope="module")
def uneven(folder: Path) -> Film:
    return known(counted.shoot(folder / "uneven.mp4", UNEVEN))


def cut(film: Film, output: Path, begin_s: float, end_s: float, *, growing_form: bool = True) -> Piece:
    """The piece, after a look at every picture of it and at each beep."""
    piece = make_trim(
        film.path, output, facts=film.facts, begin_s=begin_s, end_s=end_s, growing_form=growing_form
    )
    assert media.decode_errors(output) == ""
    first = [one for one in film.shown if one.at <= begin_s + 0.001][-1]
    wanted = [one for one in film.shown if first.at <= one.at < end_s - 0.001]
    found = counted.pictures(output)
    assert [one.of for one in found] == [one.of for one in wanted]
    assert found[0].at == 0.0
    times = [one.at + piece.begin_s for one in found[1:]]
    assert np.allclose(times, [one.at for one in wanted[1:]], atol=0.001), "each keeps its moment"
    assert begin_s - 0.022 < piece.begin_s <= begin_s + 0.001
    assert abs(found[-1].at + found[-1].length + piece.begin_s - end_s) < 0.001
    if film.beeps:
        inside = [at for at in film.beeps if begin_s + 0.03 < at < end_s - counted.BEEP_S - 0.03]
        heard = [at + piece.begin_s for at in counted.beeps(output)]
        assert all(min(abs(one - at) for one in heard) < 0.005 for at in inside), (heard, inside)
    assert piece.pictures == len(found)
    assert piece.begin_s + piece.duration_s == pytest.approx(end_s, abs=0.001)
    return piece


@pytest.mark.parametrize(
    ("begin_s", "end_s", "encoded"),
    [(0.0, 1.0, 0), (2.0, 4.5, 0), (1.9, 4.5, 3), (1.2345, 3.0, 23), (2.6, 3.1, 15), (4.7, 5.0, 9)],
)
def test_a_piece_has_the_chosen_pictures_and_few_are_encoded(
    recorded: Film, tmp_path: Path, begin_s: float, end_s: float, encoded: int
) -> None:
    piece = cut(recorded, tmp_path / "piece.mp4", begin_s, end_s, growing_form=begin_s < 2.5)
    assert piece.encoded == encoded


@pytest.mark.parametrize(("begin_s", "end_s"), [(1.2, 4.2), (1.75, 2.2), (0.7, 1.3), (2.0, 3.2)])
def test_uneven_pictures_keep_their_times(uneven: Film, tmp_path: Path, begin_s: float, end_s: float) -> None:
    cut(uneven, tmp_path / "piece.mp4", begin_s, end_s)


def test_a_player_s_rounding_does_not_bring_the_picture_before(recorded: Film, tmp_path: Path) -> None:
    """40/30 s is 1333 ms to a player, a third of a millisecond before that picture begins."""
    piece = cut(recorded, tmp_path / "piece.mp4", 1.333, 2.1)
    assert counted.pictures(tmp_path / "piece.mp4")[0].of == 1.333
    assert piece.encoded == 20


def test_nothing_is_heard_from_before_or_after(recorded: Film, tmp_path: Path) -> None:
    """Both ends lie within a beep."""
    output = tmp_path / "piece.mp4"
    piece = make_trim(recorded.path, output, facts=recorded.facts, begin_s=1.04, end_s=1.52)
    heard = np.abs(counted.sound(output))
    cut_at = round((1.04 - piece.begin_s) * counted.RATE)
    assert heard[:cut_at].max(initial=0.0) < 0.02
    assert len(heard) <= round((1.52 - piece.begin_s) * counted.RATE)


def test_a_piece_of_a_piece_is_one_too(recorded: Film, tmp_path: Path) -> None:
    """So many encoders as cuts, each with its own parameter sets."""
    cut(recorded, tmp_path / "once.mp4", 0.5, 4.9)
    again = known(tmp_path / "once.mp4")
    assert cut(again, tmp_path / "twice.mp4", 0.3, 4.0).encoded > 0
    with av.open(str(tmp_path / "twice.mp4")) as film:
        record = Record.read(bytes(film.streams.video[0].codec_context.extradata or b""))
    assert record.ids == {0, 30, 31}


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("baseline", {"options": {**counted.RECORDED, "profile": "baseline"}}),
        ("references", {"options": {"preset": "fast", "profile": "main", "bf": "0", "forced-idr": "1"}}),
        ("slices", {"options": {**counted.RECORDED, "x264-params": "cabac=0:slices=4"}}),
        ("full-range", {"pixel_format": "yuvj420p", "sound": ""}),
    ],
)
def test_other_encoders_films_are_joined_with_ours(
    folder: Path, tmp_path: Path, name: str, options: dict[str, str]
) -> None:
    film = known(counted.shoot(folder / f"{name}.mp4", EVEN[:100], **options))  # type: ignore[arg-type]  # as shoot has them
    piece = cut(film, tmp_path / "piece.mp4", 1.5, 3.0)
    assert (piece.encoded, piece.pictures) == (15, 45)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("reordered.mp4", {"b_frames": 2, "options": {"preset": "fast", "forced-idr": "1"}}),
        ("open.mp4", {"b_frames": 2, "options": {"x264-params": "open-gop=1:keyint=60"}}),
        ("ten-bit.mp4", {"pixel_format": "yuv420p10le"}),
        (
            "hevc.mp4",
            {"codec": "libx265", "options": {"preset": "ultrafast", "x265-params": "log-level=none"}},
        ),
        (
            "opus.mkv",
            {
                "codec": "libvpx",
                "options": {"deadline": "realtime", "cpu-used": "8", "threads": "1"},
                "sound": "libopus",
            },
        ),
    ],
)
def test_what_cannot_be_joined_is_encoded_whole(
    folder: Path, tmp_path: Path, name: str, options: dict[str, str]
) -> None:
    growing = {"growing": not name.endswith("mkv")}
    film = known(counted.shoot(folder / name, EVEN[:100], **options, **growing))  # type: ignore[arg-type]  # as shoot has them
    piece = cut(film, tmp_path / "piece.mp4", 1.4, 3.0)
    assert piece.encoded == piece.pictures == 48


def test_a_piece_in_the_form_of_a_recording_streams_like_one(recorded: Film, tmp_path: Path) -> None:
    output = tmp_path / "piece.mp4"
    make_trim(recorded.path, output, facts=recorded.facts, begin_s=1.0, end_s=4.0, growing_form=True)
    with output.open("rb") as file:
        assert scan(file).layout is Layout.FRAGMENTED
    assert probe(output, kind=Container.MP4).streams_as_it_is


def test_nothing_between_two_moments_is_no_piece(recorded: Film, tmp_path: Path) -> None:
    for begin, end in ((3.0, 3.0), (4.0, 1.0), (50.0, 60.0)):
        with pytest.raises(RenditionError):
            make_trim(
                recorded.path,
                tmp_path / "x.mp4",
                facts=recorded.facts,
                begin_s=begin,
                end_s=end,
                sound_only=True,
            )


def test_work_on_a_piece_can_be_watched_and_ended(recorded: Film, tmp_path: Path) -> None:
    """Progress only rises, and what the watch raises ends it."""
    film = recorded
    seen: list[float] = []

    def watch(done: float) -> None:
        seen.append(done)
        if done >= 0.3:  # the keys have been found
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_trim(film.path, tmp_path / "x.mp4", facts=film.facts, begin_s=1.0, end_s=3.0, watch=watch)
    assert all(before <= after for before, after in pairwise(seen))


def test_a_gif_lasts_as_long_as_its_piece(tmp_path: Path) -> None:
    film, output = tmp_path / "film.mp4", tmp_path / "piece.gif"
    film.write_bytes(films.growing(6.0))
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


def test_the_program_tells_progress_and_the_end(recorded: Film, tmp_path: Path) -> None:
    output = tmp_path / "sound.m4a"
    command = [sys.executable, "-m", "media.export", "audio", str(recorded.path), str(output)]
    command += ["--from", "1", "--to", "3"]
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
