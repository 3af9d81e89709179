"""From which address the request comes that is being answered, for the audit log."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_address: ContextVar[str | None] = ContextVar("address", default=None)


@contextmanager
def asked_from(address: str | None) -> Iterator[None]:
    kept = _address.set(address)
    try:
        yield
    finally:
        _address.reset(kept)


def address() -> str | None:
    """None outside a request: the command line, a task."""
    return _address.get()
