"""Whoever takes the money: has a page where people pay, and tells when something about it is another way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from server.plans.states import Status


class PaymentsUnavailable(Exception):
    """The provider cannot be reached, or does not do what it is asked; the sentence says why, for a log."""


class WrongSignature(Exception):
    """Nobody knows who sent this."""


@dataclass(frozen=True, slots=True)
class Order:
    """`price` is the key by which its owner found it; people come back to `done` or `left`."""

    workspace_id: str
    price: str
    customer: str | None
    email: str
    done: str
    left: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """How it stands with the provider. Without `workspace_id` it is of something else than ours."""

    id: str
    customer: str
    workspace_id: str | None
    price: str | None
    status: Status
    period_end: datetime | None
    ends_with_period: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """That something happened, with the id of the subscription that may stand otherwise now. Notices come
    late, twice and in any order: how it stands is asked for."""

    id: str
    subscription: str | None


class Payments(Protocol):
    """All but `hear` ask the provider and raise PaymentsUnavailable, within a minute."""

    async def checkout(self, order: Order) -> str:
        """The address of a page where this is paid for. Nothing is owed before somebody does."""
        ...

    async def portal(self, customer: str, back: str) -> str:
        """The address of a page where a customer changes or ends what they have, for a few minutes."""
        ...

    async def subscription(self, subscription_id: str) -> Subscription | None:
        """As it is now."""
        ...

    async def cancel(self, subscription_id: str) -> None:
        """Nothing more is asked for, from now on. Also where that is so already."""
        ...

    def hear(self, body: bytes, signature: str) -> Notice:
        """What the provider sent, as it sent it. Raises WrongSignature, also for what is older than five
        minutes."""
        ...

    async def close(self) -> None: ...
