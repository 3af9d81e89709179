"""What watches, in words too few to tell anybody apart: a kind of device, a browser, a system.

A closed list on purpose. A library of user agents knows thousands of names and versions; those are how
browsers are followed around, and nobody needs them to see that half of the views are on phones.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

OTHER = "other"

# Programs that fetch, index, test and look ahead. CUBOT is a maker of phones.
_BOTS = re.compile(
    r"(?<!cu)bot|crawl|spider|slurp|headless|lighthouse|phantomjs|puppeteer|playwright|selenium"
    r"|preview|facebookexternalhit|embedly|whatsapp|pingdom|statuscake|archiver|scrapy"
    r"|^(?:curl|wget|python|httpx|go-http|java|okhttp|libwww|axios|node|ruby|php|apache)",
    re.IGNORECASE,
)
# The first that is found: most browsers also name those they are like.
_BROWSERS = {
    "Edge": "Edg/|EdgA/|EdgiOS/",
    "Opera": "OPR/|Opera",
    "Samsung Internet": "SamsungBrowser/",
    "Firefox": "Firefox/|FxiOS/",
    "Chrome": "Chrome/|Chromium/|CriOS/",
    "Safari": "Safari/",
}
_SYSTEMS = {
    "iOS": "iPhone|iPad|iPod",
    "Android": "Android",
    "ChromeOS": "CrOS",
    "Windows": "Windows",
    "macOS": "Mac OS X|Macintosh",
    "Linux": "Linux|X11",
}
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
    return Client(_first(_DEVICES, agent), _first(_BROWSERS, agent), _first(_SYSTEMS, agent))


def is_bot(agent: str) -> bool:
    """Also what does not say what it is."""
    return not agent.strip() or _BOTS.search(agent) is not None


def _first(names: Mapping[str, str], agent: str) -> str:
    return next((name for name, pattern in names.items() if re.search(pattern, agent)), OTHER)
