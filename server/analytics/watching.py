"""A session of watching: what the events of one player, from one opening of a page, come to.

Every part is a sum or a union, so the same events give the same session in whatever order they came.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from server.analytics.figures import Figures
from server.analytics.intervals import BUCKETS, Interval, covered, length, merge, spread

# Of a video shorter than the threshold this part must have been watched: players stop a little early.
WHOLE = 0.9
# From this part on a video counts as watched to the end.
COMPLETE = 0.95
# Nobody jumps about more than this; a session that claims to takes no more events.
MAX_PIECES = 500


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one event tells since the one before: what was played, and how well that went."""

    played: tuple[Interval, ...] = ()
    quality: str | None = None
    quality_switches: int = 0
    rebuffers: int = 0
    rebuffer_ms: int = 0


@dataclass(frozen=True, slots=True)
class Watching:
    """`seen` without repeats; `plays` are milliseconds a bucket with them, empty without a known length."""

    duration_ms: int | None = None
    seen: tuple[Interval, ...] = ()
    plays: tuple[int, ...] = ()
    watch_ms: int = 0
    qualities: Mapping[str, int] = field(default_factory=dict)
    quality_switches: int = 0
    rebuffers: int = 0
    rebuffer_ms: int = 0

    @property
    def full(self) -> bool:
        return len(self.seen) >= MAX_PIECES

    def add(self, stretch: Stretch) -> "Watching":
        played = length(stretch.played)
        qualities = Counter(self.qualities)
        if stretch.quality is not None and played:
            qualities[stretch.quality] += played
        plays = self.plays
        if self.duration_ms:
            more = spread(stretch.played, self.duration_ms)
            plays = tuple(one + two for one, two in zip(plays or (0,) * BUCKETS, more, strict=True))
        return replace(
            self,
            seen=merge((*self.seen, *stretch.played)),
            plays=plays,
            watch_ms=self.watch_ms + played,
            qualities=dict(qualities),
            quality_switches=self.quality_switches + stretch.quality_switches,
            rebuffers=self.rebuffers + stretch.rebuffers,
            rebuffer_ms=self.rebuffer_ms + stretch.rebuffer_ms,
        )

    def is_view(self, threshold_ms: int) -> bool:
        """Enough was watched, or all of a shorter video."""
        wanted = threshold_ms if self.duration_ms is None else min(threshold_ms, WHOLE * self.duration_ms)
        return 0 < length(self.seen) >= wanted


def fold(duration_ms: int | None, stretches: Iterable[Stretch]) -> Watching:
    watching = Watching(duration_ms=duration_ms)
    for stretch in stretches:
        watching = watching.add(stretch)
    return watching


def figures_of(watching: Watching, names: Mapping[str, str], *, viewed: bool) -> Figures:
    """What a session adds to its day. `names` are those of the splits: where from, with what, from which
    country. The number of viewers is not in it: a person may have several sessions."""
    figures = Figures()
    figures.numbers["starts"] = 1
    if not viewed:
        return figures
    figures.numbers.update(
        views=1,
        watch_ms=watching.watch_ms,
        quality_switches=watching.quality_switches,
        rebuffers=watching.rebuffers,
        rebuffer_ms=watching.rebuffer_ms,
    )
    figures.splits = {split: Counter({name: 1}) for split, name in names.items()}
    figures.splits["qualities"] = Counter(watching.qualities)
    if watching.duration_ms:
        _add_curves(figures, watching, watching.duration_ms)
    return figures


def _add_curves(figures: Figures, watching: Watching, duration_ms: int) -> None:
    seen = spread(watching.seen, duration_ms)
    seen_ms = sum(seen)
    plays = watching.plays or (0,) * BUCKETS
    stops = [0] * BUCKETS
    furthest = min(watching.seen[-1][1], duration_ms)
    stops[max(0, furthest * BUCKETS - 1) // duration_ms] = 1
    figures.numbers["seen_ms"] = seen_ms
    figures.numbers["completions"] = int(seen_ms >= COMPLETE * duration_ms)
    figures.curves = {
        "retention": covered(seen, duration_ms),
        "rewatched_ms": [played - once for played, once in zip(plays, seen, strict=True)],
        "stops": stops,
    }
