"""Which key means which action, and what a person is shown of it."""

from desktop.models import hotkeys
from desktop.models.actions import Action
from desktop.models.chords import Chord, parse
from desktop.models.hotkeys import ALWAYS, DEFAULTS, Hold


def chord(text: str) -> Chord:
    found = parse(text)
    assert found is not None
    return found


def test_the_defaults_are_good_and_none_is_given_twice() -> None:
    wanted, wrong = hotkeys.assignments(DEFAULTS.__getitem__)
    assert wrong == {}
    assert hotkeys.without_doubles(wanted) == (wanted, {})
    assert {Action.RECORD, Action.LAUNCHER, Action.PAUSE, Action.DRAW} <= wanted.keys()


def test_every_action_has_a_default_and_a_title() -> None:
    assert DEFAULTS.keys() == set(Action)
    assert len({hotkeys.title(action) for action in Action}) == len(Action)


def test_keys_of_a_recording_are_taken_only_while_there_is_one() -> None:
    wanted, _ = hotkeys.assignments(DEFAULTS.__getitem__)
    assert hotkeys.due(wanted, recording=False).keys() == wanted.keys() & ALWAYS
    assert hotkeys.due(wanted, recording=True) == wanted


def test_the_first_action_keeps_a_key_that_two_have() -> None:
    wanted = {Action.MUTE: chord("F9"), Action.RECORD: chord("F9"), Action.DRAW: chord("F8")}
    kept, doubles = hotkeys.without_doubles(wanted)
    assert kept == {Action.RECORD: chord("F9"), Action.DRAW: chord("F8")}
    assert doubles == {Action.MUTE: Action.RECORD}
    assert hotkeys.owner(chord("F9"), wanted, but=Action.RECORD) is Action.MUTE


def test_a_row_says_what_became_of_its_key() -> None:
    texts = {**DEFAULTS, Action.MUTE: "Ctrl+Shift+L", Action.PAUSE: "Ctrl+C", Action.QUIT: "F4"}
    wanted, wrong = hotkeys.assignments(texts.__getitem__)
    kept, doubles = hotkeys.without_doubles(wanted)
    rows = hotkeys.table(
        wanted,
        wrong=wrong,
        doubles=doubles,
        refused={Action.QUIT: "Another program has it."},
        held={Action.RECORD},
        named={Action.RECORD: "Ctrl+Umschalt+L"},
    )
    shown = {row.action: row for row in rows}
    assert [row.action for row in rows] == list(Action)
    assert Action.MUTE not in kept
    assert (shown[Action.RECORD].hold, shown[Action.RECORD].named) == (Hold.HELD, "Ctrl+Umschalt+L")
    assert shown[Action.MUTE].hold is Hold.TWICE
    assert hotkeys.title(Action.RECORD) in shown[Action.MUTE].why
    assert (shown[Action.PAUSE].hold, shown[Action.PAUSE].chord) == (Hold.REFUSED, None)
    assert "Every program" in shown[Action.PAUSE].why
    assert shown[Action.QUIT].why == "Another program has it."
    assert shown[Action.DRAW].hold is Hold.WAITING
    assert shown[Action.LIBRARY].hold is Hold.UNSET
    working = hotkeys.working(rows)
    assert (working[Action.RECORD], working[Action.DRAW]) == ("Ctrl+Umschalt+L", "Alt+Shift+D")
    assert not working.keys() & {Action.MUTE, Action.PAUSE, Action.QUIT, Action.LIBRARY}
