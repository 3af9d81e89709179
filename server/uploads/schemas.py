"""An upload as other parts of the server see it."""

from dataclasses import dataclass
from datetime import datetime

from media.sniff import Container


@dataclass(frozen=True, slots=True)
class Upload:
    """`offset` bytes of `length` (None: not known yet) are on disk."""

    id: str
    recording_id: str
    user_id: str
    offset: int
    length: int | None
    metadata: dict[str, str]
    container: Container | None
    expires_at: datetime | None
    finished_at: datetime | None

    @property
    def complete(self) -> bool:
        """Every byte is here; the recording may still have to be told."""
        return self.length is not None and self.offset == self.length

    @property
    def finished(self) -> bool:
        return self.finished_at is not None
