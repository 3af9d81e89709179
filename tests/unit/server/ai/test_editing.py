"""Corrections: words keep their times, and a second listening does not undo what people did."""

from media.transcript import Segment, Transcript, Word
from server.ai.editing import Entry, aligned, numbered, reworded, spoken, with_edits_kept
from server.ai.models import TranscriptionRow
from server.ai.rows import merged


def said(start: float, *words: str, number: int = 0) -> Segment:
    """Half a second for each word."""
    timed = tuple(Word(start + n / 2, start + n / 2 + 0.5, word, 0.5) for n, word in enumerate(words))
    return Segment(number, start, start + len(words) / 2, " ".join(words), 0.5, timed)


def test_a_word_that_stays_keeps_its_time_and_a_new_one_takes_that_of_the_old() -> None:
    words = aligned(said(10.0, "open", "the", "seedings", "now"), "Open the settings now!")
    assert [word.text for word in words] == ["Open", "the", "settings", "now!"]
    assert [word.start for word in words] == [10.0, 10.5, 11.0, 11.5]
    assert [word.confidence for word in words] == [0.5, 0.5, 1.0, 0.5]


def test_words_that_are_put_in_lie_between_their_neighbours() -> None:
    words = aligned(said(0.0, "open", "settings"), "open all of the settings")
    assert [word.start for word in words] == sorted(word.start for word in words)
    assert all(0.0 <= word.start <= word.end <= 1.0 for word in words)


def test_a_line_without_word_times_gets_even_ones() -> None:
    words = aligned(Segment(0, 4.0, 6.0, "old"), "two words")
    assert [(word.start, word.end) for word in words] == [(4.0, 5.0), (5.0, 6.0)]


def test_the_first_original_is_kept_over_many_corrections_and_forgotten_when_it_comes_back() -> None:
    entry = reworded(reworded(Entry(said(0.0, "a", "b")), "a c"), "a d")
    assert entry.original == "a b"
    assert not reworded(entry, "a b").edited


def test_with_the_same_sound_a_correction_stays_whatever_the_machine_hears_now() -> None:
    old = numbered([said(0.0, "hello", "word"), said(5.0, "good", "by")])
    corrected = (old[0], reworded(old[1], "goodbye"))
    new = [said(0.0, "hello", "world"), said(4.9, "food"), said(5.5, "buy")]
    kept = with_edits_kept(corrected, new, same_sound=True)
    assert [entry.segment.text for entry in kept] == ["hello world", "goodbye"]
    assert [entry.segment.id for entry in kept] == [0, 1]
    assert kept[1].original == "good by"


def test_with_another_sound_only_what_was_heard_again_keeps_its_correction() -> None:
    old = numbered([said(0.0, "good", "by"), said(5.0, "see", "you")])
    corrected = tuple(reworded(entry, entry.segment.text + " all") for entry in old)
    new = [said(0.1, "Good", "by."), said(5.0, "something", "else")]
    kept = with_edits_kept(corrected, new, same_sound=False)
    assert [entry.segment.text for entry in kept] == ["good by all", "something else"]


def test_what_somebody_removed_does_not_come_back() -> None:
    old = numbered([said(0.0, "thanks", "for", "watching"), said(5.0, "real")])
    corrected = (reworded(old[0], ""), old[1])
    kept = with_edits_kept(
        corrected, [said(0.0, "thanks", "for", "watching"), said(5.0, "real")], same_sound=True
    )
    assert [segment.text for segment in spoken(kept)] == ["real"]
    assert len(kept) == 2


def test_what_was_heard_before_all_was_here_is_the_same_sound() -> None:
    corrected = [reworded(entry, "hello world").to_json() for entry in numbered([said(0.0, "hello", "word")])]
    new = Transcript("en", (said(0.0, "yellow", "bird"),))
    for known, now, text in (
        (None, "a", "hello world"),
        ("a", "a", "hello world"),
        ("a", "b", "yellow bird"),
    ):
        (entry,) = merged(TranscriptionRow(segments=corrected, sound_sha256=known), new, now)
        assert entry.segment.text == text
