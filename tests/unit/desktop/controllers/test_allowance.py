"""What the plan says to the next recording is known before it begins, and said when it does."""

from typing import Any

import pytest
from PySide6.QtGui import QIcon

from desktop.accounts import allowance as asked
from desktop.context import Context
from desktop.controllers.allowance import Allowance
from desktop.models.session import PLAN_FULL, Phase, Problem, Session
from desktop.views.tray import Tray

NO = Problem("The plan takes no new recording now", "Wait.", "It stays here.", "warning", PLAN_FULL)


class Plan:
    """What the server says."""

    def __init__(self) -> None:
        self.says: Problem | None = None
        self.asked = 0

    async def refusal(self, _server: str) -> Problem | None:
        self.asked += 1
        return self.says


@pytest.fixture
def plan(context: Context, monkeypatch: pytest.MonkeyPatch) -> Plan:
    made = Plan()
    monkeypatch.setattr(asked, "refusal", made.refusal)
    context.settings.change(server="http://server.test")
    return made


@pytest.fixture
def told(context: Context) -> list[Problem]:
    heard: list[Problem] = []
    context.messages.told.connect(heard.append)
    return heard


def begin(context: Context, phase: Phase = Phase.COUNTING) -> None:
    context.bridge.changed.emit(Session(phase))


def test_what_is_known_is_said_at_the_beginning_of_each_take_once(
    context: Context, plan: Plan, told: list[Problem], qtbot: Any
) -> None:
    allowance = Allowance(context)
    tray = Tray(QIcon())
    allowance.changed.connect(tray.show_notice)
    plan.says = NO
    with qtbot.waitSignal(allowance.changed, timeout=30_000):
        allowance.look()
    assert (allowance.problem, told) == (NO, [])
    assert tray.notice.isVisible()
    assert tray.notice.text() == NO.title
    begin(context)
    assert told == [NO], "while it is counted down, before anything is recorded"
    qtbot.waitUntil(lambda: plan.asked == 2, timeout=30_000)
    begin(context, Phase.RECORDING)
    begin(context, Phase.FINISHED)
    plan.says = None
    with qtbot.waitSignal(allowance.changed, timeout=30_000):
        allowance.look()
    assert not tray.notice.isVisible()
    begin(context)
    qtbot.waitUntil(lambda: plan.asked == 4, timeout=30_000)
    assert told == [NO]
    tray.discard()
    tray.deleteLater()


def test_what_is_not_known_is_asked_when_a_take_begins(
    context: Context, plan: Plan, told: list[Problem], qtbot: Any
) -> None:
    Allowance(context)
    plan.says = NO
    begin(context)
    qtbot.waitUntil(lambda: told == [NO], timeout=30_000)


def test_without_a_server_there_is_nothing_to_ask(context: Context, plan: Plan, told: list[Problem]) -> None:
    context.settings.change(server=None)
    allowance = Allowance(context)
    begin(context)
    assert (plan.asked, allowance.problem, told) == (0, None, [])
