"""What a transcription is asked for. Needs no library, so that whoever asks another process can make one."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from media.errors import SpeechError

RATE = 16_000  # samples a second that Whisper hears
WINDOW_S = 30.0  # what it hears at once
AUTO = "auto"
DEVICES = (AUTO, "cpu", "cuda")
# A file can wait until a window is nearly full; somebody who speaks now cannot.
FILLED_S = 24.0
LIVE_S = 8.0
MAX_VOCABULARY = 100  # terms; all of them are read again with each window
_MAX_TERM = 60


@dataclass(frozen=True, slots=True)
class SpeechOptions:
    """`language` is a code such as `de`, None to find out; `translate` gives English whatever was spoken.

    `vocabulary` are names and terms that are likely to be said, spelled as they should come out. A window of
    speech is heard at the first pause of a second once it is `least_s` long, at the latest when it is full
    (30 s). `batch` windows are heard at once; 0 leaves it to the device.
    """

    language: str | None = None
    translate: bool = False
    vocabulary: tuple[str, ...] = ()
    device: str = AUTO
    compute_type: str = AUTO
    threads: int = 0  # 0: as many as the processor has cores, up to eight
    beam_size: int = 5
    least_s: float = FILLED_S
    batch: int = 0

    def __post_init__(self) -> None:
        if self.device not in DEVICES:
            raise SpeechError(
                f"There is no device {self.device!r}", hint=f"Choose one of {', '.join(DEVICES)}."
            )
        if len(self.vocabulary) > MAX_VOCABULARY or any(len(term) > _MAX_TERM for term in self.vocabulary):
            raise SpeechError(
                "The vocabulary is too long",
                f"It may have {MAX_VOCABULARY} terms of at most {_MAX_TERM} characters.",
                "Keep the names and terms that come out wrong without it.",
            )

    def as_dict(self) -> dict[str, Any]:
        """For another process, as JSON can carry it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "SpeechOptions":
        return cls(**{**data, "vocabulary": tuple(data.get("vocabulary") or ())})
