"""Closed sockets: a test talks to loopback and to nothing else."""

import ipaddress
import socket
from typing import Any

LOCAL_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost", "", "0.0.0.0", "::"})


class SocketBlockedError(AssertionError):
    """A test tried to reach something that is not this machine."""


def is_local(host: object) -> bool:
    """Whether `host` names this machine without asking a name server."""
    if host is None:
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(name.split("%")[0]).is_loopback
    except ValueError:
        return False


def close_sockets() -> None:
    """Let this process connect to loopback and Unix sockets alone. Idempotent."""
    if getattr(socket.socket, "heddle_guarded", False):
        return
    _guard_socket()
    _guard_names()


def _guard_socket() -> None:
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _check(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _check(self.family, address)
        return connect_ex(self, address)

    setattr(socket.socket, "connect", guarded_connect)  # noqa: B010 -- typed stubs know these as final methods
    setattr(socket.socket, "connect_ex", guarded_connect_ex)  # noqa: B010 -- typed stubs know these as final methods
    setattr(socket.socket, "heddle_guarded", True)  # noqa: B010 -- the stubs know no such name


def _guard_names() -> None:
    getaddrinfo = socket.getaddrinfo

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_local(host):
            raise SocketBlockedError(f"tests resolve no name but localhost; asked for {host!r}")
        return getaddrinfo(host, *args, **kwargs)

    socket.getaddrinfo = guarded_getaddrinfo


def _check(family: int, address: Any) -> None:
    if family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
        raise SocketBlockedError(f"tests reach loopback only; tried {address!r}")
