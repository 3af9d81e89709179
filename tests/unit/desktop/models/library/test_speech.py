"""What the library offers of writing down what is said, and what its cards say of it."""

from pathlib import Path
from typing import Any

import pytest

from desktop.models.library.commands import Command
from desktop.models.library.items import Item, Standing
from desktop.models.library.speech import Offer, offer, speech_percent, speech_words, wanted
from desktop.models.library.wording import state_line
from desktop.models.session import Problem
from desktop.models.transcripts import NO_MODEL, NOT_SENT, Job, State
from tests.support.items import item

A, B = Path("/takes/a.mp4"), Path("/takes/b.mp4")
WRITE, STOP, SHOW = Command.TRANSCRIBE, Command.STOP_TRANSCRIBING, Command.TRANSCRIPT
NEW, ANEW = "&Write down what is said", "&Write down anew"


def here(path: Path = A, **given: Any) -> Item:
    return item(1, path=path, **given)


@pytest.mark.parametrize(
    ("items", "job", "expected"),
    [
        ([here()], None, Offer(NEW, frozenset({WRITE}))),
        ([here(said=7)], None, Offer(ANEW, frozenset({WRITE, SHOW}))),
        ([here(), here(B, said=7)], None, Offer(NEW, frozenset({WRITE}))),
        ([item(1)], None, Offer(NEW, why_not="not on this computer")),
        ([item(1, said=7)], None, Offer(ANEW, frozenset({SHOW}), "not on this computer")),
        ([here(), item(2)], None, Offer(NEW, why_not="some are not on this computer")),
        (
            [here(standing=Standing.RECORDING)],
            None,
            Offer(NEW, why_not="when its recording has ended"),
        ),
        ([here()], State.LISTENING, Offer(NEW, frozenset({STOP, SHOW}), "under way")),
        ([here()], State.FAILED, Offer(NEW, frozenset({WRITE, SHOW}))),
        ([here(trashed_at=1.0)], None, Offer(NEW)),
        ([], None, Offer(NEW)),
    ],
)
def test_what_is_offered(items: list[Item], job: State | None, expected: Offer) -> None:
    jobs = {A: Job(A, job)} if job else {}
    assert offer(items, jobs) == expected


def test_what_is_grey_says_why() -> None:
    assert offer([item(1)], {}).text == "&Write down what is said (not on this computer)"
    assert offer([here()], {}).text == "&Write down what is said"


def test_of_several_those_are_heard_that_nobody_has_written_down() -> None:
    assert wanted([here(said=7), here(B)], {}) == [B]
    assert wanted([here(said=7), here(B, said=8)], {}) == [A, B]
    assert wanted([here(), here(B)], {A: Job(A)}) == [B]
    silent = {A: Job(A, State.HEARD, silent=True)}
    assert wanted([here(), here(B)], silent) == [B]
    assert offer([here()], silent).words == ANEW


def test_a_card_says_first_what_is_news_but_a_failure_before_that() -> None:
    assert state_line(here(standing=Standing.LOCAL), "Writing") == "Writing · On this computer only"
    assert state_line(here(standing=Standing.FAILED), "Writing") == "Failed · Writing"


def test_a_card_says_how_far_it_is() -> None:
    def of(state: State, fraction: float = 0.0, problem: Problem | None = None) -> Job:
        return Job(A, state, fraction, problem)

    assert speech_words(None) == ""
    assert speech_words(of(State.WAITING)) == "Waits to be written down"
    assert speech_words(of(State.LISTENING, 0.424)) == "Writing down, 42 %"
    assert speech_words(of(State.LISTENING, 0.424), recording=True) == "Waits while you record"
    assert speech_words(of(State.HEARD)) == speech_words(of(State.SENT)) == ""
    failed = of(State.FAILED, problem=Problem("There is no sound in it"))
    assert speech_words(failed) == "Not written down: There is no sound in it"
    not_sent = of(State.FAILED, problem=Problem("The server has no such recording", code=NOT_SENT))
    assert speech_words(not_sent) == "Its transcript was not sent: The server has no such recording"
    no_model = of(State.FAILED, problem=Problem("It is not on this machine", code=NO_MODEL))
    assert speech_words(no_model) == "Waits for a speech model"
    assert [speech_percent(of(state, 0.5)) for state in (State.LISTENING, State.FAILED)] == [50, None]
