"""Presets are data that fits the encoders."""

import pytest

from media.errors import EncoderError
from media.presets import load


def test_the_software_encoder_comes_last_and_is_everywhere() -> None:
    last = load().video[-1]
    assert (last.name, last.hardware) == ("libx264", False)
    assert set(last.platforms) == {"linux", "win32", "darwin"}


def test_hardware_encoders_never_reorder_pictures() -> None:
    for preset in load().video[:-1]:
        assert preset.options.get("bf", "0") == "0", preset.name


def test_an_unknown_encoder_is_answered_with_the_known_ones() -> None:
    with pytest.raises(EncoderError) as caught:
        load().video_named("h263")
    assert "libx264" in caught.value.hint


def test_two_channels_get_more_bits_than_one() -> None:
    audio = load().audio
    assert audio.bits(2) > audio.bits(1) >= 128_000
