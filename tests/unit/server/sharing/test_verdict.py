"""Who gets in by a link: the whole table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from server.identity.schemas import Role, User
from server.recordings.link import Link, Visibility
from server.sharing.verdict import NOBODY, Verdict, Visitor, verdict

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
USER = User("1", "a@example.org", "a", Role.MEMBER)
KNOWS = Visitor(unlocked=True)
STRANGER = Visitor(USER)
MEMBER = Visitor(USER, views=True)
EDITOR = Visitor(USER, views=True, edits=True)
WHO = (NOBODY, KNOWS, STRANGER, replace(STRANGER, unlocked=True), MEMBER, EDITOR)

OPEN = Link()
LOCKED = Link(password_hash="x")
TEAM = Link(Visibility.WORKSPACE)
TEAM_LOCKED = Link(Visibility.WORKSPACE, "x")
OFF = Link(Visibility.PRIVATE)
ENDED = Link(expires_at=AT)
ENDING = Link(expires_at=AT + timedelta(seconds=1))
ENDED_LOCKED = Link(password_hash="x", expires_at=AT - timedelta(days=1))
o, p, s, m = Verdict.OPEN, Verdict.PASSWORD, Verdict.SIGN_IN, Verdict.MISSING


@pytest.mark.parametrize(
    ("link", "said"),
    [
        #              nobody, knows, stranger, knows, member, editor
        (OPEN,         (o, o, o, o, o, o)),
        (ENDING,       (o, o, o, o, o, o)),
        (LOCKED,       (p, o, p, o, o, o)),
        (TEAM,         (s, s, m, m, o, o)),
        (TEAM_LOCKED,  (s, s, m, m, o, o)),
        (OFF,          (m, m, m, m, m, o)),
        (ENDED,        (m, m, m, m, m, o)),
        (ENDED_LOCKED, (m, m, m, m, m, o)),
    ],
)  # fmt: skip
def test_what_a_link_says_to_whom(link: Link, said: tuple[Verdict, ...]) -> None:
    assert tuple(verdict(link, visitor, AT) for visitor in WHO) == said


def test_a_ticket_of_a_link_is_good_for_the_password_it_was_given_for() -> None:
    other = Link(password_hash="y")
    assert [one.admits(b"", AT) for one in (OPEN, LOCKED, TEAM, OFF, ENDED)] == [True] + [False] * 4
    assert LOCKED.admits(LOCKED.seal, AT)
    assert not LOCKED.admits(other.seal, AT)
    assert not OPEN.admits(LOCKED.seal, AT), "it has no password any more: ask anew"
    assert not Link(Visibility.WORKSPACE, "x").admits(LOCKED.seal, AT)
    assert "x" not in repr(LOCKED).replace("expires", "")
