"""What a transcription in a process of its own tells."""

import contextlib
import io
import json
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from desktop.errors import HeddleError
from desktop.speech.process import Transcription
from media.captions import Transcript
from media.jsonlines import LONGEST
from tests.support.fuzzing import JSON, fuzzed, nearly

WORD = {"text": "word", "start": 0.0, "end": 1.0, "confidence": 0.5}
EVENT = st.fixed_dictionaries(
    {"event": st.sampled_from(["ready", "progress", "segment", "done", "failed"]) | JSON},
    optional=dict.fromkeys(("fraction", "segment", "transcript", "title", "detail", "hint"), JSON),
)


class Process:
    """One that has said all it will and is gone."""

    def __init__(self, said: list[str]) -> None:
        self.stdout, self.stderr = io.StringIO("\n".join(said)), io.StringIO("killed")

    def wait(self) -> int:
        return -9


def listen(said: list[str]) -> tuple[list[dict[str, Any]], Transcript]:
    one = Transcription(cast("Any", Process(said)))
    return list(one), one.transcript


@fuzzed
@given(st.lists(EVENT.map(json.dumps) | nearly('{"event":', '"done"', "}", "[", "9" * 5000), max_size=6))
def test_whatever_a_transcription_says_it_is_an_event_a_text_or_an_error(said: list[str]) -> None:
    with contextlib.suppress(HeddleError):
        events, transcript = listen(said)
        assert isinstance(transcript, Transcript)
        assert {event["event"] for event in events} <= {"ready", "progress", "segment"}


def test_all_words_of_a_long_day_fit_into_a_line() -> None:
    segment = {"id": 0, "text": "x", "start": 0.0, "end": 1.0, "words": [WORD] * 100}
    transcript = {"language": "en", "segments": [segment | {"id": number} for number in range(200)]}
    line = json.dumps({"event": "done", "transcript": transcript})
    assert len(line) > LONGEST
    assert len(listen([line])[1].segments) == 200
