"""What the codec child is asked for each step, and how much it may use for it."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from media.facts import Probe
from media.sniff import Container
from server.processing import allowances, devices
from server.processing.allowances import Load
from server.processing.plan import bare
from server.processing.protocol import CHECK, Request
from server.processing.schemas import Job
from server.processing.steps import KINDS, StepName

_MAX_THREADS = 4
# In a job's settings, but of no interest to its child.
_OURS = frozenset({"step", "userId", "eventId", "kind", "facts", "result", "reads", "needs", "log"})


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds requests under the server's settings."""

    max_pixels: int
    workers: int = 1

    @property
    def threads(self) -> int:
        """Of one codec: all workers together use the machine."""
        return min(_MAX_THREADS, max(1, (os.cpu_count() or 1) // max(1, self.workers)))

    def for_job(
        self,
        job: Job,
        source: Path,
        folder: Path,
        more: dict[str, Any] | None = None,
        needs: Sequence[Path] = (),
    ) -> Request:
        """The child writes into `folder`, each file under the name that it will have in the end.

        `more` goes with the job's own settings; it may read what it `needs` beside the source. Blocking.
        """
        settings = {**job.settings, **(more or {})}
        reads = (*map(str, needs), *settings.get("reads", ()))
        entry = KINDS[job.step]
        facts = job.settings.get("facts")
        length_s = float((facts or {}).get("duration_s") or 0.0)
        threads = self.threads if entry.threads else 1
        return Request(
            work=entry.does,
            source=str(source),
            kind=job.kind,
            output=str(folder / job.main) if job.output else "",
            duration_s=length_s,
            facts=facts,
            settings={name: value for name, value in settings.items() if name not in _OURS},
            reads=reads,
            follows=entry.follows,
            threads=threads,
            max_pixels=self.max_pixels,
            limits=devices.limits_for(
                str(settings.get("encoder", "")),
                entry.allowance(Load(source.stat().st_size, length_s, threads, _size(reads))),
            ),
        )

    def check(self, folder: Path, names: Sequence[str]) -> Request:
        """A look at videos that were made."""
        return Request(
            work=CHECK,
            source=str(folder / names[0]),
            kind=Container.MP4.value,
            settings={"names": list(names)},
            reads=tuple(str(folder / name) for name in names),
            max_pixels=self.max_pixels,
            limits=allowances.glance(60.0 * len(names)),
        )

    def probe(self, path: Path, kind: Container, *, wall_s: float = 60.0, thorough: bool = False) -> Request:
        return Request(
            work=StepName.PROBE.value,
            source=str(path),
            kind=kind.value,
            thorough=thorough,
            max_pixels=self.max_pixels,
            limits=allowances.glance(wall_s),
        )


def _size(paths: tuple[str, ...]) -> int:
    """Bytes of files, and of those in folders."""
    files = [file for path in map(Path, paths) for file in (path.iterdir() if path.is_dir() else (path,))]
    return sum(file.stat().st_size for file in files)


def facts_of(result: dict[str, Any]) -> Probe:
    """A probe's result as it came out of the child. Raises TypeError or ValueError for anything else."""
    facts = Probe(**bare(result))
    for name in ("width", "height", "frames", "size_bytes", "bitrate", "channels", "sample_rate", "rotation"):
        if not isinstance(getattr(facts, name), int) or getattr(facts, name) < 0:
            raise ValueError(f"{name} is no count")
    for name in ("duration_s", "fps", "key_gap_s"):
        if not 0.0 <= float(getattr(facts, name)) < 1e9:
            raise ValueError(f"{name} is no length")
    return facts
