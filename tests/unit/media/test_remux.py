"""Whatever comes, it leaves as a file that streams."""

from pathlib import Path
from typing import Any

import av
import pytest

from media.errors import MediaError, UnreadableMedia
from media.facts import Probe
from media.probe import probe
from media.remux import normalise
from media.sniff import Container
from media.transcode import Encoded
from tests.support.footage import every, shoot, stamps
from tests.support.media import decode_errors
from tests.support.media import probe as ffprobe

KINDS = {
    ".mp4": Container.MP4,
    ".mov": Container.MP4,
    ".mkv": Container.MATROSKA,
    ".webm": Container.MATROSKA,
    ".avi": Container.AVI,
    ".ts": Container.MPEGTS,
    ".flv": Container.FLV,
}


def turn(film: Path, **more: Any) -> tuple[Encoded, Probe, Path]:
    """What was done, and what came out."""
    kind, output = KINDS[film.suffix], film.with_name("out.mp4")
    made = normalise(film, output, kind=kind, facts=probe(film, kind=kind), **more)
    return made, probe(output, kind=Container.MP4), output


def first_sound(path: Path) -> int:
    with av.open(str(path)) as film:
        return next(packet.pts for packet in film.demux(film.streams.audio[0]) if packet.pts is not None)


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".flv"])
@pytest.mark.parametrize("b_frames", [0, 2])
def test_h264_and_aac_are_copied(tmp_path: Path, suffix: str, b_frames: int) -> None:
    film = shoot(tmp_path / f"a{suffix}", every(5), sound_s=5.0, b_frames=b_frames)
    made, facts, output = turn(film)
    assert made.copied
    assert facts.streams_as_it_is
    assert (made.pictures, facts.frames) == (150, 150)
    shown, wanted = stamps(output), stamps(film)
    moved = wanted[0][0] - shown[0][0]
    assert [at for at, _ in shown] == pytest.approx([at - moved for at, _ in wanted], abs=0.002)
    assert decode_errors(output) == ""
    assert ffprobe(output).last_audio_s == pytest.approx(5.0, abs=0.06)
    assert first_sound(output) >= 0, "what is before the beginning needs an edit list, which stalls Firefox"


@pytest.mark.parametrize(
    ("name", "codec", "sound"),
    [
        ("a.webm", "libvpx", "libopus"),
        ("a.avi", "mpeg4", "libmp3lame"),
        ("a.avi", "mjpeg", "pcm_s16le"),
        ("a.ts", "libx264", "aac"),
        ("a.mkv", "libx265", "flac"),
    ],
)
def test_other_codings_are_encoded(tmp_path: Path, name: str, codec: str, sound: str) -> None:
    pixels = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    film = shoot(tmp_path / name, every(3), codec=codec, pixel_format=pixels, sound_s=3.0, sound_codec=sound)
    made, facts, output = turn(film)
    assert not made.copied
    assert facts.streams_as_it_is
    assert facts.audio_codec == "aac"
    assert facts.frames == 90
    assert facts.duration_s == pytest.approx(3.0, abs=0.1)
    assert [at for at, key in stamps(output) if key] == pytest.approx([0.0, 2.0], abs=0.04)
    assert decode_errors(output) == ""
    said = ffprobe(output)
    assert said.last_audio_s == pytest.approx(3.0, abs=0.1)
    assert abs(said.last_audio_s - said.last_video_s) < 0.15
    assert first_sound(output) >= 0


def test_keys_too_far_apart_are_encoded_anew(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(7), keys_s=100.0)
    made, facts, output = turn(film)
    assert not made.copied
    assert facts.key_gap_s == pytest.approx(2.0, abs=0.05)
    assert [at for at, _ in stamps(output)] == pytest.approx([at for at, _ in stamps(film)], abs=0.001)


def test_keys_of_a_matroska_file_are_found_out_while_copying(tmp_path: Path) -> None:
    made, facts, _ = turn(shoot(tmp_path / "a.mkv", every(7), keys_s=100.0))
    assert not made.copied
    assert facts.key_gap_s < 2.1


def test_ten_bit_pictures_become_eight_bit(tmp_path: Path) -> None:
    made, facts, _ = turn(shoot(tmp_path / "a.mp4", every(1), pixel_format="yuv420p10le"))
    assert not made.copied
    assert facts.pixel_format == "yuv420p"


def test_rgb_pictures_get_the_colours_that_are_written_on_them(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mkv", every(1), codec="libx264rgb", pixel_format="rgb24")
    _, facts, _ = turn(film)
    assert facts.pixel_format == "yuv420p"


def test_odd_sizes_become_even(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mkv", every(1), size=(321, 181), codec="libx264", pixel_format="yuv444p")
    _, facts, _ = turn(film)
    assert (facts.width, facts.height) == (320, 180)


@pytest.mark.parametrize(("rotation", "size"), [(90, (180, 320)), (180, (320, 180)), (-90, (180, 320))])
def test_turned_videos_stand_upright(tmp_path: Path, rotation: int, size: tuple[int, int]) -> None:
    _, facts, _ = turn(shoot(tmp_path / "a.mp4", every(1), rotation=rotation))
    assert (facts.width, facts.height, facts.rotation) == (*size, 0)


def test_sound_alone_streams_too(tmp_path: Path) -> None:
    made, facts, _ = turn(shoot(tmp_path / "a.mkv", [], sound_s=3.0, sound_codec="flac"))
    assert made.pictures == 0
    assert facts.streams_as_it_is
    assert facts.duration_s == pytest.approx(3.0, abs=0.1)


def test_a_long_still_has_a_picture_at_every_key(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.webm", [0.0, 0.03, 20.0, 20.1], codec="libvpx")
    _, facts, output = turn(film)
    assert facts.key_gap_s <= 4.5
    shown = [at for at, _ in stamps(output)]
    assert shown[0] == 0.0
    assert shown[-2] == pytest.approx(20.0, abs=0.01)


def test_pictures_that_an_encoder_holds_for_long_keep_their_times(tmp_path: Path) -> None:
    """It looks at a dozen of them before it gives the first; the sound beside them waits for it."""
    film = shoot(tmp_path / "a.mkv", every(40, 1), codec="libvpx", size=(64, 36), sound_s=40.0)
    _, facts, output = turn(film)
    assert [at for at, _ in stamps(output)] == pytest.approx([at for at, _ in stamps(film)], abs=0.001)
    assert facts.key_gap_s <= 2.1


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4"])
def test_the_last_picture_stays_while_there_is_sound(tmp_path: Path, name: str) -> None:
    film = shoot(tmp_path / name, every(0.5), sound_s=9.0)
    _, facts, output = turn(film)
    assert facts.duration_s == pytest.approx(9.0, abs=0.1)
    assert ffprobe(output).last_audio_s == pytest.approx(9.0, abs=0.1)


def test_a_film_that_breaks_off_is_kept_as_far_as_it_goes(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mkv", every(6), codec="libvpx", keys_s=1.0)
    film.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    made, facts, _ = turn(film)
    assert 0 < made.pictures < 170
    assert 0 < facts.duration_s < 6


def test_times_that_jump_by_days_are_refused(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mkv", [0.0, 0.1, 0.2, 90_000.0, 90_000.1], codec="mpeg4")
    with pytest.raises(MediaError, match="times make no sense"):
        turn(film)


def test_a_full_disk_is_not_the_fault_of_the_film(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mkv", every(1))
    facts = probe(film, kind=Container.MATROSKA)
    with pytest.raises(OSError, match="No space left"):
        normalise(film, Path("/dev/full"), kind=Container.MATROSKA, facts=facts)


def test_damage_never_ends_in_anything_but_a_film_or_a_sentence(tmp_path: Path) -> None:
    """Bits flipped in fifty files; whatever does not raise can be read again."""
    whole = shoot(tmp_path / "a.mp4", every(2), sound_s=2.0, size=(128, 72)).read_bytes()
    film, output = tmp_path / "b.mp4", tmp_path / "out.mp4"
    outcomes = {"film": 0, "sentence": 0}
    for seed in range(50):
        data = bytearray(whole)
        for flip in range(12):
            data[(seed * 7919 + flip * 104_729 + seed * flip * 31) % len(data)] ^= 1 << (seed + flip) % 8
        film.write_bytes(data)
        try:
            facts = probe(film, kind=Container.MP4)
            normalise(film, output, kind=Container.MP4, facts=facts)
            probe(output, kind=Container.MP4)
            outcomes["film"] += 1
        except MediaError as refusal:
            outcomes["sentence"] += bool(refusal.title)
    assert outcomes["film"] > 0
    assert sum(outcomes.values()) == 50


def test_nothing_decodable_is_unreadable(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mkv", every(1))
    facts = probe(film, kind=Container.MATROSKA)
    film.write_bytes(film.read_bytes()[:600])
    with pytest.raises(UnreadableMedia):
        normalise(film, tmp_path / "out.mp4", kind=Container.MATROSKA, facts=facts)
