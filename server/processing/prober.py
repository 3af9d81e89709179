"""What a file is, asked before any step works on it: when an upload ends, its sender waits for the answer."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from media.facts import Probe
from media.sniff import SNIFF_BYTES, Container, refusal, sniff
from server.errors import ServerError, UnreadableMedia
from server.processing.protocol import Failure
from server.processing.requests import Builder, facts_of
from server.processing.sandbox import ChildFailed, run_child

PROBE_TIMEOUT_S = 10.0
_SIDE_BY_SIDE = 2


class Prober:
    """Looks at files in codec children, a few at a time, in folders of their own under `folder`."""

    def __init__(self, builder: Builder, folder: Path) -> None:
        self._builder = builder
        self._folder = folder
        self._turns = asyncio.Semaphore(_SIDE_BY_SIDE)

    async def probe(self, path: Path) -> Probe:
        """Within ten seconds. Raises UnreadableMedia with a sentence.

        What only reading all of the file would tell is left at 0.
        """
        kind = await asyncio.to_thread(kind_of, path)
        if not kind:
            raise UnreadableMedia(refusal(await asyncio.to_thread(_head, path)))
        request = self._builder.probe(path, kind, wall_s=PROBE_TIMEOUT_S)
        async with self._turns:
            folder = await asyncio.to_thread(_new_folder, self._folder)
            try:
                return facts_of(await run_child(request, folder))
            except ChildFailed as failure:
                raise _refusal(failure) from failure
            except (TypeError, ValueError) as nonsense:
                raise UnreadableMedia("The video cannot be read.") from nonsense
            finally:
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def duration_of(self, path: Path) -> float | None:
        """Seconds, or None where the file does not say; raises like `probe`."""
        return (await self.probe(path)).duration_s or None


def kind_of(path: Path) -> Container | None:
    """By its first bytes; None for another kind and for no file."""
    return sniff(_head(path), final=True)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(SNIFF_BYTES)
    except FileNotFoundError:
        return b""


def _refusal(failure: ChildFailed) -> ServerError:
    if failure.kind is Failure.MACHINE:
        return ServerError(failure.sentence, status=503, code="unavailable")
    return UnreadableMedia(failure.sentence)


def _new_folder(root: Path) -> Path:
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Path(tempfile.mkdtemp(prefix="probe-", dir=root))
