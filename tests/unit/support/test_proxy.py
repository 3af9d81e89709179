"""The proxy breaks what it is told to break and counts the rest."""

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.support.processes import wait_until
from tests.support.proxy import Proxy


@pytest.fixture
def sink() -> Iterator[tuple[int, list[bytes]]]:
    """A server that keeps what each connection sent."""
    received: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                data = b""
                while chunk := connection.recv(65536):
                    data += chunk
                received.append(data)

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()[1], received
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def test_a_connection_is_cut_at_the_byte(sink: tuple[int, list[bytes]]) -> None:
    port, received = sink
    with Proxy(port) as proxy:
        proxy.cut_after(1000)
        with socket.create_connection(("127.0.0.1", proxy.port)) as client:
            client.settimeout(5)
            client.sendall(b"x" * 5000)
            with pytest.raises(ConnectionResetError):
                client.recv(1)
        wait_until(lambda: received, timeout_s=5, what="the cut bytes arrived")
        assert (len(received[0]), proxy.bytes_up, proxy.cuts) == (1000, 1000, 1)


def test_bytes_pass_and_are_counted_and_a_refusal_ends(sink: tuple[int, list[bytes]]) -> None:
    port, received = sink
    with Proxy(port) as proxy:
        proxy.refuse(True)
        with (
            socket.create_connection(("127.0.0.1", proxy.port)) as client,
            pytest.raises(ConnectionResetError),
        ):
            client.recv(1)
        proxy.refuse(False)
        with socket.create_connection(("127.0.0.1", proxy.port)) as client:
            client.sendall(b"y" * 70_000)
        wait_until(lambda: received, timeout_s=5, what="the bytes arrived")
        assert (len(received[0]), proxy.bytes_up, proxy.connections) == (70_000, 70_000, 1)
