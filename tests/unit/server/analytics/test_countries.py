"""A country is found in a file of this machine, and in no other way."""

from pathlib import Path

import pytest

from server.analytics.countries import Countries
from server.config import Settings
from server.errors import SetupError
from tests.support import mmdb
from tests.unit.server.analytics.conftest import OpenPage, Talk

NETWORKS = {
    "203.0.113.0/24": {"country": {"iso_code": "DE"}},
    "198.51.100.0/24": {"registered_country": {"iso_code": "fr"}},
    "192.0.2.0/24": {"continent": {"code": "EU"}},
    "2001:db8::/32": {"country_code": "NZ"},
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return mmdb.write(tmp_path / "countries.mmdb", NETWORKS)


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("203.0.113.7", "DE"),
        ("198.51.100.1", "FR"),
        ("192.0.2.1", None),
        ("10.0.0.1", None),
        ("2001:db8::1", "NZ"),
        ("::ffff:10.0.0.1", None),
        ("unknown", None),
        ("", None),
    ],
)
def test_an_address_has_a_country_or_none(file: Path, address: str, country: str | None) -> None:
    countries = Countries(file)
    assert countries.of(address) == country
    countries.close()


def test_without_a_file_all_are_unknown() -> None:
    countries = Countries(None)
    assert countries.of("203.0.113.7") is None
    countries.close()


@pytest.mark.parametrize("content", [None, b"", b"no database"])
def test_a_file_that_is_none_is_said_at_the_start(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "wrong.mmdb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SetupError, match=r"wrong\.mmdb"):
        Countries(path)


class TestWithAFile:
    @pytest.fixture
    def settings(self, settings: Settings, file: Path) -> Settings:
        return settings.model_copy(update={"geoip": file})

    async def test_views_have_their_countries(self, talk: Talk, open_page: OpenPage) -> None:
        for address in ("203.0.113.7", "203.0.113.8", "198.51.100.1", "10.0.0.1"):
            await (await open_page(talk.slug, address=address)).watch((0, 9))
        counted = [(one["name"], one["views"]) for one in (await talk.report())["countries"]]
        assert counted == [("DE", 2), ("FR", 1), ("unknown", 1)]
