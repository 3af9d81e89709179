"""What is written down on this computer: the queue, the file beside each recording, corrections. No Qt."""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from pathlib import Path
from typing import Any

from desktop.i18n import tr
from desktop.models.session import Problem
from media.errors import TranscriptError
from media.transcript import Segment, Transcript, Word, clean

FILE = "transcripts.json"
NO_MODEL, NOT_SENT, NOT_KEPT = "no_model", "not_sent", "not_kept"  # codes of problems


class State(StrEnum):
    """What becomes of one recording's words."""

    WAITING = "waiting"  # for its turn
    LISTENING = "listening"
    HEARD = "heard"  # lies beside the recording, and goes to the server when that has the recording
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """One recording. `fraction` is how much was heard, 0 to 1; `silent`: nobody speaks in it."""

    path: Path
    state: State = State.WAITING
    fraction: float = 0.0
    problem: Problem | None = None
    silent: bool = False


Jobs = tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """The file beside a recording; `edited` by a person."""

    transcript: Transcript
    edited: bool = False

    def as_dict(self) -> dict[str, Any]:
        """As it is kept and as the server takes it."""
        return {**self.transcript.as_dict(), "source": "edited" if self.edited else "desktop"}


def added(jobs: Jobs, path: Path) -> Jobs:
    """With one more at the end; one that is there already is heard again, unless its turn comes anyway."""
    there = find(jobs, path)
    if there is not None and there.state in (State.WAITING, State.LISTENING):
        return jobs
    return (*without(jobs, path), Job(path))


def without(jobs: Jobs, path: Path) -> Jobs:
    return tuple(job for job in jobs if job.path != path)


def find(jobs: Iterable[Job], path: Path) -> Job | None:
    return next((job for job in jobs if job.path == path), None)


def changed(
    jobs: Jobs, path: Path, state: State, *, fraction: float = 0.0, problem: Problem | None = None
) -> Jobs:
    """With another state of one of them; nothing changes where it is not there any more."""
    return tuple(
        replace(job, state=state, fraction=fraction, problem=problem) if job.path == path else job
        for job in jobs
    )


def kept(jobs: Jobs, path: Path, *, silent: bool) -> Jobs:
    """It is written down; one that was not in the queue is from now on."""
    others = jobs if find(jobs, path) else (*jobs, Job(path))
    heard = Job(path, State.HEARD, 1.0, silent=silent)
    return tuple(heard if job.path == path else job for job in others)


def next_of(jobs: Iterable[Job]) -> Job | None:
    """Whose turn it is: one at a time, in the order in which they came."""
    return next((job for job in jobs if job.state is State.WAITING), None)


def with_model(jobs: Jobs) -> Jobs:
    """Now that there is a model, those that lacked one have their turn."""
    return tuple(
        Job(job.path) if job.problem is not None and job.problem.code == NO_MODEL else job for job in jobs
    )


def words(job: Job, *, recording: bool = False) -> str:
    """Its state, as a list shows it."""
    if job.state is State.FAILED:
        return job.problem.title if job.problem else tr("Failed")
    if recording and job.state in (State.WAITING, State.LISTENING):
        return tr("Waits while you record")
    if job.silent:
        return tr("Nobody is heard to speak in it")
    return {
        State.WAITING: tr("Waits for its turn"),
        State.LISTENING: tr("Listening, {percent} %", percent=round(100 * job.fraction)),
        State.HEARD: tr("Written down; goes to the server with its recording"),
        State.SENT: tr("Written down, and on the server"),
    }[job.state]


def transcript_path(video: Path) -> Path:
    """Beside the recording."""
    return video.with_name(f"{video.name}.transcript.json")


def read(video: Path) -> Kept | None:
    """What is kept beside a recording; None where nothing is, or nothing that can be read."""
    try:
        told = json.loads(transcript_path(video).read_text(encoding="utf-8"))
        return Kept(Transcript.from_dict(told), told.get("source") == "edited")
    except (OSError, ValueError, TranscriptError):
        return None


def write(video: Path, kept: Kept) -> None:
    """In one step. OSError when the disk refuses."""
    _replace(transcript_path(video), json.dumps(kept.as_dict(), ensure_ascii=False))


def load(home: Path) -> Jobs:
    """The queue as it was left; what was being heard waits again, and recordings that are gone are gone."""
    try:
        rows = json.loads((home / FILE).read_text(encoding="utf-8"))
        jobs = [_job(row) for row in rows]
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    return tuple(job for job in jobs if job.path.exists())


def save(home: Path, jobs: Sequence[Job]) -> None:
    """What is not done yet. OSError when the disk refuses."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    rows = [_row(job) for job in jobs if job.state is not State.SENT]
    _replace(home / FILE, json.dumps(rows, ensure_ascii=False))


def corrected(transcript: Transcript, number: int, text: str) -> Transcript:
    """With another text of one segment. Words that stayed keep their times, others share the room between."""
    segments = tuple(
        _corrected(segment, clean(text)) if segment.id == number else segment
        for segment in transcript.segments
    )
    return replace(transcript, segments=segments)


def _corrected(segment: Segment, text: str) -> Segment:
    if text == segment.text or not segment.words:
        return replace(segment, text=text, confidence=1.0 if text != segment.text else segment.confidence)
    before, after = [word.text for word in segment.words], text.split()
    words: list[Word] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            words += segment.words[i1:i2]
        else:
            start = words[-1].end if words else segment.start
            end = segment.words[i2].start if i2 < len(segment.words) else segment.end
            words += _spread(after[j1:j2], start, max(start, end))
    return replace(segment, text=text, confidence=1.0, words=tuple(words))


def _spread(texts: Sequence[str], start: float, end: float) -> list[Word]:
    step = (end - start) / max(1, len(texts))
    return [Word(start + n * step, start + (n + 1) * step, text) for n, text in enumerate(texts)]


def _job(row: dict[str, Any]) -> Job:
    state, problem = State(row["state"]), Problem(**row["problem"]) if row.get("problem") else None
    if state is State.LISTENING or (problem is not None and problem.code == NOT_KEPT):
        state, problem = State.WAITING, None  # what was heard is gone with the app that heard it
    return Job(
        Path(row["path"]),
        state,
        problem=problem,
        silent=bool(row.get("silent")),
    )


def _row(job: Job) -> dict[str, Any]:
    problem = asdict(job.problem) if job.problem else None
    return {"path": str(job.path), "state": job.state, "problem": problem, "silent": job.silent}


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)  # what a full disk took of it
        raise
