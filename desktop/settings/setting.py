"""What a row of the table of settings says: kind, page, words, limits; and which values it takes."""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from desktop.errors import UsageError
from desktop.i18n import tr
from desktop.models import chords
from uploader.errors import UploadError
from uploader.rates import parse_rate

T = TypeVar("T")
Value = str | int | bool | Path | None
KEY_BYTES = 32  # of an Ed25519 public key (RFC 8032, 5.1.5)


class Kind(StrEnum):
    """What can be said, and so what one says it with."""

    TEXT = "text"
    NAME = "name"  # one of those that are found here, or any other
    NUMBER = "number"  # a whole one
    SWITCH = "switch"
    CHOICE = "choice"
    FOLDER = "folder"
    FILE = "file"
    ADDRESS = "address"  # of a server
    RATE = "rate"  # bytes a second, such as 500k
    HOTKEY = "hotkey"
    LANGUAGE = "language"  # one of the choices; the environment also has it as de_AT.UTF-8
    SPOKEN = "spoken"  # a language's code, which only a speech model knows all of
    KEY = "key"  # an Ed25519 public one, in base64


class Page(StrEnum):
    """Where a setting is shown, in this order."""

    GENERAL = "general"
    RECORDING = "recording"
    DEVICES = "devices"
    HOTKEYS = "hotkeys"
    UPLOADS = "uploads"
    STORAGE = "storage"
    TRANSCRIPTION = "transcription"
    UPDATES = "updates"
    DIAGNOSTICS = "diagnostics"
    REMEMBERED = "remembered"  # on no page: what the app writes down by itself, such as the last choice

    @property
    def words(self) -> str:
        """Its title, as people read it."""
        return {
            Page.GENERAL: tr("General"),
            Page.RECORDING: tr("Recording"),
            Page.DEVICES: tr("Camera and sound"),
            Page.HOTKEYS: tr("Hotkeys"),
            Page.UPLOADS: tr("Uploads"),
            Page.STORAGE: tr("Storage"),
            Page.TRANSCRIPTION: tr("Transcription"),
            Page.UPDATES: tr("Updates"),
            Page.DIAGNOSTICS: tr("Diagnostics"),
            Page.REMEMBERED: tr("Remembered by itself"),
        }[self]


@dataclass(frozen=True, slots=True)
class Setting:
    """One row. `otherwise` says what None stands for, `variable` is the environment's word that wins."""

    name: str
    kind: Kind
    page: Page
    title: str
    about: str
    default: Value
    choices: Mapping[str, str]  # value: words
    least: int | None
    most: int | None
    unit: str
    otherwise: str
    variable: str | None
    restart: bool  # takes effect at the next start

    def accept(self, raw: object) -> Value:
        """The value that a file or a caller gives; ValueError says in words why it is none."""
        if raw is None or (raw == "" and self.kind is not Kind.SWITCH):
            return self.default
        return _ACCEPT[self.kind](self, raw)

    def parse(self, text: str) -> Value:
        """The value of a word on the command line or in the environment; ValueError as in `accept`."""
        text = text.strip()
        if self.kind is Kind.SWITCH:
            return _SWITCHES[text.lower()] if text.lower() in _SWITCHES else _switch(text)
        if self.kind is Kind.NUMBER and text:
            try:
                return self.number(int(text))
            except ValueError:
                raise ValueError(self._wanted_number()) from None
        if self.kind in (Kind.FOLDER, Kind.FILE) and text:
            # As whoever types it means it, and not another place wherever it is read.
            return Path(text).expanduser().absolute()
        return self.accept(text)

    def shown(self, value: Value) -> str:
        """The value as `parse` takes it; empty where there is none."""
        if isinstance(value, bool):
            return "on" if value else "off"
        return "" if value is None else str(value)

    def number(self, raw: object) -> int:
        """A whole number within the limits."""
        if not isinstance(raw, int) or isinstance(raw, bool):
            raise ValueError(self._wanted_number())
        if raw < (0 if self.least is None else self.least) or (self.most is not None and raw > self.most):
            raise ValueError(self._wanted_number())
        return raw

    def _wanted_number(self) -> str:
        least = self.least or 0
        if self.most is None:
            return tr("It is a whole number from {least} on.", least=least)
        return tr("It is a whole number from {least} to {most}.", least=least, most=self.most)

    def choice(self, raw: object) -> str:
        """One of the choices."""
        text = _text(raw)
        if text not in self.choices:
            raise ValueError(tr("It is one of {choices}.", choices=", ".join(self.choices)))
        return text


@dataclass(frozen=True, slots=True)
class _Words:
    """What `setting` says of a field of the table, until the field has its name."""

    page: Page
    title: str
    about: str
    kind: Kind | None
    choices: Mapping[str, str]
    least: int | None
    most: int | None
    unit: str
    otherwise: str
    variable: str | None
    restart: bool


def setting(
    default: T,
    page: Page,
    title: str,
    about: str,
    *,
    kind: Kind | None = None,
    choices: Mapping[str, str] | None = None,
    least: int | None = None,
    most: int | None = None,
    unit: str = "",
    otherwise: str = "",
    variable: str | None = None,
    restart: bool = False,
) -> T:
    """A field of the table. The kind follows from the field's type where it is not given."""
    words = _Words(
        page, title, about, kind, choices or {}, least, most, unit, otherwise, variable, restart
    )  # fmt: skip
    return field(default=default, metadata={"setting": words})


def row(one: "Field[Value]") -> Setting:
    """The row that a field of the table is."""
    words: _Words = one.metadata["setting"]
    kind = words.kind or (Kind.CHOICE if words.choices else _KINDS[one.type])
    return Setting(
        name=one.name,
        kind=kind,
        page=words.page,
        title=words.title,
        about=words.about,
        default=one.default if isinstance(one.default, str | int | Path) else None,
        choices=words.choices,
        least=words.least,
        most=words.most,
        unit=words.unit,
        otherwise=words.otherwise,
        variable=words.variable,
        restart=words.restart,
    )


_SPACE, _CODE, _COUNTRY = re.compile(r"\s"), re.compile(r"[a-z]{2,3}"), re.compile(r"[_.-]")
_KINDS: Mapping[object, Kind] = {
    bool: Kind.SWITCH,
    int: Kind.NUMBER,
    int | None: Kind.NUMBER,
    str: Kind.TEXT,
    str | None: Kind.TEXT,
    Path | None: Kind.FOLDER,
}
_SWITCHES = {
    "on": True, "yes": True, "true": True, "1": True,
    "off": False, "no": False, "false": False, "0": False,
}  # fmt: skip


def _switch(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise ValueError(tr("It is on or off."))
    return raw


def _text(raw: object) -> str:
    if not isinstance(raw, str | Path):
        raise ValueError(tr("It is a text."))
    return str(raw)


def _hotkey(text: str) -> str:
    try:
        return str(chords.parse(text) or chords.NONE)
    except UsageError as error:
        raise ValueError(error.detail) from None


def _rate(text: str) -> str:
    try:
        parse_rate(text)
    except UploadError:
        raise ValueError(tr("It is a rate such as 500k or 2M.")) from None
    return text


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:  # "http://[", or a port that is no number
        whole = None
    if not whole or _SPACE.search(text):
        raise ValueError(tr("It is an address such as https://heddle.example."))
    return text.rstrip("/")


def _spoken(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise ValueError(tr("It is the code of a language, such as en or de."))
    return text


def _language(one: Setting, text: str) -> str:
    return one.choice(_COUNTRY.split(text, maxsplit=1)[0].lower())


def _key(text: str) -> str:
    try:
        length = len(base64.b64decode(text, validate=True))
    except ValueError:
        length = 0
    if length != KEY_BYTES:
        raise ValueError(tr("It has 32 bytes, written in base64."))
    return text


_ACCEPT: Mapping[Kind, Callable[[Setting, object], Value]] = {
    Kind.TEXT: lambda _, raw: _text(raw),
    Kind.NAME: lambda _, raw: _text(raw),
    Kind.NUMBER: Setting.number,
    Kind.SWITCH: lambda _, raw: _switch(raw),
    Kind.CHOICE: Setting.choice,
    Kind.FOLDER: lambda _, raw: Path(_text(raw)).expanduser(),
    Kind.FILE: lambda _, raw: Path(_text(raw)).expanduser(),
    Kind.ADDRESS: lambda _, raw: _address(_text(raw)),
    Kind.RATE: lambda _, raw: _rate(_text(raw)),
    Kind.HOTKEY: lambda _, raw: _hotkey(_text(raw)),
    Kind.LANGUAGE: lambda one, raw: _language(one, _text(raw)),
    Kind.SPOKEN: lambda _, raw: _spoken(_text(raw)),
    Kind.KEY: lambda _, raw: _key(_text(raw)),
}
