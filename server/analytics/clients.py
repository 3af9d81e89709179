"""What watches: a kind of device, a browser, a system; and what only looks like somebody."""

import re
from dataclasses import dataclass

from server.agents import OTHER, browser_of, first_of, system_of

# Programs that fetch, index, test and look ahead. CUBOT is a maker of phones.
_BOTS = re.compile(
    r"(?<!cu)bot|crawl|spider|slurp|headless|lighthouse|phantomjs|puppeteer|playwright|selenium"
    r"|preview|facebookexternalhit|embedly|whatsapp|pingdom|statuscake|archiver|scrapy"
    r"|^(?:curl|wget|python|httpx|go-http|java|okhttp|libwww|axios|node|ruby|php|apache)",
    re.IGNORECASE,
)
_DEVICES = {
    "tv": "SmartTV|SMART-TV|AppleTV|GoogleTV|Android TV|BRAVIA|Web0S",
    "tablet": "iPad|Tablet|Android(?!.*Mobile)",
    "mobile": "Mobile|iPhone|iPod",
    "desktop": "Windows|Macintosh|CrOS|X11|Linux",
}


@dataclass(frozen=True, slots=True)
class Client:
    device: str = OTHER
    browser: str = OTHER
    system: str = OTHER


def client_of(agent: str) -> Client:
    """Of a `User-Agent` header."""
    return Client(first_of(_DEVICES, agent), browser_of(agent), system_of(agent))


def is_bot(agent: str) -> bool:
    """Also what does not say what it is."""
    return not agent.strip() or _BOTS.search(agent) is not None
