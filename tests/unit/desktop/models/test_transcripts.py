from itertools import pairwise
from pathlib import Path

import pytest

from desktop.models import transcripts
from desktop.models.session import Problem
from desktop.models.transcripts import Job, Kept, State
from media.transcript import Segment, Transcript, Word

A, B = Path("/r/a.mp4"), Path("/r/b.mp4")


def spoken(*texts: str) -> Transcript:
    """Each text a segment of four seconds, its words a second each."""
    segments = []
    for number, text in enumerate(texts):
        start = 4.0 * number
        words = tuple(Word(start + n, start + n + 1, word, 0.8) for n, word in enumerate(text.split()))
        segments.append(Segment(number, start, start + 4, text, 0.8, words))
    return Transcript("en", tuple(segments), "small", 4.0 * len(texts))


def test_one_after_the_other_in_the_order_in_which_they_came() -> None:
    jobs = transcripts.added(transcripts.added((), A), B)
    assert transcripts.added(jobs, A) == jobs
    assert transcripts.next_of(jobs) == Job(A)
    jobs = transcripts.changed(jobs, A, State.HEARD)
    assert transcripts.next_of(jobs) == Job(B)
    assert [job.path for job in transcripts.added(jobs, A)] == [B, A]  # heard again, at the end


def test_those_that_lacked_a_model_have_their_turn_once_there_is_one() -> None:
    lacking = Problem("There is no model", code=transcripts.NO_MODEL)
    jobs = (Job(A, State.FAILED, problem=lacking), Job(B, State.FAILED, problem=Problem("Broken")))
    assert transcripts.with_model(jobs) == (Job(A), jobs[1])


def test_the_queue_outlives_the_app(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.mp4", "b.mp4", "c.mp4", "gone.mp4")]
    for path in paths[:3]:
        path.touch()
    failed = Job(paths[1], State.FAILED, problem=Problem("Broken", "why", "what to do", code="x"))
    jobs = (Job(paths[0], State.LISTENING, 0.5), failed, Job(paths[2], State.SENT), Job(paths[3]))
    transcripts.save(tmp_path, jobs)
    assert transcripts.load(tmp_path) == (Job(paths[0]), failed)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"path": "x"}]', '[{"path": "x", "state": "no"}]'])
def test_a_queue_that_cannot_be_read_is_empty(tmp_path: Path, text: str) -> None:
    (tmp_path / transcripts.FILE).write_text(text)
    assert transcripts.load(tmp_path) == ()


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    video = tmp_path / "takes" / "a.mp4"
    transcripts.transcript_path(video).mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        transcripts.write(video, Kept(spoken("Hello")))
    assert [path.name for path in video.parent.iterdir()] == ["a.mp4.transcript.json"]


def test_what_was_said_lies_beside_the_recording(tmp_path: Path) -> None:
    video = tmp_path / "talk.mp4"
    assert transcripts.read(video) is None
    kept = Kept(spoken("hello there"), edited=True)
    transcripts.write(video, kept)
    assert transcripts.read(video) == kept
    transcripts.transcript_path(video).write_text("{")
    assert transcripts.read(video) is None


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("please open the doors", [0, 1, 2, 3]),  # one word is another
        ("please open doors", [0, 1, 2]),  # one is there for two
        ("please do open the settings", [0, 1, 1, 2, 3]),  # one is new, where there is no room
        ("settings", [3]),
        ("", []),
    ],
)
def test_words_that_stay_keep_their_times(text: str, times: list[float]) -> None:
    before = spoken("please open the settings", "and close it")
    after = transcripts.corrected(before, 0, text)
    words = after.segments[0].words
    assert " ".join(word.text for word in words) == text
    if text != "please do open the settings":
        assert [word.start for word in words] == times
    assert all(a.end <= b.start + 1e-9 for a, b in pairwise(words))
    assert Transcript.from_dict(after.as_dict()).text == after.text
    assert after.segments[1] == before.segments[1]


def test_each_state_has_words() -> None:
    for state in State:
        assert transcripts.words(Job(A, state))
    assert "while you record" in transcripts.words(Job(A), recording=True)
    assert transcripts.words(Job(A, State.FAILED, problem=Problem("Broken"))) == "Broken"
