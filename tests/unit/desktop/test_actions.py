"""Actions and who carries them out."""

import pytest
from pytestqt.qtbot import QtBot

from desktop.actions import Actions
from desktop.models.actions import Action


def test_an_action_goes_to_its_one_handler(qtbot: QtBot) -> None:
    actions, did = Actions(), []
    actions.handle(Action.MUTE, lambda: did.append("muted"))
    with qtbot.waitSignal(actions.performed) as told:
        actions.perform(Action.MUTE)
    assert did == ["muted"]
    assert told.args == [Action.MUTE]


def test_an_action_has_no_second_handler_and_may_have_none(qtbot: QtBot) -> None:
    actions = Actions()
    actions.perform(Action.DRAW)
    actions.handle(Action.DRAW, lambda: None)
    with pytest.raises(ValueError, match="draw"):
        actions.handle(Action.DRAW, lambda: None)
