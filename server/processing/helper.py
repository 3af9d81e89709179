"""What a higher module adds to a step that it has asked for."""

from typing import Any, Protocol

from server.processing.schemas import Job


class Helper(Protocol):
    async def prepare(self, job: Job) -> dict[str, Any]:
        """More settings for the child, as they are now; `reads` lists paths that it may read.

        Raises ChildFailed when the step cannot be done any more.
        """
        ...

    async def told(self, job: Job, message: dict[str, Any]) -> None:
        """What the child says on its way. Raises ChildFailed for nonsense: others may have taken it over."""
        ...
