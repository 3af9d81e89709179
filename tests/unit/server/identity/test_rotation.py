"""The state table of refresh tokens: whatever two parties do with them, no used one is worth anything."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from server.identity.sessions.rotation import (
    VERDICTS,
    Family,
    Presented,
    Verdict,
    judge,
    presented,
    rotated,
    used,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LIFETIME = timedelta(days=7)
AFTER_ONE = Family("second", NOW + LIFETIME, "first", "key", seen=False, generation=1)


@pytest.mark.parametrize(
    ("token", "request_key", "seen", "expected"),
    [
        ("second", None, False, Presented.CURRENT),
        ("second", "key", True, Presented.CURRENT),
        ("first", "key", False, Presented.UNANSWERED),
        ("first", "key", True, Presented.SPENT),
        ("first", "another", False, Presented.SPENT),
        ("first", None, False, Presented.SPENT),
        ("never", "key", False, Presented.SPENT),
    ],
)
def test_what_a_presented_token_counts_as(
    token: str, request_key: str | None, seen: bool, expected: Presented
) -> None:
    family = used(AFTER_ONE, 1) if seen else AFTER_ONE
    assert presented(family, token, request_key) is expected


def test_every_case_has_a_verdict() -> None:
    assert set(VERDICTS) == set(Presented)


def test_a_family_that_ended_is_not_revived_by_its_newest_token() -> None:
    assert judge(AFTER_ONE, "second", None, NOW + LIFETIME) is Verdict.EXPIRED
    assert judge(AFTER_ONE, "second", None, NOW + LIFETIME - timedelta(seconds=1)) is Verdict.ROTATE


def test_a_request_without_a_key_never_matches_one_without_a_key() -> None:
    family = rotated(Family("a", NOW + LIFETIME), "a", None, "b", NOW + LIFETIME)
    assert judge(family, "a", None, NOW) is Verdict.REVOKE


def test_an_access_token_of_before_does_not_confirm_what_came_after() -> None:
    assert used(AFTER_ONE, 0).seen is False
    assert used(AFTER_ONE, 1).seen is True


class TwoHolders(RuleBasedStateMachine):
    """An owner and a thief share one sign-in; either may hold any token that was ever handed out."""

    def __init__(self) -> None:
        super().__init__()
        self.family: Family | None = None
        self.at = NOW
        self.made: list[str] = []
        self.seen_since: set[str] = set()

    @initialize()
    def sign_in(self) -> None:
        self.made = ["token 0"]
        self.family = Family("token 0", self.at + LIFETIME)

    @precondition(lambda self: self.family is not None)
    @rule(data=st.data(), key=st.sampled_from([None, "owner", "thief"]))
    def refresh(self, data: st.DataObject, key: str | None) -> None:
        assert self.family is not None
        token = data.draw(st.sampled_from(self.made))
        verdict = judge(self.family, token, key, self.at)
        if verdict is Verdict.ROTATE:
            # What was confirmed as received is never handed out for again.
            assert token not in self.seen_since
            assert token in (self.family.current, self.family.parent)
            successor = f"token {len(self.made)}"
            self.made.append(successor)
            self.family = rotated(self.family, token, key, successor, self.at + LIFETIME)
        elif verdict is Verdict.REVOKE:
            assert token != self.family.current
            self.family = None

    @precondition(lambda self: self.family is not None)
    @rule(old=st.integers(min_value=0, max_value=3))
    def use_access_token(self, old: int) -> None:
        assert self.family is not None
        self.family = used(self.family, self.family.generation - old)
        if old == 0 and self.family.parent is not None:
            self.seen_since.add(self.family.parent)

    @rule(hours=st.integers(min_value=1, max_value=100))
    def wait(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @invariant()
    def exactly_one_token_is_worth_something_without_a_key(self) -> None:
        if self.family is None or self.at >= self.family.expires_at:
            return
        good = [t for t in self.made if judge(self.family, t, None, self.at) is Verdict.ROTATE]
        assert good == [self.family.current]


TestTwoHolders = TwoHolders.TestCase
