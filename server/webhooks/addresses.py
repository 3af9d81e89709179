"""Where deliveries may go: anywhere on the internet, and to what the administrator names.

A webhook's address is chosen by a user, so it must not lead to what only this machine can reach (SSRF). What
counts is the address that is connected to, never the name: names are pointed elsewhere between two questions.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import httpx

from server.errors import InvalidRequest, SetupError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

MAX_URL = 2048
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.(?!-)[a-z0-9_-]{1,63})*")
_NAT64 = IPv6Network("64:ff9b::/96")
# Other ways to write an IPv4 address in an IPv6 one; nobody's web server has such an address.
_DISGUISES = tuple(IPv6Network(one) for one in ("::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"))
_LOCAL_NAMES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What an administrator allows beyond the internet: host names, addresses and networks."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, listed: str) -> "Allowed":
        """`hooks.lan, 10.0.0.0/8, ::1`. Raises SetupError for what is neither a name nor a network."""
        hosts, networks = set(), []
        for entry in (one.strip().lower() for one in listed.split(",")):
            if not entry:
                continue
            try:
                networks.append(ip_network(entry, strict=False))
            except ValueError:
                if not _is_host(entry):
                    raise _unknown(entry) from None
                hosts.add(entry)
        return cls(frozenset(hosts), tuple(networks))

    def names(self, host: str) -> bool:
        """Whether the administrator named this very host."""
        try:
            address = ip_address(host)
        except ValueError:
            return host.lower().rstrip(".") in self.hosts
        return any(address in network for network in self.networks)

    def reaches(self, host: str, address: Address) -> bool:
        """Whether a delivery to `host` may connect to `address`, which it leads to."""
        if host.lower().rstrip(".") in self.hosts:
            return True
        return is_public(address) or any(address in network for network in self.networks)


def is_public(address: Address) -> bool:
    """Whether anybody on the internet can reach it, so that we give nothing away."""
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
        if address.ipv4_mapped is not None or address.is_site_local or address.scope_id is not None:
            return False
        if any(address in network for network in _DISGUISES):
            return False
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_loopback
        or address.is_link_local
        or address.is_private
        or address.is_unspecified
    )


def checked_url(url: str, allowed: Allowed) -> str:
    """The address as it will be asked. Raises InvalidRequest for what can never be delivered to.

    Names are looked up when a delivery is sent, not here: what they lead to now says nothing about later.
    """
    try:
        parsed = httpx.URL(url)
        host, port = parsed.raw_host.decode(), parsed.port
    except (httpx.InvalidURL, ValueError) as problem:
        raise InvalidRequest("The address of the webhook (url) cannot be read.") from problem
    if parsed.scheme not in ("http", "https") or not _is_host(host):
        raise InvalidRequest("The address of the webhook (url) must be https:// or http:// and a host.")
    if parsed.userinfo or parsed.fragment or not (port is None or 0 < port < 65536):
        raise InvalidRequest("The address of the webhook (url) must have no password, no #part, a real port.")
    if len(str(parsed)) > MAX_URL:
        raise InvalidRequest(f"The address of the webhook (url) is longer than {MAX_URL} characters.")
    if not allowed.names(host) and _is_inside(host):
        raise InvalidRequest(
            "The address of the webhook (url) is not one on the internet. "
            "An administrator can allow others with HEDDLE_WEBHOOK_ALLOW.",
            code="webhook_url_refused",
        )
    return str(parsed)


def _is_host(host: str) -> bool:
    """An address, or a name that does not end like one: `127.1` and `0x7f000001` are addresses to some."""
    try:
        ip_address(host)
    except ValueError:
        name = host.rstrip(".")
        last = name.rpartition(".")[2]
        return bool(_NAME.fullmatch(name)) and not (last.isdigit() or last.startswith("0x"))
    return True


def _is_inside(host: str) -> bool:
    name = host.lower().rstrip(".")
    try:
        return not is_public(ip_address(name))
    except ValueError:
        return name == "localhost" or name.endswith(_LOCAL_NAMES)


def _unknown(entry: str) -> SetupError:
    return SetupError(
        "HEDDLE_WEBHOOK_ALLOW cannot be read",
        f"{entry} is neither a host name nor an address nor a network such as 10.0.0.0/8.",
        "Separate the entries by commas: hooks.lan, 10.0.0.0/8, ::1.",
    )
