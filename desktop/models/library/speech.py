"""Writing down what is said in recordings, as the library offers it and tells how far it is. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.i18n import tr
from desktop.models.library.commands import Command
from desktop.models.library.items import Item, Standing
from desktop.models.session import Problem
from desktop.models.transcripts import NO_MODEL, NOT_KEPT, NOT_SENT, Job, State

Jobs = Mapping[Path, Job]
_UNDER_WAY = frozenset({State.WAITING, State.LISTENING})


@dataclass(frozen=True, slots=True)
class Offer:
    """`words` name the command for what is chosen; `why_not` says why it cannot be done now."""

    words: str
    commands: frozenset[Command] = frozenset()
    why_not: str = ""

    @property
    def text(self) -> str:
        """With the reason, where it is grey."""
        if not self.why_not:
            return self.words
        return tr("{command} ({why})", command=self.words, why=self.why_not)


def offer(items: Sequence[Item], jobs: Jobs) -> Offer:
    """For what is chosen; there is nothing to say of what lies in the trash."""
    anew = bool(items) and all(_is_heard(item, jobs) for item in items)
    words = tr("&Write down anew") if anew else tr("&Write down what is said")
    if not items or any(item.trashed_at is not None for item in items):
        return Offer(words)
    can = bool(wanted(items, jobs))
    given = {
        Command.TRANSCRIBE: can,
        Command.STOP_TRANSCRIBING: bool(under_way(items, jobs)),
        Command.TRANSCRIPT: len(items) == 1 and bool(items[0].said or _job(items[0], jobs)),
    }
    commands = frozenset(command for command, there in given.items() if there)
    return Offer(words, commands, "" if can else _why_not(items, jobs))


def wanted(items: Sequence[Item], jobs: Jobs) -> list[Path]:
    """The files to listen to: those of which nothing is written down yet, or else all of them anew. None
    where one of them is not here."""
    here = [item for item in items if item.path and item.standing is not Standing.RECORDING]
    idle = [item for item in here if not _under_way(item, jobs)]
    if len(here) < len(items):
        return []
    return [item.path for item in [one for one in idle if not _is_heard(one, jobs)] or idle if item.path]


def under_way(items: Sequence[Item], jobs: Jobs) -> list[Path]:
    """The files that are listened to, or wait for that."""
    return [item.path for item in items if item.path and _under_way(item, jobs)]


def speech_words(job: Job | None, *, recording: bool = False) -> str:
    """What a card says of it; nothing where nothing is to be said."""
    if job is None:
        return ""
    if job.problem and job.problem.code == NO_MODEL:
        return tr("Waits for a speech model")
    if job.state is State.FAILED:
        return _failed(job.problem)
    if job.state in (State.HEARD, State.SENT):
        return tr("Nobody is heard to speak in it") if job.silent else ""
    if recording:
        return tr("Waits while you record")
    listening = tr("Writing down, {percent} %", percent=round(100 * job.fraction))
    return listening if job.state is State.LISTENING else tr("Waits to be written down")


def _failed(problem: Problem | None) -> str:
    why = problem.title if problem else tr("Failed")
    if problem and problem.code == NOT_SENT:
        return tr("Its transcript was not sent: {why}", why=why)
    if problem and problem.code == NOT_KEPT:
        return why
    return tr("Not written down: {why}", why=why)


def speech_percent(job: Job | None) -> int | None:
    """How much of it was heard, while it is listened to."""
    return round(100 * job.fraction) if job is not None and job.state is State.LISTENING else None


def _why_not(items: Sequence[Item], jobs: Jobs) -> str:
    if any(item.standing is Standing.RECORDING for item in items):
        return tr("when its recording has ended")
    if all(_under_way(item, jobs) for item in items):
        return tr("under way")
    if len(items) > 1:
        return tr("some are not on this computer")
    return tr("not on this computer")


def _is_heard(item: Item, jobs: Jobs) -> bool:
    """Also where nobody speaks in it."""
    job = _job(item, jobs)
    return bool(item.said) or (job is not None and job.state in (State.HEARD, State.SENT))


def _under_way(item: Item, jobs: Jobs) -> bool:
    job = _job(item, jobs)
    return job is not None and job.state in _UNDER_WAY


def _job(item: Item, jobs: Jobs) -> Job | None:
    return jobs.get(item.path) if item.path else None
