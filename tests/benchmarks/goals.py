"""What the recorder is measured at, and how much of a peer's CPU it may take: numbers, no code."""

# Width, height, pictures a second.
SIZES = {"1080p30": (1920, 1080, 30), "1080p60": (1920, 1080, 60), "4K30": (3840, 2160, 30)}
# On noise the encoder does nearly all of the work on every side, so it only shows that nothing is lost there.
CONTENTS = ("typing", "scrolling", "motion")
MORE_CONTENTS = ("noise",)

# Our CPU over the peer's, by content; a size of its own wins over any size.
CPU = {
    ("typing", "ffmpeg"): 0.15,
    ("typing", "ssr"): 0.25,
    ("scrolling", "ffmpeg"): 0.65,
    ("scrolling", "ssr"): 0.95,
    ("motion", "ffmpeg"): 0.70,
    ("motion", "ssr"): 0.95,
}
CPU_AT = {("4K30", "typing", "ffmpeg"): 0.10}
# OBS draws with OpenGL. Without a GPU it draws in software and loses frames, so it is no fair peer there: its
# figure only informs, at the size where it keeps up best.
SIZES_OF = {"obs": ("1080p30",)}

BITRATE_AT_EQUAL_SSIM = 1.1  # over ffmpeg's, keys as often on both sides
LOST_PERCENT = {"1080p30": 0.5}  # dropped and late ticks

LADDER_CPU = 0.95  # over ffmpeg's for the same ladder
SPLIT = 1.8  # how much sooner two workers are than one
POSTER_S = 1.0
RENDITIONS_S, RENDITIONS_OF_MIN = 20.0, 10


def cpu_goal(size: str, content: str, peer: str) -> float | None:
    """The ceiling of the ratio; None where a figure only informs."""
    return CPU_AT.get((size, content, peer), CPU.get((content, peer)))
