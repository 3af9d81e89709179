"""Who is let in with an account elsewhere: the rules, case by case."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server.identity.oidc.providers import Accounts, load
from server.identity.oidc.rules import Standing, Verdict, judge
from server.identity.oidc.tokens import Someone
from tests.support.oidc import ISSUER, PROVIDERS

SOMEONE = Someone(ISSUER, "1", "ada@example.org", True, "Ada")
UNVERIFIED, NAMELESS = replace(SOMEONE, email_verified=False), replace(SOMEONE, email=None)
PLAIN = Standing(runs_server=False, second_factor=False)
CREATES = {"accounts": Accounts.CREATE}
LINKS = {"link_by_email": True, "email_domains": frozenset({"example.org"})}
ELSEWHERE = {"email_domains": frozenset({"example.net"})}
JUDGED: list[tuple[dict[str, Any], Someone, bool, Standing | None, Verdict]] = [
    ({}, SOMEONE, True, None, Verdict.ENTER),
    ({}, NAMELESS, True, PLAIN, Verdict.ENTER),
    (ELSEWHERE, SOMEONE, True, None, Verdict.WRONG_DOMAIN),
    (LINKS, UNVERIFIED, True, None, Verdict.WRONG_DOMAIN),
    (LINKS | {"trust_email": True}, UNVERIFIED, True, None, Verdict.ENTER),
    ({}, SOMEONE, False, None, Verdict.NO_ACCOUNT),
    (CREATES, SOMEONE, False, None, Verdict.CREATE),
    (CREATES, UNVERIFIED, False, None, Verdict.UNVERIFIED),
    (CREATES | {"trust_email": True}, UNVERIFIED, False, None, Verdict.CREATE),
    (CREATES, NAMELESS, False, None, Verdict.UNVERIFIED),
    (CREATES, SOMEONE, False, PLAIN, Verdict.ACCOUNT_EXISTS),
    (LINKS, SOMEONE, False, PLAIN, Verdict.LINK),
    (LINKS, SOMEONE, False, replace(PLAIN, runs_server=True), Verdict.ACCOUNT_EXISTS),
    (LINKS, SOMEONE, False, replace(PLAIN, second_factor=True), Verdict.ACCOUNT_EXISTS),
    (LINKS, SOMEONE, False, None, Verdict.NO_ACCOUNT),
]


@pytest.mark.parametrize("case", JUDGED)
def test_who_is_let_in(
    case: tuple[dict[str, Any], Someone, bool, Standing | None, Verdict], tmp_path: Path
) -> None:
    setting, who, linked, account, verdict = case
    (tmp_path / "oidc.toml").write_text(PROVIDERS.replace('accounts = "create"', ""))
    provider = replace(load(tmp_path / "oidc.toml")[0], **setting)
    assert judge(provider, who, linked=linked, account=account) is verdict
