"""All routes of an application, also those that are loaded only when they are asked for."""

from collections.abc import Iterable, Iterator

from starlette.routing import BaseRoute

from server.late import LateRoutes


def unfolded(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    for route in routes:
        if isinstance(route, LateRoutes):
            yield from route.router.routes
        else:
            yield route
