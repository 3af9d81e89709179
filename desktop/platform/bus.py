"""A few words with D-Bus: one question, one answer, and a time after which nobody is waited for."""

from typing import Any, Literal

from jeepney import DBusAddress, MessageType, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

ANSWER_S = 3.0
_GONE = (OSError, EOFError, KeyError, ValueError, RuntimeError)  # TimeoutError is an OSError


class BusError(Exception):
    """There is no such bus, nobody on it who answers, or the answer is no."""


class Bus:
    """An open connection; belongs to one thread at a time."""

    def __init__(self, connection: DBusConnection) -> None:
        self._connection = connection

    def call(self, to: DBusAddress, method: str, signature: str, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """What is answered; BusError when it is a refusal, or does not come in time."""
        try:
            message = new_method_call(to, method, signature, values)
            reply = self._connection.send_and_get_reply(message, timeout=ANSWER_S)
        except _GONE as error:
            raise BusError(f"{to.bus_name} does not answer: {error}") from error
        if reply.header.message_type == MessageType.error:
            raise BusError(f"{to.bus_name}: {reply.body[0] if reply.body else 'refused'}")
        body: tuple[Any, ...] = reply.body
        return body

    def close(self) -> None:
        self._connection.close()


def address(path: str, name: str, interface: str | None = None) -> DBusAddress:
    """Whom to ask; most interfaces are called as their owner is."""
    return DBusAddress(path, name, interface or name)


def connect(which: Literal["SESSION", "SYSTEM"]) -> Bus:
    """BusError where there is none."""
    try:
        return Bus(open_dbus_connection(which, enable_fds=True))
    except _GONE as error:
        raise BusError(f"There is no {which.lower()} bus: {error}") from error
