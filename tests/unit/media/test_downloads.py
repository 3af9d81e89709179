"""Files to keep: ordinary, whole, and the same film."""

from pathlib import Path

import av
import pytest

from media.downloads import make_audio, make_download
from media.errors import UnreadableMedia
from media.sniff import Container
from tests.support.footage import RECORDED, every, shoot, stamps
from tests.support.media import decode_errors
from tests.support.media import probe as ffprobe


def packets(path: Path) -> list[tuple[str, bytes]]:
    with av.open(str(path)) as film:
        return sorted((packet.stream.type, bytes(packet)) for packet in film.demux() if packet.size)


def test_the_download_has_its_index_in_front_and_no_fragment(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(5), sound_s=5.0, options=RECORDED)
    made = make_download(film, tmp_path / "d.mp4", kind=Container.MP4, duration_s=5.0)
    data = (tmp_path / "d.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    assert b"moof" not in data
    assert made.copied
    assert made.size_bytes == len(data)
    assert packets(tmp_path / "d.mp4") == packets(film)
    assert stamps(tmp_path / "d.mp4") == stamps(film)
    assert decode_errors(tmp_path / "d.mp4") == ""
    said = ffprobe(tmp_path / "d.mp4")
    assert said.last_audio_s == pytest.approx(5.0, abs=0.05)


def test_a_take_that_was_cut_off_can_be_kept(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(4), sound_s=4.0, options=RECORDED)
    film.write_bytes(film.read_bytes()[: film.stat().st_size * 6 // 10])
    made = make_download(film, tmp_path / "d.mp4", kind=Container.MP4, duration_s=4.0)
    assert 1.0 < made.duration_s < 3.5
    assert decode_errors(tmp_path / "d.mp4") == ""


def test_sound_of_a_recording_is_copied(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(3), sound_s=3.0, options=RECORDED)
    made = make_audio(film, tmp_path / "a.m4a", kind=Container.MP4, duration_s=3.0)
    assert made.copied
    assert made.duration_s == pytest.approx(3.0, abs=0.05)
    assert packets(tmp_path / "a.m4a") == [one for one in packets(film) if one[0] == "audio"]
    data = (tmp_path / "a.m4a").read_bytes()
    assert data[4:12] == b"ftypM4A "
    assert data.index(b"moov") < data.index(b"mdat")


def test_other_sound_becomes_aac(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mkv", every(2), sound_s=2.0, sound_codec="libopus")
    made = make_audio(film, tmp_path / "a.m4a", kind=Container.MATROSKA, duration_s=2.0)
    assert not made.copied
    with av.open(str(tmp_path / "a.m4a")) as sound:
        assert sound.streams.audio[0].codec_context.name == "aac"
        assert not sound.streams.video


def test_pictures_alone_have_no_sound_to_keep(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(1))
    with pytest.raises(UnreadableMedia, match="no sound"):
        make_audio(film, tmp_path / "a.m4a", kind=Container.MP4)


def test_a_full_disk_is_not_the_fault_of_the_film(tmp_path: Path) -> None:
    film = shoot(tmp_path / "a.mp4", every(1), options=RECORDED)
    with pytest.raises(OSError, match="No space left"):
        make_download(film, Path("/dev/full"), kind=Container.MP4)
