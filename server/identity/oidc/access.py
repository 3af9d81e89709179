"""Where routes find the providers."""

from typing import cast

from starlette.requests import HTTPConnection

from server.identity.oidc.service import Federation


def federation_of(connection: HTTPConnection) -> Federation:
    return cast("Federation", connection.app.state.services.people.federation)
