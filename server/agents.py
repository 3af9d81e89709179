"""Which browser and which system a `User-Agent` names, in words too few to tell anybody apart.

A closed list on purpose. A library of user agents knows thousands of names and versions; those are how
browsers are followed around, and nobody needs them to see that half of the views are on phones.
"""

import re
from collections.abc import Mapping

OTHER = "other"

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


def browser_of(agent: str) -> str:
    return first_of(_BROWSERS, agent)


def system_of(agent: str) -> str:
    return first_of(_SYSTEMS, agent)


def first_of(names: Mapping[str, str], agent: str) -> str:
    """The first name whose pattern is found; OTHER where none is."""
    return next((name for name, pattern in names.items() if re.search(pattern, agent)), OTHER)
