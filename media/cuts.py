"""Where a film is cut into pieces that are encoded side by side. No codec is needed to decide that.

A piece begins at a key frame that begins a fragment, so its bytes can be decoded without those before it.
Cuts depend on what is before them alone: those of a growing file are those of the finished one.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from media.fragments import Fragment

PIECE_S = 20.0
# Pictures may be stored behind a key and shown before it, by a few pictures' time.
_SPILL_S = 1.0


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece: the bytes from `begin` to `end`, and up to `spill` what may still belong to it."""

    number: int
    begin: int
    end: int
    spill: int
    duration_s: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def file_name(number: int, rung: str) -> str:
    """Of a piece of the rendition with that name."""
    return f"{number:05}-{rung}.mp4"


def cuts_of(fragments: Sequence[Fragment], *, finished: bool, piece_s: float | None = None) -> list[Cut]:
    """The pieces that are whole, all of them where the file is `finished`; empty where it cannot be cut."""
    starts = _starts(fragments, piece_s or PIECE_S)
    cuts: list[Cut] = []
    for number, first in enumerate(starts):
        behind = starts[number + 1] if number + 1 < len(starts) else None
        cut = _cut(number, fragments, first, behind, finished=finished)
        if cut is None:
            break
        cuts.append(cut)
    return cuts


def _starts(fragments: Sequence[Fragment], piece_s: float) -> list[int]:
    """The fragments with which pieces begin."""
    if not fragments or not fragments[0].keyframe:
        return []
    starts = [0]
    for number, fragment in enumerate(fragments):
        if fragment.keyframe and fragment.start_s >= fragments[starts[-1]].start_s + piece_s:
            starts.append(number)
    return starts


def _cut(
    number: int, fragments: Sequence[Fragment], first: int, behind: int | None, *, finished: bool
) -> Cut | None:
    begin, end_of_file = fragments[first], fragments[-1].end
    if behind is None:
        duration = fragments[-1].start_s + fragments[-1].duration_s - begin.start_s
        return Cut(number, begin.offset, end_of_file, end_of_file, duration) if finished else None
    following = fragments[behind]
    until = following.start_s + _SPILL_S
    spill = next((one.end for one in fragments[behind:] if one.start_s + one.duration_s >= until), None)
    if spill is None and not finished:
        return None
    return Cut(
        number,
        begin.offset,
        following.offset,
        end_of_file if spill is None else spill,
        following.start_s - begin.start_s,
    )
