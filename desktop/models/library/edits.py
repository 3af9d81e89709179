"""Changes that a person made, until the server has them: days later too, and when others changed it. Pure.

There is one Edit for each recording. It knows what each field was when the person looked (`base`) and what
it shall be (`mine`). When the server is asked, each field is decided alone: what nobody else touched is sent,
what is the same by now is done, tags are put together, and the rest is a conflict that a person settles.
Until then both versions are kept.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

TRASHED = "trashed"  # a field like the others, here: whether it lies in the trash


class EditState(StrEnum):
    WAITING = "waiting"  # for the server
    CONFLICT = "conflict"  # for the person: `theirs` says what it is on the server
    REFUSED = "refused"  # the server will not have it; `problem` says why


@dataclass(frozen=True, slots=True)
class Edit:
    """By the API's names of fields. `at` is the Unix time of the last change."""

    mine: Mapping[str, Any]
    base: Mapping[str, Any]
    at: float = 0.0
    state: EditState = EditState.WAITING
    theirs: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of an edit: `send` these fields, ask the person about those in `conflicts` (theirs)."""

    send: Mapping[str, Any]
    conflicts: Mapping[str, Any]


def change(edit: Edit | None, seen: Mapping[str, Any], wanted: Mapping[str, Any], at: float) -> Edit | None:
    """The edit after a person, who sees `seen`, wants these fields otherwise; None when none is left.

    `seen` is what the server has, as far as we know, without this edit.
    """
    before = edit or Edit({}, {})
    base = {**{name: plain(name, seen.get(name)) for name in wanted}, **before.base}
    mine = {**before.mine, **{name: plain(name, value) for name, value in wanted.items()}}
    theirs = {name: value for name, value in before.theirs.items() if name not in wanted}
    # Who writes over a conflict has seen both: theirs is what the new text is based on.
    base |= {name: before.theirs[name] for name in wanted if name in before.theirs}
    changed = {name for name in mine if mine[name] != base[name] or name in theirs}
    if not changed:
        return None
    state = EditState.CONFLICT if theirs else EditState.WAITING
    return Edit(_only(mine, changed), _only(base, changed), at, state, theirs)


def join(first: Edit | None, second: Edit) -> Edit | None:
    """Two edits of what turned out to be one recording; the later one wins field by field."""
    if first is None:
        return second
    early, late = sorted((first, second), key=lambda one: one.at)
    joined = change(early, late.base, late.mine, late.at)
    if joined is None:
        return None
    theirs = {**early.theirs, **late.theirs}
    state = EditState.CONFLICT if theirs else EditState.WAITING
    return replace(joined, theirs=_only(theirs, joined.mine), state=state)


def decide(edit: Edit, now: Mapping[str, Any]) -> Decision:
    """What to do, `now` that the server says how it is there."""
    send: dict[str, Any] = {}
    conflicts: dict[str, Any] = {}
    for name, wanted in edit.mine.items():
        theirs, base, mine = plain(name, now.get(name)), edit.base.get(name), wanted
        if name == "tags":
            base, mine = theirs, _tags(base or (), wanted or (), theirs or ())
        if theirs == mine:
            continue
        if theirs == base:
            send[name] = mine
        else:
            conflicts[name] = theirs
    return Decision(send, conflicts)


def sent(edit: Edit, accepted: Mapping[str, Any]) -> Edit | None:
    """The edit, which the person went on to change, after the server `accepted` what it was before."""
    base = {**edit.base, **{name: value for name, value in accepted.items() if name in edit.mine}}
    left = {name for name in edit.mine if edit.mine[name] != base[name]}
    return replace(edit, mine=_only(edit.mine, left), base=_only(base, left)) if left else None


def conflicting(edit: Edit, conflicts: Mapping[str, Any]) -> Edit:
    """The edit with what is left of it after all that could be sent was sent."""
    return replace(
        edit,
        mine=_only(edit.mine, conflicts),
        base=_only(edit.base, conflicts),
        theirs=dict(conflicts),
        state=EditState.CONFLICT,
    )


def settle(edit: Edit, keep: Collection[str]) -> Edit | None:
    """A person has seen both versions: theirs counts but for the fields in `keep`. What was refused is tried
    again where it is kept."""
    asked = edit.mine if edit.state is EditState.REFUSED else edit.theirs
    kept = {name for name in edit.mine if name in keep or name not in asked}
    if not kept:
        return None
    base = {**edit.base, **edit.theirs}
    return replace(
        edit,
        mine=_only(edit.mine, kept),
        base=_only(base, kept),
        theirs={},
        state=EditState.WAITING,
        problem="",
    )


def shown(edit: Edit | None, seen: Mapping[str, Any]) -> dict[str, Any]:
    """What is shown meanwhile: what the person wants."""
    return {**seen, **(edit.mine if edit else {})}


def plain(name: str, value: Any) -> Any:
    """One spelling for one meaning: tags have no order, and nothing is the empty text."""
    if name == "tags":
        return sorted({str(one) for one in value or ()})
    if name == "description":
        return value or ""
    return value


def _tags(base: Iterable[str], mine: Iterable[str], theirs: Iterable[str]) -> list[str]:
    removed, added = set(base) - set(mine), set(mine) - set(base)
    return sorted((set(theirs) - removed) | added)


def _only(values: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in names}
