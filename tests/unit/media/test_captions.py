"""Transcripts as captions: nothing is lost on the way out and back, and every cue can be read."""

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.captions import (
    CaptionFormat,
    Segment,
    Transcript,
    Word,
    cues_of,
    parse_srt,
    parse_vtt,
    render,
    to_srt,
    to_txt,
    to_vtt,
)
from media.cues import LINE_WIDTH, LONGEST_S
from media.errors import TranscriptError
from media.transcript import clean

LINE = "please open the settings and change your password now"
TEXTS = st.text(max_size=300).map(clean).filter(bool)
TIMES = st.integers(0, 36_000_000).map(lambda ms: ms / 1000)


@st.composite
def transcripts(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS) -> Transcript:
    at = 0.0
    segments = []
    for number in range(draw(st.integers(1, 5))):
        start = at + draw(st.integers(0, 5000)) / 1000
        at = start + draw(st.integers(20, 20_000)) / 1000
        segments.append(Segment(number, round(start, 3), round(at, 3), draw(texts), 0.5))
    return Transcript("en", tuple(segments), "test", round(at, 3))


def spoken(*words: str, seconds: float = 0.4) -> Segment:
    """A segment with a word every so often."""
    timed = tuple(Word(i * seconds, (i + 1) * seconds, word) for i, word in enumerate(words))
    return Segment(0, 0.0, len(words) * seconds, " ".join(words), 1.0, timed)


@given(transcripts())
def test_text_survives_webvtt(transcript: Transcript) -> None:
    back = parse_vtt(to_vtt(transcript))
    assert "".join(back.text.split()) == "".join(transcript.text.split())


@given(transcripts(st.text(st.characters(exclude_characters="<>{}")).map(clean).filter(bool)))
def test_text_survives_subrip(transcript: Transcript) -> None:
    assert "".join(parse_srt(to_srt(transcript)).text.split()) == "".join(transcript.text.split())


@given(transcripts())
def test_times_survive_webvtt_to_the_millisecond(transcript: Transcript) -> None:
    cues = cues_of(transcript.segments)
    back = parse_vtt(to_vtt(transcript)).segments
    assert [segment.start for segment in back] == pytest.approx([cue.start for cue in cues], abs=0.001)
    assert [segment.end for segment in back] == pytest.approx([cue.end for cue in cues], abs=0.0021)


@given(transcripts())
def test_a_transcript_survives_json(transcript: Transcript) -> None:
    assert Transcript.from_json(transcript.to_json()) == transcript


@given(transcripts())
def test_cues_follow_each_other_and_end_after_they_begin(transcript: Transcript) -> None:
    cues = cues_of(transcript.segments)
    assert all(cue.end > cue.start for cue in cues)
    assert all(a.end <= max(b.start, a.start + 0.001) for a, b in pairwise(cues))


@given(
    st.lists(
        st.sampled_from(["a", "record", "the", "screen,", "now.", "microphone"]), min_size=1, max_size=80
    )
)
def test_cues_have_two_short_lines_and_a_few_seconds(words: list[str]) -> None:
    for cue in cues_of([spoken(*words)]):
        assert len(cue.lines) <= 2
        assert all(len(line) <= LINE_WIDTH for line in cue.lines)
        assert cue.end - cue.start <= LONGEST_S + 1e-6


def test_a_cue_is_cut_where_a_sentence_ends() -> None:
    words = "We open the settings page first. Then we choose the new microphone and press the red button."
    first, second = cues_of([spoken(*words.split())])
    assert " ".join(first.lines) == "We open the settings page first."
    assert second.start == pytest.approx(6 * 0.4)


def test_lines_are_about_equally_long() -> None:
    (cue,) = cues_of([spoken(*LINE.split(), seconds=0.2)])
    assert cue.lines == ("please open the settings", "and change your password now")


def test_an_edited_text_keeps_the_time_of_its_segment() -> None:
    edited = Segment(1, 2.0, 4.0, "something else entirely", 1.0, (Word(2.0, 3.0, "old"),))
    (cue,) = cues_of([edited])
    assert (cue.start, cue.end, cue.lines) == (2.0, 4.0, ("something else entirely",))


def test_wide_letters_without_spaces_are_cut_too() -> None:
    cues = cues_of([Segment(0, 0.0, 20.0, "録画中にリンクを共有できます" * 6)])
    assert len(cues) > 1
    assert all(len(line) <= LINE_WIDTH // 2 for cue in cues for line in cue.lines)


def test_webvtt_is_what_the_standard_shows() -> None:
    transcript = Transcript(
        "en", (Segment(0, 0.0, 1.5, "Tom & <b>Jerry</b>"), Segment(1, 3661.25, 3663.0, "Bye"))
    )
    assert to_vtt(transcript) == (
        "WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.500\nTom &amp; &lt;b&gt;Jerry&lt;/b&gt;\n\n"
        "2\n01:01:01.250 --> 01:01:03.000\nBye\n"
    )


def test_foreign_webvtt_is_read() -> None:
    text = (
        "\ufeffWEBVTT - made elsewhere\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\nNOTE nothing\r\n\r\n"
        "intro\r\n00:01.000 --> 00:02.500 align:start position:10%\r\n<v Ann>Hello <c.loud>there</c></v>\r\n"
        "&amp; welcome\r\n\r\n01:00:00.000 --> 01:00:01.000\r\n<00:00:01.200>again"
    )
    first, second = parse_vtt(text, "en").segments
    assert (first.start, first.end, first.text) == (1.0, 2.5, "Hello there & welcome")
    assert (second.start, second.text) == (3600.0, "again")


def test_foreign_subrip_is_read() -> None:
    text = "1\r\n00:00:01,5 --> 00:00:02,000 X1:1\r\n<i>Hello</i> {\\an8}a < b\r\n2\r\n\r\n2\r\n"
    text += "0:00:03,000 --> 0:00:04,000\r\n\r\n"
    (only,) = parse_srt(text).segments
    assert (only.start, only.text) == (1.5, "Hello a < b 2")


@pytest.mark.parametrize("text", ["", "WEBVTT", "WEBVTTX\n\n00:01.000 --> 00:02.000\nhi", "hello", "\0" * 50])
def test_what_is_no_webvtt_says_so(text: str) -> None:
    with pytest.raises(TranscriptError) as caught:
        parse_vtt(text)
    assert caught.value.hint


def test_a_cue_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(TranscriptError):
        parse_srt("1\n00:00:05,000 --> 00:00:02,000\nhi\n")


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_vtt, parse_srt):
        try:
            parse(text)
        except TranscriptError:
            continue


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["segments", "start", "end", "text", "words"]), inner)
    ),
)


@settings(max_examples=40)
@given(JSON)
def test_any_json_is_read_or_refused(data: object) -> None:
    try:
        Transcript.from_json(json.dumps(data))
    except TranscriptError:
        return


@pytest.mark.parametrize(
    "change",
    [
        {"start": -1},
        {"start": 5},
        {"end": float("nan")},
        {"end": True},
        {"text": 3},
        {"text": "x" * 20_000},
        {"confidence": 2},
        {"id": -1},
        {"words": [{"start": 0, "end": 1}]},
    ],
)
def test_a_bad_segment_is_refused(change: dict[str, object]) -> None:
    good = {"id": 0, "start": 0, "end": 1, "text": "hi"}
    Transcript.from_dict({"segments": [good]})
    with pytest.raises(TranscriptError):
        Transcript.from_dict({"segments": [good | change]})


def test_words_are_brought_inside_their_segment() -> None:
    row = {"id": 0, "start": 1, "end": 2, "text": "hi", "words": [{"start": 0.9, "end": 2.4, "text": "hi"}]}
    assert Segment.from_dict(row).words == (Word(1.0, 2.0, "hi"),)


def test_counts_and_confidence() -> None:
    transcript = Transcript(
        "en", (Segment(0, 0, 3, "one two", 0.9), Segment(1, 3, 4, "three", 0.5), Segment(2, 5, 5, "", 1))
    )
    assert transcript.word_count == 3
    assert transcript.confidence == pytest.approx((3 * 0.9 + 0.5 + 0.01) / 4.01)
    assert Transcript("en").confidence == 0.0


def test_plain_text_has_paragraphs_at_pauses() -> None:
    transcript = Transcript(
        "en", (Segment(0, 0, 1, "One."), Segment(1, 1.5, 2, "Two."), Segment(2, 6, 7, "Three."))
    )
    assert to_txt(transcript) == "One. Two.\n\nThree.\n"


@pytest.mark.parametrize("format_", list(CaptionFormat))
def test_a_silent_recording_has_empty_captions(format_: CaptionFormat) -> None:
    silent = Transcript("en", (), "tiny", 4.0)
    text = render(silent, format_)
    assert text in ("WEBVTT\n", "") or Transcript.from_json(text) == silent
    assert format_.media_type
