"""Sound that begins late, ends early or has holes, and pictures that do: there are always both."""

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from media.downloads import make_download
from media.facts import Probe
from media.fragments import Fragment, scan
from media.probe import probe
from media.remux import normalise
from media.sniff import Container
from media.sounds import Sounds
from media.transcode import Encoded
from tests.support.footage import RATE, TICK, open_video, stamps
from tests.support.media import decode_errors

Span = tuple[float, float]
# A picture and a block of 1024 samples begin at each multiple of 0.64 s.
FPS, UNIT_S, LASTS_S = 12.5, 0.64, 47 * 0.64
AFTER_S = 0.08
SIZE = (64, 36)
LOUD, QUIET = 0.4, 0.1
KINDS = {".mkv": Container.MATROSKA, ".mov": Container.MP4, ".mp4": Container.MP4, ".ts": Container.MPEGTS}


@dataclass(frozen=True)
class Came:
    made: Encoded
    facts: Probe
    output: Path
    fragments: Sequence[Fragment]

    @property
    def longest_s(self) -> float:
        return max(fragment.duration_s for fragment in self.fragments)


def film(
    path: Path,
    sounds: Sequence[Sequence[Span]],
    *,
    pictures: Span = (0.0, LASTS_S),
    codec: str = "libx264",
    sound_codec: str = "pcm_f32le",
    apart: bool = False,
) -> Path:
    """Pictures, and tracks of sound that are there in spans alone: `AFTER_S` a span begins there is a white
    picture and a beep. `apart`: all pictures come first in the file."""
    beeps = {round((begin + AFTER_S) * FPS) for spans in sounds for begin, _ in spans}
    options = {"max_interleave_delta": "1"} if apart else {}
    with av.open(str(path), "w", container_options=options) as output:
        video = open_video(output, codec, SIZE, "yuv420p", 0)
        tracks: list[Any] = [output.add_stream(sound_codec, rate=RATE, layout="mono") for _ in sounds]
        frames = [(video, picture(number, number in beeps)) for number in numbers(pictures, FPS)]
        for track, spans in zip(tracks, sounds, strict=True):
            frames += [(track, block) for span in spans for block in blocks(span)]
        for stream, frame in frames if apart else sorted(frames, key=lambda each: each[1].time):
            output.mux(stream.encode(frame))
        for stream in (video, *tracks):
            output.mux(stream.encode(None))
    return path


def numbers(span: Span, rate: float) -> range:
    return range(round(span[0] * rate), round(span[1] * rate))


def picture(number: int, white: bool) -> av.VideoFrame:
    grey = np.full(SIZE[::-1], 235 if white else 16, np.uint8)
    frame = av.VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p")
    frame.pts, frame.time_base = round(number / FPS / TICK), TICK
    if number % 25 == 0:
        frame.pict_type = av.video.frame.PictureType.I
    return frame


def blocks(span: Span) -> Iterator[av.AudioFrame]:
    """Whole ones: encoders take none that is smaller in the middle."""
    for number in numbers(span, RATE / 1024):
        since = np.arange(1024) / RATE + number * 1024 / RATE - span[0] - AFTER_S
        wave = np.where((since >= 0) & (since < 0.1), LOUD * np.sin(2 * np.pi * 1000 * since + 1), 0)
        frame = av.AudioFrame.from_ndarray(wave.astype(np.float32)[None, :], format="flt", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, number * 1024, Fraction(1, RATE)
        yield frame


def turn(source: Path) -> Came:
    kind, output = KINDS[source.suffix], source.with_name("out.mp4")
    made = normalise(source, output, kind=kind, facts=probe(source, kind=kind), threads=1)
    with output.open("rb") as file:
        fragments = scan(file).fragments
    return Came(made, probe(output, kind=Container.MP4), output, fragments)


def heard(path: Path) -> tuple[list[float], float]:
    """When beeps begin, and how long the sound is; it has no holes."""
    with av.open(str(path)) as one:
        frames = list(one.decode(audio=0))
    assert frames[0].pts == 0
    assert all(after.pts - before.pts == before.samples for before, after in pairwise(frames))
    wave = np.abs(np.concatenate([frame.to_ndarray()[0] for frame in frames]))
    loud = np.flatnonzero(wave > QUIET)
    begins = loud[np.diff(loud, prepend=-RATE) > RATE // 10]
    return [float(each) / RATE for each in begins], len(wave) / RATE


def flashed(path: Path) -> list[float]:
    with av.open(str(path)) as one:
        return [frame.time for frame in one.decode(video=0) if frame.to_ndarray(format="gray").mean() > 128]


def units(*spans: Span) -> list[Span]:
    return [(begin * UNIT_S, end * UNIT_S) for begin, end in spans]


LATE, HOLE, SHORT = units((24, 47)), units((0, 8), (32, 47)), units((0, 5))
BITS = units((1, 2), (4, 6), (9, 10), (44, 45))


@pytest.mark.parametrize(
    ("name", "codec", "sound_codec", "spans"),
    [
        ("a.mp4", "libx264", "aac", LATE),
        ("a.mov", "libx264", "alac", LATE),
        ("a.mkv", "ffv1", "flac", HOLE),
        ("a.mp4", "libx264", "aac", HOLE),
        ("a.ts", "libx264", "aac", HOLE),
        ("a.mkv", "libx264", "aac", SHORT),
        ("a.mkv", "ffv1", "pcm_f32le", BITS),
    ],
)
def test_sound_that_is_not_there_is_silence(
    tmp_path: Path, name: str, codec: str, sound_codec: str, spans: list[Span]
) -> None:
    came = turn(film(tmp_path / name, [spans], codec=codec, sound_codec=sound_codec))
    moments = [begin + AFTER_S for begin, _ in spans]
    assert came.facts.streams_as_it_is
    assert came.longest_s <= 0.6
    assert (came.made.pictures, came.facts.frames) == (376, 376)
    beeped, lasts_s = heard(came.output)
    assert beeped == pytest.approx(flashed(came.output), abs=0.001)
    assert beeped == pytest.approx(moments, abs=0.025), "an encoder's run-in may be the beginning of a file"
    assert lasts_s == pytest.approx(came.made.duration_s, abs=0.022)
    assert decode_errors(came.output) == ""


def test_a_film_whose_sound_is_whole_is_copied(tmp_path: Path) -> None:
    came = turn(film(tmp_path / "a.mkv", [units((0, 47))], sound_codec="aac"))
    assert came.made.copied
    with av.open(str(tmp_path / "a.mkv")) as source, av.open(str(came.output)) as output:
        sounds = [{bytes(packet) for packet in one.demux(audio=0)} for one in (source, output)]
    assert sounds[1] <= sounds[0]


@pytest.mark.parametrize(("name", "begin", "copied"), [("a.mp4", 4, True), ("a.mkv", 24, False)])
def test_the_first_picture_is_shown_from_the_start(
    tmp_path: Path, name: str, begin: int, copied: bool
) -> None:
    """Sound alone would let players wait, and fragments without a picture."""
    spans = units((0, 25), (26, 47))
    came = turn(film(tmp_path / name, [spans], pictures=(begin * UNIT_S, LASTS_S), sound_codec="aac"))
    assert came.made.copied == copied
    assert came.facts.streams_as_it_is
    shown = stamps(came.output)
    assert shown[0] == (0.0, True)
    beeped, _ = heard(came.output)
    assert flashed(came.output)[-1] == pytest.approx(beeped[-1], abs=0.001)
    assert came.longest_s <= 4.0
    assert decode_errors(came.output) == ""


def test_of_two_sounds_the_late_one_may_be_the_first(tmp_path: Path) -> None:
    came = turn(film(tmp_path / "a.mkv", [LATE, units((0, 47))], codec="ffv1", sound_codec="flac"))
    assert heard(came.output)[0] == pytest.approx([LATE[0][0] + AFTER_S], abs=0.001)
    assert came.longest_s <= 0.6


def test_all_sounds_of_a_recording_are_in_the_file_to_keep(tmp_path: Path) -> None:
    film(tmp_path / "a.mp4", [units((0, 47)), LATE], sound_codec="aac")
    make_download(tmp_path / "a.mp4", tmp_path / "out.mp4", kind=Container.MP4)
    with av.open(str(tmp_path / "out.mp4")) as kept:
        starts = [float(sound.start_time * sound.time_base) for sound in kept.streams.audio]
    assert starts == pytest.approx([0.0, LATE[0][0]], abs=0.025)
    assert decode_errors(tmp_path / "out.mp4") == ""


def test_sound_that_is_far_from_its_pictures_in_the_file_comes_beside_them(tmp_path: Path) -> None:
    apart = film(tmp_path / "a.mkv", [units((0, 47))], codec="ffv1", apart=True)
    with av.open(str(apart)) as source:
        assert [packet.stream.type for packet in source.demux()].index("audio") > 300
    came = turn(apart)
    assert came.longest_s <= 0.6
    assert heard(came.output)[0] == pytest.approx(flashed(came.output), abs=0.001)


def test_however_long_there_is_no_sound_none_of_it_is_kept(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.m4a"), "w") as output:
        source: Any = output.add_stream("aac", rate=RATE, layout="mono")
        sounds = Sounds(source, output, run_in=False)
        next(sounds.keep_up(24 * 3600.0))
        assert sounds.end_s < 1.0


def test_what_was_put_behind_it_follows_where_a_clock_begins_anew(tmp_path: Path) -> None:
    one = film(tmp_path / "one.ts", [units((0, 5), (6, 9))], pictures=(0.0, 9 * UNIT_S), sound_codec="mp2")
    both = tmp_path / "both.ts"
    both.write_bytes(one.read_bytes() * 2)
    came = turn(both)
    assert came.facts.duration_s == pytest.approx(2 * 9 * UNIT_S, abs=0.15)
    assert came.longest_s <= 0.7
    flashes = flashed(came.output)
    assert heard(came.output)[0] == pytest.approx(flashes, abs=0.06), "a gap of less than 0.1 s is stretched"
    assert len(flashes) == 4


def test_a_picture_that_begins_long_after_the_sound_is_found(tmp_path: Path) -> None:
    late = film(tmp_path / "a.ts", [units((0, 47))], pictures=(18 * UNIT_S, LASTS_S), sound_codec="aac")
    came = turn(late)
    assert stamps(came.output)[0] == (0.0, True)
    assert came.facts.duration_s == pytest.approx(LASTS_S, abs=0.05)


def test_what_an_edit_list_hides_is_not_shown(tmp_path: Path) -> None:
    """A telephone cuts a film by a list; its pictures from the key frame on are still in the file."""
    whole, cut = film(tmp_path / "a.mp4", [units((0, 47))], sound_codec="aac"), tmp_path / "cut.mp4"
    command = ["ffmpeg", "-v", "error", "-ss", "3.2", "-i", whole, "-c", "copy", cut]
    subprocess.run([str(word) for word in command], check=True)
    with av.open(str(cut)) as source:
        assert any(packet.is_discard for packet in source.demux(video=0)), "or it would prove nothing"
    came = turn(cut)
    assert stamps(came.output)[0] == (0.0, True)
    assert came.facts.duration_s == pytest.approx(LASTS_S - 3.2, abs=0.05)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_what_no_decoder_takes_is_not_copied(tmp_path: Path, name: str) -> None:
    """Browsers give a film up at the first such packet."""
    source = film(tmp_path / name, [units((0, 47))], sound_codec="aac")
    data = bytearray(source.read_bytes())
    begin, count = len(data) // 10, len(data) // 20  # far from the index, wherever that is
    data[begin : begin + count] = bytes(count)
    source.write_bytes(data)
    came = turn(source)
    assert came.facts.duration_s == pytest.approx(LASTS_S, abs=0.05)
    assert decode_errors(came.output) == ""
