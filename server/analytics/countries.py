"""From an address to a country, by a file on this machine (MaxMind's format), if there is one."""

from pathlib import Path

import maxminddb

from server.errors import SetupError


class Countries:
    """Without a file every country is unknown. Nothing is asked of any other machine."""

    def __init__(self, path: Path | None) -> None:
        """Blocking. Raises SetupError for a file that is none of that format."""
        self._reader: maxminddb.Reader | None = None
        if path is None:
            return
        try:
            self._reader = maxminddb.open_database(str(path.expanduser()))
        except (OSError, maxminddb.InvalidDatabaseError) as problem:
            raise SetupError(
                "The file of countries cannot be used",
                f"HEDDLE_GEOIP is {path}: {problem}",
                "Name a country or city database in MaxMind's format (.mmdb), or leave the setting out.",
            ) from problem

    def of(self, address: str) -> str | None:
        """The country's code by ISO 3166, such as DE."""
        if self._reader is None:
            return None
        try:
            found = self._reader.get(address)
        except (ValueError, maxminddb.InvalidDatabaseError):  # no address, or none the file can have
            return None
        return _code(found)

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()


def _code(found: object) -> str | None:
    """MaxMind and DB-IP say `country.iso_code`, others `country_code` or `country`."""
    if not isinstance(found, dict):
        return None
    country = found.get("country") or found.get("country_code") or found.get("registered_country")
    short = country.get("iso_code") if isinstance(country, dict) else country
    return short.upper() if isinstance(short, str) and len(short) == 2 and short.isalpha() else None
