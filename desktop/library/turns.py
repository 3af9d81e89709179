"""Turns at work of which little goes on at once: whoever asked last has the next."""

import asyncio
from types import TracebackType


class Turns:
    """As a semaphore, the other way round: what is looked at now goes before what was scrolled past."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: list[asyncio.Future[None]] = []

    async def __aenter__(self) -> None:
        if self._free:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it had just been given
                self._pass_on()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        while self._waiting:
            turn = self._waiting.pop()
            if not turn.cancelled():  # by whom it was for
                turn.set_result(None)
                return
        self._free += 1
