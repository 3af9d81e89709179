"""A webhook reaches the internet and what the administrator named, however an address is written."""

from ipaddress import ip_address

import pytest

from server.errors import InvalidRequest, SetupError
from server.webhooks.addresses import Allowed, checked_url, is_public

NOBODY = Allowed()

INSIDE = [
    "127.0.0.1",
    "127.255.255.254",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "0.1.2.3",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "::8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "2001:0:808:808::1",
    "2001:db8::1",
    "100::1",
]
OUTSIDE = ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_not_on_the_internet_is_refused(address: str) -> None:
    assert not is_public(ip_address(address))
    assert not NOBODY.reaches("hooks.example.org", ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_is_on_the_internet_is_reached(address: str) -> None:
    assert is_public(ip_address(address))


def test_an_administrator_allows_names_addresses_and_networks() -> None:
    allowed = Allowed.parse(" hooks.lan, 10.1.0.0/16,127.0.0.1, ::1 ,")
    assert allowed.reaches("hooks.lan", ip_address("192.168.0.9"))
    assert allowed.reaches("HOOKS.LAN.", ip_address("192.168.0.9"))
    assert allowed.reaches("elsewhere.org", ip_address("10.1.2.3"))
    assert allowed.reaches("elsewhere.org", ip_address("::1"))
    assert not allowed.reaches("elsewhere.org", ip_address("10.2.0.1"))
    assert not allowed.reaches("elsewhere.org", ip_address("::ffff:127.0.0.1"))
    assert not allowed.reaches("nothooks.lan", ip_address("192.168.0.9"))
    assert allowed.names("127.0.0.1")
    assert not allowed.names("127.0.0.2")


@pytest.mark.parametrize("listed", ["a b", "10.0.0.0/99", "http://x", "1.2.3", "*.lan", "0x7f.1"])
def test_an_allow_list_that_makes_no_sense_stops_the_start(listed: str) -> None:
    with pytest.raises(SetupError, match="HEDDLE_WEBHOOK_ALLOW"):
        Allowed.parse(listed)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.org/",
        "//a.org",
        "https:///",
        "https://:80/",
        "http://user:pw@a.org/",
        "https://a.org/#x",
        "http://a.org:0/",
        "http://a.org:99999/",
        "http://a%00.org/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://[::1/",
        "http://a..org/",
        "javascript:alert(1)",
        "gopher://a.org/",
        "http://-a.org/",
        "nonsense",
    ],
)
def test_an_address_that_can_never_be_delivered_to_is_refused(url: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        checked_url(url, NOBODY)
    assert refused.value.code == "invalid_request"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/",
        "http://localhost/",
        "http://LOCALHOST./",
        "http://a.localhost/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:7f00:1]/",
        "http://printer.local/",
        "http://db.internal/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
    ],
)
def test_an_address_inside_is_refused_unless_it_is_allowed(url: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        checked_url(url, NOBODY)
    assert refused.value.code == "webhook_url_refused"


def test_an_address_stays_as_it_is() -> None:
    for url in ("https://hooks.example.org/a?b=c", "http://8.8.8.8:8080/x", "https://xn--tda.example/"):
        assert checked_url(url, NOBODY) == url
    allowed = Allowed.parse("localhost, 10.0.0.0/8")
    assert checked_url("http://localhost:9/x", allowed) == "http://localhost:9/x"
    assert checked_url("http://10.9.9.9/x", allowed) == "http://10.9.9.9/x"
