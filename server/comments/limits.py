"""How much somebody may say in a while: more than any conversation, less than a flood."""

from server.comments.people import Actor
from server.limits.rules import Rule
from server.limits.service import Limits

_ACCOUNT = (
    Rule("comments of an account in a minute", window_s=60, limit=30),
    Rule("comments of an account in an hour", window_s=3600, limit=600),
)
# By address: whoever has the link can be anybody.
_GUEST = (
    Rule("comments of guests in a minute", window_s=60, limit=10),
    Rule("comments of guests in an hour", window_s=3600, limit=60),
)
_REACTIONS = (Rule("reactions in a minute", window_s=60, limit=60),)


async def count_comment(limits: Limits, actor: Actor, address: str) -> None:
    """Raises TooManyRequests with the seconds to wait."""
    await _count(limits, _GUEST if actor.user is None else _ACCOUNT, actor, address)


async def count_reaction(limits: Limits, actor: Actor, address: str) -> None:
    """Raises TooManyRequests with the seconds to wait."""
    await _count(limits, _REACTIONS, actor, address)


async def _count(limits: Limits, rules: tuple[Rule, ...], actor: Actor, address: str) -> None:
    who = address if actor.user is None else actor.user.id
    for rule in rules:
        await limits.hit(rule, who)
