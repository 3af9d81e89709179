"""Absolute addresses of this server, as the one who asks can reach it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection


@dataclass(frozen=True, slots=True)
class Links:
    """`public_url` wins; without it the address is the one the request came to."""

    public_url: str

    def base(self, connection: HTTPConnection) -> str:
        """Without a slash at the end."""
        return (self.public_url or str(connection.base_url)).rstrip("/")

    def for_mail(self, connection: HTTPConnection) -> str:
        """The same for links in mails, never from the Host header: anybody could have a key to somebody's
        account sent with a link to a server of their own. Without `public_url` it is the address that the
        connection came in on, which behind a proxy only this machine may know.
        """
        if self.public_url:
            return self.public_url.rstrip("/")
        host, port = connection.scope.get("server") or ("localhost", None)
        host = f"[{host}]" if ":" in host else host
        return f"{connection.url.scheme}://{host}" + (f":{port}" if port else "")

    def secure(self, connection: HTTPConnection) -> bool:
        """Whether browsers reach this server by HTTPS: cookies are `Secure` then."""
        return connection.url.scheme == "https" or self.base(connection).startswith("https://")

    def share(self, connection: HTTPConnection, slug: str) -> str:
        return f"{self.base(connection)}/s/{slug}"


def links_of(connection: HTTPConnection) -> Links:
    links: Links = connection.app.state.services.links
    return links


def netloc_of(address: str) -> str:
    """Host and port; empty where it has none, or cannot be read ("http://[")."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""
