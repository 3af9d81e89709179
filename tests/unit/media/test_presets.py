"""Presets are data that fits the encoders."""

import av
import pytest

from media.errors import EncoderError
from media.presets import CODECS, VideoPreset, load

BUILT = [preset for preset in load().video if preset.name in av.codecs_available]


@pytest.mark.parametrize("codec", CODECS)
def test_a_software_encoder_comes_last_and_is_everywhere(codec: str) -> None:
    last = load().for_codec(codec)[-1]
    assert not last.hardware
    assert set(last.platforms) == {"linux", "win32", "darwin"}
    assert all(preset.hardware for preset in load().for_codec(codec)[:-1])


@pytest.mark.parametrize("preset", load().video, ids=lambda preset: preset.name)
def test_no_encoder_reorders_pictures(preset: VideoPreset) -> None:
    assert preset.options.get("bf", "0") == "0"


@pytest.mark.parametrize("preset", load().video, ids=lambda preset: preset.name)
def test_every_encoder_has_every_quality_and_a_ceiling(preset: VideoPreset) -> None:
    assert tuple(preset.qualities) == load().qualities
    assert preset.tuned("small").options != preset.options != preset.tuned("sharp").options
    capped = preset.tuned(max_bitrate=1_000_000).options
    assert capped["maxrate"] == "1000000"
    assert int(capped.get("b", "0")) <= 1_000_000


@pytest.mark.parametrize("preset", BUILT, ids=lambda preset: preset.name)
def test_the_options_are_known_to_the_encoder(preset: VideoPreset) -> None:
    """FFmpeg ignores an option that it does not know: a slip of the pen would go unnoticed."""
    supported = av.CodecContext.create(preset.name, "w").supported_options
    known = {option.name for options in (supported.generic, supported.private) for option in options}
    options = {*preset.options, *preset.light, *preset.cap}
    options |= {name for quality in preset.qualities.values() for name in quality}
    assert options - known == set()


def test_a_mean_rate_below_the_ceiling_stays() -> None:
    preset = load().video_named("h264_videotoolbox")
    assert preset.tuned(max_bitrate=50_000_000).options["b"] == preset.options["b"]


def test_an_unknown_encoder_is_answered_with_the_known_ones() -> None:
    with pytest.raises(EncoderError) as caught:
        load().video_named("h263")
    assert "libx264" in caught.value.hint


def test_two_channels_get_more_bits_than_one() -> None:
    audio = load().audio
    assert audio.bits(2) > audio.bits(1) >= 128_000
