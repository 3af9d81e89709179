"""The DASH manifest, read back as XML; that players play it is shown elsewhere."""

from xml.etree import ElementTree as ET

import pytest

from media.dash import TIMESCALE, Representation, manifest
from media.fragments import Fragment
from media.hls_master import CaptionTrack, Variant
from media.segments import Segment
from media.tracks import Track

SPACE = {"": "urn:mpeg:dash:schema:mpd:2011"}
PICTURE = Track(1, "video", TIMESCALE, "avc1.64001f", width=1920, height=1080)
SOUND = Track(2, "audio", 48_000, "mp4a.40.2", channels=2, sample_rate=48_000)
VARIANT = Variant("video.m3u8", 2_000_000, 1_000_000, "avc1.64001f,mp4a.40.2", 1920, 1080, 29.97)


def segments(*durations_s: float, start_s: float = 0.0) -> list[Segment]:
    made = []
    for number, duration_s in enumerate(durations_s):
        part = Fragment(1000 + 100 * number, 100, start_s, duration_s, keyframe=True)
        made.append(Segment(number, (part,), duration_s))
        start_s += duration_s
    return made


def read(*versions: Representation, captions: tuple[CaptionTrack, ...] = ()) -> ET.Element:
    return ET.fromstring(manifest(versions, 6.5, captions))


def test_pictures_of_all_versions_and_the_sound_of_the_first_lie_apart() -> None:
    small = Track(1, "video", TIMESCALE, "avc1.42c01e", width=854, height=480)
    made = read(
        Representation.of("source", VARIANT, [PICTURE, SOUND], segments(2.0, 2.0, 2.5)),
        Representation.of("480p", Variant("480p.m3u8", 500_000), [small, SOUND], segments(2.0, 2.0, 2.5)),
    )
    assert (made.get("type"), made.get("mediaPresentationDuration")) == ("static", "PT6.500S")
    pictures, sound = made.findall(".//AdaptationSet", SPACE)
    assert [one.get("id") for one in pictures.findall("Representation", SPACE)] == [
        "source-video",
        "480p-video",
    ]
    assert [one.get("codecs") for one in pictures.findall("Representation", SPACE)] == [
        "avc1.64001f",
        "avc1.42c01e",
    ]
    assert [one.get("id") for one in sound.findall("Representation", SPACE)] == ["source-audio"]
    first = pictures.find("Representation", SPACE)
    assert first is not None
    assert (first.get("width"), first.get("frameRate"), first.get("bandwidth")) == (
        "1920",
        "29970/1000",
        "2000000",
    )


def test_each_codec_has_a_set_of_its_own() -> None:
    av1 = Track(1, "video", TIMESCALE, "av01.0.08M.08", width=1920, height=1080)
    made = read(
        Representation.of("source", VARIANT, [PICTURE, SOUND], segments(2.0)),
        Representation.of("av1", Variant("av1.m3u8", 500_000), [av1, SOUND], segments(2.0)),
    )
    sets = [one.findall("Representation", SPACE) for one in made.findall(".//AdaptationSet", SPACE)]
    assert [[one.get("id") for one in each] for each in sets] == [
        ["source-video"],
        ["av1-video"],
        ["source-audio"],
    ]
    assert sets[1][0].get("codecs") == "av01.0.08M.08"


def test_the_timeline_begins_where_the_file_does_and_loses_nothing_by_rounding() -> None:
    third = 2 + 1 / 3
    made = read(
        Representation.of("source", VARIANT, [PICTURE], segments(2.0, 2.0, *[third] * 30, start_s=1.5))
    )
    template = made.find(".//SegmentTemplate", SPACE)
    entries = made.findall(".//S", SPACE)
    assert template is not None
    assert template.get("presentationTimeOffset") == entries[0].get("t") == str(int(1.5 * TIMESCALE))
    assert sum(int(one.get("r", 0)) + 1 for one in entries) == 32
    total = sum((int(one.get("r", 0)) + 1) * int(one.get("d", 0)) for one in entries)
    assert total == pytest.approx((4 + 30 * third) * TIMESCALE, abs=1)


def test_sound_alone_has_one_set_and_captions_have_theirs() -> None:
    track = CaptionTrack("captions-en.vtt", "en", "Tom & Jerry")
    sound = Variant("video.m3u8", 130_000, codecs="mp4a.40.2")
    made = read(Representation.of("source", sound, [SOUND], segments(2.0)), captions=(track,))
    first, captions = made.findall(".//AdaptationSet", SPACE)
    assert first.get("contentType") == "audio"
    assert (captions.get("lang"), captions.get("mimeType")) == ("en", "text/vtt")
    assert captions.findtext("Label", None, SPACE) == "Tom & Jerry"
    assert captions.findtext(".//BaseURL", None, SPACE) == "captions-en.vtt"
