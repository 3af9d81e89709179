"""The socket that a server listens on, and the address at which it is reached."""

import socket

from server.errors import SetupError


def listen(host: str, port: int) -> socket.socket:
    """Raises SetupError where that cannot be: a taken port, an address that is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as problem:
        raise SetupError(
            "The server cannot listen",
            # Python adds the address once more, as it writes it itself.
            f"{host} port {port}: {(problem.strerror or str(problem)).partition(' (while')[0]}",
            "Choose another port with --port (0 takes a free one) or another address with --host.",
        ) from problem


def url_of(listener: socket.socket) -> str:
    """An address that works from this machine, also when it listens on all of them."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (only compared)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
