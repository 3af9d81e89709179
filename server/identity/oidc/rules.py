"""Whom somebody who comes from a provider is here. A table without I/O; decision 26 says why it is so."""

from dataclasses import dataclass
from enum import StrEnum

from server.errors import Forbidden, ServerError
from server.identity.oidc.providers import Accounts, Provider
from server.identity.oidc.tokens import Someone


class Verdict(StrEnum):
    ENTER = "enter"  # the account it is linked with
    LINK = "link"  # the account with the same address, from now on
    CREATE = "create"  # a new one
    WRONG_DOMAIN = "email_not_allowed"
    UNVERIFIED = "email_not_verified"
    ACCOUNT_EXISTS = "account_exists"
    NO_ACCOUNT = "no_account"


@dataclass(frozen=True, slots=True)
class Standing:
    """Of the account that has the same address: whether losing it to a provider's mistake could cost more
    than itself (it runs the server), and whether it asks for more than a provider promises (a second factor).
    """

    runs_server: bool
    second_factor: bool


def judge(provider: Provider, who: Someone, *, linked: bool, account: Standing | None) -> Verdict:
    """`account` is what has the same address, None for nobody."""
    verified = who.email is not None and (who.email_verified or provider.trust_email)
    if provider.email_domains and not (verified and _domain(who) in provider.email_domains):
        return Verdict.WRONG_DOMAIN
    if linked:
        return Verdict.ENTER
    if not verified:
        return Verdict.UNVERIFIED
    if account is None:
        return Verdict.CREATE if provider.accounts is Accounts.CREATE else Verdict.NO_ACCOUNT
    if provider.link_by_email and not account.runs_server and not account.second_factor:
        return Verdict.LINK
    return Verdict.ACCOUNT_EXISTS


def refusal(verdict: Verdict, provider: Provider) -> ServerError:
    """What somebody is told who is not let in."""
    sentence = {
        Verdict.WRONG_DOMAIN: "This server lets in people with certain e-mail addresses, and {name} vouches "
        "for none of them. Choose another account there, or sign in another way.",
        Verdict.UNVERIFIED: "{name} has not verified an e-mail address of yours: have it do so, or sign in "
        "another way and connect {name} to your account.",
        Verdict.ACCOUNT_EXISTS: "There is an account with your e-mail address. Sign in to it as you always "
        "do, then connect {name} among the ways to sign in.",
        Verdict.NO_ACCOUNT: "You have no account here, and {name} makes none: ask whoever runs this server.",
    }[verdict]
    return Forbidden(sentence.format(name=provider.name), code=verdict.value)


def _domain(who: Someone) -> str:
    return (who.email or "").rpartition("@")[2]
