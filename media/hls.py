"""HLS playlists over byte ranges of one file (RFC 8216bis), as text.

While the file grows the playlist is an EVENT with the low-latency extensions: a fragment is a partial
segment, a client asks for the next one by number and the server answers when it is there, and updates leave
out what the client knows. When the file is finished the same addresses give a VOD playlist.

No EXT-X-PRELOAD-HINT: a hint names a byte range whose end is unknown, and a part of a growing file that was
answered too early would be taken for a whole one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from media.fragments import Fragment
from media.segments import Segment, Segments

MEDIA_TYPE = "application/vnd.apple.mpegurl"
# A fragment is cut at the first picture after half a second, so it lasts a frame longer than that.
PART_TARGET_S = 0.55
PART_HOLD_BACK_S = 3 * PART_TARGET_S
_SKIP_TARGETS = 6  # what is older than this many target durations may be left out of an update
_PART_TARGETS = 3  # parts are listed for as many target durations from the end
_DATE_EVERY = 30  # segments between two dates
_SHORTEST_S = 0.001  # players take a segment without length for the end


class MediaPlaylist:
    """The playlist of one file, kept as text that only grows: a request costs its last lines alone."""

    def __init__(self, uri: str, init_length: int, started_at: datetime | None = None) -> None:
        self.segments = Segments()
        self.ended = False
        self._uri = uri
        self._init_length = init_length
        self._started_at = started_at
        self._settled = ""  # of the segments that show no parts any more
        self._settled_count = 0
        self._settled_s = 0.0

    def add(self, fragments: Iterable[Fragment]) -> None:
        self.segments.extend(fragments)

    def finish(self) -> None:
        """The file is complete: from now on the playlist is VOD."""
        if not self.ended:
            self.segments.finish()
            self.ended = True

    @property
    def next_part(self) -> tuple[int, int]:
        """Media sequence number and index of the part that comes next."""
        return len(self.segments.closed), len(self.segments.open)

    def has(self, number: int, part: int | None) -> bool:
        """Whether the playlist shows this part, or with None this whole segment, or something later."""
        return self.ended or (
            self.next_part > (number, part) if part is not None else self.next_part[0] > number
        )

    def text(self, *, skip: bool = False) -> str:
        """The playlist; with `skip` as an update without the old segments, if there are enough of them."""
        self._settle()
        skipped = 0 if self.ended or not skip else self._skippable()
        lines = self._head()
        if skipped:
            lines.append(f"#EXT-X-SKIP:SKIPPED-SEGMENTS={skipped}")
            body = "".join(self._entries(skipped, dated=True))
        else:
            body = self._settled + "".join(self._entries(self._settled_count))
        return "\n".join(lines) + "\n" + body + ("#EXT-X-ENDLIST\n" if self.ended else self._open_parts())

    def _head(self) -> list[str]:
        segments = self.segments
        lines = ["#EXTM3U", "#EXT-X-VERSION:9", f"#EXT-X-TARGETDURATION:{segments.target_s}"]
        if not self.ended:
            skip_until = float(_SKIP_TARGETS * segments.target_s)
            lines += [
                f"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL={skip_until},"
                f"PART-HOLD-BACK={PART_HOLD_BACK_S:.3f},HOLD-BACK={3.0 * segments.target_s}",
                f"#EXT-X-PART-INF:PART-TARGET={PART_TARGET_S:.3f}",
            ]
        lines += ["#EXT-X-MEDIA-SEQUENCE:0", f"#EXT-X-PLAYLIST-TYPE:{'VOD' if self.ended else 'EVENT'}"]
        if segments.independent:
            lines.append("#EXT-X-INDEPENDENT-SEGMENTS")
        lines.append(f'#EXT-X-MAP:URI="{self._uri}",BYTERANGE="{self._init_length}@0"')
        return lines

    def _settle(self) -> None:
        """Move segments that are too old to show their parts into the text that stays."""
        keep_s = 0.0 if self.ended else float(_PART_TARGETS * self.segments.target_s)
        total_s = self.segments.duration_s
        entries = []
        for segment in self.segments.closed[self._settled_count :]:
            if not self.ended and total_s - self._settled_s - segment.duration_s < keep_s:
                break
            self._settled_count += 1
            entries.append(self._entry(segment, self._settled_s))
            self._settled_s += segment.duration_s
        if entries:
            self._settled += "".join(entries)

    def _skippable(self) -> int:
        """How many segments end before the skip boundary."""
        boundary_s = self.segments.duration_s - _SKIP_TARGETS * self.segments.target_s
        end_s, count = self._settled_s, self._settled_count
        while count and end_s > boundary_s:
            count -= 1
            end_s -= self.segments.closed[count].duration_s
        return count

    def _entries(self, first: int, *, dated: bool = False) -> list[str]:
        """The segments from number `first` on; `dated` says when the first one of them was."""
        closed = self.segments.closed
        start_s = self._settled_s - sum(segment.duration_s for segment in closed[first : self._settled_count])
        entries = []
        for segment in closed[first:]:
            entries.append(self._entry(segment, start_s, dated=dated and segment.number == first))
            start_s += segment.duration_s
        return entries

    def _entry(self, segment: Segment, start_s: float, *, dated: bool = False) -> str:
        entry = (
            f"#EXTINF:{segment.duration_s:.6f},\n"
            f"#EXT-X-BYTERANGE:{segment.length}@{segment.offset}\n{self._uri}\n"
        )
        if not self.ended and segment.number >= self._settled_count:
            entry = self._parts(segment.parts) + entry
        if self._started_at is not None and (dated or segment.number % _DATE_EVERY == 0):
            moment = self._started_at + timedelta(seconds=start_s)
            entry = f"#EXT-X-PROGRAM-DATE-TIME:{moment.isoformat(timespec='milliseconds')}\n{entry}"
        return entry

    def _open_parts(self) -> str:
        return self._parts(self.segments.open)

    def _parts(self, parts: Iterable[Fragment]) -> str:
        return "".join(
            f'#EXT-X-PART:DURATION={part.duration_s:.6f},URI="{self._uri}",'
            f'BYTERANGE="{part.length}@{part.offset}"{",INDEPENDENT=YES" if part.keyframe else ""}\n'
            for part in parts
        )


def key_frame_playlist(uri: str, init_length: int, fragments: Sequence[Fragment]) -> str:
    """The key frames of a finished file, each by the bytes that are enough to show it (EXT-X-I-FRAMES-ONLY).

    Players show them while someone seeks or plays fast. Empty where the file has none that are known.
    """
    keys = [fragment for fragment in fragments if fragment.key_length]
    if not keys:
        return ""
    ends = [*(key.start_s for key in keys[1:]), fragments[-1].start_s + fragments[-1].duration_s]
    shown_s = [max(end - key.start_s, _SHORTEST_S) for key, end in zip(keys, ends, strict=True)]
    lines = [
        *_finished_head(max(shown_s)),
        "#EXT-X-I-FRAMES-ONLY",
        f'#EXT-X-MAP:URI="{uri}",BYTERANGE="{init_length}@0"',
    ]
    for key, seconds in zip(keys, shown_s, strict=True):
        lines += [f"#EXTINF:{seconds:.6f},", f"#EXT-X-BYTERANGE:{key.key_length}@{key.offset}", uri]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def captions_playlist(uri: str, duration_s: float) -> str:
    """Captions of a finished file as one segment: text of hours weighs less than seconds of pictures."""
    head = _finished_head(duration_s)
    return "\n".join([*head, f"#EXTINF:{max(duration_s, _SHORTEST_S):.6f},", uri, "#EXT-X-ENDLIST", ""])


def _finished_head(longest_s: float) -> list[str]:
    return [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{max(1, int(longest_s + 0.5))}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
    ]
