"""What a setting may be: what could only be of no use is refused at the start, not found out later."""

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

_ORIGIN = re.compile(r"https?://[^\s/?#@]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def _web_address(value: str) -> str:
    if value:
        _parts(value)
    return value


def _own_address(value: str) -> str:
    """Links are made by adding to it, and the pages lie at the root of their host."""
    if value and ((parts := _parts(value)).path.strip("/") or parts.query or parts.fragment):
        raise ValueError(f"{value} goes on behind the host; give the server a host name of its own")
    return value


def _parts(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        whole = None
    if not whole or re.search(r"\s", value):
        raise ValueError(
            f"{value} is no whole address; it must begin with http:// or https://,"
            " such as https://video.example.org"
        )
    return parts


def _origins(value: str) -> str:
    """As browsers send it in `Origin`: no path, and no slash at the end (RFC 6454 section 6.2)."""
    for one in names(value):
        if one != "*" and not _ORIGIN.fullmatch(one):
            raise ValueError(
                f"{one} is no origin, which is https:// and a host, and nothing behind it, not even a slash"
            )
    return value


def _proxies(value: str) -> str:
    for one in names(value):
        try:
            _ = one == "*" or ip_network(one)
        except ValueError:
            raise ValueError(
                f"{one} is neither an address, nor a network such as 10.0.0.0/8, nor * for all;"
                " host names are not looked up"
            ) from None
    return value


def _language(value: str) -> str:
    if value and not _LANGUAGE.fullmatch(value):
        raise ValueError(f"{value} is no code of a language, such as en or de")
    return value


def _host(value: str) -> str:
    """The empty one would listen on every address of this machine."""
    if not value or re.search(r"[\s/]", value):
        raise ValueError(f"{value!r} is nothing to listen on; 127.0.0.1 is this machine alone, 0.0.0.0 all")
    return value


def _none_for_empty(value: object) -> object:
    """The path of the empty text would be wherever the server was started."""
    return None if value == "" else value


def _folder(value: object) -> object:
    if value == "":
        raise ValueError("it is empty; name a folder, or unset the variable")
    return value


def names(listed: str) -> frozenset[str]:
    """What is separated by commas."""
    return frozenset(name.strip() for name in listed.split(",") if name.strip())


WebAddress = Annotated[str, AfterValidator(_web_address)]
OwnAddress = Annotated[str, AfterValidator(_own_address)]
Origins = Annotated[str, AfterValidator(_origins)]
Proxies = Annotated[str, AfterValidator(_proxies)]
Language = Annotated[str, AfterValidator(_language)]
Host = Annotated[str, AfterValidator(_host)]
Folder = Annotated[Path, BeforeValidator(_folder)]
MaybePath = Annotated[Path | None, BeforeValidator(_none_for_empty)]
# `inf` and `nan` are numbers, too.
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
# Ten years at most: a moment must come out that a calendar knows.
Hours = Annotated[float, Field(gt=0, le=24 * 3652)]
Count = Annotated[int, Field(ge=0)]
AtLeastOne = Annotated[int, Field(ge=1)]
