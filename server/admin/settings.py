"""The settings as they are in force, and who said so. Secrets are only said to be there."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr

from server.config import Settings

HIDDEN = "•••"
# What the command line of `heddle-server serve` takes.
_OPTIONS = frozenset({"data", "host", "port"})
_SECRET_PARTS = re.compile(r"(?i)((?:password|secret|token|key)=)[^&]*")


class Source(StrEnum):
    DEFAULT = "default"
    ENVIRONMENT = "environment"
    COMMAND_LINE = "command line"


@dataclass(frozen=True, slots=True)
class Setting:
    """`value` is text; None where nothing is set."""

    name: str
    value: str | None
    source: Source
    secret: bool


def effective(settings: Settings, environment: Mapping[str, str] = os.environ) -> list[Setting]:
    """In the order of `server/config.py`."""
    said = {name.upper(): value for name, value in environment.items()}
    return [_setting(settings, name, said.get(f"HEDDLE_{name.upper()}")) for name in Settings.model_fields]


def _setting(settings: Settings, name: str, said: str | None) -> Setting:
    value = getattr(settings, name)
    source = _source(settings, name, said)
    return Setting(f"HEDDLE_{name.upper()}", _shown(value), source, isinstance(value, SecretStr))


def _source(settings: Settings, name: str, said: str | None) -> Source:
    """An option beats a variable: where both are there, the value in force tells which it was."""
    value = getattr(settings, name)
    if said is not None:
        in_force = name not in _OPTIONS or str(value) in (said, str(Path(said).expanduser().absolute()))
        return Source.ENVIRONMENT if in_force else Source.COMMAND_LINE
    default = Settings.model_fields[name].get_default(call_default_factory=True, validated_data={})
    return Source.DEFAULT if value == default else Source.COMMAND_LINE


def _shown(value: object) -> str | None:
    if isinstance(value, SecretStr):
        return HIDDEN if value.get_secret_value() else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or value == "":
        return None
    return without_secrets(str(value))


def without_secrets(text: str) -> str:
    """An address without the password in it."""
    if "://" not in text:
        return text
    try:
        parts = urlsplit(text)
        password = parts.password
    except ValueError:
        return HIDDEN
    host = parts.netloc
    if password is not None:
        host = f"{parts.username or ''}:{HIDDEN}@{host.rpartition('@')[2]}"
    query = _SECRET_PARTS.sub(rf"\1{HIDDEN}", parts.query)
    return urlunsplit(parts._replace(netloc=host, query=query))
