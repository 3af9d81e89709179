"""How often somebody may have the server send mail, or try a password outside of signing in.

Where nobody can count, nobody may try.
"""

from server.errors import TooManyRequests
from server.limits.rules import Rule, WhenDown
from server.limits.service import Limits as Counting

_HOUR = 3600
PER_ADDRESS = Rule("accounts by address", window_s=_HOUR, limit=30, when_down=WhenDown.CLOSED)
# Nobody's mailbox is filled by strangers.
PER_MAILBOX = Rule("mail to one mailbox", window_s=_HOUR, limit=5, when_down=WhenDown.CLOSED)
PER_ACCOUNT = Rule("passwords of one account", window_s=_HOUR, limit=10, when_down=WhenDown.CLOSED)


class Limits:
    def __init__(self, counting: Counting) -> None:
        self._counting = counting

    async def asked(self, address: str) -> None:
        """Counts a request of a network address. Raises TooManyRequests."""
        await self._counting.hit(PER_ADDRESS, address)

    async def tried(self, user_id: str) -> None:
        """Counts a try of a password. Raises TooManyRequests."""
        await self._counting.hit(PER_ACCOUNT, user_id)

    async def may_mail(self, email: str) -> bool:
        """Whether one more mail may go there; counts it. Not an error: that would tell who is known here."""
        try:
            await self._counting.hit(PER_MAILBOX, email)
        except TooManyRequests:
            return False
        return True
