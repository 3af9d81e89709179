"""Routes that few servers are asked for: their module, and what it needs, is loaded by the first request."""

import asyncio
from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib import import_module
from typing import cast

from fastapi import APIRouter
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send


class LateRoutes(BaseRoute):
    """All below `prefix`, as are those of `module`'s `router`; `described`: in `/openapi.json` too."""

    def __init__(self, prefix: str, module: str, *, described: bool = False) -> None:
        self._prefix = prefix
        self._module = module
        self.described = described

    @cached_property
    def router(self) -> APIRouter:
        return cast("APIRouter", import_module(self._module).router)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] not in ("http", "websocket"):
            return Match.NONE, {}
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        return (Match.FULL if f"{path}/".startswith(f"{self._prefix}/") else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        router = await asyncio.to_thread(lambda: self.router)
        await router(scope, receive, send)


def described(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """With those that are loaded for it; in the order of the routes."""
    for route in routes:
        if isinstance(route, LateRoutes) and route.described:
            yield from route.router.routes
        else:
            yield route
