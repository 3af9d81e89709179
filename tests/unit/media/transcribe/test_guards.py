"""What nobody said goes; what somebody said stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.transcribe.guards import (
    MOST_COMPRESSION,
    Evidence,
    believable,
    compression,
    repeats,
    without_loops,
)
from media.transcribe.languages import LanguageVote
from media.transcript import Segment, Word

SURE = Evidence(logprob=-0.3, silence=0.05, voice=0.9)
MUMBLED = Evidence(logprob=-0.6, silence=0.2, voice=0.2)
SILENT = Evidence(logprob=-1.4, silence=0.9, voice=0.1)


def segment(text: str, confidence: float = 0.9) -> Segment:
    words = tuple(Word(i * 0.3, i * 0.3 + 0.3, word, confidence) for i, word in enumerate(text.split()))
    return Segment(0, 0.0, len(words) * 0.3, text, confidence, words)


@pytest.mark.parametrize(
    ("text", "evidence", "confidence", "kept"),
    [
        ("We open the settings.", SURE, 0.9, True),
        ("We open the settings.", MUMBLED, 0.3, True),
        ("We open the settings.", SILENT, 0.9, False),
        ("Thank you.", SURE, 0.9, True),
        ("Thank you.", MUMBLED, 0.9, False),
        ("Thank you!", SURE, 0.2, False),
        ("Thank you for the question.", MUMBLED, 0.9, True),
        ("Thanks for watching!", MUMBLED, 0.9, False),
        ("Subtitles by the Amara.org community", SURE, 0.99, False),
        ("Untertitel der Amara.org-Community", SURE, 0.99, False),
        ("Sous-titres réalisés par la communauté d'Amara.org", SURE, 0.99, False),
        ("ご視聴ありがとうございました", MUMBLED, 0.9, False),
        (" . . . ", SURE, 0.9, False),
        ("♪", SURE, 0.9, False),
    ],
)
def test_segments_are_believed_on_evidence(
    text: str, evidence: Evidence, confidence: float, kept: bool
) -> None:
    assert believable(segment(text, confidence), evidence) is kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("no no no no", "no no no no"),
        ("no no no no no no no no", "no"),
        ("we go we go we go", "we go we go we go"),
        ("and we go we go we go we go home", "and we go home"),
        ("click save click save", "click save click save"),
        ("open the file and open the file and", "open the file and open the file and"),
        ("open the file and Open the file, and open the file and", "open the file and"),
        ("one two three four", "one two three four"),
        ("", ""),
    ],
)
def test_loops_are_said_once(said: str, kept: str) -> None:
    assert without_loops(segment(said)).text == kept


def test_a_loop_keeps_the_times_of_its_first_round() -> None:
    looped = without_loops(segment("stop " + "press the button " * 5))
    assert [word.start for word in looped.words] == pytest.approx([0, 0.3, 0.6, 0.9])
    assert looped.end == pytest.approx(1.2)


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=40))
def test_nothing_is_added_and_what_is_settled_stays_settled(words: list[str]) -> None:
    once = without_loops(segment(" ".join(words)))
    assert len(once.words) <= len(words)
    assert set(once.text.split()) == set(words)
    assert once.text == " ".join(word.text for word in once.words)


def test_the_same_sentence_for_the_third_time_is_a_loop() -> None:
    line = segment("Please press the red button.")
    assert not repeats([line], line)
    assert repeats([line, segment("please press the red button")], line)
    assert not repeats([line, segment("And now")], line)
    yes = segment("yes")
    assert not repeats([yes] * 3, yes)
    assert repeats([yes] * 4, yes)


def test_repetition_shows_in_compression() -> None:
    assert compression("") == 0.0
    assert compression("We open the settings, choose a microphone and record the screen.") < MOST_COMPRESSION
    assert compression("and the file " * 20) > MOST_COMPRESSION


def test_one_sure_window_settles_the_language() -> None:
    vote = LanguageVote()
    assert vote.language is None
    vote.add({"de": 0.8, "en": 0.2})
    assert (vote.language, vote.settled) == ("de", True)


def test_unsure_windows_vote() -> None:
    vote = LanguageVote()
    vote.add({"ja": 0.4, "en": 0.35, "de": 0.25})
    assert (vote.language, vote.settled) == ("ja", False)
    vote.add({"en": 0.45, "de": 0.4, "ja": 0.15})
    vote.add({"en": 0.4, "de": 0.35, "ja": 0.25})
    assert (vote.language, vote.settled) == ("en", True)


def test_a_given_language_is_never_asked_for() -> None:
    assert LanguageVote("fr").settled
