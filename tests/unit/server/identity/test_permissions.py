"""The table of roles and actions, cell by cell."""

import pytest

from server.identity.permissions import ROLES, TABLE, Action, Reach, WorkspaceRole, may, may_give, of_method

CELLS = [
    (role, action, reach) for action, row in TABLE.items() for role, reach in zip(ROLES, row, strict=True)
]


def test_the_table_has_every_action() -> None:
    assert set(TABLE) == set(Action)


@pytest.mark.parametrize(("role", "action", "reach"), CELLS)
def test_a_cell_says_what_a_role_may_do(role: WorkspaceRole, action: Action, reach: Reach) -> None:
    assert may(role, action, own=False) is (reach is Reach.ALL)
    assert may(role, action, own=True) is (reach is not Reach.NONE)


@pytest.mark.parametrize("action", Action)
def test_who_is_no_member_may_nothing_not_even_with_their_own(action: Action) -> None:
    assert not may(None, action, own=True)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("own", [True, False])
def test_a_higher_role_may_whatever_a_lower_one_may(action: Action, own: bool) -> None:
    allowed = [may(role, action, own=own) for role in ROLES]
    assert allowed == sorted(allowed, reverse=True)


@pytest.mark.parametrize("action", [one for one in Action if one is not Action.RECORDING_COMMENT])
def test_a_viewer_changes_nothing(action: Action) -> None:
    assert may(WorkspaceRole.VIEWER, action, own=True) is (
        action in (Action.WORKSPACE_VIEW, Action.RECORDING_VIEW)
    )


def test_only_an_owner_makes_or_unmakes_an_owner() -> None:
    assert [role for role in ROLES if may_give(role, WorkspaceRole.OWNER)] == [WorkspaceRole.OWNER]
    assert [role for role in ROLES if may_give(role, WorkspaceRole.VIEWER)] == list(ROLES[:2])
    assert not may_give(None, WorkspaceRole.VIEWER)


def test_a_request_that_reads_looks_and_any_other_changes() -> None:
    assert {of_method(one) for one in ("GET", "HEAD", "OPTIONS")} == {Action.RECORDING_VIEW}
    assert {of_method(one) for one in ("POST", "PUT", "PATCH", "DELETE", "")} == {Action.RECORDING_EDIT}
