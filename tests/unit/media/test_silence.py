"""What could be cut: silence that is really silent, sounds that are no words, words said twice."""

import numpy as np
import pytest

from media.silence import SILENCE_DB, Span, SuggestionKind, quiet_spans, suggestions_of
from media.transcript import Segment, Transcript, Word


def spoken(*words: tuple[float, float, str], language: str = "en") -> Transcript:
    timed = tuple(Word(start, end, text) for start, end, text in words)
    text = " ".join(word.text for word in timed)
    return Transcript(language, (Segment(0, timed[0].start, timed[-1].end, text, 1.0, timed),))


def evenly(text: str, *, language: str = "en", gap: float = 0.05) -> Transcript:
    """Words of 0.3 s, one after the other; `|` is a pause of half a second."""
    at, words = 0.0, []
    for word in text.split():
        if word == "|":
            at += 0.5
            continue
        words.append((at, at + 0.3, word))
        at += 0.3 + gap
    return spoken(*words, language=language)


def kinds(transcript: Transcript) -> list[tuple[SuggestionKind, str]]:
    return [(one.kind, one.reason) for one in suggestions_of(transcript, duration_s=60)]


@pytest.mark.parametrize("room_db", [SILENCE_DB, -62.0, -48.0])
def test_silence_is_told_from_speech_in_any_room(room_db: float) -> None:
    dice = np.random.default_rng(1)
    speech = [float(level) for level in dice.normal(-22, 5, 60)]
    room = [room_db] * 30
    [span] = quiet_spans([*speech, *room, *speech])
    assert (span.start, span.end) == (6.0, 9.0)


def test_the_one_pause_of_someone_who_never_pauses_is_found() -> None:
    assert quiet_spans([*[-20.0] * 600, *[-66.0] * 20, *[-20.0] * 600]) == [Span(60.0, 62.0)]


@pytest.mark.parametrize("level", [-20.0, -40.0])
def test_a_steady_sound_is_not_silence(level: float) -> None:
    assert quiet_spans([level, level + 1] * 100) == []


def test_a_recording_of_nothing_is_all_silence() -> None:
    assert quiet_spans([SILENCE_DB] * 50) == [Span(0.0, 5.0)]
    assert quiet_spans([]) == []


def test_a_breath_is_not_worth_cutting() -> None:
    assert quiet_spans([*[-20.0] * 40, *[SILENCE_DB] * 12, *[-20.0] * 40]) == []


def test_a_cut_leaves_a_breath_but_none_at_start_and_end() -> None:
    transcript = spoken((3.0, 4.0, "hello"), (8.0, 9.0, "again"))
    found = suggestions_of(transcript, duration_s=12, quiet=[Span(0, 3.0), Span(4.0, 8.0), Span(9.0, 12.0)])
    assert [(one.start, one.end) for one in found] == [(0.0, 2.7), (4.3, 7.7), (9.3, 12.0)]
    assert found[1].reason == "4.0 s of silence"


def test_words_spoken_softly_are_not_silence() -> None:
    transcript = spoken((1.0, 1.5, "softly"), (5.0, 5.5, "spoken"))
    found = suggestions_of(transcript, duration_s=6, quiet=[Span(0.0, 6.0)])
    assert [(one.start, one.end) for one in found] == [(1.8, 4.7)]


def test_without_levels_long_pauses_between_words_count() -> None:
    [one] = suggestions_of(spoken((0, 1, "one"), (5, 6, "two")), duration_s=6)
    assert (one.start, one.end, one.reason) == (1.3, 4.7, "Nothing is said for 4.0 s")


def test_fillers_are_found_by_language() -> None:
    assert kinds(evenly("So, um, we open the, uh, file")) == [
        (SuggestionKind.FILLER, 'Filler word "um"'),
        (SuggestionKind.FILLER, 'Filler word "uh"'),
    ]
    assert kinds(evenly("wir öffnen ähm die Datei", language="de-DE"))[0][1] == 'Filler word "ähm"'
    assert kinds(evenly("um den Tisch", language="de")) == []


def test_a_phrase_is_a_filler_only_where_pauses_set_it_off() -> None:
    assert kinds(evenly("it is | you know | quite easy")) == [
        (SuggestionKind.FILLER, 'Filler word "you know"')
    ]
    assert kinds(evenly("as you know it is | i like it")) == []


def test_the_first_of_a_word_said_twice_can_go() -> None:
    [one] = suggestions_of(evenly("we open the the file"), duration_s=9)
    assert (one.kind, one.start, one.end) == (SuggestionKind.REPETITION, 0.7, 1.05)
    assert kinds(evenly("a very very long file")) == []


def test_a_transcript_without_word_times_gives_silences_alone() -> None:
    transcript = Transcript("en", (Segment(0, 0.0, 2.0, "um hello"), Segment(1, 8.0, 9.0, "again")))
    found = suggestions_of(transcript, duration_s=9, quiet=[Span(0.0, 9.0)])
    assert [(one.kind, one.start, one.end) for one in found] == [(SuggestionKind.SILENCE, 2.3, 7.7)]
