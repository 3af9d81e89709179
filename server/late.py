"""Routes that few servers are asked for: their module, and what it needs, is loaded by the first request."""

import asyncio
from functools import cached_property
from importlib import import_module
from typing import cast

from fastapi import APIRouter
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send


class LateRoutes(BaseRoute):
    """All below `prefix`, which the routes of `module`'s `router` have too."""

    def __init__(self, prefix: str, module: str) -> None:
        self._prefix = prefix
        self._module = module

    @cached_property
    def router(self) -> APIRouter:
        return cast("APIRouter", import_module(self._module).router)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http":
            return Match.NONE, {}
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        return (Match.FULL if f"{path}/".startswith(f"{self._prefix}/") else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        router = await asyncio.to_thread(lambda: self.router)
        await router(scope, receive, send)
