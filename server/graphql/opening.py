"""What GraphQL keeps between requests."""

from dataclasses import dataclass

from server.bus import Bus
from server.graphql.feeds import Feeds


@dataclass(frozen=True, slots=True)
class Live:
    """What resolvers find at `app.state.graphql`."""

    feeds: Feeds


def open_live(bus: Bus) -> Live:
    feeds = Feeds()
    feeds.start(bus)
    return Live(feeds)
