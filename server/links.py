"""Absolute addresses of this server, as the one who asks can reach it."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection


@dataclass(frozen=True, slots=True)
class Links:
    """`public_url` wins; without it the address is the one the request came to."""

    public_url: str

    def base(self, connection: HTTPConnection) -> str:
        """Without a slash at the end."""
        return (self.public_url or str(connection.base_url)).rstrip("/")

    def share(self, connection: HTTPConnection, slug: str) -> str:
        return f"{self.base(connection)}/s/{slug}"


def links_of(connection: HTTPConnection) -> Links:
    links: Links = connection.app.state.services.links
    return links
