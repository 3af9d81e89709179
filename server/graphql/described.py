"""Fields with a description: Strawberry's decorators forget the type of a function when they are called."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import strawberry

Resolver = TypeVar("Resolver", bound=Callable[..., Any])


def field(description: str) -> Callable[[Resolver], Resolver]:
    def describe(resolver: Resolver) -> Resolver:
        return cast("Resolver", strawberry.field(resolver, description=description))

    return describe


def subscription(description: str) -> Callable[[Resolver], Resolver]:
    def describe(resolver: Resolver) -> Resolver:
        return cast("Resolver", strawberry.subscription(resolver, description=description))

    return describe
