"""What the codec child is asked for each step, and how much it may use for it."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from media.facts import Probe
from media.sniff import Container
from server.processing.plan import StepName
from server.processing.protocol import Limits, Request, Work
from server.processing.schemas import Job

_MIB = 1 << 20
_WORK = {
    StepName.PROBE: Work.PROBE,
    StepName.POSTER: Work.POSTER,
    StepName.FIRST_POSTER: Work.POSTER,
    StepName.NORMALISE: Work.NORMALISE,
    StepName.RENDITION: Work.RENDITION,
}
# A picture of the largest size takes 100 MiB decoded, and a decoder may hold seventeen of them.
_MEMORY = {Work.PROBE: 2048 * _MIB, Work.POSTER: 2048 * _MIB}
_MEMORY_ENCODING = 4096 * _MIB
# Encoding a second of video takes this long at worst: 8K on a slow machine that has other things to do.
_SECONDS_PER_SECOND = 60
_MAX_THREADS = 4


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds requests under the server's settings."""

    max_pixels: int
    threads: int = min(_MAX_THREADS, os.cpu_count() or 1)

    def for_job(self, job: Job, source: Path, output: Path) -> Request:
        work = _WORK[job.step]
        size = source.stat().st_size
        facts = job.settings.get("facts")
        length_s = float(job.settings.get("duration_s") or (facts or {}).get("duration_s") or 0.0)
        return Request(
            work=work,
            source=str(source),
            kind=job.kind,
            output=str(output) if job.output else "",
            duration_s=length_s,
            facts=facts,
            rung=job.settings.get("rung"),
            threads=self.threads if work in (Work.NORMALISE, Work.RENDITION) else 1,
            max_pixels=self.max_pixels,
            limits=self._limits(work, size, length_s),
        )

    def to_check(self, job: Job, output: Path) -> Request | None:
        """A look at what came out, where it is a video."""
        if _WORK[job.step] not in (Work.NORMALISE, Work.RENDITION):
            return None
        return self.probe(output, Container.MP4)

    def probe(self, path: Path, kind: Container, *, wall_s: float = 60.0, thorough: bool = False) -> Request:
        return Request(
            work=Work.PROBE,
            source=str(path),
            kind=kind.value,
            thorough=thorough,
            max_pixels=self.max_pixels,
            limits=Limits(memory=_MEMORY[Work.PROBE], cpu_s=int(wall_s) + 1, wall_s=wall_s, stall_s=wall_s),
        )

    def _limits(self, work: Work, size: int, length_s: float) -> Limits:
        if work is Work.PROBE:
            # Reading all of a file without a length: 20 MiB a second even from a slow disk.
            wall_s = 60.0 + size / (20 * _MIB)
            return Limits(memory=_MEMORY[work], cpu_s=int(wall_s), wall_s=wall_s, stall_s=60.0)
        if work is Work.POSTER:
            return Limits(memory=_MEMORY[work], cpu_s=60, file=32 * _MIB, wall_s=120.0, stall_s=60.0)
        wall_s = 300.0 + _SECONDS_PER_SECOND * length_s
        return Limits(
            memory=_MEMORY_ENCODING,
            cpu_s=int(wall_s) * self.threads,
            # An intra-only or lossless source shrinks, a screen at a few frames a second may grow.
            file=256 * _MIB + 4 * size,
            wall_s=wall_s,
            stall_s=120.0,
        )


def facts_of(result: dict[str, Any]) -> Probe:
    """A probe's result as it came out of the child. Raises TypeError or ValueError for anything else."""
    facts = Probe(**result)
    for name in ("width", "height", "frames", "size_bytes", "bitrate", "channels", "sample_rate", "rotation"):
        if not isinstance(getattr(facts, name), int) or getattr(facts, name) < 0:
            raise ValueError(f"{name} is no count")
    for name in ("duration_s", "fps", "key_gap_s"):
        if not 0.0 <= float(getattr(facts, name)) < 1e9:
            raise ValueError(f"{name} is no length")
    return facts
