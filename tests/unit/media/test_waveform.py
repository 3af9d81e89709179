"""Waveforms: where something is heard in a video, as other programs read it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from media.errors import UnreadableMedia
from media.sniff import Container
from media.waveform import MAX_POINTS, RATE, Peaks, make_waveform
from tests.support.footage import RECORDED, every, shoot


def drawn(film: Path, kind: Container = Container.MP4) -> dict[str, Any]:
    output = film.with_name("waveform.json")
    make_waveform(film, output, kind=kind, duration_s=1.0)
    return dict(json.loads(output.read_text()))


def test_the_file_is_that_of_audiowaveform(tmp_path: Path) -> None:
    said = drawn(shoot(tmp_path / "a.mp4", every(2), sound_s=3.0, options=RECORDED))
    assert {name: said[name] for name in ("version", "channels", "sample_rate", "bits")} == {
        "version": 2,
        "channels": 1,
        "sample_rate": 48_000,
        "bits": 8,
    }
    assert said["length"] * 2 == len(said["data"])
    assert said["length"] * said["samples_per_pixel"] / RATE == pytest.approx(3.0, abs=0.05)
    low, high = said["data"][::2], said["data"][1::2]
    assert np.median(low) == pytest.approx(-26, abs=2)  # a tone of a fifth of the loudest
    assert np.median(high) == pytest.approx(26, abs=2)


@pytest.mark.parametrize(
    ("name", "kind", "codec"),
    [
        ("a.wav", Container.WAV, "pcm_u8"),
        ("a.wav", Container.WAV, "pcm_s24le"),
        ("a.mkv", Container.MATROSKA, "pcm_f32le"),
        ("a.ogg", Container.OGG, "libopus"),
    ],
)
def test_every_kind_of_sample_has_the_same_loudness(
    tmp_path: Path, name: str, kind: Container, codec: str
) -> None:
    said = drawn(shoot(tmp_path / name, [], sound_s=1.0, sound_codec=codec), kind)
    assert np.median(said["data"][1::2]) == pytest.approx(26, abs=2)


def test_sound_is_where_it_is_heard() -> None:
    peaks = Peaks()
    peaks.add(2.0, np.full(480, 0.5, dtype=np.float32), 48_000)
    peaks.add(1.0, np.full(160, -0.25, dtype=np.float32), 16_000)
    waveform = peaks.finish()
    high, low = waveform.data[1::2], waveform.data[::2]
    assert [at for at, value in enumerate(high) if value] == [200]
    assert [at for at, value in enumerate(low) if value] == [100]
    assert (high[200], low[100]) == (64, -32)


def test_the_longest_sound_has_no_more_points_than_the_shortest_may_have() -> None:
    peaks = Peaks()
    for second in range(0, 36_000, 10):
        peaks.add(float(second), np.full(100, 0.5 if second == 18_000 else 0.1, dtype=np.float32), 8000)
    waveform = peaks.finish()
    assert MAX_POINTS // 4 < len(waveform.data) // 2 <= MAX_POINTS
    loudest = waveform.data.index(64) // 2
    assert loudest * waveform.samples_per_pixel / RATE == pytest.approx(18_000, abs=20)
    assert len(waveform.to_json()) < 64_000


def test_pictures_alone_have_no_waveform(tmp_path: Path) -> None:
    with pytest.raises(UnreadableMedia, match="no sound"):
        drawn(shoot(tmp_path / "a.mp4", every(1)))
