"""The settings file: one small TOML file, written in one step.

Found, in this order: HEDDLE_CONFIG (a file), HEDDLE_HOME/config.toml, the platform's configuration folder.
The environment wins over the file. What this version does not know stays in the file: a newer one wrote it,
or the person did.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop.errors import ConfigError, UsageError
from desktop.i18n import tr
from desktop.settings.setting import Setting, Value
from desktop.settings.table import TABLE, Settings
from uploader.addresses import full_address
from uploader.lock import FileLock
from uploader.paths import config_path

_LOCK_S = 2.0


def load(path: Path | None = None) -> Settings:
    """The settings, with the environment over them; ConfigError when file or environment is broken."""
    said = {row.name: _from_environment(row) for row in TABLE.values() if overridden(row.name)}
    return replace(saved(path), **said)


def saved(path: Path | None = None) -> Settings:
    """The settings as the file has them; a value of the wrong kind counts as its default."""
    told = _read(path or config_path())
    return Settings(**{name: _value(row, told.get(name)) for name, row in TABLE.items()})


def overridden(name: str) -> str | None:
    """The environment's variable that wins over the file; None where the file counts."""
    variable = TABLE[name].variable
    return variable if variable and os.environ.get(variable, "").strip() else None


def change(values: Mapping[str, Value], path: Path | None = None) -> None:
    """Writes these settings and leaves all others as they are; the default's value takes the key out.

    UsageError for a name or value that is none, ConfigError where the file cannot be read or written.
    """
    checked = {name: accepted(name, value) for name, value in values.items()}
    path = path or config_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path):
            _write(path, _changed(path, checked))
    except OSError as error:
        raise ConfigError(
            tr("The settings cannot be written"), f"{path}: {error.strerror or error}"
        ) from error


def accepted(name: str, value: object) -> Value:
    """The value as the settings hold it; UsageError when there is no such setting, or no such value."""
    try:
        return known(name).accept(value)
    except ValueError as error:
        raise UsageError(tr("{name} cannot be {value}", name=name, value=repr(value)), str(error)) from None


def address(server: str) -> str:
    """A server named for this once, as the setting would hold it; UsageError when it is none."""
    return str(accepted("server", full_address(server)))


def known(name: str) -> Setting:
    """The row; UsageError when there is none."""
    if name not in TABLE:
        raise UsageError(
            tr("There is no setting {name}", name=name), hint=tr("`heddle settings` lists them all.")
        )
    return TABLE[name]


def _value(row: Setting, raw: object) -> Any:
    try:
        return row.accept(raw)
    except ValueError:
        return row.default


def _from_environment(row: Setting) -> Any:
    variable = row.variable or ""
    try:
        return row.parse(os.environ[variable])
    except ValueError as error:
        raise ConfigError(
            tr("{variable} cannot be {value}", variable=variable, value=repr(os.environ[variable])),
            str(error),
        ) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise _broken(path, error) from error


def _changed(path: Path, values: Mapping[str, Value]) -> str:
    """The file's text with these values, comments and unknown keys as they were."""
    import tomlkit  # noqa: PLC0415 - 20 ms that only writing is worth; every recording reads
    from tomlkit.exceptions import ParseError  # noqa: PLC0415 - a part of tomlkit, which is slow

    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        document = tomlkit.parse(text)
    except (ParseError, ValueError) as error:
        raise _broken(path, error) from error
    for name, value in values.items():
        if value == TABLE[name].default:
            document.pop(name, None)
        else:
            document[name] = str(value) if isinstance(value, Path) else value
    return tomlkit.dumps(document)


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def _alone(path: Path) -> FileLock:
    """Held while the file is read and written: two programs may change it in the same moment."""
    lock = FileLock(path.with_name(f".{path.name}.lock"))
    if not lock.acquire(_LOCK_S):
        raise ConfigError(tr("The settings are being written by another program"), str(path))
    return lock


def _broken(path: Path, error: Exception) -> ConfigError:
    return ConfigError(
        tr("The settings cannot be read"),
        f"{path}: {error}",
        tr("Correct the file or delete it; Heddle then starts with its defaults."),
    )
