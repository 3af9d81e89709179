"""Films in every shape that people send: each becomes something to watch, or is refused in a sentence."""

import json
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from media.errors import MediaError
from tests.support.corpus import work_through
from tests.support.footage import RECORDED, every, shoot
from tests.support.media import decode_errors

PICTURE = {"poster.jpg", "storyboard.jpg", "preview.webp"}
SOUND = {"waveform.json", "audio.m4a"}
# `make chaos` damages 500 films.
FLIPS = int(os.environ.get("HEDDLE_CHAOS_FLIPS", "20"))


@dataclass(frozen=True)
class Film:
    """How it is shot, and what comes out: size as shown, seconds, channels."""

    name: str
    times: list[float] = field(default_factory=lambda: every(1, 10))
    more: dict[str, Any] = field(default_factory=dict)
    size: tuple[int, int] = (64, 36)
    lasts_s: float | None = None
    channels: int = 0


def film(name: str, *args: Any, size: tuple[int, int] = (64, 36), **more: Any) -> Film:
    shown = more.pop("shown", size)
    lasts_s, channels = more.pop("lasts_s", None), more.pop("channels", 0)
    return Film(name, *args, more=more | {"size": size}, size=shown, lasts_s=lasts_s, channels=channels)


def sound(name: str, codec: str, layout: str = "stereo", rate: int = 48_000, channels: int = 2) -> Film:
    more = {"sound_s": 1.0, "sound_codec": codec, "layout": layout, "rate": rate}
    return Film(name, [], more, size=(0, 0), lasts_s=1.0, channels=channels)


LOSSLESS = {"codec": "ffv1", "pixel_format": "yuv444p"}
FILMS = {
    "a dot": film("a.mkv", size=(1, 1), shown=(2, 2), **LOSSLESS),
    "a line": film("a.mkv", size=(640, 1), shown=(640, 2), **LOSSLESS),
    "odd sizes": film("a.mkv", size=(35, 63), shown=(34, 62), **LOSSLESS),
    "a banner": film("a.mp4", every(0.3, 10), size=(4096, 16), lasts_s=0.25),
    "one picture": film("a.mp4", [0.0], lasts_s=0.033),
    "two pictures far apart": film("a.mkv", [0.0, 30.0], lasts_s=30.0),
    "a picture a second": film("a.mp4", [0.0, 1.0, 2.0, 3.0], lasts_s=3.05),
    "film speed": film("a.mp4", [number * 1001 / 24000 for number in range(24)], lasts_s=1.0),
    "fast": film("a.mp4", every(0.5, 120), lasts_s=0.5),
    "any rate": film("a.webm", [0.0, 0.01, 0.5, 0.52, 0.9, 1.7, 1.71], codec="libvpx", lasts_s=1.74),
    "turned": film("a.mov", rotation=90, shown=(36, 64)),
    "upside down, with sound": film("a.mp4", rotation=180, sound_s=1.0, channels=1),
    "ten bits": film("a.mp4", pixel_format="yuv420p10le"),
    "all colours": film("a.mkv", pixel_format="yuv444p"),
    "grey": film("a.mkv", codec="ffv1", pixel_format="gray"),
    "surround": film("a.mp4", sound_s=1.0, layout="5.1", channels=2),
    "sound that lasts longer": film("a.mp4", every(0.3, 10), sound_s=3.0, channels=1, lasts_s=3.0),
    "an old camera": film("a.avi", codec="mjpeg", pixel_format="yuvj420p", lasts_s=0.33),
    "television": film("a.ts", codec="mpeg2video", sound_s=1.0, sound_codec="mp2", channels=1),
    "a disc": film(
        "a.mpg",
        every(1),
        codec="mpeg2video",
        sound_s=1.0,
        sound_codec="mp2",
        channels=1,
        container_format="vob",
    ),
    "Windows of old": film("a.wmv", codec="wmv2", sound_s=1.0, sound_codec="wmav2", channels=1),
    "the web of old": film(
        "a.flv", codec="flv1", sound_s=1.0, sound_codec="libmp3lame", rate=44_100, channels=1
    ),
    "a telephone of old": film("a.3gp", codec="h263", size=(176, 144), sound_s=1.0, channels=1),
    "a camcorder": film(
        "a.m2ts", sound_s=1.0, sound_codec="ac3", channels=1, options={"mpegts_m2ts_mode": "1"}
    ),
    "a recording": film("a.mp4", sound_s=1.0, options=RECORDED, channels=1),
    "a song": sound("a.mp3", "libmp3lame"),
    "a memo": sound("a.m4a", "aac", "mono", 16_000, channels=1),
    "bare AAC": sound("a.aac", "aac"),
    "a studio": sound("a.flac", "flac", "7.1", 96_000),
    "a wave": sound("a.wav", "pcm_s24le", "5.1"),
    "a telephone": sound("a.wav", "pcm_mulaw", "mono", 8_000, channels=1),
    "a chat": sound("a.ogg", "libopus"),
    "a chat, as it is called": sound("a.opus", "libopus"),
    "an Apple studio": sound("a.aiff", "pcm_s24be", rate=44_100),
    "a memo of Core Audio": sound("a.caf", "alac", "mono", 44_100, channels=1),
}


@pytest.mark.parametrize("wanted", FILMS.values(), ids=FILMS.keys())
def test_everything_people_send_becomes_something_to_watch(tmp_path: Path, wanted: Film) -> None:
    source = shoot(tmp_path / wanted.name, wanted.times, **wanted.more)
    folder = tmp_path / "out"
    folder.mkdir()
    came = work_through(source, folder)
    facts = came.facts
    assert facts.streams_as_it_is
    assert (facts.display_size, facts.channels) == (wanted.size, wanted.channels)
    expected = {"download.mp4"} | (PICTURE if wanted.times else set()) | (SOUND if wanted.channels else set())
    assert came.made - {"normalised.mp4"} == expected
    assert facts.duration_s == pytest.approx(wanted.lasts_s or 1.0, abs=0.12)
    assert decode_errors(folder / "download.mp4") == ""
    if wanted.times:
        with Image.open(folder / "poster.jpg") as poster:
            assert poster.size[0] <= 1280


def test_speech_of_a_telephone_is_heard(tmp_path: Path) -> None:
    """Frames of 12.2 kbit/s, 20 ms each (RFC 4867, 5.3); no encoder for them is here."""
    memo = tmp_path / "memo.amr"
    memo.write_bytes(b"#!AMR\n" + b"".join(b"\x3c" + bytes([number]) * 31 for number in range(50)))
    folder = tmp_path / "out"
    folder.mkdir()
    came = work_through(memo, folder)
    assert (came.facts.has_video, came.facts.channels) == (False, 1)
    assert came.facts.duration_s == pytest.approx(1.0, abs=0.12)
    assert came.made >= SOUND


def test_a_film_of_the_free_web_is_watched(tmp_path: Path) -> None:
    """Theora and Vorbis in Ogg."""
    film, folder = tmp_path / "a.ogv", tmp_path / "out"
    folder.mkdir()
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=d=1:r=10:s=64x36"]
    command += [
        "-f",
        "lavfi",
        "-i",
        "sine=d=1",
        "-pix_fmt",
        "yuv420p",
        "-c:v",
        "libtheora",
        "-c:a",
        "libvorbis",
    ]
    subprocess.run([*command, film], check=True)
    came = work_through(film, folder)
    assert (came.facts.display_size, came.facts.frames, came.facts.channels) == ((64, 36), 10, 1)
    assert came.made >= PICTURE | SOUND


def test_a_cover_is_no_video(tmp_path: Path) -> None:
    song, cover = shoot(tmp_path / "a.mp3", [], sound_s=1.0, sound_codec="libmp3lame"), tmp_path / "c.mp3"
    picture = tmp_path / "cover.jpg"
    Image.new("RGB", (64, 64), "red").save(picture)
    command = ["ffmpeg", "-v", "error", "-i", song, "-i", picture, "-map", "0:a", "-map", "1:v", "-c", "copy"]
    subprocess.run([*command, "-disposition:v", "attached_pic", cover], check=True)
    came = work_through(cover, tmp_path)
    assert not came.facts.has_video
    assert came.made >= SOUND
    assert "poster.jpg" in came.refused


def nothing_in_it(path: Path) -> None:
    with av.open(str(path), "w") as output:
        video: Any = output.add_stream("libx264", rate=30)
        video.width, video.height, video.pix_fmt = 64, 36, "yuv420p"
        output.start_encoding()


def half_of(suffix: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        whole = shoot(path.with_suffix(suffix), every(3, 10), size=(64, 36), sound_s=3.0).read_bytes()
        path.write_bytes(whole[: len(whole) // 2])

    return make


def text(*lines: str) -> Callable[[Path], None]:
    return lambda path: path.write_text("\n".join(lines)) and None


def with_reference(path: Path) -> None:
    """A QuickTime film without samples: its data reference, an alias, says that they lie in another file."""
    canary = shoot(path.with_name("canary.mov"), every(1, 10), size=(64, 36))
    whole = canary.read_bytes()
    index = whole.rindex(b"moov") - 4
    samples, moov = bytearray(whole[:index]), bytearray(whole[index:])
    begin = samples.index(b"mdat") + 4
    samples[begin:] = bytes(len(samples) - begin)
    reference = _alias(canary)
    at = moov.index(b"dref") - 4
    size = struct.unpack_from(">I", moov, at)[0]
    for kind in (b"moov", b"trak", b"mdia", b"minf", b"dinf"):
        start = moov.index(kind) - 4
        struct.pack_into(">I", moov, start, struct.unpack_from(">I", moov, start)[0] + len(reference) - size)
    moov[at : at + size] = reference
    path.write_bytes(samples + moov)


def _alias(target: Path) -> bytes:
    """As FFmpeg's mov_read_dref takes it apart: after many fields that do not matter, an absolute path."""
    name = str(target).encode()
    name += bytes(len(name) % 2)
    fields = bytes(10 + 1 + 27 + 12 + 1 + 63 + 16 + 2 + 2 + 16)
    record = fields + struct.pack(">HH", 2, len(name)) + name + struct.pack(">hH", -1, 0)
    entry = struct.pack(">I4sI", 12 + len(record), b"alis", 0) + record
    return struct.pack(">I4sII", 16 + len(entry), b"dref", 0, 1) + entry


def for_many_ears(path: Path) -> None:
    data = bytearray(shoot(path, [], sound_s=1.0, sound_codec="pcm_s16le").read_bytes())
    struct.pack_into("<H", data, data.index(b"fmt ") + 10, 257)
    path.write_bytes(data)


REFUSED: dict[str, tuple[str, Callable[[Path], None]]] = {
    "nothing": ("a.mp4", lambda path: path.write_bytes(b"") and None),
    "no pictures": ("a.mp4", nothing_in_it),
    "half an MP4": ("a.mp4", half_of(".mov")),
    "a drawing": (
        "a.svg",
        text("<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>"),
    ),
    "a playlist": ("a.mp4", text("#EXTM3U", "#EXT-X-TARGETDURATION:9", "#EXTINF:9,", "canary.mov")),
    "a concat script": ("a.mp4", text("ffconcat version 1.0", "file 'canary.mov'")),
    "a page": ("a.mp4", text("<!doctype html><title>404</title>")),
    "samples elsewhere": ("a.mov", with_reference),
    "257 channels": ("a.wav", for_many_ears),
}


@pytest.mark.parametrize(("name", "make"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_film_is_refused_in_a_sentence(
    tmp_path: Path, name: str, make: Callable[[Path], None]
) -> None:
    folder, canary = tmp_path / "out", tmp_path / "canary.mov"
    folder.mkdir()
    make(tmp_path / name)
    if not canary.exists():
        shoot(canary, every(1, 10), size=(64, 36))
    os.utime(canary, (1, 1))
    with pytest.raises(MediaError) as refusal:
        work_through(tmp_path / name, folder)
    assert refusal.value.title
    assert canary.stat().st_atime == 1


def test_the_reference_to_samples_elsewhere_is_one_that_could_be_followed(tmp_path: Path) -> None:
    """Or the refusal above would prove nothing."""
    with_reference(tmp_path / "a.mov")
    careless = {"enable_drefs": "1", "use_absolute_path": "1"}
    with av.open(str(tmp_path / "a.mov"), format="mov", container_options=careless) as film:
        assert len(list(film.decode(video=0))) == 10


@pytest.mark.parametrize("suffix", [".mkv", ".ts", ".flv", ".avi"])
def test_half_a_film_is_watched_as_far_as_it_goes(tmp_path: Path, suffix: str) -> None:
    film = tmp_path / f"half{suffix}"
    half_of(f".whole{suffix}")(film)
    folder = tmp_path / "out"
    folder.mkdir()
    came = work_through(film, folder)
    assert 0.3 < came.facts.duration_s < 2.9
    assert came.made >= PICTURE | SOUND


DAMAGED: dict[str, dict[str, Any]] = {
    "recorded.mp4": {"options": RECORDED},
    "plain.mp4": {"b_frames": 2},
    "a.mkv": {"codec": "libvpx", "sound_codec": "libopus"},
    "a.ts": {},
    "a.avi": {"codec": "mpeg4", "sound_codec": "libmp3lame"},
    "a.flv": {},
    "a.mpg": {"codec": "mpeg2video", "sound_codec": "mp2", "container_format": "vob"},
    "a.wmv": {"codec": "wmv2", "sound_codec": "wmav2"},
    "a.mp3": {"times": [], "sound_codec": "libmp3lame"},
    "a.flac": {"times": [], "sound_codec": "flac"},
    "a.wav": {"times": [], "sound_codec": "pcm_s16le"},
    "a.ogg": {"times": [], "sound_codec": "libopus"},
    "a.aiff": {"times": [], "sound_codec": "pcm_s16be"},
    "a.caf": {"times": [], "sound_codec": "alac"},
    "a.3gp": {},
    "a.m2ts": {"options": {"mpegts_m2ts_mode": "1"}},
}


def test_damage_ends_in_a_film_or_a_sentence(tmp_path: Path) -> None:
    """Bits flipped, pieces missing, pieces doubled. No library may end its process over it."""
    usual = {"times": every(2, 10), "size": (128, 72), "sound_s": 2.0}
    films = [shoot(tmp_path / name, **usual | more) for name, more in DAMAGED.items()]
    folder = tmp_path / "out"
    folder.mkdir()
    command = [sys.executable, "-m", "tests.support.corpus", str(folder), str(FLIPS), *map(str, films)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60 + 10 * FLIPS, check=False)
    said = [json.loads(line) for line in answer.stdout.splitlines()]
    assert answer.returncode == 0, f"{said[-1:]} {answer.stderr[-2000:]}"
    outcomes = [one for one in said if len(one) > 2]
    assert len(outcomes) == FLIPS
    assert [one for one in outcomes if not (one.get("sentence") or one["streams"])] == []
    assert list(folder.iterdir()) == []
