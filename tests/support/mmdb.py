"""A small database in MaxMind's format (MaxMind DB 2.0), written as its specification says."""

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_STRING, _UINT16, _UINT32, _MAP, _UINT64, _ARRAY = 2, 5, 6, 7, 9, 11
_MARKER = b"\xab\xcd\xefMaxMind.com"


def write(path: Path, networks: Mapping[str, Mapping[str, Any]]) -> Path:
    """`networks` by CIDR, of IPv4 and IPv6; none may lie in another."""
    nodes: list[list[int | bytes | None]] = [[None, None]]
    for network, data in networks.items():
        _insert(nodes, ipaddress.ip_network(network), _encode(data))
    count, section = len(nodes), bytearray()
    tree = bytearray()
    for node in nodes:
        for record in node:
            if isinstance(record, bytes):
                value = count + 16 + len(section)
                section += record
            else:
                value = count if record is None else record
            tree += value.to_bytes(3, "big")
    path.write_bytes(bytes(tree) + bytes(16) + bytes(section) + _MARKER + _metadata(count))
    return path


def _insert(
    nodes: list[list[int | bytes | None]], network: ipaddress.IPv4Network | ipaddress.IPv6Network, data: bytes
) -> None:
    """Addresses of IPv4 are those of IPv6 that begin with 96 zeros."""
    address, length = int(network.network_address), network.prefixlen + (96 if network.version == 4 else 0)
    at = 0
    for number in range(length):
        bit = address >> (127 - number) & 1
        if number == length - 1:
            nodes[at][bit] = data
            return
        following = nodes[at][bit]
        if not isinstance(following, int):
            following = len(nodes)
            nodes[at][bit] = following
            nodes.append([None, None])
        at = following


def _metadata(count: int) -> bytes:
    return _encode(
        {
            "node_count": (_UINT32, count),
            "record_size": (_UINT16, 24),
            "ip_version": (_UINT16, 6),
            "database_type": "Test-Country",
            "languages": ["en"],
            "binary_format_major_version": (_UINT16, 2),
            "binary_format_minor_version": (_UINT16, 0),
            "build_epoch": (_UINT64, 1_700_000_000),
            "description": {"en": "made by a test"},
        }
    )


def _encode(value: Any) -> bytes:
    """Strings, lists and maps; numbers as a pair of type and value."""
    if isinstance(value, str):
        raw = value.encode()
        return _control(_STRING, len(raw)) + raw
    if isinstance(value, tuple):
        raw = value[1].to_bytes(8, "big").lstrip(b"\0")
        return _control(value[0], len(raw)) + raw
    if isinstance(value, list):
        return _control(_ARRAY, len(value)) + b"".join(map(_encode, value))
    return _control(_MAP, len(value)) + b"".join(_encode(key) + _encode(one) for key, one in value.items())


def _control(kind: int, size: int) -> bytes:
    assert size < 29, "longer values are not needed here"
    return bytes([kind << 5 | size]) if kind <= 7 else bytes([size, kind - 7])
