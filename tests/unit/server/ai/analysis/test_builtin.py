"""The built-in analysis: what it finds in real sentences, and that everything it says can be looked up."""

import importlib.util
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.transcript import Segment, Transcript, Word
from server.ai.analysis import builtin, sentiment
from server.ai.analysis.builtin import NO_SPEECH, UNKNOWN_LANGUAGE, analyse
from server.ai.analysis.findings import EntityType, Findings, Mention
from tests.support.services import unavailable
from tests.support.talks import DEPLOYMENT, said

RECORDED = date(2026, 11, 21)  # a Saturday


@pytest.fixture(scope="module")
def talk() -> Transcript:
    return said(DEPLOYMENT)


@pytest.fixture(scope="module")
def found(talk: Transcript) -> Findings:
    return analyse(talk, recorded_on=RECORDED)


def mentions(found: Findings) -> Iterator[Mention]:
    for thing in (*found.topics, *found.entities):
        yield from thing.mentions
    yield from (thing.mention for thing in (*found.summary, *found.action_items))


def test_the_same_transcript_gives_the_same_findings(talk: Transcript, found: Findings) -> None:
    assert analyse(talk, recorded_on=RECORDED) == found


def test_everything_points_to_where_it_was_said(talk: Transcript, found: Findings) -> None:
    segments = {segment.id: segment for segment in talk.segments}
    all_of_them = list(mentions(found))
    assert len(all_of_them) > 40
    for mention in all_of_them:
        assert 0 <= mention.start <= mention.end <= talk.duration_s
        assert mention.segments
        assert all(
            segments[number].start <= mention.end and segments[number].end >= mention.start
            for number in mention.segments
        )


def test_a_quote_is_really_said_at_its_time(talk: Transcript, found: Findings) -> None:
    for quote in found.summary:
        words = [
            word.text
            for segment in talk.segments
            for word in segment.words
            if quote.mention.start - 0.01 <= word.start < quote.mention.end
        ]
        assert " ".join(words) == quote.text


def test_the_title_is_what_the_speaker_announced(found: Findings) -> None:
    assert found.title == "How to deploy the billing service to our cluster"


def test_topics_are_what_it_is_about(found: Findings) -> None:
    names = [topic.text for topic in found.topics]
    assert names[0] == "billing service"
    assert {"cluster", "migration", "deployment"} <= {name.removesuffix("s") for name in names}
    assert [topic.score for topic in found.topics] == sorted((t.score for t in found.topics), reverse=True)


def test_entities_have_their_kinds(found: Findings) -> None:
    kinds = {(entity.type, entity.text) for entity in found.entities}
    assert kinds >= {
        (EntityType.PERSON, "Anna Berg"),
        (EntityType.NAME, "Kubernetes"),
        (EntityType.NAME, "Frankfurt"),
        (EntityType.MONEY, "$12,500"),
        (EntityType.MONEY, "800 euros"),
        (EntityType.URL, "https://status.example.com/cluster"),
        (EntityType.EMAIL, "ops@example.com"),
        (EntityType.TICKET, "BILL-231"),
        (EntityType.VERSION, "version 2.4.1"),
        (EntityType.DATE, "November 30th"),
        (EntityType.TIME, "2 am"),
        (EntityType.NUMBER, "64 gigabytes"),
    }


def test_action_items_say_who_and_when(found: Findings) -> None:
    items = {item.text: (item.assignee, item.due, item.due_date) for item in found.action_items}
    assert items == {
        "We need to move the database first.": ("we", None, None),
        "I'll write the migration script by Friday.": ("I", "by Friday", "2026-11-27"),
        "Tom will review the script.": ("Tom", None, None),
        "Maria, please schedule a test of the migration on November 30th.": (
            "Maria",
            "on November 30th",
            "2026-11-30",
        ),
        "Don't forget to update the alert rules before the release of version 2.4.1.": (None, None, None),
    }


@pytest.mark.parametrize(
    "narration",
    [
        "Let's look at the settings now.",
        "I'll show you how this works.",
        "I'm going to click on the button.",
        "You should see the window here.",
        "File size is shown below.",
        "We want to do this every day without trouble.",
        "Can you see my screen?",
        "Test results are green.",
    ],
)
def test_narration_is_no_action_item(narration: str) -> None:
    assert analyse(said(narration)).action_items == ()


@pytest.mark.parametrize(
    ("language", "text", "who"),
    [
        ("de", "Ich werde morgen die Rechnung schicken.", None),
        ("fr", "Nous devons envoyer la facture.", None),
        ("es", "Tenemos que enviar la factura.", None),
        ("en", "Todo: rename the folder.", None),
        ("en", "Could you send the invoice to Peter by tomorrow?", "you"),
    ],
)
def test_action_items_of_other_forms(language: str, text: str, who: str | None) -> None:
    [item] = analyse(said(text, language=language), recorded_on=RECORDED).action_items
    assert item.assignee == who


def test_chapters_follow_the_subject_and_cover_the_video(talk: Transcript, found: Findings) -> None:
    chapters = found.chapters
    paragraphs = [talk.segments[number].start for number in (1, 8, 15, 22)]
    assert chapters[0].start == 0
    assert chapters[-1].end == talk.duration_s
    assert all(one.end == other.start for one, other in pairwise(chapters))
    assert all(any(abs(one.start - start) < 3 for start in paragraphs) for one in chapters[1:])
    assert len({chapter.title for chapter in chapters}) == len(chapters) >= 3
    assert "Cluster" in chapters[1].title


def test_a_change_of_the_picture_places_a_chapter_exactly(talk: Transcript) -> None:
    scene = round(talk.segments[8].start - 1.2, 3)
    assert scene in [chapter.start for chapter in analyse(talk, scenes=[scene]).chapters]


def test_a_short_recording_has_no_chapters() -> None:
    assert (
        analyse(said("We fixed the login. It works now. Please try it again. Thank you all.")).chapters == ()
    )


@pytest.mark.parametrize("words", [True, False])
def test_sentences_are_found_by_pauses_where_there_is_no_punctuation(words: bool) -> None:
    transcript = said(DEPLOYMENT, punctuated=False, words=words)
    found = analyse(transcript, recorded_on=RECORDED)
    starts = {round(segment.start, 3) for segment in transcript.segments}
    assert all(quote.mention.start in starts for quote in found.summary)
    assert "I'll write the migration script by friday." in {item.text for item in found.action_items}
    assert found.title == "How to deploy the billing service to our cluster"
    assert len(found.chapters) >= 3


def test_one_endless_segment_without_words_or_marks_is_cut_into_sentences() -> None:
    plain = " ".join(said(DEPLOYMENT, punctuated=False).text.split())
    found = analyse(Transcript("en", (Segment(7, 0.0, 140.0, plain),)))
    assert found.summary
    assert all(len(quote.text.split()) <= 45 for quote in found.summary)
    assert all(mention.segments == (7,) for mention in mentions(found))


def test_sentiment_is_between_its_ends_and_has_a_sign() -> None:
    if importlib.util.find_spec("vaderSentiment") is None:
        unavailable("vaderSentiment, of the extra `ai`")
    glad = analyse(
        said("I love this. It is a wonderful, excellent release and everybody is happy.")
    ).sentiment
    sad = analyse(said("This is a terrible failure. I hate it, everything is broken and awful.")).sentiment
    assert glad is not None
    assert sad is not None
    assert -1 <= sad < -0.3 < 0.3 < glad <= 1


def test_sentiment_of_other_languages_is_null_and_said() -> None:
    found = analyse(said("Das ist ein wunderbarer Tag. Wir freuen uns sehr.", language="de"))
    assert found.sentiment is None
    assert sentiment.NO_LANGUAGE in found.notes


def test_without_the_library_sentiment_is_null_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentiment, "_analyser", lambda: None)
    found = analyse(said("This is great."))
    assert (found.sentiment, found.notes) == (None, (sentiment.NO_LIBRARY,))


def test_german_is_stemmed_and_its_stop_words_are_known() -> None:
    text = (
        "Heute sprechen wir über die Rechnungen. Jede Rechnung wird am Abend erstellt. Die Rechnungen werden "
        "geprüft. Der Server verschickt die Rechnungen an die Kunden der Berg GmbH. Die Kunden "
        "bezahlen die Rechnung."
    )
    found = analyse(said(text, language="de-AT"))
    assert found.language == "de"
    assert found.topics[0].text.startswith("Rechnung")
    assert found.topics[0].count == 5
    assert (EntityType.ORGANISATION, "Berg GmbH") in {(one.type, one.text) for one in found.entities}
    assert not [one for one in found.entities if one.type is EntityType.NAME]


def test_a_language_without_word_lists_is_analysed_and_said() -> None:
    found = analyse(said("Vandaag werk ek saam met die nuwe stelsel. Die stelsel werk goed.", language="af"))
    assert UNKNOWN_LANGUAGE in found.notes
    assert found.summary


def test_scripts_without_spaces_are_compared_by_pairs_of_characters() -> None:
    pieces = ["我们今天讨论数据库迁移。", "数据库迁移需要一个小时。", "服务器在法兰克福。", "数据库很大。"]
    segments = tuple(Segment(n, n * 3.0, n * 3.0 + 2.5, text) for n, text in enumerate(pieces))
    found = analyse(Transcript("zh", segments))
    assert found.summary[0].text in pieces
    assert "数据" in found.topics[0].text


@pytest.mark.parametrize("segments", [(), (Segment(0, 0.0, 1.0, " "),)])
def test_silence_is_said(segments: tuple[Segment, ...]) -> None:
    found = analyse(Transcript("en", segments, duration_s=9.0))
    assert found == Findings("en", notes=(NO_SPEECH,))


def test_a_very_long_talk_is_cut_and_said(monkeypatch: pytest.MonkeyPatch, talk: Transcript) -> None:
    monkeypatch.setattr(builtin, "MOST_SENTENCES", 5)
    found = analyse(talk)
    assert builtin.CUT in found.notes
    assert all(mention.start <= talk.segments[4].end for mention in mentions(found))


def test_more_sentences_than_one_graph_takes_are_ranked_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.ai.analysis.ranking._MOST", 10)
    assert len(analyse(said(DEPLOYMENT)).summary) == 3


def test_words_that_never_end_cost_no_time() -> None:
    text = " ".join(["a" * 9_000, "1." * 4_000, "http://" * 1_000, "A " * 2_000, "ich werde " + "x" * 5_000])
    found = analyse(Transcript("de", tuple(Segment(n, n * 1.0, n + 1.0, text) for n in range(3))))
    assert found.summary


TEXTS = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=60)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 5), TEXTS, st.booleans()), max_size=12), TEXTS)
def test_any_text_at_all_is_analysed(pieces: list[tuple[float, float, str, bool]], language: str) -> None:
    segments, at = [], 0.0
    for number, (gap, length, text, timed) in enumerate(pieces):
        start, end = at + gap, at + gap + length
        words = tuple(Word(start, end, word) for word in text.split()) if timed else ()
        segments.append(Segment(number, start, end, text, 0.5, words))
        at = end
    found = analyse(Transcript(language, tuple(segments), duration_s=at + 100))
    assert all(0 <= mention.start <= mention.end <= at + 0.001 for mention in mentions(found))
    assert found.sentiment is None or -1 <= found.sentiment <= 1
