"""Facts about files, read from what they hold and not from what they claim."""

import struct
from pathlib import Path

import pytest

from media.errors import UnreadableMedia
from media.probe import probe
from media.sniff import Container
from tests.support.footage import RECORDED, every, patched, shoot


def test_a_recording_is_known_by_its_fragments(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(5), sound_s=5.0, options=RECORDED)
    facts = probe(film, kind=Container.MP4)
    assert (facts.width, facts.height, facts.codec, facts.pixel_format) == (320, 180, "h264", "yuv420p")
    assert (facts.audio_codec, facts.channels, facts.sample_rate) == ("aac", 1, 48_000)
    assert facts.fragmented
    assert facts.streams_as_it_is
    assert facts.frames == 150
    assert facts.duration_s == pytest.approx(5.0, abs=0.01)
    assert facts.fps == pytest.approx(30, abs=0.1)
    assert facts.key_gap_s == pytest.approx(2.0, abs=0.01)
    assert facts.bitrate == pytest.approx(8 * film.stat().st_size / 5, rel=0.1)


def test_a_torn_tail_does_not_count(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(4), options=RECORDED)
    torn = tmp_path / "torn.mp4"
    torn.write_bytes(film.read_bytes()[: film.stat().st_size * 6 // 10])
    facts = probe(torn, kind=Container.MP4)
    assert facts.streams_as_it_is
    assert 1.0 < facts.duration_s < 3.0
    assert facts.frames == pytest.approx(facts.duration_s * 30, abs=2)


@pytest.mark.parametrize(
    ("name", "kind", "codec", "sound"),
    [
        ("a.mp4", Container.MP4, "libx264", "aac"),
        ("a.mov", Container.MP4, "libx264", "aac"),
        ("a.mkv", Container.MATROSKA, "libx264", "flac"),
        ("a.webm", Container.MATROSKA, "libvpx", "libopus"),
        ("a.avi", Container.AVI, "mpeg4", "libmp3lame"),
        ("a.ts", Container.MPEGTS, "libx264", "aac"),
        ("a.flv", Container.FLV, "libx264", "aac"),
    ],
)
def test_every_container_we_take_is_read(
    tmp_path: Path, name: str, kind: Container, codec: str, sound: str
) -> None:
    film = shoot(tmp_path / name, every(2), codec=codec, sound_s=2.0, sound_codec=sound)
    facts = probe(film, kind=kind)
    assert (facts.width, facts.height) == (320, 180)
    assert facts.duration_s == pytest.approx(2.0, abs=0.15)
    assert facts.fps == pytest.approx(30, abs=1)
    assert facts.has_audio
    assert not facts.streams_as_it_is


def test_a_picture_without_sound_and_a_sound_without_picture_are_videos(tmp_path: Path) -> None:
    silent = probe(shoot(tmp_path / "silent.mp4", every(1)), kind=Container.MP4)
    assert silent.has_video
    assert not silent.has_audio
    dark = probe(shoot(tmp_path / "dark.mp4", [], sound_s=2.0), kind=Container.MP4)
    assert dark.has_audio
    assert not dark.has_video
    assert dark.duration_s == pytest.approx(2.0, abs=0.1)


def test_a_turned_video_says_how_it_is_seen(tmp_path: Path) -> None:
    facts = probe(shoot(tmp_path / "a.mp4", every(1), rotation=90), kind=Container.MP4)
    assert facts.rotation == 90
    assert (facts.width, facts.height) == (320, 180)
    assert facts.display_size == (180, 320)


def test_a_file_without_a_length_is_measured_when_asked(tmp_path: Path) -> None:
    """Browsers record WebM like this: they cannot go back to write how long it became."""
    film = shoot(
        tmp_path / "live.webm",
        every(3),
        codec="libvpx",
        container_format="webm",
        options={"live": "1"},
    )
    assert probe(film, kind=Container.MATROSKA, thorough=False).duration_s == 0.0
    facts = probe(film, kind=Container.MATROSKA)
    assert facts.duration_s == pytest.approx(3.0, abs=0.1)
    assert facts.frames == 90


def test_a_header_that_claims_a_century_is_not_believed(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(2))
    claim = struct.pack(">I", 0xFFFFFFF0)
    data = patched(film.read_bytes(), b"mvhd", 16, claim)
    data = patched(patched(data, b"mdhd", 16, claim), b"tkhd", 20, claim)
    film.write_bytes(data)
    assert probe(film, kind=Container.MP4).duration_s == pytest.approx(2.0, abs=0.1)


def test_a_picture_larger_than_allowed_is_refused_with_its_size(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(1))
    with pytest.raises(UnreadableMedia, match="320x180"):
        probe(film, kind=Container.MP4, max_pixels=10_000)


def test_sizes_of_sixty_thousand_are_refused_before_anything_is_decoded(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(1))
    film.write_bytes(patched(film.read_bytes(), b"stsd", 40, struct.pack(">HH", 60_000, 60_000)))
    with pytest.raises(UnreadableMedia):
        probe(film, kind=Container.MP4)


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{canary}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{canary}'\n",
        "[playlist]\nFile1={canary}\n",
    ],
)
@pytest.mark.parametrize("kind", [Container.MP4, Container.MATROSKA, Container.AVI])
def test_scripts_that_name_other_files_stay_unread(tmp_path: Path, text: str, kind: Container) -> None:
    canary = shoot(tmp_path / "canary.mp4", every(1))
    script = tmp_path / "film.mp4"
    script.write_text(text.format(canary=canary))
    with pytest.raises(UnreadableMedia):
        probe(script, kind=kind)


def test_references_of_an_mp4_to_other_files_are_not_followed(tmp_path: Path) -> None:
    """A `dref` without its "in this file" flag names the file that holds the samples."""
    film = shoot(tmp_path / "a.mp4", every(1))
    data = film.read_bytes()
    film.write_bytes(patched(data, b"url ", 0, b"\0\0\0\0"))
    facts_or_refusal: object
    try:
        facts_or_refusal = probe(film, kind=Container.MP4).size_bytes
    except UnreadableMedia as refusal:
        facts_or_refusal = refusal.title
    assert facts_or_refusal in (len(data), "The video cannot be read")


def test_a_name_that_looks_like_an_address_is_a_file_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shoot(tmp_path / "a.mp4", every(1)).rename(tmp_path / "pipe:0")
    assert probe(Path("pipe:0"), kind=Container.MP4).frames == 30


def test_words_for_a_file_of_nothing(tmp_path: Path) -> None:
    empty = tmp_path / "a.mp4"
    empty.write_bytes(b"\0\0\0\x18ftypisom" + bytes(300))
    with pytest.raises(UnreadableMedia) as refusal:
        probe(empty, kind=Container.MP4)
    assert refusal.value.title
    assert refusal.value.hint
