"""Changes made offline, against a server on which others write meanwhile."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.models.library.edits import (
    Edit,
    EditState,
    change,
    conflicting,
    decide,
    join,
    plain,
    sent,
    settle,
    shown,
)

SEEN = {"title": "Weekly", "description": "", "folderId": None, "tags": ["a", "b"], "trashed": False}
titles = st.sampled_from(["Weekly", "Monday", "Tuesday"])
tags = st.lists(st.sampled_from("abcd"), max_size=3, unique=True)
fields = st.fixed_dictionaries(
    {}, optional={"title": titles, "folderId": st.sampled_from([None, "f"]), "tags": tags}
)
states = st.fixed_dictionaries(
    {"title": titles, "folderId": st.sampled_from([None, "f"]), "tags": tags.map(sorted)}
)


def made(seen: dict[str, Any], *wanted: dict[str, Any]) -> Edit | None:
    edit = None
    for at, one in enumerate(wanted, 1):
        edit = change(edit, seen, one, float(at))
    return edit


def test_what_is_as_it_was_is_no_change() -> None:
    assert change(None, SEEN, {"title": "Weekly", "tags": ["b", "a"]}, 1.0) is None
    assert made(SEEN, {"title": "Monday"}, {"title": "Weekly"}) is None


def test_a_change_is_shown_before_it_is_sent() -> None:
    edit = change(None, SEEN, {"title": "Monday"}, 1.0)
    assert shown(edit, SEEN)["title"] == "Monday"
    assert shown(None, SEEN)["title"] == "Weekly"


def test_nobody_elses_words_are_written_over() -> None:
    edit = change(None, SEEN, {"title": "Monday", "description": "Mine"}, 1.0)
    assert edit is not None
    decision = decide(edit, {**SEEN, "title": "Tuesday"})
    assert decision.send == {"description": "Mine"}
    assert decision.conflicts == {"title": "Tuesday"}
    left = conflicting(edit, decision.conflicts)
    assert (left.state, left.mine, left.theirs) == (
        EditState.CONFLICT,
        {"title": "Monday"},
        {"title": "Tuesday"},
    )


def test_a_settled_conflict_sends_what_the_person_chose() -> None:
    edit = change(None, SEEN, {"title": "Monday"}, 1.0)
    assert edit is not None
    left = conflicting(edit, {"title": "Tuesday"})
    assert settle(left, keep=()) is None
    mine = settle(left, keep=("title",))
    assert mine is not None
    assert decide(mine, {**SEEN, "title": "Tuesday"}).send == {"title": "Monday"}
    assert decide(mine, {**SEEN, "title": "Friday"}).conflicts == {"title": "Friday"}, (
        "it was changed once more"
    )


def test_what_the_server_refused_is_dropped_or_tried_again() -> None:
    edit = change(None, SEEN, {"title": "Monday", "folderId": "gone"}, 1.0)
    assert edit is not None
    refused = replace(edit, state=EditState.REFUSED, problem="There is no such folder.")
    assert settle(refused, keep=()) is None
    again = settle(refused, keep=("title",))
    assert again is not None
    assert (again.mine, again.state, again.problem) == ({"title": "Monday"}, EditState.WAITING, "")


def test_who_writes_over_a_conflict_has_seen_both() -> None:
    edit = change(None, SEEN, {"title": "Monday"}, 1.0)
    assert edit is not None
    again = change(conflicting(edit, {"title": "Tuesday"}), SEEN, {"title": "Both days"}, 2.0)
    assert again is not None
    assert again.state is EditState.WAITING
    assert decide(again, {**SEEN, "title": "Tuesday"}).send == {"title": "Both days"}


@given(states, states, fields)
@settings(max_examples=60, deadline=None)
def test_every_field_ends_as_mine_as_theirs_or_as_a_conflict_that_keeps_both(
    seen: dict[str, Any], theirs: dict[str, Any], wanted: dict[str, Any]
) -> None:
    edit = change(None, seen, wanted, 1.0)
    if edit is None:
        return
    decision = decide(edit, theirs)
    after = {**theirs, **decision.send}
    for name, mine in edit.mine.items():
        if name == "tags":
            added, removed = set(mine) - set(seen["tags"]), set(seen["tags"]) - set(mine)
            assert set(after["tags"]) == (set(theirs["tags"]) - removed) | added
        elif name in decision.conflicts:
            assert theirs[name] not in (mine, seen[name])
            assert conflicting(edit, decision.conflicts).mine[name] == mine
        else:
            assert after[name] == mine
    assert not set(decision.send) - set(edit.mine), "nothing that was not touched is sent"
    assert not decide(edit, after).send, "sent twice is sent once"


@given(states, st.lists(fields, max_size=4))
@settings(max_examples=40, deadline=None)
def test_many_changes_offline_are_the_last_of_each_field(
    seen: dict[str, Any], wanted: list[dict[str, Any]]
) -> None:
    edit = made(seen, *wanted)
    last = {**seen}
    for one in wanted:
        last |= {name: plain(name, value) for name, value in one.items()}
    assert shown(edit, seen) == last


@given(states, fields, fields)
@settings(max_examples=40, deadline=None)
def test_what_was_changed_while_it_was_sent_is_sent_next(
    seen: dict[str, Any], first: dict[str, Any], second: dict[str, Any]
) -> None:
    edit = change(None, seen, first, 1.0)
    if edit is None:
        return
    server = {**seen, **decide(edit, seen).send}
    meanwhile = change(edit, seen, second, 2.0)
    left = sent(meanwhile, edit.mine) if meanwhile else None
    if left:
        decision = decide(left, server)
        assert not decision.conflicts
        server |= decision.send
        wanted = {**first, **second}
        for name in left.mine:
            assert server[name] == plain(name, wanted[name])


def test_two_names_of_one_recording_join_their_changes() -> None:
    early = Edit({"title": "Monday", "description": "x"}, {"title": "Weekly", "description": ""}, 1.0)
    late = Edit({"title": "Tuesday"}, {"title": "Weekly"}, 2.0)
    for first, second in ((early, late), (late, early)):
        joined = join(first, second)
        assert joined is not None
        assert joined.mine == {"title": "Tuesday", "description": "x"}
