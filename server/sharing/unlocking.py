"""Guessing the password of a link: counted by who guesses and by what, and made to wait longer and longer."""

import asyncio
import hmac
import secrets
import unicodedata
from collections import OrderedDict
from collections.abc import Sequence

from server.db import Database
from server.errors import Unauthenticated
from server.identity.acts import Act
from server.identity.audit import audit
from server.identity.passwords import Passwords
from server.limits.rules import Rule, WhenDown
from server.limits.service import Limits
from server.recordings.schemas import Recording
from server.sharing.proofs import Proof, Proofs


def _rule(name: str, window_s: int, limit: int) -> Rule:
    return Rule(f"password of a share, {name}", window_s, limit, when_down=WhenDown.CLOSED)


# Wrong ones alone. A slip is forgiven; who goes on waits a minute, then up to an hour, then up to a day.
_PAIR = (_rule("pair", 60, 5), _rule("pair", 3600, 20), _rule("pair", 86_400, 50))
# An office has one address.
_ADDRESS = (_rule("address", 3600, 100), _rule("address", 86_400, 400))
# From everywhere: high, or anybody could shut a link by guessing at it.
_LINK = (_rule("link", 60, 60), _rule("link", 86_400, 2000))
_MOST_KNOWN = 1000


class Unlocking:
    def __init__(self, db: Database, passwords: Passwords, limits: Limits, proofs: Proofs) -> None:
        self._db = db
        self._passwords = passwords
        self._limits = limits
        self._proofs = proofs
        # Tries take turns: none is made while another may still use up what is left, and signing in has the
        # other thread for hashes.
        self._turn = asyncio.Lock()
        # By hash, digests of passwords that were right, under a key of this process: many viewers of one
        # link cost one slow hash.
        self._key = secrets.token_bytes(32)
        self._right: OrderedDict[str, bytes] = OrderedDict()

    async def unlock(self, recording: Recording, password: str, address: str) -> Proof:
        """Raises Unauthenticated for a wrong one, TooManyRequests, ServerError (503) while none are counted.

        A link without a password takes any.
        """
        if recording.link.locked:
            async with self._turn:
                await self._try(recording, password, address)
        return self._proofs.issue(recording)

    async def _try(self, recording: Recording, password: str, address: str) -> None:
        counted = _counted(recording.slug, address)
        for rules, who in counted:
            for rule in rules:
                await self._limits.check(rule, *who)
        if await self._is_right(as_typed(password), recording.link.password_hash or ""):
            for rule in _PAIR:
                await self._limits.forgive(rule, address, recording.slug)
            return
        if reached := [rules for rules, who in counted if await self._count(rules, who)]:
            await self._note(recording, reached)
        raise Unauthenticated("The password is wrong.", code="share_password_wrong")

    async def _is_right(self, password: str, hashed: str) -> bool:
        digest = hmac.digest(self._key, password.encode(), "sha256")
        if hmac.compare_digest(self._right.get(hashed, b""), digest):
            return True
        right = await self._passwords.verify(password, hashed)
        if right:
            self._right[hashed] = digest
            if len(self._right) > _MOST_KNOWN:
                self._right.popitem(last=False)
        return right

    async def _count(self, rules: Sequence[Rule], who: tuple[str, ...]) -> bool:
        """Whether whoever comes next has to wait."""
        standings = [await self._limits.hit(rule, *who) for rule in rules]
        return any(one is not None and one.remaining == 0 for one in standings)

    async def _note(self, recording: Recording, reached: Sequence[Sequence[Rule]]) -> None:
        """When waiting begins; what is refused meanwhile is not noted, so nobody can fill the log."""
        subjects = [rules[0].endpoint.rpartition(" ")[2] for rules in reached]
        async with self._db.write(recording.id) as session:
            audit(
                session,
                Act.SHARE_PASSWORD_LIMITED,
                actor_id=None,
                user_id=recording.user_id,
                workspace_id=recording.workspace_id,
                recording_id=recording.id,
                subjects=subjects,
            )


def as_typed(password: str) -> str:
    """The same however a keyboard composes it (RFC 8265, 4.2.2)."""
    return unicodedata.normalize("NFC", password)


def _counted(slug: str, address: str) -> list[tuple[tuple[Rule, ...], tuple[str, ...]]]:
    return [(_PAIR, (address, slug)), (_ADDRESS, (address,)), (_LINK, (slug,))]
