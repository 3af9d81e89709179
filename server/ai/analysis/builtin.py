"""The analysis that needs no network and no model: the same transcript gives the same findings."""

from collections.abc import Sequence
from datetime import date

from media.transcript import Transcript
from server.ai.analysis.actions import action_items_of
from server.ai.analysis.chapters import chapters_of
from server.ai.analysis.entities import entities_of
from server.ai.analysis.findings import Findings
from server.ai.analysis.keywords import topics_of
from server.ai.analysis.ranking import summarise
from server.ai.analysis.sentences import sentences_of
from server.ai.analysis.sentiment import sentiment_of
from server.ai.analysis.titles import title_of
from server.ai.analysis.words import vocabulary

MODEL = "extractive-1"
# More than a day of speech; what is behind is not looked at.
MOST_SENTENCES = 12_000
NO_SPEECH = "Nothing was said in this recording."
CUT = f"Only the first {MOST_SENTENCES} sentences were analysed."
UNKNOWN_LANGUAGE = "The built-in analysis has no word lists for this language; topics and chapters are rough."


def analyse(
    transcript: Transcript,
    *,
    duration_s: float = 0.0,
    scenes: Sequence[float] = (),
    recorded_on: date | None = None,
) -> Findings:
    """Seconds of work for hours of speech: call it in a thread.

    `scenes` are the moments at which the picture changes, in seconds; `recorded_on` gives days such as
    "Friday" a date. Without a `duration_s` the video ends with its last word.
    """
    words = vocabulary(transcript.language)
    sentences = sentences_of(transcript, words)
    if not sentences:
        return Findings(language=words.code, notes=(NO_SPEECH,))
    notes = [CUT] if len(sentences) > MOST_SENTENCES else []
    sentences = sentences[:MOST_SENTENCES]
    if not words.known:
        notes.append(UNKNOWN_LANGUAGE)
    topics = topics_of(sentences, words)
    sentiment, why_not = sentiment_of(sentences, words.code)
    return Findings(
        language=words.code,
        title=title_of(sentences, topics),
        summary=summarise(sentences),
        topics=topics,
        entities=entities_of(sentences, words),
        action_items=action_items_of(sentences, recorded_on=recorded_on),
        chapters=chapters_of(
            sentences,
            words,
            duration_s=max(duration_s or transcript.duration_s, sentences[-1].end),
            scenes=sorted(scenes),
        ),
        sentiment=sentiment,
        notes=(*notes, *([why_not] if why_not else [])),
    )
