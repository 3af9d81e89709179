"""What people type, as it is kept: plain text, and whom it mentions."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

MAX_TEXT = 5000
MAX_NAME = 60
MOST_MENTIONS = 20

# They turn around what follows, also what is not theirs (Unicode TR36, 3.5).
_TURNERS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TOO_HIGH = re.compile(r"\n{3,}")
# An address that was written after an @, or else a name; not what stands inside an address.
_MENTION = re.compile(r"(?<![\w@.+-])@([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})*|[\w.-]{1,64})", re.UNICODE)


def cleaned(text: str) -> str:
    """Composed (NFC), with plain line ends, without what turns the direction. Raises ValueError."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = _TOO_HIGH.sub("\n\n", _TURNERS.sub("", text)).strip()
    if any(unicodedata.category(char) == "Cc" and char not in "\n\t" for char in text):
        raise ValueError("must not contain control characters")
    if not any(unicodedata.category(char)[0] in "LMNPS" for char in text):
        raise ValueError("must say something")
    return text


def _one_line(text: str) -> str:
    return " ".join(cleaned(text).split())


Body = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT), AfterValidator(cleaned)]
GuestName = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME), AfterValidator(_one_line)]


def mentioned(text: str) -> list[str]:
    """Names and e-mail addresses after an @, in lower case, each once, in order; the first few."""
    found = (match[1].rstrip(".-").lower() for match in _MENTION.finditer(text))
    return list(dict.fromkeys(name for name in found if name))[:MOST_MENTIONS]
