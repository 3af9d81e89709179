"""Rates as people write them."""

import re

from uploader.errors import UploadError

_RATE = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[kmg]?)(?:i?b)?(?:/s)?", re.IGNORECASE)
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}


def parse_rate(text: str) -> float | None:
    """Bytes a second from "2M", "500k", "1.5 MB/s"; None for "", "0", "off" (no limit). Powers of 1024."""
    text = text.strip()
    if text.lower() in {"", "off", "none"}:
        return None
    match = _RATE.fullmatch(text)
    if match is None:
        raise UploadError(
            f"{text!r} is no rate",
            title="The upload limit is not understood",
            hint="Write it like 2M or 500k.",
        )
    return float(match["number"]) * _UNITS[match["unit"].lower()] or None
